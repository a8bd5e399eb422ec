//! The report's figures, from results that the claims have already produced where they can be.

use super::{Run, claims::MIXTURE_FILE};
use crate::{
    error::{Error, Result},
    report::plot::{Axis, Plot, Point, Series, Style},
};
use serde_json::Value;
use std::path::Path;

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn rows(result: &Value) -> impl Iterator<Item = &Value> {
    result["rows"].as_array().into_iter().flatten()
}

/// Pairs of two fields of the rows, where both are numbers.
fn pairs(rows: impl Iterator<Item = Value>, x: &str, y: &str) -> Vec<(f64, f64)> {
    rows.filter_map(|row| Some((number(&row[x])?, number(&row[y])?))).collect()
}

/// Eigenvalues against degree on S^2 for several kernels, with the law of the two-layer model.
pub fn eigenvalues(run: &Run<'_>) -> Result<Plot> {
    let mut series = Vec::new();
    for kernel in ["two-layer:bias=true", "two-layer", "ntk:depth=5", "resnet:depth=5"] {
        let result = run(&format!("table --kernel {kernel} --dim 2 --degrees 1..60 --digits 10"))?;
        let rows = result["tables"][0]["rows"].as_array().cloned().unwrap_or_default();
        let values = pairs(rows.into_iter(), "degree", "value");
        series.push(Series::new(kernel, Style::Markers, values.into_iter().filter(|(_, y)| *y > 0.0)));
    }
    // Gamma(3/2)^2 / pi^2 = 1 / (4 pi).
    let law = |k: f64| (k, (k + 0.5).powi(-3) / (4.0 * std::f64::consts::PI));
    series.push(Series::new("(k + 1/2)^{-3} / (4 pi)", Style::Dashed, (1..=60).map(|k| law(f64::from(k)))));
    Ok(Plot {
        title: "Eigenvalues on S^2 fall like k^{-3}".into(),
        caption: "All kernels have the same slope; without bias the odd degrees from 3 on are missing, because they are zero.".into(),
        alt: "Log-log plot of eigenvalues against degree for four kernels and the power law with exponent -3; the series are parallel.".into(),
        x: Axis::log("degree k"),
        y: Axis::log("eigenvalue (probability normalization)"),
        series,
    })
}

/// Gram clusters with their intervals beside the prediction.
pub fn clusters(run: &Run<'_>, command: &str) -> Result<Plot> {
    let result = run(command)?;
    let measured = rows(&result).filter_map(|row| {
        let estimate = &row["unbiased"];
        let interval = Some((number(&estimate["ci_low"])?, number(&estimate["ci_high"])?));
        Some(Point { x: number(&row["degree"])?, y: number(&estimate["estimate"])?, interval })
    });
    let predicted = pairs(rows(&result).cloned(), "degree", "predicted");
    Ok(Plot {
        title: "Sampled against predicted eigenvalues".into(),
        caption: "Pairwise estimates from random points with their 99 % intervals, and the exact values, which were not used in measuring.".into(),
        alt: "Estimates with intervals by degree lie on the predicted values.".into(),
        x: Axis::linear("degree k"),
        y: Axis::log("eigenvalue"),
        series: vec![
            Series { name: "sampled".into(), style: Style::Markers, points: measured.collect() },
            Series::new("exact", Style::Line, predicted),
        ],
    })
}

/// Steps measured in training against degree, beside the prediction.
pub fn steps(run: &Run<'_>, commands: &[(String, &str)]) -> Result<Plot> {
    let mut series = Vec::new();
    for (command, name) in commands {
        let result = run(command)?;
        series.push(Series::new(
            format!("{name}, trained"),
            Style::Markers,
            pairs(rows(&result).cloned(), "degree", "measured_steps"),
        ));
        series.push(Series::new(
            format!("{name}, predicted"),
            Style::Line,
            pairs(rows(&result).cloned(), "degree", "predicted_steps"),
        ));
    }
    Ok(Plot {
        title: "Steps until a frequency is learned".into(),
        caption: "Points: real training. Lines: log(delta) / log(1 - eta n lambda_k) with exact lambda_k and no fitted constant.".into(),
        alt: "Log-log plot of training steps against degree; measured points lie on the predicted lines.".into(),
        x: Axis::log("degree k"),
        y: Axis::log("steps"),
        series,
    })
}

/// What is left of each frequency of a mixture, over the steps.
pub fn mixture(run: &Run<'_>, command: &str, results: &Path) -> Result<Plot> {
    run(command)?;
    let path = results.join(MIXTURE_FILE);
    let text = std::fs::read_to_string(&path).map_err(|e| Error::io("cannot read", &path, e))?;
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let heads: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let at = |name: &str| heads.iter().position(|head| *head == name).unwrap_or(usize::MAX);
    let columns = ["step", "degree", "residual_along"].map(at);
    let records: Vec<[f64; 3]> = lines
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |column: usize| cells.get(column)?.parse::<f64>().ok();
            Some([number(columns[0])?, number(columns[1])?, number(columns[2])?])
        })
        .collect();
    let of = |k: f64| {
        let own = records.iter().filter(move |record| record[1] == k && record[0] > 0.0);
        own.map(|record| (record[0], record[2].abs())).collect::<Vec<_>>()
    };
    let series = [4.0, 14.0].map(|k| Series::new(format!("k = {k}"), Style::Line, of(k)));
    Ok(Plot {
        title: "Low frequencies are learned before high ones".into(),
        caption: "What is left of each of two frequencies of equal size in one target, during real training."
            .into(),
        alt: "Two falling curves: the component of degree 4 vanishes long before that of degree 14.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("component of the residual along the frequency"),
        series: series.into(),
    })
}

/// Early stopping as the spectrum predicts it.
pub fn early_stopping(run: &Run<'_>) -> Result<Option<Plot>> {
    let result = run("curve --kernel two-layer:bias=true --dim 1 --target 3:1 --noise 1 --points 201")?;
    let Some(curve) =
        result["early_stopping"]["rows"].as_array().or_else(|| result["early_stopping"].as_array())
    else {
        return Ok(None);
    };
    let points: Vec<(f64, f64)> =
        pairs(curve.iter().cloned(), "steps", "error").into_iter().filter(|(x, _)| *x > 0.0).collect();
    if points.is_empty() {
        return Ok(None);
    }
    Ok(Some(Plot {
        title: "Early stopping is a frequency filter".into(),
        caption: "Expected test error of gradient descent on noisy labels: the target is learned before the noise, so there is a best step.".into(),
        alt: "The expected test error falls, reaches a minimum and rises again with the number of steps.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("expected test error"),
        series: vec![Series::new("by the spectrum", Style::Line, points)],
    }))
}
