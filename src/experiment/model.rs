//! The network that is trained, and its kernel: one description, a tangent kernel's.

use super::choices::named;
use crate::{
    error::{Error, Result},
    kernel::{Kernel, limit::Readout},
    math::units::Dimension,
    network,
    sample::Points,
    train::{
        Network,
        finite::{self, Precision},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};
use serde::{Serialize, Serializer};

/// The kinds of networks that have a name of their own.
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
    /// The tangent kernel of the infinitely wide network, which holds the network itself.
    #[serde(rename = "network", serialize_with = "description")]
    pub kernel: Kernel,
    /// Units of a layer.
    pub width: usize,
    /// The precision of weights and outputs.
    #[serde(serialize_with = "named")]
    pub precision: Precision,
    /// How it starts.
    #[serde(flatten)]
    pub start: Start,
}

/// How a network starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Start {
    /// The paper's two-layer model, whose read-out are signs.
    Units {
        /// How the units are drawn.
        #[serde(serialize_with = "named")]
        init: Init,
        /// How their directions are laid out.
        #[serde(serialize_with = "named")]
        directions: Directions,
        /// The scale of their weights.
        kappa: f64,
    },
    /// Every parameter drawn as the description says.
    Drawn {
        /// Is the output at the start kept, not subtracted?
        keep: bool,
    },
}

fn description<S: Serializer>(kernel: &Kernel, serializer: S) -> Result<S::Ok, S::Error> {
    match kernel.network() {
        Some((network, _)) => serializer.collect_str(network),
        None => serializer.collect_str(kernel),
    }
}

impl Model {
    /// The description of the network.
    ///
    /// # Errors
    /// When the kernel is not a network's tangent kernel.
    pub fn description(&self) -> Result<&network::Network> {
        match self.kernel.network() {
            Some((network, Readout::Tangent)) => Ok(network),
            _ => Err(Error::invalid("kernel", &self.kernel, "the tangent kernel of a network")),
        }
    }

    /// Refuses a network on so many points that would not fit in memory, before any work is done for it.
    ///
    /// # Errors
    /// With what it would take.
    pub fn fits(&self, points: usize, dim: Dimension) -> Result<()> {
        let Start::Drawn { keep } = self.start else { return Ok(()) };
        let options = finite::Options { width: self.width, precision: self.precision, subtract_start: !keep };
        finite::fits(self.description()?, &options, points, dim.get() as usize + 1)
    }

    /// A network at the points, drawn from `seed`. The paper's model, known by its description, has a loop of its own.
    ///
    /// # Errors
    /// When there is no such network, as for directions unknown in this dimension.
    pub fn network(&self, points: &Points, seed: u64) -> Result<Box<dyn Network>> {
        let Self { width, precision, .. } = *self;
        match (self.start, self.kernel.two_layer_bias()) {
            (Start::Units { init, directions, kappa }, Some(bias)) => {
                let shape = Shape { bias, width, init, directions, kappa, seed };
                let (dim, at) = (points.dim(), points.coordinates());
                Ok(match precision {
                    Precision::Single => Box::new(TwoLayer::<f32>::new(dim, at, &shape)?),
                    Precision::Double => Box::new(TwoLayer::<f64>::new(dim, at, &shape)?),
                })
            }
            (Start::Units { .. }, None) => {
                let right = "the two-layer model, `dense relu dense(train=no)`, for units with signs";
                Err(Error::invalid("network", self.description()?, right))
            }
            (Start::Drawn { keep }, _) => {
                let options = finite::Options { width, precision, subtract_start: !keep };
                finite::drawn(self.description()?, &options, points, seed)
            }
        }
    }
}
