//! Bounds for points that are not random.
//!
//! They have no confidence interval. For a positive kernel the spectrum bounds what they show:
//!
//! **Clusters.** If the harmonics of degree at most `L` are orthonormal on the points to within `f` (in norm), then by Ostrowski the eigenvalues of the part
//! of `H` that these degrees make lie in `[(1-f) lambda_k, (1+f) lambda_k]`. The degrees beyond only raise eigenvalues, all together by their trace (Weyl,
//! and the traces): the mean of a cluster by at most `1/N(d,k)` of it.
//!
//! **Pairs.** With `E_kl = sum_ij w_i w_j P_k P_l`, which the points alone decide, `sum_ij w_i w_j K P_k = sum_l lambda_l N(d,l) E_kl`. All
//! terms are nonnegative, and `E_kl <= sqrt(E_kk E_ll) <= sqrt(E_kk)` (Schur, Cauchy-Schwarz), so degrees past the last one summed
//! add at most `sqrt(E_kk)` times their trace.

use super::{prediction::Prediction, statistics::Interval};
use crate::{
    dynamics::Mode,
    error::Result,
    gram::{pairs, values::Sites, zonal_sum::ZonalSum},
    math::degrees::Degrees,
    progress::Progress,
    sample::Points,
};

/// The bounds of a design.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The distortion `f` of the harmonics.
    pub distortion: f64,
    /// The degree `L` to which it holds.
    pub to_degree: usize,
    /// By degree asked for, what the mean of `K P_k` over all pairs must lie in; empty where it is not summed.
    pub pairs: Vec<Interval>,
}

impl Bounds {
    /// What the mean of the cluster of degree `k` must lie in; `None` if the degree is past `L` or the kernel is not known to be positive.
    pub fn cluster(&self, prediction: &Prediction, k: usize) -> Option<Interval> {
        if k > self.to_degree || !prediction.is_positive() {
            return None;
        }
        let value = prediction.eigenvalue(k);
        let beyond = prediction.tail(self.to_degree).max(0.0) / prediction.modes[k].multiplicity;
        Some(Interval {
            low: (1.0 - self.distortion) * value,
            high: (1.0 + self.distortion) * value + beyond,
        })
    }
}

/// What the mean of `K P_k` over all pairs, of points with themselves too, must lie in for each of `degrees`, on points of equal weight: from the predicted
/// eigenvalues alone, every degree of the prediction summed. Empty for a kernel that is not known to be positive.
///
/// # Errors
/// When the work was cancelled.
pub fn pair_bounds(
    prediction: &Prediction,
    sample: &Points,
    degrees: &Degrees,
    progress: &dyn Progress,
) -> Result<Vec<Interval>> {
    if !prediction.is_positive() {
        return Ok(vec![]);
    }
    let traces: Vec<f64> = prediction.modes.iter().map(Mode::trace).collect();
    let known = ZonalSum::new(sample.dim(), &traces);
    let top = degrees.top() as u32;
    let means = pairs::means(&known, &Sites::new(sample), sample, top, progress)?;
    let (sums, energies) = (means.with_own(&known), means.energies());
    let rest = prediction.tail(prediction.modes.len() - 1).max(0.0);
    let bound = |k: u64| {
        // The table of the sum is off by at most its error at each pair, and |P_k| has a mean of at most the root of that of its square.
        let (sum, root) = (sums[k as usize], energies[k as usize].sqrt());
        Interval { low: sum - known.error() * root, high: sum + (rest + known.error()) * root }
    };
    Ok(degrees.iter().map(bound).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two modes of trace 0.8 of 1, to a degree that is known, distorted by a tenth.
    #[test]
    fn a_cluster_lies_within_the_distortion_and_what_is_beyond() {
        let mode = |degree, eigenvalue, multiplicity| Mode { degree, eigenvalue, multiplicity };
        let modes = vec![mode(0, 0.5, 1.0), mode(1, 0.1, 3.0)];
        let of = |proved_positive, to_degree| {
            let bounds = Bounds { distortion: 0.1, to_degree, pairs: vec![] };
            let prediction =
                Prediction { modes: modes.clone(), at_one: 1.0, at_minus_one: 0.5, proved_positive };
            bounds.cluster(&prediction, 1)
        };
        let Interval { low, high } = of(true, 1).unwrap();
        assert!((low - 0.09).abs() < 1e-14 && (high - 0.11 - 0.2 / 3.0).abs() < 1e-14, "{low} {high}");
        assert!(of(true, 0).is_none() && of(false, 1).is_none());
    }

    /// All that is beyond the known degrees on the diagonal, where it is most: a kernel that equals them elsewhere lies within the bound, and one by a
    /// hundredth of that below its low end does not.
    #[test]
    fn pairs_are_bounded_by_known_degrees_and_the_trace_beyond() {
        use crate::{
            math::harmonics::zonal_polynomials, math::units::Dimension, progress::Unwatched, sample::designs,
        };
        let (n, rest) = (60, 0.5);
        let sample = designs::fibonacci(n);
        let mode = |degree, eigenvalue, multiplicity| Mode { degree, eigenvalue, multiplicity };
        let modes = vec![mode(0, 0.2, 1.0), mode(1, 0.05, 3.0), mode(2, 0.03, 5.0)];
        let at_one = modes.iter().map(Mode::trace).sum::<f64>() + rest;
        let prediction = Prediction { modes, at_one, at_minus_one: 0.0, proved_positive: true };
        let degrees = Degrees::new(0..=2u64).unwrap();
        let bounds = pair_bounds(&prediction, &sample, &degrees, &Unwatched).unwrap();
        let mut means = [0.0; 3];
        for i in 0..n {
            for j in 0..n {
                let t = sample.point(i).iter().zip(sample.point(j)).map(|(a, b)| a * b).sum();
                let mut p = [0.0; 3];
                zonal_polynomials(Dimension::SPHERE, t, 2, |k, value| p[k as usize] = value);
                let known: f64 = prediction.modes.iter().zip(p).map(|(mode, p)| mode.trace() * p).sum();
                let kernel = known + if i == j { rest } else { 0.0 };
                means.iter_mut().zip(p).for_each(|(mean, p)| *mean += kernel * p / (n * n) as f64);
            }
        }
        let beyond = rest / n as f64;
        for (bound, mean) in bounds.iter().zip(means) {
            assert!(bound.contains(mean), "{bound:?} {mean}");
            assert!(!bound.contains(mean - 1.01 * beyond), "{bound:?} {mean}");
        }
    }
}
