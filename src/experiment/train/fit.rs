//! How steps grow with the degree: the measured slope, the predicted ones, and what is left between them.

use super::row::{CONFIDENCE, Row, Trial};
use crate::compare::{
    statistics::Interval,
    train::{Fit, slope},
};
use serde::{Deserialize, Serialize};

/// Slopes on log degree over the degrees that every repeat learned, degree 0 left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "SlopeJson", into = "SlopeJson")]
#[non_exhaustive]
pub struct SlopeFit {
    /// Of log steps.
    pub measured: Fit,
    /// Against the steps by `lambda_k`.
    pub eigenvalue: SlopeComparison,
    /// Against those by the Gram matrix of the points.
    pub gram: SlopeComparison,
    /// Against those by the Gram matrix of the network at its start.
    pub finite: SlopeComparison,
    /// Against those by the eigenvalues of the network's own kernel at the end, where it is looked at.
    pub end: Option<SlopeComparison>,
    /// Of the log of the steps until the whole norm of the residual was learned, if it was at every degree.
    pub residual: Option<Fit>,
    /// The confidence of the intervals.
    pub confidence: f64,
    /// The least degree that is fitted.
    pub from_degree: u32,
}

/// The measured steps against one prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SlopeComparison {
    /// The slope of the log of the predicted steps over the same degrees.
    pub predicted: Option<f64>,
    /// The slope of log(measured / predicted), both in whole steps: 0 if the prediction holds at every degree, however the steps spread about a
    /// power law.
    pub excess: Option<Fit>,
}

impl SlopeFit {
    /// The fit of these rows from a degree on; `None` for fewer than two degrees.
    pub(super) fn of(rows: &[Row], from: u32) -> Option<Self> {
        let from_degree = from.max(1);
        let learned: Vec<&Row> =
            rows.iter().filter(|row| row.degree >= from_degree && row.learned()).collect();
        let line = |value: &dyn Fn(&Row, &Trial) -> Option<f64>| {
            let all = learned.iter().flat_map(|row| row.trials.iter().map(move |trial| (*row, trial)));
            let points = all.map(|(row, trial)| Some((f64::from(row.degree).ln(), value(row, trial)?.ln())));
            slope(&points.collect::<Option<Vec<_>>>()?, CONFIDENCE)
        };
        let steps = |_: &Row, trial: &Trial| trial.measured_steps.map(|t| t as f64);
        let against = |by: &dyn Fn(&Row, &Trial) -> Option<f64>| SlopeComparison {
            predicted: line(by).map(|fit| fit.slope),
            excess: line(&|row, trial| Some(steps(row, trial)? / by(row, trial)?.ceil())),
        };
        Some(Self {
            measured: line(&steps)?,
            eigenvalue: against(&|row, _| row.predicted_steps.filter(|t| *t > 0.0)),
            gram: against(&|_, trial| trial.predicted_steps_gram.map(|t| t as f64)),
            finite: against(&|_, trial| trial.predicted_steps_finite.map(|t| t as f64)),
            end: Some(against(&|_, trial| trial.predicted_steps_end.filter(|t| *t > 0.0)))
                .filter(|end| end.predicted.is_some()),
            residual: line(&|_, trial| trial.measured_steps_residual.map(|t| t as f64)),
            confidence: CONFIDENCE,
            from_degree,
        })
    }
}

/// A fit as JSON: all slopes with the ends of their intervals.
#[derive(Serialize, Deserialize)]
struct SlopeJson {
    slope: f64,
    slope_ci: Option<[f64; 2]>,
    predicted_slope: Option<f64>,
    excess_slope: Option<f64>,
    excess_slope_ci: Option<[f64; 2]>,
    predicted_slope_gram: Option<f64>,
    excess_slope_gram: Option<f64>,
    excess_slope_gram_ci: Option<[f64; 2]>,
    predicted_slope_finite: Option<f64>,
    excess_slope_finite: Option<f64>,
    excess_slope_finite_ci: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    predicted_slope_end: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excess_slope_end: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excess_slope_end_ci: Option<[f64; 2]>,
    slope_residual: Option<f64>,
    slope_residual_ci: Option<[f64; 2]>,
    confidence: f64,
    from_degree: u32,
}

fn ends(fit: Fit) -> Option<[f64; 2]> {
    fit.interval.map(|i| [i.low, i.high])
}

fn fit(slope: f64, ends: Option<[f64; 2]>) -> Fit {
    Fit { slope, interval: ends.map(|[low, high]| Interval { low, high }) }
}

impl From<SlopeFit> for SlopeJson {
    fn from(found: SlopeFit) -> Self {
        let SlopeFit { measured, eigenvalue, gram, finite, end, residual, confidence, from_degree } = found;
        let excess = |comparison: SlopeComparison| comparison.excess.map(|fit| fit.slope);
        let excess_ends = |comparison: SlopeComparison| comparison.excess.and_then(ends);
        Self {
            slope: measured.slope,
            slope_ci: ends(measured),
            predicted_slope: eigenvalue.predicted,
            excess_slope: excess(eigenvalue),
            excess_slope_ci: excess_ends(eigenvalue),
            predicted_slope_gram: gram.predicted,
            excess_slope_gram: excess(gram),
            excess_slope_gram_ci: excess_ends(gram),
            predicted_slope_finite: finite.predicted,
            excess_slope_finite: excess(finite),
            excess_slope_finite_ci: excess_ends(finite),
            predicted_slope_end: end.and_then(|end| end.predicted),
            excess_slope_end: end.and_then(excess),
            excess_slope_end_ci: end.and_then(excess_ends),
            slope_residual: residual.map(|fit| fit.slope),
            slope_residual_ci: residual.and_then(ends),
            confidence,
            from_degree,
        }
    }
}

impl From<SlopeJson> for SlopeFit {
    fn from(json: SlopeJson) -> Self {
        let comparison = |predicted, excess: Option<f64>, ends| SlopeComparison {
            predicted,
            excess: excess.map(|slope| fit(slope, ends)),
        };
        Self {
            measured: fit(json.slope, json.slope_ci),
            eigenvalue: comparison(json.predicted_slope, json.excess_slope, json.excess_slope_ci),
            gram: comparison(json.predicted_slope_gram, json.excess_slope_gram, json.excess_slope_gram_ci),
            finite: comparison(
                json.predicted_slope_finite,
                json.excess_slope_finite,
                json.excess_slope_finite_ci,
            ),
            end: Some(comparison(json.predicted_slope_end, json.excess_slope_end, json.excess_slope_end_ci))
                .filter(|end| end.predicted.is_some()),
            residual: json.slope_residual.map(|slope| fit(slope, json.slope_residual_ci)),
            confidence: json.confidence,
            from_degree: json.from_degree,
        }
    }
}
