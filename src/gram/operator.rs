//! Products with `H`, kept whole while it is small, else computed tile by tile at every product and forgotten.
//!
//! A tile between two parts of the points serves both: it multiplies the vectors of the one part and, transposed, those of the other, so
//! half the matrix is computed. Parts are paired off in rounds like the players of a tournament: in a round no part has two
//! partners, so pairs run in parallel. What a pair adds to a part is summed by itself and then added, round by round: every sum has one order for any
//! number of threads and of processes. Each process makes its share of the pairs of a round, gives what they add to the processes that own the
//! parts, and joins the finished rows of all.

use super::{
    block::{Block, rows, rows_mut},
    split::{self, Split},
    team::{Alone, Team, owner, share},
    values::{Sites, Values},
};
use crate::{error::Result, progress::Progress};
use faer::{Accum, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;
use std::{
    borrow::Cow,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

/// Rows and columns of a tile.
const TILE: (usize, usize) = (96, 256);
/// Pairs that are made at a time for each thread: enough that none waits long for the last.
const PAIRS_A_THREAD: usize = 4;
/// Numbers that pairs made at a time may add, over all processes: 2 GiB.
const MOST_ADDED: usize = 1 << 28;
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
    team: &'a dyn Team,
    /// The threads of all processes.
    threads: usize,
    /// The rows that this process multiplies, where the matrix is kept.
    whole: Option<Cow<'a, [f64]>>,
}

/// The matrix row by row, where it is small enough to be kept.
pub fn whole(values: &Values, sites: &Sites) -> Option<Vec<f64>> {
    kept(values, sites, 0..sites.len())
}

/// These rows of it.
fn kept(values: &Values, sites: &Sites, own: Range<usize>) -> Option<Vec<f64>> {
    let n = sites.len();
    (whole_bytes(n) > 0).then(|| {
        let mut rows = vec![0.0; n * own.len()];
        let fill = |(i, row): (usize, &mut [f64])| values.weighted_row(sites, own.start + i, 0..n, row);
        rows.par_chunks_mut(n).enumerate().for_each(fill);
        rows
    })
}

/// What a pair adds to one part in a round.
struct Addition<'r> {
    part: usize,
    round: usize,
    rows: Cow<'r, [f64]>,
}

impl<'a> Operator<'a> {
    /// The matrix of these points; what is kept of it is computed now.
    ///
    /// # Errors
    /// When another process failed, or cannot be reached.
    pub fn new(values: &'a Values, sites: &'a Sites, team: &'a dyn Team) -> Result<Self> {
        let n = sites.len();
        let threads = team.join(&[rayon::current_num_threads() as f64], &vec![1; team.size()])?;
        let whole = kept(values, sites, split::kept_rows(n, TILE.0, team.rank(), team.size()));
        let threads = threads.iter().sum::<f64>() as usize;
        Ok(Self { values, sites, team, threads, whole: whole.map(Cow::Owned) })
    }

    /// The matrix of these points in this process alone, of which the caller keeps what [`whole`] gives.
    pub fn around(values: &'a Values, sites: &'a Sites, whole: Option<&'a [f64]>) -> Self {
        Self {
            values,
            sites,
            team: &Alone,
            threads: rayon::current_num_threads(),
            whole: whole.map(Cow::Borrowed),
        }
    }

    /// `H v`.
    ///
    /// # Errors
    /// When the work was cancelled, and when another process failed, or cannot be reached.
    pub fn apply(&self, v: &Block, progress: &dyn Progress) -> Result<Block> {
        let (n, b) = (self.sites.len(), v.cols());
        let (own, counts) = match &self.whole {
            Some(whole) => {
                let rows_of = |rank| split::kept_rows(n, TILE.0, rank, self.team.size()).len() * b;
                let mut product = vec![0.0; whole.len() / n.max(1) * b];
                product.par_chunks_mut(TILE.0 * b).zip(whole.par_chunks(TILE.0 * n)).for_each(
                    |(out, tile)| {
                        matmul(rows_mut(out, b), Accum::Replace, rows(tile, n), v.rows(0, n), 1.0, Par::Seq);
                    },
                );
                (product, (0..self.team.size()).map(rows_of).collect::<Vec<_>>())
            }
            None => {
                let split = Split::of(n, self.team.size());
                let rows_of = |rank| split.rows(split.owned(rank)).len() * b;
                (self.tiled(v, &split, progress)?, (0..self.team.size()).map(rows_of).collect())
            }
        };
        Ok(Block::new(b, if self.team.size() == 1 { own } else { self.team.join(&own, &counts)? }))
    }

    /// The rows of `H v` that this process owns, each tile of `H` computed once among all.
    fn tiled(&self, v: &Block, split: &Split, progress: &dyn Progress) -> Result<Vec<f64>> {
        let (b, rank) = (v.cols(), self.team.rank());
        let owned = split.owned(rank);
        let (done, rounds) = (AtomicU64::new(0), split.parts as u64 - 1);
        let total = owned.len() as u64 + rounds * share(split.parts / 2, rank, split.size).len() as u64;
        let count = || progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let of = |part: usize| split.rows(part..part + 1);
        let mut product: Vec<Vec<f64>> = owned
            .clone()
            .into_par_iter()
            .map(|part| {
                let mut out = vec![0.0; of(part).len() * b];
                if !progress.cancelled() {
                    self.own(v, of(part), &mut out);
                }
                count();
                out
            })
            .collect();
        for rounds in self.batches(split, b) {
            progress.go_on()?;
            let pairs: Vec<(usize, (usize, usize))> = rounds
                .clone()
                .flat_map(|round| split.pairs(round, rank).map(move |pair| (round, pair)))
                .collect();
            let additions: Vec<[Addition<'_>; 2]> = pairs
                .into_par_iter()
                .map(|(round, (i, j))| {
                    let (mut one, mut other) = (vec![0.0; of(i).len() * b], vec![0.0; of(j).len() * b]);
                    if !progress.cancelled() {
                        self.between(v, (of(i).start, &mut one), (of(j).start, &mut other));
                    }
                    count();
                    let addition = |part, rows| Addition { part, round, rows: Cow::Owned(rows) };
                    [addition(i, one), addition(j, other)]
                })
                .collect();
            let mut received = vec![];
            let additions = additions.into_iter().flatten();
            let mut sums = self.sent(split, &rounds, b, additions, &mut received)?;
            // Each part has one addition a round.
            sums.sort_by_key(|addition| (addition.part, addition.round));
            product.par_iter_mut().zip(sums.par_chunks(rounds.len())).for_each(|(out, additions)| {
                for Addition { rows, .. } in additions {
                    out.iter_mut().zip(rows.iter()).for_each(|(sum, x)| *sum += x);
                }
            });
        }
        progress.go_on()?;
        Ok(product.concat())
    }

    /// The rounds, as many at a time as give every thread of every process some pairs, while what they add is not too much to hold. Which ones are made at a
    /// time changes no sum.
    fn batches(&self, split: &Split, b: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let rounds = split.parts - 1;
        let wanted = (PAIRS_A_THREAD * self.threads).div_ceil(split.parts / 2);
        let held = MOST_ADDED / (self.sites.len() * b).max(1);
        let at_once = wanted.min(held).clamp(1, rounds);
        (0..rounds).step_by(at_once).map(move |first| first..(first + at_once).min(rounds))
    }

    /// Gives what the pairs of some rounds add to the owners of the parts; what is added to those of this process comes back, what others added in `received`.
    fn sent<'r>(
        &self,
        split: &Split,
        rounds: &Range<usize>,
        b: usize,
        additions: impl Iterator<Item = Addition<'r>>,
        received: &'r mut Vec<f64>,
    ) -> Result<Vec<Addition<'r>>> {
        let (rank, size) = (self.team.rank(), split.size);
        let owned = split.owned(rank);
        let (mut own, mut others): (Vec<_>, Vec<_>) =
            additions.partition(|addition| owned.contains(&addition.part));
        if size == 1 {
            return Ok(own);
        }
        let owner = |part: usize| owner(part, split.parts, size);
        others.sort_by_key(|addition| (owner(addition.part), addition.round, addition.part));
        let (mut give, mut take) = (vec![0; size], vec![0; size]);
        others.iter().for_each(|addition| give[owner(addition.part)] += addition.rows.len());
        let mut given = Vec::with_capacity(give.iter().sum());
        others.into_iter().for_each(|addition| given.extend_from_slice(&addition.rows));
        let mut coming = vec![];
        for (from, taken) in take.iter_mut().enumerate().filter(|(from, _)| *from != rank) {
            for round in rounds.clone() {
                let both = split.pairs(round, from).flat_map(|(i, j)| [i, j]);
                let mut mine: Vec<usize> = both.filter(|part| owned.contains(part)).collect();
                mine.sort_unstable();
                for part in mine {
                    let length = split.rows(part..part + 1).len() * b;
                    coming.push((part, round, length));
                    *taken += length;
                }
            }
        }
        *received = self.team.exchange(&given, &give, &take)?;
        let mut rest = &received[..];
        own.extend(coming.into_iter().map(|(part, round, length)| {
            let (rows, after) = rest.split_at(length);
            rest = after;
            Addition { part, round, rows: Cow::Borrowed(rows) }
        }));
        Ok(own)
    }

    /// Adds what the points in a range have with one another.
    fn own(&self, v: &Block, range: Range<usize>, out: &mut [f64]) {
        let b = v.cols();
        let mut tile = vec![0.0; TILE.0 * TILE.1];
        let (start, length) = (range.start, range.len());
        self.tiles((start, length), (start, length), &mut tile, |(i, j), tile| {
            let target = &mut out[(i - start) * b..][..tile.nrows() * b];
            matmul(rows_mut(target, b), Accum::Add, tile, v.rows(j, tile.ncols()), 1.0, Par::Seq);
        });
    }

    /// Adds what two parts, each the index of its first point and its rows, have with one another.
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
                self.values.weighted_tile(self.sites, i..i + rows_here, j..j + columns, tile);
                show((i, j), rows(tile, columns));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gram::team::tests::played, kernel::Kernel, math::units::Dimension, progress::Unwatched,
        sample::designs,
    };

    /// The product by tiles, and that of a matrix that is kept, are those of the entries, and the same to the bit whoever makes their parts.
    #[test]
    fn products_are_the_same_for_any_number_of_processes() {
        let kernel: Kernel = "two-layer:bias=true".parse().unwrap();
        let (n, b) = (501, 3);
        let points = designs::uniform(Dimension::new(2).unwrap(), n, 1);
        let (values, sites) = (Values::new(&kernel).unwrap(), Sites::new(&points));
        let v = Block::new(b, (0..n * b).map(|i| ((i * 37 % 101) as f64 - 50.0) / 7.0).collect());
        let mut row = vec![0.0; n];
        let expected: Vec<f64> = (0..n)
            .flat_map(|i| {
                values.weighted_row(&sites, i, 0..n, &mut row);
                let own = row.clone();
                (0..b).map(|c| (0..n).map(|j| own[j] * v.data()[j * b + c]).sum()).collect::<Vec<f64>>()
            })
            .collect();
        let of = |team: &dyn Team, kept: bool, threads: usize| {
            let mut operator = Operator::new(&values, &sites, team).unwrap();
            operator.threads = threads;
            operator.whole = operator.whole.filter(|_| kept);
            operator.apply(&v, &Unwatched).unwrap().into_data()
        };
        for kept in [false, true] {
            let alone = of(&Alone, kept, 1);
            assert!(alone.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12), "{kept}");
            for size in [2, 3, 4, 7] {
                let found = played(size, |team| of(team, kept, 20 * size));
                assert!(found.iter().all(|found| *found == alone), "{size} {kept}");
            }
        }
    }
}
