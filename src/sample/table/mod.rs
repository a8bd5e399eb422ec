//! Tables of numbers as people have them: text in columns, or numpy arrays.
//!
//! * [`file`](mod@file) — what kind of file it is, told from its first bytes
//! * [`delimited`], [`separator`], [`detect`], [`header`] — text: its rows, what stands between cells, whether the first row is a heading
//! * [`columns`] — which columns are features, which is the label, which only counts rows
//! * [`classes`] — class names as numbers
//! * [`numpy`] — `.npy` and `.npz`

pub mod classes;
pub mod columns;
pub mod delimited;
pub mod detect;
pub mod file;
pub mod header;
pub mod numpy;
pub mod separator;

use crate::error::{Error, Result};
use classes::Class;
use file::Contents;
use std::path::Path;

pub use header::Header;

/// How a table is to be read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The column of the labels: its heading, or its number from 1; in an `.npz` file also the name of an array.
    pub label: Option<String>,
    /// Is the first row a heading?
    pub header: Header,
}

/// A file, and the name of the option that it came by, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file.
    pub path: &'a Path,
    /// What errors call it.
    pub field: &'a str,
}

/// A matrix of finite numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// How many columns; at least 1.
    pub width: usize,
    /// The entries: `rows x width`.
    pub entries: Vec<f64>,
}

impl Matrix {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.entries.len() / self.width
    }
}

/// The label of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// The column's heading, its number, or the array's name.
    pub name: String,
    /// One number a row.
    pub values: Vec<f64>,
    /// The class behind each code, where the column held names.
    pub classes: Option<Vec<Class>>,
}

/// What a file holds: features, labels, and what was taken for what.
#[derive(Clone, Debug)]
pub struct Table {
    /// The columns that are not the label: `rows x width`.
    pub features: Matrix,
    /// The label column, if one was asked for.
    pub labels: Option<Labels>,
    /// The line of each row in a text file, from 1.
    pub lines: Option<Vec<u64>>,
    /// What was taken for what, a line each, where another reading is possible.
    pub notes: Vec<String>,
}

impl Table {
    /// Reads a file: text with commas, semicolons, tabs or spaces between cells, `.npy` or `.npz`.
    ///
    /// # Errors
    /// Names the row and the column: text where a number belongs, NaN or infinity, a row longer or shorter than the first. Also when the
    /// file cannot be read, holds pickled objects, is truncated, or has no such label column.
    pub fn read(source: Source<'_>, reading: &Reading) -> Result<Self> {
        match file::open(source)? {
            Contents::Text(text) => columns::table(source, &text, reading),
            Contents::Array(array) => numpy::table(source, array, reading),
            Contents::Archive(archive) => numpy::archive_table(source, archive, reading),
        }
    }

    /// Where row `i`, from 0, is in the file, for messages.
    pub fn place(&self, i: usize) -> String {
        place(i, self.lines.as_ref().map(|lines| lines[i]))
    }
}

/// `row 2 (line 3)`.
fn place(row: usize, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("row {} (line {line})", row + 1),
        None => format!("row {}", row + 1),
    }
}

/// What is wrong in one cell; `row` and `column` from 0.
struct Cell<'a> {
    row: usize,
    line: Option<u64>,
    column: usize,
    heading: Option<&'a str>,
}

impl Cell<'_> {
    fn refuse(
        &self,
        source: Source<'_>,
        value: impl std::fmt::Display,
        expected: impl Into<String>,
    ) -> Error {
        let heading = self.heading.map_or(String::new(), |heading| format!(" '{}'", shortened(heading)));
        let place = place(self.row, self.line);
        Error::invalid(
            format!("{}, {place}, column {}{heading}", source.field, self.column + 1),
            value,
            expected,
        )
    }
}

/// At most 24 characters of a heading or a class name, for messages.
fn shortened(text: &str) -> String {
    const MOST: usize = 24;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 3).chain("...".chars()).collect()
}

/// At most 8 of `cells`, for messages.
fn listed<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let cells: Vec<&str> = cells.into_iter().collect();
    let shown: Vec<String> = cells.iter().take(MOST).map(|cell| shortened(cell)).collect();
    let rest = if cells.len() > MOST { format!(", ... ({} in all)", cells.len()) } else { String::new() };
    shown.join(", ") + &rest
}
