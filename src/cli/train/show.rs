//! The result of `hinf train` as JSON.

use super::{
    experiment::{Found, Row, Stopping},
    fit::{CONFIDENCE, Fits, fits},
    grid::grid,
    request::Request,
};
use crate::{
    compare::statistics::{Interval, student},
    experiment::model::{Kind, Model},
    report::Report,
    train::{
        descent::Loss,
        units::{Directions, Init},
    },
};
use serde_json::{Value, json};

/// The result as a report.
pub fn report(request: &Request, found: &Found, seconds: f64) -> Report {
    let fits = fits(&found.rows, request.fit_from, request.loss);
    let rows: Vec<Value> = found.rows.iter().map(|row| row_json(request, row)).collect();
    let stopping = |stop: &Stopping| {
        json!({
            "predicted_step": stop.predicted_step, "predicted_error": stop.predicted_error,
            "measured_step": stop.measured_step, "measured_error": stop.measured_error,
        })
    };
    let json = json!({
        "schema": "hinf.train/1",
        "kernel": request.kernel.to_string(),
        "dim": request.dim.get(),
        "rows": rows,
        "fit": fits.as_ref().map(Fits::json),
        "early_stopping": found.stopping.iter().map(stopping).collect::<Vec<_>>(),
        "hyper_parameters": parameters(request, found),
        "seconds": seconds,
        "seconds_training": found.seconds_training,
    });
    Report { json, grids: vec![grid(request, found, fits.as_ref(), seconds)] }
}

fn parameters(request: &Request, found: &Found) -> Value {
    let model = &request.model;
    let mut all = json!({
        "model": model.name(), "bias": model.bias, "width": model.width, "precision": model.precision(),
        "points": found.points, "design": request.design.name(),
        "harmonic": if request.random_harmonic { "random" } else { "zonal" },
        "lr": found.step_size, "largest_lr": found.largest_step_size, "delta": request.delta, "loss": request.loss.name(),
        "max_steps": request.max_steps, "repeats": request.repeats, "seed": request.seed, "noise": request.noise, "gap": request.gap,
    });
    let own = if model.kind == Kind::TwoLayer {
        json!({"init": init(model), "directions": directions(model), "kappa": model.kappa})
    } else {
        json!({"depth": model.depth, "keep_start": model.keep_start, "alpha": (model.kind == Kind::Resnet).then_some(&model.alpha)})
    };
    if let (Value::Object(all), Value::Object(own)) = (&mut all, own) {
        all.extend(own);
    }
    all
}

pub fn init(model: &Model) -> &'static str {
    if model.init == Init::Paired { "paired" } else { "independent" }
}

pub fn directions(model: &Model) -> &'static str {
    if model.directions == Directions::Even { "even" } else { "random" }
}

/// The mean of the repeats, if all of them have a number.
pub fn mean(values: &[Option<u64>]) -> Option<f64> {
    let all: Option<Vec<f64>> = values.iter().map(|value| value.map(|steps| steps as f64)).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64)
}

/// The mean of some numbers.
pub fn average(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A mean as a whole number where it is one.
fn number(value: Option<f64>) -> Value {
    match value {
        Some(x) if x.fract() == 0.0 => json!(x as u64),
        other => json!(other),
    }
}

/// Measured steps over steps by the eigenvalue.
pub fn ratio(request: &Request, row: &Row) -> Option<f64> {
    Some(mean(&row.measured)? / by_eigenvalue(request, row)?)
}

/// The prediction by the eigenvalue, which is one for the mean square loss only.
pub fn by_eigenvalue(request: &Request, row: &Row) -> Option<f64> {
    row.by_eigenvalue.filter(|_| request.loss == Loss::MeanSquare)
}

pub fn ratio_interval(request: &Request, row: &Row) -> Option<Interval> {
    let predicted = by_eigenvalue(request, row)?;
    let ratios: Option<Vec<f64>> =
        row.measured.iter().map(|steps| steps.map(|t| t as f64 / predicted)).collect();
    student(&ratios?, CONFIDENCE)
}

fn row_json(request: &Request, row: &Row) -> Value {
    let finals = row.final_residual.iter().sum::<f64>() / row.final_residual.len().max(1) as f64;
    let interval = ratio_interval(request, row).map(|i| [i.low, i.high]);
    let mut json = json!({
        "degree": row.degree,
        "eigenvalue": row.eigenvalue,
        "network_eigenvalues": row.at_start,
        "predicted_steps": by_eigenvalue(request, row),
        "predicted_steps_gram": number(mean(&row.by_gram)),
        "predicted_steps_finite": number(mean(&row.by_finite)),
        "measured_steps": number(mean(&row.measured)),
        "measured_steps_residual": number(mean(&row.measured_residual)),
        "ratio": ratio(request, row),
        "ratio_ci": interval,
        "learned": row.measured.iter().all(Option::is_some),
        "final_residual": finals,
        "null_space": row.null_space,
        "steps": row.steps.iter().max(),
        "odd_departure": row.odd.map(|odd| odd.distance),
        "odd_rounding": row.odd.map(|odd| odd.rounding),
        "gap_error": average(&row.missing_error),
    });
    if let (true, Value::Object(json)) = (request.repeats > 1, &mut json) {
        json.insert("repeats".into(), json!(row.measured));
    }
    json
}
