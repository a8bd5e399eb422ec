//! The network that is trained, and its kernel.

use super::{
    choices::{ActivationChoice, named},
    read::Choice,
};
use crate::{
    error::Result,
    kernel::Kernel,
    network,
    sample::Points,
    train::{
        Network,
        finite::{self, Precision},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};
use serde::Serialize;

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
    #[serde(serialize_with = "named")]
    pub activation: ActivationChoice,
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
        if self.activation == ActivationChoice::Erf {
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
            let Self { width, precision, keep_start, .. } = *self;
            let options = finite::Options { width, precision, subtract_start: !keep_start };
            return finite::drawn(&self.description()?, &options, points, seed);
        }
        let Self { bias, width, init, directions, kappa, .. } = *self;
        let shape = Shape { bias, width, init, directions, kappa, seed };
        Ok(match self.precision {
            Precision::Single => Box::new(TwoLayer::<f32>::new(points.dim(), points.coordinates(), &shape)?),
            Precision::Double => Box::new(TwoLayer::<f64>::new(points.dim(), points.coordinates(), &shape)?),
        })
    }

    /// The network of an mlp or a resnet, whose kernel is [`Model::kernel`].
    fn description(&self) -> Result<network::Network> {
        let Self { depth, alpha, .. } = self;
        let w = if self.activation == ActivationChoice::Erf { 1 } else { 2 };
        let b = i32::from(self.bias);
        let phi = match &self.slope {
            Some(slope) => format!("leaky-relu({slope})"),
            None => self.activation.name().to_owned(),
        };
        match self.kind {
            Kind::Resnet => {
                format!("dense(b={b}) {depth}*skip(alpha={alpha}, {phi} dense(w={w}, b={b})) dense")
            }
            _ => format!("dense(b={b}) {depth}*({phi} dense(w={w}, b={b}))"),
        }
        .parse()
    }
}
