//! The kernel of a random two-layer network of finite width, and its distance from the infinite one.

use super::{
    dense,
    values::{Sites, Values},
};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    sample::Points,
};
use faer::{Accum, Mat, MatRef, Par, linalg::matmul::matmul};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

/// The widest network drawn.
pub const MOST_UNITS: u32 = 10_000_000;
/// Units in one part; fixed, so that the network does not depend on the number of threads.
const PART: usize = 512;

/// The finite kernel beside the infinite one on the same points.
#[derive(Clone, Debug)]
pub struct Distance {
    /// The width `m`.
    pub width: u32,
    /// The spectral norm of `H_m - H`.
    pub norm: f64,
    /// The largest eigenvalues of `H_m`, falling, at most eight.
    pub leading: Vec<f64>,
}

/// Does the two-layer kernel have a bias? `None` for other kernels.
pub fn bias_of(kernel: &Kernel) -> Option<bool> {
    let bare: Kernel = "two-layer".parse().ok()?;
    let biased: Kernel = "two-layer:bias=true".parse().ok()?;
    let same = |other: &Kernel| kernel.formula() == other.formula();
    if same(&bare) { Some(false) } else { same(&biased).then_some(true) }
}

/// `|H_m - H|` for networks of each width, where `H_m = Z^T Z`, `Z = m^(-1/2) [a_r 1(w_r.x_i >= 0) x_i]`, `w_r` standard normal, and with bias
/// `x = (x, 1)/sqrt 2` and the bias weight 0. Expected to fall like `m^(-1/2)`. Each row and column is scaled by the roots of the weights.
///
/// # Errors
/// For kernels that are not the two-layer one, and when the matrices would take more than `limit` bytes.
pub fn distances(
    kernel: &Kernel,
    sample: &Points,
    widths: &[u32],
    seed: u64,
    limit: u64,
) -> Result<Vec<Distance>> {
    let bias = bias_of(kernel).ok_or_else(|| Error::invalid("--widths", kernel, "the two-layer kernel"))?;
    let n = sample.len();
    let needed = dense::memory(n, false).saturating_add(24 * (n as u64).saturating_mul(n as u64));
    if needed > limit {
        let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
        return Err(Error::too_large("--widths", gib(needed), format!("{}: fewer points", gib(limit))));
    }
    let (values, sites) = (Values::new(kernel)?, Sites::new(sample));
    let infinite = dense::assemble(&values, &sites);
    widths.iter().map(|&m| distance(sample, bias, &infinite, (m, seed))).collect()
}

fn distance(sample: &Points, bias: bool, infinite: &[f64], (m, seed): (u32, u64)) -> Result<Distance> {
    let (n, d) = (sample.len(), sample.dim().get() as usize);
    let mut together = Mat::<f64>::zeros(n, n);
    for (part, start) in (0..m as usize).step_by(PART).enumerate() {
        let units = PART.min(m as usize - start);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // Streams of the points come first; the network's are far beyond.
        random.set_stream((1 << 40) + ((m as u64) << 20) + part as u64);
        let weights: Vec<f64> = (0..units * (d + 1)).map(|_| StandardNormal.sample(&mut random)).collect();
        let mut active = vec![0.0; n * units];
        active.par_chunks_exact_mut(units).enumerate().for_each(|(i, row)| {
            for (unit, on) in row.iter_mut().zip(weights.chunks_exact(d + 1)) {
                let input: f64 = on.iter().zip(sample.point(i)).map(|(w, x)| w * x).sum();
                *unit = if input >= 0.0 { 1.0 } else { 0.0 };
            }
        });
        let active = MatRef::from_row_major_slice(&active, n, units);
        matmul(&mut together, Accum::Add, active, active.transpose(), 1.0 / f64::from(m), Par::rayon(8));
    }
    let weights = sample.weights();
    let entry = |i: usize, j: usize| {
        let t: f64 = sample.point(i).iter().zip(sample.point(j)).map(|(a, b)| a * b).sum();
        let inner = if bias { 0.5 * (t + 1.0) } else { t };
        inner * together[(i, j)] * (weights[i] * weights[j]).sqrt()
    };
    let mut finite = vec![0.0; n * n];
    finite.par_chunks_mut(n).enumerate().for_each(|(j, column)| (j..n).for_each(|i| column[i] = entry(i, j)));
    let difference: Vec<f64> = finite.iter().zip(infinite).map(|(a, b)| a - b).collect();
    let apart = dense::eigenpairs(difference, n, 0)?.values;
    let norm = apart.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let mut leading = dense::eigenpairs(finite, n, 0)?.values;
    leading.truncate(8);
    Ok(Distance { width: m, norm, leading })
}

/// The least-squares slope of `log |H_m - H|` on `log m`; `None` for fewer than two widths.
pub fn rate(distances: &[Distance]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = distances.iter().map(|x| (f64::from(x.width).ln(), x.norm.ln())).collect();
    let count = logs.len() as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let covariance: f64 = logs.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let variance: f64 = logs.iter().map(|p| (p.0 - x).powi(2)).sum();
    (logs.len() > 1 && variance > 0.0).then(|| covariance / variance)
}
