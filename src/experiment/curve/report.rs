//! The report of the curves; it serialises to `hinf.curve/1`.

use super::fits::Measured;
pub use crate::dynamics::{early_stopping::StepError, learning_curve::CurvePoint};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is expected. All errors are mean square distances to the clean target; all are estimates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel.
    pub kernel: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// The target.
    pub target: Vec<Term>,
    /// The standard deviation of the labels' noise.
    pub noise: f64,
    /// The ridge.
    pub ridge: f64,
    /// The last degree that enters one by one.
    pub last_degree: usize,
    /// The weight of the degrees past it.
    pub tail: f64,
    /// What must be known to trust the numbers.
    pub notes: Vec<String>,
    /// The error of the prediction 0.
    #[serde(skip)]
    pub power: f64,
    /// Kernel regression, one entry a number of points.
    pub learning_curve: Vec<LearningPoint>,
    /// Descent on the most points.
    pub early_stopping: EarlyStopping,
}

/// A term of the target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Term {
    /// The degree of the harmonic.
    pub degree: u32,
    /// Its coefficient.
    pub coefficient: f64,
}

/// Kernel regression on some number of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LearningPoint {
    /// The number of points.
    pub points: u64,
    /// The signal capture threshold.
    pub kappa: f64,
    /// The learned share of each degree of the target.
    pub learned: Vec<f64>,
    /// The part of the error that the target's unlearned share makes.
    pub bias: f64,
    /// The part that the labels' noise makes.
    pub variance: f64,
    /// Their sum.
    pub error: f64,
    /// An estimate of the relative error from cutting the spectrum.
    pub truncation: f64,
    /// The share of the points that learned modes take up, times how little a single degree holds of them.
    pub crowding: f64,
    /// Is that as little as where the formula was found to hold?
    pub reliable: bool,
    /// Kernel regression itself, where that is cheap.
    pub measured: Option<Measured>,
    /// Where descent on so many points had better stop; `None` without noise.
    pub stopping: Option<Step>,
}

impl LearningPoint {
    pub(super) fn new(point: CurvePoint, stopping: Option<StepError>, measured: Option<Measured>) -> Self {
        Self {
            points: point.points,
            kappa: point.kappa,
            bias: point.bias,
            variance: point.variance,
            error: point.error(),
            truncation: point.truncation,
            crowding: point.crowding,
            reliable: !point.doubtful(),
            measured,
            stopping: stopping.map(Step::from),
            learned: point.learned,
        }
    }
}

/// Descent on some number of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EarlyStopping {
    /// The number of points.
    pub points: u64,
    /// The step size.
    pub step_size: f64,
    /// The largest stable one.
    pub largest_step_size: f64,
    /// The optimizer, where it is not full-batch gradient descent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimizer: Option<String>,
    /// Where to stop; `None` without noise.
    pub stopping: Option<Step>,
    /// The error against steps, fine enough for a plot.
    pub rows: Vec<Step>,
    /// The same at fewer steps, for a table.
    #[serde(skip)]
    pub coarse: Vec<Step>,
}

/// The expected error after some steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// The number of steps.
    pub steps: u64,
    /// The part of the error that the target's unlearned share makes.
    pub bias: f64,
    /// The part that the learned noise makes.
    pub variance: f64,
    /// Their sum.
    pub error: f64,
    /// In mini-batches, the mean square distance of single runs from their mean, whose error that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scatter: Option<f64>,
}

impl From<StepError> for Step {
    fn from(at: StepError) -> Self {
        Self { steps: at.steps, bias: at.bias, variance: at.variance, error: at.error(), scatter: None }
    }
}
