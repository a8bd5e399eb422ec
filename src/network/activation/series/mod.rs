//! Activations that are analytic in a strip only: Hermite coefficients with proved errors, and what the series leaves out.
//!
//! With `h_n = He_n/sqrt(n!)` and `a_n(q) = E[phi(sqrt q z) h_n(z)]`, `F = sum_n a_n^2 rho^n` and `q Fdot = sum_n n a_n^2 rho^(n-1)`, `rho = S/q`.
//! One table, `T_n(q)` of tanh, serves four activations: sigmoid is `(1 + tanh(u/2))/2`, silu `u` times it, softplus its integral.
//!
//! *Coefficients.* By the trapezoidal rule ([`rule`]); for tanh `|phi| <= max(1, tan y)` on `|Im u| <= y < pi/2`.
//!
//! *Tails.* By Parseval `F(q) = E[phi^2]` and `q Fdot(q) = q E[phi'^2]`, expectations by the same rule, and `sum_(n>N) a_n^2 = F(q) - sum_(n<=N) a_n^2` and
//! `sum_(n>N) n a_n^2 = q Fdot(q) - sum_(n<=N) n a_n^2`. As `|rho| <= 1`, they bound what is left out at every pair of points. The expectations are known far
//! better than the sums, whose terms each depend on `q`: so a variance is no wider after many layers than after one.

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
    /// `F(q)` and `q Fdot(q)`, with nothing left out.
    pub whole: [Ball; 2],
    /// `sum_(n>N) a_n^2` and `sum_(n>N) n a_n^2`.
    pub tails: [Ball; 2],
    /// `a_0`.
    pub mean: Ball,
}

/// The longest series.
pub const MOST_TERMS: f64 = 60_000.0;
/// `y` over the half width of the strip, and its largest size over `sqrt q`.
pub(super) const INSIDE: f64 = 0.97;
pub(super) const WIDEST: f64 = 6.0;
/// Bits of coefficients beyond the accuracy of the tails.
pub(super) const GUARD: u32 = 64;

/// Taylor coefficients of `F` inside `|S| < q`.
const INNER: usize = 5;

/// The largest variance of inputs, and the smallest.
pub const VARIANCES: [f64; 2] = [1e-200, 1e12];

/// `T_n` of tanh, and `E phi^2`, `E phi'^2` and `E phi''^2`.
struct Tanh {
    coefficients: Vec<Ball>,
    moments: [Ball; 3],
}

/// An upper bound on `sqrt q` and a lower one, in f64.
pub(super) fn roots(q: &Ball) -> [f64; 2] {
    [q.upper().to_f64().sqrt() * (1.0 + 1e-9), q.lower().to_f64().sqrt() * (1.0 - 1e-9)]
}

/// The same, where the variance is one that a series can be made for, and known to two digits at least.
pub fn usable(q: &Ball) -> Option<[f64; 2]> {
    let [root, least] = roots(q);
    let [low, high] = VARIANCES.map(f64::sqrt);
    (least > low && root < high && root < 1.01 * least).then_some([root, least])
}

impl Tanh {
    /// The coefficients at variance `q` with tails below about `2^-accuracy`; none where that would take too many terms.
    fn new(q: &Ball, accuracy: Bits) -> Option<Self> {
        let [root, least] = usable(q)?;
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
        let Sums { coefficients, moments } = rule.sums(q, terms, Some(Parity::Odd), parts);
        Some(Self { coefficients, moments })
    }
}

impl Table {
    /// The table of these coefficients and sums of the whole, and of a mean that may be known better than the first coefficient.
    pub fn new(q: &Ball, coefficients: Vec<Ball>, whole: [Ball; 2], mean: Ball) -> Self {
        let squares: Vec<Ball> = coefficients.into_iter().map(|a| a.clone() * a).collect();
        let mut tails = whole.clone();
        for (square, n) in squares.iter().zip(0..) {
            let [none, first] = tails;
            tails = [none - square.clone(), first - square.clone().times(n)];
        }
        Self { q: q.clone(), squares, whole, tails: tails.map(not_negative), mean }
    }

    /// The coefficients of a series of the same length with the same sum `F(q)` as the whole: what the cut leaves out is added to the last one.
    pub fn conserving(&self) -> Vec<Ball> {
        let mut all = self.squares.clone();
        if let Some(last) = all.iter().rposition(|square| !square.is_zero()).filter(|last| *last > 0) {
            all.truncate(last + 1);
            all[last] = all[..last].iter().fold(self.whole[0].clone(), |rest, square| rest - square.clone());
        }
        all
    }

    /// The Taylor coefficients of `F`, nothing left out, at the covariance `s` of a pair: two next to `|s| = q`, [`INNER`] elsewhere.
    ///
    /// With `r = |s|/q < 1` and `N` the last index, what the sum leaves out of coefficient `j >= 2` is at most
    /// `sum_(n>N) a_n^2 C(n,j) r^(n-j) <= (N+1)^(j-1) r^(N+1-j)/j! sum_(n>N) n a_n^2`, where `n^(j-1) r^n` falls from `N+1` on.
    pub fn taylor(&self, s: &Ball) -> Vec<Ball> {
        let rho = s.clone() / self.q.clone();
        let zero = rho.constant(&Rational::new());
        let number = |n: usize| rho.constant(&Rational::from(n));
        let size = Ball::exact(rho.magnitude());
        let first = self.squares.len();
        let growth = (number(first + 1) / number(first)).powi(INNER as u32 - 2);
        let count = if (growth * size.clone()).upper() < 1 && first > INNER { INNER } else { 2 };
        let mut sums = vec![zero; count];
        for square in self.squares.iter().rev() {
            for j in (1..count).rev() {
                sums[j] = sums[j].clone() * rho.clone() + sums[j - 1].clone();
            }
            sums[0] = sums[0].clone() * rho.clone() + square.clone();
        }
        let mut scale = number(1);
        let mut factorial = 1;
        sums.into_iter()
            .enumerate()
            .map(|(j, sum)| {
                if j > 0 {
                    scale = scale.clone() / self.q.clone();
                    factorial *= j;
                }
                let left = match j {
                    0 | 1 => self.tails[j].clone(),
                    _ => {
                        let most = number(first).powi(j as u32 - 1) * size.clone().powi((first - j) as u32);
                        self.tails[1].clone() * most / number(factorial)
                    }
                };
                sum.widened(&left.magnitude()) * scale.clone()
            })
            .collect()
    }

    /// tanh.
    pub fn tanh(q: &Ball, accuracy: Bits) -> Option<Self> {
        let Tanh { coefficients, moments: [value, slope, _] } = Tanh::new(q, accuracy)?;
        let mean = coefficients[0].clone();
        Some(Self::new(q, coefficients, [value, slope * q.clone()], mean))
    }

    /// `s_n` of the sigmoid, and with `T = tanh v` and `v = u/2`, `E T^2`, `E (1-T^2)^2` and `E (2 T (1-T^2))^2`.
    fn gates(q: &Ball, accuracy: Bits) -> Option<(Vec<Ball>, [Ball; 3])> {
        let Tanh { coefficients, moments } = Tanh::new(&q.clone().half().half(), accuracy)?;
        let mut gates: Vec<Ball> = coefficients.into_iter().map(Scalar::half).collect();
        gates[0] = gates[0].constant(&Rational::from((1, 2)));
        Some((gates, moments))
    }

    /// `1/(1 + e^-u) = (1 + T)/2`.
    pub fn sigmoid(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [value, slope, _]) = Self::gates(q, accuracy)?;
        let mean = gates[0].clone();
        let one = value.constant(&Rational::from(1));
        let whole = [(one + value).half().half(), slope.scaled(-4) * q.clone()];
        Some(Self::new(q, gates, whole, mean))
    }

    /// `u/(1 + e^-u)`: `a_n = sqrt q (sqrt(n+1) s_(n+1) + sqrt n s_(n-1))`.
    ///
    /// It is `v (1 + T)`, with the derivative `(1 + T + v S)/2`, `S = 1 - T^2`. With `p = q/4` the variance of `v`, `a = E T^2`, `b = E S^2` and
    /// `c = E (2 T S)^2`, and as `E v g = p E g'` and `E v^2 g = p E g + p^2 E g''` (Stein),
    ///
    /// ```text
    /// E v^2 T^2 = p a + p^2 (4 a + 6 b - 4),    E v T S = p (2 a + 3 b - 2),    E v^2 S^2 = p b + p^2 (5 c - 4 b)
    /// E phi^2 = p + E v^2 T^2,                  E phi'^2 = (1 + a + E v^2 S^2 + 2 E v T S)/4
    /// ```
    pub fn silu(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [a, b, c]) = Self::gates(q, accuracy)?;
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
        let number = |n: i32| a.constant(&Rational::from(n));
        let p = number(1) * q.clone().half().half();
        let gated = a.clone().times(4) + b.clone().times(6) - number(4);
        let value = p.clone() * (number(1) + a.clone() + p.clone() * gated);
        let crossed = a.clone().times(2) + b.clone().times(3) - number(2);
        let bent = p.clone() * (b.clone() + crossed.times(2) + p * (c.times(5) - b.times(4)));
        let slope = (number(1) + a + bent).half().half();
        let mean = coefficients[0].clone();
        Some(Self::new(q, coefficients, [value, slope * q.clone()], mean))
    }

    /// `ln(1 + e^u)`: `a_n = sqrt(q/n) s_(n-1)`. It is `v + ln(2 cosh v)`, an odd and an even part, with the derivative `(1 + T)/2`.
    pub fn softplus(q: &Ball, accuracy: Bits) -> Option<Self> {
        let (gates, [value, ..]) = Self::gates(q, accuracy)?;
        let [mean, square] = log_cosh(q, accuracy.plus(GUARD));
        let root = q.clone().sqrt();
        let sqrt = |n: usize| gates[0].constant(&Rational::from(n)).sqrt();
        let mut coefficients = vec![mean.clone()];
        coefficients.extend((1..=gates.len()).map(|n| root.clone() * gates[n - 1].clone() / sqrt(n)));
        let one = value.constant(&Rational::from(1));
        let whole = [square + q.clone().half().half(), (one + value).half().half() * q.clone()];
        Some(Self::new(q, coefficients, whole, mean))
    }
}

/// The members of the ball that are not negative, of a number that is not.
fn not_negative(x: Ball) -> Ball {
    if !x.is_finite() || x.lower() >= 0 {
        return x;
    }
    let most = x.upper().max(&Float::new(x.precision().0));
    let half = Ball::exact(Float::with_val(64, most)).half();
    let radius = half.magnitude();
    half.widened(&radius)
}

/// The mean of `ln(2 cosh(u/2))` and of its square.
///
/// On `|Im u| <= y < pi`, `ln(2 cosh v)` for `Re v >= 0` is `v + ln(1 + e^(-2v))`, at most `|u|/2 + C` in size with `C = pi + ln 2 - ln sin y`
/// for `y > pi/2`. As `x <= e^(x-1)`, that is at most `(|Im u|/2 + C) + e^(|Re u|/2)` and so `(y/2 + C + 1) e^(sqrt q |Re z|/2)`.
fn log_cosh(q: &Ball, accuracy: Bits) -> [Ball; 2] {
    let [root, least] = roots(q);
    let y = (INSIDE * PI).min(WIDEST * least);
    let constant = PI + LN_2 - y.sin().min(1.0).ln().min(0.0);
    let strip = Strip { alpha: y / root, growth: (y / 2.0 + constant + 1.0).ln(), rate: root / 2.0 };
    let parts = |u: &Ball| {
        let one = u.constant(&Rational::from(1));
        [u.clone().half() + (one + (-u.clone()).exp()).ln()]
    };
    let Sums { mut coefficients, moments: [square] } =
        Rule::new(&strip, 0, accuracy).sums(q, 0, Some(Parity::Even), parts);
    [coefficients.swap_remove(0), square]
}

#[cfg(test)]
mod tests;
