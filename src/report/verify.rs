//! The table of identities.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::verify::{Report, Row, Status};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let count = |status| self.rows.iter().filter(|row| row.status == status).count();
        let tally = [Status::Proved, Status::Holds, Status::Fails, Status::Skipped]
            .map(|status| format!("{} {}", count(status), status.name()));
        let layouts = [
            ("identity", Column::Wrapped),
            ("kernel", Column::Wrapped),
            ("d", Column::Right),
            ("degrees", Column::Wrapped),
            ("status", Column::Left),
            ("detail", Column::Wrapped),
        ];
        vec![Grid {
            title: format!("{} checks: {}", self.rows.len(), tally.join(", ")),
            captions: vec![],
            columns: layouts.map(|(head, column)| (head.to_owned(), column)).to_vec(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        self.grids().into_iter().map(|grid| grid.of(&(), &self.rows)).collect()
    }
}

fn cells(row: &Row) -> Vec<String> {
    vec![
        row.identity.to_string(),
        row.kernel.clone(),
        row.dim.to_string(),
        row.degrees.clone(),
        row.status.name().into(),
        row.detail.clone(),
    ]
}
