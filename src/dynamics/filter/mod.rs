//! What an optimizer leaves of each mode of a kernel: the one filter that all predictions ask.
//!
//! On a wide network the residual along an eigenvector of the Gram matrix, with eigenvalue `Lambda` (`n lambda_k` for infinitely many
//! points), moves by a linear recurrence in `h = eta Lambda`. With `r_t` the residual after `t` steps over its start, and
//! `g = h + eta mu` for a ridge `mu` towards the start,
//!
//! ```text
//! r' = trace r - determinant r_old + eta mu          r_0 = 1, r_1 = 1 - h (torch's Nesterov: 1 - (1+beta) h)
//! ```
//!
//! | file | trace | determinant | stable for |
//! | --- | --- | --- | --- |
//! | `gradient_descent` | `1 - g` | 0 | `g < 2` |
//! | `heavy_ball` | `1 + beta - g` | `beta` | `g < 2 (1+beta)` |
//! | `nesterov`, `torch_nesterov` | `(1-g)(1+beta)` | `(1-g) beta` | `g < 2 (1+beta)/(1+2 beta)` |
//!
//! `ridge` has the limit `mu/(Lambda + mu)`, `passage` the steps until little is left, [`mini_batch`] the scatter about the mean that batches
//! make; the mean itself is that of the full batch, exactly. Source: theory.md, section 5.

mod gradient_descent;
mod heavy_ball;
pub mod mini_batch;
mod nesterov;
mod passage;
mod ridge;
mod roots;
mod torch_nesterov;

pub use passage::Passage;

use crate::optimizer::{Method, Optimizer};
use roots::Roots;

/// An optimizer at a step size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filter {
    optimizer: Optimizer,
    step_size: f64,
}

/// What a method makes of a mode, before the ridge: the recurrence `q' = trace q - determinant q_old`, `q_0 = 1`, `q_1 = 1 - fall`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Factors {
    trace: f64,
    determinant: f64,
    fall: f64,
    roots: Roots,
}

/// A mode under a [`Filter`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    factors: Factors,
    /// `h`.
    rate: f64,
    /// `eta mu`.
    pull: f64,
    /// `g` is below this where the mode is stable.
    bound: f64,
}

impl Filter {
    /// The optimizer with step size `eta > 0`.
    pub fn new(optimizer: Optimizer, step_size: f64) -> Self {
        Self { optimizer, step_size }
    }

    /// The mode of eigenvalue `Lambda >= 0` of the Gram matrix.
    pub fn mode(&self, eigenvalue: f64) -> Mode {
        self.at(self.step_size * eigenvalue)
    }

    /// The mode of eigenvalue `lambda_k` of the kernel on so many points, in the limit of many: `Lambda = n lambda_k`.
    pub fn mode_on(&self, points: f64, eigenvalue: f64) -> Mode {
        self.at(self.step_size * points * eigenvalue)
    }

    fn at(&self, rate: f64) -> Mode {
        let pull = self.step_size * self.optimizer.ridge();
        Mode {
            factors: factors(self.optimizer.method(), rate + pull),
            rate,
            pull,
            bound: bound(self.optimizer.method()),
        }
    }

    /// The least step size at which a mode of eigenvalue `largest` no longer dies out, the batch being full:
    /// `bound/(largest + mu)`, with the bound of the table above.
    ///
    /// For mini-batches, whose limit is lower and depends on all modes: [`mini_batch::MiniBatch::largest_step_size`].
    pub fn largest_step_size(optimizer: &Optimizer, largest: f64) -> f64 {
        bound(optimizer.method()) / (largest + optimizer.ridge())
    }
}

fn factors(method: Method, g: f64) -> Factors {
    match method {
        Method::GradientDescent => gradient_descent::factors(g),
        Method::HeavyBall(beta) => heavy_ball::factors(beta.get(), g),
        Method::Nesterov(beta) => nesterov::factors(beta.get(), g),
        Method::TorchNesterov(beta) => torch_nesterov::factors(beta.get(), g),
    }
}

/// The least `g` that is not stable.
fn bound(method: Method) -> f64 {
    match method {
        Method::GradientDescent => gradient_descent::BOUND,
        Method::HeavyBall(beta) => heavy_ball::bound(beta.get()),
        Method::Nesterov(beta) | Method::TorchNesterov(beta) => nesterov::bound(beta.get()),
    }
}

impl Mode {
    /// `r_t`, the share of its start that is left after `t` steps, to some roundings of the largest share before.
    pub fn left(&self, steps: u64) -> f64 {
        let reach = ridge::reach(self.rate, self.pull);
        (1.0 - reach) + reach * self.factors.roots.left(self.factors.fall, steps as f64)
    }

    /// `1 - r_t`, with the digits that `r_t` near 1 has lost.
    pub fn learned(&self, steps: u64) -> f64 {
        ridge::reach(self.rate, self.pull) * self.factors.roots.fallen(self.factors.fall, steps)
    }

    /// What is left in the end: `mu/(Lambda + mu)`, 0 without a ridge, 1 for a mode of eigenvalue 0; `None` where the step is not stable.
    pub fn limit(&self) -> Option<f64> {
        self.is_stable()
            .then(|| if self.rate == 0.0 { 1.0 } else { 1.0 - ridge::reach(self.rate, self.pull) })
    }

    /// Does the mode die out (to its limit), or has it no eigenvalue to move by?
    pub fn is_stable(&self) -> bool {
        self.rate + self.pull < self.bound
    }

    /// The steps until at most `delta` of the start is left, `0 < delta < 1`.
    pub fn passage(&self, delta: f64) -> Passage {
        passage::passage(self, delta)
    }

    /// The steps after which the distance to the limit is at most `delta` of what it was for good; `None` where the mode never moves or is not
    /// stable.
    pub fn settling(&self, delta: f64) -> Option<f64> {
        let about_the_limit = Self { rate: self.rate + self.pull, pull: 0.0, ..*self };
        if self.rate > 0.0 { passage::passage(&about_the_limit, delta).settled } else { None }
    }

    /// The residual of the mode from `start` on, step by step, by the recurrence itself.
    pub fn trajectory(&self, start: f64) -> Trajectory {
        let Factors { trace, determinant, fall, .. } = self.factors;
        // r_1 = trace r_0 - determinant r_before + push: the past that gives the first step of a method at rest.
        let first = ridge::reach(self.rate, self.pull) * fall;
        Trajectory {
            trace,
            determinant,
            push: self.pull * start,
            now: start,
            before: None,
            first: (1.0 - first) * start,
        }
    }
}

/// A mode's residual, step by step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trajectory {
    trace: f64,
    determinant: f64,
    push: f64,
    now: f64,
    before: Option<f64>,
    first: f64,
}

impl Trajectory {
    /// The residual now.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// One step.
    pub fn advance(&mut self) {
        let next = match self.before {
            None => self.first,
            Some(before) => self.trace * self.now - self.determinant * before + self.push,
        };
        self.before = Some(std::mem::replace(&mut self.now, next));
    }
}

#[cfg(test)]
mod tests;
