//! What is reported of kernel regression on a user's rows: by shares of them, and over a grid of ridges.

use crate::gram::{held_out, refit, ridges::RidgeErrors};
use serde::{Deserialize, Serialize};

/// Regression on shares of the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Regression {
    /// The ridge.
    pub ridge: f64,
    /// One row a number of rows fitted.
    pub rows: Vec<RegressionRow>,
}

/// Regression fitted to some of the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RegressionRow {
    /// The rows fitted.
    pub rows: usize,
    /// The signal capture threshold.
    pub kappa: f64,
    /// The expected mean square error on the rows fitted: an estimate.
    pub training_error: f64,
    /// The expected mean square error on the others: an estimate.
    pub held_out_error: f64,
    /// `1 - held_out_error / variance`; `None` for labels without variance.
    pub r_squared: Option<f64>,
    /// The same of real fits to rows drawn at random, where those are cheap.
    pub measured: Option<MeasuredReport>,
}

/// The errors of real fits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MeasuredReport {
    /// How many fits.
    pub fits: usize,
    /// Their mean square error on the rows fitted.
    pub training_error: f64,
    /// Their mean square error on the others.
    pub held_out_error: f64,
    /// The standard error of the latter; `None` for a single fit.
    pub standard_error: Option<f64>,
    /// `1 - held_out_error / variance`; `None` for labels without variance.
    pub r_squared: Option<f64>,
}

impl RegressionRow {
    pub(super) fn new(
        rows: usize,
        predicted: Option<held_out::Errors>,
        measured: Option<refit::Measured>,
        variance: Option<f64>,
    ) -> Option<Self> {
        let variance = variance.filter(|variance| *variance > 0.0);
        let r_squared = |error: f64| variance.map(|variance| 1.0 - error / variance);
        let measured = measured.map(|found| MeasuredReport {
            fits: found.fits,
            training_error: found.training,
            held_out_error: found.held_out,
            standard_error: found.standard_error,
            r_squared: r_squared(found.held_out),
        });
        predicted.map(|found| Self {
            rows,
            kappa: found.kappa,
            training_error: found.training,
            held_out_error: found.held_out,
            r_squared: r_squared(found.held_out),
            measured,
        })
    }

    /// Is the formula further from the fits than four of their standard errors, and by more than a tenth?
    pub fn is_off(&self) -> bool {
        self.measured.is_some_and(|found| {
            let apart = (self.held_out_error - found.held_out_error).abs();
            found
                .standard_error
                .is_some_and(|error| apart > 4.0 * error && apart > 0.1 * found.held_out_error)
        })
    }
}

/// Errors over a grid of ridges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ridges {
    /// One row a ridge, rising.
    pub rows: Vec<RidgeRow>,
    /// The ridges with the least of each.
    pub best: Best,
}

/// The best ridges of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Best {
    /// By leave-one-out.
    pub leave_one_out: RidgeRow,
    /// By generalised cross-validation.
    pub gcv: RidgeRow,
}

/// The errors at one ridge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RidgeRow {
    /// The ridge, added to the diagonal of `K`.
    pub ridge: f64,
    /// The mean square leave-one-out error: exact, to rounding.
    pub leave_one_out: f64,
    /// The generalised cross-validation score.
    pub gcv: f64,
    /// The mean square error on the rows fitted.
    pub training_error: f64,
}

impl From<&RidgeErrors> for RidgeRow {
    fn from(at: &RidgeErrors) -> Self {
        Self { ridge: at.ridge, leave_one_out: at.leave_one_out, gcv: at.gcv, training_error: at.training }
    }
}

impl Ridges {
    pub(super) fn of(rows: Vec<RidgeRow>) -> Option<Self> {
        let least = |f: fn(&RidgeRow) -> f64| rows.iter().copied().min_by(|a, b| f(a).total_cmp(&f(b)));
        let best = Best { leave_one_out: least(|row| row.leave_one_out)?, gcv: least(|row| row.gcv)? };
        Some(Self { rows, best })
    }
}
