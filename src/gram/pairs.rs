//! The unbiased pairwise estimate of an eigenvalue: `lambda_k = E K(x.x') P_k(x.x')` over independent uniform points, a covariance for `k >= 1`.

use super::{
    team::{Alone, Team, same_matrix},
    values::{Sites, Values},
    zonal::Zonal,
};
use crate::{error::Result, progress::Progress, sample::Points};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows summed as one part; fixed, so that sums have one order.
const ROWS: usize = 64;
/// Columns at a time.
const STRIP: usize = 256;

/// Means over all pairs of different points, for `k = 0..=top`.
#[derive(Clone, Debug, PartialEq)]
pub struct PairMeans {
    points: usize,
    /// Of `K P_k`.
    kernel: Vec<f64>,
    /// Of `P_k`.
    zonal: Vec<f64>,
    /// Of `P_k^2`.
    squares: Vec<f64>,
}

impl PairMeans {
    /// Unbiased estimates of the eigenvalues, for independent uniform points: `mean K` for degree 0, and from degree 1 on the covariance of `K` and
    /// `P_k` over the `M = n(n-1)/2` pairs, `(mean K P_k - mean K mean P_k) / (1 - 1/M)`.
    ///
    /// `K(x.x') P_k(x.x')` has the same mean around every point `x`, so two pairs that share a point are uncorrelated: the covariance of the two means
    /// is that of one pair over `M`, and `E P_k = 0`. Without the mean of the kernel, which says nothing of degree `k`, the estimate scatters less.
    pub fn unbiased(&self) -> Vec<f64> {
        let pairs = 0.5 * self.points as f64 * (self.points as f64 - 1.0);
        let estimate = |(k, (kernel, zonal)): (usize, (&f64, &f64))| match k {
            0 => *kernel,
            // One pair has no covariance.
            _ if pairs <= 1.0 => *kernel,
            _ => (kernel - self.kernel[0] * zonal) / (1.0 - 1.0 / pairs),
        };
        self.kernel.iter().zip(&self.zonal).enumerate().map(estimate).collect()
    }

    /// The mean of `K P_k` over all `n^2` pairs, of points with themselves too.
    pub fn with_own(&self, kernel: &dyn Zonal) -> Vec<f64> {
        self.over_all(&self.kernel, kernel.at_one())
    }

    /// The mean of `P_k^2` over all `n^2` pairs.
    pub fn energies(&self) -> Vec<f64> {
        self.over_all(&self.squares, 1.0)
    }

    fn over_all(&self, means: &[f64], at_one: f64) -> Vec<f64> {
        let own = 1.0 / self.points as f64;
        means.iter().map(|mean| (1.0 - own) * mean + own * at_one).collect()
    }
}

/// The means of `K P_k`, `P_k` and `P_k^2` over all pairs of different points, for `k = 0..=top`.
///
/// # Errors
/// When the work was cancelled.
pub fn means(
    kernel: &dyn Zonal,
    sites: &Sites,
    sample: &Points,
    top: u32,
    progress: &dyn Progress,
) -> Result<PairMeans> {
    by_team(kernel, sites, sample, top, &Alone, progress)
}

/// The same by processes that each make every so-manieth part of the sums.
///
/// # Errors
/// When another process failed, or cannot be reached, or the work was cancelled.
pub fn shared(
    values: &Values,
    sites: &Sites,
    sample: &Points,
    top: u32,
    team: &dyn Team,
    progress: &dyn Progress,
) -> Result<PairMeans> {
    same_matrix(team, values, sites)?;
    by_team(values, sites, sample, top, team, progress)
}

fn by_team(
    kernel: &dyn Zonal,
    sites: &Sites,
    sample: &Points,
    top: u32,
    team: &dyn Team,
    progress: &dyn Progress,
) -> Result<PairMeans> {
    let (n, terms) = (sample.len(), top as usize + 1);
    let parts = n.div_ceil(ROWS);
    let of = |rank: usize| (rank..parts).step_by(team.size());
    let (done, total) = (AtomicU64::new(0), of(team.rank()).len() as u64);
    let own: Vec<Sums> = of(team.rank())
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|part| {
            let mut sums = vec![[0.0; 3]; terms];
            if progress.cancelled() {
                return sums;
            }
            for i in part * ROWS..((part + 1) * ROWS).min(n) {
                for start in (i + 1..n).step_by(STRIP) {
                    add_strip(kernel, sites, sample, (i, start), &mut sums);
                }
            }
            progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            sums
        })
        .collect();
    progress.go_on()?;
    let counts: Vec<usize> = (0..team.size()).map(|rank| 3 * of(rank).len() * terms).collect();
    let all = team.join(own.concat().as_flattened(), &counts)?;
    let mut sums = all.chunks_exact(3 * terms);
    let mut by_part = vec![&[][..]; parts];
    (0..team.size()).flat_map(of).for_each(|part| by_part[part] = sums.next().unwrap_or_default());
    let pairs = n as f64 * (n - 1) as f64 / 2.0;
    let mean = |which: usize| {
        let sum = |k: usize| by_part.iter().map(|part| part[3 * k + which]).sum::<f64>() / pairs;
        (0..terms).map(sum).collect()
    };
    Ok(PairMeans { points: n, kernel: mean(0), zonal: mean(1), squares: mean(2) })
}

/// Sums of `K P_k`, of `P_k` and of `P_k^2`, by degree.
type Sums = Vec<[f64; 3]>;

/// Adds them between point `i` and a strip of later points.
fn add_strip(
    zonal: &dyn Zonal,
    sites: &Sites,
    sample: &Points,
    (i, start): (usize, usize),
    sums: &mut [[f64; 3]],
) {
    let count = STRIP.min(sample.len() - start);
    let mut kernel = [0.0; STRIP];
    zonal.row(sites, i, start, &mut kernel[..count]);
    let mut t = [0.0; STRIP];
    for (j, t) in t[..count].iter_mut().enumerate() {
        *t = sample.point(i).iter().zip(sample.point(start + j)).map(|(a, b)| a * b).sum();
    }
    // The recurrence of the zonal polynomials, for the strip at once: (k+d-1) P_{k+1} = (2k+d-1) t P_k - k P_{k-1}.
    let (mut previous, mut current) = ([0.0; STRIP], [1.0; STRIP]);
    let d = f64::from(sample.dim().get());
    for (k, sum) in sums.iter_mut().enumerate() {
        sum[0] += kernel[..count].iter().zip(&current).map(|(a, b)| a * b).sum::<f64>();
        sum[1] += current[..count].iter().sum::<f64>();
        sum[2] += current[..count].iter().map(|p| p * p).sum::<f64>();
        let ratio = if k == 0 { 0.0 } else { k as f64 / (k as f64 + d - 1.0) };
        for j in 0..count {
            let shifted = t[j] * current[j];
            (previous[j], current[j]) = (current[j], shifted + ratio * (shifted - previous[j]));
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

    #[test]
    fn sums_are_the_same_for_any_number_of_processes() {
        let kernel: Kernel = "two-layer".parse().unwrap();
        let sample = designs::uniform(Dimension::new(2).unwrap(), 333, 1);
        let (values, sites) = (Values::new(&kernel).unwrap(), Sites::new(&sample));
        let alone = means(&values, &sites, &sample, 3, &Unwatched).unwrap();
        for size in [1, 2, 3, 9] {
            let found = played(size, |team| shared(&values, &sites, &sample, 3, team, &Unwatched).unwrap());
            assert!(found.iter().all(|means| *means == alone), "{size}");
        }
    }
}
