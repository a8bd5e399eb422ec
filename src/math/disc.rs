//! Discs that enclose complex numbers, for bounds on a kernel off the real line.
//!
//! A [`Disc`] is a centre in f64 and a radius. Its operations enclose the results for all members: the four operations and
//! the square root of f64 are correctly rounded (IEEE 754), elementary functions of the centre come from MPFR at 53 bits,
//! and both are charged to the radius with a fixed relative error, which is several times what they cost; radii are enlarged by
//! a fixed factor at each step.
//!
//! Beside enclosing values, operations check what a proof of analyticity needs. Let `E` be a simply connected region and `f`
//! analytic on it. If discs for `f` over a cover of the *boundary* of `E` all keep off the ray `(-inf, 0]`, then `f` winds
//! around no point of the ray, so by the argument principle it takes no value on the ray in `E`; hence `1/f` and the
//! principal `sqrt f` and `ln f` are analytic on `E`. Division, [`Scalar::sqrt`] and [`Scalar::ln`] therefore return
//! "undefined" for a disc that meets the ray. By induction over a formula, values that are defined along the whole boundary
//! prove the formula analytic inside. [`Scalar::div_regular`] is for a quotient whose regularity is proved elsewhere; it asks
//! only that the denominator keeps off zero.

mod elementary;

use super::scalar::Scalar;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Relative error charged for computing a centre: a complex product or quotient in f64 costs less than `6 * 2^-53`.
const ROUNDING: f64 = 1.0 / (1u64 << 48) as f64;
/// What a radius is multiplied by after each step, to cover the rounding of its own computation.
const OUTWARD: f64 = 1.0 + 1.0 / (1u64 << 44) as f64;
/// What is added to a radius, to cover underflow.
const TINY: f64 = 1e-290;

/// The set `{z : |z - (re + i im)| <= radius}`; undefined when the radius is not finite.
#[derive(Clone, Copy, Debug)]
pub struct Disc {
    re: f64,
    im: f64,
    radius: f64,
}

impl Disc {
    /// The exact number `re + i im`.
    pub fn point(re: f64, im: f64) -> Self {
        Self { re, im, radius: 0.0 }
    }

    /// The disc around `re + i im` with at least this radius.
    pub fn new(re: f64, im: f64, radius: f64) -> Self {
        Self { re, im, radius: radius * OUTWARD + TINY }
    }

    /// The disc with a radius larger by `more`.
    pub fn widened(self, more: f64) -> Self {
        Self::new(self.re, self.im, self.radius + more)
    }

    /// An upper bound on `|z|` over the disc; not finite when it is undefined.
    pub fn magnitude(&self) -> f64 {
        let bound = (self.modulus() + self.radius) * OUTWARD;
        if bound.is_nan() { f64::INFINITY } else { bound }
    }

    fn modulus(&self) -> f64 {
        self.re.hypot(self.im) * OUTWARD
    }

    /// A lower bound on `|z|` over the disc, not positive when it may contain zero.
    pub fn mignitude(&self) -> f64 {
        self.re.hypot(self.im) / OUTWARD - self.radius * OUTWARD
    }

    /// Does the disc keep off `(-inf, 0]`?
    fn avoids_cut(&self) -> bool {
        if self.re > 0.0 { self.mignitude() > 0.0 } else { self.im.abs() > self.radius * OUTWARD }
    }

    fn undefined() -> Self {
        Self { re: 0.0, im: 0.0, radius: f64::INFINITY }
    }

    fn times_i(self) -> Self {
        Self { re: -self.im, im: self.re, radius: self.radius }
    }

    /// A result with centre `(re, im)`, error `spread` from the operands and rounding relative to `scale`.
    fn result(re: f64, im: f64, spread: f64, scale: f64) -> Self {
        let radius = (spread + scale * ROUNDING) * OUTWARD + TINY;
        if re.is_finite() && im.is_finite() && radius.is_finite() {
            Self { re, im, radius }
        } else {
            Self::undefined()
        }
    }

    fn scaled(self, scale: f64) -> Self {
        Self { re: self.re * scale, im: self.im * scale, radius: self.radius * scale + TINY }
    }

    /// The quotient by a denominator of size 1 to 3.
    fn over(self, denominator: Self) -> Self {
        let low = denominator.mignitude();
        if low <= 0.0 || !low.is_finite() {
            return Self::undefined();
        }
        let norm = denominator.re * denominator.re + denominator.im * denominator.im;
        let re = (self.re * denominator.re + self.im * denominator.im) / norm;
        let im = (self.im * denominator.re - self.re * denominator.im) / norm;
        // |x/y - m/n| <= (|m/n| s + r) / min|y|, with r and s the radii of x and y.
        let quotient = self.modulus() / (denominator.re.hypot(denominator.im) / OUTWARD);
        Self::result(re, im, (quotient * denominator.radius + self.radius) / low * OUTWARD, quotient)
    }
}

/// `2^-e` with `2^e <= x < 2^(e+1)`, where both are normal numbers.
fn inverse_power_of_two(x: f64) -> Option<f64> {
    let biased = x.to_bits() >> (f64::MANTISSA_DIGITS - 1);
    let inverse = f64::from_bits((2 * BIAS).checked_sub(biased)? << (f64::MANTISSA_DIGITS - 1));
    (x.is_normal() && inverse.is_normal()).then_some(inverse)
}

/// What is added to the exponent of a f64.
const BIAS: u64 = 1023;

impl Neg for Disc {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im, radius: self.radius }
    }
}

impl Add for Disc {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (re, im) = (self.re + other.re, self.im + other.im);
        Self::result(re, im, self.radius + other.radius, re.abs() + im.abs())
    }
}

impl Sub for Disc {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Disc {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let re = self.re * other.re - self.im * other.im;
        let im = self.re * other.im + self.im * other.re;
        let (a, b) = (self.modulus(), other.modulus());
        let spread = a * other.radius + b * self.radius + self.radius * other.radius;
        Self::result(re, im, spread, a * b)
    }
}

impl Div for Disc {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.avoids_cut() { self.div_regular(other) } else { Self::undefined() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Is `f` at a member of `x` inside `f(x)`? Members are compared at points computed as tiny discs.
    fn encloses(x: Disc, member: Disc, f: impl Fn(Disc) -> Disc) -> bool {
        let (whole, part) = (f(x), f(member));
        let apart = (whole.re - part.re).hypot(whole.im - part.im);
        !whole.radius.is_finite() || apart <= whole.radius + part.radius
    }

    proptest! {
        #[test]
        fn images_of_members_stay_inside(
            re in -4.0f64..4.0, im in -3.0f64..3.0, radius in 0.0f64..0.5, turn in 0.0f64..6.3, reach in 0.0f64..0.999,
        ) {
            let x = Disc::new(re, im, radius);
            let member = Disc::point(re + reach * radius * turn.cos(), im + reach * radius * turn.sin());
            let functions: [fn(Disc) -> Disc; 9] = [
                Scalar::sqrt, Scalar::exp, Scalar::ln, Scalar::sin, Scalar::cos, Scalar::sinh, Scalar::cosh,
                Scalar::asin, |z| Disc::point(1.0, 2.0) / (z * z + z.times(3)),
            ];
            for f in functions {
                prop_assert!(encloses(x, member, f));
            }
        }
    }

    proptest! {
        /// Powers of two in numerator and denominator are exact, so that quotients far from 1 must agree with those near it.
        #[test]
        fn quotients_are_enclosed_at_every_scale(
            re in -4.0f64..4.0, im in -4.0f64..4.0, x in -4.0f64..4.0, y in 0.1f64..4.0, above in -900i32..900, below in -900i32..900,
        ) {
            let by = |n: i32| 2f64.powi(n);
            let far = Disc::point(re * by(above), im * by(above)).div_regular(Disc::point(x * by(below), y * by(below)));
            let near = Disc::point(re, im).div_regular(Disc::point(x, y));
            if far.radius.is_finite() && (above - below).abs() < 1000 {
                let scale = by(above - below);
                let apart = (far.re - near.re * scale).hypot(far.im - near.im * scale);
                prop_assert!(apart <= far.radius + near.radius * scale);
            }
        }
    }

    #[test]
    fn the_cut_is_refused() {
        assert!(!Disc::new(-1.0, 0.1, 0.2).sqrt().magnitude().is_finite());
        assert!(!Disc::new(0.1, 0.1, 0.2).ln().magnitude().is_finite());
        assert!((Disc::point(1.0, 0.0) / Disc::new(-1.0, 0.3, 0.2)).magnitude().is_finite());
        assert!(!(Disc::point(1.0, 0.0) / Disc::new(-1.0, 0.1, 0.2)).magnitude().is_finite());
        assert!(Disc::point(1.0, 0.0).div_regular(Disc::new(-1.0, 0.1, 0.2)).magnitude().is_finite());
    }

    /// `tanh(x + iy) = (sinh 2x + i sin 2y)/(cosh 2x + cos 2y)`.
    #[test]
    fn tanh_is_the_quotient_of_real_functions() {
        for (x, y) in [(0.3f64, 0.7f64), (-1.2, 0.4), (2.0, -1.1), (0.0, 0.5)] {
            let (value, below) = (Disc::point(x, y).tanh(), (2.0 * x).cosh() + (2.0 * y).cos());
            let apart = (value.re - (2.0 * x).sinh() / below).hypot(value.im - (2.0 * y).sin() / below);
            assert!(apart < 1e-14 && value.radius < 1e-13, "{x} {y}");
        }
    }

    /// Discs at which the exponential grows by more than the size at the centre, up to the radius from which it is enclosed around zero.
    #[test]
    fn the_exponential_of_wide_discs_holds_its_ends() {
        for re in [-3.0, 0.0, 4.0f64] {
            for radius in [0.8, 1.0, 1.0f64.next_up(), 2.5] {
                let whole = Disc::new(re, 0.3, radius).exp();
                for turn in 0..16 {
                    let (sin, cos) = f64::from(turn).sin_cos();
                    let member = Disc::point(re + radius * cos, 0.3 + radius * sin).exp();
                    assert!((whole - member).mignitude() <= 0.0, "{re} {radius} {turn}");
                }
            }
        }
    }

    /// Where the root of the centre underflows, 0/0 stands beside a finite part.
    #[test]
    fn a_centre_that_is_no_number_is_undefined() {
        let (no, beyond) = (f64::NAN, f64::INFINITY);
        for (re, im) in [(no, 0.0), (0.0, no), (beyond, 0.0), (0.0, beyond)] {
            assert!(!Disc::result(re, im, 0.0, 0.0).radius.is_finite(), "{re} {im}");
        }
        assert!(!Disc::point(0.0, 5e-324).sqrt().radius.is_finite());
    }
}
