//! Outputs that an optimizer moves through a fixed kernel, step by step: for losses whose slopes are not linear in them.

use crate::optimizer::{Method, Momentum, Optimizer};

/// The outputs of a wide network at some points. With the slopes `s` of the loss at the points that are trained on, a step of gradient descent is
/// `u' = u - eta K s`; other optimizers move `u` as they move parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    optimizer: Optimizer,
    step_size: f64,
    start: Vec<f64>,
    now: Vec<f64>,
    before: Vec<f64>,
}

impl Outputs {
    /// Outputs at rest.
    pub fn at_rest(optimizer: Optimizer, step_size: f64, start: Vec<f64>) -> Self {
        Self { optimizer, step_size, now: start.clone(), before: start.clone(), start }
    }

    /// Where the gradient of the next step is taken.
    pub fn taken_at(&self) -> Vec<f64> {
        if matches!(self.optimizer.method(), Method::HeavyBall(_)) { self.now.clone() } else { self.ahead() }
    }

    /// The outputs of the parameters.
    pub fn seen(&self) -> Vec<f64> {
        if matches!(self.optimizer.method(), Method::TorchNesterov(_)) {
            self.ahead()
        } else {
            self.now.clone()
        }
    }

    /// One step, `along` being `K s` with the slopes where the gradient is taken.
    pub fn advance(&mut self, along: &[f64]) {
        let pull = self.step_size * self.optimizer.ridge();
        let (at, mut next) = (self.taken_at(), self.ahead());
        for (i, u) in next.iter_mut().enumerate() {
            *u -= self.step_size * along[i] + pull * (at[i] - self.start[i]);
        }
        self.before = std::mem::replace(&mut self.now, next);
    }

    fn ahead(&self) -> Vec<f64> {
        let beta = self.optimizer.method().momentum().map_or(0.0, Momentum::get);
        self.now.iter().zip(&self.before).map(|(now, before)| now + beta * (now - before)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::filter::Filter;

    /// With the slopes of the mean square each mode is what the filter says, for every method and with a ridge.
    #[test]
    fn modes_follow_the_filter() {
        let beta = Momentum::new(0.6).unwrap();
        let methods = [
            Method::GradientDescent,
            Method::HeavyBall(beta),
            Method::Nesterov(beta),
            Method::TorchNesterov(beta),
        ];
        for method in methods {
            for ridge in [0.0, 0.4] {
                let optimizer = Optimizer::new(method).with_ridge(ridge).unwrap();
                let (eigenvalue, label) = (0.7, 2.0);
                let mode = Filter::new(optimizer, 0.5).mode(eigenvalue);
                let mut outputs = Outputs::at_rest(optimizer, 0.5, vec![0.0]);
                for step in 0..40 {
                    let left = (label - outputs.seen()[0]) / label;
                    assert!((left - mode.left(step)).abs() < 1e-12, "{method:?} {ridge} {step}: {left}");
                    let along = eigenvalue * (outputs.taken_at()[0] - label);
                    outputs.advance(&[along]);
                }
            }
        }
    }
}
