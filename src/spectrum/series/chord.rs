//! `K = e^-z sum_q ...` in the chord `x`, `z = h x`: Laplace and Matern kernels of half-integer order `nu = p + 1/2`.
//!
//! `K = sum_j a_j x^j` is entire, with `a_j = (-h)^j/j! prod_{q=1}^p (2q-1-j)/(2q-1)`, so that
//! `lambda_k = sum_j a_j V_j(k)` at every `k >= 0`, where `V_j` is the eigenvalue of `x^j`: that of [`ChordPowers`] for odd `j`, and
//!
//! ```text
//! V_2m(k) = 0 for m < k,    V_2k(k) = (-1)^k prod_{j<k} 2(j+1)/(2j+d+1),    V_2(m+1)/V_2m = 2 (2m+d)(m+1) / [ (m+1-k)(m+d+k) ]
//! ```
//!
//! **Tail.** `|V_j| <= 2^j`, as `|P_k| <= 1` and `0 <= x <= 2`; `|2q-1-j| <= j` for `j >= p`, as `2p-1-j` is largest, so `|a_j V_j| <= (2h)^j j^p / j!`. From
//! `J >= 11 h + p` on each of these is at most half of the one before: `2h (1 + 1/j)^p / (j+1) <= 2 e h / (J+1) <= 1/2`. So the terms from `J` on add up to at
//! most `2 (2h)^J J^p / J!`.

use crate::{
    kernel::Kernel,
    math::{
        ball::Ball,
        bound::Bound,
        chord::ChordPowers,
        degrees::Degrees,
        scalar::Scalar,
        units::{Bits, Dimension},
    },
};
use rayon::prelude::*;
use rug::{Float, Rational};

/// The largest `h`: beyond, the terms grow to `e^(2h)` before they fall, and quadrature serves better.
const LARGEST_RATE: f64 = 200.0;
/// The largest `p`.
const LARGEST_ORDER: u32 = 200;

/// The kernel's series in the chord.
#[derive(Clone, Debug)]
pub struct ChordSeries {
    rate_squared: Rational,
    order: u32,
}

impl ChordSeries {
    /// The series of `kernel`, if it is of this kind and `h` is moderate.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        let (rate_squared, order) = kernel.chord_exponential()?;
        let moderate = rate_squared.to_f64() <= LARGEST_RATE * LARGEST_RATE && order <= LARGEST_ORDER;
        moderate.then_some(Self { rate_squared, order })
    }

    fn rate(&self) -> f64 {
        self.rate_squared.to_f64().sqrt()
    }

    /// The least `J` from which on the bound on the tail holds.
    fn first_of_tail(&self) -> u64 {
        (11.0 * self.rate()).ceil() as u64 + u64::from(self.order)
    }

    /// Bits by which the largest term may exceed the sum.
    pub fn cancelled_bits(&self) -> u32 {
        (2.0 * self.rate() * std::f64::consts::LOG2_E) as u32 + 2 * self.order
    }

    /// The eigenvalues at `degrees`, with tails `2^-goal` of the sums.
    pub fn eigenvalues(&self, dim: Dimension, degrees: &Degrees, goal: Bits, precision: Bits) -> Vec<Ball> {
        degrees.as_slice().par_iter().map(|k| self.eigenvalue(dim, *k, goal, precision)).collect()
    }

    fn eigenvalue(&self, dim: Dimension, degree: u64, goal: Bits, precision: Bits) -> Ball {
        let number = |n: u64| Ball::exact(Float::with_val(precision.0.max(64), n));
        let rate = Ball::from_rational(precision, &self.rate_squared).sqrt();
        let least = self.first_of_tail();
        let mut odd = ChordPowers::new(dim, degree, precision);
        let mut even: Option<Ball> = None;
        // h^j / j!
        let mut weight = number(1);
        let mut sum = number(0);
        for j in 0u64.. {
            if j >= least {
                let tail = self.tail(&weight, j);
                let size = Bound::below(sum.midpoint());
                let negligible = tail <= size.scaled_by(-(goal.0 as i32));
                // A sum that is lost in its own error will not be told from zero by more terms.
                if negligible || tail <= Bound::above(&sum.radius()) {
                    return sum.widened(&tail.to_float());
                }
            }
            let factor = weight.clone() * number(1).constant(&self.factor(j));
            if j % 2 == 1 {
                sum = sum - factor * odd.value().clone();
                odd.advance();
            } else if let Some(value) = self.even_power(dim, degree, j / 2, &mut even, precision) {
                sum = sum + factor * value;
            }
            weight = weight * rate.clone() / number(j + 1);
        }
        sum
    }

    /// `V_2m(k)`, given the one before; none where it vanishes.
    fn even_power(
        &self,
        dim: Dimension,
        k: u64,
        m: u64,
        last: &mut Option<Ball>,
        precision: Bits,
    ) -> Option<Ball> {
        if m < k {
            return None;
        }
        let d = u64::from(dim.get());
        let ball = |q: Rational| Ball::from_rational(precision, &q);
        let value = match last.take() {
            None => {
                let start = if k.is_multiple_of(2) { 1 } else { -1 };
                (0..k).fold(ball(Rational::from(start)), |product, j| {
                    product * ball(Rational::from((2 * (j + 1), 2 * j + d + 1)))
                })
            }
            Some(before) => {
                let n = m - 1;
                let above = Rational::from((2 * n + d, n + 1 - k)) * 2u32;
                before * ball(above * Rational::from((n + 1, n + d + k)))
            }
        };
        *last = Some(value.clone());
        Some(value)
    }

    /// `prod_{q=1}^p (2q-1-j)/(2q-1)`.
    fn factor(&self, j: u64) -> Rational {
        (1..=i64::from(self.order))
            .fold(Rational::from(1), |product, q| product * Rational::from((2 * q - 1 - j as i64, 2 * q - 1)))
    }

    /// `2 (2h)^J J^p / J!`, where `weight` is `h^J/J!`.
    fn tail(&self, weight: &Ball, j: u64) -> Bound {
        let power = (0..self.order)
            .fold(Bound::power_of_two(1), |bound, _| bound.times(Bound::above(&Float::with_val(64, j))));
        Bound::above(&weight.magnitude()).scaled_by(j as i32).times(power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::decimal::known_digits;

    /// The terms at `x = 2` from the first on at which the bound is said to hold, summed without their signs: rates and orders large and small.
    #[test]
    fn the_tail_bounds_what_is_left() {
        for (rate, order) in [(1, 0), (100, 0), (3, 1), (1, 12), (40, 30), (2, 150)] {
            let series = ChordSeries { rate_squared: Rational::from(rate * rate), order };
            let first = series.first_of_tail();
            let mut weight = Float::with_val(200, 1);
            let mut power = Float::with_val(200, 1);
            let (mut bound, mut left) = (Bound::ZERO, Float::new(200));
            for j in 0..first + 400 {
                if j == first {
                    bound = series.tail(&Ball::exact(weight.clone()), j);
                }
                if j >= first {
                    left += Float::with_val(200, &weight * &power) * series.factor(j).abs();
                }
                weight = weight * rate / (j + 1);
                power *= 2;
            }
            assert!(Bound::above(&left) <= bound, "h = {rate}, p = {order}: {left} {bound:?}");
        }
    }

    /// `-4/((2k-1)(2k+1)(2k+3))` is the eigenvalue of the chord on the sphere, which a kernel of a small rate tends to be: `e^(-hx) - 1 + hx` is of order
    /// `h^2`, of degrees from 2 on `h^3`. And sums end with the bits that are asked for.
    #[test]
    fn sums_have_the_bits_asked() {
        let small = ChordSeries { rate_squared: Rational::from((1, 1_000_000)), order: 0 };
        for k in 2..6u64 {
            let found = small.eigenvalue(Dimension::SPHERE, k, Bits(100), Bits(200));
            let chord = 4e-3 / ((2 * k - 1) * (2 * k + 1) * (2 * k + 3)) as f64;
            assert!((found.midpoint().to_f64() / chord - 1.0).abs() < 1e-4, "{k}");
        }
        for (rate, order) in [(1, 0), (9, 2)] {
            let series = ChordSeries { rate_squared: Rational::from(rate), order };
            for goal in [100, 300] {
                let found = series.eigenvalue(Dimension::SPHERE, 7, Bits(goal), Bits(2 * goal + 100));
                assert!(known_digits(&found) >= i64::from(goal) * 3 / 10 - 2, "{rate} {order} {goal}");
            }
        }
    }
}
