//! The tables and the plot of the curves.

use super::{
    Show,
    grid::{Column, Grid, records},
    numbers::{short, shown},
    plot::{Axis, Plot, Series, Style},
};
use crate::experiment::curve::{LearningPoint, Report, Step};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        vec![learning(self), stopping(self)]
    }

    fn records(&self) -> Vec<Grid> {
        let own = [
            ("kernel", self.kernel.clone()),
            ("dim", self.dim.to_string()),
            ("target", described(self)),
            ("noise", self.noise.to_string()),
            ("ridge", self.ridge.to_string()),
        ];
        let record = |at: &LearningPoint| {
            let stop = at.stopping;
            let cells = [
                ("points", at.points.to_string()),
                ("kappa", at.kappa.to_string()),
                ("bias", at.bias.to_string()),
                ("variance", at.variance.to_string()),
                ("error", at.error.to_string()),
                ("measured", at.measured.map_or_else(String::new, |fits| fits.error.to_string())),
                (
                    "standard_error",
                    at.measured.map_or_else(String::new, |fits| fits.standard_error.to_string()),
                ),
                ("crowding", at.crowding.to_string()),
                ("reliable", at.reliable.to_string()),
                ("stop_at_step", stop.map_or_else(String::new, |stop| stop.steps.to_string())),
                ("error_there", stop.map_or_else(String::new, |stop| stop.error.to_string())),
            ];
            own.iter().cloned().chain(cells).collect()
        };
        vec![records("Learning curve", self.notes.clone(), self.learning_curve.iter().map(record).collect())]
    }
}

fn learning(report: &Report) -> Grid {
    let mut captions = vec![
        format!(
            "target {}; noise {}; ridge {}; error of the prediction 0: {}",
            described(report),
            report.noise,
            report.ridge,
            shown(report.power)
        ),
        format!(
            "degrees to {}; the rest of the trace, {}, acts as a ridge; degrees with lambda_k > kappa are mostly learned",
            report.last_degree,
            shown(report.tail)
        ),
    ];
    if let Some(fits) = report.learning_curve.iter().find_map(|at| at.measured) {
        captions.push(format!(
            "measured: kernel regression itself, {} fits on points of their own, a random harmonic for each degree of the target",
            fits.fits
        ));
    }
    captions.extend(report.notes.iter().cloned());
    let mut heads: Vec<String> = ["points", "kappa"].map(String::from).to_vec();
    heads.extend(report.target.iter().map(|term| format!("L_{}", term.degree)));
    heads.extend(
        ["bias", "noise", "error", "measured", "+-", "stop at step", "error there"].map(String::from),
    );
    let row = |at: &LearningPoint| {
        let mut cells = vec![at.points.to_string(), short(at.kappa)];
        cells.extend(at.learned.iter().map(|l| short(*l)));
        cells.extend([at.bias, at.variance, at.error].map(short));
        cells
            .extend(at.measured.map_or(["-".into(), "-".into()], |m| [m.error, m.standard_error].map(short)));
        cells.extend(
            at.stopping.map_or(["never".into(), "-".into()], |s| [s.steps.to_string(), short(s.error)]),
        );
        cells
    };
    Grid {
        title: format!("Learning curve of kernel regression with {} on S^{}", report.kernel, report.dim),
        captions,
        columns: heads.into_iter().map(|head| (head, Column::Right)).collect(),
        rows: report.learning_curve.iter().map(row).collect(),
    }
}

fn stopping(report: &Report) -> Grid {
    let found = &report.early_stopping;
    let stop = match found.stopping {
        Some(s) => format!("stop at step {}, with error {}", s.steps, shown(s.error)),
        None => "without noise there is no reason to stop".into(),
    };
    let row = |s: &Step| {
        let cells = vec![s.steps.to_string(), short(s.bias), short(s.variance), short(s.error)];
        cells.into_iter().chain(s.scatter.map(short)).collect()
    };
    let scatter = found.coarse.iter().any(|s| s.scatter.is_some()).then_some("scatter");
    Grid {
        title: format!(
            "{} with {} on S^{}, {} points",
            found.optimizer.as_deref().unwrap_or("Gradient descent"),
            report.kernel,
            report.dim,
            found.points
        ),
        captions: vec![
            format!(
                "step size {}; largest stable {}; {stop}",
                shown(found.step_size),
                shown(found.largest_step_size)
            ),
            "past its minimum the error was found 10 to 25 % lower than this on 600 points of S^2: points cannot hold the \
             noise of all degrees"
                .into(),
        ],
        columns: ["steps", "bias", "noise", "error"]
            .into_iter()
            .chain(scatter)
            .map(|head| (head.into(), Column::Right))
            .collect(),
        rows: found.coarse.iter().map(row).collect(),
    }
}

/// The error of descent against its steps.
pub fn plot(report: &Report) -> Plot {
    let found = &report.early_stopping;
    let of = |part: &dyn Fn(&Step) -> f64| -> Vec<(f64, f64)> {
        found.rows.iter().filter(|s| s.steps > 0).map(|s| (s.steps as f64, part(s))).collect()
    };
    let mut series = vec![Series::new("expected error", Style::Line, of(&|s| s.error))];
    if let Some(best) = &found.stopping {
        series.push(Series::new("unlearned target", Style::Dashed, of(&|s| s.bias)));
        series.push(Series::new("learned noise", Style::Dashed, of(&|s| s.variance)));
        series.push(Series::new("stop here", Style::Markers, [(best.steps as f64, best.error)]));
    }
    let lowest = found.rows.iter().map(|s| s.error).fold(f64::INFINITY, f64::min);
    Plot {
        title: format!("Early stopping: {} on S^{{{}}}, {} points", report.kernel, report.dim, found.points),
        caption: format!(
            "The error expected of {} on the target {} with noise of standard deviation {}{}. The axis ends at a hundredth of the least error.",
            found.optimizer.as_deref().unwrap_or("gradient descent"),
            described(report),
            report.noise,
            if found.stopping.is_some() { "; dashed: its two parts; marker: where it is least" } else { "" }
        ),
        alt: match &found.stopping {
            Some(best) => format!(
                "Expected error against steps. It falls to {} at step {} and rises after that.",
                shown(best.error),
                best.steps
            ),
            None => "Expected error against steps.".into(),
        },
        x: Axis::log("steps t"),
        // Parts far below the least error would stretch the axis and show nothing.
        y: Axis::log("mean square error to the clean target").at_least(0.01 * lowest),
        series,
    }
}

fn described(report: &Report) -> String {
    let terms: Vec<String> =
        report.target.iter().map(|term| format!("{} Y_{}", term.coefficient, term.degree)).collect();
    terms.join(" + ").replace("+ -", "- ")
}
