//! Steps of an optimizer until a target is learned, and what was seen on the way.

use super::{Network, optimizer::mini_batch::Batches};
use crate::{
    error::{Error, Result},
    optimizer::Optimizer,
};
use serde::{Deserialize, Serialize};

/// What is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// `1/2 sum_i v_i (f(x_i) - y_i)^2`.
    MeanSquare,
    /// `sum_i v_i log(1 + exp(-c_i f(x_i)))` with the labels `c_i = sign(y_i)`.
    CrossEntropy,
}

impl Loss {
    /// The derivative of one point's loss in the output: the residual that is to vanish.
    pub fn residual(self, output: f64, label: f64) -> f64 {
        match self {
            Self::MeanSquare => output - label,
            Self::CrossEntropy => -label / (1.0 + (label * output).exp()),
        }
    }

    /// The largest second derivative of one point's loss in the output.
    pub fn curvature(self) -> f64 {
        match self {
            Self::MeanSquare => 1.0,
            Self::CrossEntropy => 0.25,
        }
    }
}

/// When a residual counts as learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// When it is down to this share of its start, between 0 and 1.
    Share(f64),
    /// When its loss `1/2 sum_i v_i r_i^2` is down to this, above 0.
    Loss(f64),
}

impl Threshold {
    /// The size below which `|<r, p>|` counts as learned: it was `start`, and `square` is `<p, p>`. With `p = r` that is the whole residual.
    ///
    /// A part's own loss is that of its component alone, `<r, p>^2/(2 <p, p>)`.
    pub fn size(self, start: f64, square: f64) -> f64 {
        match self {
            Self::Share(delta) => delta * start.abs(),
            Self::Loss(loss) => (2.0 * loss * square).sqrt(),
        }
    }
}

/// Labels at weighted points, and the parts of them that are watched.
#[derive(Clone, Debug)]
pub struct Labels {
    /// `y_i`, noise included; for cross-entropy 1 or -1.
    pub values: Vec<f64>,
    /// The weights `v_i` of the points, 1 on average.
    pub weights: Vec<f64>,
    /// The watched parts: functions at the points, along which the residual is measured.
    pub parts: Vec<Vec<f64>>,
}

impl Labels {
    /// `sum_i v_i p_i^2`.
    pub fn square(&self, part: &[f64]) -> f64 {
        part.iter().zip(&self.weights).map(|(p, v)| p * p * v).sum()
    }
}

/// When a run ends.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The loss.
    pub loss: Loss,
    /// The optimizer; the network must have taken it up ([`Network::train_by`]).
    pub optimizer: Optimizer,
    /// The seed of its batches.
    pub seed: u64,
    /// The step size `eta`.
    pub step_size: f64,
    /// When the residual counts as learned, and each part of it.
    pub learned: Threshold,
    /// Does a run go on whatever its residual grows to, so long as it is finite?
    pub beyond_stable: bool,
    /// The run ends after so many steps even if nothing is learned.
    pub max_steps: u64,
    /// Does it go on to `max_steps` although all is learned?
    pub to_the_end: bool,
}

/// A run under way, or ended: all that a checkpoint keeps beside the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Steps made.
    pub step: u64,
    /// The residual's norm at the start, `sqrt(sum v_i r_i^2 / n)`.
    pub start_norm: f64,
    /// The component of the residual along each part at the start, `<r, p> / <p, p>`.
    pub start_parts: Vec<f64>,
    /// The norm now.
    pub norm: f64,
    /// The components now.
    pub parts: Vec<f64>,
    /// The first step at which the norm was `delta` of its start.
    pub norm_learned: Option<u64>,
    /// The first step at which the size of each component was.
    pub parts_learned: Vec<Option<u64>>,
}

/// The residual's norm may grow to this many times its start, or the peak of the method, before the run counts as diverged: a stable step size
/// never lets it grow beyond that in the linear regime. With cross-entropy the residual is bounded, and only numbers that are not finite tell.
const DIVERGED: f64 = 2.0;
/// The same in mini-batches, whose noise may add to it for a while.
const DIVERGED_IN_BATCHES: f64 = 10.0;

/// The residual's norm may grow to this many times its start before a run of the optimizer counts as diverged.
pub fn allowed_growth(optimizer: &Optimizer) -> f64 {
    let most = if optimizer.batch().is_some() { DIVERGED_IN_BATCHES } else { DIVERGED };
    most * optimizer.method().peak()
}

impl Progress {
    /// The start of a run.
    ///
    /// # Errors
    /// When the outputs are not finite, there is nothing to learn along a part, or the loss is below its threshold already.
    pub fn start(network: &dyn Network, labels: &Labels, rule: &Rule) -> Result<Self> {
        let (norm, parts) = measured(&residuals(network.outputs(), labels, rule.loss), labels);
        if !(norm.is_finite() && norm > 0.0) {
            let needed = "finite outputs that differ from the labels";
            return Err(Error::numerical("residual before the first step", norm, needed));
        }
        let points = labels.values.len() as f64;
        if let Threshold::Loss(loss) = rule.learned
            && norm <= rule.learned.size(norm, 1.0 / points)
        {
            let right = format!("less than {:e}, the loss at the start", 0.5 * points * norm * norm);
            return Err(Error::invalid("loss-below", loss, right));
        }
        let none = vec![None; parts.len()];
        Ok(Self {
            step: 0,
            start_norm: norm,
            start_parts: parts.clone(),
            norm,
            parts,
            norm_learned: None,
            parts_learned: none,
        })
    }

    /// Is there nothing left to do?
    pub fn ended(&self, rule: &Rule) -> bool {
        let learned = self.norm_learned.is_some() && self.parts_learned.iter().all(Option::is_some);
        self.step >= rule.max_steps || (learned && !rule.to_the_end)
    }

    /// One step, and the measurement after it.
    ///
    /// # Errors
    /// When the residual has grown beyond what a stable step size allows, or is not finite.
    pub fn advance(&mut self, network: &mut dyn Network, labels: &Labels, rule: &Rule) -> Result<()> {
        network.look_ahead();
        let mut slopes = residuals(network.outputs(), labels, rule.loss);
        slopes.iter_mut().zip(&labels.weights).for_each(|(slope, v)| *slope *= v);
        if let Some(size) = rule.optimizer.batch() {
            Batches { size, seed: rule.seed }.thin(self.step, &mut slopes);
        }
        network.descend(&slopes, rule.step_size);
        self.step += 1;
        let (norm, parts) = measured(&residuals(network.outputs(), labels, rule.loss), labels);
        let grown = norm > allowed_growth(&rule.optimizer) * self.start_norm;
        if !norm.is_finite() || (grown && !rule.beyond_stable) {
            let reached = format!(
                "{:.3e} times the residual at the start after step {}",
                norm / self.start_norm,
                self.step
            );
            return Err(Error::numerical("gradient descent diverges", reached, "a residual that falls"));
        }
        (self.norm, self.parts) = (norm, parts);
        let points = labels.values.len() as f64;
        if norm <= rule.learned.size(self.start_norm, 1.0 / points) {
            self.norm_learned.get_or_insert(self.step);
        }
        let parts = self.parts.iter().zip(&self.start_parts).zip(&labels.parts);
        for (((now, start), part), learned) in parts.zip(&mut self.parts_learned) {
            // Components are over <p, p>.
            if now.abs() <= rule.learned.size(*start, 1.0 / labels.square(part)) {
                learned.get_or_insert(self.step);
            }
        }
        Ok(())
    }
}

/// The residual at each point.
pub fn residuals(outputs: &[f64], labels: &Labels, loss: Loss) -> Vec<f64> {
    outputs.iter().zip(&labels.values).map(|(f, y)| loss.residual(*f, *y)).collect()
}

/// The norm of the residual, and its component along each part.
fn measured(residual: &[f64], labels: &Labels) -> (f64, Vec<f64>) {
    let dot = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).zip(&labels.weights).map(|((a, b), v)| a * b * v).sum()
    };
    let norm = (dot(residual, residual) / residual.len() as f64).sqrt();
    (norm, labels.parts.iter().map(|part| dot(residual, part) / dot(part, part)).collect())
}
