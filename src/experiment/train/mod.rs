//! Real networks, trained degree by degree, beside three predictions.
//!
//! Measuring and predicting are apart by type. [`predict`] reads spectra and Gram matrices and trains nothing; [`measure`] trains, and its
//! [`MeasurementRequest`] says how long, never when a degree should be learned; only [`compare`] sees both. [`run`](super::Request::run) is the three in
//! their order.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, train::Options};
//!
//! let options = Options {
//!     model: "two-layer".into(),
//!     bias: true,
//!     dim: 1.into(),
//!     degrees: Some("1..3".into()),
//!     width: Some(256.into()),
//!     points: Some(33.into()),
//!     ..Options::default()
//! };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.rows.iter().all(|row| row.learned()));
//! # Ok::<(), hinf::Error>(())
//! ```

mod checks;
mod compare;
mod cost;
mod fit;
mod measure;
mod network;
mod options;
mod predict;
mod record;
mod replicate;
mod report;
mod row;
mod run;
mod store;
#[cfg(test)]
mod tests;

pub use crate::compare::train::Fit;
pub use compare::compare;
pub use fit::{SlopeComparison, SlopeFit};
pub use measure::{Measurement, measure};
pub use options::Options;
pub use predict::{DegreePrediction, PartPrediction, Prediction, TargetPrediction, predict};
pub use record::{Divergence, KernelAtEnd, Run, Sample};
pub use report::{HyperParameters, Report, Start, Stopping};
pub use row::{Row, Trial};
pub(super) use {checks::curves_file, options::SMALL};

use super::{
    Context, Target,
    choices::{HarmonicChoice, named},
    model::Model,
    plan::Calibration,
};
use crate::{
    dynamics::filter::{Filter, Passage},
    error::Result,
    kernel::Kernel,
    math::units::Dimension,
    optimizer::Optimizer,
    sample::Design,
    train::descent::{Loss, Rule, Threshold},
};
use network::Called;
use serde::Serialize;
use std::{path::PathBuf, time::Instant};
use store::RunStore;

/// What every run of a request has in common: the network, the data, and what is recorded.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Setup {
    #[serde(flatten)]
    model: Model,
    #[serde(serialize_with = "number")]
    dim: Dimension,
    points: usize,
    #[serde(serialize_with = "named")]
    design: Design,
    /// The width of the cap that is left out, in degrees.
    gap: Option<f64>,
    #[serde(serialize_with = "named")]
    harmonic: HarmonicChoice,
    noise: f64,
    #[serde(serialize_with = "named")]
    loss: Loss,
    delta: f64,
    /// Is the loss itself asked to fall below this, in the place of `delta`?
    #[serde(skip_serializing_if = "Option::is_none")]
    loss_below: Option<f64>,
    /// The norm of the labels at the points, where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    target_norm: Option<f64>,
    /// Is a step size beyond the largest stable one accepted, and a residual that grows?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    beyond_stable: bool,
    /// Is the network's own kernel at the end of a run looked at?
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kernel_at_end: bool,
    #[serde(skip_serializing_if = "Optimizer::is_gradient_descent")]
    optimizer: Optimizer,
    seed: u64,
    /// Are energies and test errors recorded along the way?
    energies: bool,
}

fn number<S: serde::Serializer>(dim: &Dimension, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(dim.get())
}

/// What is asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Request {
    #[serde(flatten)]
    setup: Setup,
    /// How the options name the network.
    #[serde(skip)]
    called: Called,
    /// One run each.
    targets: Vec<Target>,
    /// Are the targets single degrees, asked for as such?
    of_degrees: bool,
    lr: Option<f64>,
    max_steps: Option<u64>,
    repeats: u64,
    fit_from: u32,
    curves: Option<PathBuf>,
    checkpoint: Option<PathBuf>,
    resume: bool,
}

/// What a measurement is made of: networks, data and the lengths of runs. Nothing in it says when a degree should be learned.
#[derive(Clone, Debug)]
pub struct MeasurementRequest {
    setup: Setup,
    step_size: f64,
    /// Those of repeat 0, then of 1, ...
    runs: Vec<Vec<RunSpec>>,
    checkpoint: Option<PathBuf>,
    resume: bool,
}

/// One run to be made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RunSpec {
    repeat: u64,
    #[serde(skip)]
    index: usize,
    target: Target,
    /// The run ends after so many steps even if nothing is learned.
    max_steps: u64,
    /// Does it go on to the last step although all is learned?
    to_the_end: bool,
    /// Is the odd part of the network watched, which stays linear where no degree of the target can be learned?
    odd_part: bool,
}

impl Request {
    /// The infinitely wide network's kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.setup.model.kernel
    }

    /// The file that the curves go to.
    pub fn curves(&self) -> Option<&PathBuf> {
        self.curves.as_ref()
    }

    /// The name of the option that said what is to be learned.
    fn of(&self) -> &'static str {
        if self.of_degrees { "degrees" } else { "target" }
    }

    /// The measurement: runs as long as the predictions need, or as was asked for.
    pub fn measurement(&self, prediction: &Prediction) -> MeasurementRequest {
        let runs = (0..).zip(&prediction.replicates).map(|(repeat, predicted)| {
            let specs = self.targets.iter().zip(predicted).enumerate();
            let spec = |(index, (target, predicted)): (usize, (&Target, &TargetPrediction))| RunSpec {
                repeat,
                index,
                target: target.clone(),
                max_steps: self.max_steps.unwrap_or(predicted.length),
                to_the_end: predicted.stopping.is_some(),
                odd_part: predicted.null_space,
            };
            specs.map(spec).collect()
        });
        MeasurementRequest {
            setup: self.setup.clone(),
            step_size: prediction.step_size,
            runs: runs.collect(),
            checkpoint: self.checkpoint.clone(),
            resume: self.resume,
        }
    }
}

/// The network that options describe on spheres of this dimension; none of their other fields counts.
pub(super) fn model(options: &Options, dim: Dimension) -> Result<Model> {
    network::model(options, dim).map(|(model, _)| model)
}

impl Setup {
    /// The rule of a run on this data.
    fn rule(&self, step_size: f64, max_steps: u64, to_the_end: bool, seed: u64) -> Rule {
        let Self { loss, optimizer, beyond_stable, .. } = *self;
        let learned = self.loss_below.map_or(Threshold::Share(self.delta), Threshold::Loss);
        Rule { loss, optimizer, seed, step_size, learned, beyond_stable, max_steps, to_the_end }
    }

    /// The share of a component of mean square `coefficient^2` on `points` points at which it counts as learned; from 1 on it does from the start.
    fn share(&self, coefficient: f64, points: usize) -> f64 {
        let level = |loss: f64| (2.0 * loss / points as f64).sqrt() / coefficient.abs();
        self.loss_below.map_or(self.delta, level)
    }

    /// What the optimizer does with a mode of eigenvalue `lambda`, whose component of the target has this coefficient, on so many points.
    fn passage(&self, step_size: f64, points: usize, lambda: f64, coefficient: f64) -> Passage {
        let share = self.share(coefficient, points);
        if share >= 1.0 {
            return Passage { first: Some(0.0), settled: Some(0.0) };
        }
        Filter::new(self.optimizer, step_size).mode_on(points as f64, lambda).passage(share)
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let begun = Instant::now();
        // Refused before the work, not after it.
        let store = RunStore::open(self.checkpoint.as_deref(), self.resume, context.progress)?;
        let prediction = predict(self, context)?;
        let measurement = measure::measured(&self.measurement(&prediction), &store, context)?;
        let report = compare(self, &prediction, measurement);
        Ok(Report { seconds: begun.elapsed().as_secs_f64(), ..report })
    }

    fn foreseen(&self, speed: &Calibration, context: &Context<'_>) -> Option<f64> {
        cost::foreseen(self, speed, context)
    }
}
