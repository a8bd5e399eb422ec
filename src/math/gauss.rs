//! Gauss-Legendre rules at any precision, with nodes and weights enclosed.
//!
//! A root starts from Tricomi's formula and Newton's method in f64, at `x`. There `P_n` and `P_n'` come from the recurrence at full
//! precision, and all higher derivatives from the Legendre equation,
//!
//! ```text
//! (1-x^2) P^(m+2) = 2 (m+1) x P^(m+1) + (m (m+1) - n (n+1)) P^(m),
//! ```
//!
//! so that the Taylor polynomial at `x` gives `P_n` and `P_n'` at a point `x + delta` next to the root, to which Newton's method
//! leads on the polynomial alone.
//!
//! *Truncation.* For `|w| <= rho` with `|x| + rho < 1` and `x + w = cos(zeta)`,
//! `2 cosh(Im zeta) = |1-x-w| + |1+x+w| <= 2 + rho^2 / v` with `v = 1 - (|x|+rho)^2`, hence `|Im zeta| <= rho/sqrt(v)`. As `P_n(cos zeta)` is a sum of
//! cosines `cos(j zeta)`, `j <= n`, with nonnegative coefficients of sum 1, `|P_n| <= e^(n |Im zeta|) <= e^2 < 2^3` on the disc if
//! `(n rho)^2 <= 4 v`. By Cauchy's estimate and with `|delta| <= 2^-g rho`, `g >= 1`, the terms past `delta^M` are less than
//! `2^(4 - g (M+1))` in `P_n` and less than `2^(5 - g M) (M+1) / rho` in `P_n'`.
//!
//! *Proof of the root.* Write `y(phi) = P_n(cos phi)`, a trigonometric
//! polynomial with `|y| <= 1`; by Bernstein's inequality `|y^(m)| <= n^m`. If `2 n^2 |y(phi)| <= y'(phi)^2`, a root lies
//! within `h = 2 |y/y'|` of `phi`, at
//!
//! ```text
//! phi - y/y' + e,       |e| <= n^2 h^2 / (2 |y'|)
//! y'(root) = y' - y'' y/y' + e',   |e'| <= n^2 |e| + n^3 h^2 / 2,   y'' = -cot(phi) y' - n (n+1) y
//! weight = 2 / y'(root)^2
//! ```
//!
//! Disjoint enclosures of `n/2` positive roots are all there are. Sources: Szego 1975; Glaser, Liu and Rokhlin 2007 for the Taylor
//! polynomial; Hale and Townsend 2013 for starting values; Johansson and Mezzarobba 2018 for rigorous rules.

#[cfg(test)]
mod tests;

use super::{
    ball::Ball,
    scalar::Scalar,
    units::{Bits, Dimension},
    zonal_sums::{Recurrence, STEP_ULPS},
};
use crate::error::{Error, Result};
use rayon::prelude::*;
use rug::{Float, Integer, float::Round, ops::DivAssignRound};

/// Half of a symmetric rule on `[-1, 1]`: nodes `0 < x < 1` in falling order, and their weights.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The positive nodes; the others are their negatives.
    pub nodes: Vec<Ball>,
    /// The weights, one a positive node.
    pub weights: Vec<Ball>,
}

/// The most bits that one term of the Taylor polynomial is taken to bring.
const MOST_GAIN: u32 = 50;
/// Bits past the working precision to which the Taylor polynomial is cut off.
const CUT_OFF: u32 = 12;
/// Terms whose factors, `2 (m+1)^2`, fit 32 bits.
const MOST_TERMS: u32 = 30_000;

/// The Gauss-Legendre rule with `2 * half` nodes; the radii are about `n^2 2^-precision`.
///
/// # Errors
/// When `precision` is too low to separate the nodes.
pub fn legendre(half: u32, precision: Bits) -> Result<Rule> {
    let n = 2 * half;
    let recurrence = Recurrence::new(Dimension::SPHERE, n, precision);
    let enclosed =
        |j| Local::at(n, &recurrence, newton_f64(n, j)).and_then(|local| local.near_root()?.enclose(n));
    let pairs: Vec<(Ball, Ball)> =
        (1..=half).into_par_iter().map(enclosed).collect::<Option<_>>().unwrap_or_default();
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

/// `P_n` around a point `0 < x < 1`: its Taylor coefficients there up to the `M`-th, which suffice within `2^-g rho` of `x`.
struct Local {
    x: Float,
    coefficients: Vec<Ball>,
    rho: Float,
    gain: u32,
    precision: Bits,
}

/// `P_n` and its derivative at a point.
struct Point {
    x: Float,
    value: Ball,
    derivative: Ball,
}

impl Local {
    /// The coefficients at `x`; none if the disc around it is not inside the interval.
    fn at(n: u32, recurrence: &Recurrence, x: f64) -> Option<Self> {
        let p = recurrence.precision();
        let precision = p.plus(8);
        let fixed = to_fixed(&Float::with_val(53, x), p);
        let (before, value) = recurrence.last_two(&fixed);
        let ulps = u64::from(STEP_ULPS) * u64::from(n) * u64::from(n + 1) / 2;
        let error = Float::with_val_round(32, ulps, Round::Up).0 >> p.0;
        let ball = |v: Integer| Ball::new(Float::with_val(precision.0, from_fixed(v, p)), &error);
        let (before, value) = (ball(before), ball(value));
        let x = from_fixed(fixed, p);
        let at = Ball::exact(Float::with_val(precision.0, &x));
        let one = Ball::exact(Float::with_val(precision.0, 1));
        let inverse = one.clone() / ((one.clone() - at.clone()) * (one + at.clone()));
        let count = i32::try_from(n).ok()?;
        let first = (before - at.clone() * value.clone()).times(count) * inverse.clone();
        let start = value.midpoint().to_f64() / first.midpoint().to_f64();
        let rho = Float::with_val(53, (1.0 - x.to_f64().powi(2)).sqrt() / (2.0 * f64::from(n)));
        let gain = (-(start.abs() / rho.to_f64()).log2() - 1.0).min(f64::from(MOST_GAIN));
        if !(gain >= 1.0 && is_small(n, &x, &rho)) {
            return None;
        }
        let gain = gain as u32;
        let terms = (p.0 + CUT_OFF + u32::BITS - n.leading_zeros()).div_ceil(gain) + 1;
        if terms > MOST_TERMS {
            return None;
        }
        let order = i64::from(n) * i64::from(n + 1);
        let mut coefficients = vec![value, first];
        for m in 0..terms - 1 {
            let [low, high] = [0, 1].map(|i| coefficients[(m + i) as usize].clone());
            let factor = Ball::exact(Float::with_val(64, i64::from(m * (m + 1)) - order));
            let lead = (at.clone() * high).times(2 * (m as i32 + 1).pow(2));
            coefficients.push(((lead + low * factor) * inverse.clone()).over((m + 1) * (m + 2)));
        }
        Some(Self { x, coefficients, rho, gain, precision })
    }

    /// The Taylor polynomial and its derivative at `delta`, without what is cut off.
    fn polynomial(&self, delta: &Ball) -> (Ball, Ball) {
        let zero = Ball::exact(Float::new(self.precision.0));
        let (mut value, mut slope) = (zero.clone(), zero);
        for coefficient in self.coefficients.iter().rev() {
            slope = slope * delta.clone() + value.clone();
            value = value * delta.clone() + coefficient.clone();
        }
        (value, slope)
    }

    /// The root of the Taylor polynomial less `x`, by Newton's method with twice the bits and terms at each step: an estimate.
    fn root(&self) -> Float {
        let middle = |m: usize, bits: u32| Float::with_val(bits, self.coefficients[m].midpoint());
        let mut known = self.gain;
        let mut delta = -(middle(0, known + 32) / middle(1, known + 32));
        while known < self.precision.0 {
            known *= 2;
            let bits = known.min(self.precision.0) + 32;
            let terms = (known / self.gain + 2).min(self.coefficients.len() as u32) as usize;
            delta.set_prec(bits);
            let (mut value, mut slope) = (Float::new(bits), Float::new(bits));
            for m in (0..terms).rev() {
                slope *= &delta;
                slope += &value;
                value *= &delta;
                value += middle(m, bits);
            }
            delta -= value / slope;
        }
        delta
    }

    /// `P_n` at a point next to the root; none if that is not within reach.
    fn near_root(&self) -> Option<Point> {
        let p = self.precision.0;
        let delta = self.root();
        let x = Float::with_val(p + 64, &self.x + &delta);
        let delta = Float::with_val(p + 64, &x - &self.x);
        if Float::with_val(p + 64, delta.abs_ref()) > Float::with_val(53, &self.rho >> self.gain) {
            return None;
        }
        let (value, derivative) = self.polynomial(&Ball::exact(delta));
        let last = self.coefficients.len() as i32 - 1;
        let cut = |exponent: i32| Float::with_val(32, Float::i_exp(1, exponent));
        let gain = self.gain as i32;
        let mut slope_error = cut(5 - gain * last) * (last + 1);
        slope_error.div_assign_round(&self.rho, Round::Up);
        let value = value.widened(&cut(4 - gain * (last + 1)));
        Some(Point { x, value, derivative: derivative.widened(&slope_error) })
    }
}

/// Is `|x| + rho < 1` and `(n rho)^2 <= 4 (1 - (|x|+rho)^2)`?
fn is_small(n: u32, x: &Float, rho: &Float) -> bool {
    let ball = |x: &Float| Ball::exact(Float::with_val(x.prec().max(64), x));
    let one = Ball::exact(Float::with_val(64, 1));
    let reach = ball(x) + ball(rho);
    let room = (one.clone() - reach.clone()) * (one.clone() + reach.clone());
    let spread = ball(rho) * Ball::exact(Float::with_val(64, n));
    (one - reach).is_positive() && (room.times(4) - spread.clone() * spread).is_positive()
}

impl Point {
    /// Encloses the root nearby and its weight; see the module's text for the proof.
    fn enclose(self, n: u32) -> Option<(Ball, Ball)> {
        let (x, y) = (Ball::exact(self.x), self.value);
        let one = Ball::exact(Float::with_val(x.precision().0, 1));
        let sine = ((one.clone() - x.clone()) * (one.clone() + x.clone())).sqrt();
        let slope = -(sine.clone() * self.derivative);
        let squared = Ball::exact(Float::with_val(x.precision().0, u64::from(n) * u64::from(n)));
        let proof = slope.clone() * slope.clone() - (squared.clone() * absolute(&y)).times(2);
        if !proof.is_positive() {
            return None;
        }
        let reach = (absolute(&y) / absolute(&slope)).times(2);
        let reach_squared = reach.clone() * reach.clone();
        let step_error = (squared.clone() * reach_squared.clone() / absolute(&slope)).half();
        let step = (-(y.clone() / slope.clone())).widened(&step_error.magnitude());
        let node = (x.clone() - sine.clone() * step.clone()).widened(&reach_squared.magnitude());
        let order = Ball::exact(Float::with_val(x.precision().0, u64::from(n) * u64::from(n + 1)));
        let second = -(x / sine * slope.clone()) - order * y;
        let cubic = (squared.times(i32::try_from(n).ok()?) * reach_squared).half();
        let root_slope = (slope + second * step).widened(&cubic.magnitude());
        Some((node, one.times(2) / (root_slope.clone() * root_slope)))
    }
}

/// A ball around `|x|`, as an exact upper bound.
fn absolute(x: &Ball) -> Ball {
    Ball::exact(Float::with_val(x.precision().0, x.midpoint().abs_ref())).widened(&x.radius())
}
