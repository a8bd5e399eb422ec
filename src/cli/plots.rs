//! Plots of commands' results, from the JSON that scripts get too.

use crate::report::plot::{Axis, Plot, Point, Series, Style};
use serde_json::Value;

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn rows(result: &Value) -> impl Iterator<Item = &Value> {
    result["rows"].as_array().into_iter().flatten()
}

/// Pairs of two fields of the rows, where both are numbers.
pub fn pairs(rows: impl Iterator<Item = Value>, x: &str, y: &str) -> Vec<(f64, f64)> {
    rows.filter_map(|row| Some((number(&row[x])?, number(&row[y])?))).collect()
}

/// Of `hinf gram`: eigenvalues of the sample with their intervals, beside the prediction.
pub fn clusters(result: &Value) -> Plot {
    let measured = rows(result).filter_map(|row| {
        let x = number(&row["degree"])?;
        let unbiased = &row["unbiased"];
        let (source, y) = match number(&unbiased["estimate"]) {
            Some(estimate) => (unbiased, estimate),
            None => (row, number(&row["measured"])?),
        };
        let interval = number(&source["ci_low"]).zip(number(&source["ci_high"]));
        Some(Point { x, y, interval })
    });
    let predicted = pairs(rows(result).cloned(), "degree", "predicted");
    Plot {
        title: "Sampled against predicted eigenvalues".into(),
        caption: "Eigenvalues measured on sampled points, with intervals where points are random, lie on the exact values, which were not \
                  used in measuring."
            .into(),
        alt: "Sampled eigenvalues by degree, with intervals, beside the predicted values.".into(),
        x: Axis::linear("degree k"),
        y: Axis::log("eigenvalue"),
        series: vec![
            Series { name: "sampled".into(), style: Style::Markers, points: measured.collect() },
            Series::new("exact", Style::Line, predicted),
        ],
    }
}

/// Of `hinf train`, one result or several with their names: measured steps against degree, beside the prediction.
pub fn steps(results: &[(Value, &str)]) -> Plot {
    let mut series = Vec::new();
    for (result, name) in results {
        let of = |field| pairs(rows(result).cloned(), "degree", field);
        series.push(Series::new(format!("{name}, trained"), Style::Markers, of("measured_steps")));
        series.push(Series::new(format!("{name}, predicted"), Style::Line, of("predicted_steps")));
    }
    Plot {
        title: "Steps until a frequency is learned".into(),
        caption: "The points, real training, lie on the lines, log(delta) / log(1 - eta n lambda_k) with exact lambda_k and no fitted \
                  constant."
            .into(),
        alt: "Log-log plot of training steps against degree: measured points beside the predicted lines.".into(),
        x: Axis::log("degree k"),
        y: Axis::log("steps"),
        series,
    }
}
