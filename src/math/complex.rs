//! Enclosures of complex numbers, for bounds on a kernel off the real line.
//!
//! A [`ComplexBall`] is a rectangle `re + i im` of two [`Ball`]s. Beside enclosing values, its operations check what
//! a proof of analyticity needs. Let `E` be a simply connected region and `f` analytic on it. If the enclosures of
//! `f` over a cover of the *boundary* of `E` all keep off the ray `(-inf, 0]`, then `f` winds around zero no times,
//! so by the argument principle it has no zero in `E`; hence `1/f`, `sqrt f` and `ln f` have analytic branches on `E`,
//! and on the boundary these are the principal ones up to one constant. Division, [`Scalar::sqrt`] and [`Scalar::ln`]
//! therefore return "undefined" for a rectangle that meets the ray. By induction over a formula, values that are
//! defined along the whole boundary prove the formula analytic inside. [`Scalar::div_regular`] is for a quotient
//! whose regularity is proved elsewhere; it asks only that the denominator keeps off zero on the boundary.

use super::{ball::Ball, scalar::Scalar};
use rug::{Float, Rational};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The rectangle `{x + iy : x in re, y in im}`.
#[derive(Clone, Debug)]
pub struct ComplexBall {
    /// The real part.
    pub re: Ball,
    /// The imaginary part.
    pub im: Ball,
}

impl ComplexBall {
    /// An upper bound on `|z|` over the rectangle; not finite when it is undefined.
    pub fn magnitude(&self) -> Float {
        let (mut x, mut y) = (self.re.magnitude(), self.im.magnitude());
        let round = rug::float::Round::Up;
        x.square_round(round);
        y.square_round(round);
        rug::ops::AddAssignRound::add_assign_round(&mut x, &y, round);
        x.sqrt_round(round);
        x
    }

    /// Does the rectangle keep off `(-inf, 0]`?
    fn avoids_cut(&self) -> bool {
        self.re.is_positive() || !self.im.contains_zero()
    }

    fn undefined(self) -> Self {
        let mut infinity = self.re.radius().clone();
        rug::Assign::assign(&mut infinity, rug::float::Special::Infinity);
        Self { re: self.re.widened(&infinity), im: self.im }
    }

    fn real(&self, re: Ball) -> Self {
        let zero = Ball::exact(Float::new(re.precision().0));
        Self { re, im: zero }
    }

    fn times_i(self) -> Self {
        Self { re: -self.im, im: self.re }
    }

    fn norm_squared(&self) -> Ball {
        self.re.clone() * self.re.clone() + self.im.clone() * self.im.clone()
    }
}

impl Neg for ComplexBall {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }
}

impl Add for ComplexBall {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for ComplexBall {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for ComplexBall {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let re = self.re.clone() * other.re.clone() - self.im.clone() * other.im.clone();
        let im = self.re * other.im + self.im * other.re;
        Self { re, im }
    }
}

impl Div for ComplexBall {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.avoids_cut() { self.div_regular(other) } else { self.undefined() }
    }
}

impl Scalar for ComplexBall {
    fn constant(&self, value: &Rational) -> Self {
        self.real(self.re.constant(value))
    }
    fn pi(&self) -> Self {
        self.real(self.re.pi())
    }
    fn is_zero(&self) -> bool {
        self.re.is_zero() && self.im.is_zero()
    }
    fn times(self, n: i32) -> Self {
        Self { re: self.re.times(n), im: self.im.times(n) }
    }
    fn half(self) -> Self {
        Self { re: self.re.half(), im: self.im.half() }
    }
    fn sqrt(self) -> Self {
        if !self.avoids_cut() {
            return self.undefined();
        }
        let modulus = self.norm_squared().sqrt();
        if self.re.midpoint().is_sign_positive() {
            let re = (modulus + self.re).half().sqrt();
            let im = (self.im / re.clone()).half();
            Self { re, im }
        } else {
            let root = (modulus - self.re).half().sqrt();
            let im = if self.im.is_positive() { root } else { -root };
            let re = (self.im / im.clone()).half();
            Self { re, im }
        }
    }
    fn exp(self) -> Self {
        let scale = self.re.exp();
        Self { re: scale.clone() * self.im.clone().cos(), im: scale * self.im.sin() }
    }
    fn ln(self) -> Self {
        if !self.avoids_cut() {
            return self.undefined();
        }
        let re = self.norm_squared().ln().half();
        Self { re, im: self.im.angle(self.re) }
    }
    fn sin(self) -> Self {
        let Self { re: x, im: y } = self;
        Self { re: x.clone().sin() * y.clone().cosh(), im: x.cos() * y.sinh() }
    }
    fn cos(self) -> Self {
        let Self { re: x, im: y } = self;
        Self { re: x.clone().cos() * y.clone().cosh(), im: -(x.sin() * y.sinh()) }
    }
    fn sinh(self) -> Self {
        -(self.times_i().sin().times_i())
    }
    fn cosh(self) -> Self {
        self.times_i().cos()
    }
    fn asin(self) -> Self {
        let one = self.constant(&Rational::from(1));
        let cos = (one - self.clone() * self.clone()).sqrt();
        self.angle(cos)
    }
    fn abs(self) -> Self {
        self.undefined()
    }
    fn angle(self, cos: Self) -> Self {
        // sin + cos i = i e^(-i angle), so the angle is -i ln(cos + i sin).
        -((cos + self.times_i()).ln().times_i())
    }
    fn div_regular(self, denominator: Self) -> Self {
        let norm = denominator.norm_squared();
        let conjugate = Self { re: denominator.re, im: -denominator.im };
        let Self { re, im } = self * conjugate;
        Self { re: re / norm.clone(), im: im / norm }
    }
}
