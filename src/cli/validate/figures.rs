//! The report's figures, from results that the claims have already produced where they can be.

use super::{Run, claims::MIXTURE_FILE};
use crate::{
    cli::plots::pairs,
    error::{Error, Result},
    report::plot::{Axis, Plot, Series, Style},
};
use serde_json::Value;
use std::path::Path;

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
        caption: "What is left of two frequencies of equal size in one target, during real training: k = 4 is gone while most of \
                  k = 14 is left."
            .into(),
        alt: "Two falling curves: the component of degree 4 vanishes long before that of degree 14.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("component of the residual along the frequency"),
        series: series.into(),
    })
}

/// Early stopping as the spectrum predicts it, and the least error of each run of `training`.
pub fn early_stopping(run: &Run<'_>, training: &str) -> Result<Plot> {
    let points = training.split(' ').skip_while(|word| *word != "--points").nth(1).unwrap_or_default();
    // P_3 itself, as in the training: its mean square is 1/2.
    let target = "3:0.7071067811865476";
    let result = run(&format!(
        "curve --kernel two-layer:bias=true --dim 1 --target {target} --noise 1 --points {points}"
    ))?;
    let rows = |result: &Value, key: &str| result[key].as_array().cloned().unwrap_or_default();
    let curve = pairs(rows(&result["early_stopping"], "rows").into_iter(), "steps", "error");
    let runs = rows(&run(training)?, "early_stopping").into_iter();
    let least = pairs(runs, "measured_step", "measured_error");
    Ok(Plot {
        title: "Early stopping is a frequency filter".into(),
        caption: "The target is learned before the noise, so there is a best step. Each point is the least error of one trained \
                  network on fresh points: they scatter about the minimum of the curve, which the spectrum alone gives."
            .into(),
        alt: "The expected test error falls, reaches a minimum and rises again with the number of steps; the minima of trained \
              networks lie about that of the curve."
            .into(),
        x: Axis::log("steps"),
        y: Axis::linear("mean square error to the clean target"),
        series: vec![
            Series::new("by the spectrum", Style::Line, curve.into_iter().filter(|(x, _)| *x > 0.0)),
            Series::new("least of each run", Style::Markers, least),
        ],
    })
}
