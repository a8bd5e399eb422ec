//! Expected errors of kernel regression and of early-stopped descent, from the spectrum.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, curve::Options};
//!
//! let options = Options {
//!     kernel: "two-layer:bias=true".into(),
//!     dim: 6.into(),
//!     target: "1:1,2:0.5".into(),
//!     noise: 0.5.into(),
//!     points: "64,256".into(),
//!     ..Default::default()
//! };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.learning_curve[1].error < report.learning_curve[0].error);
//! # Ok::<(), hinf::Error>(())
//! ```

mod fits;
mod notes;
mod report;

use super::{Context, Text, optimizer::optimizer, patience, read, target::Target};
use crate::{
    dynamics::{Modes, Task, early_stopping::Descent, learning_curve},
    error::{Error, Result},
    kernel::Kernel,
    math::{decimal::shown, ranges, units::Dimension},
    optimizer::Optimizer,
};
use serde::{Deserialize, Serialize};

pub use fits::Measured;
pub use report::{CurvePoint, EarlyStopping, LearningPoint, Report, Step, StepError, Term};

/// Options of [`curve`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel; this or `network`.
    pub kernel: Text,
    /// The network that is trained, in its language, as in `dense 3*(relu dense(w=2))`.
    pub network: Option<Text>,
    /// Dimension `d` of the sphere `S^d`, 1 to 1000.
    pub dim: Text,
    /// The target: degrees to 1000 and their coefficients, `1:1,9:0.5`.
    pub target: Text,
    /// Standard deviation of the labels' noise; 0 without it.
    pub noise: Text,
    /// Ridge `R` of kernel regression; 0 without it. With an `optimizer` it is also that of descent, towards the parameters at the start.
    pub ridge: Text,
    /// Numbers of points, to 10^6.
    pub points: Text,
    /// Step size of descent; `auto` is `1/(n lambda_max)`, or half the largest stable one of batches where that is less.
    pub lr: Text,
    /// The optimizer of descent: `gd`, `heavy-ball`, `nesterov`, `torch-nesterov`, `ridge` (gd with `ridge`) or `sgd` (gd with `batch`); gd without
    /// a ridge without it.
    pub optimizer: Option<Text>,
    /// Momentum factor `beta` of heavy-ball and both Nesterovs, from 0 to below 1; needed by them.
    pub momentum: Option<Text>,
    /// Points of a mini-batch, drawn afresh each step; all without it.
    pub batch: Option<Text>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kernel: "".into(),
            network: None,
            dim: "".into(),
            target: "".into(),
            noise: 0.into(),
            ridge: 0.into(),
            points: "16,32,64,128,256,512,1024".into(),
            lr: "auto".into(),
            optimizer: None,
            momentum: None,
            batch: None,
        }
    }
}

/// The highest degree of a target, the most points, and the most numbers of points.
const HIGHEST_DEGREE: u32 = 1000;
const MOST_POINTS: u32 = 1_000_000;
const MOST_COUNTS: usize = 1000;
/// Rows a decade of the table of steps, and points a decade of its plot.
const ROWS: f64 = 4.0;
const PLOTTED: f64 = 24.0;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernel: Kernel,
    dim: Dimension,
    task: Task,
    ridge: f64,
    /// Rising; never empty.
    points: Vec<u64>,
    /// `None` for `1/(n lambda_max)`, and less in batches.
    step_size: Option<f64>,
    optimizer: Optimizer,
}

impl super::Options for Options {
    const COMMAND: &'static str = "curve";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let auto = self.lr.as_str() == "auto";
        let step_size = if auto { None } else { Some(read::real("lr", &self.lr, 0.0, true)?) };
        let points = ranges::parse("points", self.points.as_str(), 1, MOST_POINTS, MOST_COUNTS)?;
        let kernel = read::kernel_or_network(&self.kernel, &self.network)?;
        let dim = Dimension::new(read::whole("dim", &self.dim, 1, Dimension::MAX)?)?;
        let target = Target::read("target", &self.target, HIGHEST_DEGREE)?;
        let noise = read::real("noise", &self.noise, 0.0, false)?;
        let ridge = read::real("ridge", &self.ridge, 0.0, false)?;
        Ok(Request {
            kernel,
            dim,
            task: Task { target: target.terms().to_vec(), noise },
            ridge,
            optimizer: match &self.optimizer {
                Some(name) => {
                    let ridge = (ridge > 0.0).then(|| self.ridge.clone());
                    optimizer(name, &self.momentum, &ridge, &self.batch)?
                }
                None => optimizer(&"gd".into(), &self.momentum, &None, &self.batch)?,
            },
            points: points.into_iter().map(u64::from).collect(),
            step_size,
        })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let most = self.points.last().copied().unwrap_or(1);
        context.progress.go_on()?;
        let what = || format!("the spectrum of {} on S^{}", self.kernel, self.dim);
        let modes = patience::Voice::of(context.progress).watched(what, || {
            learning_curve::modes_for(&self.kernel, self.dim, &self.task, most, self.ridge)
        })?;
        let mut learning = Vec::with_capacity(self.points.len());
        for (done, &points) in (0..).zip(&self.points) {
            context.progress.go_on()?;
            context.progress.at(done, self.points.len() as u64);
            let point = learning_curve::at(&modes, &self.task, points, self.ridge)?;
            learning.push((point, self.descent(&modes, points)?.stopping()));
        }
        let fits = fits::measured(self, context)?;
        let descent = self.descent(&modes, most)?;
        let steps = |density| -> Result<Vec<Step>> {
            let grid = Descent::grid(descent.horizon(), density);
            let scatter = descent.scatter(&grid)?;
            let mut rows: Vec<Step> = grid.into_iter().map(|t| descent.at(t).into()).collect();
            for (row, scatter) in rows.iter_mut().zip(scatter.into_iter().flatten()) {
                row.scatter = Some(scatter);
            }
            Ok(rows)
        };
        Ok(Report {
            schema: "hinf.curve/1".into(),
            kernel: self.kernel.to_string(),
            dim: self.dim.get(),
            target: self
                .task
                .target
                .iter()
                .map(|&(degree, coefficient)| Term { degree, coefficient })
                .collect(),
            noise: self.task.noise,
            ridge: self.ridge,
            last_degree: modes.modes().len() - 1,
            tail: modes.tail(),
            notes: notes::notes(self, &modes, &learning, &fits),
            power: self.task.power(),
            learning_curve: learning
                .into_iter()
                .zip(fits)
                .map(|((point, stopping), fits)| LearningPoint::new(point, stopping, fits))
                .collect(),
            early_stopping: EarlyStopping {
                points: most,
                step_size: descent.step_size,
                largest_step_size: modes.largest_step_size_of(&self.optimizer, most as f64)?,
                optimizer: (!self.optimizer.is_gradient_descent()).then(|| self.optimizer.to_string()),
                stopping: descent.stopping().map(Step::from),
                rows: steps(PLOTTED)?,
                coarse: steps(ROWS)?,
            },
        })
    }
}

impl super::Report for Report {}

impl Request {
    fn descent<'a>(&'a self, modes: &'a Modes, points: u64) -> Result<Descent<'a>> {
        let largest = modes.largest_step_size_of(&self.optimizer, points as f64)?;
        let full = 0.5 * modes.largest_step_size(points as f64);
        let auto = if self.optimizer.batch().is_some() { full.min(0.5 * largest) } else { full };
        let step_size = self.step_size.unwrap_or(auto);
        if step_size >= largest {
            let expected =
                format!("less than {}, the largest stable step size for {points} points", shown(largest));
            return Err(Error::invalid("lr", step_size, expected));
        }
        Ok(Descent { modes, task: &self.task, points, optimizer: self.optimizer, step_size })
    }
}
