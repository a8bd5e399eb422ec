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

/// The largest `l` of each parity for which `r_l` of [`polynomial`](super::dual::polynomial) is not 0; where `q` is not known, not 0 as a polynomial in `q`.
pub(super) fn moments_left(q: Option<&Rational>, coefficients: &[Rational]) -> Powers {
    let mut powers = Powers::NONE;
    for l in 0..coefficients.len() {
        let tail = coefficients.iter().skip(l).step_by(2);
        let present = match q {
            None => !tail.clone().all(|c| c.is_zero()),
            Some(q) => {
                // (l+2i)!/(2^i i!) by ratios.
                let mut weight = Rational::from(1);
                let mut sum = Rational::new();
                for (i, c) in (0u32..).zip(tail) {
                    if i > 0 {
                        let n = l as u32 + 2 * i;
                        weight *= Rational::from((n * (n - 1), 2 * i)) * q;
                    }
                    sum += Rational::from(c * &weight);
                }
                !sum.is_zero()
            }
        };
        if present {
            let extent = Extent::Degree(l as u64);
            *(if l.is_multiple_of(2) { &mut powers.even } else { &mut powers.odd }) = extent;
        }
    }
    powers
}
