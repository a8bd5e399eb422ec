//! The curves as JSON, tables and a plot.

use super::{
    super::numbers::{short, shown},
    Curves, Request,
};
use crate::{
    dynamics::{Task, early_stopping::StepError, learning_curve::CurvePoint},
    report::{
        grid::{Column, Grid},
        plot::{Axis, Plot, Series, Style},
    },
};
use serde_json::{Value, json};

impl Curves<'_> {
    pub fn json(&self, request: &Request) -> Value {
        let step = |s: &StepError| json!({"steps": s.steps, "bias": s.bias, "variance": s.variance, "error": s.error()});
        let row = |(p, stop): &(CurvePoint, Option<StepError>)| {
            json!({
                "points": p.points, "kappa": p.kappa, "learned": p.learned, "bias": p.bias, "variance": p.variance,
                "error": p.error(), "truncation": p.truncation, "stopping": stop.as_ref().map(step),
            })
        };
        json!({
            "schema": "hinf.curve/1",
            "kernel": request.kernel.to_string(),
            "dim": request.dim.get(),
            "target": request.task.target.iter().map(|(k, c)| json!({"degree": k, "coefficient": c})).collect::<Vec<_>>(),
            "noise": request.task.noise,
            "ridge": request.ridge,
            "last_degree": self.modes.modes().len() - 1,
            "tail": self.modes.tail(),
            "notes": self.notes,
            "learning_curve": self.learning.iter().map(row).collect::<Vec<_>>(),
            "early_stopping": {
                "points": self.most,
                "step_size": self.step_size,
                "largest_step_size": self.modes.largest_step_size(self.most as f64),
                "stopping": self.stopping.as_ref().map(step),
                "rows": self.fine.iter().map(step).collect::<Vec<_>>(),
            },
        })
    }

    pub fn learning_grid(&self, request: &Request) -> Grid {
        let mut captions = vec![
            format!(
                "target {}; noise {}; ridge {}; error of the prediction 0: {}",
                described(&request.task),
                request.task.noise,
                request.ridge,
                shown(request.task.power())
            ),
            format!(
                "degrees to {}; the rest of the trace, {}, acts as a ridge; degrees with lambda_k > kappa are mostly learned",
                self.modes.modes().len() - 1,
                shown(self.modes.tail())
            ),
        ];
        captions.extend(self.notes.iter().cloned());
        let mut heads: Vec<String> = ["points", "kappa"].map(String::from).to_vec();
        heads.extend(request.task.target.iter().map(|(k, _)| format!("L_{k}")));
        heads.extend(["bias", "noise", "error", "stop at step", "error there"].map(String::from));
        let row = |(p, stop): &(CurvePoint, Option<StepError>)| {
            let mut cells = vec![p.points.to_string(), short(p.kappa)];
            cells.extend(p.learned.iter().map(|l| short(*l)));
            cells.extend([p.bias, p.variance, p.error()].map(short));
            cells.extend(
                stop.map_or(["never".into(), "-".into()], |s| [s.steps.to_string(), short(s.error())]),
            );
            cells
        };
        Grid {
            title: format!(
                "Learning curve of kernel regression with {} on S^{}",
                request.kernel, request.dim
            ),
            captions,
            columns: heads.into_iter().map(|head| (head, Column::Right)).collect(),
            rows: self.learning.iter().map(row).collect(),
        }
    }

    pub fn stopping_grid(&self, request: &Request) -> Grid {
        let stop = match self.stopping {
            Some(s) => format!("stop at step {}, with error {}", s.steps, shown(s.error())),
            None => "without noise there is no reason to stop".into(),
        };
        Grid {
            title: format!("Gradient descent with {} on S^{}, {} points", request.kernel, request.dim, self.most),
            captions: vec![
                format!(
                    "step size {}; largest stable {}; {stop}",
                    shown(self.step_size),
                    shown(self.modes.largest_step_size(self.most as f64))
                ),
                "past its minimum the error was found 10 to 25 % lower than this on 600 points of S^2: points cannot hold the \
                 noise of all degrees"
                    .into(),
            ],
            columns: ["steps", "bias", "noise", "error"].map(|head| (head.into(), Column::Right)).to_vec(),
            rows: self
                .steps
                .iter()
                .map(|s| vec![s.steps.to_string(), short(s.bias), short(s.variance), short(s.error())])
                .collect(),
        }
    }

    pub fn plot(&self, request: &Request) -> Plot {
        let stop = |s: &StepError| (s.steps as f64, s.error());
        let of = |part: &dyn Fn(&StepError) -> f64| -> Vec<(f64, f64)> {
            self.fine.iter().filter(|s| s.steps > 0).map(|s| (s.steps as f64, part(s))).collect()
        };
        let mut series = vec![Series::new("expected error", Style::Line, of(&StepError::error))];
        if let Some(best) = &self.stopping {
            series.push(Series::new("unlearned target", Style::Dashed, of(&|s| s.bias)));
            series.push(Series::new("learned noise", Style::Dashed, of(&|s| s.variance)));
            series.push(Series::new("stop here", Style::Markers, [stop(best)]));
        }
        let lowest = self.fine.iter().map(StepError::error).fold(f64::INFINITY, f64::min);
        // Parts far below the least error would stretch the axis and show nothing.
        for series in &mut series {
            series.points.retain(|p| p.y > 0.01 * lowest);
        }
        Plot {
            title: format!(
                "Early stopping: {} on S^{{{}}}, {} points",
                request.kernel, request.dim, self.most
            ),
            caption: format!(
                "Each degree of the target, {}, is learned in its time: the error falls in stairs, until the noise (standard \
                 deviation {}) learned on the way outweighs what is left.",
                described(&request.task),
                request.task.noise
            ),
            alt: match &self.stopping {
                Some(best) => format!(
                    "Expected error against steps. It falls to {} at step {} and rises after that.",
                    shown(best.error()),
                    best.steps
                ),
                None => "Expected error against steps; it falls throughout.".into(),
            },
            x: Axis::log("gradient descent steps t"),
            y: Axis::log("mean square error to the clean target"),
            series,
        }
    }
}

fn described(task: &Task) -> String {
    task.target.iter().map(|(k, c)| format!("{c} Y_{k}")).collect::<Vec<_>>().join(" + ").replace("+ -", "- ")
}
