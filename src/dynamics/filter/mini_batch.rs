//! Mini-batches of `B` out of `n` points, drawn afresh each step without replacement, the gradient times `n/B`.
//!
//! The mean residual follows the full batch exactly. About it modes scatter: with the energy `p_i = E r_i^2` of the component along the
//! `i`-th of all `n` eigenvectors, `s = (n-B)/(B (n-1))` and `g_i = h_i + eta mu`,
//!
//! ```text
//! p_i' = E ((1-g_i) r_i + eta mu r_i(0))^2 + s h_i^2 (sum_j p_j - p_i)
//! ```
//!
//! for gradient descent: exact where the residual's square is spread evenly over the points (equispaced ones), an **estimate**, within 1 %, on
//! random ones. Without a ridge they die out while `sum_i s h_i/(2 - (1-s) h_i) < 1`, over all `n` modes; on random points the edge is some 4 %
//! lower.

use crate::{
    error::{Error, Result},
    optimizer::{Method, Optimizer},
};

/// The sampling of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MiniBatch {
    share: f64,
}

impl MiniBatch {
    /// `batch` of `points` points.
    ///
    /// # Errors
    /// Unless `1 <= batch <= points`.
    pub fn new(points: usize, batch: usize) -> Result<Self> {
        if batch == 0 || batch > points {
            return Err(Error::invalid(
                "batch",
                batch,
                format!("a number of points from 1 to {points}, all there are"),
            ));
        }
        let (n, b) = (points as f64, batch as f64);
        Ok(Self { share: if batch == points { 0.0 } else { (n - b) / (b * (n - 1.0)) } })
    }

    /// `s`; 0 for the full batch.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// `sum_i s h_i^2/(g_i (2 - g_i) + s h_i^2)` of all modes, given as rates `h` with their multiplicities, and `eta mu`: energies die out (to
    /// their limits) while it is below 1. Infinite where a single mode grows by itself.
    pub fn load(&self, rates: &[(f64, f64)], pull: f64) -> f64 {
        let term = |(rate, count): &(f64, f64)| {
            let (g, noise) = (rate + pull, self.share * rate * rate);
            let rest = g * (2.0 - g) + noise;
            if noise == 0.0 && g < 2.0 {
                0.0
            } else if rest > 0.0 {
                count * noise / rest
            } else {
                f64::INFINITY
            }
        };
        rates.iter().map(term).sum()
    }

    /// The least step size at which gradient descent on these modes, `(Lambda, multiplicity)`, no longer dies out, with the optimizer's ridge; to
    /// rounding.
    pub fn largest_step_size(&self, optimizer: &Optimizer, modes: &[(f64, f64)]) -> f64 {
        let largest = modes.iter().map(|(value, _)| *value).fold(0.0, f64::max) + optimizer.ridge();
        let stable = |step_size: f64| {
            let rates: Vec<(f64, f64)> =
                modes.iter().map(|(value, count)| (step_size * value, *count)).collect();
            self.load(&rates, step_size * optimizer.ridge()) < 1.0 && step_size * largest < 2.0
        };
        let (mut low, mut high) = (0.0, 2.0 / largest);
        while high - low > 4.0 * f64::EPSILON * high {
            let middle = 0.5 * (low + high);
            if stable(middle) { low = middle } else { high = middle }
        }
        high
    }
}

/// The energies of all modes, step by step.
#[derive(Clone, Debug)]
pub struct Energies {
    share: f64,
    modes: Vec<Energy>,
}

/// One mode, or several of one rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Energy {
    rate: f64,
    pull: f64,
    start: f64,
    count: f64,
    /// `E r_i`; of several modes the root of the sum of its squares.
    pub mean: f64,
    /// `E r_i^2`; of several modes its sum.
    pub square: f64,
}

/// Modes of one eigenvalue `Lambda` of the Gram matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// `Lambda`.
    pub eigenvalue: f64,
    /// How many modes.
    pub count: f64,
    /// `sum r_i(0)^2` over them.
    pub energy: f64,
}

impl Energy {
    /// The variance `E r_i^2 - (E r_i)^2`; of several modes its sum.
    pub fn scatter(&self) -> f64 {
        self.square - self.mean * self.mean
    }
}

impl Energies {
    /// The modes `(Lambda_i, r_i(0))` at the start, under gradient descent of step size `eta` in batches.
    ///
    /// # Errors
    /// For a method with momentum, whose scatter this is not.
    pub fn new(
        optimizer: &Optimizer,
        step_size: f64,
        batch: MiniBatch,
        modes: &[(f64, f64)],
    ) -> Result<Self> {
        let single = |(eigenvalue, start): &(f64, f64)| Group {
            eigenvalue: *eigenvalue,
            count: 1.0,
            energy: start * start,
        };
        let mut all = Self::of_groups(optimizer, step_size, batch, modes.iter().map(single))?;
        for (mode, (_, start)) in all.modes.iter_mut().zip(modes) {
            (mode.start, mode.mean) = (*start, *start);
        }
        Ok(all)
    }

    /// The same of groups of modes, which share their rate.
    ///
    /// # Errors
    /// As [`Energies::new`].
    pub fn of_groups(
        optimizer: &Optimizer,
        step_size: f64,
        batch: MiniBatch,
        groups: impl IntoIterator<Item = Group>,
    ) -> Result<Self> {
        if optimizer.method() != Method::GradientDescent {
            let right = "gd: the scatter of batches with momentum is not known";
            return Err(Error::invalid("optimizer", optimizer.method().name(), right));
        }
        let pull = step_size * optimizer.ridge();
        let start = |Group { eigenvalue, count, energy }| Energy {
            rate: step_size * eigenvalue,
            pull,
            start: energy.sqrt(),
            count,
            mean: energy.sqrt(),
            square: energy,
        };
        Ok(Self { share: batch.share, modes: groups.into_iter().map(start).collect() })
    }

    /// The modes now.
    pub fn modes(&self) -> &[Energy] {
        &self.modes
    }

    /// One step.
    pub fn advance(&mut self) {
        let all: f64 = self.modes.iter().map(|mode| mode.square).sum();
        for mode in &mut self.modes {
            let (factor, push) = (1.0 - (mode.rate + mode.pull), mode.pull * mode.start);
            let drift = factor * factor * mode.square + push * (2.0 * factor * mode.mean + push);
            mode.square = drift + self.share * mode.rate * mode.rate * (mode.count * all - mode.square);
            mode.mean = factor * mode.mean + push;
        }
    }
}

/// What a learned mode of rate `h` keeps while an energy `unlearned` (in the null space, or in far slower modes) is never learned:
/// `s h E/(2 - (1-s) h)` with `E = unlearned/(1 - load)`, the load that of the learned modes.
pub fn floor(batch: MiniBatch, rate: f64, unlearned: f64, load: f64) -> f64 {
    batch.share * rate / (2.0 - (1.0 - batch.share) * rate) * unlearned / (1.0 - load)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The full batch has no noise: nothing is added below the largest stable step, nothing stays finite above it.
    #[test]
    fn the_load_of_a_full_batch_is_nothing_or_infinite() {
        let full = MiniBatch::new(20, 20).unwrap();
        assert_eq!(full.share(), 0.0);
        assert_eq!(full.load(&[(1.5, 1.0), (0.1, 5.0)], 0.0), 0.0);
        assert_eq!(full.load(&[(2.5, 1.0)], 0.0), f64::INFINITY);
    }
}
