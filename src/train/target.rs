//! What a network is asked to learn: harmonics at the points, and noise.

use crate::{
    error::Result,
    math::{
        harmonics::{multiplicity, zonal_polynomials},
        units::Dimension,
    },
    sample::{Design, points},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

/// Which harmonic of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harmonic {
    /// `P_k(x . e)`: `e` is the first axis on the circle, where this is `cos(k theta)`, and the last axis elsewhere.
    Zonal,
    /// `sum_j g_j P_k(x . z_j)` with normal `g_j` and uniform `z_j` from the seed: its law is the same in every direction.
    Random(u64),
}

/// Zonal functions summed into a random harmonic.
const POLES: usize = 64;
/// The stream of the coefficients of a random harmonic.
const COEFFICIENTS: u64 = (1 << 40) + 2;
/// The stream of the labels' noise.
const NOISE: u64 = (1 << 40) + 3;
/// Sets the poles apart from points drawn from the same seed.
const POLE_SEED: u64 = 0x706f_6c65;

/// A harmonic of degree `k` with mean square 1 over the sphere, at `coordinates`, `n x (d+1)` row by row.
///
/// The error is about `3 k (k+1) 2^-53`. The zonal one is `sqrt(N(d,k)) P_k(x . e)`; the random one is scaled by the addition theorem,
/// by which the mean square of `sum_j g_j P_k(x . z_j)` is `sum_ij g_i g_j P_k(z_i . z_j) / N(d,k)`.
///
/// # Errors
/// When the poles of a random harmonic cannot be laid out.
pub fn harmonic(dim: Dimension, degree: u32, which: Harmonic, coordinates: &[f64]) -> Result<Vec<f64>> {
    let width = dim.get() as usize + 1;
    let root = multiplicity(dim, degree).to_f64().sqrt();
    match which {
        Harmonic::Zonal => {
            let axis = if dim == Dimension::CIRCLE { 0 } else { width - 1 };
            Ok(coordinates.chunks_exact(width).map(|x| root * zonal(dim, x[axis], degree)).collect())
        }
        Harmonic::Random(seed) => {
            let poles = points(Design::Uniform, dim, POLES, seed ^ POLE_SEED)?;
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(COEFFICIENTS);
            let weights: Vec<f64> = (0..POLES).map(|_| StandardNormal.sample(&mut random)).collect();
            let at = |x: &[f64]| -> f64 {
                let dot = |z: &[f64]| x.iter().zip(z).map(|(a, b)| a * b).sum();
                weights.iter().enumerate().map(|(j, g)| g * zonal(dim, dot(poles.point(j)), degree)).sum()
            };
            let square: f64 = weights.iter().enumerate().map(|(j, g)| g * at(poles.point(j))).sum();
            let scale = root / square.sqrt();
            Ok(coordinates.par_chunks_exact(width).map(|x| scale * at(x)).collect())
        }
    }
}

/// `P_k(t)`.
fn zonal(dim: Dimension, t: f64, degree: u32) -> f64 {
    let mut last = 0.0;
    zonal_polynomials(dim, t, degree, |_, p| last = p);
    last
}

/// Independent normal noise of standard deviation `deviation` at `n` points.
pub fn noise(n: usize, deviation: f64, seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(NOISE);
    let mut normal = |_| -> f64 { StandardNormal.sample(&mut random) };
    (0..n).map(&mut normal).map(|x| deviation * x).collect()
}

/// The energy of a function in each degree `0..=top`, from its values at points with weights `w`: the mean square of its projection.
///
/// `N(d,k) sum_ij w_i w_j f_i f_j P_k(x_i . x_j)`, by the addition theorem: exact for a polynomial of degree `l` where the points integrate
/// degree `k + l` exactly, elsewhere an estimate.
pub fn energies(dim: Dimension, coordinates: &[f64], weights: &[f64], values: &[f64], top: u32) -> Vec<f64> {
    let width = dim.get() as usize + 1;
    let point = |i: usize| &coordinates[i * width..(i + 1) * width];
    let row = |i: usize| {
        let mut sums = vec![0.0; top as usize + 1];
        let own = weights[i] * values[i];
        for j in 0..=i {
            let t: f64 = point(i).iter().zip(point(j)).map(|(a, b)| a * b).sum();
            let product = own * weights[j] * values[j] * if j < i { 2.0 } else { 1.0 };
            zonal_polynomials(dim, t, top, |k, p| sums[k as usize] += product * p);
        }
        sums
    };
    let rows: Vec<Vec<f64>> = (0..values.len()).into_par_iter().map(row).collect();
    let total = |k: u32| rows.iter().map(|row| row[k as usize]).sum::<f64>();
    (0..=top).map(|k| multiplicity(dim, k).to_f64() * total(k)).collect()
}
