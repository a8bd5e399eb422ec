//! The leading eigenpairs without the matrix: block Lanczos whose products recompute the entries.
//!
//! A block of `b` vectors is multiplied by `H` once a step ([`operator`](super::operator)). The narrower the block, the fewer columns are multiplied until the
//! leading pairs have converged, and the more often `H` is read or computed; but it must be as wide as an eigenvalue is multiple, or copies of it stay hidden.
//! The basis is kept orthonormal in full (twice, by blocks), so all copies are found and
//! no ghosts appear; when it is full it restarts from its leading Ritz vectors (thick restart, Wu and Simon 2000).
//! The residual `|H y - theta y|` of every Ritz pair comes for free and bounds the error of its value: some eigenvalue lies within it,
//! and the distance is at most its square over the gap.

#[cfg(test)]
mod tests;

use super::{
    block::{Block, small_eigen},
    eigenpairs::{EigenRequest, Eigenpairs, Iteration},
    kept::{Forgetful, Keeper, State},
    operator::{Operator, whole_bytes},
    team::{Alone, Team, agree, same_matrix},
    values::{Sites, Values},
};
use crate::{
    error::{Error, Result},
    progress::Progress,
};
use faer::Mat;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

/// The least width of a block where the matrix is kept: reading it then takes about as long as the product.
const NARROW: usize = 16;
/// The same where its entries are computed at every product: each is then of more use, and fewer products are needed.
const WIDE: usize = 48;
/// Products between two looks at the Ritz pairs.
const LOOKS: usize = 2;
/// Products after which the iteration is given up.
const MOST_PRODUCTS: usize = 200;
/// A Ritz pair has converged when its residual is below this share of its value: the value's own error is then about the square.
const TOLERANCE: f64 = 1e-6;
/// ... or below this share of the largest, which is rounding.
const ROUNDING: f64 = 1e-13;

/// The width of the block on `n` points, in whole vectors of the machine.
pub fn width(wanted: EigenRequest, n: usize) -> usize {
    let least = if whole_bytes(n) > 0 { NARROW } else { WIDE };
    let copies = wanted.multiplicity + wanted.multiplicity / 8;
    least.max(wanted.pairs / 4).max(copies).next_multiple_of(8).min(n)
}

/// Columns of the basis before a restart.
fn capacity(wanted: EigenRequest, n: usize) -> usize {
    (4 * wanted.pairs + 8 * width(wanted, n)).min(n)
}

/// The memory that [`eigenpairs`] takes, in bytes.
pub fn memory(wanted: EigenRequest, n: usize) -> u64 {
    // Basis, next block, product, and the combined vectors.
    let columns = capacity(wanted, n) + 2 * width(wanted, n) + wanted.pairs;
    (8 * n as u64).saturating_mul(columns as u64).saturating_add(whole_bytes(n))
}

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

impl Basis {
    fn state(&self, products: usize) -> State<'_> {
        let side = self.projected.nrows();
        let entry = |place: usize| self.projected[(place % side, place / side)];
        State {
            products,
            blocks: self.blocks.iter().map(|block| (block.cols(), block.data().into())).collect(),
            projected: (0..side * side).map(entry).collect(),
        }
    }

    /// The basis of a state, if it is one of `n` points and so many columns at most.
    fn of(state: State<'_>, n: usize, capacity: usize) -> Result<Self> {
        let sound = state.projected.len() == capacity * capacity
            && !state.blocks.is_empty()
            && state.blocks.iter().all(|(cols, data)| data.len() == n * cols);
        if !sound {
            return Err(Error::invalid(
                "checkpoint",
                "an iteration of another shape",
                "one of these points and degrees",
            ));
        }
        Ok(Self {
            blocks: state
                .blocks
                .into_iter()
                .map(|(cols, data)| Block::new(cols, data.into_owned()))
                .collect(),
            projected: Mat::from_fn(capacity, capacity, |i, j| state.projected[j * capacity + i]),
        })
    }
}

/// The leading eigenpairs of `H`, values falling; `lowest` is the least Ritz value, which no eigenvalue needs to exceed.
///
/// # Errors
/// When the kernel is not finite between two points, 200 products did not suffice, or the work was cancelled.
pub fn eigenpairs(
    values: &Values,
    sites: &Sites,
    wanted: EigenRequest,
    progress: &dyn Progress,
) -> Result<Eigenpairs> {
    shared(values, sites, wanted, &Alone, &Forgetful, progress)
}

/// The same by processes that share the products, and kept between two of them.
///
/// # Errors
/// As [`eigenpairs`], and when another process failed or holds other numbers, or the iteration cannot be kept.
pub fn shared(
    values: &Values,
    sites: &Sites,
    wanted: EigenRequest,
    team: &dyn Team,
    keeper: &dyn Keeper,
    progress: &dyn Progress,
) -> Result<Eigenpairs> {
    same_matrix(team, values, sites)?;
    let n = sites.len();
    let (b, capacity, count) = (width(wanted, n), capacity(wanted, n), wanted.pairs.min(n));
    let (mut basis, made) = match keeper.load()? {
        Some(state) => {
            let products = state.products;
            (Basis::of(state, n, capacity)?, products)
        }
        None => (Basis { blocks: vec![start(n, b, 0)?], projected: Mat::zeros(capacity, capacity) }, 0),
    };
    let operator = Operator::new(values, sites, team)?;
    let mut worst = f64::INFINITY;
    for products in made + 1..=MOST_PRODUCTS {
        let Some(last) = basis.blocks.last() else { break };
        agree(team, last.data())?;
        let mut w = operator.apply(last, progress)?;
        progress.go_on()?;
        let coefficients = basis.remove_from(&mut w);
        basis.enter(&coefficients);
        let m = basis.cols();
        let mut next = next_block(&basis, &w)?;
        if next.cols() == 0 && m < count {
            // The basis holds the whole range of H: what is left belongs to the eigenvalue 0.
            next = fresh_block(&basis, n, b.min(n - m), products)?;
        }
        let full = m + next.cols() > capacity;
        if full || next.cols() == 0 || (m >= count + b && products % LOOKS == 0) {
            let ritz = Ritz::of(&basis, &w)?;
            worst = (0..count.min(m)).map(|i| ritz.excess(i)).fold(0.0, f64::max);
            if worst <= 1.0 || next.cols() == 0 {
                let leading = basis.combine(&ritz.leading(count));
                return Ok(Eigenpairs {
                    values: ritz.values[..count].to_vec(),
                    count,
                    vectors: leading.into_data(),
                    lowest: ritz.values.last().copied().unwrap_or(0.0),
                    iteration: Some(Iteration {
                        products,
                        width: b,
                        residual: ritz.residuals[..count].iter().copied().fold(0.0, f64::max),
                    }),
                });
            }
            if full {
                let kept = (count + b).min(capacity - next.cols());
                let leading = basis.combine(&ritz.leading(kept));
                basis = Basis { blocks: vec![leading], projected: Mat::zeros(capacity, capacity) };
                (0..kept).for_each(|i| basis.projected[(i, i)] = ritz.values[i]);
            }
        }
        basis.blocks.push(next);
        keeper.save(&basis.state(products))?;
    }
    let reached = format!("{worst:.1} times the tolerance after {MOST_PRODUCTS} products");
    Err(Error::numerical("block Lanczos", reached, "1, or --solver dense"))
}

/// Ritz pairs: values falling, vectors in the basis, and the norms of `H y - theta y`.
struct Ritz {
    values: Vec<f64>,
    vectors: Mat<f64>,
    residuals: Vec<f64>,
}

impl Ritz {
    /// Those of the basis; `w` is the part of the last product outside it.
    fn of(basis: &Basis, w: &Block) -> Result<Self> {
        let m = basis.cols();
        let (rising, vectors) = small_eigen(basis.projected.as_ref().submatrix(0, 0, m, m))?;
        let vectors = vectors.as_ref().reverse_cols().to_owned();
        let gram = w.cross(w);
        let residual = |i: usize| {
            let tail = vectors.col(i).subrows(m - w.cols(), w.cols());
            (tail.transpose() * &gram * tail).max(0.0).sqrt()
        };
        let residuals = (0..m).map(residual).collect();
        Ok(Self { values: rising.into_iter().rev().collect(), vectors, residuals })
    }

    /// The coefficients of the leading ones.
    fn leading(&self, count: usize) -> Mat<f64> {
        self.vectors.subcols(0, count).to_owned()
    }

    /// The residual over what is tolerated.
    fn excess(&self, i: usize) -> f64 {
        let norm = self.values[0].abs().max(self.values[self.values.len() - 1].abs());
        self.residuals[i] / (TOLERANCE * self.values[i].abs()).max(ROUNDING * norm).max(f64::MIN_POSITIVE)
    }
}

/// The directions of `w` that are new to the basis, orthonormal.
fn next_block(basis: &Basis, w: &Block) -> Result<Block> {
    let mut next = w.orthonormal()?;
    basis.remove_from(&mut next);
    next.orthonormal()
}

/// Random directions that are new to the basis, orthonormal.
fn fresh_block(basis: &Basis, n: usize, b: usize, seed: usize) -> Result<Block> {
    let mut next = start(n, b, seed as u64)?;
    basis.remove_from(&mut next);
    let mut next = next.orthonormal()?;
    basis.remove_from(&mut next);
    next.orthonormal()
}

/// A random orthonormal block, always the same for a seed.
fn start(n: usize, b: usize, seed: u64) -> Result<Block> {
    let mut data = vec![0.0; n * b];
    data.par_chunks_mut(1024 * b).enumerate().for_each(|(c, chunk)| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(c as u64);
        chunk.iter_mut().for_each(|x| *x = StandardNormal.sample(&mut random));
    });
    Block::new(b, data).orthonormal()?.orthonormal()
}
