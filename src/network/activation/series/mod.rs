//! Activations that are analytic in a strip only: Hermite coefficients with proved errors, and what the series leaves out.
//!
//! With `h_n = He_n/sqrt(n!)` and `a_n(q) = E[phi(sqrt q z) h_n(z)]`, `F = sum_n a_n^2 rho^n` and `q Fdot = sum_n n a_n^2 rho^(n-1)`, `rho = S/q`.
//! One table, `T_n(q)` of tanh, serves four activations: sigmoid is `(1 + tanh(u/2))/2`, silu `u` times it, softplus its integral.
//!
//! *Coefficients.* By the trapezoidal rule ([`rule`]); for tanh `|phi| <= max(1, tan y)` on `|Im u| <= y < pi/2`.
//!
//! *Tails.* By Parseval `sum_(n>N) a_n^2 = E[phi^2] - sum_(n<=N) a_n^2`, and `sum n a_n^2 = q E[phi'^2]`, `sum n (n-1) a_n^2 = q^2 E[phi''^2]`:
//! expectations by the same rule, differences of enclosures. As `|rho| <= 1`, they bound what is left out at every pair of points.

pub mod rule;

use super::Parity;
use crate::math::{ball::Ball, scalar::Scalar, units::Bits};
use rug::{Float, Rational};
use rule::{Rule, Strip, Sums};
use std::f64::consts::{LN_2, PI};

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
pub(super) const MOST_TERMS: f64 = 60_000.0;
/// `y` over the half width of the strip, and its largest size over `sqrt q`.
pub(super) const INSIDE: f64 = 0.97;
pub(super) const WIDEST: f64 = 6.0;
/// Bits of coefficients beyond the accuracy of the tails.
pub(super) const GUARD: u32 = 64;

/// `T_n` of tanh, and its tails `sum_(n>N) n^i T_n^2` for `i = 0, 1, 2`.
struct Tanh {
    coefficients: Vec<Ball>,
    tails: [Ball; 3],
}

/// An upper bound on `sqrt q` and a lower one, in f64.
pub(super) fn roots(q: &Ball) -> [f64; 2] {
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
        let size = y.tan().max(1.0) * (1.0 + 1e-9);
        // tanh' = 1 - tanh^2 and tanh'' = -2 tanh tanh'.
        let growth = (2.0 * size * (1.0 + size * size)).ln();
        let accuracy = accuracy.plus(GUARD);
        let rule = Rule::new(&Strip { alpha: y / root, growth, rate: 0.0 }, terms, accuracy);
        let parts = |u: &Ball| {
            let value = u.clone().tanh();
            let slope = value.constant(&Rational::from(1)) - value.clone() * value.clone();
            let bend = (value.clone() * slope.clone()).times(2);
            [value, slope, bend]
        };
        let Sums { coefficients, moments: [value, slope, bend] } =
            rule.sums(q, terms, Some(Parity::Odd), parts);
        let zero = || Ball::exact(Float::new(coefficients[1].precision().0));
        let mut left = [value, slope * q.clone(), bend * q.clone() * q.clone()];
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
}

impl Table {
    /// The table of these coefficients and tails, and of a mean that may be known better than the first coefficient.
    pub fn new(q: &Ball, coefficients: Vec<Ball>, tails: [Ball; 2], mean: Ball) -> Self {
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

/// `E ln(1 + e^u) = E ln(2 cosh(u/2))`, which is even.
///
/// On `|Im u| <= y < pi`, `ln(2 cosh v)` for `Re v >= 0` is `v + ln(1 + e^(-2v))`, at most `|u|/2 + C` in size with `C = pi + ln 2 - ln sin y`
/// for `y > pi/2`. As `x <= e^(x-1)`, that is at most `(|Im u|/2 + C) + e^(|Re u|/2)` and so `(y/2 + C + 1) e^(sqrt q |Re z|/2)`.
fn softplus_mean(q: &Ball, accuracy: Bits) -> Ball {
    let [root, least] = roots(q);
    let y = (INSIDE * PI).min(WIDEST * least);
    let constant = PI + LN_2 - y.sin().min(1.0).ln().min(0.0);
    let strip = Strip { alpha: y / root, growth: (y / 2.0 + constant + 1.0).ln(), rate: root / 2.0 };
    let parts = |u: &Ball| {
        let one = u.constant(&Rational::from(1));
        [u.clone().half() + (one + (-u.clone()).exp()).ln()]
    };
    let Sums { mut coefficients, .. } = Rule::new(&strip, 0, accuracy).sums(q, 0, Some(Parity::Even), parts);
    coefficients.swap_remove(0)
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
