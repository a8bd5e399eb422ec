//! What an experiment will need, before it is run: steps, points, width, memory and time for each degree.
//!
//! Steps, points and units are estimates of `crate::dynamics::plan`; times come from short runs of the work itself on this machine.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, plan::Options};
//!
//! let options = Options { kernel: "two-layer".into(), dim: 2.into(), degrees: "1..3".into(), ..Options::default() };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.rows[2].never && report.rows[2].null_space);
//! # Ok::<(), hinf::Error>(())
//! ```

mod calibration;
mod needs;
mod notes;

pub use calibration::Calibration;
pub(super) use calibration::seconds_of_eigenvectors;

use super::{Context, Text, optimizer::optimizer, patience, read, resources};
use crate::{
    dynamics::Modes,
    error::Result,
    kernel::Kernel,
    math::{degrees::Degrees, durations, units::Dimension},
    optimizer::Optimizer,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Options of [`plan`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel; this or `network`.
    pub kernel: Text,
    /// The network that is trained, in its language, as in `dense 3*(relu dense(w=2))`.
    pub network: Option<Text>,
    /// Dimension `d` of the sphere `S^d`; 1 is the circle.
    pub dim: Text,
    /// Degrees to learn: a number, a list or ranges; `1..6` without it. Points and units are foreseen to degree 1000.
    pub degrees: Text,
    /// The fraction of a degree that may be left, between 0 and 1; 0.05 without it.
    pub delta: Text,
    /// How far the learning time may be from the prediction, as a fraction of it; 0.1 without it.
    pub tolerance: Text,
    /// Step size: `auto` is `1/(n lambda_max)`, or half the largest stable one of batches where that is less; `largest` is the largest stable one,
    /// `2/(n lambda_max)` for gradient descent.
    pub lr: Text,
    /// The optimizer: `gd`, `heavy-ball`, `nesterov`, `torch-nesterov`, `ridge` (gd with `ridge` beside it) or `sgd` (gd with `batch`).
    pub optimizer: Text,
    /// Momentum factor `beta` of heavy-ball and both Nesterovs, from 0 to below 1; needed by them.
    pub momentum: Option<Text>,
    /// Ridge `mu` towards the parameters at the start; none without it.
    pub ridge: Option<Text>,
    /// Points of a mini-batch, drawn afresh each step; all without it.
    pub batch: Option<Text>,
    /// Number of points; as many as the degrees need without it.
    pub points: Option<Text>,
    /// Number of units; as many as the degrees need without it.
    pub width: Option<Text>,
    /// Time there is, such as `10m`: says which degrees fit.
    pub budget: Option<Text>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kernel: "".into(),
            network: None,
            dim: "".into(),
            degrees: "1..6".into(),
            delta: 0.05.into(),
            tolerance: 0.1.into(),
            lr: "auto".into(),
            optimizer: "gd".into(),
            momentum: None,
            ridge: None,
            batch: None,
            points: None,
            width: None,
            budget: None,
        }
    }
}

/// The highest degree for which points and units are foreseen: they take the spectrum to some times it, and a rule of as many nodes.
pub(super) const FORESEEN_TO: u64 = 1000;
/// The most points and units.
const MOST: u64 = 1_000_000_000_000;
/// Degrees past the highest asked for, whose share in the effective dimension is summed.
const BEYOND: u32 = 4;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernel: Kernel,
    dim: Dimension,
    degrees: Degrees,
    delta: f64,
    tolerance: f64,
    lr: StepSize,
    optimizer: Optimizer,
    points: Option<f64>,
    width: Option<f64>,
    budget: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
enum StepSize {
    Auto,
    Largest,
    Absolute(f64),
}

/// What an experiment needs; as JSON `hinf.plan/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel.
    pub kernel: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// The fraction of a degree that may be left.
    pub delta: f64,
    /// How far the learning time may be from the prediction, as a fraction of it.
    pub tolerance: f64,
    /// The points of the plan.
    pub points: f64,
    /// Its units; `None` where the width that is needed is not known and none was given.
    pub width: Option<f64>,
    /// The step size.
    pub step_size: f64,
    /// The largest stable one.
    pub largest_step_size: f64,
    /// The optimizer, where it is not full-batch gradient descent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimizer: Option<String>,
    /// Time there is, in seconds.
    pub budget_seconds: Option<f64>,
    /// Degrees that so many points cannot tell from others: there are fewer points than harmonics up to them.
    pub aliased: Vec<String>,
    /// What training takes.
    pub train: TrainingCost,
    /// What a Gram matrix of the points takes.
    pub gram: GramCost,
    /// How fast this machine is.
    pub calibration: Calibration,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// One row a degree.
    pub rows: Vec<Row>,
}

/// What training takes; known for networks of known width.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrainingCost {
    /// Seconds a step.
    pub seconds_per_step: Option<f64>,
    /// Seconds that the predictions beside the training take once, before it.
    pub seconds_setup: Option<f64>,
    /// Memory, in bytes.
    pub bytes: Option<f64>,
}

/// What a Gram matrix with all its eigenvectors takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GramCost {
    /// Seconds.
    pub seconds: f64,
    /// Memory, in bytes.
    pub bytes: f64,
}

/// One degree with what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The degree `k`.
    pub degree: u64,
    /// `lambda_k`; zero in the null space.
    pub eigenvalue: f64,
    /// Steps until it is learned; `None` when it never is.
    pub steps: Option<f64>,
    /// Steps from which on it stays so, where momentum makes them more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<f64>,
    /// Is it never learned?
    pub never: bool,
    /// Is it in the null space?
    pub null_space: bool,
    /// Points for a learning time within the tolerance of the prediction.
    pub points_needed: Option<f64>,
    /// Units for the same.
    pub width_needed: Option<f64>,
    /// Relative change of the learning time at the points and the width of the plan.
    pub deviation: Option<f64>,
    /// Seconds of training.
    pub seconds: Option<f64>,
    /// Does it fit into the time there is?
    pub fits: Option<bool>,
}

impl super::Options for Options {
    const COMMAND: &'static str = "plan";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let count = |field, text: &Option<Text>| {
            read::optional(text, |text| read::whole(field, text, 1, MOST)).map(|n| n.map(|n| n as f64))
        };
        Ok(Request {
            kernel: read::kernel_or_network(&self.kernel, &self.network)?,
            dim: Dimension::new(read::whole("dim", &self.dim, 1, Dimension::MAX)?)?,
            degrees: self.degrees.as_str().parse()?,
            delta: read::fraction("delta", &self.delta)?,
            tolerance: read::fraction("tolerance", &self.tolerance)?,
            lr: match self.lr.as_str() {
                "auto" => StepSize::Auto,
                "largest" => StepSize::Largest,
                _ => StepSize::Absolute(read::real("lr", &self.lr, 0.0, true)?),
            },
            optimizer: optimizer(&self.optimizer, &self.momentum, &self.ridge, &self.batch)?,
            points: count("points", &self.points)?,
            width: count("width", &self.width)?,
            budget: read::optional(&self.budget, |text| durations::seconds("budget", text.as_str()))?,
        })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let voice = patience::Voice::of(context.progress);
        let modes = self.modes(&voice, context)?;
        context.progress.go_on()?;
        resources::matrix_products(rayon::current_num_threads())?;
        let what = || format!("timing this machine on {}", self.kernel);
        let measure = || Calibration::measure(&self.kernel, self.dim, context.progress);
        let calibration = voice.watched(what, measure)?;
        needs::planned(self, &modes, calibration)
    }
}

impl Request {
    /// The plan on a machine of this speed.
    ///
    /// # Errors
    /// When the spectrum cannot be had, or the step size is not stable.
    pub(super) fn on(&self, speed: Calibration, context: &Context<'_>) -> Result<Report> {
        needs::planned(self, &self.modes(&patience::Voice::of(context.progress), context)?, speed)
    }

    fn modes(&self, voice: &patience::Voice<'_>, context: &Context<'_>) -> Result<Modes> {
        let near = self.degrees.filtered(|k| k <= FORESEEN_TO).map_or(0, |near| near.top()) as u32;
        let predict = &context.pipeline.spectrum;
        let what = || format!("the spectrum of {} on S^{}", self.kernel, self.dim);
        voice.watched(what, || {
            let modes = Modes::by(predict, &self.kernel, self.dim, (BEYOND * near).max(32))?;
            modes.and(predict, &self.kernel, &self.degrees)
        })
    }
}

impl super::Report for Report {
    const OF_THE_MACHINE: &'static [&'static str] =
        &["calibration", "train", "gram", "notes", "seconds", "fits"];
}
