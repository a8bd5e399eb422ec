//! Products with `H`, kept whole while it is small, else computed tile by tile at every product and forgotten.
//!
//! A tile between two parts of the points serves both: it multiplies the vectors of the one part and, transposed, those of the other, so
//! half the matrix is computed. Parts are paired off in rounds like the players of a tournament: in a round no part has two
//! partners, so pairs run in parallel, and every sum has one order for any number of threads.

use super::{
    block::{Block, rows, rows_mut},
    values::{Sites, Values},
};
use crate::progress::Progress;
use faer::{Accum, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;
use std::{
    borrow::Cow,
    sync::atomic::{AtomicU64, Ordering},
};

/// Rows and columns of a tile.
const TILE: (usize, usize) = (96, 256);
/// Parts of the points: even, and fixed, so that results do not depend on the number of threads.
const PARTS: usize = 32;
/// A matrix up to this size, in bytes, is kept: reading it is cheaper than computing it again.
const MOST_WHOLE: u64 = 512 << 20;

/// Bytes of the whole matrix where it is kept, else 0.
pub fn whole_bytes(n: usize) -> u64 {
    let bytes = (8 * n as u64).saturating_mul(n as u64);
    if bytes <= MOST_WHOLE { bytes } else { 0 }
}

/// The matrix `H` as an operator.
pub struct Operator<'a> {
    values: &'a Values,
    sites: &'a Sites,
    /// Row by row.
    whole: Option<Cow<'a, [f64]>>,
}

/// The matrix row by row, where it is small enough to be kept.
pub fn whole(values: &Values, sites: &Sites) -> Option<Vec<f64>> {
    let n = sites.len();
    (whole_bytes(n) > 0).then(|| {
        let mut rows = vec![0.0; n * n];
        let fill = |(i, row): (usize, &mut [f64])| values.weighted_row(sites, i, 0..n, row);
        rows.par_chunks_mut(n).enumerate().for_each(fill);
        rows
    })
}

impl<'a> Operator<'a> {
    /// The matrix of these points, computed now if it is kept.
    pub fn new(values: &'a Values, sites: &'a Sites) -> Self {
        Self { values, sites, whole: whole(values, sites).map(Cow::Owned) }
    }

    /// The matrix of these points, of which the caller keeps what [`whole`] gives.
    pub fn around(values: &'a Values, sites: &'a Sites, whole: Option<&'a [f64]>) -> Self {
        Self { values, sites, whole: whole.map(Cow::Borrowed) }
    }

    /// `H v`; of no meaning once the work is cancelled.
    pub fn apply(&self, v: &Block, progress: &dyn Progress) -> Block {
        let (n, b) = (self.sites.len(), v.cols());
        let mut product = vec![0.0; n * b];
        match &self.whole {
            Some(whole) => {
                product.par_chunks_mut(TILE.0 * b).zip(whole.par_chunks(TILE.0 * n)).for_each(
                    |(out, tile)| {
                        matmul(rows_mut(out, b), Accum::Replace, rows(tile, n), v.rows(0, n), 1.0, Par::Seq);
                    },
                );
            }
            None => self.add_tiles(v, &mut product, progress),
        }
        Block::new(b, product)
    }

    /// Adds `H v` to `product`, each tile of `H` computed once.
    fn add_tiles(&self, v: &Block, product: &mut [f64], progress: &dyn Progress) {
        let (n, b) = (self.sites.len(), v.cols());
        let size = n.div_ceil(PARTS);
        let (done, total) = (AtomicU64::new(0), (PARTS * (PARTS + 1) / 2) as u64);
        let count = || progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        product.par_chunks_mut(size * b).enumerate().for_each(|(part, out)| {
            if !progress.cancelled() {
                self.own(v, part * size, out);
            }
            count();
        });
        for round in 0..PARTS - 1 {
            let mut parts: Vec<Option<&mut [f64]>> = product.chunks_mut(size * b).map(Some).collect();
            let mut take = |part: usize| Some((part * size, parts.get_mut(part)?.take()?));
            let pairs: Vec<_> = pairs(round).filter_map(|(i, j)| Some((take(i)?, take(j)?))).collect();
            pairs.into_par_iter().for_each(|(one, other)| {
                if !progress.cancelled() {
                    self.between(v, one, other);
                }
                count();
            });
        }
    }

    /// Adds what the points from `start` have with one another.
    fn own(&self, v: &Block, start: usize, out: &mut [f64]) {
        let b = v.cols();
        let mut tile = vec![0.0; TILE.0 * TILE.1];
        self.tiles((start, out.len() / b), (start, out.len() / b), &mut tile, |(i, j), tile| {
            let target = &mut out[(i - start) * b..][..tile.nrows() * b];
            matmul(rows_mut(target, b), Accum::Add, tile, v.rows(j, tile.ncols()), 1.0, Par::Seq);
        });
    }

    /// Adds what two parts, each the index of its first point and its rows of the product, have with one another.
    fn between(&self, v: &Block, (i0, one): (usize, &mut [f64]), (j0, other): (usize, &mut [f64])) {
        let b = v.cols();
        let mut tile = vec![0.0; TILE.0 * TILE.1];
        self.tiles((i0, one.len() / b), (j0, other.len() / b), &mut tile, |(i, j), tile| {
            let target = &mut one[(i - i0) * b..][..tile.nrows() * b];
            matmul(rows_mut(target, b), Accum::Add, tile, v.rows(j, tile.ncols()), 1.0, Par::Seq);
            let target = &mut other[(j - j0) * b..][..tile.ncols() * b];
            matmul(rows_mut(target, b), Accum::Add, tile.transpose(), v.rows(i, tile.nrows()), 1.0, Par::Seq);
        });
    }

    /// Computes the tiles between two ranges of points, each its first and its length, and shows them with their corners.
    fn tiles(
        &self,
        (i0, height): (usize, usize),
        (j0, width): (usize, usize),
        tile: &mut [f64],
        mut show: impl FnMut((usize, usize), MatRef<'_, f64>),
    ) {
        for i in (i0..i0 + height).step_by(TILE.0) {
            let rows_here = TILE.0.min(i0 + height - i);
            for j in (j0..j0 + width).step_by(TILE.1) {
                let columns = TILE.1.min(j0 + width - j);
                let tile = &mut tile[..rows_here * columns];
                for (k, row) in tile.chunks_exact_mut(columns).enumerate() {
                    self.values.weighted_row(self.sites, i + k, j..j + columns, row);
                }
                show((i, j), rows(tile, columns));
            }
        }
    }
}

/// The pairs of a round: the last part stays, the others move on by one place a round.
fn pairs(round: usize) -> impl Iterator<Item = (usize, usize)> {
    let moving = PARTS - 1;
    let across = (1..PARTS / 2).map(move |i| ((round + i) % moving, (round + moving - i) % moving));
    std::iter::once((round, moving)).chain(across)
}

#[cfg(test)]
mod tests {
    use super::{PARTS, pairs};
    use std::collections::HashSet;

    #[test]
    fn every_two_parts_meet_once_and_none_twice_in_a_round() {
        let mut met = HashSet::new();
        for round in 0..PARTS - 1 {
            let busy: HashSet<usize> = pairs(round).flat_map(|(i, j)| [i, j]).collect();
            assert_eq!(busy.len(), PARTS);
            assert!(pairs(round).all(|(i, j)| met.insert((i.min(j), i.max(j)))));
        }
        assert_eq!(met.len(), PARTS * (PARTS - 1) / 2);
    }
}
