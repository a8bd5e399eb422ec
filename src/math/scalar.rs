//! The arithmetic in which a kernel is written, once.
//!
//! A kernel's formula is generic over [`Scalar`]. The same lines then give machine numbers, numbers with a
//! proved error bound ([`Ball`](super::ball::Ball)), enclosures off the real line
//! ([`Disc`](super::disc::Disc)) and closed forms
//! ([`Symbol`](crate::kernel::symbolic::Symbol)).

use super::ball::Ball;
use rug::Rational;
use std::{
    fmt::Debug,
    ops::{Add, Div, Mul, Neg, Sub},
};

/// A number that a kernel's formula can be evaluated in.
///
/// Operations are total: one that leaves the domain returns the type's "undefined" (NaN, an infinite radius,
/// no closed form), which every later operation keeps.
pub trait Scalar:
    Clone
    + Debug
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// Does the value stand for a neighbourhood so wide that a function is better enclosed by the mean value theorem,
    /// `f(x) in f(m) + f'(x) (x - m)` with `m` the centre, than by its formula?
    fn is_wide(&self) -> bool {
        false
    }
    /// The centre of the neighbourhood that the value stands for.
    fn centre(&self) -> Self {
        self.clone()
    }
    /// The constant `value` at the precision of `self`.
    fn constant(&self, value: &Rational) -> Self;
    /// A number known by an enclosure, at the precision of `self`.
    fn enclosing(&self, value: &Ball) -> Self;
    /// The bits that a number of its kind keeps and a bound on its size, by which infinite series are cut; none where there are no such.
    fn gauge(&self) -> Option<(u32, f64)> {
        None
    }
    /// The constant pi at the precision of `self`.
    fn pi(&self) -> Self;
    /// Is this exactly zero (not merely indistinguishable from it)?
    fn is_zero(&self) -> bool;
    /// `self * n`.
    fn times(self, n: i32) -> Self;
    /// `self / 2`.
    fn half(self) -> Self;
    /// The principal square root, analytic off `(-inf, 0]`.
    fn sqrt(self) -> Self;
    /// The exponential.
    fn exp(self) -> Self;
    /// The principal natural logarithm, analytic off `(-inf, 0]`.
    fn ln(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// The cosine.
    fn cos(self) -> Self;
    /// The hyperbolic sine.
    fn sinh(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self {
        let (sinh, cosh) = self.sinh_cosh();
        sinh / cosh
    }
    /// The principal arc sine, analytic off `(-inf, -1]` and `[1, inf)`.
    fn asin(self) -> Self;
    /// The absolute value of a real number; undefined off the real line.
    fn abs(self) -> Self;
    /// The angle with sine `self` and cosine `cos`, where `self^2 + cos^2 = 1`; analytic while
    /// `cos + i self` stays off `(-inf, 0]`.
    fn angle(self, cos: Self) -> Self;

    /// `sin a - a cos a` for the angle `a = self` with this sine and cosine.
    fn excess(self, sin: Self, cos: Self) -> Self {
        sin - self * cos
    }

    /// `[f(x), f'(x)]` for a power series `x`, as far as the Taylor coefficients of `f` at the constant term of `x` determine them; none for numbers.
    fn composed(&self, _taylor: impl FnOnce(&Ball) -> Vec<Ball>) -> Option<[Self; 2]> {
        None
    }

    /// The sine and the cosine.
    fn sin_cos(self) -> (Self, Self) {
        (self.clone().sin(), self.cos())
    }

    /// The hyperbolic sine and cosine.
    fn sinh_cosh(self) -> (Self, Self) {
        (self.clone().sinh(), self.cosh())
    }

    /// `self / denominator` where the quotient is known to be regular even where the denominator vanishes.
    ///
    /// Numerically the plain quotient; the difference matters to enclosures that prove analyticity.
    fn div_regular(self, denominator: Self) -> Self {
        self / denominator
    }

    /// `self^2 - other^2`, by default as a product, which loses no digits near the zeros.
    fn difference_of_squares(self, other: Self) -> Self {
        (self.clone() - other.clone()) * (self + other)
    }

    /// `self^n` by repeated squaring.
    fn powi(self, n: u32) -> Self {
        let mut power = self.constant(&Rational::from(1));
        for bit in (0..u32::BITS - n.leading_zeros()).rev() {
            power = power.clone() * power;
            if n >> bit & 1 == 1 {
                power = power * self.clone();
            }
        }
        power
    }
}

impl Scalar for f64 {
    fn constant(&self, value: &Rational) -> Self {
        value.to_f64()
    }
    fn enclosing(&self, value: &Ball) -> Self {
        value.midpoint().to_f64()
    }
    fn gauge(&self) -> Option<(u32, f64)> {
        Some((f64::MANTISSA_DIGITS, self.abs()))
    }
    fn pi(&self) -> Self {
        std::f64::consts::PI
    }
    fn is_zero(&self) -> bool {
        *self == 0.0
    }
    fn times(self, n: i32) -> Self {
        self * f64::from(n)
    }
    fn half(self) -> Self {
        0.5 * self
    }
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    fn exp(self) -> Self {
        f64::exp(self)
    }
    fn ln(self) -> Self {
        f64::ln(self)
    }
    fn sin(self) -> Self {
        f64::sin(self)
    }
    fn cos(self) -> Self {
        f64::cos(self)
    }
    fn sinh(self) -> Self {
        f64::sinh(self)
    }
    fn cosh(self) -> Self {
        f64::cosh(self)
    }
    fn tanh(self) -> Self {
        f64::tanh(self)
    }
    fn asin(self) -> Self {
        f64::asin(self)
    }
    fn abs(self) -> Self {
        f64::abs(self)
    }
    fn angle(self, cos: Self) -> Self {
        self.atan2(cos)
    }
    fn sin_cos(self) -> (Self, Self) {
        f64::sin_cos(self)
    }
}
