//! The network that the options describe, checked.

use super::super::{
    Text,
    choices::ActivationChoice,
    model::{Kind, Model},
    read::{self, Choice},
};
use super::Options;
use crate::{
    error::{Error, Result},
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

/// The network that the options describe.
pub(super) fn model(options: &Options, dim: Dimension) -> Result<Model> {
    let kind: Kind = read::choice("model", &options.model)?;
    let precision: Precision = read::choice("precision", &options.precision)?;
    has_effect(options, kind)?;
    let init: Init =
        read::optional(&options.init, |text| read::choice("init", text))?.unwrap_or(Init::Paired);
    let even = if dim.get() <= 2 { Directions::Even } else { Directions::Random };
    let directions = read::optional(&options.directions, |text| read::choice("directions", text))?;
    let directions: Directions = directions.unwrap_or(even);
    if directions == Directions::Even && dim.get() > 2 {
        let expected = format!("random on S^{dim}: even directions are known on S^1 and S^2 only");
        return Err(Error::invalid("directions", directions.name(), expected));
    }
    let width = read::optional(&options.width, |text| read::whole("width", text, 1, MOST_WIDTH))?;
    let width = width.unwrap_or(if kind == Kind::TwoLayer { 4096 } else { 512 });
    if kind == Kind::TwoLayer && init == Init::Paired && width % 2 == 1 {
        let expected = "an even number, since `init` paired makes pairs";
        return Err(Error::invalid("width", width, expected));
    }
    let alpha = options.alpha.clone().unwrap_or_else(|| 1.into());
    read::real("alpha", &alpha, 0.0, true)?;
    let kappa = read::optional(&options.kappa, |text| read::real("kappa", text, 0.0, true))?.unwrap_or(LAZY);
    let most = if precision == Precision::Single { LARGEST_KAPPA_F32 } else { LARGEST_KAPPA };
    if kappa > most {
        let expected = format!("at most {most}, since steps would be lost in the rounding of larger weights");
        return Err(Error::invalid("kappa", kappa, expected));
    }
    let depth = read::optional(&options.depth, |text| read::whole("depth", text, 1, MOST_DEPTH))?;
    Ok(Model {
        kind,
        bias: options.bias,
        depth: depth.unwrap_or(1),
        alpha: alpha.as_str().into(),
        activation: activation(options)?,
        slope: options.slope.as_ref().map(|slope| slope.as_str().into()),
        keep_start: options.keep_start,
        width,
        init,
        directions,
        kappa,
        precision,
    })
}

fn activation(options: &Options) -> Result<ActivationChoice> {
    let name = read::optional(&options.activation, |text| read::choice("activation", text))?;
    let choice = name.unwrap_or(ActivationChoice::Relu);
    if choice == ActivationChoice::LeakyRelu {
        let slope = options.slope.as_ref().and_then(|text| text.as_str().parse::<f64>().ok());
        if slope.is_none_or(|slope| !slope.is_finite()) {
            let given = options.slope.as_ref().map_or("none", Text::as_str);
            return Err(Error::invalid("slope", given, "the slope of leaky-relu, a finite number"));
        }
    }
    Ok(choice)
}

/// Refuses options that would have no effect on this kind of network.
fn has_effect(options: &Options, kind: Kind) -> Result<()> {
    let two_layer = kind == Kind::TwoLayer;
    let deep = ("`model` mlp or resnet", two_layer);
    let shallow = ("`model` two-layer", !two_layer);
    let residual = ("`model` resnet", kind != Kind::Resnet);
    let is_leaky = options.activation.as_ref().is_some_and(|name| {
        read::choice("activation", name)
            .is_ok_and(|name: ActivationChoice| name == ActivationChoice::LeakyRelu)
    });
    let leaky = ("`activation` leaky-relu", !is_leaky);
    let keep_start = options.keep_start.then(|| Text::from("true"));
    let foreign = [
        ("depth", &options.depth, deep),
        ("activation", &options.activation, deep),
        ("slope", &options.slope, leaky),
        ("keep-start", &keep_start, deep),
        ("alpha", &options.alpha, residual),
        ("init", &options.init, shallow),
        ("directions", &options.directions, shallow),
        ("kappa", &options.kappa, shallow),
    ];
    for (field, given, (right, wrong)) in foreign {
        if let Some(value) = given.as_ref().filter(|_| wrong) {
            return Err(Error::invalid(field, value, format!("{right} beside it")));
        }
    }
    if options.depth.is_none() && !two_layer {
        return Err(Error::invalid("model", kind.name(), "`depth` L beside it"));
    }
    Ok(())
}
