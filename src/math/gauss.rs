//! Gauss-Legendre rules at any precision, with nodes and weights enclosed.
//!
//! Roots start from Tricomi's formula, are polished by Newton's method in f64 and then by a fifth-order step from the
//! Legendre equation at growing precision. The last step is a proof. Write `y(phi) = P_n(cos phi)`, a trigonometric
//! polynomial with `|y| <= 1`; by Bernstein's inequality `|y^(m)| <= n^m`. If `2 n^2 |y(phi)| <= y'(phi)^2`, a root lies
//! within `h = 2 |y/y'|` of `phi`, at
//!
//! ```text
//! phi - y/y' + e,       |e| <= n^2 h^2 / (2 |y'|)
//! y'(root) = y' - y'' y/y' + e',   |e'| <= n^2 |e| + n^3 h^2 / 2,   y'' = -cot(phi) y' - n (n+1) y
//! weight = 2 / y'(root)^2
//! ```
//!
//! Disjoint enclosures of `n/2` positive roots are all there are. Sources: Szego 1975; Hale and Townsend 2013 for
//! starting values; Johansson and Mezzarobba 2018 for rigorous rules.

use super::{
    ball::Ball,
    scalar::Scalar,
    units::{Bits, Dimension},
    zonal_sums::{Recurrence, STEP_ULPS},
};
use crate::error::{Error, Result};
use rayon::prelude::*;
use rug::{Float, Integer, Rational, float::Round};

/// Half of a symmetric rule on `[-1, 1]`: nodes `0 < x < 1` in falling order, and their weights.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The positive nodes; the others are their negatives.
    pub nodes: Vec<Ball>,
    /// The weights, one a positive node.
    pub weights: Vec<Ball>,
}

/// Correct bits of a root, relative to the distance between roots, after the f64 iteration.
const F64_BITS: u32 = 24;
/// By how much a fifth-order step multiplies the correct bits, with a reserve.
const STEP_GAIN: u32 = 4;

/// The Gauss-Legendre rule with `2 * half` nodes; the radii are about `n^2 2^-precision`.
///
/// # Errors
/// When `precision` is too low to separate the nodes.
pub fn legendre(half: u32, precision: Bits) -> Result<Rule> {
    let n = 2 * half;
    let early: Vec<(Bits, Recurrence)> =
        stage_precisions(n, precision).into_iter().map(|bits| (bits, recurrence(n, bits))).collect();
    let full = recurrence(n, precision);
    let pairs: Vec<(Ball, Ball)> = (1..=half)
        .into_par_iter()
        .map(|j| {
            let mut root = Float::with_val(53, newton_f64(n, j));
            for (bits, stage) in &early {
                root = improve(n, stage, *bits, &root);
            }
            enclose(n, &full, precision, &root)
        })
        .collect();
    let separated = pairs.windows(2).all(|pair| (pair[0].0.clone() - pair[1].0.clone()).is_positive());
    let all_positive = pairs.last().is_some_and(|(x, _)| x.is_positive());
    if !(separated && all_positive) {
        return Err(Error::numerical(
            format!("Gauss-Legendre rule with {n} nodes"),
            format!("{} bits, which do not separate the nodes", precision.0),
            "more bits",
        ));
    }
    let (nodes, weights) = pairs.into_iter().unzip();
    Ok(Rule { nodes, weights })
}

fn recurrence(n: u32, precision: Bits) -> Recurrence {
    Recurrence::new(Dimension::SPHERE, n, precision)
}

/// Precisions of the improving steps.
///
/// Before the enclosure a root must be right to half the bits, so that the quadratic terms of the proof are below the last bit.
fn stage_precisions(n: u32, precision: Bits) -> Vec<Bits> {
    let spacing = 2 * (u32::BITS - n.leading_zeros());
    let needed = precision.0 / 2 + spacing;
    let mut known = F64_BITS;
    let mut stages = Vec::new();
    while known < needed {
        known = (known * STEP_GAIN).min(needed);
        stages.push(Bits(known + 2 * spacing + 8));
    }
    stages
}

/// Nodes `0 < x < 1` and weights of the rule with `2 * half` nodes in f64, right to about `n 2^-53`: an estimate.
pub fn legendre_f64(half: u32) -> Vec<(f64, f64)> {
    let n = 2 * half;
    let pair = |j| {
        let x = newton_f64(n, j);
        let (_, slope) = value_and_slope(n, x);
        (x, 2.0 / ((1.0 - x) * (1.0 + x) * slope * slope))
    };
    (1..=half).map(pair).collect()
}

/// `P_n(x)` and `P_n'(x)` in f64.
fn value_and_slope(n: u32, x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    for k in 1..n {
        let shifted = x * current;
        let ratio = f64::from(k) / f64::from(k + 1);
        (previous, current) = (current, shifted + ratio * (shifted - previous));
    }
    (current, f64::from(n) * (previous - x * current) / ((1.0 - x) * (1.0 + x)))
}

/// The `j`-th largest root of `P_n` in f64, by Newton's method from Tricomi's formula.
fn newton_f64(n: u32, j: u32) -> f64 {
    let order = f64::from(n);
    let angle = std::f64::consts::PI * (4.0 * f64::from(j) - 1.0) / (4.0 * order + 2.0);
    let mut x = (1.0 - (order - 1.0) / (8.0 * order.powi(3))) * angle.cos();
    for _ in 0..3 {
        let (value, slope) = value_and_slope(n, x);
        x -= value / slope;
    }
    x
}

fn to_fixed(x: &Float, bits: Bits) -> Integer {
    let scaled = Float::with_val(x.prec(), x << bits.0);
    scaled.to_integer_round(Round::Down).map_or_else(Integer::new, |(value, _)| value)
}

fn from_fixed(value: Integer, bits: Bits) -> Float {
    let exact = value.significant_bits().max(bits.0) + 1;
    Float::with_val(exact, value) >> bits.0
}

/// One fifth-order step from `x`: the root of the fourth-order Taylor polynomial of `P_n`, found by iteration.
fn improve(n: u32, stage: &Recurrence, bits: Bits, x: &Float) -> Float {
    let fixed = to_fixed(x, bits);
    let (before, value) = stage.last_two(&fixed);
    let p = bits.0;
    let x = from_fixed(fixed, bits);
    let float = |v: Integer| Float::with_val(p, from_fixed(v, bits));
    let (before, y) = (float(before), float(value));
    let room = Float::with_val(p, 1 - Float::with_val(p, x.square_ref()));
    let slope = Float::with_val(p, before - Float::with_val(p, &x * &y)) * n / &room;
    let order = f64::from(n) * f64::from(n + 1);
    // (1-x^2) y'' = 2x y' - n(n+1) y, and its derivatives.
    let next = |factor: i32, shift: f64, high: &Float, low: &Float| {
        let lead = Float::with_val(p, &x * high) * factor;
        Float::with_val(p, lead - Float::with_val(p, low * (order - shift))) / &room
    };
    let second = next(2, 0.0, &slope, &y);
    let third = next(4, 2.0, &second, &slope);
    let fourth = next(6, 6.0, &third, &second);
    let mut step = Float::with_val(p, -Float::with_val(p, &y / &slope));
    for _ in 0..3 {
        let tail = Float::with_val(p, &fourth * &step) / 24u32 + Float::with_val(p, &third / 6u32);
        let tail = (tail * &step + Float::with_val(p, &second / 2u32)) * &step * &step;
        step = -((tail + &y) / &slope);
    }
    Float::with_val(p, x + step)
}

/// Encloses the root near `x` and its weight; see the module's text for the proof.
fn enclose(n: u32, stage: &Recurrence, precision: Bits, x: &Float) -> (Ball, Ball) {
    let fixed = to_fixed(x, precision);
    let (before, value) = stage.last_two(&fixed);
    let ulps = u64::from(STEP_ULPS) * u64::from(n) * u64::from(n + 1) / 2;
    let error = Float::with_val_round(32, ulps, Round::Up).0 >> precision.0;
    let work = Bits(precision.0 + 8);
    let ball = |v: Integer| Ball::new(Float::with_val(work.0, from_fixed(v, precision)), &error);
    let (before, y) = (ball(before), ball(value));
    let x = Ball::exact(Float::with_val(work.0, from_fixed(fixed, precision)));
    let one = Ball::exact(Float::with_val(work.0, 1));
    let sine = ((one.clone() - x.clone()) * (one + x.clone())).sqrt();
    // y' = -n (P_{n-1} - x P_n) / sin(phi)
    let count = i32::try_from(n).unwrap_or(i32::MAX);
    let slope = -((before - x.clone() * y.clone()).times(count) / sine.clone());
    let squared = Ball::exact(Float::with_val(work.0, u64::from(n) * u64::from(n)));
    let proof = slope.clone() * slope.clone() - (squared.clone() * absolute(&y)).times(2);
    if !proof.is_positive() {
        let nowhere = x / Ball::exact(Float::new(work.0));
        return (nowhere.clone(), nowhere);
    }
    let reach = (absolute(&y) / absolute(&slope)).times(2);
    let reach_squared = reach.clone() * reach.clone();
    let step_error = (squared.clone() * reach_squared.clone() / absolute(&slope)).half();
    let step = (-(y.clone() / slope.clone())).widened(&step_error.magnitude());
    let node = (x.clone() - sine.clone() * step.clone()).widened(&reach_squared.magnitude());
    let order = Ball::exact(Float::with_val(work.0, u64::from(n) * u64::from(n + 1)));
    let second = -(x / sine * slope.clone()) - order * y;
    let cubic = (squared.times(count) * reach_squared).half();
    let root_slope = (slope + second * step).widened(&cubic.magnitude());
    let two = Ball::from_rational(work, &Rational::from(2));
    (node, two / (root_slope.clone() * root_slope))
}

/// A ball around `|x|`, as an exact upper bound.
fn absolute(x: &Ball) -> Ball {
    Ball::exact(Float::with_val(x.precision().0, x.midpoint().abs_ref())).widened(x.radius())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule of n nodes integrates x^(2m) to 2/(2m+1) for 2m < 2n, inside its own enclosures, and misses 2m = 2n.
    #[test]
    fn rules_are_exact_for_polynomials_and_only_for_those() {
        for (half, bits) in [(1, 100), (2, 64), (5, 300), (30, 200), (61, 1000), (150, 260)] {
            let rule = legendre(half, Bits(bits)).unwrap();
            let moment = |power: u32| {
                let zero = Ball::exact(Float::new(bits));
                let sum = rule
                    .nodes
                    .iter()
                    .zip(&rule.weights)
                    .fold(zero, |sum, (x, w)| sum + w.clone() * x.clone().powi(power));
                sum.times(2) - Ball::from_rational(Bits(bits), &Rational::from((2, power + 1)))
            };
            for power in [0, 2, 2 * half, 4 * half - 2] {
                let miss = moment(power);
                assert!(miss.contains_zero(), "{half} {bits} {power}");
                assert!(miss.radius().get_exp().unwrap() < 40 - bits as i32, "{half} {bits}: {miss:?}");
            }
            if half < 10 {
                assert!(!moment(4 * half).contains_zero());
            }
        }
    }
}
