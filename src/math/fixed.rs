//! Fixed-point arithmetic: numbers `a 2^-p` with integers `a`, and the three operations of a recurrence.
//!
//! Up to [`MOST_LIMBS`] limbs of 64 bits a number is an array of known length ([`Limbs`]): no allocation, and only the half of each
//! product that is kept. Beyond that it is one of GMP's integers ([`Big`]), whose products win from there on.

use super::units::Bits;
use rug::{Assign, Integer, integer::Order};

/// The most limbs of an array.
pub const MOST_LIMBS: u32 = 12;

/// Fixed-point numbers with `p` fractional bits, of absolute value below 2.
pub trait Arithmetic: Send + Sync {
    /// A number `a 2^-p`.
    type Number: Clone + Send + Sync;

    /// The number 0.
    fn zero(&self) -> Self::Number;
    /// The number `x 2^-p`, for `|x| < 2^(p+1)`.
    fn number(&self, x: &Integer) -> Self::Number;
    /// The integer `a` of `a 2^-p`.
    fn integer(&self, x: &Self::Number) -> Integer;
    /// `product = a b`, rounded down by less than `(1 + 2^-50) 2^-p`; `0 <= a <= 1`.
    fn multiply(&self, a: &Self::Number, b: &Self::Number, product: &mut Self::Number);
    /// `x += y`.
    fn add(&self, x: &mut Self::Number, y: &Self::Number);
    /// `x -= y`.
    fn subtract(&self, x: &mut Self::Number, y: &Self::Number);
}

/// Arrays of `L` limbs in two's complement, the least first; `p = 64 L - 2`.
///
/// **Products.** Of `a b` the limbs from `L - 1` on are formed. Left out are the products of limbs `i + j <= L - 3` and the lower halves of
/// those with `i + j = L - 2`: together less than `2 L 2^(64 (L-1))`, which is `L 2^-61` units of the last place.
#[derive(Clone, Copy, Debug)]
pub struct Limbs<const L: usize>;

impl<const L: usize> Arithmetic for Limbs<L> {
    type Number = [u64; L];

    fn zero(&self) -> [u64; L] {
        [0; L]
    }

    fn number(&self, x: &Integer) -> [u64; L] {
        let mut limbs = [0; L];
        x.as_abs().write_digits(&mut limbs, Order::Lsf);
        if x.is_negative() { difference(&[0; L], &limbs) } else { limbs }
    }

    fn integer(&self, x: &[u64; L]) -> Integer {
        if is_negative(x) {
            -Integer::from_digits(&difference(&[0; L], x), Order::Lsf)
        } else {
            Integer::from_digits(x, Order::Lsf)
        }
    }

    #[inline(always)]
    fn multiply(&self, a: &[u64; L], b: &[u64; L], product: &mut [u64; L]) {
        let mut high = [0; L];
        let mut last = 0;
        for i in 0..L {
            let first = L - 1 - i;
            let below = if first > 0 { wide(a[i], b[first - 1], 0, 0).1 } else { 0 };
            let (low, mut carry) = wide(a[i], b[first], last, below);
            last = low;
            for j in first + 1..L {
                (high[i + j - L], carry) = wide(a[i], b[j], high[i + j - L], carry);
            }
            high[i] = carry;
        }
        // b stands for b + 2^(64 L) where it is negative: 4 a units too many.
        let excess = doubled_twice(a, 0);
        let mask = if is_negative(b) { u64::MAX } else { 0 };
        *product = difference(&doubled_twice(&high, last), &excess.map(|limb| limb & mask));
    }

    #[inline(always)]
    fn add(&self, x: &mut [u64; L], y: &[u64; L]) {
        let mut carry = false;
        for (x, y) in x.iter_mut().zip(y) {
            let (sum, first) = x.overflowing_add(*y);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            (*x, carry) = (sum, first | second);
        }
    }

    #[inline(always)]
    fn subtract(&self, x: &mut [u64; L], y: &[u64; L]) {
        *x = difference(x, y);
    }
}

/// `a b + c + d` in two limbs, the lower first; it cannot overflow.
#[inline(always)]
fn wide(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (sum as u64, (sum >> 64) as u64)
}

/// `4 x`, with the two bits that come in taken from the top of `below`.
#[inline(always)]
fn doubled_twice<const L: usize>(x: &[u64; L], below: u64) -> [u64; L] {
    std::array::from_fn(|i| x[i] << 2 | (if i == 0 { below } else { x[i - 1] }) >> 62)
}

#[inline(always)]
fn is_negative<const L: usize>(x: &[u64; L]) -> bool {
    x[L - 1] >> 63 == 1
}

#[inline(always)]
fn difference<const L: usize>(x: &[u64; L], y: &[u64; L]) -> [u64; L] {
    let mut borrow = false;
    std::array::from_fn(|i| {
        let (rest, first) = x[i].overflowing_sub(y[i]);
        let (rest, second) = rest.overflowing_sub(u64::from(borrow));
        borrow = first | second;
        rest
    })
}

/// GMP's integers, with any number `p` of fractional bits.
#[derive(Clone, Copy, Debug)]
pub struct Big(pub Bits);

impl Arithmetic for Big {
    type Number = Integer;

    fn zero(&self) -> Integer {
        Integer::new()
    }

    fn number(&self, x: &Integer) -> Integer {
        x.clone()
    }

    fn integer(&self, x: &Integer) -> Integer {
        x.clone()
    }

    fn multiply(&self, a: &Integer, b: &Integer, product: &mut Integer) {
        product.assign(a * b);
        *product >>= self.0.0;
    }

    fn add(&self, x: &mut Integer, y: &Integer) {
        *x += y;
    }

    fn subtract(&self, x: &mut Integer, y: &Integer) {
        *x -= y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    /// `seed` spread over `bits` bits, from all zeros to all ones.
    fn spread(seed: u64, bits: u32) -> Integer {
        let mut value = Integer::new();
        let mut word = seed;
        for _ in 0..bits.div_ceil(64) {
            word = word.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ seed;
            value = (value << 64) + if seed & 3 == 0 { u64::MAX } else { word };
        }
        value.keep_bits(bits)
    }

    fn holds_for<const L: usize>(first: u64, second: u64, negative: bool) {
        let p = 64 * L as u32 - 2;
        let a = spread(first, p);
        let b = spread(second, p) * if negative { -1 } else { 1 };
        let limbs = Limbs::<L>;
        let (x, y) = (limbs.number(&a), limbs.number(&b));
        assert_eq!(limbs.integer(&y), b);
        let mut product = limbs.zero();
        limbs.multiply(&x, &y, &mut product);
        let exact = Rational::from(Integer::from(&a * &b)) >> p;
        let lost = exact - limbs.integer(&product);
        assert!(lost >= 0 && lost < Rational::from(1) + Rational::from((1, 1u64 << 50)), "{L}: {lost}");
        let (mut sum, mut rest) = (x, x);
        limbs.add(&mut sum, &y);
        limbs.subtract(&mut rest, &y);
        let wrapped = |z: Integer| z.keep_signed_bits(64 * L as u32);
        assert_eq!(limbs.integer(&sum), wrapped(Integer::from(&a + &b)));
        assert_eq!(limbs.integer(&rest), wrapped(a - b));
    }

    proptest! {
        #[test]
        fn operations_are_those_of_integers(first: u64, second: u64, negative: bool) {
            holds_for::<1>(first, second, negative);
            holds_for::<2>(first, second, negative);
            holds_for::<3>(first, second, negative);
            holds_for::<5>(first, second, negative);
            holds_for::<12>(first, second, negative);
        }
    }
}
