//! Real networks trained on a user's own rows, beside two predictions without a fitted constant.
//!
//! As in [`train`](super::train), predicting and measuring are apart: [`predict`] reads Gram matrices and trains nothing, [`measure`] trains and
//! knows no prediction, and only [`compare`] sees both. Rows are scaled to norm 1. A quantity is centred and scaled by its mean and deviation on
//! the rows that are trained on; two classes are -1 and 1, of one output; of more classes each has an output against the rest. Outputs share no weights:
//! each is a network of its own, all from one start, so that the kernel of each is the same.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, rows::Options};
//! use std::io::Write;
//!
//! let mut file = tempfile::NamedTempFile::new()?;
//! for i in 0..40 {
//!     let angle = 0.37 * f64::from(i);
//!     writeln!(file, "{},{},{}", angle.cos(), angle.sin(), angle.cos())?;
//! }
//! let options = Options {
//!     network: Some("dense relu dense(train=no)".into()),
//!     data: file.path().display().to_string().into(),
//!     label: "3".into(),
//!     width: Some(256.into()),
//!     max_steps: Some(50.into()),
//!     ..Default::default()
//! };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.rows.last().is_some_and(|at| at.measured.test < 0.1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod measure;
mod options;
mod predict;
mod report;
mod task;
#[cfg(test)]
mod tests;

pub use compare::compare;
pub use measure::{Measurement, MeasurementRequest, measure};
pub use options::{LabelKind, Options};
pub use predict::{Prediction, predict};
pub use report::{Errors, Least, Report, StepRow};
pub use task::Task;

use super::{Context, manifest::Manifest, model::Model};
use crate::{
    dynamics::early_stopping::Descent,
    error::Result,
    optimizer::Optimizer,
    sample::{Reading, Source},
    train::descent::Loss,
};
use std::{
    path::PathBuf,
    time::{Instant, SystemTime},
};

/// Recorded steps a decade.
const DENSITY: f64 = 24.0;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    options: Options,
    model: Model,
    path: PathBuf,
    reading: Reading,
    kind: LabelKind,
    test_share: f64,
    label_noise: f64,
    loss: Loss,
    amplitude: f64,
    lr: Option<f64>,
    optimizer: Optimizer,
    max_steps: u64,
    seed: u64,
    curves: Option<PathBuf>,
    page: Option<PathBuf>,
}

/// The outputs of a network at some step, one list an output.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    /// On the rows trained on.
    pub training: Vec<Vec<f64>>,
    /// On the test rows.
    pub test: Vec<Vec<f64>>,
}

impl Request {
    /// The file that the curves go to.
    pub fn curves(&self) -> Option<&PathBuf> {
        self.curves.as_ref()
    }

    /// The folder that the page goes to.
    pub fn page(&self) -> Option<&PathBuf> {
        self.page.as_ref()
    }

    /// The measurement: runs with the step size that the prediction found stable.
    pub fn measurement(&self, prediction: &Prediction) -> MeasurementRequest {
        MeasurementRequest {
            model: self.model.clone(),
            loss: self.loss,
            optimizer: self.optimizer,
            step_size: prediction.step_size,
            recorded: self.recorded(),
            seed: self.seed,
        }
    }

    /// The steps that are recorded: from 0 to the last.
    fn recorded(&self) -> Vec<u64> {
        Descent::grid(self.max_steps, DENSITY)
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let (started, begun) = (SystemTime::now(), Instant::now());
        let data = (context.pipeline.data)(Source { path: &self.path, field: "data" }, &self.reading)?;
        let task = Task::new(self, &data)?;
        let prediction = predict(self, &task, context)?;
        let measurement = measure(&self.measurement(&prediction), &task, context)?;
        let report = compare(self, &data, &task, &prediction, &measurement);
        let time = begun.elapsed();
        let (command, with) =
            (super::Options::line(&self.options), super::read::Choice::name(self.model.precision));
        let with = format!("predictions in f64, networks in {with}");
        let manifest = Some(Manifest::new(command, (self.seed, &with), (started, time), vec![]));
        Ok(Report { seconds: time.as_secs_f64(), manifest, ..report })
    }
}
