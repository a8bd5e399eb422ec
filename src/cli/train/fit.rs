//! How steps grow with the degree: the measured slope, the predicted ones, and what is left between them.

use super::experiment::Row;
use crate::{
    compare::train::{Fit, slope},
    train::descent::Loss,
};
use serde_json::{Map, Value, json};

/// The confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// Slopes on log degree over the degrees that every repeat learned, degree 0 left out.
pub struct Fits {
    from_degree: u32,
    /// Of log steps.
    pub measured: Fit,
    /// By `lambda_k`, by the Gram matrix of the points, and by that of the network at its start.
    pub against: [Against; 3],
}

/// The measured steps against one prediction.
pub struct Against {
    /// Its name in the table.
    pub name: &'static str,
    /// The end of its keys in JSON.
    suffix: &'static str,
    /// The slope of the log of the predicted steps over the same degrees.
    pub predicted: Option<f64>,
    /// The slope of log(measured / predicted), both in whole steps: 0 if the prediction holds at every degree, however the steps spread about a
    /// power law.
    pub excess: Option<Fit>,
}

/// The fits of these rows from a degree on; `None` for fewer than two degrees. With cross-entropy `lambda_k` predicts nothing.
pub fn fits(rows: &[Row], from: u32, loss: Loss) -> Option<Fits> {
    let from_degree = from.max(1);
    let learned = |row: &&Row| row.degree >= from_degree && row.measured.iter().all(Option::is_some);
    let learned: Vec<&Row> = rows.iter().filter(learned).collect();
    let steps = |row: &Row, repeat: usize| row.measured[repeat].map(|t| t as f64);
    let each = |value: &dyn Fn(&Row, usize) -> Option<f64>| -> Option<Vec<(f64, f64)>> {
        let all = learned.iter().flat_map(|row| (0..row.measured.len()).map(move |repeat| (*row, repeat)));
        all.map(|(row, repeat)| Some((f64::from(row.degree).ln(), value(row, repeat)?.ln()))).collect()
    };
    let line = |value: &dyn Fn(&Row, usize) -> Option<f64>| slope(&each(value)?, CONFIDENCE);
    let against = |name, suffix, by: &dyn Fn(&Row, usize) -> Option<f64>| Against {
        name,
        suffix,
        predicted: line(by).map(|fit| fit.slope),
        excess: line(&|row, repeat| Some(steps(row, repeat)? / by(row, repeat)?.ceil())),
    };
    let eigenvalue = |row: &Row, _| row.by_eigenvalue.filter(|t| *t > 0.0 && loss == Loss::MeanSquare);
    Some(Fits {
        from_degree,
        measured: line(&steps)?,
        against: [
            against("lambda_k", "", &eigenvalue),
            against("Gram", "_gram", &|row, repeat| row.by_gram[repeat].map(|t| t as f64)),
            against("finite H", "_finite", &|row, repeat| row.by_finite[repeat].map(|t| t as f64)),
        ],
    })
}

impl Fits {
    /// All slopes with their intervals.
    pub fn json(&self) -> Value {
        let ends = |fit: &Fit| fit.interval.map(|i| [i.low, i.high]);
        let mut all = Map::new();
        all.insert("slope".into(), json!(self.measured.slope));
        all.insert("slope_ci".into(), json!(ends(&self.measured)));
        for Against { suffix, predicted, excess, .. } in &self.against {
            all.insert(format!("predicted_slope{suffix}"), json!(predicted));
            all.insert(format!("excess_slope{suffix}"), json!(excess.map(|fit| fit.slope)));
            all.insert(format!("excess_slope{suffix}_ci"), json!(excess.as_ref().and_then(ends)));
        }
        all.insert("confidence".into(), json!(CONFIDENCE));
        all.insert("from_degree".into(), json!(self.from_degree));
        all.into()
    }

    /// The slopes in two lines.
    pub fn captions(&self) -> [String; 2] {
        let shown = |fit: &Fit| {
            let interval = fit.interval.map_or(String::new(), |i| format!(" [{:.3}, {:.3}]", i.low, i.high));
            format!("{:.3}{interval}", fit.slope)
        };
        let by = |text: &dyn Fn(&Against) -> Option<String>| -> String {
            let all = self.against.iter().filter_map(|a| Some(format!("{} by {}", text(a)?, a.name)));
            all.collect::<Vec<_>>().join(", ")
        };
        [
            format!(
                "slope of log steps on log k: {}; predicted {}",
                shown(&self.measured),
                by(&|a| Some(format!("{:.3}", a.predicted?)))
            ),
            format!(
                "slope of log(steps / predicted) on log k, 0 where a prediction holds: {}",
                by(&|a| Some(shown(a.excess.as_ref()?)))
            ),
        ]
    }
}
