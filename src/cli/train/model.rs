//! The network that is trained, and its kernel.

use super::{super::numbers::real, Flags};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::units::Dimension,
    sample::Points,
    train::{
        Network,
        deep::{self, Activation, Architecture, Precision},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};

/// The largest scale of weights in f64 and in f32: beyond, steps are lost in the rounding of the weights.
const LARGEST_KAPPA: f64 = 1e6;
const LARGEST_KAPPA_F32: f64 = 1e3;
/// The default scale of weights, at which the two-layer net of the default width trains as its linearisation to a few per mille.
const LAZY: &str = "100";

/// The kinds of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The paper's model, its first layer trained.
    TwoLayer,
    /// All layers trained.
    Mlp,
    /// A sum of residual branches, all trained.
    Resnet,
}

/// A network to be.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its kind.
    pub kind: Kind,
    /// Has it a bias?
    pub bias: bool,
    /// Hidden layers of an mlp, branches of a resnet.
    pub depth: usize,
    /// The factor of a branch as typed, so that the kernel gets it exactly.
    pub alpha: String,
    /// The activation of deep networks.
    pub activation: Activation,
    /// The slope of leaky-relu as typed, if that is the activation.
    pub slope: Option<String>,
    /// Is the output at the start of a deep network kept, not subtracted?
    pub keep_start: bool,
    /// Units of a layer.
    pub width: usize,
    /// How the units of a two-layer net are drawn.
    pub init: Init,
    /// How their directions are laid out.
    pub directions: Directions,
    /// The scale of their weights.
    pub kappa: f64,
    /// The precision of weights and outputs.
    pub precision: Precision,
}

impl Model {
    /// The kernel of the infinitely wide network.
    ///
    /// # Errors
    /// When a parameter is out of its domain.
    pub fn kernel(&self) -> Result<Kernel> {
        let Self { depth, alpha, .. } = self;
        let mut rest = String::new();
        if self.activation == Activation::Erf {
            rest.push_str(",activation=erf");
        }
        if let Some(slope) = &self.slope {
            rest.push_str(&format!(",activation=leaky-relu,slope={slope}"));
        }
        if self.bias {
            rest.push_str(",b=1");
        }
        match self.kind {
            Kind::TwoLayer => format!("two-layer:bias={}", self.bias),
            Kind::Mlp => format!("ntk:depth={depth}{rest}"),
            Kind::Resnet => format!("resnet:depth={depth},alpha={alpha}{rest}"),
        }
        .parse()
    }

    /// A network at the points, drawn from `seed`.
    ///
    /// # Errors
    /// When there is no such network, as for directions unknown in this dimension.
    pub fn network(&self, points: &Points, seed: u64) -> Result<Box<dyn Network>> {
        if self.kind != Kind::TwoLayer {
            return deep::drawn(&self.architecture(), points, seed);
        }
        let Self { bias, width, init, directions, kappa, .. } = *self;
        let shape = Shape { bias, width, init, directions, kappa, seed };
        Ok(match self.precision {
            Precision::Single => Box::new(TwoLayer::<f32>::new(points.dim(), points.coordinates(), &shape)?),
            Precision::Double => Box::new(TwoLayer::<f64>::new(points.dim(), points.coordinates(), &shape)?),
        })
    }

    fn architecture(&self) -> Architecture {
        Architecture {
            residual: self.kind == Kind::Resnet,
            depth: self.depth,
            width: self.width,
            activation: self.activation,
            w: if self.activation == Activation::Erf { 1.0 } else { 2.0 },
            w_in: 1.0,
            bias: if self.bias { 1.0 } else { 0.0 },
            gaussian_bias: false,
            alpha: self.alpha.trim().parse().unwrap_or(f64::NAN),
            subtract_start: !self.keep_start,
            precision: self.precision,
        }
    }

    /// The name, as on the command line.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::TwoLayer => "two-layer",
            Kind::Mlp => "mlp",
            Kind::Resnet => "resnet",
        }
    }

    /// The name of the precision.
    pub fn precision(&self) -> &'static str {
        match self.precision {
            Precision::Single => "f32",
            Precision::Double => "f64",
        }
    }
}

impl Flags {
    /// The network behind the flags.
    pub fn model(&self, dim: Dimension) -> Result<Model> {
        let kind = match self.model.as_str() {
            "two-layer" => Kind::TwoLayer,
            "mlp" => Kind::Mlp,
            "resnet" => Kind::Resnet,
            other => return Err(Error::invalid("--model", other, "two-layer, mlp or resnet")),
        };
        let precision = match self.precision.as_str() {
            "f64" => Precision::Double,
            "f32" => Precision::Single,
            other => return Err(Error::invalid("--precision", other, "f64 or f32")),
        };
        self.flags_of(kind)?;
        let init = match self.init.as_deref().unwrap_or("paired") {
            "paired" => Init::Paired,
            "independent" => Init::Independent,
            other => return Err(Error::invalid("--init", other, "paired or independent")),
        };
        let even = if dim.get() <= 2 { "even" } else { "random" };
        let directions = match self.directions.as_deref().unwrap_or(even) {
            "even" if dim.get() > 2 => {
                let expected = format!("random on S^{dim}: even directions are known on S^1 and S^2 only");
                return Err(Error::invalid("--directions", "even", expected));
            }
            "even" => Directions::Even,
            "random" => Directions::Random,
            other => return Err(Error::invalid("--directions", other, "even or random")),
        };
        let activation = match self.activation.as_deref().unwrap_or("relu") {
            "relu" => Activation::RELU,
            "erf" => Activation::Erf,
            "leaky-relu" => {
                let slope = self.slope.as_ref().and_then(|text| text.trim().parse::<f64>().ok());
                let Some(slope) = slope.filter(|slope| slope.is_finite()) else {
                    let given = self.slope.as_deref().unwrap_or("none");
                    return Err(Error::invalid("--slope", given, "the slope of leaky-relu, a finite number"));
                };
                Activation::LeakyRelu { slope }
            }
            other => return Err(Error::invalid("--activation", other, "relu, leaky-relu or erf")),
        };
        let width = self.width.unwrap_or(if kind == Kind::TwoLayer { 4096 } else { 512 });
        if kind == Kind::TwoLayer && init == Init::Paired && width % 2 == 1 {
            return Err(Error::invalid("--width", width, "an even number, since --init paired makes pairs"));
        }
        let alpha = self.alpha.clone().unwrap_or_else(|| "1".into());
        real("--alpha", &alpha, 0.0, true)?;
        let kappa = real("--kappa", self.kappa.as_deref().unwrap_or(LAZY), 0.0, true)?;
        let most = if precision == Precision::Single { LARGEST_KAPPA_F32 } else { LARGEST_KAPPA };
        if kappa > most {
            let expected =
                format!("at most {most}, since steps would be lost in the rounding of larger weights");
            return Err(Error::invalid("--kappa", kappa, expected));
        }
        Ok(Model {
            kind,
            bias: self.bias,
            depth: self.depth.unwrap_or(1),
            alpha,
            activation,
            slope: self.slope.clone(),
            keep_start: self.keep_start,
            width,
            init,
            directions,
            kappa,
            precision,
        })
    }

    /// Refuses flags that would have no effect on this kind of network.
    fn flags_of(&self, kind: Kind) -> Result<()> {
        let two_layer = kind == Kind::TwoLayer;
        let deep = ("--model mlp or resnet", two_layer);
        let shallow = ("--model two-layer", !two_layer);
        let residual = ("--model resnet", kind != Kind::Resnet);
        let leaky = ("--activation leaky-relu", self.activation.as_deref() != Some("leaky-relu"));
        let foreign = [
            ("--depth", self.depth.map(|depth| depth.to_string()), deep),
            ("--activation", self.activation.clone(), deep),
            ("--slope", self.slope.clone(), leaky),
            ("--keep-start", self.keep_start.then(|| "--keep-start".into()), deep),
            ("--alpha", self.alpha.clone(), residual),
            ("--init", self.init.clone(), shallow),
            ("--directions", self.directions.clone(), shallow),
            ("--kappa", self.kappa.clone(), shallow),
        ];
        for (option, given, (right, wrong)) in foreign {
            if let Some(value) = given.filter(|_| wrong) {
                return Err(Error::invalid(option, value, format!("{right} beside it")));
            }
        }
        if self.depth.is_none() && !two_layer {
            return Err(Error::invalid("--model", &self.model, "--depth L beside it"));
        }
        Ok(())
    }
}
