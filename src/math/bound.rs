//! Bounds on magnitudes: nonnegative numbers of 53 bits with any exponent, each operation rounded to the safe side.
//!
//! The radius of a ball needs a few digits and a range beyond that of machine numbers; a mantissa in f64 beside an exponent has both, and no
//! memory of its own. An operation of f64 is right to half a unit in the last place, so the next number up or down is on the safe side.

use rug::{Float, float::Round};
use std::cmp::Ordering;

/// `mantissa 2^exponent`. Invariant: the mantissa is in `[1, 2)`, or it is 0 or infinite and the exponent is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    mantissa: f64,
    exponent: i64,
}

/// Bits of the mantissa of an f64, and the bias of its exponent.
const STORED_BITS: u32 = 52;
const BIAS: i64 = 1023;
/// A number smaller than another by so many bits changes it by less than a unit in the last place.
const NEGLIGIBLE: i64 = 100;

impl Bound {
    /// Nothing.
    pub const ZERO: Self = Self { mantissa: 0.0, exponent: 0 };
    /// No bound.
    pub const INFINITE: Self = Self { mantissa: f64::INFINITY, exponent: 0 };

    /// `m 2^e` for `m >= 0`; what is not a number is no bound.
    fn scaled(m: f64, e: i64) -> Self {
        if m == 0.0 {
            return Self::ZERO;
        }
        if !m.is_normal() {
            return Self::INFINITE;
        }
        let biased = (m.to_bits() >> STORED_BITS) as i64;
        let mantissa = f64::from_bits(m.to_bits() & ((1 << STORED_BITS) - 1) | (BIAS as u64) << STORED_BITS);
        Self { mantissa, exponent: e + biased - BIAS }
    }

    /// `2^e`.
    pub const fn power_of_two(e: i64) -> Self {
        Self { mantissa: 1.0, exponent: e }
    }

    /// At least `|x|`; no bound for what is not a number.
    pub fn above(x: &Float) -> Self {
        let (m, e) = x.to_f64_exp();
        if m == 0.0 { Self::ZERO } else { Self::scaled(m.abs().next_up(), i64::from(e)) }
    }

    /// At most `|x|`.
    pub fn below(x: &Float) -> Self {
        let (m, e) = x.to_f64_exp();
        if m == 0.0 { Self::ZERO } else { Self::scaled(m.abs().next_down(), i64::from(e)) }
    }

    /// The same number; beyond the range of [`Float`], the next one up.
    pub fn to_float(self) -> Float {
        let exponent = self.exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Float::with_val_round(53, Float::with_val(53, self.mantissa) << exponent, Round::Up).0
    }

    /// At least `log2` of it; for a number that is neither 0 nor infinite.
    pub fn log2_above(self) -> i64 {
        self.exponent + 1
    }

    /// Is this 0?
    pub fn is_zero(self) -> bool {
        self.mantissa == 0.0
    }

    /// Is there a bound?
    pub fn is_finite(self) -> bool {
        self.mantissa.is_finite()
    }

    /// It times `2^exponent`, exactly.
    pub fn scaled_by(self, exponent: i32) -> Self {
        let regular = !self.is_zero() && self.is_finite();
        if regular { Self { exponent: self.exponent + i64::from(exponent), ..self } } else { self }
    }

    /// The larger one as it is, and the smaller one's mantissa times what makes their exponents equal.
    fn aligned(self, other: Self) -> (Self, f64) {
        let (high, low) = if self >= other { (self, other) } else { (other, self) };
        let apart = high.exponent - low.exponent;
        if low.is_zero() || apart > NEGLIGIBLE || !high.is_finite() {
            return (high, 0.0);
        }
        (high, low.mantissa * f64::from_bits(((BIAS - apart) as u64) << STORED_BITS))
    }

    /// `self + other`, rounded up.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        if other.is_zero() {
            return self;
        }
        if self.is_zero() {
            return other;
        }
        let (high, low) = self.aligned(other);
        Self::scaled((high.mantissa + low).next_up(), high.exponent)
    }

    /// `self * other`, rounded up.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        if (self.is_zero() && other.is_finite()) || (other.is_zero() && self.is_finite()) {
            return Self::ZERO;
        }
        Self::scaled((self.mantissa * other.mantissa).next_up(), self.exponent + other.exponent)
    }

    /// `self / other`, rounded up.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        if self.is_zero() && !other.is_zero() {
            return Self::ZERO;
        }
        Self::scaled((self.mantissa / other.mantissa).next_up(), self.exponent - other.exponent)
    }

    /// `max(self - other, 0)`, rounded down.
    #[must_use]
    pub fn minus_below(self, other: Self) -> Self {
        if self <= other || !self.is_finite() {
            return Self::ZERO;
        }
        let (high, low) = self.aligned(other);
        Self::scaled((high.mantissa - low).next_down().max(0.0), high.exponent)
    }

    /// `sqrt(self^2 + other^2)`, rounded down.
    #[must_use]
    pub fn hypot_below(self, other: Self) -> Self {
        let (high, low) = self.aligned(other);
        if high.is_zero() || !high.is_finite() {
            return Self::ZERO;
        }
        // Three roundings of relative size 2^-53, halved by the root but for the last.
        let root = (high.mantissa * high.mantissa + low * low).sqrt();
        Self::scaled(root.next_down().next_down(), high.exponent)
    }

    /// `sqrt(self)`, rounded down.
    #[must_use]
    pub fn sqrt_below(self) -> Self {
        let odd = self.exponent.rem_euclid(2);
        let root = (self.mantissa * if odd == 1 { 2.0 } else { 1.0 }).sqrt();
        if root == 0.0 { Self::ZERO } else { Self::scaled(root.next_down(), (self.exponent - odd) / 2) }
    }
}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let rank = |x: &Self| (x.mantissa == f64::INFINITY, x.mantissa != 0.0, x.exponent);
        match rank(self).cmp(&rank(other)) {
            Ordering::Equal => self.mantissa.partial_cmp(&other.mantissa),
            unequal => Some(unequal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = Float> {
        (0.5f64..1.0, -300i32..300, 0u32..20)
            .prop_map(|(m, e, zero)| if zero == 0 { Float::new(53) } else { Float::with_val(53, m) << e })
    }

    proptest! {
        #[test]
        fn operations_are_on_the_safe_side_and_close(x in number(), y in number()) {
            let (a, b) = (Bound::above(&x), Bound::above(&y));
            prop_assert!(a.to_float() >= x && Bound::below(&x).to_float() <= x);
            // The operands as the bounds have them.
            let [x, y] = [a, b].map(|z| Float::with_val(1400, z.to_float()));
            let upper = |found: Bound, value: Float| {
                let found = Float::with_val(1400, found.to_float());
                found >= value && found <= value.clone() + Float::with_val(1400, &value >> 50)
            };
            let lower = |found: Bound, value: Float, scale: &Float| {
                let found = Float::with_val(1400, found.to_float());
                found <= value && found >= value.clone() - Float::with_val(1400, scale >> 49)
            };
            prop_assert!(upper(a.plus(b), x.clone() + &y));
            prop_assert!(upper(a.times(b), x.clone() * &y));
            if !b.is_zero() {
                prop_assert!(upper(a.over(b), x.clone() / &y));
            }
            let gap = Float::with_val(1400, &x - &y).max(&Float::new(53));
            prop_assert!(lower(a.minus_below(b), gap, &x));
            let norm = Float::with_val(1400, x.hypot_ref(&y));
            prop_assert!(lower(a.hypot_below(b), norm.clone(), &norm));
            let root = Float::with_val(1400, x.sqrt_ref());
            prop_assert!(lower(a.sqrt_below(), root.clone(), &root));
            prop_assert_eq!(a.partial_cmp(&b), x.partial_cmp(&y));
        }
    }
}
