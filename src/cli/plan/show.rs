//! A plan as JSON and as a table.

use super::{
    super::{
        durations,
        numbers::{short, shown},
    },
    Request,
    needs::{Planned, Row},
};
use crate::report::grid::{Column, Grid};
use serde_json::{Value, json};

impl Planned {
    pub fn json(&self, request: &Request) -> Value {
        let row = |row: &Row| {
            json!({
                "degree": row.plan.degree,
                "eigenvalue": row.plan.eigenvalue,
                "steps": row.plan.steps,
                "never": row.plan.steps.is_none(),
                "null_space": row.plan.eigenvalue == 0.0,
                "points_needed": row.points_needed,
                "width_needed": row.width_needed,
                "deviation": row.deviation,
                "seconds": row.seconds,
                "fits": row.fits,
            })
        };
        json!({
            "schema": "hinf.plan/1",
            "kernel": request.kernel.to_string(),
            "dim": request.dim.get(),
            "delta": request.delta,
            "tolerance": request.tolerance,
            "points": self.points,
            "width": self.width,
            "step_size": self.step_size,
            "largest_step_size": self.largest_step_size,
            "budget_seconds": request.budget,
            "aliased": self.aliased,
            "train": {"seconds_per_step": self.seconds_per_step, "seconds_setup": self.setup_seconds, "bytes": self.train_bytes},
            "gram": {"seconds": self.gram_seconds, "bytes": self.gram_bytes},
            "calibration": {
                "seconds_per_gram_entry": self.calibration.gram_entry,
                "seconds_per_point_and_unit": self.calibration.step_unit,
                "seconds_of_eigenvectors_over_n_cubed": self.calibration.eigen_cubed,
            },
            "notes": self.notes(request),
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    pub fn grid(&self, request: &Request) -> Grid {
        let width = self.width.map_or("width unknown".into(), |m| format!("{m} units"));
        let mut captions = vec![
            format!(
                "{} points, {width}; step size {}, largest stable {}; a degree is learned when {} of it is left",
                self.points,
                shown(self.step_size),
                shown(self.largest_step_size),
                request.delta
            ),
            format!(
                "points, units: least numbers for a learning time within {} % of the prediction, half of it from each; off: what is \
                 expected at the numbers above",
                100.0 * request.tolerance
            ),
        ];
        captions.extend(self.notes(request));
        let mut heads = vec!["k", "lambda_k", "steps", "points", "units", "off", "time"];
        if request.budget.is_some() {
            heads.push("fits");
        }
        let whole = |n: Option<f64>| {
            n.map_or("-".into(), |n| if n < 1e15 { format!("{:.0}", n.ceil()) } else { short(n) })
        };
        let cells = |row: &Row| {
            let mut cells = vec![
                row.plan.degree.to_string(),
                short(row.plan.eigenvalue),
                if row.plan.steps.is_none() {
                    "never".into()
                } else {
                    whole(row.plan.steps.map(|n| n.max(1.0)))
                },
                whole(row.points_needed),
                whole(row.width_needed),
                row.deviation.map_or("-".into(), |d| format!("{:.1} %", 100.0 * d)),
                row.seconds.map_or("-".into(), durations::shown),
            ];
            if request.budget.is_some() {
                cells.push(row.fits.map_or("?", |fits| if fits { "yes" } else { "no" }).into());
            }
            cells
        };
        Grid {
            title: format!("Plan for {} on S^{}", request.kernel, request.dim),
            captions,
            columns: heads.into_iter().map(|head| (head.into(), Column::Right)).collect(),
            rows: self.rows.iter().map(cells).collect(),
        }
    }

    fn notes(&self, request: &Request) -> Vec<String> {
        let mut notes = Vec::new();
        let listed = |keep: &dyn Fn(&Row) -> bool| {
            let degrees = self.rows.iter().filter(|row| keep(row)).map(|row| row.plan.degree.to_string());
            degrees.collect::<Vec<_>>().join(", ")
        };
        let null = listed(&|row| row.plan.eigenvalue == 0.0);
        if !null.is_empty() {
            notes.push(format!("never learned, in the null space: degrees {null}"));
        }
        if !self.bounded.is_empty() {
            notes.push(format!(
                "points and units are upper bounds, since what the higher degrees weigh is below the error of the eigenvalues: degrees {}",
                self.bounded.join(", ")
            ));
        }
        if !self.aliased.is_empty() {
            notes.push(format!(
                "{} points cannot tell from others, and hinf train refuses: degrees {}",
                self.points,
                self.aliased.join(", ")
            ));
        }
        let swinging = listed(&|row| row.plan.eigenvalue > 0.0 && row.plan.steps.is_none());
        if !swinging.is_empty() {
            notes.push(format!(
                "never learned at this step size, its component swings without falling: degrees {swinging}"
            ));
        }
        let gram = format!(
            "a Gram matrix of these points {} and {}",
            durations::shown(self.gram_seconds),
            size(self.gram_bytes)
        );
        notes.push(match (self.seconds_per_step, self.setup_seconds, self.train_bytes) {
            (Some(step), Some(setup), Some(bytes)) => format!(
                "on this machine: training {} a step after {} for the predictions beside it, and {}; {gram}",
                durations::shown(step),
                durations::shown(setup),
                size(bytes)
            ),
            _ => format!(
                "on this machine: {gram}; the time of a step is known for two-layer networks only, and so is the width that is needed: \
                 the deviation falls as width^(-1/2), so that one run gives the width for any tolerance"
            ),
        });
        if let Some(budget) = request.budget {
            let fitting = listed(&|row| row.fits == Some(true));
            notes.push(match (self.seconds_per_step, fitting.as_str()) {
                (None, _) => {
                    "what fits is not known: the time of a step is known for two-layer networks only".into()
                }
                (_, "") => format!("in {} fits no degree", durations::shown(budget)),
                (_, fitting) => format!("in {} fit, one run a degree: {fitting}", durations::shown(budget)),
            });
        }
        notes
    }
}

/// Bytes in the unit that suits them.
fn size(bytes: f64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let (unit, scale) = units.into_iter().find(|(_, scale)| bytes >= *scale).unwrap_or(("B", 1.0));
    format!("{} {unit}", short(bytes / scale))
}
