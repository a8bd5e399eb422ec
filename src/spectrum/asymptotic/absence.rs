//! Why a kernel has no expansion.

use super::MOST_LAYERS;
use std::fmt;

/// Why a kernel has no expansion at the ends of `[0, pi]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Absence {
    /// The formula has an absolute value or a root whose argument vanishes inside the interval, first at this angle.
    Kink(f64),
    /// An activation is known by its Hermite series alone.
    Series,
    /// There are more than [`MOST_LAYERS`] layers.
    Layers,
    /// The formula is not proved to be a power series in the chord at both ends.
    Singular,
    /// Every odd coefficient is proved to vanish.
    Analytic,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kink(theta) => write!(f, "it has a kink inside (0, pi), at theta = {theta:.6}"),
            Self::Series => {
                write!(
                    f,
                    "an activation is known by its Hermite series, and its dual is not analytic at the ends"
                )
            }
            Self::Layers => write!(f, "it has more than {MOST_LAYERS} layers"),
            Self::Singular => {
                write!(
                    f,
                    "its formula is not proved to be a power series in the chord at theta = 0 and pi (a root or a logarithm there?)"
                )
            }
            Self::Analytic => {
                write!(f, "it is analytic in t at both ends, and its eigenvalues fall faster than any power")
            }
        }
    }
}
