//! `beta_n^2`, where `beta_n = 2^-n binom(n, n/2)`, at any even `n`.
//!
//! From `beta_n = Gamma((n+1)/2) / (sqrt(pi) Gamma(n/2+1))` and Binet's integral, with `w = (2n+1)/4`,
//!
//! ```text
//! log beta_n = -log(pi w)/2 - (1/2) Int_0^inf (1 - sech(u/4)) e^(-w u) du/u
//! ```
//!
//! The partial fractions `sech x = 4 pi sum_m (-1)^m (2m+1) / ((2m+1)^2 pi^2 + 4 x^2)` show that each Taylor remainder of sech on the
//! real line lies between 0 and the first term left out. Integrated term by term,
//!
//! ```text
//! beta_n^2 = 4 / (pi (2n+1)) exp( sum_{j>=1} E_(2j) / (2j (2n+1)^(2j)) )        Euler numbers E_2 = -1, E_4 = 5, E_6 = -61, ...
//! ```
//!
//! where the sum broken off is wrong by less than the first term left out.

use crate::math::{ball::Ball, scalar::Scalar, units::Bits};
use rug::{Float, Integer, Rational, ops::Pow};

/// `beta_n^2` for even `n`, exactly.
pub fn squared_exactly(n: u64) -> Option<Rational> {
    let n = u32::try_from(n).ok()?;
    Some(Rational::from(Integer::from(n).binomial(n / 2)).square() >> (2 * n))
}

/// `beta_n^2` for even `n`, enclosed with about `precision` correct bits.
pub fn squared(n: u64, precision: Bits) -> Ball {
    let work = precision.plus(16);
    let exact = if n <= EXACT_PER_BIT * u64::from(work.0) { squared_exactly(n) } else { None };
    exact.map_or_else(|| series(n, work), |value| Ball::from_rational(work, &value))
}

/// Below so many degrees a bit the binomial itself is computed; above, the terms of the series fall below any bit that is asked
/// for long before they grow again, at `2j` about `pi n`.
const EXACT_PER_BIT: u64 = 4;

/// The series, to the first term that does not matter.
fn series(n: u64, work: Bits) -> Ball {
    let w = Integer::from(n) * 2u32 + 1u32;
    // Every term gives at least this many bits; one more is needed for the remainder.
    let gained = 2 * w.significant_bits().saturating_sub(2);
    let mut count = 1 + work.0 / gained.max(1);
    // |E_(2j)| < 4 (2j)! (2/pi)^(2j+1) outgrows the powers only slowly; the loop below asks the terms themselves.
    loop {
        let euler = secant_numbers(count as usize);
        let mut sum = Ball::exact(Float::new(work.0));
        let mut power = Integer::from(1);
        let square = Integer::from(w.square_ref());
        for (j, number) in euler.iter().enumerate().skip(1) {
            power *= &square;
            let term =
                Ball::from_rational(work, &Rational::from((number, Integer::from(&power * (2 * j as u32)))));
            if j == count as usize {
                let remainder = term.magnitude();
                if remainder > Float::with_val(work.0, 2).pow(-i64::from(work.0)) && count < work.0 {
                    break;
                }
                let leading = Ball::from_rational(work, &Rational::from((4, w.clone()))) / sum.pi();
                return leading * sum.widened(&remainder).exp();
            }
            sum = if j % 2 == 1 { sum - term } else { sum + term };
        }
        count *= 2;
    }
}

/// `|E_0|, |E_2|, ..., |E_(2n)|`. Source: Brent and Harvey, Fast computation of Bernoulli, tangent and secant numbers, 2013.
fn secant_numbers(n: usize) -> Vec<Integer> {
    let mut all = vec![Integer::from(1)];
    for k in 1..=n {
        let next = Integer::from(&all[k - 1] * k as u32);
        all.push(next);
    }
    for k in 1..=n {
        for j in k + 1..=n {
            let carried = Integer::from(&all[j - 1] * (j - k) as u32);
            all[j] *= (j - k + 1) as u32;
            all[j] += carried;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secant_numbers_are_those_of_the_tables() {
        assert_eq!(secant_numbers(6), [1u32, 1, 5, 61, 1385, 50_521, 2_702_765]);
    }

    #[test]
    fn the_series_encloses_the_binomial_and_is_as_narrow_as_asked() {
        for n in [2u64, 4, 10, 100, 1000, 5000] {
            // Below the series' floor of about 2 pi n / log 2 bits.
            for bits in [30, 64, 200, 1000].into_iter().filter(|bits| u64::from(*bits) < 4 * n) {
                let found = series(n, Bits(bits));
                let exact = Ball::from_rational(Bits(bits + 100), &squared_exactly(n).unwrap());
                let gap = exact - found.clone();
                assert!(gap.contains_zero(), "n = {n}, {bits} bits");
                assert!(found.radius() <= found.magnitude() >> (bits - 5), "n = {n}, {bits} bits");
            }
        }
    }

    /// Each remainder lies between 0 and the first term left out: one term less must be outside, on the proved side.
    #[test]
    fn the_remainder_is_below_the_first_term_left_out_and_has_its_sign() {
        for n in [10u64, 101, 1001] {
            let exact = Ball::from_rational(Bits(4000), &squared_exactly(n & !1).unwrap());
            let w = Integer::from(n & !1) * 2u32 + 1u32;
            let leading = Ball::from_rational(Bits(4000), &Rational::from((4, w.clone()))) / exact.pi();
            let euler = secant_numbers(6);
            let mut left = (exact / leading).ln();
            for (j, number) in euler.iter().enumerate().skip(1) {
                let size = Rational::from((number, w.clone().pow(2 * j as u32) * (2 * j as u32)));
                let term = Ball::from_rational(Bits(4000), &if j % 2 == 1 { -size } else { size });
                let share = left.clone() / term.clone();
                assert!(share.lower() > 0 && share.upper() < 1, "n = {n}, term {j}");
                left = left - term;
            }
        }
    }
}
