//! Kernel regression made, not predicted: fitted to rows drawn at random and tried on the others, where that is cheap.

use super::{
    dense,
    values::{Sites, Values},
};
use crate::{error::Result, progress::Progress};
use faer::{MatRef, Par};
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// Parts into which the solver splits its work: fixed, so that its sums do not depend on the number of threads.
const PARTS: usize = 8;
/// Fits of one number of rows, at most and, while the matrix is small, at least.
const MOST_FITS: usize = 20;
const SMALL: usize = 512;
/// What all fits of one number of rows may cost, as a share of one eigendecomposition of all rows.
const SHARE: f64 = 0.03;
/// The seed of the first draw; the same rows every time.
const DRAW_SEED: u64 = 0x6472_6177;

/// The errors of real fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// How many fits were made, each to rows of its own.
    pub fits: usize,
    /// The mean square error on the rows fitted, ...
    pub training: f64,
    /// ... and on the others, over all fits.
    pub held_out: f64,
    /// The standard error of the latter from the spread over the fits; `None` for a single one.
    pub standard_error: Option<f64>,
}

/// What is fitted, and what fits are held against on rows that were left out: the labels again, or what they are without their noise.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'a> {
    /// The labels.
    pub labels: &'a [f64],
    /// What predictions should be.
    pub truth: &'a [f64],
}

/// How many fits to `rows` of `all` rows are cheap beside one eigendecomposition of all.
pub fn affordable(rows: usize, all: usize) -> usize {
    let cost = (rows as f64 / all as f64).powi(3);
    let cheap = (SHARE / cost) as usize;
    if all <= SMALL { MOST_FITS } else { cheap.min(MOST_FITS) }
}

/// Regression with `ridge` on `fits` draws of `rows` of the rows: weights `(K + ridge I)^-1 y`, without a ridge those of least norm on the directions
/// above rounding (`rows 2^-52` of the largest). `None` for no fits.
///
/// # Errors
/// When the eigensolver fails, or the work was cancelled.
pub fn measured(
    values: &Values,
    sites: &Sites,
    Labelled { labels, truth }: Labelled<'_>,
    (ridge, rows): (f64, usize),
    fits: usize,
    progress: &dyn Progress,
) -> Result<Option<Measured>> {
    let all = labels.len();
    let (mut training, mut held_out) = (0.0, vec![]);
    for fit in 0..fits {
        progress.go_on()?;
        let mut order: Vec<usize> = (0..all).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(DRAW_SEED.wrapping_add(fit as u64)));
        let (own, others) = order.split_at(rows);
        let predicted = predicted(values, sites, labels, (ridge, own))?;
        let error = |rows: &[usize], right: &[f64]| {
            rows.iter().map(|&i| (predicted[i] - right[i]).powi(2)).sum::<f64>() / rows.len() as f64
        };
        training += error(own, labels) / fits as f64;
        held_out.push(error(others, truth));
    }
    let count = held_out.len() as f64;
    let mean = held_out.iter().sum::<f64>() / count;
    let squares: f64 = held_out.iter().map(|x| (x - mean).powi(2)).sum();
    Ok((fits > 0).then(|| Measured {
        fits,
        training,
        held_out: mean,
        standard_error: (fits > 1).then(|| (squares / (count - 1.0) / count).sqrt()),
    }))
}

/// What the fit to the rows `own` says of every row.
fn predicted(
    values: &Values,
    sites: &Sites,
    labels: &[f64],
    (ridge, own): (f64, &[usize]),
) -> Result<Vec<f64>> {
    let (all, m) = (labels.len(), own.len());
    let mut kernel = vec![0.0; m * all];
    kernel.chunks_exact_mut(all).zip(own).for_each(|(row, &i)| values.row(sites, i, 0, row));
    let inner: Vec<f64> = kernel.chunks_exact(all).flat_map(|row| own.iter().map(|&j| row[j])).collect();
    let (eigenvalues, vectors) =
        dense::eigen(MatRef::from_row_major_slice(&inner, m, m), true, Par::rayon(PARTS))?;
    let largest = eigenvalues.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    let rounding = m as f64 * f64::EPSILON * largest;
    let mut weights = vec![0.0; m];
    for (j, value) in eigenvalues.iter().enumerate() {
        let below = value + ridge;
        if below.abs() <= rounding {
            continue;
        }
        let along: f64 = own.iter().enumerate().map(|(i, &row)| vectors[(i, j)] * labels[row]).sum();
        weights.iter_mut().enumerate().for_each(|(i, weight)| *weight += vectors[(i, j)] * along / below);
    }
    let mut found = vec![0.0; all];
    for (row, weight) in kernel.chunks_exact(all).zip(&weights) {
        found.iter_mut().zip(row).for_each(|(sum, k)| *sum += weight * k);
    }
    Ok(found)
}
