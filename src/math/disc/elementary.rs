//! Roots, exponentials and trigonometric functions of discs.

use super::{Disc, OUTWARD, ROUNDING, TINY, inverse_power_of_two};
use crate::math::{ball::Ball, scalar::Scalar};
use rug::{Float, Rational, float::Round};

/// A function of a real number, correctly rounded by MPFR.
fn real(x: f64, f: impl FnOnce(&mut Float) -> std::cmp::Ordering) -> f64 {
    let mut value = Float::with_val(53, x);
    f(&mut value);
    value.to_f64()
}

/// A pair of functions of a real number, correctly rounded by MPFR.
fn real_pair<R>(x: f64, f: impl FnOnce(&mut Float, &mut Float) -> R) -> (f64, f64) {
    let (mut first, mut second) = (Float::with_val(53, x), Float::new(53));
    f(&mut first, &mut second);
    (first.to_f64(), second.to_f64())
}

/// A radius beyond what a chain of roundings leaves, relative to the size.
const WIDE: f64 = 4096.0 * ROUNDING;

impl Scalar for Disc {
    fn is_wide(&self) -> bool {
        self.radius > WIDE * self.modulus()
    }
    fn centre(&self) -> Self {
        Self::point(self.re, self.im)
    }
    fn constant(&self, value: &Rational) -> Self {
        if value.is_zero() {
            return Self::point(0.0, 0.0);
        }
        let x = value.to_f64();
        Self::result(x, 0.0, 0.0, x.abs())
    }
    fn enclosing(&self, value: &Ball) -> Self {
        let (x, radius) = (value.midpoint().to_f64(), value.radius().to_f64_round(Round::Up));
        Self::result(x, 0.0, radius, x.abs())
    }
    fn gauge(&self) -> Option<(u32, f64)> {
        Some((f64::MANTISSA_DIGITS, self.magnitude()))
    }
    fn pi(&self) -> Self {
        Self::result(std::f64::consts::PI, 0.0, 0.0, 4.0)
    }
    fn is_zero(&self) -> bool {
        self.re == 0.0 && self.im == 0.0 && self.radius == 0.0
    }
    fn times(self, n: i32) -> Self {
        let n = f64::from(n);
        let (re, im) = (self.re * n, self.im * n);
        Self::result(re, im, self.radius * n.abs(), re.abs() + im.abs())
    }
    fn half(self) -> Self {
        Self { re: 0.5 * self.re, im: 0.5 * self.im, radius: 0.5 * self.radius + TINY }
    }
    fn sqrt(self) -> Self {
        if !self.avoids_cut() {
            return Self::undefined();
        }
        let modulus = self.re.hypot(self.im);
        let (re, im) = if self.re >= 0.0 {
            let re = (0.5 * (modulus + self.re)).sqrt();
            (re, 0.5 * self.im / re)
        } else {
            let im = (0.5 * (modulus - self.re)).sqrt().copysign(self.im);
            (0.5 * self.im / im, im)
        };
        // |d sqrt z| = |dz| / (2 sqrt|z|).
        let slope = 0.5 / self.mignitude().max(0.0).sqrt();
        Self::result(re, im, self.radius * slope * OUTWARD, modulus.sqrt())
    }
    fn exp(self) -> Self {
        let scale = real(self.re, |x| x.exp_round(Round::Nearest));
        let (sin, cos) = real_pair(self.im, |s, c| s.sin_cos_round(c, Round::Nearest));
        if self.radius > 1.0 {
            // Around zero, which is no wider and does not overflow where the exponential itself is small.
            let end = self.re + self.radius + (self.re.abs() + self.radius) * ROUNDING;
            let most = real(end, |x| x.exp_round(Round::Up));
            return Self::result(0.0, 0.0, most, 0.0);
        }
        let growth = real(self.radius, |x| x.exp_m1_round(Round::Up));
        Self::result(scale * cos, scale * sin, scale * OUTWARD * growth, scale)
    }
    fn ln(self) -> Self {
        if !self.avoids_cut() {
            return Self::undefined();
        }
        let re = real(self.re.hypot(self.im), |x| x.ln_round(Round::Nearest));
        let im = Float::with_val(53, self.im).atan2(&Float::with_val(53, self.re)).to_f64();
        let spread = self.radius / self.mignitude().max(0.0);
        Self::result(re, im, spread * OUTWARD, 1.0 + re.abs() + im.abs())
    }
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    fn cos(self) -> Self {
        self.sin_cos().1
    }
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = real_pair(self.re, |s, c| s.sin_cos_round(c, Round::Nearest));
        let (sinh, cosh) = real_pair(self.im, |s, c| s.sinh_cosh_round(c, Round::Nearest));
        // Both derivatives are at most cosh(|Im z|) in size.
        let slope = if self.radius == 0.0 {
            0.0
        } else {
            real(self.im.abs() + self.radius, |x| x.cosh_round(Round::Up))
        };
        let spread = self.radius * slope * OUTWARD;
        (
            Self::result(sin * cosh, cos * sinh, spread, cosh),
            Self::result(cos * cosh, -(sin * sinh), spread, cosh),
        )
    }
    fn sinh(self) -> Self {
        -(self.times_i().sin().times_i())
    }
    fn cosh(self) -> Self {
        self.times_i().cos()
    }
    fn tanh(self) -> Self {
        // In the strip without poles |Im z| < pi/2; where the boundary of a region lies in it, so does the inside. The quotient of exponentials
        // overflows nowhere.
        if self.im.abs() + self.radius >= 1.57 {
            return Self::undefined();
        }
        if self.re < 0.0 {
            return -(-self).tanh();
        }
        let one = Self::point(1.0, 0.0);
        let power = (-self.times(2)).exp();
        (one - power).div_regular(one + power)
    }
    fn asin(self) -> Self {
        let cos = (Self::point(1.0, 0.0) - self * self).sqrt();
        self.angle(cos)
    }
    fn abs(self) -> Self {
        // Off the imaginary axis |x| continues as x or -x; where the boundary of a region keeps off it, so does the inside.
        match self.re.abs() > self.radius * OUTWARD {
            true if self.re > 0.0 => self,
            true => -self,
            false => Self::undefined(),
        }
    }
    fn angle(self, cos: Self) -> Self {
        // cos + i sin = e^(i angle), so the angle is -i ln(cos + i sin).
        -((cos + self.times_i()).ln().times_i())
    }
    fn div_regular(self, denominator: Self) -> Self {
        // Both are first brought to denominators of size 1 to 2 by a power of two, so that no product underflows that counts.
        let Some(scale) = inverse_power_of_two(denominator.re.abs().max(denominator.im.abs())) else {
            return Self::undefined();
        };
        let (numerator, denominator) = (self.scaled(scale), denominator.scaled(scale));
        numerator.over(denominator)
    }
}
