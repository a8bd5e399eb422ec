//! The table of given numbers beside right ones.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::check::Report;
use serde_json::json;

/// Fewer digits than this, where noise is expected, are noise.
const FEW_DIGITS: f64 = 3.0;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let found = &self.finding;
        let cells = |row: &crate::compare::check::Row| {
            let few = row.digits.is_some_and(|digits| digits < FEW_DIGITS);
            let word = match (row.right, found.noise_from) {
                (false, _) => "WRONG",
                (true, Some(from)) if row.degree >= from && few => "noise",
                _ => "",
            };
            let digits = row.digits.map_or("-".into(), |digits| format!("{digits:.1}"));
            vec![row.degree.to_string(), row.given.clone(), row.value.clone(), digits, word.into()]
        };
        let mut captions = vec![found.text.clone()];
        captions.extend(found.convention.as_ref().map(|convention| {
            let names = match convention.names[..] {
                [] => String::new(),
                _ => format!(" (as in {})", convention.names.join(", ")),
            };
            format!("convention: {}{names}; the right values below are written in it", convention.text)
        }));
        captions.extend(self.notes.iter().cloned());
        let heads = [
            ("k", Column::Right),
            ("given", Column::Elastic),
            ("right", Column::Elastic),
            ("digits", Column::Right),
            ("", Column::Left),
        ];
        vec![Grid {
            title: format!("{} against {} on S^{}", self.values, self.kernel, self.dim),
            captions,
            columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
            rows: found.rows.iter().map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        let found = &self.finding;
        let shared = json!({
            "values": self.values,
            "kernel": self.kernel,
            "dim": self.dim,
            "verdict": found.verdict,
            "convention": found.convention.as_ref().map(|convention| &convention.text),
            "order": found.order,
            "precision": found.precision,
            "noise_from": found.noise_from,
        });
        self.grids().into_iter().map(|grid| grid.of(&shared, &found.rows)).collect()
    }
}
