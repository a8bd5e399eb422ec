//! What several activations share: checks of their numbers, polynomials, and which Hermite coefficients vanish.

use super::{Extent, Powers};
use crate::math::{machine::Machine, number};
use rug::Rational;

/// The highest degree of polynomial activations, and of powers.
pub(super) const HIGHEST_DEGREE: u32 = 64;

/// The degree that `value` is.
pub(super) fn degree(value: Option<&Rational>) -> Result<u32, String> {
    let whole = value.filter(|value| value.is_integer()).and_then(|value| value.numer().to_u32());
    whole
        .filter(|degree| *degree <= HIGHEST_DEGREE)
        .ok_or_else(|| format!("a whole degree from 0 to {HIGHEST_DEGREE}"))
}

/// The values as an array; the catalogue sees to their count.
pub(super) fn exactly<const N: usize>(values: Vec<Rational>) -> Result<[Rational; N], String> {
    values.try_into().map_err(|_| format!("{N} numbers"))
}

/// `value` if it is positive.
pub(super) fn positive(key: &str, value: &Rational) -> Result<(), String> {
    if *value > 0 { Ok(()) } else { Err(format!("{key} > 0, not {}", number::text(value))) }
}

/// `[p(u), p'(u)]` of the polynomial with these coefficients of rising powers.
pub(super) fn horner<R: Machine>(coefficients: &[f64], u: R) -> [R; 2] {
    let zero = R::near(0.0);
    coefficients.iter().rev().fold([zero, zero], |[p, slope], &c| [p * u + R::near(c), slope * u + p])
}

/// The indices of a sine (`odd`) or cosine of phase `c`.
pub(super) fn waves(a_is_zero: bool, b_is_zero: bool, c_is_zero: bool, odd: bool) -> Powers {
    let (even, odd) = match (a_is_zero, b_is_zero, c_is_zero) {
        (true, _, _) => (Extent::None, Extent::None),
        (_, true, true) if odd => (Extent::None, Extent::None),
        (_, true, _) => (Extent::Degree(0), Extent::None),
        (_, _, true) if odd => (Extent::None, Extent::Unbounded),
        (_, _, true) => (Extent::Unbounded, Extent::None),
        _ => (Extent::Unbounded, Extent::Unbounded),
    };
    Powers { even, odd }
}

/// The largest even and odd degree of a polynomial, which its Hermite expansion has too, at inputs of any variance.
pub(super) fn last_powers(coefficients: &[Rational]) -> Powers {
    let last = |parity: usize| {
        let found = (0..coefficients.len()).rev().find(|l| l % 2 == parity && !coefficients[*l].is_zero());
        found.map_or(Extent::None, |l| Extent::Degree(l as u64))
    };
    Powers { even: last(0), odd: last(1) }
}
