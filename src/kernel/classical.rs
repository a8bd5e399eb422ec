//! Kernels with a formula of one line.

use super::Angle;
use crate::math::scalar::Scalar;
use rug::Rational;

/// A kernel given by a formula in the angle; `P` is the type of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Classical<P> {
    /// `exp(-c r)` with the chordal distance `r = 2 sin(theta/2)`.
    Laplace {
        /// `c`, positive.
        rate: P,
    },
    /// The Matern kernel of smoothness `nu = half_order + 1/2` in the chordal distance.
    Matern {
        /// `nu - 1/2`: 0, 1 or 2.
        half_order: u32,
        /// `l`, positive.
        length: P,
    },
}

impl Classical<Rational> {
    /// The power of `theta` in the leading term at coinciding points that is not smooth.
    pub fn singular_order(&self) -> u32 {
        match self {
            Self::Laplace { .. } => 1,
            Self::Matern { half_order, .. } => 1 + 2 * half_order,
        }
    }

    /// The same kernel with its parameters in the arithmetic of `like`.
    pub fn convert<T: Scalar>(&self, like: &T) -> Classical<T> {
        match self {
            Self::Laplace { rate } => Classical::Laplace { rate: like.constant(rate) },
            Self::Matern { half_order, length } => {
                Classical::Matern { half_order: *half_order, length: like.constant(length) }
            }
        }
    }
}

impl<T: Scalar> Classical<T> {
    /// The kernel's value at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        let chord = || x.sin_half().clone().times(2);
        let one = x.sin_half().constant(&Rational::from(1));
        match self {
            Self::Laplace { rate } => (-(rate.clone() * chord())).exp(),
            Self::Matern { half_order, length } => matern(*half_order, chord() / length.clone(), &one),
        }
    }
}

/// With `z = sqrt(2 nu) r / l`: `e^-z`, `(1 + z) e^-z`, `(1 + z + z^2/3) e^-z`.
fn matern<T: Scalar>(half_order: u32, distance: T, one: &T) -> T {
    let z = one.constant(&Rational::from(2 * half_order + 1)).sqrt() * distance;
    let decay = (-z.clone()).exp();
    match half_order {
        0 => decay,
        1 => (one.clone() + z) * decay,
        _ => {
            let quadratic = z.clone() * z.clone() / one.clone().times(3);
            (one.clone() + z + quadratic) * decay
        }
    }
}
