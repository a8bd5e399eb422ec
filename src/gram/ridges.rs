//! Kernel ridge regression on all rows, judged on each row left out, from one eigendecomposition.
//!
//! With `K = V diag(mu) V^T` and `G = (K + r I)^-1`, the prediction of row `i` by the fit to all other rows misses `y_i` by exactly
//! `[G y]_i / G_ii`: no second fit is made. Generalised cross-validation replaces every `G_ii` by their mean:
//!
//! ```text
//! LOO(r) = (1/n) sum_i ( [G y]_i / G_ii )^2                                     (Allen 1974)
//! GCV(r) = n |G y|^2 / (tr G)^2 = n sum_j (z_j/(mu_j + r))^2 / ( sum_j 1/(mu_j + r) )^2,   z = V^T y    (Craven, Wahba 1979)
//! N(r)   = tr K G = sum_j mu_j/(mu_j + r),   the effective dimension            (Zhang 2005)
//! ```

use super::eigenpairs::Eigenpairs;
use rayon::prelude::*;

/// Ridges a decade of the grid.
const A_DECADE: i32 = 2;
/// The grid's ends, as powers of ten of the largest eigenvalue of `K`.
const DECADES: (i32, i32) = (-12, 1);
/// Rows summed as one part; fixed, so that sums have one order.
const ROWS: usize = 64;

/// What leaving each row out says of one ridge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RidgeErrors {
    /// The ridge `r`, added to the diagonal of `K`.
    pub ridge: f64,
    /// The mean square leave-one-out error.
    pub leave_one_out: f64,
    /// The generalised cross-validation score.
    pub gcv: f64,
    /// The mean square error on the rows fitted.
    pub training: f64,
}

/// The eigenvalues of `K`; what is not above rounding (`n 2^-52` of the largest) counts as the zero it is indistinguishable from.
fn above_rounding(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let rounding = n * f64::EPSILON * values.first().copied().unwrap_or(0.0);
    values.iter().map(|value| if *value > rounding { n * value } else { 0.0 }).collect()
}

/// The effective dimension `N(r)`, from all eigenvalues of `H = K/n`.
pub fn effective_dimension(values: &[f64], ridge: f64) -> f64 {
    above_rounding(values).iter().map(|x| x / (x + ridge)).sum()
}

/// The ridges looked at: two a decade, from `10^-12` to 10 times the largest eigenvalue of `K`, those that rounding cannot tell from 0
/// (`n 2^-52` of the largest) left out, and `own` if it is above that.
pub fn grid(values: &[f64], own: f64) -> Vec<f64> {
    let n = values.len() as f64;
    let largest = n * values.first().copied().unwrap_or(0.0);
    let powers = DECADES.0 * A_DECADE..=DECADES.1 * A_DECADE;
    let mut all: Vec<f64> =
        powers.map(|i| largest * 10f64.powf(f64::from(i) / f64::from(A_DECADE))).chain([own]).collect();
    all.retain(|ridge| *ridge > n * f64::EPSILON * largest);
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// The errors of regression on the labels `y` with each of `ridges`, all above rounding, from all eigenpairs of `H = K/n`, none of them
/// negative beyond rounding.
pub fn errors(pairs: &Eigenpairs, labels: &[f64], ridges: &[f64]) -> Vec<RidgeErrors> {
    let (n, count) = (labels.len(), pairs.count);
    let projections = super::labels::coefficients(pairs, labels);
    let mu = above_rounding(&pairs.values);
    let inverse: Vec<Vec<f64>> = ridges.iter().map(|r| mu.iter().map(|x| 1.0 / (x + r)).collect()).collect();
    let parts: Vec<Vec<f64>> = pairs
        .vectors
        .par_chunks(ROWS * count.max(1))
        .map(|rows| {
            let mut sums = vec![0.0; ridges.len()];
            for row in rows.chunks_exact(count.max(1)) {
                for (sum, inverse) in sums.iter_mut().zip(&inverse) {
                    let (mut residual, mut diagonal) = (0.0, 0.0);
                    for ((v, z), g) in row.iter().zip(&projections).zip(inverse) {
                        residual += v * z * g;
                        diagonal += v * v * g;
                    }
                    *sum += (residual / diagonal).powi(2);
                }
            }
            sums
        })
        .collect();
    let at = |(i, ridge): (usize, &f64)| {
        let squares: f64 = projections.iter().zip(&inverse[i]).map(|(z, g)| (z * g).powi(2)).sum();
        let trace: f64 = inverse[i].iter().sum();
        RidgeErrors {
            ridge: *ridge,
            leave_one_out: parts.iter().map(|part| part[i]).sum::<f64>() / n as f64,
            gcv: n as f64 * squares / (trace * trace),
            training: ridge * ridge * squares / n as f64,
        }
    };
    ridges.iter().enumerate().map(at).collect()
}

/// The entry with the least leave-one-out error.
pub fn best(errors: &[RidgeErrors]) -> Option<RidgeErrors> {
    errors.iter().copied().min_by(|a, b| a.leave_one_out.total_cmp(&b.leave_one_out))
}
