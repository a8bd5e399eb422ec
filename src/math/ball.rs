//! Real numbers with a proved error bound: a midpoint at any precision and a radius.
//!
//! A [`Ball`] `[m +- r]` encloses every real `x` with `|x - m| <= r`. Each operation returns a ball that encloses
//! the results for all members of its operands: midpoints are rounded to nearest by MPFR, which is correct to half
//! a unit in the last place, and radii are rounded up ([`Bound`]). An operation that leaves its domain returns an infinite
//! radius, and so does everything computed from it. The design is that of midpoint-radius arithmetic
//! (van der Hoeven 2009; Johansson, *Arb*, 2017).

mod elementary;
mod products;

use super::{bound::Bound, units::Bits};
use rug::{
    Float, Rational,
    float::{Constant, Round},
    ops::{AddAssignRound, DivAssignRound, MulAssignRound},
};
use std::{
    cmp::Ordering,
    ops::{Add, Div, Mul, Neg, Sub},
};

/// An enclosure `[midpoint +- radius]` of a real number.
#[derive(Clone, Debug)]
pub struct Ball {
    midpoint: Float,
    radius: Bound,
}

impl Ball {
    /// The exact number `midpoint`.
    pub fn exact(midpoint: Float) -> Self {
        Self { midpoint, radius: Bound::ZERO }
    }

    /// The ball `[midpoint +- radius]`; the radius is rounded up, and one that is not a number counts as infinite.
    pub fn new(midpoint: Float, radius: &Float) -> Self {
        let radius = if midpoint.is_finite() { Bound::above(radius) } else { Bound::INFINITE };
        Self { midpoint, radius }
    }

    /// The rational `value`, enclosed at `precision`.
    pub fn from_rational(precision: Bits, value: &Rational) -> Self {
        Self::rounded(Float::with_val_round(precision.0, value, Round::Nearest))
    }

    /// The constant pi, enclosed at `precision`.
    pub fn pi_at(precision: Bits) -> Self {
        Self::rounded(Float::with_val_round(precision.0, Constant::Pi, Round::Nearest))
    }

    /// The midpoint.
    pub fn midpoint(&self) -> &Float {
        &self.midpoint
    }

    /// The radius, an upper bound on the error of the midpoint.
    pub fn radius(&self) -> Float {
        self.radius.to_float()
    }

    /// The precision of the midpoint.
    pub fn precision(&self) -> Bits {
        Bits(self.midpoint.prec())
    }

    /// Is the radius finite?
    pub fn is_finite(&self) -> bool {
        self.radius.is_finite() && self.midpoint.is_finite()
    }

    /// Does the ball contain zero? A ball whose edge is within a few units of 2^-53 of zero counts as one that does.
    pub fn contains_zero(&self) -> bool {
        !self.is_finite() || Bound::below(&self.midpoint) <= self.radius
    }

    /// Is every member positive?
    pub fn is_positive(&self) -> bool {
        self.midpoint.is_sign_positive() && !self.contains_zero()
    }

    /// An upper bound on `|x|` over the ball.
    pub fn magnitude(&self) -> Float {
        self.most().to_float()
    }

    fn most(&self) -> Bound {
        Bound::above(&self.midpoint).plus(self.radius)
    }

    /// A lower bound on `|x|` over the ball, zero when it contains zero.
    fn least(&self) -> Bound {
        Bound::below(&self.midpoint).minus_below(self.radius)
    }

    /// The lower end of the ball, rounded down at the precision of the midpoint.
    pub fn lower(&self) -> Float {
        Float::with_val_round(self.midpoint.prec(), &self.midpoint - &self.radius(), Round::Down).0
    }

    /// The upper end of the ball, rounded up at the precision of the midpoint.
    pub fn upper(&self) -> Float {
        Float::with_val_round(self.midpoint.prec(), &self.midpoint + &self.radius(), Round::Up).0
    }

    /// The same ball with its radius enlarged by `more >= 0`.
    pub fn widened(self, more: &Float) -> Self {
        self.within(Bound::above(more))
    }

    /// The same ball with its radius enlarged by `more`.
    fn within(mut self, more: Bound) -> Self {
        self.radius = self.radius.plus(more);
        self
    }

    /// `self 2^exponent`, exactly.
    pub fn scaled(self, exponent: i32) -> Self {
        Self { midpoint: self.midpoint << exponent, radius: self.radius.scaled_by(exponent) }
    }

    /// `self / n` for `n >= 1`.
    pub fn over(self, n: u32) -> Self {
        let Self { mut midpoint, radius } = self;
        let ordering = midpoint.div_assign_round(n, Round::Nearest);
        let radius = radius.over(Bound::below(&Float::with_val(32, n)));
        Self::rounded((midpoint, ordering)).within(radius)
    }

    /// A result rounded to nearest, with the half unit in the last place that rounding may have cost.
    fn rounded((midpoint, ordering): (Float, Ordering)) -> Self {
        if !midpoint.is_finite() {
            return Self::undefined(midpoint.prec());
        }
        let exact = ordering == Ordering::Equal;
        let mut ball = Self::within_an_ulp(midpoint);
        ball.radius = if exact { Bound::ZERO } else { ball.radius.scaled_by(-1) };
        ball
    }

    /// A nonzero number that is at most a unit in its last place off.
    fn within_an_ulp(midpoint: Float) -> Self {
        let ulp = |exponent| Bound::power_of_two(i64::from(exponent) - i64::from(midpoint.prec()));
        let radius = midpoint.get_exp().map_or(Bound::ZERO, ulp);
        Self { midpoint, radius }
    }

    /// The numbers from 0 to `most`.
    fn halfway(most: Bound, precision: u32) -> Self {
        let radius = most.scaled_by(-1);
        Self { midpoint: Float::with_val(precision.max(53), radius.to_float()), radius }
    }

    fn undefined(precision: u32) -> Self {
        Self { midpoint: Float::new(precision), radius: Bound::INFINITE }
    }

    /// `f` applied to the midpoint, with an error that grows by `slope(self) * radius` at most.
    fn lipschitz(
        self,
        f: impl FnOnce(&mut Float) -> Ordering,
        slope: impl FnOnce(&Self) -> Option<Bound>,
    ) -> Self {
        let precision = self.midpoint.prec();
        if !self.is_finite() {
            return Self::undefined(precision);
        }
        let mut grown = Bound::ZERO;
        if !self.radius.is_zero() {
            let Some(bound) = slope(&self) else { return Self::undefined(precision) };
            grown = bound.times(self.radius);
        }
        let mut midpoint = self.midpoint;
        let ordering = f(&mut midpoint);
        Self::rounded((midpoint, ordering)).within(grown)
    }
}

impl Neg for Ball {
    type Output = Self;
    fn neg(self) -> Self {
        Self { midpoint: -self.midpoint, radius: self.radius }
    }
}

impl Add for Ball {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        let ordering = self.midpoint.add_assign_round(&other.midpoint, Round::Nearest);
        Self::rounded((self.midpoint, ordering)).within(self.radius.plus(other.radius))
    }
}

impl Sub for Ball {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Ball {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let Self { mut midpoint, radius } = self;
        let mut grown = Bound::ZERO;
        if !other.radius.is_zero() {
            grown = Bound::above(&midpoint).plus(radius).times(other.radius);
        }
        if !radius.is_zero() {
            grown = grown.plus(Bound::above(&other.midpoint).times(radius));
        }
        let ordering = midpoint.mul_assign_round(&other.midpoint, Round::Nearest);
        Self::rounded((midpoint, ordering)).within(grown)
    }
}

impl Div for Ball {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let precision = self.midpoint.prec();
        let low = other.least();
        if low.is_zero() || !self.is_finite() {
            return Self::undefined(precision);
        }
        // |x/y - m/n| <= (|m/n| s + r) / min|y|, with r and s the radii of x and y.
        let mut midpoint = self.midpoint;
        let ordering = midpoint.div_assign_round(&other.midpoint, Round::Nearest);
        let quotient = Self::rounded((midpoint, ordering));
        let grown = quotient.most().times(other.radius).plus(self.radius).over(low);
        quotient.within(grown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::scalar::Scalar;
    use proptest::prelude::*;
    use rug::ops::Pow;

    /// A ball around a number of 60 bits, and a member of it at a higher precision.
    fn ball_and_member() -> impl Strategy<Value = (Ball, Float)> {
        (-1.0f64..1.0, -1.0f64..=1.0, 0i32..60).prop_map(|(middle, off, size)| {
            let middle = if middle == 0.0 { 0.5 } else { middle };
            let radius = Float::with_val(32, 2).pow(-size) * middle.abs() * 0.5f64;
            let member = Float::with_val(400, middle) + Float::with_val(400, &radius * off);
            (Ball::new(Float::with_val(60, middle), &radius), member)
        })
    }

    fn holds(ball: &Ball, value: &Float) -> bool {
        let gap = Float::with_val(400, ball.midpoint() - value).abs();
        !ball.is_finite() || gap <= ball.radius()
    }

    proptest! {
        #[test]
        fn operations_contain_those_of_every_member((a, x) in ball_and_member(), (b, y) in ball_and_member()) {
            let at = |z: &Float| Float::with_val(400, z);
            prop_assert!(holds(&(a.clone() + b.clone()), &(at(&x) + &y)));
            prop_assert!(holds(&(a.clone() - b.clone()), &(at(&x) - &y)));
            let sum = a.clone().plus_products([(&a, &b), (&b, &b), (&b, &a)].into_iter());
            prop_assert!(holds(&sum, &(at(&x) + at(&x) * &y * 2u32 + at(&y) * &y)));
            let plain = a.clone() + a.clone() * b.clone() + b.clone() * b.clone() + b.clone() * a.clone();
            prop_assert!(sum.radius() <= plain.radius() * 2u32);
            prop_assert!(holds(&(a.clone() * b.clone()), &(at(&x) * &y)));
            prop_assert!(holds(&(a.clone() / b.clone()), &(at(&x) / &y)));
            prop_assert!(holds(&a.clone().exp(), &at(&x).exp()));
            prop_assert!(holds(&a.clone().sin(), &at(&x).sin()));
            prop_assert!(holds(&a.clone().cos(), &at(&x).cos()));
            prop_assert!(holds(&a.clone().sinh(), &at(&x).sinh()));
            prop_assert!(holds(&a.clone().cosh(), &at(&x).cosh()));
            prop_assert!(holds(&a.clone().asin(), &at(&x).asin()));
            if x > 0 && !a.contains_zero() {
                prop_assert!(holds(&a.clone().sqrt(), &at(&x).sqrt()));
                prop_assert!(holds(&a.clone().ln(), &at(&x).ln()));
            }
            prop_assert!(holds(&a.angle(b), &at(&x).atan2(&y)));
        }

        #[test]
        fn the_argument_is_right_to_the_last_place(theta in 1e-300f64..3.1, extra in 0u32..90, precision in 64u32..1500) {
            let exact = Float::with_val(precision + 100, theta) + (Float::with_val(64, 1) >> (60 + extra));
            let (sin, cos) = exact.clone().sin_cos(Float::new(precision + 100));
            let ball = Ball::exact(sin).angle(Ball::exact(cos));
            let wide = Float::with_val(precision + 200, ball.midpoint() - &exact).abs();
            // The sine and the cosine are themselves rounded at the precision of the ball.
            let slack = Float::with_val(64, ball.radius() * 4u32);
            prop_assert!(wide <= slack);
        }
    }
}
