//! The sum at many neighbouring degrees of one parity, in integers.
//!
//! Let `c_i = tau_(2i+1) + (-1)^k tau~_(2i+1)` and `u = (2k+d-1)^2`. As `E_(2i+3)/E_(2i+1) = -A_i/(u - B_i^2)` with `A_i = 4 (2i+d+1)(2i+3)` and
//! `B_i = 2i+d+2`,
//!
//! ```text
//! sum_{i<n} c_i E_(2i+1)(k) = E_(2m+1)(k) S_m,      S_(n-1) = c_(n-1),      S_i = c_i - A_i S_(i+1) / (u - B_i^2)
//! ```
//!
//! where `m` is the first index whose `c_m` is not exactly 0. The `S_i` are kept as integers `T_i`, about `2^p S_i`: a product and a quotient by a short
//! number each.
//!
//! **Error.** With `|T_(n-1) - 2^p c_(n-1)|` and so on at most `h_i` from the coefficients, and quotients cut to integers, `|T_i - 2^p S_i| <= g_i` where
//! `g_(n-1) = h_(n-1)` and `g_i = h_i + A_i g_(i+1)/(u - B_i^2) + 1`. For `k > n - 1/2` the divisors are positive and rise with `k`, so that the errors of the
//! first degree hold for all later ones.
//!
//! **Truncation.** So does the bound on what `n` terms leave: as `k` rises beyond `n`, `|E_(2n+1)(k)|` falls, and so do `e^(-kY)` and `k!/((d+1)/2)_k`.

use super::{Expanded, Expansion, coefficients::Coefficients};
use crate::math::{
    ball::Ball,
    bound::Bound,
    chord,
    degrees::Degrees,
    scalar::Scalar,
    units::{Bits, Digits, Dimension},
};
use rayon::prelude::*;
use rug::{Float, Integer};

/// Bits of the integers beyond the goal.
const GUARD_BITS: i64 = 24;

/// `S_i` from `S_(i+1)`.
#[derive(Clone, Debug)]
struct Step {
    /// `2^p c_i`.
    constant: Integer,
    /// `A_i`.
    above: u64,
    /// `B_i^2`.
    square: u64,
}

/// What the sum is at the degrees of one parity, from one on.
#[derive(Clone, Debug)]
pub struct Run {
    last_degree: u64,
    dim: Dimension,
    /// `m`.
    power: u64,
    /// What `E_(2m+1)(k)` has over its factors.
    numerator: Ball,
    /// The exponent `p`.
    scale: i32,
    /// From the last index down.
    steps: Vec<Step>,
    /// `g_m 2^-p`.
    error: Bound,
    truncation: Bound,
}

impl Run {
    /// The run that begins at `first`, of which `found` was found; none where all coefficients vanish.
    ///
    /// It ends where values have fallen to about half of the first, so that they have all but a bit of its digits.
    pub fn new(
        coefficients: &Coefficients,
        dim: Dimension,
        first: u64,
        found: &Expanded,
        goal: Bits,
    ) -> Option<Self> {
        let parity = (first % 2) as usize;
        let power = (0..found.terms).find(|i| !coefficients.at(parity, *i).is_zero())?;
        let d = u64::from(dim.get());
        let numerator = chord::numerator(dim, power as u64, goal.plus(GUARD_BITS as u32));
        let lead = numerator.clone() / factors(dim, power as u64, first);
        let exponent = |x: &Ball| x.midpoint().get_exp().map(i64::from);
        let scale = i64::from(goal.0) + GUARD_BITS - exponent(&found.enclosure)? + exponent(&lead)?;
        let scale = i32::try_from(scale).ok()?;
        let root = Integer::from(2 * first + d - 1);
        let mut error = Bound::ZERO;
        let mut steps = Vec::with_capacity(found.terms - power);
        for i in (power..found.terms).rev() {
            let c = coefficients.at(parity, i);
            let constant = (c.midpoint().clone() << scale).to_integer()?;
            let i = i as u64;
            let (above, square) = (4 * (2 * i + d + 1) * (2 * i + 3), (2 * i + d + 2).pow(2));
            let divisor = Integer::from(root.square_ref()) - square;
            let quotient =
                Bound::above(&Float::with_val(64, above)).over(Bound::below(&Float::with_val(64, &divisor)));
            // Half a unit from the rounding of the constant, one from the quotient.
            let own = Bound::above(&c.radius()).scaled_by(scale).plus(Bound::power_of_two(1));
            error = own.plus(if steps.is_empty() { Bound::ZERO } else { error.times(quotient) });
            steps.push(Step { constant, above, square });
        }
        Some(Self {
            last_degree: first + first / (2 * (d + 3)),
            dim,
            power: power as u64,
            numerator,
            scale,
            steps,
            error: error.scaled_by(-scale),
            truncation: found.bound,
        })
    }

    /// Does it hold for a degree of its parity, from its first on?
    pub fn covers(&self, degree: u64) -> bool {
        degree <= self.last_degree
    }

    /// The eigenvalue at a degree that is covered.
    pub fn at(&self, degree: u64) -> Expanded {
        let square = Integer::from(2 * degree + u64::from(self.dim.get()) - 1).square();
        let mut sum = Integer::new();
        for step in &self.steps {
            sum *= step.above;
            sum /= Integer::from(&square - step.square);
            sum = &step.constant - sum;
        }
        let bits = sum.significant_bits().max(1);
        let sum = Ball::exact(Float::with_val(bits, sum)).scaled(-self.scale).widened(&self.error.to_float());
        let value = self.numerator.clone() * sum / factors(self.dim, self.power, degree);
        let (terms, bound) = (self.power as usize + self.steps.len(), self.truncation);
        Expanded { enclosure: value.widened(&bound.to_float()), terms, bound }
    }
}

impl Expansion {
    /// The eigenvalues at `degrees`, to `digits` significant digits; none from the first on at which the bound does not give them.
    pub fn eigenvalues(
        &mut self,
        dim: Dimension,
        degrees: &Degrees,
        digits: Digits,
    ) -> Vec<Option<Expanded>> {
        let mut runs: Vec<Run> = vec![];
        let mut latest: [Option<usize>; 2] = [None; 2];
        let mut served: Vec<(u64, usize)> = Vec::with_capacity(degrees.len());
        for degree in degrees.iter() {
            let latest = &mut latest[(degree % 2) as usize];
            let at = match latest.filter(|at| runs[*at].covers(degree)) {
                Some(at) => at,
                None => {
                    let Some(run) = self.run(dim, degree, digits) else { break };
                    runs.push(run);
                    runs.len() - 1
                }
            };
            *latest = Some(at);
            served.push((degree, at));
        }
        let mut values: Vec<Option<Expanded>> = served
            .par_iter()
            .map(|(degree, at)| Some(runs[*at].at(*degree)).filter(|v| v.has(digits)))
            .collect();
        // Where a run lacks digits, as next to a change of sign, the degree is summed by itself.
        for ((degree, _), value) in served.iter().zip(&mut values).filter(|(_, value)| value.is_none()) {
            *value = self.eigenvalue(dim, *degree, digits);
        }
        values.resize(degrees.len(), None);
        values
    }

    /// The run that begins at a degree.
    fn run(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Run> {
        let found = self.eigenvalue(dim, degree, digits)?;
        Run::new(self.coefficients.as_ref()?, dim, degree, &found, digits.bits())
    }
}

/// The factors under `E_(2i+1)(k)`.
fn factors(dim: Dimension, i: u64, degree: u64) -> Ball {
    let product = chord::denominator(dim, i, degree);
    Ball::exact(Float::with_val(product.significant_bits().max(1), product))
}
