//! The trace identity `sum_k lambda_k N(d,k) = K(1)`, with a bound on what the degrees beyond `n` may hold.
//!
//! With `M_k = lambda_k N(d,k) >= 0`, at any angle `K(1) - K(cos theta) = sum_k M_k (1 - P_k(cos theta))`, so
//!
//! ```text
//! sum_{k>n} M_k  <=  (K(1) - K(cos theta)) / (1 - b),        b >= P_k(cos theta) for all k > n
//! ```
//!
//! For `d >= 2`, Laplace's integral gives `|P_k(cos theta)| <= E[(1 - sin^2(theta) y)^(k/2)]`, where `1 - y` has the beta
//! distribution of parameters `1/2` and `(d-1)/2`; this falls with `k`, and at an even number `2j` it is the sum of
//! positive terms `binom(j,i) (1/2)_i/(d/2)_i sin^(2i) cos^(2j-2i)`. On the circle the mean over `[0, T]` takes the place of
//! one angle: the mean of `1 - cos(k theta)` is at least `1 - 1/(k T)`, and that of `K(1) - K` is at most its upper Riemann sum,
//! since `K` rises in `t`. The bound is a theorem for kernels that are positive definite by construction.
//!
//! Where the expansion at the ends of the interval ([`asymptotic`](crate::spectrum::asymptotic)) reaches down to `n`, it gives the tail itself, with a
//! proved error, and what the sum leaves must lie in it.

use super::{Case, Check, Status};
use crate::{
    kernel::Angle,
    math::{
        ball::Ball,
        decimal::{known_digits, of_bound},
        units::Bits,
    },
    spectrum::{Kind, asymptotic::Expansion},
};
use rug::Float;
use std::f64::consts::{FRAC_PI_2, PI};

/// Precision of the kernel values.
const PRECISION: Bits = Bits(128);
/// More than all roundings of an f64 sum of positive terms here can cost, relatively.
const SLACK: f64 = 1e-9;
/// Panels of the Riemann sum on the circle.
const PANELS: u32 = 32;
/// A tail known to fewer digits says less than the bound.
const FEWEST_DIGITS: i64 = 3;

/// Checks that what the sum leaves of `K(1)` is what the degrees beyond hold, or is neither negative nor more than they can hold.
pub fn check(case: &Case<'_>, expansion: &mut Expansion) -> Check {
    let at_one = case.kernel.at_one(Bits(case.digits.bits().0.max(PRECISION.0)));
    let left = at_one.clone() - case.spectrum.trace();
    let share = (left.clone() / at_one).midpoint().to_f64();
    let name = "trace";
    let proved = case.spectrum.eigenvalues.iter().all(|value| value.kind != Kind::Estimate);
    let status = |holds: bool| match (holds, proved) {
        (false, _) => Status::Fails,
        (true, true) => Status::Proved,
        (true, false) => Status::Holds,
    };
    let size = left.midpoint().to_f64();
    let tail = expansion.tail(case.dim, u64::from(case.max_degree) + 1, case.digits);
    if let Some(tail) = tail.map(|found| found.enclosure).filter(|tail| known_digits(tail) >= FEWEST_DIGITS) {
        let gap = left - tail.clone();
        let detail = format!(
            "K(1) - sum = {size:.3e}, {share:.2e} of K(1); higher degrees hold {:.3e}, proved to within {}; the two differ by {}",
            tail.midpoint().to_f64(),
            of_bound(&tail.radius()),
            if gap.contains_zero() {
                format!("at most {}", of_bound(&gap.magnitude()))
            } else {
                format!("{:.3e}", gap.midpoint().to_f64())
            }
        );
        return case.check(name, case.all_degrees(), status(gap.contains_zero()), detail);
    }
    if !case.kernel.is_positive_definite() {
        let detail =
            format!("{share:.3e} of K(1) is left; no bound, as a formula need not be positive definite");
        return case.check(name, case.all_degrees(), Status::Skipped, detail);
    }
    let bound = tail_bound(case);
    let negative = left.upper() < 0;
    let excessive = left.lower() > bound;
    let detail =
        format!("K(1) - sum = {size:.3e}, {share:.2e} of K(1); higher degrees hold at most {bound:.3e}");
    case.check(name, case.all_degrees(), status(!negative && !excessive), detail)
}

/// An upper bound on `sum_{k>n} lambda_k N(d,k)`: the least over a ladder of angles.
fn tail_bound(case: &Case<'_>) -> f64 {
    let (d, n) = (case.dim.get(), f64::from(case.max_degree) + 1.0);
    let zero = Ball::exact(Float::new(PRECISION.0));
    let kernel = case.kernel.evaluator_in(&zero);
    let at_one = case.kernel.at_one(PRECISION);
    let drop = |theta: f64| {
        let angle = Angle::from_radians(Ball::exact(Float::with_val(PRECISION.0, theta)));
        (at_one.clone() - kernel.at(&angle)).upper().to_f64() * (1.0 + SLACK)
    };
    let scale = n + f64::from(d - 1) / 2.0;
    (-6..=24)
        .map(|rung| 1.25f64.powi(rung) / scale * f64::from(d).sqrt())
        .filter(|theta| *theta < FRAC_PI_2)
        .map(|theta| {
            let (drop, gap) = if d == 1 {
                let right_ends = (1..=PANELS).map(|j| theta * f64::from(j) / f64::from(PANELS));
                (right_ends.map(drop).sum::<f64>() / f64::from(PANELS), 1.0 - 1.0 / (n * theta))
            } else {
                (drop(theta), 1.0 - zonal_bound(d, theta, case.max_degree.div_ceil(2)))
            };
            if gap > 2.0 * SLACK { drop / (gap - SLACK) } else { f64::INFINITY }
        })
        .fold(f64::INFINITY, f64::min)
}

/// `E[(1 - sin^2(theta) y)^j]`, a bound on `|P_k(cos theta)|` for every `k >= 2j`; `d >= 2`.
fn zonal_bound(d: u32, theta: f64, j: u32) -> f64 {
    let (s, c) = theta.sin_cos();
    // Term by term in logarithms: cos^(2j) may underflow where the sum does not.
    let mut log_term = 2.0 * f64::from(j) * c.ln();
    let mut sum = log_term.exp();
    for i in 0..j {
        let x = f64::from(i);
        let ratio = (f64::from(j) - x) / (x + 1.0) * (0.5 + x) / (0.5 * f64::from(d) + x) * (s / c).powi(2);
        log_term += ratio.ln();
        sum += log_term.exp();
    }
    debug_assert!(sum <= 1.0 + SLACK && theta < PI);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 - y` is the square of a coordinate of a unit vector with `d` of them: `E y = 1 - 1/d`, `E y^2 = 1 - 2/d + 3/(d (d+2))`.
    #[test]
    fn the_bound_on_zonal_polynomials_is_the_mean_of_powers() {
        for d in [2u32, 3, 7] {
            for theta in [0.3, 1.0] {
                let (s, n) = (f64::sin(theta).powi(2), f64::from(d));
                let mean = 1.0 - 1.0 / n;
                assert!((zonal_bound(d, theta, 1) - (1.0 - s * mean)).abs() < 1e-14);
                let square = 1.0 - 2.0 / n + 3.0 / (n * (n + 2.0));
                let second = 1.0 - 2.0 * s * mean + s * s * square;
                assert!((zonal_bound(d, theta, 2) - second).abs() < 1e-14);
            }
        }
    }
}
