//! Results into bytes: terminal tables, Markdown, CSV, JSON, LaTeX, numpy arrays, plots.
//!
//! A typed report serialises to its JSON, and [`Show`]s itself as tables; [`render`] turns either into bytes, and [`write()`] puts them
//! into a file in one step. One renderer a report stands beside this file.

mod check;
pub mod collect;
mod columns;
pub mod curve;
mod data;
mod formula;
pub mod gram;
pub mod grid;
pub mod html;
mod kernels;
pub mod manifest;
#[doc(hidden)]
pub mod markup;
mod matrix;
mod null_space;
pub mod numbers;
pub mod numpy;
mod palette;
mod plan;
pub mod plot;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod png;
#[cfg(feature = "cli")]
mod pretty;
pub mod rows;
#[doc(hidden)]
pub mod svg;
mod sweep;
pub mod table;
#[doc(hidden)]
pub mod ticks;
pub mod train;
pub mod validate;
mod verify;

pub use crate::files::{writable, write};
use crate::{
    error::{Error, Result},
    experiment::read::Choice,
};
pub use columns::Column;
use grid::Grid;
use serde::Serialize;
use std::path::Path;

/// The output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for a terminal.
    #[cfg(feature = "cli")]
    Pretty,
    /// Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// The result as JSON, by its schema.
    Json,
    /// A LaTeX `tabular`.
    Latex,
    /// One numpy array of records.
    Npy,
    /// An archive of numpy arrays, one a column.
    Npz,
    /// A Python script for sympy: of formulas alone, so not one of [`Choice::ALL`].
    Sympy,
    /// JSON, a row a line: of the results of a sweep alone.
    JsonLines,
    /// Columns as a file of Apache Parquet: of the results of a sweep alone, and only with the feature `parquet`.
    Parquet,
}

impl Choice for Format {
    const ALL: &'static [(&'static str, Self)] = &[
        #[cfg(feature = "cli")]
        ("pretty", Self::Pretty),
        ("markdown", Self::Markdown),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("latex", Self::Latex),
        ("npy", Self::Npy),
        ("npz", Self::Npz),
    ];

    fn name(self) -> &'static str {
        Self::named().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

impl Format {
    /// Those that few commands have, with their names.
    const OF_FEW: &'static [(&'static str, Self)] =
        &[("sympy", Self::Sympy), ("jsonl", Self::JsonLines), ("parquet", Self::Parquet)];

    /// All of them with their names.
    fn named() -> impl Iterator<Item = (&'static str, Self)> {
        Self::ALL.iter().chain(Self::OF_FEW).copied()
    }

    /// Is it bytes that no terminal shows?
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Npy | Self::Npz | Self::Parquet)
    }

    /// Can this build write it?
    ///
    /// # Errors
    /// Of [`Format::Parquet`], without the feature `parquet`.
    pub fn in_this_build(self) -> Result<()> {
        if self == Self::Parquet && cfg!(not(feature = "parquet")) {
            let expected = "csv or jsonl, or a program built with `cargo build --release --features parquet`";
            return Err(Error::invalid("format", "parquet", expected));
        }
        Ok(())
    }

    /// The format that the ending of a file's name asks for, where that is one for arrays or columns.
    pub fn of_file(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::named().find(|(name, format)| *name == ending && format.is_binary()).map(|(_, format)| format)
    }
}

/// What formats of many rows are for.
const MANY_RUNS: &str = "a command whose result is rows of many runs";

/// A report as tables.
pub trait Show: Serialize {
    /// The tables that show it.
    fn grids(&self) -> Vec<Grid>;

    /// Its rows for other programs, as comma-separated values: one table, every row self-contained, values to all their digits. The tables that
    /// show it, where they are that.
    fn records(&self) -> Vec<Grid> {
        self.grids()
    }

    /// Its rows by columns, where they are those of many runs.
    fn columns(&self) -> Option<Vec<Column<'_>>> {
        None
    }

    /// The report in a format in which it is no table.
    fn own(&self, _: Format) -> Option<String> {
        None
    }
}

/// The report in a format; text ends in a line break. `width` is that of the terminal, in columns, for a pretty table. Arrays hold what
/// comma-separated values do, where the report is one table.
///
/// # Errors
/// When the result cannot be put into the format.
#[cfg_attr(not(feature = "cli"), expect(unused_variables, reason = "no pretty tables"))]
pub fn render(report: &impl Show, format: Format, width: usize) -> Result<Vec<u8>> {
    if let Some(text) = report.own(format) {
        return Ok(text.into_bytes());
    }
    let all =
        |grids: Vec<Grid>, f: &dyn Fn(&Grid) -> String| grids.iter().map(f).collect::<Vec<_>>().join("\n");
    let join = |f: &dyn Fn(&Grid) -> String| all(report.grids(), f);
    let arrays = |f: fn(&Grid) -> Result<Vec<u8>>| match &report.records()[..] {
        [grid] => f(grid),
        grids => {
            let found = format!("{} with {} tables", format.name(), grids.len());
            Err(Error::invalid("format", found, "csv or json: arrays hold one table"))
        }
    };
    let text = match format {
        #[cfg(feature = "cli")]
        Format::Pretty => join(&|grid| grid.pretty(width)),
        Format::Markdown => join(&Grid::markdown),
        Format::Csv => all(report.records(), &Grid::csv),
        Format::Latex => join(&Grid::latex),
        Format::Npy => return arrays(numpy::npy),
        Format::Npz => return arrays(numpy::npz),
        Format::Sympy => return Err(Error::invalid("format", "sympy", "a command that gives formulas")),
        Format::JsonLines => {
            return Err(Error::invalid("format", "jsonl", MANY_RUNS));
        }
        Format::Parquet => {
            format.in_this_build()?;
            let columns = report.columns();
            return columns::parquet(&columns.ok_or_else(|| Error::invalid("format", "parquet", MANY_RUNS))?);
        }
        Format::Json => {
            let text = serde_json::to_string_pretty(report);
            text.map_err(|e| Error::numerical("JSON", e, "a result that can be written"))? + "\n"
        }
    };
    Ok(text.into_bytes())
}

/// A table in the format that the ending of the file's name asks for: arrays, or else comma-separated values, without comments above them.
///
/// # Errors
/// When the table cannot be put into the format.
pub fn for_file(path: &Path, table: &Grid) -> Result<Vec<u8>> {
    match Format::of_file(path) {
        Some(Format::Npy) => numpy::npy(table),
        Some(Format::Npz) => numpy::npz(table),
        _ => Ok(table.values()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_names_and_files_their_endings() {
        let names: std::collections::HashSet<_> = Format::named().map(|(_, format)| format.name()).collect();
        assert!(names.len() == Format::named().count() && !names.contains(""), "{names:?}");
        let of = |name: &str| Format::of_file(Path::new(name));
        assert_eq!((of("a.parquet"), of("a.npz")), (Some(Format::Parquet), Some(Format::Npz)));
        assert_eq!((of("a.csv"), of("npy")), (None, None));
    }
}
