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
        /// `nu - 1/2`, at most [`HIGHEST_HALF_ORDER`].
        half_order: u32,
        /// `l`, positive.
        length: P,
    },
}

/// The largest `nu - 1/2` of a Matern kernel.
pub const HIGHEST_HALF_ORDER: u32 = 100;

impl Classical<Rational> {
    /// See [`Kernel::chord_exponential`](super::Kernel::chord_exponential).
    pub fn chord_exponential(&self) -> Option<(Rational, u32)> {
        match self {
            Self::Laplace { rate } => Some((Rational::from(rate.square_ref()), 0)),
            Self::Matern { half_order, length } => {
                let square = Rational::from(length.square_ref());
                Some((Rational::from(2 * half_order + 1) / square, *half_order))
            }
        }
    }

    /// The power of `theta` in the leading term at coinciding points that is not smooth.
    pub fn singular_order(&self) -> u32 {
        match self {
            Self::Laplace { .. } => 1,
            Self::Matern { half_order, .. } => 1 + 2 * half_order,
        }
    }

    /// The degree up to which the kernel is as good as a spike, so that no law of decay is seen: the rate of its exponential.
    pub fn narrowness(&self) -> f64 {
        match self {
            Self::Laplace { rate } => rate.to_f64(),
            Self::Matern { half_order, length } => f64::from(2 * half_order + 1).sqrt() / length.to_f64(),
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
        let one = x.sin_half().constant(&Rational::from(1));
        self.at_distance(x.sin_half().clone().times(2), &one)
    }

    /// The kernel's value at points this distance apart, on the sphere or off it.
    pub fn at_distance(&self, distance: T, one: &T) -> T {
        match self {
            Self::Laplace { rate } => (-(rate.clone() * distance)).exp(),
            Self::Matern { half_order, length } => matern(*half_order, distance / length.clone(), one),
        }
    }
}

/// With `z = sqrt(2 nu) r / l` and `p = nu - 1/2`: `e^-z sum_{j<=p} p! (2p-j)! / ( (2p)! (p-j)! j! ) (2z)^j`, as in `(1 + z + z^2/3) e^-z`.
fn matern<T: Scalar>(half_order: u32, distance: T, one: &T) -> T {
    let z = one.constant(&Rational::from(2 * half_order + 1)).sqrt() * distance;
    let decay = (-z.clone()).exp();
    // Each coefficient over the one before: 2 (p-j) / [ (2p-j) (j+1) ].
    let ratio = |j: u32| Rational::from((2 * (half_order - j), (2 * half_order - j) * (j + 1)));
    let nested = (0..half_order)
        .rev()
        .fold(one.clone(), |inner, j| one.clone() + one.constant(&ratio(j)) * z.clone() * inner);
    nested * decay
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The polynomials in `z` of the textbooks, for `nu = 1/2, 3/2, 5/2, 7/2`.
    #[test]
    fn matern_kernels_of_half_integer_order_are_those_of_the_textbook() {
        for (p, coefficients) in [
            (0u32, &[1.0][..]),
            (1, &[1.0, 1.0]),
            (2, &[1.0, 1.0, 1.0 / 3.0]),
            (3, &[1.0, 1.0, 0.4, 1.0 / 15.0]),
        ] {
            let kernel = Classical::Matern { half_order: p, length: 0.7f64 };
            for theta in [0.0, 0.2, 1.1, 3.0] {
                let z = f64::from(2 * p + 1).sqrt() * 2.0 * f64::sin(theta / 2.0) / 0.7;
                let right = coefficients.iter().rev().fold(0.0, |sum, c| sum * z + c) * (-z).exp();
                assert!((kernel.at(&Angle::from_radians(theta)) - right).abs() < 1e-15, "{p} {theta}");
            }
        }
    }
}
