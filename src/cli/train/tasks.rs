//! The runs of one repeat: their labels, what is predicted of them, and how long they may take.

use super::{
    request::Request,
    setting::Setting,
    single::{Forecast, Task},
};
use crate::{
    dynamics::{self, Modes, early_stopping, learning_time},
    error::Result,
    sample,
    train::{
        descent::{Labels, Loss, Rule},
        target::Harmonic,
    },
};
use rayon::prelude::*;

/// A run's default length, in longest predictions: the whole residual waits for slow directions that leak in.
const PATIENCE: f64 = 4.0;
/// The length of runs when no prediction sets one.
const FALLBACK_STEPS: u64 = 1000;
/// Predictions by a Gram matrix are looked for up to so many times the one by the eigenvalue.
const HORIZON: f64 = 20.0;
/// The same for cross-entropy: its residual falls like the inverse of the steps, and a sign has slow degrees in it.
const CROSS_ENTROPY_HORIZON: f64 = 2000.0;
/// Fresh points for the test error.
const FRESH_POINTS: usize = 1000;
/// Degrees in which noise is learned.
const NOISE_DEGREES: u32 = 100;

/// What the spectrum says of a degree.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub degree: u64,
    pub eigenvalue: f64,
    pub zero: bool,
}

/// The runs of one repeat.
pub fn tasks(
    request: &Request,
    setting: &Setting,
    known: &[Known],
    step_size: f64,
    repeat: u64,
) -> Result<Vec<Task>> {
    let task = |(index, target): (usize, &Vec<(u32, f64)>)| {
        let harmonics = harmonics(request, setting.points.coordinates(), target, repeat)?;
        let stopping = stopping(request, target, step_size, setting.points.len() as u64)?;
        let Request { loss, delta, .. } = *request;
        let rule = Rule { loss, step_size, delta, max_steps: 0, to_the_end: stopping.is_some() };
        let labels = labels(request, setting, target, &harmonics, repeat);
        let null_space =
            target.iter().all(|(k, _)| known.iter().any(|known| known.degree == u64::from(*k) && known.zero));
        Ok(Task {
            index,
            repeat,
            forecast: forecast(request, setting, known, target, &labels, &rule),
            rule,
            labels,
            target: target.clone(),
            null_space,
            fresh: fresh(request, &setting.missing, target, repeat)?,
            energies: request.curves.is_some().then(|| 2 * target.last().map_or(0, |(k, _)| *k) + 2),
            stopping,
            limits: setting.limits(request),
        })
    };
    let mut tasks: Vec<Task> = request.targets.par_iter().enumerate().map(task).collect::<Result<_>>()?;
    let longest = tasks.iter().map(|task| task.forecast.scale).fold(0.0, f64::max);
    for task in &mut tasks {
        let noisy = task.stopping.map_or(0, |stop| 2 * stop.steps + 1);
        let length = if task.null_space { longest } else { PATIENCE * task.forecast.scale }.ceil() as u64;
        let length = if length == 0 { FALLBACK_STEPS } else { length.max(noisy) };
        task.rule.max_steps = request.max_steps.unwrap_or(length);
    }
    Ok(tasks)
}

/// What theory says of a run.
fn forecast(
    request: &Request,
    setting: &Setting,
    known: &[Known],
    target: &[(u32, f64)],
    labels: &Labels,
    rule: &Rule,
) -> Forecast {
    let n = setting.points.len() as f64;
    let by_eigenvalue = |(k, _): &(u32, f64)| {
        let value = known.iter().find(|known| known.degree == u64::from(*k) && !known.zero)?.eigenvalue;
        learning_time::steps(rule.step_size * n * value, rule.delta)
    };
    let eigenvalue: Vec<Option<f64>> = target.iter().map(by_eigenvalue).collect();
    let longest = eigenvalue.iter().flatten().copied().fold(0.0, f64::max);
    let factor = if rule.loss == Loss::MeanSquare { HORIZON } else { CROSS_ENTROPY_HORIZON };
    let asked = if longest > 0.0 { request.max_steps.unwrap_or(0) } else { 0 };
    let horizon = ((factor * longest).ceil() as u64).max(asked);
    let at_start = labels.parts.iter().map(|part| setting.finite.rayleigh(part, &setting.weights)).collect();
    let gram = setting.infinite.steps(&setting.start, labels, rule, horizon);
    let finite = setting.finite.steps(&setting.start, labels, rule, horizon);
    let scale = match rule.loss {
        Loss::MeanSquare => longest,
        Loss::CrossEntropy => gram.iter().map(|steps| steps.unwrap_or(horizon)).max().unwrap_or(0) as f64,
    };
    Forecast { eigenvalue, at_start, gram, finite, scale }
}

/// The harmonics of a target at points.
fn harmonics(request: &Request, at: &[f64], target: &[(u32, f64)], repeat: u64) -> Result<Vec<Vec<f64>>> {
    let which =
        if request.random_harmonic { Harmonic::Random(request.seed + repeat) } else { Harmonic::Zonal };
    target.iter().map(|(k, _)| (request.pipeline.harmonic)(request.dim, *k, which, at)).collect()
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
    let errors = (request.pipeline.noise)(n, request.noise, request.seed + repeat);
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
    let modes = Modes::by(&request.pipeline.spectrum, &request.kernel, request.dim, last)?;
    let task = dynamics::Task { target: target.to_vec(), noise: request.noise };
    Ok(early_stopping::Descent { modes: &modes, task: &task, points, step_size }.stopping())
}
