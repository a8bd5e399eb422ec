//! The network that the options describe, checked.

use super::super::{
    Text,
    model::{Kind, Model, Start},
    read::{self, Choice},
};
use super::Options;
use crate::{
    error::{Error, Result},
    kernel::{Kernel, grammar::ACTIVATIONS},
    math::units::Dimension,
    train::{
        finite::Precision,
        units::{Directions, Init},
    },
};

/// The most of each number.
const MOST_WIDTH: usize = 1 << 22;
const MOST_DEPTH: usize = 100;
/// The largest scale of weights in f64 and in f32: beyond, steps are lost in the rounding of the weights.
const LARGEST_KAPPA: f64 = 1e6;
const LARGEST_KAPPA_F32: f64 = 1e3;
/// The default scale of weights, at which the two-layer net of the default width trains as its linearisation to a few per mille.
const LAZY: f64 = 100.0;

/// How the options name a network.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Called {
    /// As one of the known kinds, of this depth; with the factor of a branch where there are some.
    Known { kind: Kind, depth: usize, alpha: Option<String> },
    /// In the language.
    Written,
}

/// The network that the options describe, and how they name it.
pub(super) fn model(options: &Options, dim: Dimension) -> Result<(Model, Called)> {
    let (kernel, called) = kernel(options)?;
    let two_layer = kernel.two_layer_bias().is_some();
    has_effect(options, two_layer)?;
    let precision: Precision = read::choice("precision", &options.precision)?;
    let width = read::optional(&options.width, |text| read::whole("width", text, 1, MOST_WIDTH))?;
    let width = width.unwrap_or(if two_layer { 4096 } else { 512 });
    let start = if two_layer {
        units(options, dim, precision, width)?
    } else {
        Start::Drawn { keep: options.keep_start }
    };
    Ok((Model { kernel, width, precision, start }, called))
}

fn units(options: &Options, dim: Dimension, precision: Precision, width: usize) -> Result<Start> {
    let init: Init =
        read::optional(&options.init, |text| read::choice("init", text))?.unwrap_or(Init::Paired);
    let even = if dim.get() <= 2 { Directions::Even } else { Directions::Random };
    let directions = read::optional(&options.directions, |text| read::choice("directions", text))?;
    let directions: Directions = directions.unwrap_or(even);
    if directions == Directions::Even && dim.get() > 2 {
        let expected = format!("random on S^{dim}: even directions are known on S^1 and S^2 only");
        return Err(Error::invalid("directions", directions.name(), expected));
    }
    if init == Init::Paired && width % 2 == 1 {
        let expected = "an even number, since `init` paired makes pairs";
        return Err(Error::invalid("width", width, expected));
    }
    let kappa = read::optional(&options.kappa, |text| read::real("kappa", text, 0.0, true))?.unwrap_or(LAZY);
    let most = if precision == Precision::Single { LARGEST_KAPPA_F32 } else { LARGEST_KAPPA };
    if kappa > most {
        let expected = format!("at most {most}, since steps would be lost in the rounding of larger weights");
        return Err(Error::invalid("kappa", kappa, expected));
    }
    Ok(Start::Units { init, directions, kappa })
}

/// The tangent kernel of the network, which holds its description, and how the options name it.
fn kernel(options: &Options) -> Result<(Kernel, Called)> {
    let named = !options.model.as_str().is_empty();
    match &options.network {
        Some(text) if named => Err(Error::invalid("network", text, "no `model` beside it")),
        Some(text) => {
            let bias = options.bias.then(|| Text::from("true"));
            let own = [
                ("bias", &bias),
                ("depth", &options.depth),
                ("alpha", &options.alpha),
                ("activation", &options.activation),
                ("slope", &options.slope),
            ];
            if let Some((field, value)) =
                own.into_iter().find_map(|(field, given)| Some((field, given.as_ref()?)))
            {
                return Err(Error::invalid(field, value, "no `network` beside it, which says that itself"));
            }
            Ok((read::network(text)?, Called::Written))
        }
        None if named => known(options, read::choice("model", &options.model)?),
        None => Err(Error::invalid("model", "nothing", "two-layer, mlp or resnet, or a `network`")),
    }
}

/// A network of a known kind, by the kernel's own name for it.
fn known(options: &Options, kind: Kind) -> Result<(Kernel, Called)> {
    if kind != Kind::Resnet
        && let Some(alpha) = &options.alpha
    {
        return Err(Error::invalid("alpha", alpha, "`model` resnet beside it"));
    }
    if kind == Kind::TwoLayer {
        let deep =
            [("depth", &options.depth), ("activation", &options.activation), ("slope", &options.slope)];
        if let Some((field, value)) =
            deep.into_iter().find_map(|(field, given)| Some((field, given.as_ref()?)))
        {
            return Err(Error::invalid(field, value, "`model` mlp or resnet beside it"));
        }
        let kernel = format!("two-layer:bias={}", options.bias).parse()?;
        return Ok((kernel, Called::Known { kind, depth: 1, alpha: None }));
    }
    let depth = read::optional(&options.depth, |text| read::whole("depth", text, 1, MOST_DEPTH))?;
    let Some(depth) = depth else {
        return Err(Error::invalid("model", kind.name(), "`depth` L beside it"));
    };
    let alpha = options.alpha.clone().unwrap_or_else(|| 1.into());
    read::real("alpha", &alpha, 0.0, true)?;
    let mut spec = if kind == Kind::Mlp {
        format!("ntk:depth={depth}")
    } else {
        format!("resnet:depth={depth},alpha={alpha}")
    };
    spec.push_str(&activation(options)?);
    if options.bias {
        spec.push_str(",b=1");
    }
    let alpha = (kind == Kind::Resnet).then(|| alpha.as_str().to_owned());
    Ok((spec.parse().map_err(|error: Error| error.under("model"))?, Called::Known { kind, depth, alpha }))
}

/// The activation and its slope as keys of a kernel; relu is what that has without.
fn activation(options: &Options) -> Result<String> {
    let known = |name: &Text| {
        let found = ACTIVATIONS.into_iter().find(|known| known.eq_ignore_ascii_case(name.as_str()));
        found.ok_or_else(|| Error::invalid("activation", name, ACTIVATIONS.join(", ")))
    };
    let name = read::optional(&options.activation, known)?.unwrap_or("relu");
    if name != "leaky-relu" {
        if let Some(slope) = &options.slope {
            return Err(Error::invalid("slope", slope, "`activation` leaky-relu beside it"));
        }
        return Ok(if name == "relu" { String::new() } else { format!(",activation={name}") });
    }
    let given = options.slope.as_ref().map_or("none", Text::as_str);
    if given.parse::<f64>().is_ok_and(f64::is_finite) {
        return Ok(format!(",activation={name},slope={given}"));
    }
    Err(Error::invalid("slope", given, "the slope of leaky-relu, a finite number"))
}

/// Refuses options that would have no effect on this kind of network.
fn has_effect(options: &Options, two_layer: bool) -> Result<()> {
    let keep_start = options.keep_start.then(|| Text::from("true"));
    let foreign = [
        ("keep-start", &keep_start, "`model` mlp or resnet, or another `network`", two_layer),
        ("init", &options.init, "`model` two-layer", !two_layer),
        ("directions", &options.directions, "`model` two-layer", !two_layer),
        ("kappa", &options.kappa, "`model` two-layer", !two_layer),
    ];
    for (field, given, right, wrong) in foreign {
        if let Some(value) = given.as_ref().filter(|_| wrong) {
            return Err(Error::invalid(field, value, format!("{right} beside it")));
        }
    }
    Ok(())
}
