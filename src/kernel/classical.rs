//! Kernels with a formula of one line.

use super::angle::Angle;
use crate::math::scalar::Scalar;
use rug::Rational;

/// A kernel given by a formula in the angle; `P` is the type of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Classical<P> {
    /// The two-layer network of Basri et al. (2019), first layer trained: `t (pi-theta)/(2 pi)`, or with bias
    /// `(t+1)(pi-theta)/(4 pi)`.
    TwoLayer {
        /// Is there a trained bias?
        bias: bool,
    },
    /// The arc-cosine kernel of Cho and Saul (2009), normalised to `K(1) = 1`.
    ArcCosine {
        /// 0, 1 or 2.
        order: u32,
    },
    /// `exp(-c r)` with the chordal distance `r = 2 sin(theta/2)`.
    Laplace {
        /// `c`, positive.
        rate: P,
    },
    /// `exp(-r^2 / (2 l^2))`.
    Gaussian {
        /// `l`, positive.
        length: P,
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
    /// See [`Kernel::singular_order`](super::Kernel::singular_order).
    pub fn singular_order(&self) -> Option<u32> {
        match self {
            Self::TwoLayer { .. } | Self::Laplace { .. } => Some(1),
            Self::ArcCosine { order } => Some(1 + 2 * order),
            Self::Matern { half_order, .. } => Some(1 + 2 * half_order),
            Self::Gaussian { .. } => None,
        }
    }

    /// The same kernel with its parameters in the arithmetic of `like`.
    pub fn convert<T: Scalar>(&self, like: &T) -> Classical<T> {
        match self {
            Self::TwoLayer { bias } => Classical::TwoLayer { bias: *bias },
            Self::ArcCosine { order } => Classical::ArcCosine { order: *order },
            Self::Laplace { rate } => Classical::Laplace { rate: like.constant(rate) },
            Self::Gaussian { length } => Classical::Gaussian { length: like.constant(length) },
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
            Self::TwoLayer { bias } => {
                let step = one.clone() - x.radians() / one.pi();
                let value = if *bias { (x.cos() + one).half() } else { x.cos() };
                (value * step).half()
            }
            Self::ArcCosine { order } => arc_cosine(*order, x, &one),
            Self::Laplace { rate } => (-(rate.clone() * chord())).exp(),
            Self::Gaussian { length } => {
                let scaled = chord() / length.clone();
                (-(scaled.clone() * scaled).half()).exp()
            }
            Self::Matern { half_order, length } => matern(*half_order, chord() / length.clone(), &one),
        }
    }
}

/// `J_0 = pi - a`, `J_1 = sin a + (pi - a) cos a`, `J_2 = 3 sin a cos a + (pi - a)(1 + 2 cos^2 a)`, over their values at 0.
fn arc_cosine<T: Scalar>(order: u32, x: &Angle<T>, one: &T) -> T {
    let rest = one.clone() - x.radians() / one.pi();
    let sine = x.sin() / one.pi();
    match order {
        0 => rest,
        1 => sine + rest * x.cos(),
        _ => {
            let cos = x.cos();
            let weight = one.clone() + (cos.clone() * cos.clone()).times(2);
            (sine * cos).clone() + rest * weight / one.clone().times(3)
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
