//! One degree in the report of a training.

use super::Divergence;
use crate::{
    compare::statistics::{Interval, student},
    train::odd::Departure,
};
use serde::{Deserialize, Serialize};

/// The confidence of every interval.
pub(super) const CONFIDENCE: f64 = 0.95;

/// One degree of one target: what was predicted, and what each repeat showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "RowJson", into = "RowJson")]
#[non_exhaustive]
pub struct Row {
    /// The degree `k`.
    pub degree: u32,
    /// `lambda_k`.
    pub eigenvalue: f64,
    /// Is it proved zero?
    pub null_space: bool,
    /// Steps by `lambda_k`; `None` in the null space, and for cross-entropy, where `lambda_k` predicts none.
    pub predicted_steps: Option<f64>,
    /// How far the odd part was from a linear function, where theory says that it is one: of all steps of all runs the one nearest to the bound.
    pub odd: Option<Departure>,
    /// One a repeat.
    pub trials: Vec<Trial>,
}

/// What one run showed of one degree, beside its own predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trial {
    /// What the network's own kernel at the start has in the place of `lambda_k`.
    pub network_eigenvalue: f64,
    /// Steps by the Gram matrix of the points; `None` in the null space.
    pub predicted_steps_gram: Option<u64>,
    /// Steps by that of the network at its start; `None` in the null space.
    pub predicted_steps_finite: Option<u64>,
    /// What the network's own kernel at the end of the run has in the place of `lambda_k`, where it is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_eigenvalue_end: Option<f64>,
    /// Steps by that eigenvalue, from the start on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_steps_end: Option<f64>,
    /// The largest stable step size by the network's own kernel at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_lr_end: Option<f64>,
    /// Steps until the component of the residual along the target was `delta` of its start; `None` if it never was.
    pub measured_steps: Option<u64>,
    /// Steps until the whole norm of the residual was.
    pub measured_steps_residual: Option<u64>,
    /// That norm at the end, over its start.
    pub final_residual: f64,
    /// The length of the run.
    pub steps: u64,
    /// The error at the end on the points left out, over the mean square of the target there.
    pub gap_error: Option<f64>,
    /// The end of a run whose residual grew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divergence: Option<Divergence>,
}

impl Row {
    /// Was it learned in every repeat?
    pub fn learned(&self) -> bool {
        self.trials.iter().all(|trial| trial.measured_steps.is_some())
    }

    /// The mean of a number of steps over the repeats, if all of them have one.
    pub fn mean_steps(&self, of: impl Fn(&Trial) -> Option<u64>) -> Option<f64> {
        let all: Option<Vec<f64>> =
            self.trials.iter().map(|trial| of(trial).map(|steps| steps as f64)).collect();
        average(&all?)
    }

    /// The steps that it took, the mean of the repeats; `None` if one of them did not learn it.
    pub fn measured_steps(&self) -> Option<f64> {
        self.mean_steps(|trial| trial.measured_steps)
    }

    /// Measured steps over those by the eigenvalue.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.measured_steps()? / self.predicted_steps?)
    }

    /// The interval of that ratio over the repeats, from two on.
    pub fn ratio_interval(&self) -> Option<Interval> {
        let predicted = self.predicted_steps?;
        let ratios: Option<Vec<f64>> =
            self.trials.iter().map(|trial| trial.measured_steps.map(|t| t as f64 / predicted)).collect();
        student(&ratios?, CONFIDENCE)
    }

    /// The steps by the network's own kernel at the end, the mean of the repeats, if all of them have them.
    pub fn predicted_steps_end(&self) -> Option<f64> {
        let all: Option<Vec<f64>> = self.trials.iter().map(|trial| trial.predicted_steps_end).collect();
        average(&all?)
    }

    /// The mean norm of the residual at the end, over its start.
    pub fn final_residual(&self) -> f64 {
        let sum: f64 = self.trials.iter().map(|trial| trial.final_residual).sum();
        sum / self.trials.len().max(1) as f64
    }

    /// The length of the longest run.
    pub fn longest(&self) -> Option<u64> {
        self.trials.iter().map(|trial| trial.steps).max()
    }

    /// The mean error on the points left out.
    pub fn gap_error(&self) -> Option<f64> {
        average(&self.trials.iter().filter_map(|trial| trial.gap_error).collect::<Vec<f64>>())
    }
}

fn average(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A row as JSON: what the trials say together, and the trials.
#[derive(Serialize, Deserialize)]
struct RowJson {
    degree: u32,
    eigenvalue: f64,
    network_eigenvalues: Vec<f64>,
    predicted_steps: Option<f64>,
    predicted_steps_gram: Option<Count>,
    predicted_steps_finite: Option<Count>,
    measured_steps: Option<Count>,
    measured_steps_residual: Option<Count>,
    ratio: Option<f64>,
    ratio_ci: Option<[f64; 2]>,
    learned: bool,
    final_residual: f64,
    null_space: bool,
    steps: Option<u64>,
    odd_departure: Option<f64>,
    odd_rounding: Option<f64>,
    gap_error: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repeats: Option<Vec<Option<u64>>>,
    trials: Vec<Trial>,
}

/// A mean of whole numbers, written as one where it is one.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Count {
    Whole(u64),
    Mean(f64),
}

impl From<f64> for Count {
    fn from(mean: f64) -> Self {
        if mean.fract() == 0.0 { Self::Whole(mean as u64) } else { Self::Mean(mean) }
    }
}

impl From<Row> for RowJson {
    fn from(row: Row) -> Self {
        let count = |of: fn(&Trial) -> Option<u64>| row.mean_steps(of).map(Count::from);
        let repeats = || row.trials.iter().map(|trial| trial.measured_steps).collect();
        Self {
            degree: row.degree,
            eigenvalue: row.eigenvalue,
            network_eigenvalues: row.trials.iter().map(|trial| trial.network_eigenvalue).collect(),
            predicted_steps: row.predicted_steps,
            predicted_steps_gram: count(|trial| trial.predicted_steps_gram),
            predicted_steps_finite: count(|trial| trial.predicted_steps_finite),
            measured_steps: count(|trial| trial.measured_steps),
            measured_steps_residual: count(|trial| trial.measured_steps_residual),
            ratio: row.ratio(),
            ratio_ci: row.ratio_interval().map(|i| [i.low, i.high]),
            learned: row.learned(),
            final_residual: row.final_residual(),
            null_space: row.null_space,
            steps: row.longest(),
            odd_departure: row.odd.map(|odd| odd.distance),
            odd_rounding: row.odd.map(|odd| odd.rounding),
            gap_error: row.gap_error(),
            repeats: (row.trials.len() > 1).then(repeats),
            trials: row.trials,
        }
    }
}

impl From<RowJson> for Row {
    fn from(json: RowJson) -> Self {
        let odd = json.odd_departure.zip(json.odd_rounding);
        Self {
            degree: json.degree,
            eigenvalue: json.eigenvalue,
            null_space: json.null_space,
            predicted_steps: json.predicted_steps,
            odd: odd.map(|(distance, rounding)| Departure { distance, rounding }),
            trials: json.trials,
        }
    }
}
