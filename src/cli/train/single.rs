//! One run, from its start or from where it was left.

use super::kept::Kept;
use crate::{
    dynamics::early_stopping::StepError,
    error::{Error, Result},
    sample::Points,
    train::{
        Network,
        descent::{Labels, Progress, Rule},
        odd::Departure,
        target::energies,
    },
};
use std::time::{Duration, Instant};

/// What one run is to do.
#[derive(Clone, Debug)]
pub struct Task {
    pub index: usize,
    pub repeat: u64,
    pub rule: Rule,
    pub labels: Labels,
    pub target: Vec<(u32, f64)>,
    pub forecast: Forecast,
    /// Is every degree of the target in the null space?
    pub null_space: bool,
    /// Fresh points, row by row, and the clean target there.
    pub fresh: Option<(Vec<f64>, Vec<f64>)>,
    /// Energies are recorded to this degree.
    pub energies: Option<u32>,
    pub stopping: Option<StepError>,
    /// The largest stable step size by the Gram matrix of the points, and by that of the network at its start.
    pub limits: [f64; 2],
}

/// What theory says of a run: the steps until each degree of its target is learned.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// By `lambda_k`, as for the mean square loss; `None` in the null space.
    pub eigenvalue: Vec<Option<f64>>,
    /// What the network's own kernel at the start has in the place of `lambda_k`: the Rayleigh quotient of the target.
    pub at_start: Vec<f64>,
    /// By the Gram matrix of the points.
    pub gram: Vec<Option<u64>>,
    /// By that of the network at its start.
    pub finite: Vec<Option<u64>>,
    /// The longest of those that set the length of the run; 0 if there is none.
    pub scale: f64,
}

impl Task {
    /// The last error on the points that are not trained on, over the mean square of the target there.
    pub fn missing_error(&self, run: &Run) -> Option<f64> {
        let (_, clean) = self.fresh.as_ref()?;
        let power = clean.iter().map(|y| y * y).sum::<f64>() / clean.len() as f64;
        run.history.last().map(|sample| sample.values[1 + self.target.len()] / power)
    }
}

/// What was seen at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub step: u64,
    /// The residual's norm, its components along the parts, the test error, and the energies by degree.
    pub values: Vec<f64>,
}

/// What a run showed.
#[derive(Clone, Debug)]
pub struct Run {
    pub repeat: u64,
    pub target: Vec<(u32, f64)>,
    pub progress: Progress,
    /// Of all steps the one at which the odd part came nearest to its bound, where it is checked.
    pub odd: Option<Departure>,
    pub history: Vec<Sample>,
}

/// Steps between samples grow by this factor.
const SPACING: f64 = 1.05;
/// A run under way is kept so often.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// Trains `network` on `task`.
pub fn trained(
    task: &Task,
    points: &Points,
    mut network: Box<dyn Network>,
    kept: &Kept,
    counted: &(dyn Fn(u64) + Sync),
) -> Result<Run> {
    let mut run = match kept.load(task, network.as_mut())? {
        Some(run) => run,
        None => Run {
            repeat: task.repeat,
            target: task.target.clone(),
            progress: Progress::start(network.as_ref(), &task.labels, &task.rule)?,
            odd: None,
            history: vec![],
        },
    };
    counted(run.progress.step);
    let antipodes: Vec<f64> = points.coordinates().iter().map(|x| -x).collect();
    if run.progress.step == 0 && run.history.is_empty() {
        run.watch(task, points, &antipodes, network.as_ref());
    }
    let mut saved = Instant::now();
    while !run.progress.ended(&task.rule) {
        let advanced = run.progress.advance(network.as_mut(), &task.labels, &task.rule);
        advanced.map_err(|e| diverged(e, task))?;
        counted(1);
        run.watch(task, points, &antipodes, network.as_ref());
        if kept.is_on() && saved.elapsed() > KEEP_EVERY && !run.progress.ended(&task.rule) {
            kept.save(task, &run, network.state())?;
            saved = Instant::now();
        }
    }
    counted(task.rule.max_steps - run.progress.step);
    kept.save(task, &run, vec![])?;
    Ok(run)
}

impl Run {
    /// Records what is to be recorded after a step.
    fn watch(&mut self, task: &Task, points: &Points, antipodes: &[f64], network: &dyn Network) {
        if let Some(part) = network.odd_part().filter(|_| task.null_space) {
            let now = part.departure(points.coordinates(), network.outputs(), &network.predict(antipodes));
            self.odd = Some(self.odd.map_or(now, |before| before.worse(now)));
        }
        let step = self.progress.step;
        let due = self
            .history
            .last()
            .is_none_or(|last| step >= ((last.step as f64 * SPACING).ceil() as u64).max(last.step + 1));
        let Some((fresh, clean)) = task.fresh.as_ref().filter(|_| due || self.progress.ended(&task.rule))
        else {
            return;
        };
        let squares = network.predict(fresh).iter().zip(clean).map(|(f, y)| (f - y).powi(2)).sum::<f64>();
        let mut values = vec![self.progress.norm];
        values.extend(&self.progress.parts);
        values.push(squares / clean.len() as f64);
        if let Some(top) = task.energies {
            let outputs = network.outputs();
            values.extend(energies(points.dim(), points.coordinates(), points.weights(), outputs, top));
        }
        self.history.push(Sample { step, values });
    }

    /// The step of least test error among those recorded, and the error.
    pub fn least_test_error(&self) -> Option<(u64, f64)> {
        let at = 1 + self.target.len();
        let errors = self.history.iter().map(|sample| (sample.step, sample.values[at]));
        errors.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// The error of a run that diverges, with the step size and its limits.
fn diverged(error: Error, task: &Task) -> Error {
    let degrees: Vec<String> = task.target.iter().map(|(k, _)| k.to_string()).collect();
    let [points, network] = task.limits;
    error.under(&format!(
        "--lr {:.4e} on degree {} (limit {points:.4e} by the Gram matrix of the points, {network:.4e} by that of the network at its start)",
        task.rule.step_size,
        degrees.join(" + ")
    ))
}
