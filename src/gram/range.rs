//! The range of a kernel on even and on odd functions: where a null space shows.
//!
//! On points `x_1, ..., x_m` and their antipodes a zonal kernel is the sum of its even part `(K(t) + K(-t))/2` and its odd part
//! `(K(t) - K(-t))/2`, each an `m x m` matrix, whose eigenvalues over `m` are close to those of the even and of the odd degrees. The rank of
//! a part is at most the number of harmonics that the kernel has in it, so a kernel without odd degrees from 3 on has an odd part
//! of rank `d + 1` however many points there are; on random points alone nothing of the kind shows, since even degrees fill the space.

use super::{
    block::{Block, small_eigen},
    harmonics,
    values::{Sites, Values},
};
use crate::{error::Result, sample::Points};
use faer::Mat;
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// Points used, at most: the parts are diagonalised whole.
pub const MOST_LINES: usize = 256;
/// Two points whose difference or sum is shorter than this lie on one line.
const SAME_LINE: f64 = 1e-6;
/// The seed of the choice among more points.
const CHOICE_SEED: u64 = 0x6c69_6e65;
/// Eigenvalues below this share of `K(1)` are rounding, beside `m 2^-52` and the error of the kernel's table.
const ROUNDING: f64 = 1e-13;

/// A kernel on even or on odd functions.
#[derive(Clone, Debug)]
pub struct Part {
    /// On odd functions?
    pub odd: bool,
    /// Eigenvalues that are not rounding.
    pub rank: usize,
    /// The share of each degree's harmonics, from 0 to 1, that lies in the range; degrees with fewer harmonics than there are points.
    pub shares: Vec<(u32, f64)>,
}

/// The range of a kernel on `m` points and their antipodes.
#[derive(Clone, Debug)]
pub struct Range {
    /// The number of points, `m`, no two on one line through the centre.
    pub lines: usize,
    /// Eigenvalues up to this are taken for rounding.
    pub threshold: f64,
    /// The even part and the odd one.
    pub parts: [Part; 2],
}

/// The range of the kernel on at most 256 of the points, chosen at random but always the same, with the shares of `degrees` (with multiplicities) in it.
///
/// # Errors
/// When the kernel is not finite between two points.
pub fn range(values: &Values, sample: &Points, degrees: &[(u32, usize)]) -> Result<Range> {
    let chosen = lines(sample);
    let m = chosen.len();
    let threshold =
        (ROUNDING.max(m as f64 * f64::EPSILON) + values.table_error().unwrap_or(0.0)) * values.at_one().abs();
    let both = sample.with_antipodes(&chosen);
    let sites = Sites::new(&both);
    let mut parts = [Mat::<f64>::zeros(m, m), Mat::<f64>::zeros(m, m)];
    let mut row = vec![0.0; 2 * m];
    for i in 0..m {
        values.row(&sites, i, 0, &mut row);
        let (near, far) = row.split_at(m);
        for j in 0..m {
            parts[0][(i, j)] = 0.5 * (near[j] + far[j]) / m as f64;
            parts[1][(i, j)] = 0.5 * (near[j] - far[j]) / m as f64;
        }
    }
    let [even, odd] = parts;
    let part = |matrix: &Mat<f64>, odd: bool| part(matrix, odd, &both, degrees, threshold);
    Ok(Range { lines: m, threshold, parts: [part(&even, false)?, part(&odd, true)?] })
}

fn part(
    matrix: &Mat<f64>,
    odd: bool,
    both: &Points,
    degrees: &[(u32, usize)],
    threshold: f64,
) -> Result<Part> {
    let m = matrix.nrows();
    let (values, vectors) = small_eigen(matrix.as_ref())?;
    let kept: Vec<usize> = (0..m).filter(|&i| values[i].abs() > threshold).collect();
    // A function on the points, continued evenly or oddly to their antipodes, with norm 1 again.
    let entry = |i: usize, j: usize| {
        let sign = if odd && i >= m { -1.0 } else { 1.0 };
        sign * vectors[(i % m, kept[j])] * 0.5f64.sqrt()
    };
    let data =
        (0..2 * m).flat_map(|i| (0..kept.len()).map(move |j| (i, j))).map(|(i, j)| entry(i, j)).collect();
    let basis = Block::new(kept.len(), data);
    let share = |&(degree, count): &(u32, usize)| {
        let inside = harmonics::shares(both, &basis, degree, count)?;
        Ok((degree, inside.iter().sum::<f64>() / count as f64))
    };
    let own = degrees.iter().filter(|(degree, count)| (degree % 2 == 1) == odd && *count < m);
    Ok(Part { odd, rank: kept.len(), shares: own.map(share).collect::<Result<_>>()? })
}

/// Indices of at most [`MOST_LINES`] points, no two on one line.
fn lines(sample: &Points) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(CHOICE_SEED));
    let mut chosen: Vec<usize> = vec![];
    for i in order {
        let apart = |&j: &usize| {
            let pairs = || sample.point(i).iter().zip(sample.point(j));
            let difference: f64 = pairs().map(|(a, b)| (a - b) * (a - b)).sum();
            let sum: f64 = pairs().map(|(a, b)| (a + b) * (a + b)).sum();
            difference.min(sum).sqrt() > SAME_LINE
        };
        if chosen.iter().all(apart) {
            chosen.push(i);
        }
        if chosen.len() == MOST_LINES {
            break;
        }
    }
    chosen
}
