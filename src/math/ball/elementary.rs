//! Roots, exponentials and trigonometric functions of balls.

use super::Ball;
use crate::math::{bound::Bound, scalar::Scalar};
use rug::{Float, Rational, float::Round, ops::MulAssignRound};

/// The number 1.
const ONE: Bound = Bound::power_of_two(0);

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

/// From so many units in the last place on, the mean value theorem is worth its second evaluation: without it deep recursions lose bits with every
/// layer, most at small angles.
const WIDE_BITS: i64 = 16;

impl Ball {
    /// The error function.
    #[must_use]
    pub fn error_function(self) -> Self {
        // The derivative is at most 2/sqrt(pi) < 2.
        self.lipschitz(|m| m.erf_round(Round::Nearest), |_| Some(Bound::power_of_two(1)))
    }

    /// The arc tangent.
    #[must_use]
    pub fn arc_tangent(self) -> Self {
        self.lipschitz(|m| m.atan_round(Round::Nearest), |_| Some(ONE))
    }
}

impl Scalar for Ball {
    fn is_wide(&self) -> bool {
        let ulp =
            |exponent| Bound::power_of_two(i64::from(exponent) - i64::from(self.midpoint.prec()) + WIDE_BITS);
        self.midpoint.get_exp().is_some_and(|exponent| self.radius > ulp(exponent))
    }
    fn centre(&self) -> Self {
        Self::exact(self.midpoint.clone())
    }
    fn constant(&self, value: &Rational) -> Self {
        Self::from_rational(self.precision(), value)
    }
    fn enclosing(&self, value: &Self) -> Self {
        let rounded = Float::with_val_round(self.precision().0, &value.midpoint, Round::Nearest);
        Self::rounded(rounded).within(value.radius)
    }
    fn gauge(&self) -> Option<(u32, f64)> {
        Some((self.precision().0, self.magnitude().to_f64_round(Round::Up)))
    }
    fn pi(&self) -> Self {
        Self::pi_at(self.precision())
    }
    fn is_zero(&self) -> bool {
        self.midpoint.is_zero() && self.radius.is_zero()
    }
    fn times(self, n: i32) -> Self {
        let Self { mut midpoint, radius } = self;
        let ordering = midpoint.mul_assign_round(n, Round::Nearest);
        Self::rounded((midpoint, ordering)).within(radius.times(Bound::above(&Float::with_val(32, n))))
    }
    fn half(self) -> Self {
        self.scaled(-1)
    }
    fn sqrt(self) -> Self {
        // |sqrt(m + e) - sqrt(m)| <= |e| / sqrt(m) for m + e >= 0.
        if self.midpoint.is_zero() && self.radius.is_zero() {
            return self;
        }
        let least = Float::with_val(self.midpoint.prec().max(64), &self.midpoint - &self.radius());
        if least.is_zero() {
            // From 0, as an absolute value may reach, to twice the midpoint.
            let most = Float::with_val_round(32, self.most().to_float().sqrt_ref(), Round::Up).0;
            return Self::halfway(Bound::above(&most), self.midpoint.prec());
        }
        if self.midpoint.is_sign_negative() || self.contains_zero() {
            return Self::undefined(self.midpoint.prec());
        }
        self.lipschitz(
            |m| m.sqrt_round(Round::Nearest),
            |x| Some(ONE.over(Bound::below(&x.midpoint).sqrt_below())),
        )
    }
    fn exp(self) -> Self {
        // |e^(m+e) - e^m| <= e^m (e^|e| - 1), and e^|e| - 1 = |e| * slope.
        self.lipschitz(
            |m| m.exp_round(Round::Nearest),
            |x| {
                let growth = Float::with_val_round(53, x.radius().exp_m1_ref(), Round::Up).0;
                let scale = Float::with_val_round(53, x.midpoint.exp_ref(), Round::Up).0;
                Some(Bound::above(&growth).over(x.radius).times(Bound::above(&scale)))
            },
        )
    }
    fn ln(self) -> Self {
        if !self.is_positive() {
            return Self::undefined(self.midpoint.prec());
        }
        self.lipschitz(|m| m.ln_round(Round::Nearest), |x| Some(ONE.over(x.least())))
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
        (pair.0.within(self.radius), pair.1.within(self.radius))
    }
    fn sinh_cosh(self) -> (Self, Self) {
        let precision = self.midpoint.prec();
        if !self.is_finite() {
            return (Self::undefined(precision), Self::undefined(precision));
        }
        let mut grown = Bound::ZERO;
        if !self.radius.is_zero() {
            let slope = Float::with_val_round(53, self.magnitude().cosh_ref(), Round::Up).0;
            grown = Bound::above(&slope).times(self.radius);
        }
        let (mut sinh, mut cosh) = (self.midpoint, Float::new(precision));
        let (low, high) = sinh.sinh_cosh_round(&mut cosh, Round::Nearest);
        let pair = (Self::rounded((sinh, low)), Self::rounded((cosh, high)));
        (pair.0.within(grown), pair.1.within(grown))
    }
    fn sinh(self) -> Self {
        self.sinh_cosh().0
    }
    fn cosh(self) -> Self {
        self.sinh_cosh().1
    }
    fn tanh(self) -> Self {
        // The derivative is at most 1.
        self.lipschitz(|m| m.tanh_round(Round::Nearest), |_| Some(ONE))
    }
    fn asin(self) -> Self {
        // The derivative is at most 1 / sqrt(1 - M^2) with M the largest |x|.
        self.lipschitz(
            |m| m.asin_round(Round::Nearest),
            |x| {
                let most = x.most();
                let room = ONE.minus_below(most.times(most));
                (!room.is_zero()).then(|| ONE.over(room.sqrt_below()))
            },
        )
    }
    fn abs(self) -> Self {
        if self.is_finite() && !self.radius.is_zero() && self.contains_zero() {
            return Self::halfway(self.most(), self.midpoint.prec());
        }
        Self { midpoint: self.midpoint.abs(), radius: self.radius }
    }
    fn angle(self, cos: Self) -> Self {
        // The argument of a point moves by at most |change| / |nearest member| on a ball clear of the origin.
        let precision = self.midpoint.prec();
        if !self.is_finite() || !cos.is_finite() {
            return Self::undefined(precision);
        }
        let change = self.radius.plus(cos.radius);
        let mut midpoint = self.midpoint;
        let near = Bound::below(&midpoint).hypot_below(Bound::below(&cos.midpoint)).minus_below(change);
        if near.is_zero() {
            return Self::undefined(precision);
        }
        let change = change.over(near);
        // Where a ball straddles the cut of the argument, at a negative cosine, both ends are 2 pi apart.
        if Bound::below(&midpoint) <= self.radius && cos.midpoint.is_sign_negative() && !self.radius.is_zero()
        {
            return Self::undefined(precision);
        }
        if let Some(angle) = argument(&midpoint, &cos.midpoint, precision) {
            return Self::within_an_ulp(angle).within(change);
        }
        let ordering = midpoint.atan2_round(&cos.midpoint, Round::Nearest);
        Self::rounded((midpoint, ordering)).within(change)
    }
}
