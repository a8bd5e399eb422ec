//! How long runs are, and what all of it will cost.

use super::super::{
    Context, Options as _, announce,
    plan::{self, Calibration},
};
use super::{Request, Target};
use crate::{error::Result, math::durations};

/// A run's default length, in longest predictions: the whole residual waits for slow directions that leak in.
const PATIENCE: f64 = 4.0;
/// The length of runs when no prediction sets one.
const FALLBACK_STEPS: u64 = 1000;

/// The length of a run whose slowest degree takes `scale` steps, beside runs of which the longest takes `longest`; at least `least`. Where nothing
/// can be learned it is watched for as long as that.
pub(super) fn length(scale: Option<f64>, longest: f64, least: u64) -> u64 {
    let length = scale.map_or(longest, |scale| PATIENCE * scale).ceil() as u64;
    if length == 0 { FALLBACK_STEPS } else { length.max(least) }
}

/// Says how long the Gram matrices of many points take.
pub(super) fn tell_of_matrices(request: &Request, context: &Context<'_>) -> Result<()> {
    let points = request.setup.points;
    let what = format!("predictions: eigenvectors of Gram matrices of {points} points");
    announce::tell_of_eigenvectors(&what, points, 2 * request.repeats, context)
}

/// Seconds that all of it will take on a machine of this speed, by the plan for it.
pub(super) fn foreseen(request: &Request, speed: &Calibration, context: &Context<'_>) -> Option<f64> {
    let setup = &request.setup;
    let optimizer = &setup.optimizer;
    let degrees: std::collections::BTreeSet<u32> = request.targets.iter().flat_map(Target::degrees).collect();
    let options = plan::Options {
        kernel: request.kernel().to_string().into(),
        dim: setup.dim.get().into(),
        degrees: degrees.iter().map(u32::to_string).collect::<Vec<_>>().join(",").into(),
        delta: setup.delta.into(),
        lr: request.lr.map_or_else(|| "auto".into(), Into::into),
        points: Some(setup.points.into()),
        width: Some(setup.model.width.into()),
        optimizer: optimizer.method().name().into(),
        momentum: optimizer.method().momentum().map(|beta| beta.get().into()),
        ridge: (optimizer.ridge() > 0.0).then(|| optimizer.ridge().into()),
        batch: optimizer.batch().map(Into::into),
        ..plan::Options::default()
    };
    let plan = options.build().ok()?.on(*speed, context).ok()?;
    let (step, matrices) = (plan.train.seconds_per_step?, plan.train.seconds_setup?);
    let longest = plan.rows.iter().filter_map(|row| row.steps).fold(0.0, f64::max);
    let steps = |degree: u32| {
        let row = plan.rows.iter().find(|row| row.degree == u64::from(degree));
        let steps = row.and_then(|row| row.steps).unwrap_or(longest).max(1.0);
        request.max_steps.map_or(steps, |most| steps.min(most as f64))
    };
    let each = request.targets.iter().map(|target| target.degrees().map(steps).fold(0.0, f64::max));
    Some(request.repeats as f64 * (matrices + step * each.sum::<f64>()))
}

/// Says how long all runs may take, if that is long: those of each target take so many steps, where that is predicted, of so many seconds.
pub(super) fn tell_of_runs(
    request: &Request,
    scales: &[Option<f64>],
    step_seconds: f64,
    context: &Context<'_>,
) {
    let longest = scales.iter().flatten().copied().fold(0.0, f64::max);
    let lengths = scales.iter().map(|scale| request.max_steps.unwrap_or(length(*scale, longest, 0)));
    let steps = lengths.map(|steps| steps as f64).sum::<f64>() * request.repeats as f64;
    let seconds = steps * step_seconds;
    if announce::is_long(seconds) {
        let runs = request.repeats * request.targets.len() as u64;
        let runs = if runs == 1 { "1 run".into() } else { format!("{runs} runs") };
        context.progress.note(&format!(
            "training: up to {steps:.0} steps in {runs}, {} a step: at most {}, and about a quarter of that where predictions hold",
            durations::shown(step_seconds),
            durations::shown(seconds)
        ));
    }
}
