//! The named choices of options.

pub use super::model::Kind;
use super::read::Choice;
pub use crate::{
    sample::Design,
    train::{
        descent::Loss,
        finite::Precision,
        units::{Directions, Init},
    },
};
use serde::{Serialize, Serializer};

/// Implements [`Choice`]: each case with its name.
macro_rules! choices {
    ($kind:ty: $($name:literal => $case:expr),+ $(,)?) => {
        impl Choice for $kind {
            const ALL: &'static [(&'static str, Self)] = &[$(($name, $case)),+];
        }
    };
}

choices!(Kind: "two-layer" => Self::TwoLayer, "mlp" => Self::Mlp, "resnet" => Self::Resnet);
choices!(Precision: "f64" => Self::Double, "f32" => Self::Single);
choices!(Init: "paired" => Self::Paired, "independent" => Self::Independent);
choices!(Directions: "even" => Self::Even, "random" => Self::Random);
choices!(Loss: "mse" => Self::MeanSquare, "cross-entropy" => Self::CrossEntropy);
choices!(Design:
    "uniform" => Self::Uniform,
    "equispaced" => Self::Equispaced,
    "fibonacci" => Self::Fibonacci,
    "quadrature" => Self::Quadrature,
);

/// Which harmonic of a degree is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HarmonicChoice {
    /// The zonal one.
    Zonal,
    /// A random one, from the seed.
    Random,
}

choices!(HarmonicChoice: "zonal" => Self::Zonal, "random" => Self::Random);

/// Serialises a choice as its name.
pub(super) fn named<C: Choice, S: Serializer>(choice: &C, serializer: S) -> Result<S::Ok, S::Error> {
    choice.name().serialize(serializer)
}
