//! A training as a table, its curves as another, and its plot.

use super::{
    Show,
    grid::{Column, Grid},
    plot::{Axis, Plot, Series, Style, degrees},
};
use crate::{
    experiment::train::{Fit, HyperParameters, Report, Row, Run, Sample, SlopeComparison, SlopeFit, Start},
    math::decimal::short,
};
use serde::Serialize;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let shown = |value: Option<f64>| {
            value.map_or("-".into(), |x| if x.fract() == 0.0 { format!("{x}") } else { format!("{x:.1}") })
        };
        let at_end = self.rows.iter().any(|row| row.predicted_steps_end().is_some());
        let cells = |row: &Row| {
            let measured = match (row.null_space, row.measured_steps()) {
                (_, Some(steps)) => shown(Some(steps)),
                (true, None) => "never".into(),
                (false, None) => format!("> {}", row.longest().unwrap_or(0)),
            };
            let ratio = row.ratio().map_or("-".into(), |r| format!("{r:.3}"));
            let interval =
                row.ratio_interval().map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
            let mut cells = vec![
                row.degree.to_string(),
                shown(row.predicted_steps),
                shown(row.mean_steps(|trial| trial.predicted_steps_gram)),
                shown(row.mean_steps(|trial| trial.predicted_steps_finite)),
                measured,
                ratio + &interval,
                shown(row.mean_steps(|trial| trial.measured_steps_residual)),
                short(row.final_residual()),
            ];
            cells.extend(at_end.then(|| shown(row.predicted_steps_end())));
            cells
        };
        let mut heads =
            vec!["k", "by lambda_k", "by Gram", "by finite H", "steps", "ratio", "whole residual", "left"];
        heads.extend(at_end.then_some("by H at the end"));
        let HyperParameters { model, delta, .. } = &self.hyper_parameters;
        vec![Grid {
            title: match self.hyper_parameters.loss_below {
                None => format!("Steps until {model} learns degree k on S^{} to {delta}", self.dim),
                Some(loss) => {
                    format!("Steps until {model} learns degree k on S^{} to a loss of {loss}", self.dim)
                }
            },
            captions: captions(self),
            columns: heads.into_iter().map(|head| (head.into(), Column::Right)).collect(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        let shared = Shared { kernel: &self.kernel, dim: self.dim, with: &self.hyper_parameters };
        self.grids().into_iter().map(|grid| grid.of(&shared, &self.rows)).collect()
    }
}

/// What the degrees of a training share.
#[derive(Serialize)]
struct Shared<'a> {
    kernel: &'a str,
    dim: u32,
    #[serde(flatten)]
    with: &'a HyperParameters,
}

fn captions(report: &Report) -> Vec<String> {
    let with = &report.hyper_parameters;
    let start = match &with.start {
        Start::TwoLayer { init, directions, kappa } => {
            format!("{init} units, {directions} directions, kappa {kappa}")
        }
        Start::Deep { depth, keep_start, .. } => {
            let kept = if *keep_start { "kept" } else { "subtracted" };
            format!("depth {depth}, output at the start {kept}")
        }
        Start::Network { keep_start, .. } => {
            format!("output at the start {}", if *keep_start { "kept" } else { "subtracted" })
        }
    };
    let mut captions = vec![
        format!(
            "kernel {}; width {}; {start}; {}; {} points, {}; {} loss",
            report.kernel, with.width, with.precision, with.points, with.design, with.loss
        ),
        format!(
            "step size {}, largest stable {}; {} from seed {}; {:.1} s",
            short(with.lr),
            short(with.largest_lr),
            counted(with.repeats, "repeat"),
            with.seed,
            report.seconds
        ),
        "steps: until the component of the residual along the target is delta of its start, as the predictions are; whole residual: \
         until its norm is; left: that norm at the end, over its start"
            .into(),
    ];
    if with.beyond_stable {
        captions.push(
            "BEYOND the largest stable step size: the linear dynamics behind every prediction diverge, so that none of them holds; the network \
             leaves the kernel of its start, and steps are those of the kernel where it settles"
                .into(),
        );
    }
    if let Some(norm) = with.target_norm {
        captions.push(format!("labels of norm {norm} over the points"));
    }
    if let Some(optimizer) = &with.optimizer {
        captions.push(format!("optimizer: {optimizer}"));
    }
    if with.loss == "cross-entropy" {
        captions.push(
            "cross-entropy: the residual is the derivative of the loss; lambda_k alone predicts no steps for it, the Gram matrices do".into(),
        );
    }
    captions.extend(divergences(report));
    captions.extend(gap(report));
    for row in report.rows.iter().filter(|row| row.null_space) {
        let odd = row.odd.map_or(String::new(), |odd| {
            let (distance, rounding) = (odd.distance, odd.rounding);
            format!("; odd part off a linear function by at most {distance:.1e} at every step (rounding: {rounding:.1e})")
        });
        captions
            .push(format!("degree {} is in the null space: its eigenvalue is proved zero{odd}", row.degree));
    }
    captions.extend(report.fit.iter().flat_map(slopes));
    for stop in &report.early_stopping {
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

/// A number of things.
fn counted(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The runs that ended because their residual grew.
fn divergences(report: &Report) -> impl Iterator<Item = String> {
    let with = &report.hyper_parameters;
    let limit = with
        .largest_lr_at_start
        .map_or(String::new(), |limit| format!(", {limit:.4e} by that of the network at its start"));
    report.divergences().map(move |(row, divergence)| {
        format!(
            "DIVERGED on degree {}: step size {:.4e} led to {} (limit {:.4e} by the Gram matrix of the points{limit})",
            row.degree, with.lr, divergence.reached, with.largest_lr
        )
    })
}

/// The error where there were no points.
fn gap(report: &Report) -> Option<String> {
    let gaps = report.rows.iter().filter_map(|row| Some((row.degree, row.gap_error()?)));
    let gaps: Vec<String> = gaps.map(|(k, error)| format!("{} (k = {k})", short(error))).collect();
    let angle = report.hyper_parameters.gap.filter(|_| !gaps.is_empty())?;
    Some(format!(
        "{angle} degrees without points: error there at the end, over the target's mean square: {}; lambda_k speaks of points without a gap",
        gaps.join(", ")
    ))
}

/// The slopes, a line each.
fn slopes(fit: &SlopeFit) -> Vec<String> {
    let shown = |fit: Fit| {
        let interval = fit.interval.map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
        format!("{:.3}{interval}", fit.slope)
    };
    let by = |text: &dyn Fn(&SlopeComparison) -> Option<String>| -> String {
        let mut named = vec![("lambda_k", &fit.eigenvalue), ("Gram", &fit.gram), ("finite H", &fit.finite)];
        named.extend(fit.end.as_ref().map(|end| ("H at the end", end)));
        let all = named.iter().filter_map(|(name, against)| Some(format!("{} by {name}", text(against)?)));
        all.collect::<Vec<_>>().join(", ")
    };
    let mut lines = vec![
        format!(
            "slope of log steps on log k: {}; predicted {}",
            shown(fit.measured),
            by(&|against| Some(format!("{:.3}", against.predicted?)))
        ),
        format!(
            "slope of log(steps / predicted) on log k, 0 where a prediction holds: {}",
            by(&|against| Some(shown(against.excess?)))
        ),
    ];
    lines.extend(
        fit.residual.map(|fit| format!("slope of log steps of the whole residual on log k: {}", shown(fit))),
    );
    lines
}

/// The curves of all runs as a table: one row for each degree at each recorded step.
pub fn curves(report: &Report) -> Grid {
    let heads = ["run", "target", "step", "residual", "test_error", "degree", "energy", "residual_along"];
    Grid {
        title: "Curves".into(),
        captions: vec![],
        columns: heads.map(|head| (head.to_owned(), Column::Right)).to_vec(),
        rows: report.runs.iter().flat_map(run_curves).map(Vec::from).collect(),
    }
}

fn run_curves(run: &Run) -> impl Iterator<Item = [String; 8]> {
    let target = run.target.to_string().replace(',', " ");
    let line = move |at: &Sample, degree: u32, energy: &f64| {
        let along = run.target.position(degree).and_then(|part| at.parts.get(part));
        [
            run.repeat.to_string(),
            target.clone(),
            at.step.to_string(),
            at.residual.to_string(),
            at.test_error.to_string(),
            degree.to_string(),
            energy.to_string(),
            along.map_or(String::new(), f64::to_string),
        ]
    };
    let lines = run.history.iter().flat_map(move |at| {
        (0..).zip(&at.energies).map(|(degree, energy)| line(at, degree, energy)).collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().into_iter()
}

/// One training or several, with their names: measured steps against degree, beside the prediction.
pub fn plot(reports: &[(&Report, &str)]) -> Plot {
    let mut series = Vec::new();
    for (report, name) in reports {
        let measured =
            report.rows.iter().filter_map(|row| Some((f64::from(row.degree), row.measured_steps()?)));
        series.push(Series::new(format!("{name}, trained"), Style::Markers, measured));
        let predicted = |row: &Row| match row.null_space {
            true => f64::INFINITY,
            false => predicted(report, row).unwrap_or(f64::NAN),
        };
        let line = report.rows.iter().map(|row| (f64::from(row.degree), predicted(row)));
        series.push(Series::new(format!("{name}, predicted"), Style::Beside, line));
    }
    Plot {
        title: "Steps until a frequency is learned".into(),
        caption: caption(reports),
        alt: "Log-log plot of training steps against degree: measured points beside the predicted lines."
            .into(),
        x: Axis::log("degree k").whole(),
        y: Axis::log("steps"),
        series,
    }
}

/// Steps by `lambda_k`, or by the Gram matrix of the points for a loss for which `lambda_k` predicts none.
fn predicted(report: &Report, row: &Row) -> Option<f64> {
    match &*report.hyper_parameters.loss {
        "cross-entropy" => row.mean_steps(|trial| trial.predicted_steps_gram),
        _ => row.predicted_steps,
    }
}

/// What the lines are.
fn predicted_by(with: &HyperParameters) -> String {
    let by = match (&*with.loss, &with.optimizer, with.loss_below) {
        ("cross-entropy", ..) => "by the Gram matrix of the points, for cross-entropy".into(),
        (_, Some(optimizer), _) => format!("by lambda_k, for {optimizer}"),
        (_, None, Some(loss)) => format!("by lambda_k, until the loss of the component is {loss}"),
        (_, None, None) => {
            format!("log(delta) / log(1 - eta n lambda_k) with delta = {}", with.delta)
        }
    };
    let beyond =
        if with.beyond_stable { ", which does not hold beyond the largest stable step size" } else { "" };
    by + beyond
}

/// What the plot shows, and which degrees it does not.
fn caption(reports: &[(&Report, &str)]) -> String {
    // What is the same for all is said once, else with the names.
    let each = |of: &dyn Fn(&Report) -> String| {
        let all: Vec<String> = reports.iter().map(|(report, _)| of(report)).collect();
        match all.iter().all(|text| *text == all[0]) {
            true => all.into_iter().next().unwrap_or_default(),
            false => {
                let named = all.iter().zip(reports).filter(|(text, _)| !text.is_empty());
                named.map(|(text, (_, name))| format!("{text} ({name})")).collect::<Vec<_>>().join("; ")
            }
        }
    };
    let listed = |shown: &dyn Fn(&Row) -> bool| {
        each(&|report| {
            let mut all: Vec<u64> =
                report.rows.iter().filter(|row| shown(row)).map(|row| row.degree.into()).collect();
            all.sort_unstable();
            all.dedup();
            if all.is_empty() { String::new() } else { format!("k = {}", degrees(&all)) }
        })
    };
    let repeats = reports.iter().any(|(report, _)| report.hyper_parameters.repeats > 1);
    let mut caption = format!(
        "Points: real training{}. Lines: predicted, {}.",
        if repeats { ", means over the repeats" } else { "" },
        each(&|report| predicted_by(&report.hyper_parameters))
    );
    for (what, degrees) in [
        ("Never learned, the eigenvalue being proved zero", listed(&|row| row.null_space)),
        ("Not learned in every run", listed(&|row| !row.null_space && !row.learned())),
    ] {
        if !degrees.is_empty() {
            caption += &format!(" {what}: {degrees}.");
        }
    }
    caption
}
