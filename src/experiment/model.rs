//! The network that is trained, and its kernel.

use super::choices::{ActivationChoice, named};
use crate::{
    error::Result,
    kernel::Kernel,
    sample::Points,
    train::{
        Network,
        deep::{self, Activation, Architecture, Precision},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};
use serde::{Serialize, Serializer};

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
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Model {
    /// Its kind.
    #[serde(serialize_with = "named")]
    pub kind: Kind,
    /// Has it a bias?
    pub bias: bool,
    /// Hidden layers of an mlp, branches of a resnet.
    pub depth: usize,
    /// The factor of a branch as typed, so that the kernel gets it exactly.
    pub alpha: String,
    /// The activation of deep networks.
    #[serde(serialize_with = "activation")]
    pub activation: Activation,
    /// The slope of leaky-relu as typed, if that is the activation.
    pub slope: Option<String>,
    /// Is the output at the start of a deep network kept, not subtracted?
    pub keep_start: bool,
    /// Units of a layer.
    pub width: usize,
    /// How the units of a two-layer net are drawn.
    #[serde(serialize_with = "named")]
    pub init: Init,
    /// How their directions are laid out.
    #[serde(serialize_with = "named")]
    pub directions: Directions,
    /// The scale of their weights.
    pub kappa: f64,
    /// The precision of weights and outputs.
    #[serde(serialize_with = "named")]
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
}

/// The activation by its name; its slope has a field of its own.
fn activation<S: Serializer>(activation: &Activation, serializer: S) -> Result<S::Ok, S::Error> {
    let choice = match activation {
        Activation::Erf => ActivationChoice::Erf,
        Activation::LeakyRelu { slope } if *slope == 0.0 => ActivationChoice::Relu,
        Activation::LeakyRelu { .. } => ActivationChoice::LeakyRelu,
    };
    named(&choice, serializer)
}
