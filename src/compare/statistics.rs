//! Confidence intervals.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        harmonics::{multiplicity, zonal_polynomials},
        units::Dimension,
    },
    sample::gegenbauer,
};
use statrs::distribution::{ContinuousCDF, Gamma, Normal, StudentsT};

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Is `x` inside?
    pub fn contains(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    /// The interval, `by` wider on either side.
    #[must_use]
    pub fn widened(self, by: f64) -> Self {
        Self { low: self.low - by, high: self.high + by }
    }
}

/// The mean and the standard deviation (with `n - 1`) of two or more values.
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}

/// Student's interval for the mean at this confidence; `None` for fewer than two values, whose spread nobody knows.
pub fn student(values: &[f64], confidence: f64) -> Option<Interval> {
    let n = values.len();
    let law = StudentsT::new(0.0, 1.0, n.checked_sub(1)? as f64).ok()?;
    let (mean, deviation) = mean_and_deviation(values);
    let half = law.inverse_cdf(0.5 + 0.5 * confidence) * deviation / (n as f64).sqrt();
    Some(Interval { low: mean - half, high: mean + half })
}

/// The law of an estimate around the truth: its standard deviation and skewness.
///
/// Quantiles are those of the shifted gamma law with these moments (Pearson III), which is exact for sums of equally weighted squares and
/// close for the weighted ones that degenerate U-statistics tend to.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// The standard deviation.
    pub deviation: f64,
    /// The skewness.
    pub skewness: f64,
}

/// Below this skewness the gamma law is the normal one to four digits.
const SYMMETRIC: f64 = 1e-3;

impl Law {
    /// The law of the mean of `repeats` independent estimates.
    #[must_use]
    pub fn averaged(self, repeats: usize) -> Self {
        let root = (repeats as f64).sqrt();
        Self { deviation: self.deviation / root, skewness: self.skewness / root }
    }

    /// The deviation from the truth that is exceeded with probability `1 - p`.
    pub fn quantile(&self, p: f64) -> f64 {
        let sign = self.skewness.signum();
        let p = if sign < 0.0 { 1.0 - p } else { p };
        let shape = 4.0 / (self.skewness * self.skewness);
        let standard = match Gamma::new(shape, 1.0) {
            Ok(law) if self.skewness.abs() > SYMMETRIC => sign * (law.inverse_cdf(p) - shape) / shape.sqrt(),
            _ => return self.deviation * sign * Normal::standard().inverse_cdf(p),
        };
        self.deviation * standard
    }

    /// The interval that holds the truth with this confidence, equally likely to miss on either side.
    pub fn interval(&self, estimate: f64, confidence: f64) -> Interval {
        let tail = 0.5 * (1.0 - confidence);
        Interval { low: estimate - self.quantile(1.0 - tail), high: estimate - self.quantile(tail) }
    }
}

/// Nodes of the rule for moments of a pair.
const PAIR_NODES: u32 = 256;
/// Harmonics whose weights make the skewness.
const PAIR_DEGREES: u32 = 96;

/// The law of the pairwise estimate of degree `k` from `n` independent uniform points on `S^d`.
///
/// With `h(t) = K(t) P_k(t)` and `h_l` its own eigenvalues, `n (u - lambda_k)` tends to `sum_{l>=1} h_l (chi^2_{N(d,l)} - N(d,l))`: the first
/// projection of the U-statistic vanishes because `h` is zonal. So the variance is `2 Var h / (n(n-1))`, for every `n`, and
/// the third cumulant `8 sum N(d,l) h_l^3 / n^3` in the limit. Moments by a Gauss rule of 256 nodes: an estimate.
/// Source: Hoeffding (1948); Serfling (1980), section 5.5.
pub fn pair_law(kernel: &Kernel, dim: Dimension, degree: u32, n: usize) -> Law {
    let values = kernel.evaluator();
    let mut square = 0.0;
    let mut weights = vec![0.0; PAIR_DEGREES as usize + 1];
    for (angle, t, mass) in pair_rule(dim) {
        let mut zonal = 0.0;
        zonal_polynomials(dim, t, degree, |_, p| zonal = p);
        let value = values.at(&angle) * zonal;
        square += mass * value * value;
        zonal_polynomials(dim, t, PAIR_DEGREES, |l, p| weights[l as usize] += mass * value * p);
    }
    let variance = (square - weights[0] * weights[0]).max(0.0);
    let count = |l: u32| multiplicity(dim, l).to_f64();
    let cubes: f64 = (1..=PAIR_DEGREES).map(|l| count(l) * weights[l as usize].powi(3)).sum();
    let skewness = if variance > 0.0 { 8.0 * cubes / (2.0 * variance).powf(1.5) } else { 0.0 };
    let pairs = n as f64 * (n as f64 - 1.0) / 2.0;
    Law { deviation: (variance / pairs).sqrt(), skewness }
}

/// Angles, cosines and probabilities of a rule for `t = x.x'`.
fn pair_rule(dim: Dimension) -> Vec<(Angle<f64>, f64, f64)> {
    if dim == Dimension::CIRCLE {
        let step = |i: u32| {
            let angle =
                Angle::from_radians(std::f64::consts::PI * (f64::from(i) + 0.5) / f64::from(PAIR_NODES));
            let t = angle.cos();
            (angle, t, 1.0 / f64::from(PAIR_NODES))
        };
        return (0..PAIR_NODES).map(step).collect();
    }
    let rule = gegenbauer::rule(dim, PAIR_NODES);
    let node = |(t, mass): (f64, f64)| {
        (Angle::from_halves((0.5 * (1.0 - t)).sqrt(), (0.5 * (1.0 + t)).sqrt()), t, mass)
    };
    rule.into_iter().map(node).collect()
}
