//! Activations that are analytic in a strip only: Hermite coefficients with proved errors, and what the series leaves out.
//!
//! With `h_n = He_n/sqrt(n!)` and `a_n(q) = E[phi(sqrt q z) h_n(z)]`, `F = sum_n a_n^2 rho^n` and `q Fdot = sum_n n a_n^2 rho^(n-1)`, `rho = S/q`.
//! One table, `T_n(q)` of tanh, serves four activations: sigmoid is `(1 + tanh(u/2))/2`, silu `u` times it, softplus its integral.
//!
//! *Coefficients.* The trapezoidal rule in `z` with step `h`. If `|phi| <= B` on `|Im u| <= y < pi/2`, which `B = max(1, tan y)` is for tanh, then
//! with `alpha = y/sqrt q` the rule is off by at most `2 B e^(alpha^2/2 + alpha sqrt n)/(e^(2 pi alpha/h) - 1)`, as
//! `Int |h_n(x + i alpha)| dN(x) <= sum_j sqrt(C(n,j)/j!) alpha^j <= e^(alpha sqrt n)`. Cutting at `|z| = L` costs at most
//! `(2/sqrt(2 pi)) 1.0865 (2/(L-h)) e^(-(L-h)^2/4)` for `|phi| <= 1`, by Cramer's `|h_n| <= 1.0865 e^(z^2/4)`.
//!
//! *Rounding.* `He_(n+1) = z He_n - n He_(n-1)` in floating point of precision `p`: over `sqrt((n+1)!)`, each step adds an error of at most
//! `2^-p 1.0865 e^(z^2/4) (|z| + 2)`, and an error grows by at most `1 + |z|/sqrt(n+1)` a step, so to at most `e^(2 |z| sqrt N)` altogether. With
//! the weight `e^(-z^2/2)/sqrt(2 pi)`, `N` steps cost less than `N (|z| + 2) e^(2 |z| sqrt N) 2^-p` a node. The precision of each node follows.
//!
//! *Tails.* By Parseval `sum_(n>N) a_n^2 = E[phi^2] - sum_(n<=N) a_n^2`, and `sum n a_n^2 = q E[phi'^2]`, `sum n (n-1) a_n^2 = q^2 E[phi''^2]`:
//! expectations by the same rule, differences of enclosures. As `|rho| <= 1`, they bound what is left out at every pair of points.

use crate::math::{ball::Ball, bound::Bound, scalar::Scalar, units::Bits};
use rayon::prelude::*;
use rug::{Float, Rational, ops::AddAssignRound};
use std::f64::consts::{LN_2, LOG2_E, PI};

/// The Hermite series of an activation at one variance, cut.
#[derive(Clone, Debug)]
pub struct Table {
    /// `q`.
    pub q: Ball,
    /// `a_n^2` for `n = 0..=N`.
    pub squares: Vec<Ball>,
    /// An enclosure of `sum_(n>N) a_n^2` and of `sum_(n>N) n a_n^2`.
    pub tails: [Ball; 2],
    /// `a_0`.
    pub mean: Ball,
}

/// The longest series.
const MOST_TERMS: f64 = 60_000.0;
/// `y` over the half width of the strip, and its largest size over `sqrt q`.
const INSIDE: f64 = 0.97;
const WIDEST: f64 = 6.0;
/// Bits of coefficients beyond the accuracy of the tails.
const GUARD: u32 = 64;
/// Nodes of one task.
const CHUNK: usize = 16;

/// `T_n` of tanh, and its tails `sum_(n>N) n^i T_n^2` for `i = 0, 1, 2`.
struct Tanh {
    coefficients: Vec<Ball>,
    tails: [Ball; 3],
}

/// The nodes `h, 2h, ..., count h` of a rule, `h = step 2^-20`.
struct Rule {
    step: u32,
    count: u32,
    /// Bounds on the errors from discretisation and from cutting, as powers of two, for coefficients up to `N` and for expectations.
    lost: Ball,
    accuracy: Bits,
}

const STEP_BITS: i32 = 20;

impl Rule {
    /// A rule for coefficients up to `terms` of a function bounded by `growth` on `|Im z| <= alpha`, to `2^-accuracy`.
    fn new(alpha: f64, growth: f64, terms: u32, accuracy: Bits) -> Self {
        let wanted = f64::from(accuracy.0) * LN_2;
        let decay = wanted + growth.ln() + 0.5 * alpha * alpha + alpha * f64::from(terms).sqrt() + 4.0;
        let step = (2.0 * PI * alpha / decay * f64::from(1 << STEP_BITS))
            .floor()
            .clamp(1.0, f64::from(1 << STEP_BITS)) as u32;
        let h = f64::from(step) / f64::from(1 << STEP_BITS);
        let reach = 2.0 * (wanted + 4.0).sqrt() + h;
        let count = (reach / h).ceil() as u32 + 1;
        // 2 e^(-decay + wanted-terms) for the step, below e^(-wanted - 3); (4/sqrt(2 pi)) 1.0865 e^(-wanted - 4)/(L - h) for the cut: both are
        // smaller than half of 2^-accuracy, with room for the rounding of these few operations in f64.
        let lost = Ball::exact(Float::new(64)).widened(&(Float::with_val(64, 1) >> accuracy.0));
        Self { step, count, lost, accuracy }
    }

    fn node(&self, j: u32, precision: u32) -> Float {
        Float::with_val(precision.max(64), u64::from(self.step) * u64::from(j)) >> STEP_BITS
    }

    /// `h e^(-z^2/2)/sqrt(2 pi)` at the node.
    fn weight(&self, j: u32, precision: u32) -> Ball {
        let z = Ball::exact(self.node(j, precision));
        let h = Ball::exact(self.node(1, precision));
        let root = z.pi().times(2).sqrt();
        h * (-(z.clone() * z).half()).exp() / root
    }
}

/// An upper bound on `sqrt q` and a lower one, in f64.
fn roots(q: &Ball) -> [f64; 2] {
    let root = q.midpoint().to_f64().sqrt();
    [root * (1.0 + 1e-9), root * (1.0 - 1e-9)]
}

impl Tanh {
    /// The coefficients at variance `q` with tails below about `2^-accuracy`; none where that would take too many terms.
    fn new(q: &Ball, accuracy: Bits) -> Option<Self> {
        let [root, least] = roots(q);
        if !(least > 1e-6 && root < 1e6) {
            return None;
        }
        let wanted = f64::from(accuracy.0) * LN_2;
        let terms = |slack: f64| ((wanted + slack) * root / PI).powi(2);
        // The sum of n^2 T_n^2 is larger than the last term by a power of n.
        let terms = terms(2.5 * terms(10.0).max(10.0).ln() + 4.0).ceil() + 20.0;
        if terms > MOST_TERMS {
            return None;
        }
        let terms = terms as u32 | 1;
        let y = (INSIDE * PI / 2.0).min(WIDEST * least);
        let growth = y.tan().max(1.0) * (1.0 + 1e-9);
        let accuracy = accuracy.plus(GUARD);
        let rule = Rule::new(y / root, 4.0 * (growth * (1.0 + growth * growth)).powi(2), terms, accuracy);
        let (sums, moments) = Self::sums(q, &rule, terms);
        let precision = sums[0].precision();
        // a_n = sum/sqrt(n!).
        let mut factorial = Ball::exact(Float::with_val(precision.0, 1));
        let mut coefficients = Vec::with_capacity(terms as usize + 1);
        for n in 0..=terms {
            if n > 1 {
                factorial = factorial.times(n as i32);
            }
            let value = if n.is_multiple_of(2) {
                Ball::exact(Float::new(precision.0))
            } else {
                let sum = sums[n as usize / 2].clone() / factorial.clone().sqrt();
                sum + rule.lost.clone()
            };
            coefficients.push(value);
        }
        let zero = || Ball::exact(Float::new(precision.0));
        let mut left = moments;
        for (n, a) in coefficients.iter().enumerate().skip(1).step_by(2) {
            let square = a.clone() * a.clone();
            let n = n as i32;
            for (left, factor) in left.iter_mut().zip([1, n, n * (n - 1)]) {
                *left = std::mem::replace(left, zero()) - square.clone().times(factor);
            }
        }
        let [none, first, second] = left;
        Some(Self { coefficients, tails: [none, first.clone(), second + first] })
    }

    /// `sum_j 2 w_j tanh(sqrt q z_j) He_n(z_j)` for odd `n`, and `E tanh^2`, `q E tanh'^2`, `q^2 E tanh''^2`.
    fn sums(q: &Ball, rule: &Rule, terms: u32) -> (Vec<Ball>, [Ball; 3]) {
        let short = rule.accuracy.0 + GUARD;
        let root = Ball::exact(Float::with_val(short, q.midpoint())).widened(&q.radius()).sqrt();
        let odd = (terms as usize).div_ceil(2);
        let all: Vec<u32> = (0..=rule.count).collect();
        let parts: Vec<(Vec<Float>, Float, [Ball; 3])> = all
            .par_chunks(CHUNK)
            .map(|nodes| {
                let mut sums = vec![Float::new(short); odd];
                let mut error = Float::new(64);
                let mut moments = [(); 3].map(|()| Ball::exact(Float::new(short)));
                for &j in nodes {
                    let value = (root.clone() * Ball::exact(rule.node(j, short))).tanh();
                    let weight = rule.weight(j, short).times(if j == 0 { 1 } else { 2 });
                    let one = Ball::exact(Float::with_val(short, 1));
                    let slope = one - value.clone() * value.clone();
                    let bend = (value.clone() * slope.clone()).times(2);
                    for (moment, part) in moments.iter_mut().zip([&value, &slope, &bend]) {
                        *moment = moment.clone() + weight.clone() * part.clone() * part.clone();
                    }
                    add_node(rule, j, terms, &(weight * value), &mut sums, &mut error);
                }
                (sums, error, moments)
            })
            .collect();
        let mut total = vec![Float::new(short); odd];
        let mut error = Float::new(64);
        let mut moments = [(); 3].map(|()| Ball::exact(Float::new(short)));
        for (sums, lost, part) in parts {
            total.iter_mut().zip(&sums).for_each(|(total, sum)| *total += sum);
            error.add_assign_round(&lost, rug::float::Round::Up);
            for (moment, part) in moments.iter_mut().zip(part) {
                *moment = moment.clone() + part;
            }
        }
        (enclosed(total, &error, rule, terms), scaled(moments, q, rule))
    }
}

/// Adds the node's part to the sums of odd degrees, and what its weight does not know to the error.
fn add_node(rule: &Rule, j: u32, terms: u32, weight: &Ball, sums: &mut [Float], error: &mut Float) {
    let short = rule.accuracy.0 + GUARD;
    let z = rule.node(j, 64);
    let growth = 2.0 * z.to_f64() * f64::from(terms).sqrt() * LOG2_E;
    let precision = rule.accuracy.0 + 40 + growth.ceil() as u32 + (u32::BITS - terms.leading_zeros());
    // |h_n| <= 1.0865 e^(z^2/4) times the radius of the weight.
    let quarter = Float::with_val(64, z.square_ref()) / 4u32;
    let missed = Float::with_val(64, weight.radius() * quarter.exp()) * 1.1f64;
    error.add_assign_round(&missed, rug::float::Round::Up);
    let factor = rule.step * j;
    let (mut before, mut last) = (Float::with_val(precision, 1), Float::with_val(precision, &z));
    for n in 1..=terms {
        if n % 2 == 1 {
            let value = Float::with_val(short, &last);
            sums[n as usize / 2] += Float::with_val(short, weight.midpoint() * &value);
        }
        let next = (Float::with_val(precision, &last * factor) >> STEP_BITS)
            - Float::with_val(precision, &before * n);
        (before, last) = (last, next);
    }
}

/// The sums over `sqrt(n!)` are off by the roundings of the recurrence and of the terms, and by `error` from the weights.
///
/// Rounding: a node's recurrence costs less than `N (|z| + 2) e^(2 |z| sqrt N) 2^-p`, which its precision makes `2^-(accuracy + 38)` with room for
/// `|z| + 2 < 4 L`; terms are rounded twice and added at `accuracy + 64` bits, sizes summing to at most 2 over `sqrt(n!)`. Together they stay
/// below `2^-accuracy`. The radius is given times `sqrt(n!)`, so that the division by it leaves it.
fn enclosed(total: Vec<Float>, error: &Float, rule: &Rule, terms: u32) -> Vec<Ball> {
    let lost = Float::with_val(64, 1) >> rule.accuracy.0;
    let radius = Bound::above(&(lost + error)).times(Bound::power_of_two(1));
    let mut root = Bound::power_of_two(0);
    let mut balls = Vec::with_capacity(total.len());
    for (n, sum) in (1..=terms).step_by(2).zip(total) {
        for m in [n.saturating_sub(1), n] {
            let factor = Float::with_val(64, m.max(1)).sqrt();
            root = root.times(Bound::above(&factor));
        }
        balls.push(Ball::new(sum, &root.times(radius).to_float()));
    }
    balls
}

/// The expectations with their errors, times 1, `q` and `q^2`.
fn scaled([value, slope, bend]: [Ball; 3], q: &Ball, rule: &Rule) -> [Ball; 3] {
    let [value, slope, bend] = [value, slope, bend].map(|moment| moment + rule.lost.clone());
    [value, slope * q.clone(), bend * q.clone() * q.clone()]
}

impl Table {
    fn new(q: &Ball, coefficients: Vec<Ball>, tails: [Ball; 2], mean: Ball) -> Self {
        let squares = coefficients.into_iter().map(|a| a.clone() * a).collect();
        // Sums of squares: from 0 to the upper end.
        let tails = tails.map(|tail| {
            let most = tail.upper().max(&Float::new(tail.precision().0));
            let half = Ball::exact(Float::with_val(64, most)).half();
            let radius = half.magnitude();
            half.widened(&radius)
        });
        Self { q: q.clone(), squares, tails, mean }
    }

    /// tanh.
    pub fn tanh(q: &Ball, accuracy: Bits) -> Option<Self> {
        let Tanh { coefficients, tails: [value, slope, _] } = Tanh::new(q, accuracy)?;
        let mean = coefficients[0].clone();
        Some(Self::new(q, coefficients, [value, slope], mean))
    }

    /// `s_n` of the sigmoid, and tails of `s_n^2`, `n s_n^2` and `n^2 s_n^2`.
    fn gates(q: &Ball, accuracy: Bits) -> Option<(Vec<Ball>, [Ball; 3])> {
        let Tanh { coefficients, tails } = Tanh::new(&q.clone().half().half(), accuracy)?;
        let mut gates: Vec<Ball> = coefficients.into_iter().map(Scalar::half).collect();
        gates[0] = gates[0].constant(&Rational::from((1, 2)));
        Some((gates, tails.map(|tail| tail.half().half())))
    }

    /// `1/(1 + e^-u)`.
    pub fn sigmoid(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [value, slope, _]) = Self::gates(q, accuracy)?;
        let mean = gates[0].clone();
        Some(Self::new(q, gates, [value, slope], mean))
    }

    /// `u/(1 + e^-u)`: `a_n = sqrt q (sqrt(n+1) s_(n+1) + sqrt n s_(n-1))`.
    pub fn silu(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [none, first, second]) = Self::gates(q, accuracy)?;
        let root = q.clone().sqrt();
        let last = gates.len() - 1;
        let sqrt = |n: usize| gates[0].constant(&Rational::from(n)).sqrt();
        let coefficient = |n: usize| {
            let above = sqrt(n + 1) * gates[n + 1].clone();
            let below =
                if n == 0 { gates[0].constant(&Rational::new()) } else { sqrt(n) * gates[n - 1].clone() };
            root.clone() * (above + below)
        };
        let coefficients: Vec<Ball> = (0..last).map(coefficient).collect();
        // Beyond last-1: a_n^2 <= 2 q ((n+1) s_(n+1)^2 + n s_(n-1)^2), where s_(last-1) and s_last are still known.
        let known = |power: u32| {
            [last - 1, last].into_iter().fold(gates[0].constant(&Rational::new()), |sum, m| {
                let weight = gates[0].constant(&Rational::from(m + 1)).powi(power);
                sum + weight * gates[m].clone() * gates[m].clone()
            })
        };
        let doubled = |x: Ball| (x * q.clone()).times(2);
        // sum (m+1) s_m^2 <= first + none; sum n (n+1) s_(n+1)^2 <= second; sum (m+1)^2 s_m^2 <= second + 2 first + none.
        let value = doubled(first.clone().times(2) + none.clone() + known(1));
        let slope = doubled(second.times(2) + first.times(2) + none + known(2));
        let mean = coefficients[0].clone();
        Some(Self::new(q, coefficients, [value, slope], mean))
    }

    /// `ln(1 + e^u)`: `a_n = sqrt(q/n) s_(n-1)`.
    pub fn softplus(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [none, ..]) = Self::gates(q, accuracy)?;
        let mean = softplus_mean(q, accuracy.plus(GUARD));
        let root = q.clone().sqrt();
        let sqrt = |n: usize| gates[0].constant(&Rational::from(n)).sqrt();
        let mut coefficients = vec![mean.clone()];
        coefficients.extend((1..=gates.len()).map(|n| root.clone() * gates[n - 1].clone() / sqrt(n)));
        let next = gates[0].constant(&Rational::from(gates.len() + 1));
        let value = none.clone() * q.clone() / next;
        Some(Self::new(q, coefficients, [value, none * q.clone()], mean))
    }
}

/// `E ln(1 + e^u) = E ln(2 cosh(u/2))`.
///
/// On `|Im u| <= y < pi`, `ln(2 cosh v)` for `Re v >= 0` is `v + ln(1 + e^(-2v))`, at most `|u|/2 + C` in size with `C = pi + ln 2 - ln sin y`
/// for `y > pi/2`, so that the rule is off by at most `2 e^(alpha^2/2) (sqrt q (1 + alpha)/2 + C)/(e^(2 pi alpha/h) - 1)`.
fn softplus_mean(q: &Ball, accuracy: Bits) -> Ball {
    let [root, least] = roots(q);
    let y = (INSIDE * PI).min(WIDEST * least);
    let alpha = y / root;
    let constant = PI + LN_2 - y.sin().min(1.0).ln().min(0.0);
    let rule = Rule::new(alpha, (root * (1.0 + alpha) / 2.0 + constant) * (1.0 + root), 0, accuracy);
    let precision = rule.accuracy.0 + GUARD;
    let scale = Ball::exact(Float::with_val(precision, q.midpoint())).widened(&q.radius()).sqrt();
    let term = |j: u32| {
        let u = scale.clone() * Ball::exact(rule.node(j, precision));
        let one = Ball::exact(Float::with_val(precision, 1));
        let value = u.clone().half() + (one + (-u).exp()).ln();
        rule.weight(j, precision).times(if j == 0 { 1 } else { 2 }) * value
    };
    (0..=rule.count).map(term).fold(Ball::exact(Float::new(precision)), |sum, x| sum + x) + rule.lost.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(q: f64) -> Ball {
        Ball::exact(Float::with_val(300, q))
    }

    type Made = fn(&Ball, Bits) -> Option<Table>;
    const ALL: [Made; 4] = [Table::tanh, Table::sigmoid, Table::silu, Table::softplus];

    /// Two accuracies take other steps, cuts and precisions, and must agree within what both claim.
    #[test]
    fn two_accuracies_agree() {
        for make in ALL {
            for q in [0.25, 1.0, 2.5] {
                let [short, long] = [40, 90].map(|bits| make(&variance(q), Bits(bits)).unwrap());
                assert!(short.squares.len() < long.squares.len());
                for (n, (a, b)) in short.squares.iter().zip(&long.squares).enumerate() {
                    assert!((a.clone() - b.clone()).contains_zero(), "a_{n}^2 at q = {q}");
                    assert!(a.radius() < 1e-25 && b.radius() < 1e-40);
                }
            }
        }
    }

    /// What is left out lies below the tail, and the tail of tanh is no larger than that: Parseval is sharp.
    #[test]
    fn tails_bound_what_is_left_out() {
        for (make, is_sharp) in ALL.into_iter().zip([true, true, false, false]) {
            let [short, long] = [40, 90].map(|bits| make(&variance(1.3), Bits(bits)).unwrap());
            let left = |power: u32| {
                let term = |(n, square): (usize, &Ball)| {
                    square.clone() * square.constant(&Rational::from(n)).powi(power)
                };
                let rest = long.squares.iter().enumerate().skip(short.squares.len()).map(term);
                rest.fold(long.tails[power as usize].clone(), |sum, x| sum + x)
            };
            for power in [0, 1] {
                let (tail, left) = (short.tails[power as usize].magnitude(), left(power));
                assert!(tail >= left.lower(), "{tail} against {left:?}");
                assert!(!is_sharp || Float::with_val(64, tail * 0.999f64) <= left.upper(), "not sharp");
                assert!(short.tails[power as usize].magnitude() < 1e-9);
            }
        }
    }

    #[test]
    fn series_that_are_too_long_are_refused() {
        assert!(Table::tanh(&variance(1e9), Bits(200)).is_none());
        assert!(Table::tanh(&variance(0.0), Bits(60)).is_none());
    }
}
