//! Gauss rules for one coordinate of a uniform point on the sphere.

use crate::math::{
    harmonics::{multiplicity, zonal_polynomials},
    units::Dimension,
};
use rayon::prelude::*;

/// Bisection steps: each halves the bracket, which starts as `[0, 1]` and ends below the spacing of f64.
const HALVINGS: u32 = 60;

/// The `m` nodes (falling) and weights of the Gauss rule for `t = x.e`, `x` uniform on `S^d`, `d >= 2`, in f64: an estimate, right to
/// about `m 2^-53`.
///
/// The measure is `omega_d (1-t^2)^((d-2)/2) dt`; the rule is exact for polynomials to degree `2m - 1`. Its nodes are the roots of
/// `P_m`, found by bisection on the count of sign changes in `P_0(t), ..., P_m(t)`, which is the number of roots above `t`. As
/// `sqrt(N(d,k)) P_k` are the orthonormal polynomials, the weights are `1 / sum_{k<m} N(d,k) P_k(t)^2` (Christoffel), all terms positive.
pub fn rule(dim: Dimension, m: u32) -> Vec<(f64, f64)> {
    let counts: Vec<f64> = (0..m).map(|k| multiplicity(dim, k).to_f64()).collect();
    let weight = |t: f64| {
        let mut sum = 0.0;
        zonal_polynomials(dim, t, m - 1, |k, p| sum += counts[k as usize] * p * p);
        1.0 / sum
    };
    let upper: Vec<(f64, f64)> = (0..m / 2)
        .into_par_iter()
        .map(|j| {
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                if roots_above(dim, m, middle) > j { low = middle } else { high = middle }
            }
            let t = 0.5 * (low + high);
            (t, weight(t))
        })
        .collect();
    let centre = (m % 2 == 1).then(|| (0.0, weight(0.0)));
    let lower = upper.iter().rev().map(|(t, w)| (-t, *w));
    upper.iter().copied().chain(centre).chain(lower).collect()
}

/// How many roots of `P_m` lie above `t`.
fn roots_above(dim: Dimension, m: u32, t: f64) -> u32 {
    let (mut changes, mut positive) = (0, true);
    zonal_polynomials(dim, t, m, |_, p| {
        if p != 0.0 && (p > 0.0) != positive {
            (changes, positive) = (changes + 1, p > 0.0);
        }
    });
    changes
}
