//! The table of a null space.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::null_space::{Report, Row};
use serde_json::json;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let cells = |row: &Row| {
            let verdict =
                if row.proved { "yes".into() } else { format!("{} undecided", row.undecided.len()) };
            let count = row.zeros.len().to_string();
            vec![row.dim.to_string(), row.zero_degrees.clone(), count, verdict]
        };
        let layouts = [
            ("d", Column::Right),
            ("vanishing degrees", Column::Wrapped),
            ("count", Column::Right),
            ("proved", Column::Left),
        ];
        let mut captions = vec![format!("K = {}", self.formula)];
        captions
            .extend(self.listed_to.map(|last| {
                format!("zeros are counted and listed to degree {last}; the rule holds for all")
            }));
        vec![Grid {
            title: format!("Null space of {}, degrees 0 to {}", self.kernel, self.max_degree),
            captions,
            columns: layouts.map(|(head, column)| (head.to_owned(), column)).to_vec(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        let shared =
            json!({"kernel": self.kernel, "max_degree": self.max_degree, "listed_to": self.listed_to});
        self.grids().into_iter().map(|grid| grid.of(&shared, &self.rows)).collect()
    }
}
