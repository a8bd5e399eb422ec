//! The result of `hinf train` as JSON, a table, and curves.

use super::{
    super::numbers::short,
    experiment::{Found, Row, Stopping},
    model::{Kind, Model},
    request::Request,
    single::Run,
};
use crate::{
    compare::{
        statistics::{Interval, student},
        train::{Fit, slope},
    },
    report::{
        Report,
        grid::{Column, Grid},
    },
    train::{
        descent::Loss,
        units::{Directions, Init},
    },
};
use serde_json::{Value, json};

/// The confidence of every interval.
const CONFIDENCE: f64 = 0.95;

/// The result as a report.
pub fn report(request: &Request, found: &Found, seconds: f64) -> Report {
    let fit = fitted(request, &found.rows);
    let rows: Vec<Value> = found.rows.iter().map(|row| row_json(request, row)).collect();
    let interval = |i: Option<Interval>| i.map(|i| [i.low, i.high]);
    let fit_json = fit.measured.map(|line| {
        json!({
            "slope": line.slope, "slope_ci": interval(line.interval), "predicted_slope": fit.predicted.map(|p| p.slope),
            "confidence": CONFIDENCE, "from_degree": request.fit_from.max(1),
        })
    });
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
        "fit": fit_json,
        "early_stopping": found.stopping.iter().map(stopping).collect::<Vec<_>>(),
        "hyper_parameters": parameters(request, found),
        "seconds": seconds,
        "seconds_training": found.seconds_training,
    });
    Report { json, grids: vec![grid(request, found, &fit, seconds)] }
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

fn init(model: &Model) -> &'static str {
    if model.init == Init::Paired { "paired" } else { "independent" }
}

fn directions(model: &Model) -> &'static str {
    if model.directions == Directions::Even { "even" } else { "random" }
}

/// The mean of the repeats, if all of them have a number.
fn mean(values: &[Option<u64>]) -> Option<f64> {
    let all: Option<Vec<f64>> = values.iter().map(|value| value.map(|steps| steps as f64)).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<f64>() / all.len() as f64)
}

/// The mean of some numbers.
fn average(values: &[f64]) -> Option<f64> {
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
fn ratio(request: &Request, row: &Row) -> Option<f64> {
    Some(mean(&row.measured)? / by_eigenvalue(request, row)?)
}

/// The prediction by the eigenvalue, which is one for the mean square loss only.
fn by_eigenvalue(request: &Request, row: &Row) -> Option<f64> {
    row.by_eigenvalue.filter(|_| request.loss == Loss::MeanSquare)
}

fn ratio_interval(request: &Request, row: &Row) -> Option<Interval> {
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
        "odd_departure": row.odd_departure,
        "gap_error": average(&row.missing_error),
    });
    if let (true, Value::Object(json)) = (request.repeats > 1, &mut json) {
        json.insert("repeats".into(), json!(row.measured));
    }
    json
}

/// Slopes of log steps on log degree.
struct Fits {
    measured: Option<Fit>,
    predicted: Option<Fit>,
}

/// Slopes over the degrees that were learned, degree 0 left out.
fn fitted(request: &Request, rows: &[Row]) -> Fits {
    let learned: Vec<&Row> = rows
        .iter()
        .filter(|row| row.degree >= request.fit_from.max(1) && row.measured.iter().all(Option::is_some))
        .collect();
    let log = |row: &Row, steps: f64| (f64::from(row.degree).ln(), steps.ln());
    let measured: Vec<(f64, f64)> =
        learned.iter().flat_map(|row| row.measured.iter().flatten().map(|t| log(row, *t as f64))).collect();
    let predicted: Option<Vec<(f64, f64)>> =
        learned.iter().map(|row| Some(log(row, row.by_eigenvalue.filter(|t| *t > 0.0)?))).collect();
    let line = |points: &[(f64, f64)]| slope(points, CONFIDENCE);
    Fits { measured: line(&measured), predicted: predicted.and_then(|points| line(&points)) }
}

fn grid(request: &Request, found: &Found, fit: &Fits, seconds: f64) -> Grid {
    let shown = |value: Option<f64>| {
        value.map_or("-".into(), |x| if x.fract() == 0.0 { format!("{x}") } else { format!("{x:.1}") })
    };
    let cells = |row: &Row| {
        let measured = match (row.null_space, mean(&row.measured)) {
            (_, Some(steps)) => shown(Some(steps)),
            (true, None) => "never".into(),
            (false, None) => format!("> {}", row.steps.iter().max().unwrap_or(&0)),
        };
        let ratio = ratio(request, row).map_or("-".into(), |r| format!("{r:.3}"));
        let interval =
            ratio_interval(request, row).map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
        let finals = row.final_residual.iter().sum::<f64>() / row.final_residual.len().max(1) as f64;
        vec![
            row.degree.to_string(),
            shown(by_eigenvalue(request, row)),
            shown(mean(&row.by_gram)),
            shown(mean(&row.by_finite)),
            measured,
            ratio + &interval,
            shown(mean(&row.measured_residual)),
            short(finals),
        ]
    };
    let heads = ["k", "by lambda_k", "by Gram", "by finite H", "steps", "ratio", "whole residual", "left"];
    Grid {
        title: format!(
            "Steps until {} learns degree k on S^{} to {}",
            request.model.name(),
            request.dim,
            request.delta
        ),
        captions: captions(request, found, fit, seconds),
        columns: heads.map(|head| (head.into(), Column::Right)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

fn captions(request: &Request, found: &Found, fit: &Fits, seconds: f64) -> Vec<String> {
    let model = &request.model;
    let start = if model.kind == Kind::TwoLayer {
        format!("{} units, {} directions, kappa {}", init(model), directions(model), model.kappa)
    } else {
        format!(
            "depth {}, output at the start {}",
            model.depth,
            if model.keep_start { "kept" } else { "subtracted" }
        )
    };
    let mut captions = vec![
        format!(
            "kernel {}; width {}; {start}; {}; {} points, {}; {} loss",
            request.kernel,
            model.width,
            model.precision(),
            found.points,
            request.design.name(),
            request.loss.name()
        ),
        format!(
            "step size {}, largest stable {}; {} repeats from seed {}; {seconds:.1} s",
            short(found.step_size),
            short(found.largest_step_size),
            request.repeats,
            request.seed
        ),
        "steps: until the component of the residual along the target is delta of its start, as the predictions are; whole residual: \
         until its norm is; left: that norm at the end, over its start"
            .into(),
    ];
    if request.loss == Loss::CrossEntropy {
        captions.push(
            "cross-entropy: the residual is the derivative of the loss; lambda_k alone predicts no steps for it, the Gram matrices do".into(),
        );
    }
    let gaps = found.rows.iter().filter_map(|row| Some((row.degree, average(&row.missing_error)?)));
    let gaps: Vec<String> = gaps.map(|(k, error)| format!("{} (k = {k})", short(error))).collect();
    if let (Some(angle), false) = (request.gap, gaps.is_empty()) {
        captions.push(format!(
            "{angle} degrees without points: error there at the end, over the target's mean square: {}; lambda_k speaks of points without a gap",
            gaps.join(", ")
        ));
    }
    for row in found.rows.iter().filter(|row| row.null_space) {
        let odd = row.odd_departure.map_or(String::new(), |far| {
            format!(
                "; odd part off a linear function by at most {far:.1e} at every step (rounding: {:.1e})",
                found.odd_rounding
            )
        });
        captions
            .push(format!("degree {} is in the null space: its eigenvalue is proved zero{odd}", row.degree));
    }
    if let Some(line) = fit.measured {
        let interval = line.interval.map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
        let predicted = fit.predicted.map_or(String::new(), |p| format!("; predicted {:.3}", p.slope));
        captions.push(format!("slope of log steps on log k: {:.3}{interval}{predicted}", line.slope));
    }
    for stop in &found.stopping {
        let predicted = stop.predicted_step.map_or("-".into(), |step| step.to_string());
        captions.push(format!(
            "early stopping: predicted at step {predicted}, error {}; least test error {} at step {}",
            stop.predicted_error.map_or("-".into(), short),
            short(stop.measured_error),
            stop.measured_step
        ));
    }
    captions
}

/// The curves of all runs as CSV: one line for each degree at each recorded step.
pub fn curves(found: &Found) -> String {
    let mut text = String::from("run,target,step,residual,test_error,degree,energy,residual_along\n");
    for run in &found.runs {
        run_curves(run, &mut text);
    }
    text
}

fn run_curves(run: &Run, text: &mut String) {
    let names: Vec<String> = run.target.iter().map(|(k, c)| format!("{k}:{c}")).collect();
    let parts = run.target.len();
    for sample in &run.history {
        let (residual, test) = (sample.values[0], sample.values[1 + parts]);
        for (degree, energy) in sample.values[2 + parts..].iter().enumerate() {
            let at = run.target.iter().position(|(k, _)| *k as usize == degree);
            let along = at.map_or(String::new(), |at| sample.values[1 + at].to_string());
            let line = format!(
                "{},{},{},{residual},{test},{degree},{energy},{along}\n",
                run.repeat,
                names.join(" "),
                sample.step
            );
            text.push_str(&line);
        }
    }
}
