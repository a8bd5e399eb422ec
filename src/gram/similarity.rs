//! Alignment of centred kernels, with one another and with labels.
//!
//! `A(K, L) = <CKC, CLC> / (|CKC| |CLC|)`, `C = I - 11^T/n`, in the Frobenius product; 1 for kernels that differ by a factor and a constant only.
//! With labels `L = y y^T`. Sources: Cortes, Mohri, Rostamizadeh (2012); Kornblith et al. (2019), where it is called linear CKA.

use super::{
    eigenpairs::Eigenpairs,
    labels::coefficients,
    values::{Sites, Values},
};
use rayon::prelude::*;

/// Rows summed as one part; fixed, so that sums have one order.
const ROWS: usize = 64;

/// The alignments of the kernels with one another on these points, `m x m`, row by row; `None` for a kernel that is constant on them.
pub fn between(kernels: &[&Values], sites: &Sites) -> Vec<Vec<Option<f64>>> {
    let (n, m) = (sites.len(), kernels.len());
    // Products of whole rows, and row sums.
    let parts: Vec<(Vec<f64>, Vec<Vec<f64>>)> = (0..n.div_ceil(ROWS))
        .into_par_iter()
        .map(|part| {
            let (mut products, mut sums) = (vec![0.0; m * m], vec![]);
            let mut rows = vec![vec![0.0; n]; m];
            for i in part * ROWS..((part + 1) * ROWS).min(n) {
                kernels.iter().zip(&mut rows).for_each(|(values, row)| values.row(sites, i, 0, row));
                for (a, one) in rows.iter().enumerate() {
                    for (b, other) in rows[..=a].iter().enumerate() {
                        products[a * m + b] += one.iter().zip(other).map(|(x, y)| x * y).sum::<f64>();
                    }
                }
                sums.push(rows.iter().map(|row| row.iter().sum::<f64>()).collect());
            }
            (products, sums)
        })
        .collect();
    let sums = || parts.iter().flat_map(|(_, sums)| sums);
    let whole = |a: usize| sums().map(|sums| sums[a]).sum::<f64>();
    let size = n as f64;
    let centred = |a: usize, b: usize| {
        let (a, b) = (a.max(b), a.min(b));
        let product: f64 = parts.iter().map(|(products, _)| products[a * m + b]).sum();
        let across: f64 = sums().map(|sums| sums[a] * sums[b]).sum();
        (product - 2.0 * across / size + whole(a) * whole(b) / (size * size), product)
    };
    // What centring leaves of a constant kernel is rounding.
    let norm = |a: usize| {
        let (left, all) = centred(a, a);
        (left > size * f64::EPSILON * all).then(|| left.sqrt())
    };
    let norms: Vec<Option<f64>> = (0..m).map(norm).collect();
    let entry = |a: usize, b: usize| Some(centred(a, b).0 / (norms[a]? * norms[b]?));
    (0..m).map(|a| (0..m).map(|b| entry(a, b)).collect()).collect()
}

/// The alignment of the kernel whose eigenpairs of `H = K/n` these all are with the labels; `None` if either is constant on the rows.
pub fn with_labels(pairs: &Eigenpairs, labels: &[f64]) -> Option<f64> {
    let n = labels.len() as f64;
    let mean = labels.iter().sum::<f64>() / n;
    let centred: Vec<f64> = labels.iter().map(|y| y - mean).collect();
    let energy: f64 = centred.iter().map(|y| y * y).sum();
    let size: f64 = labels.iter().map(|y| y * y).sum();
    let (along, ones) = (coefficients(pairs, &centred), coefficients(pairs, &vec![1.0; labels.len()]));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.values.iter().zip(&ones).map(|(value, one)| f(*value, one * one)).sum()
    };
    let product: f64 = pairs.values.iter().zip(&along).map(|(value, z)| value * z * z).sum();
    let (squares, across, whole) = (
        sum(&|value, _| value * value),
        sum(&|value, one| value * value * one),
        sum(&|value, one| value * one),
    );
    let norm = squares - 2.0 * across / n + whole * whole / (n * n);
    (norm > n * f64::EPSILON * squares && energy > n * f64::EPSILON * size)
        .then(|| product / (norm.sqrt() * energy))
}
