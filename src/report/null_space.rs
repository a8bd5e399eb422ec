//! The table of a null space.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::null_space::{Report, Row};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let cells = |row: &Row| {
            let verdict =
                if row.proved { "yes".into() } else { format!("{} undecided", row.undecided.len()) };
            vec![row.dim.to_string(), row.zero_degrees.clone(), row.zeros.len().to_string(), verdict]
        };
        let layouts = [
            ("d", Column::Right),
            ("vanishing degrees", Column::Wrapped),
            ("count", Column::Right),
            ("proved", Column::Left),
        ];
        vec![Grid {
            title: format!("Null space of {}, degrees 0 to {}", self.kernel, self.max_degree),
            captions: vec![format!("K = {}", self.formula)],
            columns: layouts.map(|(head, column)| (head.to_owned(), column)).to_vec(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }
}
