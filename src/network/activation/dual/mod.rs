//! What an activation does to the covariance of its inputs at infinite width.
//!
//! For a centred Gaussian pair `(u, v)` with variances `q`, covariance `S` and angle `a = arccos(S/q)`, the dual of `phi` is
//! `F(S; q) = E[phi(u) phi(v)]`, and `Fdot = E[phi'(u) phi'(v)]`, which is `dF/dS` unless `phi` jumps.
//!
//! Two classes (networks.md, section 6): *smooth* duals are analytic functions of `S` around `[-q, q]`; *angular* ones, of functions with a kink
//! at 0, are entire functions of `a`. So that no digits are lost at either end, both give differences from the diagonal by a factor that is
//! regular there.

mod angular;
mod hermite;
mod smooth;

pub(super) use angular::{ArcCosine, Bent, Jump};
pub use hermite::HermiteSeries;
pub(super) use smooth::{Exponentials, PowerSeries, polynomial};

use crate::math::{angle::Angle, scalar::Scalar};
use rug::Rational;
use std::{fmt::Debug, sync::Arc};

/// The dual of an activation at one variance of its inputs, in one arithmetic.
#[derive(Clone, Debug)]
pub enum Dual<T> {
    /// An analytic function of the covariance.
    Smooth(Arc<dyn Smooth<T>>),
    /// An entire function of the angle.
    Angular(Arc<dyn Angular<T>>),
}

/// A dual that is an analytic function of the covariance `S` around `[-q, q]`.
pub trait Smooth<T: Scalar>: Debug + Send + Sync {
    /// `[F, Fdot]` at the covariance `s`; where `q - s` is known to more digits than their difference, it is given.
    fn at(&self, s: &T, gap: Option<&T>) -> [T; 2];

    /// `(F(q) - F(s)) / (q - s)` for the covariance `s`, where `gap = q - s` is known precisely and is not 0, and `peak = F(q)`.
    fn secant(&self, s: &T, gap: &T, peak: &T) -> T {
        let [value, _] = self.at(s, Some(gap));
        (peak.clone() - value).div_regular(gap.clone())
    }
}

/// A dual that is an entire function of the angle `a`.
pub trait Angular<T: Scalar>: Debug + Send + Sync {
    /// The dual at the angle `a`, whose centre is given where it stands for a neighbourhood; with the fall if that is asked for.
    fn at(&self, a: &Angle<T>, centre: Option<&Angle<T>>, with_fall: bool) -> AtAngle<T>;

    /// `n` where `phi` is homogeneous: `phi(c u) = c^n phi(u)` for `c > 0`.
    fn homogeneity(&self) -> Option<u32> {
        None
    }

    /// `kappa` where `phi` jumps: then `F(q) - F = kappa a`, and `F(q) + F - 2 (E phi)^2 = kappa (pi - a)`.
    fn jump(&self) -> Option<T> {
        None
    }
}

/// An angular dual at one angle `a`.
#[derive(Clone, Debug)]
pub struct AtAngle<T> {
    /// `F`.
    pub value: T,
    /// `Fdot`.
    pub slope: T,
    /// `(F(q) - F) / sin(a/2)^2`; none where it was not asked for, at `a = 0`, and where `phi` jumps.
    pub fall: Option<T>,
}

/// The mean `E phi` of a unit, and its square, which may be known where the mean itself is not.
#[derive(Clone, Debug)]
pub struct Mean<T> {
    /// `E phi`.
    pub value: T,
    /// `(E phi)^2`.
    pub square: T,
}

impl<T: Scalar> Mean<T> {
    /// The mean `value`.
    pub fn of(value: T) -> Self {
        Self { square: value.clone() * value.clone(), value }
    }

    /// No mean, in the arithmetic of `like`.
    pub fn zero(like: &T) -> Self {
        let zero = like.constant(&Rational::new());
        Self { value: zero.clone(), square: zero }
    }

    /// The mean whose square this is, not negative itself.
    pub fn root(square: T) -> Self {
        Self { value: square.clone().sqrt(), square }
    }
}

/// The smallest integers as constants.
pub(super) fn integer<T: Scalar>(like: &T, n: i32) -> T {
    like.constant(&Rational::from(n))
}
