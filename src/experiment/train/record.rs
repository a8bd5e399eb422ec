//! What a run showed, and what is kept of one under way.

use super::Target;
use crate::train::{descent::Progress, odd::Departure};
use serde::{Deserialize, Serialize};

/// What a run showed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// The repeat it belongs to.
    pub repeat: u64,
    /// What was to be learned.
    pub target: Target,
    /// How far it came.
    pub progress: Progress,
    /// Of all steps the one at which the odd part came nearest to its bound, where it is checked.
    pub odd: Option<Departure>,
    /// Why it ended early, if it did.
    pub divergence: Option<Divergence>,
    /// The network's own kernel at the end, where it is looked at.
    pub end: Option<KernelAtEnd>,
    /// What was recorded along the way.
    pub history: Vec<Sample>,
    /// The error on the points left out at the end, over the mean square of the target there.
    pub gap_error: Option<f64>,
}

/// The end of a run whose residual grows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Divergence {
    /// The step after which it ended.
    pub step: u64,
    /// How far the residual had grown.
    pub reached: String,
}

/// What a network's own kernel on the points has come to at the end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KernelAtEnd {
    /// What it has in the place of `lambda_k`, one a degree of the target.
    pub eigenvalues: Vec<f64>,
    /// The largest eigenvalue of its Gram matrix.
    pub largest: f64,
}

/// What was seen at one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sample {
    /// The step.
    pub step: u64,
    /// The residual's norm.
    pub residual: f64,
    /// Its components along the harmonics of the target.
    pub parts: Vec<f64>,
    /// The mean square error on the test points.
    pub test_error: f64,
    /// The energy of the outputs in degree 0, 1, ..., where it is recorded.
    pub energies: Vec<f64>,
}

/// What a checkpoint keeps of a run beside the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    pub progress: Progress,
    pub odd: Option<Departure>,
    pub divergence: Option<Divergence>,
    pub history: Vec<Sample>,
    pub end: Option<KernelAtEnd>,
}
