//! The updates themselves, for groups of parameters in a network's own precision.
//!
//! A velocity is a displacement, so that nothing is lost where steps are far smaller than parameters: `v' = beta v - eta g`.
//!
//! * `gradient_descent`, `heavy_ball`, `nesterov`, `torch_nesterov` — one method each; `ridge` — the pull towards the start, around all of them
//! * [`mini_batch`] — the points of each step, from the seed alone

mod gradient_descent;
mod heavy_ball;
pub mod mini_batch;
mod nesterov;
mod ridge;
mod torch_nesterov;

use super::real::Real;
use crate::optimizer::{Method, Optimizer};
use rayon::prelude::*;
use ridge::Ridge;

/// An optimizer in a network's precision.
#[derive(Clone, Copy, Debug)]
pub struct Motion<T> {
    method: Method,
    beta: T,
    ridge: f64,
}

/// What an optimizer keeps of a group of parameters: as many numbers of each kind as parameters, or none where it needs none.
#[derive(Clone, Debug, PartialEq)]
pub struct Past<T> {
    /// The last displacement.
    pub velocity: Vec<T>,
    /// The parameters at the start.
    pub anchor: Vec<T>,
}

impl<T: Real> Motion<T> {
    /// That of an optimizer; its batches are [`mini_batch`]'s.
    pub fn of(optimizer: &Optimizer) -> Self {
        let method = optimizer.method();
        Self {
            method,
            beta: T::of(method.momentum().map_or(0.0, |beta| beta.get())),
            ridge: optimizer.ridge(),
        }
    }

    /// The past of parameters at rest.
    pub fn at_rest(&self, parameters: &[T]) -> Past<T> {
        let moves = !matches!(self.method, Method::GradientDescent);
        Past {
            velocity: if moves { vec![T::ZERO; parameters.len()] } else { vec![] },
            anchor: if self.ridge > 0.0 { parameters.to_vec() } else { vec![] },
        }
    }

    /// Is the gradient taken ahead of the parameters?
    pub fn looks_ahead(&self) -> bool {
        matches!(self.method, Method::Nesterov(_))
    }

    /// Moves parameters to where the gradient is taken, if that is elsewhere; [`Motion::step`] must follow.
    pub fn look_ahead(&self, parameters: &mut [T], velocity: &mut [T]) {
        if self.looks_ahead() {
            nesterov::look_ahead(parameters, velocity, self.beta);
        }
    }

    /// One step of size `step`. `add` adds `-step * gradient` to what it is given.
    #[inline(always)]
    pub fn step(
        &self,
        parameters: &mut [T],
        velocity: &mut [T],
        anchor: &[T],
        step: f64,
        add: impl FnOnce(&mut [T]),
    ) {
        let ridge = (self.ridge > 0.0).then(|| Ridge { anchor, pull: T::of(-step * self.ridge) });
        match self.method {
            Method::GradientDescent => gradient_descent::step(parameters, ridge, add),
            Method::HeavyBall(_) => heavy_ball::step(parameters, velocity, self.beta, ridge, add),
            Method::Nesterov(_) => nesterov::step(parameters, velocity, ridge, add),
            Method::TorchNesterov(_) => torch_nesterov::step(parameters, velocity, self.beta, ridge, add),
        }
    }
}

impl<T: Real> Motion<T> {
    /// One step of many parameters, in parts of so many on as many threads as there are; `add` is told which part it is given.
    pub fn step_in_parts(
        &self,
        parameters: &mut [T],
        past: &mut Past<T>,
        step: f64,
        part: usize,
        add: impl Fn(usize, &mut [T]) + Sync,
    ) {
        let mut velocities = past.velocity.chunks_mut(part);
        let mut anchors = past.anchor.chunks(part);
        let parts: Vec<(&mut [T], &mut [T], &[T])> = parameters
            .chunks_mut(part)
            .map(|own| (own, velocities.next().unwrap_or_default(), anchors.next().unwrap_or_default()))
            .collect();
        parts.into_par_iter().enumerate().for_each(|(at, (own, velocity, anchor))| {
            self.step(own, velocity, anchor, step, |target| add(at, target));
        });
    }
}

#[cfg(test)]
mod tests;
