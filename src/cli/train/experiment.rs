//! What is trained on what, and the predictions beside it.

use super::{
    kept::Kept,
    request::Request,
    single::{Run, Task, trained},
};
use crate::{
    compare::train::Linearised,
    dynamics::{self, Modes, early_stopping, learning_time},
    error::{Error, Result},
    gram::Sites,
    math::units::Digits,
    progress::Progress,
    sample::{self, Points},
    spectrum::{Goal, Kind},
    train::{
        descent::{Labels, Loss, Rule},
        target::Harmonic,
    },
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
    /// The largest distance of the odd part from a linear function at any step of any run, where theory says it is none.
    pub odd_departure: Option<f64>,
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
    /// What rounding lets the odd part be off a linear function.
    pub odd_rounding: f64,
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
            !row.null_space || (!learned && row.odd_departure.is_none_or(|far| far <= self.odd_rounding))
        };
        self.rows.iter().all(holds)
    }
}

/// Digits of eigenvalues.
const DIGITS: u32 = 12;
/// A run's default length, in longest predictions: the whole residual waits for slow directions that leak in.
const PATIENCE: f64 = 4.0;
/// The same for cross-entropy, counted in predictions for the mean square loss: its residual falls like the inverse of the steps.
const CROSS_ENTROPY_PATIENCE: f64 = 200.0;
/// The length of runs when no prediction sets one.
const FALLBACK_STEPS: u64 = 1000;
/// Predictions by a Gram matrix are looked for up to so many times the one by the eigenvalue.
const HORIZON: f64 = 20.0;
/// The most memory for matrices of the points, in bytes, and how many of them there are at a time.
const MOST_BYTES: u64 = 6 << 30;
const MATRICES: u64 = 9;
/// Sets apart the points of repeats.
const REPEAT: u64 = 0x9e37_79b9_7f4a_7c15;

/// What the spectrum says of a degree.
#[derive(Clone, Copy, Debug)]
struct Known {
    degree: u32,
    eigenvalue: f64,
    zero: bool,
}

/// The data of one repeat, and the two linear dynamics on it.
struct Setting {
    points: Points,
    weights: Vec<f64>,
    /// The points left out, row by row.
    missing: Vec<f64>,
    infinite: Linearised,
    finite: Linearised,
    start: Vec<f64>,
}

/// Trains all there is to train.
pub fn run(request: &Request, progress: &dyn Progress) -> Result<Found> {
    within_memory(request.points)?;
    let known = known(request)?;
    let kept = Kept::open(request)?;
    let mut found: Option<Found> = None;
    for repeat in 0..request.repeats {
        let setting = Setting::new(request, repeat)?;
        let step_size = step_size(request, &setting, found.as_ref())?;
        let found = found.get_or_insert_with(|| Found {
            rows: request.targets.iter().flatten().map(|(k, _)| Row::new(*k, &known)).collect(),
            runs: vec![],
            points: setting.points.len(),
            step_size,
            largest_step_size: limit(request, &setting),
            odd_rounding: request.model.odd_rounding(request.dim.get()),
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
            let network = (request.stages.network)(&request.model, &setting.points, request.seed + repeat)?;
            trained(task, &setting.points, network, &kept, &step)
        };
        let begun = Instant::now();
        let runs: Vec<Run> = tasks.par_iter().map(one).collect::<Result<_>>()?;
        found.seconds_training += begun.elapsed().as_secs_f64();
        take(request, found, &setting, &tasks, runs)?;
    }
    found.ok_or_else(|| Error::invalid("--repeats", 0, "at least 1"))
}

fn within_memory(points: usize) -> Result<()> {
    let bytes = MATRICES * 8 * (points as u64).pow(2);
    if bytes > MOST_BYTES {
        let most = (MOST_BYTES / (8 * MATRICES)).isqrt();
        let needed =
            format!("{:.1} GiB for the Gram matrices of {points}", bytes as f64 / f64::from(1 << 30));
        return Err(Error::too_large("--points", needed, format!("6 GiB, which holds those of {most}")));
    }
    Ok(())
}

fn known(request: &Request) -> Result<Vec<Known>> {
    let mut degrees: Vec<u32> = request.targets.iter().flatten().map(|(k, _)| *k).collect();
    degrees.sort_unstable();
    degrees.dedup();
    let goal = Goal { digits: Digits::new(DIGITS)?, longest: 0, fast: true };
    let values = (request.stages.spectrum)(&request.kernel, request.dim, &degrees, &goal)?.eigenvalues;
    let of = |value: crate::spectrum::Eigenvalue| Known {
        degree: value.degree,
        eigenvalue: value.to_f64(),
        zero: value.kind == Kind::Zero,
    };
    Ok(values.into_iter().map(of).collect())
}

impl Row {
    fn new(degree: u32, known: &[Known]) -> Self {
        let known = known.iter().find(|known| known.degree == degree);
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
            odd_departure: None,
        }
    }
}

impl Setting {
    fn new(request: &Request, repeat: u64) -> Result<Self> {
        let seed = request.seed ^ repeat.wrapping_mul(REPEAT);
        let points = (request.stages.points)(request.design, request.dim, request.points, seed)?;
        let (points, missing) = match request.gap {
            Some(angle) => without_cap(&points, angle)?,
            None => (points, vec![]),
        };
        let n = points.len();
        request.resolved_by(n)?;
        let weights: Vec<f64> = points.weights().iter().map(|w| w * n as f64).collect();
        let sites = Sites::new(&points);
        let values = (request.stages.values)(&request.kernel)?;
        let mut gram = vec![0.0; n * n];
        gram.par_chunks_mut(n).enumerate().for_each(|(i, row)| values.row(&sites, i, 0, row));
        let infinite = Linearised::new(gram, &weights)?;
        let network = (request.stages.network)(&request.model, &points, request.seed + repeat)?;
        let finite = Linearised::new(network.tangent_gram(), &weights)?;
        let start = network.outputs().to_vec();
        Ok(Self { points, weights, missing, infinite, finite, start })
    }
}

/// The largest stable step size on these points.
fn limit(request: &Request, setting: &Setting) -> f64 {
    2.0 / (request.loss.curvature() * setting.infinite.largest())
}

fn step_size(request: &Request, setting: &Setting, before: Option<&Found>) -> Result<f64> {
    let limit = limit(request, setting);
    let auto = before.map_or(1.0 / setting.infinite.largest(), |found| found.step_size);
    let size = request.lr.unwrap_or(auto);
    if size >= limit {
        let expected =
            format!("less than {limit:.6e}, from where on gradient descent on these points diverges");
        return Err(Error::invalid("--lr", size, expected));
    }
    Ok(size)
}

/// The runs of one repeat.
fn tasks(
    request: &Request,
    setting: &Setting,
    known: &[Known],
    step_size: f64,
    repeat: u64,
) -> Result<Vec<Task>> {
    let n = setting.points.len() as f64;
    let zero = |k: u32| known.iter().any(|known| known.degree == k && known.zero);
    let predicted = |k: u32| {
        let value = known.iter().find(|known| known.degree == k && !known.zero)?.eigenvalue;
        learning_time::steps(step_size * n * value, request.delta)
    };
    let all = request.targets.iter().flatten();
    let patience = if request.loss == Loss::MeanSquare { PATIENCE } else { CROSS_ENTROPY_PATIENCE };
    let longest = all.filter_map(|(k, _)| predicted(*k)).fold(0.0, f64::max);
    let build = |(index, target): (usize, &Vec<(u32, f64)>)| {
        let own = target.iter().filter_map(|(k, _)| predicted(*k)).fold(0.0, f64::max);
        let null = target.iter().all(|(k, _)| zero(*k));
        let stopping = stopping(request, target, step_size, setting.points.len() as u64)?;
        let noisy = stopping.map_or(0, |stop| 2 * stop.steps + 1);
        let length = if null { longest } else { patience * own }.ceil() as u64;
        let length = if length == 0 { FALLBACK_STEPS } else { length.max(noisy) };
        let max_steps = request.max_steps.unwrap_or(length);
        let to_the_end = stopping.is_some();
        let Request { loss, delta, .. } = *request;
        let rule = Rule { loss, step_size, delta, max_steps, to_the_end };
        let harmonics = harmonics(request, setting.points.coordinates(), target, repeat)?;
        let labels = labels(request, setting, target, &harmonics, repeat);
        Ok(Task {
            index,
            repeat,
            rule,
            labels,
            target: target.clone(),
            predicted: target.iter().map(|(k, _)| predicted(*k)).collect(),
            check_odd: null && request.model.is_odd_linear(),
            fresh: fresh(request, &setting.missing, target, repeat)?,
            energies: request.curves.is_some().then(|| 2 * target.last().map_or(0, |(k, _)| *k) + 2),
            stopping,
            limits: [&setting.infinite, &setting.finite]
                .map(|linear| 2.0 / (request.loss.curvature() * linear.largest())),
        })
    };
    request.targets.iter().enumerate().map(build).collect()
}

/// The harmonics of a target at points.
fn harmonics(request: &Request, at: &[f64], target: &[(u32, f64)], repeat: u64) -> Result<Vec<Vec<f64>>> {
    let which =
        if request.random_harmonic { Harmonic::Random(request.seed + repeat) } else { Harmonic::Zonal };
    target.iter().map(|(k, _)| (request.stages.harmonic)(request.dim, *k, which, at)).collect()
}

fn mixed(target: &[(u32, f64)], harmonics: &[Vec<f64>], i: usize) -> f64 {
    target.iter().zip(harmonics).map(|((_, c), values)| c * values[i]).sum()
}

fn labels(
    request: &Request,
    setting: &Setting,
    target: &[(u32, f64)],
    harmonics: &[Vec<f64>],
    repeat: u64,
) -> Labels {
    let n = setting.points.len();
    let clean: Vec<f64> = (0..n).map(|i| mixed(target, harmonics, i)).collect();
    let errors = (request.stages.noise)(n, request.noise, request.seed + repeat);
    let noisy: Vec<f64> = clean.iter().zip(errors).map(|(y, e)| y + e).collect();
    let sign = |y: &f64| if *y >= 0.0 { 1.0 } else { -1.0 };
    let weights = setting.weights.clone();
    match request.loss {
        Loss::MeanSquare => Labels { values: noisy, weights, parts: harmonics.to_vec() },
        Loss::CrossEntropy => {
            let parts =
                if target.len() == 1 { vec![clean.iter().map(sign).collect()] } else { harmonics.to_vec() };
            Labels { values: noisy.iter().map(sign).collect(), weights, parts }
        }
    }
}

/// The points outside a cap of this angle, in degrees, about the place where all coordinates are equal, and those in it.
fn without_cap(points: &Points, angle: f64) -> Result<(Points, Vec<f64>)> {
    let width = points.dim().get() as usize + 1;
    let most = (0.5 * angle).to_radians().cos() * (width as f64).sqrt();
    let (kept, missing) = points.split(|x| x.iter().sum::<f64>() <= most);
    if kept.len() < 2 || missing.is_empty() {
        let found =
            format!("{angle}, with {} points outside and {} inside", kept.len(), missing.len() / width);
        return Err(Error::invalid("--gap", found, "an angle with some points inside and two outside"));
    }
    Ok((kept, missing))
}

/// Points that are not trained on and the clean target there, where they are wanted: those left out, else fresh ones.
fn fresh(
    request: &Request,
    missing: &[f64],
    target: &[(u32, f64)],
    repeat: u64,
) -> Result<Option<(Vec<f64>, Vec<f64>)>> {
    if request.curves.is_none() && request.noise == 0.0 && missing.is_empty() {
        return Ok(None);
    }
    let points = match missing {
        [] => {
            let seed = !(request.seed + repeat);
            let drawn = sample::points(sample::Design::Uniform, request.dim, FRESH_POINTS, seed)?;
            drawn.coordinates().to_vec()
        }
        missing => missing.to_vec(),
    };
    let harmonics = harmonics(request, &points, target, repeat)?;
    let count = points.len() / (request.dim.get() as usize + 1);
    let values = (0..count).map(|i| mixed(target, &harmonics, i)).collect();
    Ok(Some((points, values)))
}

/// Fresh points for the test error.
const FRESH_POINTS: usize = 1000;

/// Where the spectrum says to stop, with noise.
fn stopping(
    request: &Request,
    target: &[(u32, f64)],
    step_size: f64,
    points: u64,
) -> Result<Option<early_stopping::StepError>> {
    if request.noise == 0.0 || request.loss != Loss::MeanSquare || request.gap.is_some() {
        return Ok(None);
    }
    let highest = target.iter().map(|(k, _)| *k).max().unwrap_or(0);
    let last = (2 * highest + 20).max(NOISE_DEGREES);
    let modes = Modes::by(&request.stages.spectrum, &request.kernel, request.dim, last)?;
    let task = dynamics::Task { target: target.to_vec(), noise: request.noise };
    Ok(early_stopping::Descent { modes: &modes, task: &task, points, step_size }.stopping())
}

/// Degrees in which noise is learned.
const NOISE_DEGREES: u32 = 100;

/// Sorts what the runs of a repeat showed into the rows.
fn take(
    request: &Request,
    found: &mut Found,
    setting: &Setting,
    tasks: &[Task],
    runs: Vec<Run>,
) -> Result<()> {
    let predict = |task: &Task| {
        let longest = task.predicted.iter().flatten().copied().fold(0.0, f64::max);
        let horizon =
            ((HORIZON * longest).ceil() as u64).max(if longest > 0.0 { task.rule.max_steps } else { 0 });
        let by = |linear: &Linearised| linear.steps(&setting.start, &task.labels, &task.rule, horizon);
        (by(&setting.infinite), by(&setting.finite))
    };
    let predictions: Vec<_> = tasks.par_iter().map(predict).collect();
    let mut rows = found.rows.iter_mut();
    for ((task, run), (gram, finite)) in tasks.iter().zip(&runs).zip(predictions) {
        for (part, row) in rows.by_ref().take(task.target.len()).enumerate() {
            row.by_eigenvalue = task.predicted[part];
            row.at_start.push(setting.finite.rayleigh(&task.labels.parts[part], &setting.weights));
            row.by_gram.push(gram[part].filter(|_| !row.null_space));
            row.by_finite.push(finite[part].filter(|_| !row.null_space));
            row.measured.push(run.progress.parts_learned[part]);
            row.measured_residual.push(run.progress.norm_learned);
            row.final_residual.push(run.progress.norm / run.progress.start_norm);
            row.steps.push(run.progress.step);
            row.missing_error.extend(task.missing_error(run).filter(|_| request.gap.is_some()));
            if task.check_odd {
                row.odd_departure = Some(row.odd_departure.unwrap_or(0.0).max(run.odd_departure));
            }
        }
        if let (true, Some((step, error))) = (request.noise > 0.0, run.least_test_error()) {
            found.stopping.push(Stopping {
                predicted_step: task.stopping.map(|stop| stop.steps),
                predicted_error: task.stopping.map(|stop| stop.error()),
                measured_step: step,
                measured_error: error,
            });
        }
    }
    found.runs.extend(runs);
    Ok(())
}
