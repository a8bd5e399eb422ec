//! What a spectrum implies for learning: curves, stopping times, and what an experiment will need.
//!
//! * `filter` — what an optimizer leaves of a mode, the steps until it is learned, the largest stable step
//! * [`kernel_descent`] — outputs moved through a fixed kernel, whatever the loss
//! * [`early_stopping`] — expected error against steps, and the step at which to stop
//! * [`learning_curve`] — expected error of kernel regression against the number of points
//! * [`plan`] — points, width and step size that an experiment needs
//!
//! All of them work on [`Modes`], a spectrum in machine numbers.

pub mod early_stopping;
pub mod filter;
pub mod kernel_descent;
pub mod learning_curve;
pub mod plan;

use crate::{
    error::{Error, Result},
    kernel::{Kernel, domain::in_machine_numbers},
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
    optimizer::{Method, Optimizer},
    spectrum::{Eigenvalue, Goal, Kind, Spectrum, identities::Predict, spectrum},
};
use filter::{Filter, mini_batch::MiniBatch};

/// One degree of a spectrum in machine numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// The degree `k`.
    pub degree: u64,
    /// The eigenvalue `lambda_k`, to about twelve digits.
    pub eigenvalue: f64,
    /// The multiplicity `N(d,k)`.
    pub multiplicity: f64,
}

impl Mode {
    /// `lambda_k N(d,k)`: what the degree adds to `K(1)`.
    pub fn trace(&self) -> f64 {
        self.eigenvalue * self.multiplicity
    }
}

/// The spectrum of a kernel on `S^d` in machine numbers, degrees `0..=K`, and the weight of what lies past them; single degrees past them, too.
///
/// Invariants: `modes[k].degree == k`; `far` is rising and past the modes; no eigenvalue is negative or not finite; `at_one > 0`.
#[derive(Clone, Debug)]
pub struct Modes {
    dim: Dimension,
    modes: Vec<Mode>,
    far: Vec<Mode>,
    at_one: f64,
    tail: f64,
    tail_is_bound: bool,
}

/// Digits of each eigenvalue, and so of `K(1) - sum lambda_k N(d,k)` relative to `K(1)`.
const DIGITS: u32 = 12;

impl Modes {
    /// The spectrum of `kernel` on `S^d` to degree `max_degree`.
    ///
    /// # Errors
    /// When an eigenvalue is negative or cannot be told from a negative one: then the kernel is no covariance, or more digits
    /// are out of reach.
    pub fn of(kernel: &Kernel, dim: Dimension, max_degree: u32) -> Result<Self> {
        Self::by(&spectrum, kernel, dim, max_degree)
    }

    /// The same by a spectrum that is handed in.
    ///
    /// # Errors
    /// As [`Modes::of`], and those of `predict`.
    pub fn by(predict: &Predict<'_>, kernel: &Kernel, dim: Dimension, max_degree: u32) -> Result<Self> {
        let found = predict(kernel, dim, &Degrees::up_to(max_degree)?, &goal()?)?;
        let modes = positive(kernel, &found)?;
        let at_one = kernel.at_one(Bits(128));
        in_machine_numbers(kernel, at_one.magnitude().to_f64())?;
        let rest = at_one.clone() - found.trace();
        let below = rest.contains_zero();
        let tail = if below { rest.magnitude().to_f64() } else { rest.midpoint().to_f64() };
        if tail < 0.0 {
            let reached = format!("{tail:e} left for the degrees past {max_degree}");
            return Err(Error::numerical(
                format!("trace of {kernel} on S^{dim}"),
                reached,
                "a positive rest",
            ));
        }
        Ok(Self { dim, modes, at_one: at_one.midpoint().to_f64(), tail, tail_is_bound: below, far: vec![] })
    }

    /// The same with the modes of `degrees` as well, where they are past the last one.
    ///
    /// # Errors
    /// As [`Modes::by`].
    pub fn and(mut self, predict: &Predict<'_>, kernel: &Kernel, degrees: &Degrees) -> Result<Self> {
        let last = self.modes.len() as u64;
        if let Some(far) = degrees.filtered(|k| k >= last) {
            self.far = positive(kernel, &predict(kernel, self.dim, &far, &goal()?)?)?;
        }
        Ok(self)
    }

    /// The sphere.
    pub fn dim(&self) -> Dimension {
        self.dim
    }

    /// The modes, degree `k` at index `k`.
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The eigenvalue of degree `k`, if it is among the modes.
    pub fn eigenvalue(&self, degree: impl Into<u64>) -> Option<f64> {
        let degree = degree.into();
        let far = || self.far.binary_search_by_key(&degree, |mode| mode.degree).map(|at| &self.far[at]);
        self.modes.get(degree as usize).or_else(|| far().ok()).map(|mode| mode.eigenvalue)
    }

    /// `K(1)`.
    pub fn at_one(&self) -> f64 {
        self.at_one
    }

    /// `K(1) - sum_k lambda_k N(d,k)`, the weight of the degrees past the last one; where it is lost in the error of the
    /// eigenvalues, an upper bound of it.
    pub fn tail(&self) -> f64 {
        self.tail
    }

    /// Is [`Self::tail`] only an upper bound?
    pub fn tail_is_bound(&self) -> bool {
        self.tail_is_bound
    }

    /// The largest eigenvalue.
    pub fn largest(&self) -> f64 {
        self.modes.iter().map(|mode| mode.eigenvalue).fold(0.0, f64::max)
    }

    /// The larger of the last two eigenvalues (one of them may vanish by parity): about the largest past the last degree.
    pub fn last(&self) -> f64 {
        self.modes.iter().rev().take(2).map(|mode| mode.eigenvalue).fold(0.0, f64::max)
    }

    /// The largest stable step size of full-batch gradient descent on `points` points, `2/(n lambda_max)`, for the loss
    /// `1/2 sum_i (f(x_i) - y_i)^2`.
    pub fn largest_step_size(&self, points: f64) -> f64 {
        2.0 / (points * self.largest())
    }

    /// The same of any optimizer (`filter`).
    ///
    /// In batches it is that at which the energies of the first `n` modes die out; where the spectrum ends before, the rest of the trace counts as
    /// slow modes. An **estimate** then. With momentum the edge of batches is not known, and the full batch's stands for it.
    ///
    /// # Errors
    /// When the batches are larger than `points`.
    pub fn largest_step_size_of(&self, optimizer: &Optimizer, points: f64) -> Result<f64> {
        let full = Filter::largest_step_size(optimizer, points * self.largest());
        let Some(size) = optimizer.batch() else { return Ok(full) };
        let batch = MiniBatch::new(points as usize, size)?;
        if optimizer.method() != Method::GradientDescent {
            return Ok(full);
        }
        let modes: Vec<(f64, f64)> =
            self.resolved(points).into_iter().map(|(value, count, _)| (points * value, count)).collect();
        Ok(batch.largest_step_size(optimizer, &modes))
    }

    /// The first `n` modes, largest eigenvalues first, as `(lambda, count, degree)`; where the spectrum ends before, the rest of the trace as slow
    /// modes of no degree.
    fn resolved(&self, points: f64) -> Vec<(f64, f64, Option<u64>)> {
        let (mut left, mut modes) = (points, vec![]);
        let mut known: Vec<&Mode> = self.modes.iter().collect();
        known.sort_by(|a, b| b.eigenvalue.total_cmp(&a.eigenvalue));
        for mode in known {
            let count = mode.multiplicity.min(left);
            modes.push((mode.eigenvalue, count, Some(mode.degree)));
            left -= count;
        }
        if left > 0.0 {
            modes.push((self.tail / left, left, None));
        }
        modes
    }
}

fn goal() -> Result<Goal> {
    Ok(Goal { digits: Digits::new(DIGITS)?, longest: 0, fast: true })
}

/// The modes of a spectrum, none of them negative.
fn positive(kernel: &Kernel, found: &Spectrum) -> Result<Vec<Mode>> {
    let dim = found.dim;
    let mode = |value: &Eigenvalue| {
        let (degree, eigenvalue) = (value.degree, value.to_f64());
        if value.kind != Kind::Zero && !value.enclosure.is_positive() {
            let radius = value.enclosure.radius().to_f64();
            let subject = format!("eigenvalue of {kernel} on S^{dim}, degree {degree}");
            let reached = format!("{eigenvalue:e} with error {radius:.1e}");
            return Err(Error::numerical(subject, reached, "a value proved positive or zero"));
        }
        Ok(Mode { degree, eigenvalue, multiplicity: multiplicity(dim, degree).to_f64() })
    };
    found.eigenvalues.iter().map(mode).collect()
}

/// A target `sum_k c_k Y_k` with noisy labels, `Y_k` harmonics of degree `k` with mean square 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The degrees and their coefficients `c_k`, degrees rising.
    pub target: Vec<(u32, f64)>,
    /// The standard deviation `s` of the labels' noise.
    pub noise: f64,
}

impl Task {
    /// The highest degree of the target.
    pub fn highest(&self) -> u32 {
        self.target.iter().map(|(degree, _)| *degree).max().unwrap_or(0)
    }

    /// The mean square of the target, `sum_k c_k^2`: the error of the prediction 0.
    pub fn power(&self) -> f64 {
        self.target.iter().map(|(_, c)| c * c).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolved_modes_are_as_many_as_the_points() {
        let modes = Modes::of(&"two-layer:bias=true".parse().unwrap(), Dimension::SPHERE, 6).unwrap();
        for points in [3.0, 30.0, 49.0, 500.0] {
            let found = modes.resolved(points);
            assert!((found.iter().map(|(_, count, _)| count).sum::<f64>() - points).abs() < 1e-9, "{points}");
            assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0 || pair[1].2.is_none()));
            let trace: f64 = found.iter().map(|(value, count, _)| value * count).sum();
            assert!(
                points < 49.0 || (trace - modes.at_one()).abs() < modes.tail() + 1e-9,
                "{points}: {trace}"
            );
        }
    }
}
