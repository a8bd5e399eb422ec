//! All runs of a request, beside their predictions.

use super::{
    kept::Kept,
    request::Request,
    setting::Setting,
    single::{Run, Task, trained},
    tasks::{Known, tasks},
};
use crate::{
    error::{Error, Result},
    math::{degrees::Degrees, units::Digits},
    progress::Progress,
    spectrum::{Goal, Kind},
    train::odd::Departure,
};
use rayon::prelude::*;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

/// One degree of one target: what was predicted, and what each repeat showed.
#[derive(Clone, Debug)]
pub struct Row {
    pub degree: u32,
    pub null_space: bool,
    /// `lambda_k`.
    pub eigenvalue: f64,
    /// What the network's own kernel at the start has in its place: the Rayleigh quotient of the target, one a repeat.
    pub at_start: Vec<f64>,
    /// By `lambda_k`, as for the mean square loss; `None` in the null space.
    pub by_eigenvalue: Option<f64>,
    pub by_gram: Vec<Option<u64>>,
    pub by_finite: Vec<Option<u64>>,
    pub measured: Vec<Option<u64>>,
    pub measured_residual: Vec<Option<u64>>,
    pub final_residual: Vec<f64>,
    /// The runs' lengths.
    pub steps: Vec<u64>,
    /// The error at the end on the points left out, over the mean square of the target there.
    pub missing_error: Vec<f64>,
    /// How far the odd part was from a linear function, where theory says that it is one: of all steps of all runs the one nearest to the bound.
    pub odd: Option<Departure>,
}

/// Where early stopping should end a run, and where it should have.
#[derive(Clone, Debug)]
pub struct Stopping {
    pub predicted_step: Option<u64>,
    pub predicted_error: Option<f64>,
    pub measured_step: u64,
    pub measured_error: f64,
}

/// All that was seen.
#[derive(Debug)]
pub struct Found {
    pub rows: Vec<Row>,
    pub runs: Vec<Run>,
    pub points: usize,
    pub step_size: f64,
    pub largest_step_size: f64,
    /// Wall time of the runs alone, in seconds.
    pub seconds_training: f64,
    /// One a run, with noise.
    pub stopping: Vec<Stopping>,
}

impl Found {
    /// Was nothing learned, and the odd part linear to rounding, where theory says so?
    pub fn claims_hold(&self) -> bool {
        let holds = |row: &Row| {
            let learned = row.measured.iter().any(Option::is_some);
            !row.null_space || (!learned && row.odd.is_none_or(|odd| odd.is_rounding()))
        };
        self.rows.iter().all(holds)
    }
}

/// Digits of eigenvalues.
const DIGITS: u32 = 12;

/// Trains all there is to train.
pub fn run(request: &Request, progress: &dyn Progress) -> Result<Found> {
    let known = known(request)?;
    let kept = Kept::open(request)?;
    let mut found: Option<Found> = None;
    for repeat in 0..request.repeats {
        let setting = Setting::new(request, repeat)?;
        let step_size = setting.step_size(request, found.as_ref().map(|found| found.step_size))?;
        let found = found.get_or_insert_with(|| Found {
            rows: request.targets.iter().flatten().map(|(k, _)| Row::new(*k, &known)).collect(),
            runs: vec![],
            points: setting.points.len(),
            step_size,
            largest_step_size: setting.limits(request)[0],
            seconds_training: 0.0,
            stopping: vec![],
        });
        let tasks = tasks(request, &setting, &known, step_size, repeat)?;
        let (done, total) = (AtomicU64::new(0), tasks.iter().map(|task| task.rule.max_steps).sum());
        let step = |count: u64| {
            let now = done.fetch_add(count, Ordering::Relaxed) + count;
            progress.at(now.min(total), total);
        };
        let one = |task: &Task| -> Result<Run> {
            let network = (request.pipeline.network)(&request.model, &setting.points, request.seed + repeat)?;
            trained(task, &setting.points, network, &kept, &step)
        };
        let begun = Instant::now();
        let runs: Vec<Run> = tasks.par_iter().map(one).collect::<Result<_>>()?;
        found.seconds_training += begun.elapsed().as_secs_f64();
        found.take(request, &tasks, runs);
    }
    found.ok_or_else(|| Error::invalid("--repeats", 0, "at least 1"))
}

fn known(request: &Request) -> Result<Vec<Known>> {
    let degrees = Degrees::new(request.targets.iter().flatten().map(|(k, _)| *k))?;
    let goal = Goal { digits: Digits::new(DIGITS)?, longest: 0, fast: true };
    let values = (request.pipeline.spectrum)(&request.kernel, request.dim, &degrees, &goal)?.eigenvalues;
    let of = |value: crate::spectrum::Eigenvalue| Known {
        degree: value.degree,
        eigenvalue: value.to_f64(),
        zero: value.kind == Kind::Zero,
    };
    Ok(values.into_iter().map(of).collect())
}

impl Row {
    fn new(degree: u32, known: &[Known]) -> Self {
        let known = known.iter().find(|known| known.degree == u64::from(degree));
        Self {
            degree,
            null_space: known.is_some_and(|known| known.zero),
            eigenvalue: known.map_or(f64::NAN, |known| known.eigenvalue),
            at_start: vec![],
            by_eigenvalue: None,
            by_gram: vec![],
            by_finite: vec![],
            measured: vec![],
            measured_residual: vec![],
            final_residual: vec![],
            steps: vec![],
            missing_error: vec![],
            odd: None,
        }
    }
}

impl Found {
    /// Sorts what the runs of a repeat showed into the rows.
    fn take(&mut self, request: &Request, tasks: &[Task], runs: Vec<Run>) {
        let mut rows = self.rows.iter_mut();
        for (task, run) in tasks.iter().zip(&runs) {
            for (part, row) in rows.by_ref().take(task.target.len()).enumerate() {
                row.by_eigenvalue = task.forecast.eigenvalue[part];
                row.at_start.push(task.forecast.at_start[part]);
                row.by_gram.push(task.forecast.gram[part].filter(|_| !row.null_space));
                row.by_finite.push(task.forecast.finite[part].filter(|_| !row.null_space));
                row.measured.push(run.progress.parts_learned[part]);
                row.measured_residual.push(run.progress.norm_learned);
                row.final_residual.push(run.progress.norm / run.progress.start_norm);
                row.steps.push(run.progress.step);
                row.missing_error.extend(task.missing_error(run).filter(|_| request.gap.is_some()));
                row.odd = row.odd.into_iter().chain(run.odd).reduce(Departure::worse);
            }
            if let (true, Some((step, error))) = (request.noise > 0.0, run.least_test_error()) {
                self.stopping.push(Stopping {
                    predicted_step: task.stopping.map(|stop| stop.steps),
                    predicted_error: task.stopping.map(|stop| stop.error()),
                    measured_step: step,
                    measured_error: error,
                });
            }
        }
        self.runs.extend(runs);
    }
}
