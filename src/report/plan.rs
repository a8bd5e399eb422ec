//! A plan as a table.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::{
    experiment::plan::{Report, Row},
    math::{
        decimal::{short, shown},
        durations,
    },
};
use serde_json::json;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let width = self.width.map_or("width unknown".into(), |m| format!("{m} units"));
        let mut captions = vec![
            format!(
                "{} points, {width}; step size {}, largest stable {}; a degree is learned when {} of it is left",
                self.points,
                shown(self.step_size),
                shown(self.largest_step_size),
                self.delta
            ),
            format!(
                "points, units: least numbers for a learning time within {} % of the prediction, half of it from each; off: what is \
                 expected at the numbers above",
                100.0 * self.tolerance
            ),
        ];
        captions.extend(self.optimizer.iter().map(|optimizer| format!("optimizer: {optimizer}")));
        captions.extend(self.notes.iter().cloned());
        let mut heads = vec!["k", "lambda_k", "steps", "points", "units", "off", "time"];
        if self.budget_seconds.is_some() {
            heads.push("fits");
        }
        let whole = |n: Option<f64>| {
            n.map_or("-".into(), |n| if n < 1e15 { format!("{:.0}", n.ceil()) } else { short(n) })
        };
        let cells = |row: &Row| {
            let mut cells = vec![
                row.degree.to_string(),
                short(row.eigenvalue),
                if row.steps.is_none() { "never".into() } else { whole(row.steps.map(|n| n.max(1.0))) },
                whole(row.points_needed),
                whole(row.width_needed),
                row.deviation.map_or("-".into(), |d| format!("{:.1} %", 100.0 * d)),
                row.seconds.map_or("-".into(), durations::shown),
            ];
            if self.budget_seconds.is_some() {
                cells.push(row.fits.map_or("?", |fits| if fits { "yes" } else { "no" }).into());
            }
            cells
        };
        vec![Grid {
            title: format!("Plan for {} on S^{}", self.kernel, self.dim),
            captions,
            columns: heads.into_iter().map(|head| (head.into(), Column::Right)).collect(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        let shared = json!({
            "kernel": self.kernel,
            "dim": self.dim,
            "delta": self.delta,
            "tolerance": self.tolerance,
            "points": self.points,
            "width": self.width,
            "step_size": self.step_size,
            "largest_step_size": self.largest_step_size,
            "optimizer": self.optimizer,
            "budget_seconds": self.budget_seconds,
        });
        self.grids().into_iter().map(|grid| grid.of(&shared, &self.rows)).collect()
    }
}
