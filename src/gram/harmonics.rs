//! Harmonics at the points through the addition theorem.
//!
//! `P_k(x.x') = (1/N) sum_j Y_j(x) Y_j(x')`, so the zonal functions `P_k(x.z)` around enough landmarks `z` span the harmonics of degree `k`,
//! and `P_k(z.z')` is their Gram matrix up to `1/N`: orthonormal harmonics come from it without any being written down.

use super::block::{Block, inverse_root, small_eigen};
use crate::{
    error::Result,
    math::{harmonics::zonal_polynomials, units::Dimension},
    sample::{Design, Points, points},
};
use faer::Mat;
use rayon::prelude::*;

/// The seed of the landmarks; any will do.
const LANDMARK_SEED: u64 = 0x6c61_6e64;

/// Orthonormal harmonics of degree `k` at the points, each row times the root of its weight: `n x N(d,k)`.
///
/// # Errors
/// When the landmarks cannot be laid out.
pub fn at_points(sample: &Points, degree: u32, multiplicity: usize) -> Result<Block> {
    if degree <= 1 {
        return Ok(constant_or_linear(sample, degree));
    }
    let landmarks = points(Design::Uniform, sample.dim(), 2 * multiplicity + 2, LANDMARK_SEED)?;
    let gram = zonal(&landmarks, &landmarks, degree, |_| 1.0);
    let count = landmarks.len();
    let gram = Mat::from_fn(count, count, |i, j| gram[i * count + j]);
    let (values, vectors) = small_eigen(gram.as_ref())?;
    let scale = |j: usize| (multiplicity as f64 / values[count - 1 - j]).sqrt();
    let mixing = Mat::from_fn(count, multiplicity, |i, j| scale(j) * vectors[(i, count - 1 - j)]);
    let around = zonal(sample, &landmarks, degree, |i| sample.weights()[i].sqrt());
    Ok(Block::new(count, around).times(mixing.as_ref()))
}

/// The harmonics that everyone can write down: 1, and `sqrt(d+1)` times each coordinate.
fn constant_or_linear(sample: &Points, degree: u32) -> Block {
    let width = sample.dim().get() as usize + 1;
    let roots = sample.weights().iter().map(|w| w.sqrt());
    if degree == 0 {
        return Block::new(1, roots.collect());
    }
    let scale = (width as f64).sqrt();
    let points = sample.coordinates().chunks_exact(width);
    Block::new(
        width,
        roots.zip(points).flat_map(|(root, x)| x.iter().map(move |x| scale * root * x)).collect(),
    )
}

/// `scale(i) P_k(x_i . z_j)`, row by row.
fn zonal(sample: &Points, landmarks: &Points, degree: u32, scale: impl Fn(usize) -> f64 + Sync) -> Vec<f64> {
    let count = landmarks.len();
    let mut values = vec![0.0; sample.len() * count];
    values.par_chunks_exact_mut(count).enumerate().for_each(|(i, row)| {
        for (j, value) in row.iter_mut().enumerate() {
            let t: f64 = sample.point(i).iter().zip(landmarks.point(j)).map(|(a, b)| a * b).sum();
            *value = scale(i) * last_polynomial(sample.dim(), t, degree);
        }
    });
    values
}

fn last_polynomial(dim: Dimension, t: f64, degree: u32) -> f64 {
    let mut last = 0.0;
    zonal_polynomials(dim, t, degree, |_, p| last = p);
    last
}

/// The share of each column of `vectors` (`n x m`, orthonormal) in the span of the harmonics of `degree` at the points, from 0 to 1.
///
/// # Errors
/// When the landmarks cannot be laid out.
pub fn shares(sample: &Points, vectors: &Block, degree: u32, multiplicity: usize) -> Result<Vec<f64>> {
    let harmonics = at_points(sample, degree, multiplicity)?;
    let inverse = inverse_root(&harmonics.cross(&harmonics))?;
    let inside = inverse.transpose() * harmonics.cross(vectors);
    Ok((0..vectors.cols()).map(|j| inside.col(j).squared_norm_l2()).collect())
}

/// How far the harmonics of all `degrees` (with multiplicities) are from orthonormal on the points: the norm of their Gram matrix less 1.
///
/// # Errors
/// When the landmarks cannot be laid out.
pub fn distortion(sample: &Points, degrees: &[(u32, usize)]) -> Result<f64> {
    let blocks: Vec<Block> =
        degrees.iter().map(|(k, count)| at_points(sample, *k, *count)).collect::<Result<_>>()?;
    let total = blocks.iter().map(Block::cols).sum();
    let mut gram = Mat::<f64>::zeros(total, total);
    let mut row = 0;
    for a in &blocks {
        let mut col = 0;
        for b in &blocks {
            gram.as_mut().submatrix_mut(row, col, a.cols(), b.cols()).copy_from(a.cross(b));
            col += b.cols();
        }
        row += a.cols();
    }
    let (values, _) = small_eigen(gram.as_ref())?;
    Ok(values.iter().map(|value| (value - 1.0).abs()).fold(0.0, f64::max))
}
