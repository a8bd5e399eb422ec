//! The law of the pairwise estimate of an eigenvalue around the truth.

use super::{
    squares::Squares,
    statistics::Interval,
    zonal_rule::{Node, rule},
};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        degrees::Degrees,
        harmonics::{multiplicity, zonal_polynomials},
        units::Dimension,
    },
};
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

/// The law of an estimate around the truth.
///
/// Two laws are known of it: the sum of weighted squares that a degenerate U-statistic tends to ([`Squares`]), whose shape is right, and the shifted
/// gamma law (Pearson III) with the exact moments, which knows that there are finitely many points. A quantile is the outer one of theirs: an estimate.
/// Where few pairs carry the sum, so that the law is nearly that of a count of rare events, they are Cantelli's, which hold for every law with this
/// deviation.
#[derive(Clone, Debug)]
pub struct SamplingDistribution {
    /// The standard deviation.
    pub deviation: f64,
    /// The least and the largest that the skewness may be.
    pub skewness: (f64, f64),
    /// The limit of many points.
    pub squares: Squares,
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
        let all = [
            self.pearson(self.skewness.0, p),
            self.pearson(self.skewness.1, p),
            self.deviation * self.squares.standard_quantile(p),
        ];
        let outer = if p < 0.5 { f64::min } else { f64::max };
        all.into_iter().reduce(outer).unwrap_or(0.0)
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

/// The moments of `h` at a random pair, from which the law for any number of points and samples follows; `h = K` for degree 0, and
/// `h = (K - lambda_0) P_k` from degree 1 on, since the estimate is a covariance.
#[derive(Clone, Debug)]
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
    /// `h_l` and `N(d,l)` of the harmonics summed.
    harmonics: Vec<(f64, f64)>,
    /// The variance past them.
    left: f64,
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
    /// Source of the limit of many points: Hoeffding (1948); Serfling (1980), section 5.5. What the mean of the kernel in the covariance adds, `(mean K -
    /// lambda_0) mean P_k`, has at most `1/M` of this variance and is left out.
    pub fn averaged(&self, samples: usize) -> SamplingDistribution {
        let (n, repeats) = (self.points, samples as f64);
        let pairs = 0.5 * n * (n - 1.0);
        let deviation = (self.variance / pairs).sqrt();
        if self.variance <= 0.0 {
            let squares = Squares::default();
            return SamplingDistribution { deviation: 0.0, skewness: (0.0, 0.0), squares, rare: false };
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
            squares: Squares::new(self.harmonics.iter().copied(), self.left).averaged(samples),
            rare,
        }
    }
}

/// The highest degree whose law is known: harmonics up to four times as high are integrated.
pub const HIGHEST: u32 = 1_000_000;
/// Harmonics whose weights make the triangles, at first; ...
const FIRST_HARMONICS: u32 = 128;
/// ... and if those hold too little of the variance.
const MORE_HARMONICS: u32 = 1024;
/// The share of the variance that may be left to a bound.
const LEFT: f64 = 1e-3;
/// A weight below this share of `E |h|` is rounding.
const ROUNDING: f64 = 1e-14;

/// The moments of the pairwise estimates of `degrees` from `n` independent uniform points on `S^d`, for this kernel: in the order of the degrees.
///
/// By a rule as fine as the kernel is narrow ([`rule`]): an estimate, right to about 1e-9. Harmonics beyond those summed enter the triangles by a bound:
/// `|h_l| <= E |h|`, and `N(d,l) h_l^2` sum to what is left of the variance.
///
/// # Errors
/// When a degree is beyond [`HIGHEST`].
pub fn pair_laws(kernel: &Kernel, dim: Dimension, degrees: &Degrees, n: usize) -> Result<Vec<PairMoments>> {
    let degrees: Vec<u32> =
        degrees.clone().within(HIGHEST.into())?.iter().map(|degree| degree as u32).collect();
    let top = degrees.last().copied().unwrap_or(0);
    let by = |harmonics: u32| -> Vec<(PairMoments, f64)> {
        let nodes = rule(kernel, dim, (4 * top).max(top + harmonics));
        degrees.iter().map(|&degree| moments(&nodes, dim, degree, n, harmonics)).collect()
    };
    let first = by(FIRST_HARMONICS);
    let enough = first.iter().all(|(_, left)| *left <= LEFT);
    let laws = if enough { first } else { by(MORE_HARMONICS) };
    Ok(laws.into_iter().map(|(law, _)| law).collect())
}

/// The moments for one degree, and the share of the variance past the harmonics summed.
fn moments(nodes: &[Node], dim: Dimension, degree: u32, n: usize, harmonics: u32) -> (PairMoments, f64) {
    let mut values = Vec::with_capacity(nodes.len());
    let mut weights = vec![0.0; harmonics as usize + 1];
    let centre = if degree == 0 { 0.0 } else { nodes.iter().map(|node| node.mass * node.value).sum() };
    for node in nodes {
        let mut zonal = 0.0;
        zonal_polynomials(dim, node.t, degree, |_, p| zonal = p);
        let value = (node.value - centre) * zonal;
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
    let mut parts = Vec::new();
    for (l, weight) in (1u32..).zip(&weights[1..]) {
        let count = multiplicity(dim, l).to_f64();
        if !count.is_finite() {
            break;
        }
        next = count;
        if weight.abs() > ROUNDING * size {
            held += count * weight * weight;
            cubes += count * weight.powi(3);
            parts.push((*weight, count));
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
        harmonics: parts,
        left,
    };
    (moments, if variance > 0.0 { left / variance } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(spec: &str, d: u32, degree: u32, n: usize) -> SamplingDistribution {
        let degrees = Degrees::new([degree]).unwrap();
        pair_laws(&spec.parse().unwrap(), Dimension::new(d).unwrap(), &degrees, n).unwrap()[0].averaged(1)
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

    /// A constant kernel has constant estimates: nothing of the constant is left in a covariance. Of `c + t` that of `t` is left.
    #[test]
    fn constants_have_no_chance() {
        for degree in [0, 1, 256] {
            assert!(law("expr:1", 2, degree, 100).deviation < 1e-15);
        }
        let (with, without) = (law("expr:7+t", 2, 2, 100), law("expr:t", 2, 2, 100));
        assert!((with.deviation / without.deviation - 1.0).abs() < 1e-9);
        let (with, without) = (law("expr:7+t", 2, 0, 100), law("expr:t", 2, 0, 100));
        assert!((with.deviation / without.deviation - 1.0).abs() < 1e-9);
    }

    /// On the circle `h = (K - lambda_0) cos(k theta)` has the weights `(lambda_(k-l) + lambda_(k+l))/2`: at a high degree a few large ones and many
    /// small. The lower quantile lies where an independent simulation of `sum w_l (E_l - 1)` with standard exponentials puts it.
    #[test]
    fn the_short_tail_is_that_of_the_weights() {
        let found = law("expr:exp(-theta)", 1, 64, 2000);
        let mut weights: Vec<f64> = Vec::new();
        let eigenvalue = |m: i32| {
            let sign = if m % 2 == 0 { 1.0 } else { -1.0 };
            (1.0 - sign * (-std::f64::consts::PI).exp()) / (1.0 + f64::from(m * m)) / std::f64::consts::PI
        };
        for l in 1..400i32 {
            let plain = 0.5 * (eigenvalue(64 - l) + eigenvalue(64 + l));
            let constant = if l == 64 { 0.5 * eigenvalue(0) } else { 0.0 };
            weights.push(2.0 * (plain - constant));
        }
        let mut state = 1u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        };
        let mut sums: Vec<f64> = (0..20_000)
            .map(|_| weights.iter().map(|w| w * (-uniform().ln() - 1.0)).sum::<f64>() / 1999.5)
            .collect();
        sums.sort_by(f64::total_cmp);
        for (p, tolerance) in [(0.005, 0.05), (0.05, 0.03), (0.95, 0.05), (0.995, 0.08)] {
            let right = sums[(p * sums.len() as f64) as usize];
            assert!(
                (found.quantile(p) / right - 1.0).abs() < tolerance,
                "{p}: {} {right}",
                found.quantile(p)
            );
        }
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
        // Cantelli's bound is sharp for two values: of 1 with chance 1/100 and 0 else, 1 is sqrt(99) deviations above the mean.
        for (p, right) in [(0.99, 99f64.sqrt()), (0.01, -99f64.sqrt()), (0.9, 3.0), (0.1, -3.0)] {
            assert!(
                (rare.quantile(p) / rare.deviation / right - 1.0).abs() < 1e-12,
                "{p}: {}",
                rare.quantile(p)
            );
        }
    }

    /// 45 pairs of 10 points, by their moments alone.
    fn of_moments(size: f64, fourth: f64, triangles: f64) -> PairMoments {
        let (variance, harmonics) = (1.0, vec![(0.1, 100.0)]);
        let triangles = (triangles, triangles);
        PairMoments {
            points: 10.0,
            mean: 0.0,
            size,
            variance,
            third: 0.0,
            fourth,
            triangles,
            harmonics,
            left: 0.0,
        }
    }

    /// 20 of 45 pairs carry the sizes, or 2 of them the variance: of two samples together 40, or 4, which is enough.
    #[test]
    fn samples_add_up_the_pairs_that_carry() {
        for moments in [of_moments(2.0 / 3.0, 1.0, 0.0), of_moments(1.0, 22.5, 0.0)] {
            assert!(moments.averaged(1).rare && !moments.averaged(2).rare, "{moments:?}");
        }
    }

    /// Single pairs add 1/2 to the fourth cumulant; a gamma law of skewness `s` has `3 s^2/2`, a quarter of which is 0.375 at 1 and 0.54 at 1.2.
    #[test]
    fn rare_pairs_do_not_matter_beside_a_large_skewness() {
        // n (n-1) (n-2) / M^(3/2)
        let unit = 720.0 / 45f64.powf(1.5);
        for (skewness, rare) in [(1.0, true), (1.2, false), (-1.2, false)] {
            assert_eq!(of_moments(1.0, 22.5, skewness / unit).averaged(1).rare, rare, "{skewness}");
        }
    }

    /// What the harmonics leave is a share, whatever the size of the kernel.
    #[test]
    fn the_share_that_is_left_does_not_hang_on_the_scale() {
        let nodes = rule(&"laplace:c=20".parse().unwrap(), Dimension::SPHERE, 64);
        let small: Vec<Node> = nodes.iter().map(|node| Node { value: 1e-3 * node.value, ..*node }).collect();
        let share = |nodes: &[Node]| moments(nodes, Dimension::SPHERE, 3, 100, 8).1;
        assert!(
            share(&nodes) > 0.1 && (share(&small) / share(&nodes) - 1.0).abs() < 1e-9,
            "{}",
            share(&small)
        );
    }
}
