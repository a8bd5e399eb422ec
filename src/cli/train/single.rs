//! One run, from its start or from where it was left.

use super::kept::Kept;
use crate::{
    dynamics::early_stopping::StepError,
    error::{Error, Result},
    gram::block::Block,
    sample::Points,
    train::{
        Network,
        descent::{Labels, Progress, Rule},
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
    /// Steps by the eigenvalue of each degree.
    pub predicted: Vec<Option<f64>>,
    /// Is the odd part to be checked to stay linear?
    pub check_odd: bool,
    /// Fresh points, row by row, and the clean target there.
    pub fresh: Option<(Vec<f64>, Vec<f64>)>,
    /// Energies are recorded to this degree.
    pub energies: Option<u32>,
    pub stopping: Option<StepError>,
    /// The largest stable step size by the Gram matrix of the points, and by that of the network at its start.
    pub limits: [f64; 2],
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
    pub odd_departure: f64,
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
            odd_departure: 0.0,
            history: vec![],
        },
    };
    counted(run.progress.step);
    let odd = task.check_odd.then(|| OddPart::new(points)).transpose()?;
    if run.progress.step == 0 && run.history.is_empty() {
        run.watch(task, points, network.as_ref(), odd.as_ref());
    }
    let mut saved = Instant::now();
    while !run.progress.ended(&task.rule) {
        let advanced = run.progress.advance(network.as_mut(), &task.labels, &task.rule);
        advanced.map_err(|e| diverged(e, task))?;
        counted(1);
        run.watch(task, points, network.as_ref(), odd.as_ref());
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
    fn watch(&mut self, task: &Task, points: &Points, network: &dyn Network, odd: Option<&OddPart>) {
        if let Some(odd) = odd {
            self.odd_departure = self.odd_departure.max(odd.departure(network));
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

/// How far the odd part of a network is from a linear function of the points.
struct OddPart {
    antipodes: Vec<f64>,
    /// An orthonormal basis of the linear functions at the points.
    linear: Block,
}

impl OddPart {
    fn new(points: &Points) -> Result<Self> {
        let width = points.dim().get() as usize + 1;
        let linear = Block::new(width, points.coordinates().to_vec()).orthonormal()?;
        Ok(Self { antipodes: points.coordinates().iter().map(|x| -x).collect(), linear })
    }

    /// The largest `|f(x) - f(-x) - b.x|` over the points, `b` by least squares.
    fn departure(&self, network: &dyn Network) -> f64 {
        let other = network.predict(&self.antipodes);
        let odd = network.outputs().iter().zip(other).map(|(f, g)| f - g).collect();
        let mut odd = Block::new(1, odd);
        let inside = self.linear.cross(&odd);
        odd.add_product(-1.0, &self.linear, inside.as_ref());
        odd.data().iter().fold(0.0, |most, x| most.max(x.abs()))
    }
}
