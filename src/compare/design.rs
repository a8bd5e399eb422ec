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
use crate::{math::degrees::Degrees, sample::Points};
use rayon::prelude::*;

/// Rows summed as one part; fixed, so that sums have one order.
const ROWS: usize = 16;
/// Columns at a time.
const STRIP: usize = 256;

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
pub fn pair_bounds(prediction: &Prediction, sample: &Points, degrees: &Degrees) -> Vec<Interval> {
    if !prediction.is_positive() {
        return vec![];
    }
    let n = sample.len();
    let width = degrees.len();
    let arch = pulp::Arch::new();
    let parts: Vec<Vec<f64>> = (0..n.div_ceil(ROWS))
        .into_par_iter()
        .map(|part| {
            let mut sums = vec![0.0; 2 * width];
            for i in part * ROWS..((part + 1) * ROWS).min(n) {
                for start in (i + 1..n).step_by(STRIP) {
                    arch.dispatch(|| add_strip(prediction, sample, (i, start), degrees, &mut sums));
                }
            }
            sums
        })
        .collect();
    let rest = prediction.tail(prediction.modes.len() - 1).max(0.0);
    let scale = 1.0 / (n as f64 * n as f64);
    // Every pair of different points comes twice; a point with itself has P_k = 1 and M = K(1) - rest.
    let sum = |at: usize| 2.0 * parts.iter().map(|part| part[at]).sum::<f64>();
    let bound = |at: usize| {
        let low = scale * (sum(at) + n as f64 * (prediction.at_one - rest));
        let energy = scale * (sum(width + at) + n as f64);
        Interval { low, high: low + rest * energy.sqrt() }
    };
    (0..width).map(bound).collect()
}

/// Adds `M P_k` and `P_k^2` for each of `degrees` between point `i` and a strip of later points, `M = sum_l lambda_l N(d,l) P_l`.
#[inline(always)]
fn add_strip(
    prediction: &Prediction,
    sample: &Points,
    (i, start): (usize, usize),
    degrees: &Degrees,
    sums: &mut [f64],
) {
    let count = STRIP.min(sample.len() - start);
    let mut t = [0.0; STRIP];
    for (j, t) in t[..count].iter_mut().enumerate() {
        *t = sample.point(i).iter().zip(sample.point(start + j)).map(|(a, b)| a * b).sum();
    }
    let d = f64::from(sample.dim().get());
    let mut zonal = vec![0.0; degrees.len() * count];
    let mut kernel = [0.0; STRIP];
    let (mut previous, mut current) = ([0.0; STRIP], [1.0; STRIP]);
    let mut wanted = degrees.iter().zip(zonal.chunks_exact_mut(count)).peekable();
    for (k, mode) in prediction.modes.iter().enumerate() {
        if let Some((_, kept)) = wanted.next_if(|(degree, _)| *degree as usize == k) {
            kept.copy_from_slice(&current[..count]);
        }
        let weight = mode.trace();
        let ratio = if k == 0 { 0.0 } else { k as f64 / (k as f64 + d - 1.0) };
        for j in 0..STRIP {
            kernel[j] += weight * current[j];
            let shifted = t[j] * current[j];
            (previous[j], current[j]) = (current[j], shifted + ratio * (shifted - previous[j]));
        }
    }
    for (at, zonal) in zonal.chunks_exact(count).enumerate() {
        sums[at] += kernel[..count].iter().zip(zonal).map(|(a, b)| a * b).sum::<f64>();
        sums[degrees.len() + at] += zonal.iter().map(|p| p * p).sum::<f64>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two modes of trace 0.8 of 1, to a degree that is known, distorted by a tenth.
    #[test]
    fn a_cluster_lies_within_the_distortion_and_what_is_beyond() {
        use crate::dynamics::Mode;
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
}
