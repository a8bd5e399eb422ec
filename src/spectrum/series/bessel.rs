//! `K = exp(zt + s)`: terms of one sign.
//!
//! ```text
//! lambda_k = e^s Gamma(c+1) (2/z)^c I_(k+c)(z) = e^s z^k / prod_{j=1}^k (d-1+2j) * sum_m (z^2/4)^m / ( m! (k+c+1)_m ),      c = (d-1)/2
//! ```
//!
//! **Tail.** Each term is `z^2 / [ 2m (2k+d-1+2m) ]` of the one before, a ratio that falls with `m`: once it is below 1/2, the terms left add up to at most
//! twice the next one.

use crate::{
    kernel::Kernel,
    math::{
        ball::Ball,
        bound::Bound,
        degrees::Degrees,
        scalar::Scalar,
        units::{Bits, Dimension},
    },
};
use rug::{Float, Rational};

/// The largest `|z|`: about so many terms are needed.
const LARGEST_RATE: f64 = 10_000.0;
/// The highest degree: values fall faster than any exponential, to `2^(-2 10^8)` here, and a product of so many factors takes a second or two.
const HIGHEST_DEGREE: u64 = 10_000_000;

/// The kernel `exp(zt + s)`.
#[derive(Clone, Debug)]
pub struct Bessel {
    rate: Rational,
    shift: Rational,
}

impl Bessel {
    /// The series of `kernel`, if it is of this kind and `z` is moderate.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        let (rate, shift) = kernel.exponential()?;
        (rate.to_f64().abs() <= LARGEST_RATE).then_some(Self { rate, shift })
    }

    /// Can degrees to `top` be reached?
    pub fn serves(&self, top: u64) -> bool {
        top <= HIGHEST_DEGREE
    }

    /// The eigenvalues at `degrees`, with tails `2^-goal` of the sums.
    pub fn eigenvalues(&self, dim: Dimension, degrees: &Degrees, goal: Bits, precision: Bits) -> Vec<Ball> {
        let d = u64::from(dim.get());
        let z = Ball::from_rational(precision, &self.rate);
        let whole = |n: u64| Ball::exact(Float::with_val(64, n));
        let mut lead = Ball::from_rational(precision, &self.shift).exp();
        let mut reached = 0;
        degrees
            .iter()
            .map(|k| {
                while reached < k {
                    reached += 1;
                    lead = lead.clone() * z.clone() / whole(d - 1 + 2 * reached);
                }
                lead.clone() * self.sum(k, d, goal, &z)
            })
            .collect()
    }

    fn sum(&self, k: u64, d: u64, goal: Bits, z: &Ball) -> Ball {
        let square = z.clone() * z.clone();
        let half = Bound::power_of_two(-1);
        let mut term = z.constant(&Rational::from(1));
        let mut sum = term.clone();
        for m in 1u64.. {
            let below =
                Ball::exact(Float::with_val(128, u128::from(2 * m) * u128::from(2 * k + d - 1 + 2 * m)));
            let ratio = square.clone() / below;
            term = term * ratio.clone();
            let size = Bound::above(&term.magnitude());
            // The ratios fall: from here on each term is less than half of the one before.
            if Bound::above(&ratio.magnitude()) < half
                && size <= Bound::below(sum.midpoint()).scaled_by(-(goal.0 as i32))
            {
                return sum.widened(&size.scaled_by(1).to_float());
            }
            sum = sum + term.clone();
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{math::units::Digits, spectrum::precise};

    /// Rates of either sign, and a constant in the exponent, against quadrature.
    #[test]
    fn exponentials_are_those_of_quadrature() {
        let degrees = Degrees::new((0u64..30).chain([60, 61])).unwrap();
        for spec in ["gaussian:length=2", "expr:exp(3*t-1/2)", "expr:exp(-5*t/2)", "expr:exp(t)"] {
            let kernel: Kernel = spec.parse().unwrap();
            let series = Bessel::of(&kernel).unwrap();
            for d in [1, 2, 5] {
                let dim = Dimension::new(d).unwrap();
                let (expected, _) =
                    precise::eigenvalues(&kernel, dim, &degrees, Digits::new(30).unwrap()).unwrap();
                let found = series.eigenvalues(dim, &degrees, Bits(110), Bits(160));
                for ((k, found), expected) in degrees.iter().zip(found).zip(expected) {
                    assert!(expected.certified && !found.contains_zero(), "{spec} {d} {k}");
                    assert!((found - expected.enclosure).contains_zero(), "{spec} {d} {k}");
                }
            }
        }
        for other in ["expr:exp(t^2)", "expr:exp(theta)", "expr:exp(2)", "expr:2*exp(t)", "nngp:depth=1"] {
            assert!(Bessel::of(&other.parse().unwrap()).is_none(), "{other}");
        }
    }
}
