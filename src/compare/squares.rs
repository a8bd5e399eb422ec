//! The law of a weighted sum of squares of standard normals.

use statrs::distribution::{ContinuousCDF, Normal};

/// The law of `sum_l a_l (X_l - N_l) + Z`, `X_l` chi-square with `N_l` degrees of freedom, `Z` normal, all independent.
///
/// What a degenerate U-statistic with kernel `h` tends to as points are many: `a_l` in proportion to the weights `h_l` of its harmonics, `N_l` their
/// multiplicities, `Z` all the harmonics too small to be told apart.
#[derive(Clone, Debug, Default)]
pub struct Squares {
    /// `a_l` and `N_l`, scaled so that the variance of all is 1.
    parts: Vec<(f64, f64)>,
    /// The variance of `Z`.
    rest: f64,
}

/// Steps of bisection.
const STEPS: u32 = 80;
/// Doublings of a range until it holds the saddle point.
const DOUBLINGS: u32 = 60;
/// Nearer to the mean than this the saddle point formula is 0/0, and its limit serves.
const NEAR: f64 = 1e-4;

impl Squares {
    /// The law with these `(h_l, N_l)`, of variance `sum N_l h_l^2`, and the variance of the rest; it is standardised.
    pub fn new(weights: impl Iterator<Item = (f64, f64)>, rest: f64) -> Self {
        let parts: Vec<(f64, f64)> = weights.collect();
        let variance = parts.iter().map(|(h, count)| count * h * h).sum::<f64>() + rest;
        let scale = (2.0 * variance).sqrt().recip();
        // The variance of a (X - N) is 2 N a^2.
        Self {
            parts: parts.into_iter().map(|(h, count)| (h * scale, count)).collect(),
            rest: rest / variance,
        }
    }

    /// The law of the mean of so many independent copies, standardised again.
    #[must_use]
    pub fn averaged(self, copies: usize) -> Self {
        let copies = copies as f64;
        let part = |(a, count): (f64, f64)| (a / copies.sqrt(), count * copies);
        Self { parts: self.parts.into_iter().map(part).collect(), ..self }
    }

    /// The deviation from the mean, in standard deviations, that is exceeded with probability `1 - p`; 0 for a law without variance.
    ///
    /// By the saddle point formula, right to a few percent of the smaller of `p` and `1 - p`, and exact without squares: an estimate. Source:
    /// Lugannani, Rice (1980); Kuonen (1999).
    pub fn standard_quantile(&self, p: f64) -> f64 {
        if self.parts.is_empty() && self.rest == 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = self.range();
        // The upper tail falls as the saddle point rises.
        for _ in 0..STEPS {
            let middle = 0.5 * (low + high);
            if self.upper_tail(middle) > 1.0 - p {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.slope(0.5 * (low + high))
    }

    /// Where the saddle points of all probabilities that matter lie.
    fn range(&self) -> (f64, f64) {
        let largest = self.parts.iter().map(|(a, _)| *a).fold(0.0, f64::max);
        let least = self.parts.iter().map(|(a, _)| *a).fold(0.0, f64::min);
        // Short of the poles by a rounding, where the tail is 0 to machine numbers.
        let pole = |a: f64| (1.0 - f64::EPSILON) / (2.0 * a);
        let wide = |sign: f64| sign * f64::from(DOUBLINGS).exp2().sqrt();
        let high = if largest > 0.0 { pole(largest) } else { wide(1.0) };
        let low = if least < 0.0 { pole(least) } else { wide(-1.0) };
        (low, high)
    }

    /// `K'(s)` of the cumulant generating function `K(s) = sum N/2 (-ln(1 - 2 a s) - 2 a s) + rest s^2/2`: the point whose saddle point is `s`.
    fn slope(&self, s: f64) -> f64 {
        let part = |(a, count): &(f64, f64)| 2.0 * count * a * a * s / (1.0 - 2.0 * a * s);
        self.parts.iter().map(part).sum::<f64>() + self.rest * s
    }

    /// `P(X > K'(s))`.
    fn upper_tail(&self, s: f64) -> f64 {
        let (mut value, mut curvature, mut third) = (0.5 * self.rest * s * s, self.rest, 0.0);
        for (a, count) in &self.parts {
            let inner = 1.0 - 2.0 * a * s;
            value += 0.5 * count * (-(-2.0 * a * s).ln_1p() - 2.0 * a * s);
            curvature += 2.0 * count * (a / inner).powi(2);
            third += 8.0 * count * (a / inner).powi(3);
        }
        let root = s.signum() * (2.0 * (s * self.slope(s) - value)).max(0.0).sqrt();
        let density = (-0.5 * root * root).exp() / std::f64::consts::TAU.sqrt();
        if root.abs() < NEAR {
            return 0.5 - density * (root + third / (6.0 * curvature.powf(1.5)));
        }
        Normal::standard().sf(root) + density * ((s * curvature.sqrt()).recip() - root.recip())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chi-square quantiles from a table: 3 degrees of freedom at 0.95 and 0.995, 1 at 0.95; 2 at 0.01 by hand (`-2 ln 0.99`).
    #[test]
    fn one_square_has_the_quantiles_of_the_tables() {
        for (count, p, right) in [
            (3.0, 0.95, 7.814_727_9),
            (3.0, 0.995, 12.838_156),
            (1.0, 0.95, 3.841_458_8),
            (2.0, 0.01, 0.020_100_67),
        ] {
            let law = Squares::new([(1.0, count)].into_iter(), 0.0);
            let found = count + f64::sqrt(2.0 * count) * law.standard_quantile(p);
            assert!((found - right).abs() < 0.02 * right.max(0.2), "{count} at {p}: {found} {right}");
            let mirrored = Squares::new([(-1.0, count)].into_iter(), 0.0);
            assert!((mirrored.standard_quantile(1.0 - p) + law.standard_quantile(p)).abs() < 1e-6);
        }
    }

    #[test]
    fn without_squares_it_is_normal_and_many_copies_nearly_so() {
        let normal = Squares::new(std::iter::empty(), 2.0);
        for (p, right) in [(0.5, 0.0), (0.975, 1.959_963_98), (0.005, -2.575_829_3)] {
            assert!((normal.standard_quantile(p) - right).abs() < 1e-6, "{p}");
        }
        let many = Squares::new([(1.0, 1.0)].into_iter(), 0.0).averaged(10_000);
        assert!((many.standard_quantile(0.975) - 1.96).abs() < 0.03);
        assert_eq!(Squares::default().standard_quantile(0.99), 0.0);
    }

    /// A square and a normal of the same variance: the skewness halves; against a convolution by hand at the median and the tails (numerical integral).
    #[test]
    fn a_square_beside_a_normal() {
        let law = Squares::new([(1.0, 1.0)].into_iter(), 1.0);
        // P((Z^2 - 1)/sqrt2 + W <= sqrt2 x), by the trapezoidal rule over Z.
        let below = |x: f64| {
            let (h, mut sum) = (1e-3, 0.0);
            for i in -9000..=9000 {
                let z = h * f64::from(i);
                let mass = h * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
                sum += mass * Normal::standard().cdf(f64::sqrt(2.0) * x - (z * z - 1.0) / f64::sqrt(2.0));
            }
            sum
        };
        for p in [0.005, 0.1, 0.5, 0.9, 0.995] {
            let found = below(law.standard_quantile(p));
            assert!((found - p).abs() < 0.07 * p.min(1.0 - p), "{p}: {found}");
        }
    }

    /// A waiting time exceeds its mean with probability `1/e`; next to the mean the limit of the formula goes on.
    #[test]
    fn the_tail_at_the_mean_is_that_of_a_waiting_time() {
        let law = Squares::new([(1.0, 2.0)].into_iter(), 0.0);
        assert!((law.upper_tail(0.0) - (-1f64).exp()).abs() < 2e-3, "{}", law.upper_tail(0.0));
        let around = 0.5 * (law.upper_tail(1e-3) + law.upper_tail(-1e-3));
        assert!((law.upper_tail(0.0) - around).abs() < 1e-5, "{around}");
    }
}
