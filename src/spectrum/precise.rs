//! Eigenvalues of any kernel to any number of digits, by Funk-Hecke integrals in the angle.
//!
//! The goal is a number of correct significant digits; the tolerance is `2^-accuracy`, for a kernel of about 1, and follows from the goal
//! and the size of the smallest eigenvalue; the working precision is the tolerance plus what rounding costs. All three
//! are separate. A kernel far from 1 is scaled to it. Starting from a guess of the sizes, a pass computes all degrees with one rule, and what a value lacks
//! sets the tolerance of the next pass.
//!
//! Two ways to know the truncation of the rule:
//! * **certified**: the bound of [`ellipse`](super::ellipse), a theorem, on the whole interval or on each panel of a [`cover`](super::cover);
//!   nodes are chosen so that it is below the tolerance;
//! * **estimate**: where a cover has holes, the difference between two tanh-sinh rules on these (see [`estimate`]).

pub mod budget;

use super::{
    cover::cover,
    ellipse::{Ellipse, Ellipses},
    estimate,
    nodes::Integrand,
    panels::{Computed, certified, on_panels},
};
use crate::{
    error::{Error, Result},
    kernel::{Cut, Kernel},
    math::{
        ball::Ball,
        decimal::known_digits,
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
};
use budget::{STEPS_PER_LAYER, affordable, working_precision};
use rug::Float;
use std::sync::Arc;

/// Extra digits computed, so that rounding to the digits asked is right.
const EXTRA_DIGITS: i64 = 2;
/// Passes after which a value that still cannot be told from zero stays so.
const MOST_PASSES: u32 = 12;
/// The tolerance never goes below `2^-MOST_BITS`.
const MOST_BITS: u32 = 200_000;
/// Limb operations of one pass above which it is refused: about an hour on one core.
const MOST_WORK: f64 = 3e12;
/// The same for passes that only look for the size of values which may as well be zero: under a second.
const MOST_SEARCH: f64 = 5e8;
/// A kernel is scaled where `K(1)` is beyond 2 to this or its inverse, ...
const NEAR_ONE: i32 = 16;
/// ... by no more than 2 to this: f64, in which analyticity is proved, ends there.
const LARGEST_SCALE: i32 = 1000;
/// A last value above the noise with fewer digits than this is on its way down.
const FADED_DIGITS: i64 = 20;

/// One ellipse around the whole interval serves up to so many nodes a bit of accuracy and degree; beyond, panels are tried.
const MOST_NODES: u32 = 2;
/// Bits by which the truncation of each of many panels is smaller than that of one.
const MARGIN: u32 = 6;

/// Why values are estimates, if they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The formula has an absolute value or a root whose argument vanishes inside the interval.
    Kink,
    /// No ellipse could be proved free of singularities.
    Analyticity,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Kink => "the formula is not smooth inside the interval",
            Self::Analyticity => "the kernel could not be proved analytic around the interval",
        })
    }
}

/// How the truncation of a rule is known.
enum Truncation {
    /// By the bound on an ellipse.
    Proved(Box<Ellipses>),
    /// By the bounds on ellipses around panels.
    Covered,
    /// The same, and by comparing tanh-sinh rules on holes.
    Compared,
}

/// The eigenvalues of `kernel` on `S^d` at `degrees`, to `digits` significant digits where that can be had.
///
/// Degrees that vanish for a proved reason should be left out: a value that stays indistinguishable from zero after every
/// effort is returned with a radius larger than itself.
///
/// # Errors
/// When the work would be beyond any patience, with the estimate; when the kernel is not finite at a node.
pub fn eigenvalues(
    kernel: &Kernel,
    dim: Dimension,
    degrees: &Degrees,
    digits: Digits,
) -> Result<(Vec<Computed>, Option<Obstacle>)> {
    let top = u32::try_from(degrees.top()).map_err(|_| {
        let most = format!("degrees below 2^{} by quadrature", u32::BITS);
        Error::too_large(format!("degree {}", degrees.top()), "a recurrence up to it at each node", most)
    })?;
    let exponent = scale(kernel);
    let kernel = &kernel.scaled(-exponent);
    let goal = digits.bits();
    let mut accuracy = Bits(goal.0 + size_guess(dim, top) + 8);
    let smooth = kernel.kinks(Bits(64)).is_empty();
    let mut truncation = Truncation::Proved(Box::new(Ellipses::of(kernel)));
    let mut best: Vec<Computed> = Vec::new();
    let mut most_work = MOST_WORK;
    for pass in 0..MOST_PASSES {
        let all = match pass_at(kernel, dim, top, accuracy, most_work, &mut truncation) {
            Ok(all) => all,
            Err(_) if !best.is_empty() => break,
            Err(error) => return Err(error),
        };
        best = degrees.iter().map(|k| all[k as usize].clone()).collect();
        let lacking = best
            .iter()
            .filter(|value| known_digits(&value.enclosure) < i64::from(digits.get()) + EXTRA_DIGITS)
            .map(|value| missing_bits(&value.enclosure, goal, accuracy))
            .max();
        let Some(missing) = lacking else { break };
        let hopeless = pass >= 2 && matches!(truncation, Truncation::Compared);
        if hopeless || accuracy.0 >= MOST_BITS {
            break;
        }
        most_work =
            if degrees.iter().all(|k| resolved(&all, k) || fades(&all, k)) { MOST_WORK } else { MOST_SEARCH };
        accuracy = Bits((accuracy.0 + missing).min(MOST_BITS));
    }
    let obstacle = match truncation {
        Truncation::Proved(_) | Truncation::Covered => None,
        _ if !smooth => Some(Obstacle::Kink),
        _ => Some(Obstacle::Analyticity),
    };
    best.iter_mut().for_each(|value| value.enclosure = value.enclosure.clone().scaled(exponent));
    Ok((best, obstacle))
}

/// The power of two that `K(1)` is about where it is far from 1, and known to be the largest value. Series, which are cut by the accuracy first, are left
/// alone.
fn scale(kernel: &Kernel) -> i32 {
    let serves = kernel.is_positive_definite() && !kernel.has_series();
    let size = if serves { kernel.at_one(Bits(64)).midpoint().get_exp() } else { None };
    size.filter(|size| size.abs() > NEAR_ONE).map_or(0, |size| size.clamp(-LARGEST_SCALE, LARGEST_SCALE))
}

/// Bits by which the smallest eigenvalue asked may lie below 1: `lambda_k N(d,k)` sums to `K(1)` and falls about like
/// `k^-2` for the kernels of relu networks. A guess only: passes correct it.
fn size_guess(dim: Dimension, top: u32) -> u32 {
    multiplicity(dim, top).significant_bits() + 2 * (u32::BITS - top.leading_zeros())
}

/// How many more bits of tolerance `value` needs.
fn missing_bits(value: &Ball, goal: Bits, accuracy: Bits) -> u32 {
    if value.contains_zero() {
        // Nothing is known of its size but that it is below the tolerance: double it.
        return accuracy.0;
    }
    let exponent = |x: &Float| x.get_exp().unwrap_or(0);
    let known = exponent(value.midpoint()) - exponent(&value.radius());
    (i64::from(goal.0) + 12 - i64::from(known)).max(8) as u32
}

/// Is the value told from zero?
fn resolved(all: &[Computed], k: u64) -> bool {
    !all[k as usize].enclosure.contains_zero()
}

/// Have the degrees of the parity of `k` sunk into the noise before `k`, so that more bits will bring it up? Otherwise it
/// may as well be zero.
fn fades(all: &[Computed], k: u64) -> bool {
    let same_parity = || (0..all.len() as u64).rev().filter(|j| j % 2 == k % 2);
    let last = same_parity().find(|j| resolved(all, *j));
    last.is_some_and(|j| j < k && known_digits(&all[j as usize].enclosure) < FADED_DIGITS)
}

/// One pass, with the series of a kernel that has some cut to its accuracy, and the cost of that in the errors.
fn pass_at(
    kernel: &Kernel,
    dim: Dimension,
    top: u32,
    accuracy: Bits,
    most_work: f64,
    truncation: &mut Truncation,
) -> Result<Vec<Computed>> {
    if !kernel.has_series() {
        return integrate(kernel, dim, top, accuracy, most_work, truncation);
    }
    let (kernel, cut) = cut(kernel, accuracy.plus(SERIES_BITS))?;
    *truncation = Truncation::Proved(Box::new(Ellipses::of(&kernel)));
    let all = integrate(&kernel, dim, top, accuracy, most_work, truncation)?;
    Ok(with_cost(all, &cut.error, dim))
}

/// Values of degrees from 0 whose kernel is known to within `error` at `t = 1`: `lambda_k` to within `error/N(d,k)`.
fn with_cost(all: Vec<Computed>, error: &Float, dim: Dimension) -> Vec<Computed> {
    let widen = |(value, k): (Computed, u32)| {
        let count = multiplicity(dim, k);
        let share = Float::with_val_round(64, error / &count, rug::float::Round::Up).0;
        Computed { enclosure: value.enclosure.widened(&share), ..value }
    };
    all.into_iter().zip(0..).map(widen).collect()
}

/// Bits by which a series is more accurate than the values: layers multiply what is left out.
const SERIES_BITS: u32 = 12;
/// Three jumps, or two and a kink.
const MOST_TIMES: u32 = 8;

/// The kernel with its series cut where that costs about `2^-accuracy`: series twice or four times as accurate where kinks and jumps that follow lose
/// that much of it, unless these would be too long.
fn cut(kernel: &Kernel, accuracy: Bits) -> Result<(Kernel, Arc<Cut>)> {
    let found = kernel.cut(accuracy)?;
    let kept = found.1.error.get_exp().map_or(u32::MAX, |exponent| (-exponent).clamp(1, i32::MAX) as u32);
    let times = (accuracy.0 + kept / 2) / kept;
    if times < 2 { Ok(found) } else { kernel.cut(Bits(accuracy.0 * times.min(MOST_TIMES))).or(Ok(found)) }
}

/// One pass: all degrees `0..=top` with errors of about `2^-accuracy`.
fn integrate(
    kernel: &Kernel,
    dim: Dimension,
    top: u32,
    accuracy: Bits,
    most_work: f64,
    truncation: &mut Truncation,
) -> Result<Vec<Computed>> {
    let target = accuracy.plus(2);
    let layers = STEPS_PER_LAYER * f64::from(kernel.layers());
    // Panels cannot be graded.
    let most = if kernel.grading() > 0 { u32::MAX } else { MOST_NODES * (accuracy.0 + top) };
    let cost = |ellipse: &Ellipse| ellipse.nodes(target, top, dim.get());
    if let Truncation::Proved(ellipses) = &mut *truncation
        && let Some(ellipse) = ellipses.best(most, cost)
    {
        let nodes = cost(&ellipse);
        let own = ellipses.best(u32::MAX, |ellipse| ellipse.points(target));
        let interpolation = own.map(|ellipse| (ellipse, ellipse.points(target)));
        let precision = working_precision(kernel, accuracy, nodes, top);
        affordable(nodes, top, layers + 2.0 * f64::from(nodes), precision, most_work)?;
        let integrand = Integrand::new(kernel, dim, precision).graded(ellipse.grading);
        let sums = integrand.gauss_sums(dim, nodes, top, interpolation)?;
        return Ok(certified(sums, &[(ellipse, nodes)], dim));
    }
    let cover = cover(kernel, target.plus(MARGIN), top, dim.get());
    if cover.holes.is_empty() {
        *truncation = Truncation::Covered;
        let nodes = cover.panels.iter().map(|(_, nodes)| *nodes).sum();
        let precision = working_precision(kernel, accuracy, nodes, top);
        affordable(nodes, top, layers, precision, most_work)?;
        return on_panels(&Integrand::new(kernel, dim, precision), &cover, dim, top);
    }
    *truncation = Truncation::Compared;
    estimate::values(kernel, dim, top, accuracy, most_work, &cover)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `K(1) = (L+1)/2^L` for a network whose weights have half the variance that keeps a signal.
    #[test]
    fn kernels_beyond_machine_numbers_are_estimated() {
        let (degrees, digits) = ("0".parse().unwrap(), Digits::new(3).unwrap());
        let kernel = "ntk:depth=1100,w=1".parse().unwrap();
        let (values, obstacle) = eigenvalues(&kernel, Dimension::SPHERE, &degrees, digits).unwrap();
        let exponent = values[0].enclosure.midpoint().get_exp().unwrap();
        assert!(obstacle == Some(Obstacle::Analyticity) && (-1100..-1088).contains(&exponent), "{exponent}");
    }

    /// A factor changes no digit: what is asked for is relative.
    #[test]
    fn scaled_kernels_have_scaled_eigenvalues() {
        let (degrees, digits) = ("0..3".parse().unwrap(), Digits::new(20).unwrap());
        let found = |kernel: &Kernel| eigenvalues(kernel, Dimension::SPHERE, &degrees, digits).unwrap().0;
        let plain: Kernel = "two-layer:bias=true".parse().unwrap();
        for exponent in [-900, 900] {
            for (scaled, plain) in found(&plain.scaled(exponent)).iter().zip(found(&plain)) {
                let difference = scaled.enclosure.clone().scaled(-exponent) - plain.enclosure;
                assert!(scaled.certified && difference.contains_zero(), "{exponent}");
                assert!(known_digits(&scaled.enclosure) >= 20, "{exponent}");
            }
        }
    }

    #[test]
    fn a_cut_costs_each_degree_its_share() {
        let exact = Computed { enclosure: Ball::exact(Float::new(64)), certified: true };
        for (d, counts) in [(1, [1, 2, 2]), (2, [1, 3, 5]), (4, [1, 5, 14])] {
            let found =
                with_cost(vec![exact.clone(); 3], &Float::with_val(64, 1), Dimension::new(d).unwrap());
            for (value, count) in found.iter().zip(counts) {
                let share = value.enclosure.radius().to_f64() * f64::from(count);
                assert!((1.0..1.0 + 1e-6).contains(&share), "d = {d}: {share}");
            }
        }
    }
}
