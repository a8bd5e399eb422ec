//! The law of the pairwise estimate of an eigenvalue around the truth.

use super::{
    statistics::Interval,
    zonal_rule::{Node, rule},
};
use crate::{
    kernel::Kernel,
    math::{
        harmonics::{multiplicity, zonal_polynomials},
        units::Dimension,
    },
};
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

/// The law of an estimate around the truth, by its moments.
///
/// Quantiles are those of the shifted gamma law with these moments (Pearson III), which is exact for sums of equally weighted squares and
/// close for the weighted ones that degenerate U-statistics tend to: an estimate. Where few pairs carry the sum, so that the law is nearly that of a
/// count of rare events, they are Cantelli's, which hold for every law with this deviation.
#[derive(Clone, Copy, Debug)]
pub struct SamplingDistribution {
    /// The standard deviation.
    pub deviation: f64,
    /// The least and the largest that the skewness may be.
    pub skewness: (f64, f64),
    /// Do few pairs carry the sum?
    pub rare: bool,
}

/// Below this skewness the gamma law is the normal one to four digits.
const SYMMETRIC: f64 = 1e-3;

impl SamplingDistribution {
    /// The deviation from the truth that is exceeded with probability `1 - p`, or where pairs are rare with at most that.
    pub fn quantile(&self, p: f64) -> f64 {
        if self.rare {
            // P(X >= t) <= s^2/(s^2 + t^2), and the same below (Cantelli).
            let odds = if p < 0.5 { -((1.0 - p) / p).sqrt() } else { (p / (1.0 - p)).sqrt() };
            return self.deviation * odds;
        }
        let (least, largest) = (self.pearson(self.skewness.0, p), self.pearson(self.skewness.1, p));
        if p < 0.5 { least.min(largest) } else { least.max(largest) }
    }

    fn pearson(&self, skewness: f64, p: f64) -> f64 {
        let sign = skewness.signum();
        let p = if sign < 0.0 { 1.0 - p } else { p };
        let shape = 4.0 / (skewness * skewness);
        let standard = match Gamma::new(shape, 1.0) {
            Ok(law) if skewness.abs() > SYMMETRIC => sign * (law.inverse_cdf(p) - shape) / shape.sqrt(),
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

/// The moments of `h = K P_k` at a random pair, from which the law for any number of points and samples follows.
#[derive(Clone, Copy, Debug)]
pub struct PairMoments {
    points: f64,
    mean: f64,
    /// `E |h|`.
    size: f64,
    variance: f64,
    third: f64,
    fourth: f64,
    /// `sum_{l>=1} N(d,l) h_l^3`, between these.
    triangles: (f64, f64),
}

/// With fewer pairs than this carrying the sum of sizes, `M (E |h|)^2 / E h^2`, the law is not taken for a smooth one: that no pair is close enough to count
/// is then itself a likely event, ...
const FEW: f64 = 25.0;
/// ... nor with fewer than this carrying the variance, `M Var^2 / E h_c^4`, ...
const FEWEST: f64 = 3.0;
/// ... unless what single pairs add to the fourth cumulant is below this share of what the triangles' skewness stands for in a gamma law.
const SMALL_PART: f64 = 0.25;

impl PairMoments {
    /// The law of the mean of so many independent samples' estimates.
    ///
    /// With `h_c = h - lambda_k`, of `M = n(n-1)/2` pairs: two pairs that share a point are uncorrelated, and so are three unless they are one pair or
    /// the sides of a triangle, because `h` has the same mean around every point. So, exactly, for every `n`,
    /// `Var u = Var h / M` and `E (u - lambda_k)^3 = ( M E h_c^3 + n(n-1)(n-2) sum_{l>=1} N(d,l) h_l^3 ) / M^3`.
    /// Source of the limit of many points: Hoeffding (1948); Serfling (1980), section 5.5.
    pub fn averaged(self, samples: usize) -> SamplingDistribution {
        let (n, repeats) = (self.points, samples as f64);
        let pairs = 0.5 * n * (n - 1.0);
        let deviation = (self.variance / pairs).sqrt();
        if self.variance <= 0.0 {
            return SamplingDistribution { deviation: 0.0, skewness: (0.0, 0.0), rare: false };
        }
        let scale = (pairs * self.variance).powf(1.5);
        let own = pairs * self.third / scale;
        let triangles = |sum: f64| n * (n - 1.0) * (n - 2.0) * sum / scale;
        let shared = (triangles(self.triangles.0), triangles(self.triangles.1));
        let root = repeats.sqrt();
        let carrying = pairs * self.size * self.size / (self.variance + self.mean * self.mean);
        let effective = pairs * self.variance * self.variance / self.fourth;
        let smallest = if shared.0 * shared.1 > 0.0 { shared.0.abs().min(shared.1.abs()) } else { 0.0 };
        let few = carrying * repeats < FEW || effective * repeats < FEWEST;
        let rare = few && 1.0 / effective > SMALL_PART * 1.5 * smallest * smallest;
        SamplingDistribution {
            deviation: deviation / root,
            skewness: ((own + shared.0) / root, (own + shared.1) / root),
            rare,
        }
    }
}

/// Harmonics whose weights make the triangles, at first; ...
const FIRST_HARMONICS: u32 = 128;
/// ... and if those hold too little of the variance.
const MORE_HARMONICS: u32 = 1024;
/// The share of the variance that may be left to a bound.
const LEFT: f64 = 1e-3;
/// A weight below this share of `E |h|` is rounding.
const ROUNDING: f64 = 1e-14;

/// The moments of the pairwise estimates of `degrees` (rising) from `n` independent uniform points on `S^d`, for this kernel.
///
/// By a rule as fine as the kernel is narrow ([`rule`]): an estimate, right to about 1e-9. Harmonics beyond those summed enter the triangles by a bound:
/// `|h_l| <= E |h|`, and `N(d,l) h_l^2` sum to what is left of the variance.
pub fn pair_laws(kernel: &Kernel, dim: Dimension, degrees: &[u32], n: usize) -> Vec<PairMoments> {
    let top = degrees.iter().max().copied().unwrap_or(0);
    let by = |harmonics: u32| -> Vec<(PairMoments, f64)> {
        let nodes = rule(kernel, dim, (4 * top).max(top + harmonics));
        degrees.iter().map(|&degree| moments(&nodes, dim, degree, n, harmonics)).collect()
    };
    let first = by(FIRST_HARMONICS);
    let enough = first.iter().all(|(_, left)| *left <= LEFT);
    let laws = if enough { first } else { by(MORE_HARMONICS) };
    laws.into_iter().map(|(law, _)| law).collect()
}

/// The moments for one degree, and the share of the variance past the harmonics summed.
fn moments(nodes: &[Node], dim: Dimension, degree: u32, n: usize, harmonics: u32) -> (PairMoments, f64) {
    let mut values = Vec::with_capacity(nodes.len());
    let mut weights = vec![0.0; harmonics as usize + 1];
    for node in nodes {
        let mut zonal = 0.0;
        zonal_polynomials(dim, node.t, degree, |_, p| zonal = p);
        let value = node.value * zonal;
        values.push((node.mass, value));
        let share = node.mass * value;
        if share != 0.0 {
            zonal_polynomials(dim, node.t, harmonics, |l, p| weights[l as usize] += share * p);
        }
    }
    let sum = |f: &dyn Fn(f64) -> f64| values.iter().map(|(mass, value)| mass * f(*value)).sum::<f64>();
    let (mean, size) = (weights[0], sum(&f64::abs));
    let variance = sum(&|h| (h - mean).powi(2));
    let (mut held, mut cubes, mut next) = (0.0, 0.0, f64::INFINITY);
    for (l, weight) in (1u32..).zip(&weights[1..]) {
        let count = multiplicity(dim, l).to_f64();
        if !count.is_finite() {
            break;
        }
        next = count;
        if weight.abs() > ROUNDING * size {
            held += count * weight * weight;
            cubes += count * weight.powi(3);
        }
    }
    let left = (variance - held).max(0.0);
    let beyond = size.min((left / next).sqrt()) * left;
    let moments = PairMoments {
        points: n as f64,
        mean,
        size,
        variance: if variance > ROUNDING * ROUNDING * size * size { variance } else { 0.0 },
        third: sum(&|h| (h - mean).powi(3)),
        fourth: sum(&|h| (h - mean).powi(4)),
        triangles: (cubes - beyond, cubes + beyond),
    };
    (moments, if variance > 0.0 { left / variance } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(spec: &str, d: u32, degree: u32, n: usize) -> SamplingDistribution {
        pair_laws(&spec.parse().unwrap(), Dimension::new(d).unwrap(), &[degree], n)[0].averaged(1)
    }

    /// `t^2 - 1/3` on the sphere: variance 1/5 - 1/9 = 4/45, third central moment 1/7 - 1/5 + 2/27 = 16/945, one harmonic of weight 2/15 five times.
    #[test]
    fn moments_of_a_polynomial_are_its_own() {
        let n = 10.0;
        let found = law("expr:t", 2, 1, 10);
        let (pairs, variance) = (45.0, 4.0 / 45.0);
        assert!((found.deviation / f64::sqrt(variance / pairs) - 1.0).abs() < 1e-10);
        let third = pairs * 16.0 / 945.0 + n * 9.0 * 8.0 * 5.0 * (2.0f64 / 15.0).powi(3);
        let right = third / (pairs * variance).powf(1.5);
        for skewness in [found.skewness.0, found.skewness.1] {
            assert!((skewness / right - 1.0).abs() < 1e-9, "{skewness} {right}");
        }
    }

    /// A constant kernel has a constant estimate of degree 0; that of any other degree has chance in it.
    #[test]
    fn a_constant_has_no_chance_and_its_harmonics_have() {
        assert_eq!(law("expr:1", 2, 0, 100).deviation, 0.0);
        let found = law("expr:1", 1, 256, 100);
        assert!((found.deviation / f64::sqrt(0.5 / 4950.0) - 1.0).abs() < 1e-9);
    }

    /// Few pairs of 100 points are close enough to count for a narrow kernel; many of 10000 are.
    #[test]
    fn rare_pairs_are_told_from_many() {
        assert!(law("laplace:c=1000", 1, 0, 100).rare && !law("laplace:c=1000", 1, 0, 10_000).rare);
        assert!(!law("two-layer:bias=true", 2, 0, 100).rare);
        let rare = law("gaussian:length=1/1000", 2, 0, 100);
        // Half of l^2 is the eigenvalue: an estimate of nearly 0 must not refuse it.
        let interval = rare.interval(0.0, 0.99);
        assert!(rare.rare && interval.contains(0.5e-6) && interval.low < 0.0);
    }
}
