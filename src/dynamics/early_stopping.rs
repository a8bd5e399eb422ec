//! The expected error of gradient descent against its steps, and the step at which to stop.
//!
//! An optimizer from output zero on `n` points leaves the share `r_k(t)` of degree `k` after `t` steps ([`super::filter`]; full-batch gradient descent
//! `(1 - eta n lambda_k)^t`), of the target and of the noise alike. The mean square distance to the clean target is
//!
//! ```text
//! E(t) = sum_k c_k^2 r_k(t)^2 + (s^2/n) sum_k N(d,k) (1 - r_k(t))^2
//! ```
//!
//! With mini-batches it is that of the mean output; on top comes the mean square distance of single runs from it, the sum of the scatter of all modes
//! ([`super::filter::mini_batch`]), which is driven by the whole residual, noise included.
//!
//! An **estimate**, exact for infinitely many points: up to its minimum it was within [`ACCURACY`] of the error on 600 points of S^2,
//! after it 10 to 25 % too high, since `n` points cannot hold the noise of all degrees.

use super::{
    Modes, Task,
    filter::{
        Filter, Mode,
        mini_batch::{Energies, Group, MiniBatch},
    },
};
use crate::{
    error::Result,
    optimizer::{Method, Optimizer},
};

/// The expected error after some steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepError {
    /// The number of steps `t`.
    pub steps: u64,
    /// The part that the target's unlearned share makes.
    pub bias: f64,
    /// The part that the learned noise makes.
    pub variance: f64,
}

impl StepError {
    /// The expected mean square distance to the clean target.
    pub fn error(&self) -> f64 {
        self.bias + self.variance
    }
}

/// An optimizer on `points` points with step size `step_size`.
#[derive(Clone, Copy, Debug)]
pub struct Descent<'a> {
    /// The spectrum.
    pub modes: &'a Modes,
    /// The target and the noise.
    pub task: &'a Task,
    /// The number of points `n`.
    pub points: u64,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The step size `eta`; stable below [`Modes::largest_step_size`].
    pub step_size: f64,
}

/// How near `E(t)` was found to be to the error of descent itself, up to its minimum: 600 points of S^2, noise 1.
pub const ACCURACY: f64 = 0.07;
/// A target's degree counts as learned, for the end of the search, when this share of it is left.
const SETTLED: f64 = 1e-6;
/// Steps past which a run is out of reach.
const LONGEST: f64 = 1e15;
/// Products of one recurrence of energies: a second or two.
const MOST_PRODUCTS: f64 = 1e9;
/// Steps a decade in the search for the minimum.
const SEARCH_DENSITY: f64 = 64.0;

impl Descent<'_> {
    /// `E(t)` at `steps`.
    pub fn at(&self, steps: u64) -> StepError {
        let n = self.points as f64;
        let learned = |eigenvalue: f64| self.mode(eigenvalue).learned(steps);
        let left = |degree: u32| 1.0 - self.modes.eigenvalue(degree).map_or(0.0, learned);
        let bias = self.task.target.iter().map(|(k, c)| (c * left(*k)).powi(2)).sum();
        let held: f64 =
            self.modes.modes().iter().map(|m| m.multiplicity * learned(m.eigenvalue).powi(2)).sum();
        StepError { steps, bias, variance: self.task.noise.powi(2) / n * held }
    }

    /// The mean square distance of single runs in batches from their mean at each of `steps`, rising: `sum_i Var r_i`; none without batches, with
    /// momentum, whose scatter is not known, and where so many steps are out of reach.
    ///
    /// An **estimate**, within 1 % on random points, for as many points as resolve the modes. The energy of the residual at the start is that of
    /// the target and of the noise, which is spread evenly over all `n` modes.
    ///
    /// # Errors
    /// When the batches are larger than the number of points.
    pub fn scatter(&self, steps: &[u64]) -> Result<Option<Vec<f64>>> {
        let (Some(size), Method::GradientDescent) = (self.optimizer.batch(), self.optimizer.method()) else {
            return Ok(None);
        };
        let n = self.points as f64;
        let batch = MiniBatch::new(self.points as usize, size)?;
        let noise = self.task.noise.powi(2) / n;
        let share = |degree: u64| {
            let own = self.task.target.iter().find(|(k, _)| u64::from(*k) == degree);
            own.map_or(0.0, |(_, c)| c * c)
        };
        let modes = self.modes.resolved(n);
        let last = steps.last().copied().unwrap_or(0);
        if last as f64 * modes.len() as f64 > MOST_PRODUCTS {
            return Ok(None);
        }
        let known: f64 = modes.iter().filter_map(|(.., degree)| degree.map(share)).sum();
        let groups = modes.iter().map(|&(value, count, degree)| Group {
            eigenvalue: n * value,
            count,
            // What of the target lies past the modes of so many points is never learned.
            energy: count * noise + degree.map_or(self.task.power() - known, share),
        });
        let mut energies = Energies::of_groups(&self.optimizer, self.step_size, batch, groups)?;
        let (mut found, mut at) = (Vec::with_capacity(steps.len()), 0);
        for &step in steps {
            while at < step {
                energies.advance();
                at += 1;
            }
            found.push(energies.modes().iter().map(|mode| mode.scatter()).sum());
        }
        Ok(Some(found))
    }

    fn mode(&self, eigenvalue: f64) -> Mode {
        Filter::new(self.optimizer, self.step_size).mode_on(self.points as f64, eigenvalue)
    }

    /// Steps until of every degree of the target that can be learned the share that ever will be is learned but for 1e-6; after that only
    /// noise is learned. At most 1e15.
    pub fn horizon(&self) -> u64 {
        let values = self.task.target.iter().filter_map(|(k, _)| self.modes.eigenvalue(*k));
        let settled = |eigenvalue: f64| self.mode(eigenvalue).settling(SETTLED);
        let slowest = values.filter_map(settled).fold(1.0, f64::max);
        slowest.ceil().min(LONGEST) as u64
    }

    /// The numbers of steps from 0 to `last`, `density` a decade from 1 on, each once.
    pub fn grid(last: u64, density: f64) -> Vec<u64> {
        let count = ((last as f64).log10() * density).ceil() as u32;
        let steps = (0..count).map(|i| 10f64.powf(f64::from(i) / density).round() as u64);
        let mut all: Vec<u64> =
            std::iter::once(0).chain(steps).chain([last]).filter(|t| *t <= last).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The step with the least expected error; `None` when the error falls for ever (no noise).
    pub fn stopping(&self) -> Option<StepError> {
        if self.task.noise == 0.0 {
            return None;
        }
        let errors: Vec<StepError> =
            Self::grid(self.horizon(), SEARCH_DENSITY).into_iter().map(|t| self.at(t)).collect();
        let best = (0..errors.len()).min_by(|a, b| errors[*a].error().total_cmp(&errors[*b].error()))?;
        let mut low = errors[best.saturating_sub(1)].steps;
        let mut high = errors[(best + 1).min(errors.len() - 1)].steps;
        while high - low > 2 {
            let third = (high - low) / 3;
            let (a, b) = (low + third, high - third);
            if self.at(a).error() <= self.at(b).error() { high = b } else { low = a }
        }
        (low..=high).map(|t| self.at(t)).min_by(|a, b| a.error().total_cmp(&b.error()))
    }
}
