//! Real numbers with a proved error bound: a midpoint at any precision and a radius.
//!
//! A [`Ball`] `[m +- r]` encloses every real `x` with `|x - m| <= r`. Each operation returns a ball that encloses
//! the results for all members of its operands: midpoints are rounded to nearest by MPFR, which is correct to half
//! a unit in the last place, and radii are rounded up. An operation that leaves its domain returns an infinite
//! radius, and so does everything computed from it. The design is that of midpoint-radius arithmetic
//! (van der Hoeven 2009; Johansson, *Arb*, 2017).

use super::{scalar::Scalar, units::Bits};
use rug::{
    Assign, Float, Rational,
    float::{Constant, Round, Special},
    ops::{AddAssignRound, DivAssignRound, MulAssignRound},
};
use std::{
    cmp::Ordering,
    ops::{Add, Div, Mul, Neg, Sub},
};

/// Bits of a radius: a radius is needed to a few digits only.
const RADIUS_BITS: u32 = 32;

/// An enclosure `[midpoint +- radius]` of a real number. Invariant: `radius >= 0`, possibly infinite.
#[derive(Clone, Debug)]
pub struct Ball {
    midpoint: Float,
    radius: Float,
}

impl Ball {
    /// The exact number `midpoint`.
    pub fn exact(midpoint: Float) -> Self {
        Self { midpoint, radius: Float::new(RADIUS_BITS) }
    }

    /// The ball `[midpoint +- radius]`; the radius is rounded up, and one that is not a number counts as infinite.
    pub fn new(midpoint: Float, radius: &Float) -> Self {
        let mut bound = Float::with_val_round(RADIUS_BITS, radius.abs_ref(), Round::Up).0;
        if bound.is_nan() || !midpoint.is_finite() {
            bound.assign(Special::Infinity);
        }
        Self { midpoint, radius: bound }
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
    pub fn radius(&self) -> &Float {
        &self.radius
    }

    /// The precision of the midpoint.
    pub fn precision(&self) -> Bits {
        Bits(self.midpoint.prec())
    }

    /// Is the radius finite?
    pub fn is_finite(&self) -> bool {
        self.radius.is_finite() && self.midpoint.is_finite()
    }

    /// Does the ball contain zero?
    pub fn contains_zero(&self) -> bool {
        !self.is_finite() || self.midpoint.cmp_abs(&self.radius) != Some(Ordering::Greater)
    }

    /// Is every member positive?
    pub fn is_positive(&self) -> bool {
        self.midpoint.is_sign_positive() && !self.contains_zero()
    }

    /// An upper bound on `|x|` over the ball.
    pub fn magnitude(&self) -> Float {
        let mut bound = Float::with_val_round(RADIUS_BITS, self.midpoint.abs_ref(), Round::Up).0;
        bound.add_assign_round(&self.radius, Round::Up);
        bound
    }

    /// A lower bound on `|x|` over the ball, zero when it contains zero.
    pub fn mignitude(&self) -> Float {
        if self.contains_zero() {
            return Float::new(RADIUS_BITS);
        }
        let mut low = Float::with_val_round(RADIUS_BITS, self.midpoint.abs_ref(), Round::Down).0;
        low.add_assign_round(-self.radius.clone(), Round::Down);
        if low.is_sign_negative() { Float::new(RADIUS_BITS) } else { low }
    }

    /// The lower end of the ball, rounded down at the precision of the midpoint.
    pub fn lower(&self) -> Float {
        Float::with_val_round(self.midpoint.prec(), &self.midpoint - &self.radius, Round::Down).0
    }

    /// The upper end of the ball, rounded up at the precision of the midpoint.
    pub fn upper(&self) -> Float {
        Float::with_val_round(self.midpoint.prec(), &self.midpoint + &self.radius, Round::Up).0
    }

    /// The same ball with its radius enlarged by `more >= 0`.
    pub fn widened(mut self, more: &Float) -> Self {
        self.radius.add_assign_round(more, Round::Up);
        if self.radius.is_nan() {
            self.radius.assign(Special::Infinity);
        }
        self
    }

    /// A result rounded to nearest, with the half unit in the last place that rounding may have cost.
    fn rounded((midpoint, ordering): (Float, Ordering)) -> Self {
        if !midpoint.is_finite() {
            return Self::undefined(midpoint.prec());
        }
        let mut ball = Self::exact(midpoint);
        if ordering != Ordering::Equal
            && let Some(exponent) = ball.midpoint.get_exp()
        {
            let ulp = i64::from(exponent) - i64::from(ball.midpoint.prec());
            ball.radius.assign(Float::i_exp(1, i32::try_from(ulp).unwrap_or(i32::MIN)));
        }
        ball
    }

    /// A nonzero number that is at most a unit in its last place off.
    fn within_an_ulp(midpoint: Float) -> Self {
        let mut ball = Self::exact(midpoint);
        if let Some(exponent) = ball.midpoint.get_exp() {
            let ulp = i64::from(exponent) - i64::from(ball.midpoint.prec());
            ball.radius.assign(Float::i_exp(1, i32::try_from(ulp).unwrap_or(i32::MIN)));
        }
        ball
    }

    fn undefined(precision: u32) -> Self {
        let mut ball = Self::exact(Float::new(precision));
        ball.radius.assign(Special::Infinity);
        ball
    }

    /// `f` applied to the midpoint, with an error that grows by `slope(self) * radius` at most.
    fn lipschitz(
        self,
        f: impl FnOnce(&mut Float) -> Ordering,
        slope: impl FnOnce(&Self) -> Option<Float>,
    ) -> Self {
        let precision = self.midpoint.prec();
        if !self.is_finite() {
            return Self::undefined(precision);
        }
        let mut grown = Float::new(RADIUS_BITS);
        if !self.radius.is_zero() {
            match slope(&self) {
                Some(bound) => grown.assign(bound),
                None => return Self::undefined(precision),
            }
            grown.mul_assign_round(&self.radius, Round::Up);
        }
        let mut midpoint = self.midpoint;
        let ordering = f(&mut midpoint);
        Self::rounded((midpoint, ordering)).widened(&grown)
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
        self.radius.add_assign_round(&other.radius, Round::Up);
        Self::rounded((self.midpoint, ordering)).widened(&self.radius)
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
        let mut grown = Float::new(RADIUS_BITS);
        if !other.radius.is_zero() {
            grown.assign(&other.radius);
            let mut scale = Float::with_val_round(RADIUS_BITS, midpoint.abs_ref(), Round::Up).0;
            scale.add_assign_round(&radius, Round::Up);
            grown.mul_assign_round(&scale, Round::Up);
        }
        if !radius.is_zero() {
            let mut term = Float::with_val_round(RADIUS_BITS, other.midpoint.abs_ref(), Round::Up).0;
            term.mul_assign_round(&radius, Round::Up);
            grown.add_assign_round(&term, Round::Up);
        }
        let ordering = midpoint.mul_assign_round(&other.midpoint, Round::Nearest);
        Self::rounded((midpoint, ordering)).widened(&grown)
    }
}

impl Div for Ball {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let precision = self.midpoint.prec();
        let low = other.mignitude();
        if low.is_zero() || !self.is_finite() {
            return Self::undefined(precision);
        }
        // |x/y - m/n| <= (|m/n| s + r) / min|y|, with r and s the radii of x and y.
        let mut midpoint = self.midpoint;
        let ordering = midpoint.div_assign_round(&other.midpoint, Round::Nearest);
        let quotient = Self::rounded((midpoint, ordering));
        let mut grown = quotient.magnitude();
        grown.mul_assign_round(&other.radius, Round::Up);
        grown.add_assign_round(&self.radius, Round::Up);
        grown.div_assign_round(&low, Round::Up);
        quotient.widened(&grown)
    }
}

/// Up to this precision the argument is found from a sine and a cosine, which cost a third of an arc tangent.
const SHORT: u32 = 1500;
/// Guard bits of [`argument`].
const ARGUMENT_GUARD: u32 = 16;

/// The argument of `cos + i sin` at `precision`, within a unit in the last place; none where the arc tangent serves better.
///
/// With `a` the argument in f64 and `x = tan(argument - a)`, found from the addition theorems, the argument is `a + x - x^3/3 + x^5/5 - ...`, with
/// `|x| < 2^-40`. *Error*: at `w = precision + 16` bits the numerator `sin cos a - cos sin a` is within `6 |sin cos| 2^-w` and the denominator, a sum of
/// two terms of one sign, within `4 2^-w` of itself, so that `x` is within `8 |argument| 2^-w`; the terms left out and the roundings of the sum are
/// smaller still. Together this is below `2^-(precision+8)` of the argument, and rounding to `precision` bits costs half a unit.
fn argument(sin: &Float, cos: &Float, precision: u32) -> Option<Float> {
    let start = sin.to_f64().atan2(cos.to_f64());
    if precision > SHORT || !start.is_normal() || sin.get_exp()? < LEAST_EXPONENT {
        return None;
    }
    let work = precision + ARGUMENT_GUARD;
    let (s, c) = Float::with_val(work, start).sin_cos(Float::new(work));
    let across = Float::with_val(work, sin * &c) - Float::with_val(work, cos * &s);
    let along = Float::with_val(work, cos * &c) + Float::with_val(work, sin * &s);
    let x = across / along;
    let mut angle = Float::with_val(work, start);
    let Some(size) = x.get_exp() else { return Some(Float::with_val(precision, angle)) };
    if size > -40 {
        return None;
    }
    let last = angle.get_exp()? - work as i32;
    let minus_square = -Float::with_val(work, x.square_ref());
    let mut power = x;
    let mut odd = 1u32;
    while power.get_exp().is_some_and(|exponent| exponent >= last) {
        angle += Float::with_val(work, &power / odd);
        power *= &minus_square;
        odd += 2;
    }
    Some(Float::with_val(precision, angle))
}

/// Sines below `2^-900` are left to the arc tangent: their f64 might underflow.
const LEAST_EXPONENT: i32 = -900;

impl Scalar for Ball {
    fn constant(&self, value: &Rational) -> Self {
        Self::from_rational(self.precision(), value)
    }
    fn pi(&self) -> Self {
        Self::pi_at(self.precision())
    }
    fn is_zero(&self) -> bool {
        self.midpoint.is_zero() && self.radius.is_zero()
    }
    fn times(self, n: i32) -> Self {
        let Self { mut midpoint, mut radius } = self;
        let ordering = midpoint.mul_assign_round(n, Round::Nearest);
        radius.mul_assign_round(n.unsigned_abs(), Round::Up);
        Self::rounded((midpoint, ordering)).widened(&radius)
    }
    fn half(self) -> Self {
        Self { midpoint: self.midpoint >> 1, radius: self.radius >> 1 }
    }
    fn sqrt(self) -> Self {
        // |sqrt(m + e) - sqrt(m)| <= |e| / sqrt(m) for m + e >= 0.
        if self.midpoint.is_zero() && self.radius.is_zero() {
            return self;
        }
        if self.midpoint.is_sign_negative() || self.contains_zero() {
            return Self::undefined(self.midpoint.prec());
        }
        self.lipschitz(
            |m| m.sqrt_round(Round::Nearest),
            |x| {
                let root = Float::with_val_round(RADIUS_BITS, x.midpoint.sqrt_ref(), Round::Down).0;
                Some(Float::with_val_round(RADIUS_BITS, root.recip_ref(), Round::Up).0)
            },
        )
    }
    fn exp(self) -> Self {
        // |e^(m+e) - e^m| <= e^m (e^|e| - 1), and e^|e| - 1 = |e| * slope.
        self.lipschitz(
            |m| m.exp_round(Round::Nearest),
            |x| {
                let mut slope = Float::with_val_round(RADIUS_BITS, x.radius.exp_m1_ref(), Round::Up).0;
                slope.div_assign_round(&x.radius, Round::Up);
                let scale = Float::with_val_round(RADIUS_BITS, x.midpoint.exp_ref(), Round::Up).0;
                slope.mul_assign_round(&scale, Round::Up);
                Some(slope)
            },
        )
    }
    fn ln(self) -> Self {
        if !self.is_positive() {
            return Self::undefined(self.midpoint.prec());
        }
        self.lipschitz(
            |m| m.ln_round(Round::Nearest),
            |x| {
                let low = x.mignitude();
                (!low.is_zero()).then(|| Float::with_val_round(RADIUS_BITS, low.recip_ref(), Round::Up).0)
            },
        )
    }
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    fn cos(self) -> Self {
        self.sin_cos().1
    }
    fn sin_cos(self) -> (Self, Self) {
        let precision = self.midpoint.prec();
        if !self.is_finite() {
            return (Self::undefined(precision), Self::undefined(precision));
        }
        let (mut sin, mut cos) = (self.midpoint, Float::new(precision));
        let (low, high) = sin.sin_cos_round(&mut cos, Round::Nearest);
        let pair = (Self::rounded((sin, low)), Self::rounded((cos, high)));
        (pair.0.widened(&self.radius), pair.1.widened(&self.radius))
    }
    fn sinh_cosh(self) -> (Self, Self) {
        let precision = self.midpoint.prec();
        if !self.is_finite() {
            return (Self::undefined(precision), Self::undefined(precision));
        }
        let mut grown = Float::new(RADIUS_BITS);
        if !self.radius.is_zero() {
            grown = Float::with_val_round(RADIUS_BITS, self.magnitude().cosh_ref(), Round::Up).0;
            grown.mul_assign_round(&self.radius, Round::Up);
        }
        let (mut sinh, mut cosh) = (self.midpoint, Float::new(precision));
        let (low, high) = sinh.sinh_cosh_round(&mut cosh, Round::Nearest);
        let pair = (Self::rounded((sinh, low)), Self::rounded((cosh, high)));
        (pair.0.widened(&grown), pair.1.widened(&grown))
    }
    fn sinh(self) -> Self {
        self.sinh_cosh().0
    }
    fn cosh(self) -> Self {
        self.sinh_cosh().1
    }
    fn asin(self) -> Self {
        // The derivative is at most 1 / sqrt(1 - M^2) with M the largest |x|.
        self.lipschitz(
            |m| m.asin_round(Round::Nearest),
            |x| {
                let mut square = x.magnitude();
                square.square_round(Round::Up);
                let room = Float::with_val_round(RADIUS_BITS, 1 - &square, Round::Down).0;
                (room > 0).then(|| {
                    let root = Float::with_val_round(RADIUS_BITS, room.sqrt_ref(), Round::Down).0;
                    Float::with_val_round(RADIUS_BITS, root.recip_ref(), Round::Up).0
                })
            },
        )
    }
    fn abs(self) -> Self {
        Self { midpoint: self.midpoint.abs(), radius: self.radius }
    }
    fn angle(self, cos: Self) -> Self {
        // The argument of a point moves by at most |change| / |nearest member| on a ball clear of the origin.
        let precision = self.midpoint.prec();
        if !self.is_finite() || !cos.is_finite() {
            return Self::undefined(precision);
        }
        let mut change = self.radius.clone();
        change.add_assign_round(&cos.radius, Round::Up);
        let mut midpoint = self.midpoint;
        // Of short lower bounds: the norm is needed to a few digits only.
        let [a, b] = [&midpoint, &cos.midpoint].map(|x| Float::with_val_round(RADIUS_BITS, x, Round::Zero).0);
        let norm = Float::with_val_round(RADIUS_BITS, a.hypot_ref(&b), Round::Down).0;
        let near = Float::with_val_round(RADIUS_BITS, &norm - &change, Round::Down).0;
        if near <= 0 {
            return Self::undefined(precision);
        }
        change.div_assign_round(&near, Round::Up);
        // Where a ball straddles the cut of the argument, at a negative cosine, both ends are 2 pi apart.
        if midpoint.cmp_abs(&self.radius) != Some(Ordering::Greater)
            && cos.midpoint.is_sign_negative()
            && !self.radius.is_zero()
        {
            return Self::undefined(precision);
        }
        if let Some(angle) = argument(&midpoint, &cos.midpoint, precision) {
            return Self::within_an_ulp(angle).widened(&change);
        }
        let ordering = midpoint.atan2_round(&cos.midpoint, Round::Nearest);
        Self::rounded((midpoint, ordering)).widened(&change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        !ball.is_finite() || gap <= *ball.radius()
    }

    proptest! {
        #[test]
        fn operations_contain_those_of_every_member((a, x) in ball_and_member(), (b, y) in ball_and_member()) {
            let at = |z: &Float| Float::with_val(400, z);
            prop_assert!(holds(&(a.clone() + b.clone()), &(at(&x) + &y)));
            prop_assert!(holds(&(a.clone() - b.clone()), &(at(&x) - &y)));
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
