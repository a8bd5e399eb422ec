//! What stands above a table: the formula, the normalisation, K(1), the trace, and what to be wary of.

use super::{Normalization, Request, Shown};
use crate::{
    math::{
        ball::Ball,
        decimal,
        units::{Bits, Digits, Dimension},
    },
    report::grid::{Column, Grid},
    spectrum::{Kind, Spectrum},
};
use rug::Float;
use serde_json::{Value, json};

/// What stands above a table.
pub struct Captions {
    at_one: String,
    trace: String,
    /// The trace over `K(1)`, where that is not zero.
    share: Option<String>,
    notes: Vec<String>,
}

/// Digits of the figures in a caption.
const CAPTION_DIGITS: u32 = 12;

impl Captions {
    pub fn new(request: &Request, found: &Spectrum) -> Self {
        let precision = Bits(128);
        let short = |ball: &Ball| {
            let digits = Digits::new(CAPTION_DIGITS).map(|digits| decimal::of_ball(ball, digits).text);
            digits.unwrap_or_default()
        };
        let (at_one, trace) = (request.kernel.at_one(precision), found.trace());
        let share = trace.clone() / at_one.clone();
        let mut notes = Vec::new();
        if request.normalization == Normalization::Series {
            notes.push(
                "series: the paper's table; read as eigenvalues it understates k = 0 by 2 against k >= 1"
                    .into(),
            );
        }
        if let Some(obstacle) = found.obstacle {
            notes.push(format!("not certified: {obstacle}"));
        }
        let lacking = found
            .eigenvalues
            .iter()
            .filter(|value| value.kind != Kind::Zero && value.enclosure.contains_zero())
            .count();
        if lacking > 0 {
            notes.push(format!(
                "{lacking} values cannot be told from zero at this precision; their size is below the error"
            ));
        }
        Self {
            at_one: short(&at_one),
            trace: short(&trace),
            share: share.is_finite().then(|| percent(&share)),
            notes,
        }
    }

    pub fn json(&self, request: &Request, dim: Dimension, rows: &[Shown]) -> Value {
        json!({
            "kernel": request.kernel.to_string(),
            "dim": dim.get(),
            "normalization": request.normalization.name(),
            "digits": request.goal.digits.get(),
            "formula": request.kernel.formula(),
            "at_one": self.at_one,
            "trace": {"sum": self.trace, "share": self.share},
            "notes": self.notes,
            "rows": rows.iter().map(Shown::json).collect::<Vec<_>>(),
        })
    }

    pub fn grid(&self, request: &Request, dim: Dimension, rows: &[Shown]) -> Grid {
        let formula = request.kernel.formula();
        let mut captions = vec![
            format!("K = {formula}"),
            format!(
                "{} normalization; K(1) = {}; sum of lambda_k N(d,k) over the rows = {}{}",
                request.normalization.name(),
                self.at_one,
                self.trace,
                self.share.as_ref().map_or_else(String::new, |share| format!(", {share} of K(1)"))
            ),
        ];
        captions.extend(self.notes.iter().cloned());
        let columns = [
            ("k", Column::Right),
            ("N(d,k)", Column::Right),
            ("exact", Column::Elastic),
            ("value", Column::Left),
            ("error", Column::Left),
            ("kind", Column::Left),
        ];
        Grid {
            title: format!("Eigenvalues of {} on S^{dim}", request.kernel),
            captions,
            columns: columns.map(|(head, column)| (head.to_owned(), column)).to_vec(),
            rows: rows.iter().map(Shown::cells).collect(),
        }
    }
}

fn percent(share: &Ball) -> String {
    let exact = Float::with_val(64, share.midpoint() * 100u32);
    let value = exact.to_f64();
    if value != 0.0 && !(1e-4..1e6).contains(&value.abs()) {
        return format!("{exact:.2e} %");
    }
    // Never rounded up to the whole: 99.9999 says that something is left.
    format!("{:.4} %", (value * 1e4).floor() / 1e4)
}
