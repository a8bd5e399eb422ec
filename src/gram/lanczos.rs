//! The leading eigenpairs without the matrix: block Lanczos whose products recompute the entries.
//!
//! A block of `b` vectors, somewhat wider than the number wanted, is multiplied by `H` once a step; a tile of `H` is computed, used for all
//! `b` columns and forgotten. The basis is kept orthonormal in full (twice, by blocks), so copies of a multiple eigenvalue are all found and
//! no ghosts appear; when it is full it restarts from its leading Ritz vectors (thick restart, Wu and Simon 2000).
//! The residual `|H y - theta y|` of every Ritz pair comes for free and bounds the error of its value: some eigenvalue lies within it,
//! and the distance is at most its square over the gap.

use super::{
    block::{Block, rows, rows_mut, small_eigen},
    solver::Eigenpairs,
    values::{Sites, Values},
};
use crate::{
    error::{Error, Result},
    progress::Progress,
};
use faer::{Accum, Mat, Par, linalg::matmul::matmul};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows and columns of a tile.
const TILE: (usize, usize) = (96, 256);
/// Blocks in the basis before a restart.
const MOST_BLOCKS: usize = 10;
/// Products after which the iteration is given up.
const MOST_PRODUCTS: usize = 200;
/// A Ritz pair has converged when its residual is below this share of its value: the value's own error is then about the square.
const TOLERANCE: f64 = 1e-6;
/// ... or below this share of the largest, which is rounding.
const ROUNDING: f64 = 1e-13;

/// The width of the block for `wanted` eigenpairs: a quarter more, in whole vectors of the machine.
pub fn width(wanted: usize) -> usize {
    (wanted + (wanted / 4).max(8)).next_multiple_of(8)
}

/// The memory that [`eigenpairs`] takes, in bytes.
pub fn memory(n: usize, wanted: usize) -> u64 {
    // Basis, next block, product, and one more while vectors are combined.
    8 * (n as u64) * (width(wanted) * (MOST_BLOCKS + 3)) as u64 + whole_bytes(n)
}

/// `H`, kept whole while it is small, else computed tile by tile at every product.
struct Operator<'a> {
    values: &'a Values,
    sites: &'a Sites,
    /// Row by row.
    whole: Option<Vec<f64>>,
}

impl<'a> Operator<'a> {
    fn new(values: &'a Values, sites: &'a Sites) -> Self {
        let n = sites.len();
        let whole = (whole_bytes(n) > 0).then(|| {
            let mut rows = vec![0.0; n * n];
            let fill = |(i, row): (usize, &mut [f64])| values.weighted_row(sites, i, 0..n, row);
            rows.par_chunks_mut(n).enumerate().for_each(fill);
            rows
        });
        Self { values, sites, whole }
    }

    /// `H v`.
    fn apply(&self, v: &Block, progress: &dyn Progress) -> Block {
        let (n, b) = (self.sites.len(), v.cols());
        let mut product = vec![0.0; n * b];
        let (done, total) = (AtomicU64::new(0), n.div_ceil(TILE.0) as u64);
        product.par_chunks_mut(TILE.0 * b).enumerate().for_each(|(part, out)| {
            let (first, count) = (part * TILE.0, out.len() / b);
            match &self.whole {
                Some(whole) => {
                    let tile = rows(&whole[first * n..(first + count) * n], n);
                    matmul(rows_mut(out, b), Accum::Replace, tile, v.rows(0, n), 1.0, Par::Seq);
                }
                None => self.add_tiles(v, first, out),
            }
            progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        });
        Block::new(b, product)
    }

    /// Adds the rows from `first` of `H v` to `out`, each tile of `H` computed from the kernel.
    fn add_tiles(&self, v: &Block, first: usize, out: &mut [f64]) {
        let (n, b) = (self.sites.len(), v.cols());
        let count = out.len() / b;
        let mut tile = vec![0.0; count * TILE.1];
        for start in (0..n).step_by(TILE.1) {
            let width = TILE.1.min(n - start);
            let tile = &mut tile[..count * width];
            for (i, row) in tile.chunks_exact_mut(width).enumerate() {
                self.values.weighted_row(self.sites, first + i, start..start + width, row);
            }
            matmul(rows_mut(out, b), Accum::Add, rows(tile, width), v.rows(start, width), 1.0, Par::Seq);
        }
    }
}

/// Bytes of the whole matrix where it is kept, else 0.
fn whole_bytes(n: usize) -> u64 {
    let bytes = 8 * (n as u64).saturating_mul(n as u64);
    if bytes <= MOST_WHOLE { bytes } else { 0 }
}

/// A matrix up to this size, in bytes, is kept: reading it is cheaper than computing it again.
const MOST_WHOLE: u64 = 512 << 20;

/// The basis and `T = Q^T H Q`.
struct Basis {
    blocks: Vec<Block>,
    projected: Mat<f64>,
}

impl Basis {
    fn cols(&self) -> usize {
        self.blocks.iter().map(Block::cols).sum()
    }

    /// Takes the part within the basis out of `w`, and returns its coefficients.
    fn remove_from(&self, w: &mut Block) -> Mat<f64> {
        let mut coefficients = Mat::zeros(self.cols(), w.cols());
        for _ in 0..2 {
            let mut start = 0;
            for q in &self.blocks {
                let c = q.cross(w);
                w.add_product(-1.0, q, c.as_ref());
                let mut target = coefficients.as_mut().subrows_mut(start, q.cols());
                target += c;
                start += q.cols();
            }
        }
        coefficients
    }

    /// Enters `Q^T H` times the last block.
    fn enter(&mut self, coefficients: &Mat<f64>) {
        let first = self.cols() - coefficients.ncols();
        for j in 0..coefficients.ncols() {
            for i in 0..=first + j {
                let value = if i < first {
                    coefficients[(i, j)]
                } else {
                    0.5 * (coefficients[(i, j)] + coefficients[(first + j, i - first)])
                };
                self.projected[(i, first + j)] = value;
                self.projected[(first + j, i)] = value;
            }
        }
    }

    /// `Q c`.
    fn combine(&self, c: &Mat<f64>) -> Block {
        let n = self.blocks.first().map_or(0, |q| q.data().len() / q.cols());
        let mut sum = Block::new(c.ncols(), vec![0.0; n * c.ncols()]);
        let mut start = 0;
        for q in &self.blocks {
            sum.add_product(1.0, q, c.as_ref().subrows(start, q.cols()));
            start += q.cols();
        }
        sum
    }
}

/// The `wanted` leading eigenpairs of `H`, values falling; `lowest` is the least Ritz value, which no eigenvalue needs to exceed.
///
/// # Errors
/// When the kernel is not finite between two points, or 200 products did not suffice.
pub fn eigenpairs(
    values: &Values,
    sites: &Sites,
    wanted: usize,
    progress: &dyn Progress,
) -> Result<Eigenpairs> {
    let b = width(wanted).min(sites.len());
    let capacity = (MOST_BLOCKS * b).min(sites.len());
    let mut basis = Basis { blocks: vec![start(sites.len(), b)?], projected: Mat::zeros(capacity, capacity) };
    let operator = Operator::new(values, sites);
    let mut worst = f64::INFINITY;
    for products in 1..=MOST_PRODUCTS {
        let Some(last) = basis.blocks.last() else { break };
        let mut w = operator.apply(last, progress);
        let coefficients = basis.remove_from(&mut w);
        basis.enter(&coefficients);
        let m = basis.cols();
        let (ritz, vectors) = small_eigen(basis.projected.as_ref().submatrix(0, 0, m, m))?;
        let vectors = vectors.as_ref().reverse_cols();
        let theta: Vec<f64> = ritz.iter().rev().copied().collect();
        let next = next_block(&basis, &w)?;
        let gram = w.cross(&w);
        let residual = |i: usize| {
            let tail = vectors.col(i).subrows(m - w.cols(), w.cols());
            (tail.transpose() * &gram * tail).max(0.0).sqrt()
        };
        let excess = |i: usize| {
            residual(i) / (TOLERANCE * theta[i].abs()).max(ROUNDING * theta[0].abs()).max(f64::MIN_POSITIVE)
        };
        worst = (0..wanted.min(m)).map(excess).fold(0.0, f64::max);
        if worst <= 1.0 || next.cols() == 0 {
            let leading = basis.combine(&vectors.subcols(0, wanted).to_owned());
            let residual = (0..wanted).map(residual).fold(0.0, f64::max);
            let lowest = theta.last().copied().unwrap_or(0.0);
            let values = theta[..wanted].to_vec();
            return Ok(Eigenpairs {
                values,
                count: wanted,
                vectors: leading.into_data(),
                lowest,
                residual,
                products,
            });
        }
        if m + next.cols() > capacity {
            let kept = b.min(capacity - next.cols());
            let leading = basis.combine(&vectors.subcols(0, kept).to_owned());
            basis = Basis { blocks: vec![leading], projected: Mat::zeros(capacity, capacity) };
            (0..kept).for_each(|i| basis.projected[(i, i)] = theta[i]);
        }
        basis.blocks.push(next);
    }
    let reached = format!("{worst:.1} times the tolerance after {MOST_PRODUCTS} products");
    Err(Error::numerical("block Lanczos", reached, "1, or --solver dense"))
}

/// The directions of `w` that are new to the basis, orthonormal.
fn next_block(basis: &Basis, w: &Block) -> Result<Block> {
    let mut next = w.orthonormal()?;
    basis.remove_from(&mut next);
    next.orthonormal()
}

/// A random orthonormal block, always the same.
fn start(n: usize, b: usize) -> Result<Block> {
    let mut data = vec![0.0; n * b];
    data.par_chunks_mut(1024 * b).enumerate().for_each(|(c, chunk)| {
        let mut random = ChaCha8Rng::seed_from_u64(0);
        random.set_stream(c as u64);
        chunk.iter_mut().for_each(|x| *x = StandardNormal.sample(&mut random));
    });
    Block::new(b, data).orthonormal()?.orthonormal()
}
