//! The report of a training on rows: what was predicted and seen at each recorded step.

use crate::experiment::{data::DataSummary, manifest::Manifest};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// All that was found; as JSON `hinf.train/1`, a row a recorded step.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel of the infinitely wide network.
    pub kernel: String,
    /// The rows as they were read.
    #[serde(flatten)]
    pub summary: DataSummary,
    /// Rows trained on.
    pub training_rows: usize,
    /// Rows tested on.
    pub test_rows: usize,
    /// The classes, where the labels are some.
    pub classes: Option<Vec<String>>,
    /// The share of the training rows whose labels were permuted among them.
    pub label_noise: f64,
    /// How many of them have another label since.
    pub labels_changed: usize,
    /// Units of a layer.
    pub width: usize,
    /// The precision of weights and outputs.
    pub precision: String,
    /// The loss.
    pub loss: String,
    /// The factor of the labels.
    pub amplitude: f64,
    /// The step size.
    pub lr: f64,
    /// The largest stable one, by the Gram matrix of the training rows.
    pub largest_lr: f64,
    /// The optimizer.
    pub optimizer: String,
    /// The seed.
    pub seed: u64,
    /// Where the test error was least, and where it should have been.
    pub least_test_error: Least,
    /// The bands of eigendirections of the Gram matrix, by rank from 1: the first and the last of each.
    pub bands: Vec<[usize; 2]>,
    /// One a recorded step.
    pub rows: Vec<StepRow>,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Wall time of the runs alone, in seconds.
    pub seconds_training: f64,
    /// How it was made.
    #[serde(skip)]
    pub manifest: Option<Manifest>,
}

/// What was predicted and seen at one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepRow {
    /// The step.
    pub step: u64,
    /// What was seen.
    pub measured: Errors,
    /// What is predicted by the Gram matrix of the rows.
    pub by_gram: Errors,
    /// What is predicted by the network's own kernel at its start.
    pub by_finite: Errors,
}

/// Errors on training and test rows: the mean loss over that of the output 0. For mse those are mean squares over the labels' own, for a quantity its
/// variance on the rows trained on; for cross-entropy the mean over the logarithm of the number of classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Errors {
    /// On the rows trained on, with their labels as they were trained on.
    pub training: f64,
    /// On the test rows, with their own labels.
    pub test: f64,
    /// The share of the rows trained on whose class is right, as they were trained on.
    pub training_accuracy: Option<f64>,
    /// The share of the test rows whose class is right.
    pub test_accuracy: Option<f64>,
    /// What is left of the residual's energy on the rows trained on in each band, over all of it at the start. The residual is the derivative of the
    /// loss.
    pub left: Vec<f64>,
}

/// The step of least test error among those recorded: where early stopping ends the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Least {
    /// As seen.
    pub measured: u64,
    /// As predicted by the Gram matrix of the rows.
    pub by_gram: u64,
    /// As predicted by the network's own kernel at its start.
    pub by_finite: u64,
    /// The test error seen that was least.
    pub error: f64,
    /// The one seen at the step that the Gram matrix predicts.
    pub error_by_gram: f64,
    /// The one seen at the step that the network's own kernel predicts.
    pub error_by_finite: f64,
    /// The one seen at the last step.
    pub last_error: f64,
}

impl super::super::Report for Report {
    const OF_THE_MACHINE: &'static [&'static str] = &["seconds", "seconds_training"];
}
