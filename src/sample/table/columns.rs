//! The columns of a text file: features, the label, and those that only count rows.

use super::{
    Cell, Header, Labels, Matrix, Reading, Source, Table, classes,
    delimited::{self, Row},
    detect::{LOOKED_AT, decimal_comma, separator},
    header::{self, numeric},
    listed, place,
    separator::Separator,
};
use crate::error::{Error, Result};
use csv::StringRecord;

/// Headings of columns that only count rows, if that is what stands in them.
const COUNTERS: [&str; 7] = ["index", "id", "idx", "row", "no", "nr", "#"];
/// From so many rows on, a column that counts them is not an accident.
const COUNTED: usize = 5;

/// Reads `text`.
pub(super) fn table(source: Source<'_>, text: &str, reading: &Reading) -> Result<Table> {
    let layout = Layout::of(source, text, reading)?;
    layout.read(text)
}

/// What is known before the cells are read.
struct Layout<'a> {
    source: Source<'a>,
    separator: Separator,
    headings: Option<StringRecord>,
    /// Is the first row one of data?
    keep_first: bool,
    width: usize,
    label: Option<usize>,
    /// Is the first column left out?
    index: bool,
    notes: Vec<String>,
}

impl<'a> Layout<'a> {
    fn of(source: Source<'a>, text: &str, reading: &Reading) -> Result<Self> {
        let separator = separator(text);
        let mut rows = Vec::new();
        for row in delimited::records(text, separator).take(LOOKED_AT + 1) {
            rows.push(row.map_err(|error| unreadable(source, &error))?.1);
        }
        let Some((first, below)) = rows.split_first() else {
            return Err(Error::invalid(source.field, source.path.display(), "a file with rows of numbers"));
        };
        let mut notes = Vec::new();
        if separator != Separator::Comma {
            notes.push(format!("cells are separated by {}", separator.name()));
        }
        let remark =
            delimited::remark(text, separator).filter(|cells| cells.len() == first.len() && cells.len() > 1);
        let verdict = match reading.header {
            Header::Auto => header::decide(first, below, reading.label.as_deref()),
            fixed => header::Verdict { heading: fixed == Header::Yes, note: None },
        };
        notes.extend(verdict.note);
        let mut headings = verdict.heading.then(|| first.clone());
        if headings.is_none() && reading.header == Header::Auto {
            headings = remark;
            notes.extend(
                headings
                    .as_ref()
                    .map(|names| format!("the remark above the rows gives the headings: {}", listed(names))),
            );
        }
        let width = if verdict.heading { below.first().unwrap_or(first).len() } else { first.len() };
        if let Some(short) = headings.as_mut().filter(|names| names.len() + 1 == width) {
            // Row names without a heading, as R writes them.
            *short = std::iter::once("").chain(short.iter()).collect();
        }
        let label = reading
            .label
            .as_deref()
            .map(|name| label_column(headings.as_ref(), width, name, &mut notes))
            .transpose()?;
        let unnamed = |name: &str| name.is_empty() || name.starts_with("Unnamed:");
        let index = width > 1
            && label != Some(0)
            && headings.as_ref().and_then(|names| names.get(0)).is_some_and(unnamed);
        if index {
            notes.push("the first column has no name: it is taken for an index and left out".into());
        }
        Ok(Self { source, separator, headings, keep_first: !verdict.heading, width, label, index, notes })
    }

    fn heading(&self, column: usize) -> Option<&str> {
        self.headings.as_ref()?.get(column).filter(|name| !name.is_empty())
    }

    /// The name of a column for a note.
    fn name(&self, column: usize) -> String {
        self.heading(column).map_or_else(|| (column + 1).to_string(), str::to_owned)
    }

    fn read(mut self, text: &str) -> Result<Table> {
        let features: Vec<usize> =
            (usize::from(self.index)..self.width).filter(|column| Some(*column) != self.label).collect();
        if features.is_empty() {
            return Err(Error::invalid(
                self.source.field,
                format!("{} column(s) in {}", self.width, self.source.path.display()),
                "at least one column of numbers beside the label and the index",
            ));
        }
        let (mut entries, mut lines) = (Vec::new(), Vec::new());
        let mut labels = LabelColumn::default();
        for row in delimited::records(text, self.separator).skip(usize::from(!self.keep_first)) {
            let (line, record) = row.map_err(|error| unreadable(self.source, &error))?;
            let at = lines.len();
            if record.len() != self.width {
                let expected = format!(
                    "{}, as in the first row (cells are separated by {})",
                    self.width,
                    self.separator.name()
                );
                let subject = format!("{}, {}", self.source.field, place(at, Some(line)));
                return Err(Error::invalid(subject, format!("{} columns", record.len()), expected));
            }
            for column in &features {
                entries.push(self.number(at, &(line, record.clone()), *column)?);
            }
            if let Some(column) = self.label {
                self.push_label(&mut labels, at, line, &record, column)?;
            }
            lines.push(line);
        }
        let mut matrix = Matrix { width: features.len(), entries };
        self.counters(&features, &mut matrix);
        let labels = self.label.map(|column| labels.finish(self.name(column), &mut self.notes));
        Ok(Table { features: matrix, labels, lines: Some(lines), notes: self.notes })
    }

    fn cell(&self, row: usize, line: u64, column: usize) -> Cell<'_> {
        Cell { row, line: Some(line), column, heading: self.heading(column) }
    }

    /// The finite number in a cell.
    fn number(&self, at: usize, (line, record): &Row, column: usize) -> Result<f64> {
        let cell = record.get(column).unwrap_or_default();
        cell.parse::<f64>()
            .ok()
            .filter(|x| x.is_finite())
            .ok_or_else(|| self.cell(at, *line, column).refuse(self.source, cell, self.right(cell, column)))
    }

    /// What would have been right where `cell` is no number.
    fn right(&self, cell: &str, column: usize) -> String {
        if decimal_comma(cell) && self.separator != Separator::Comma {
            return format!(
                "a number with a decimal point (cells are separated by {})",
                self.separator.name()
            );
        }
        if !numeric(cell) && self.label.is_none() {
            return format!(
                "a finite number; a column of class names is read as the label: label {}",
                super::shortened(&self.name(column))
            );
        }
        "a finite number".into()
    }

    fn push_label(
        &self,
        labels: &mut LabelColumn,
        at: usize,
        line: u64,
        record: &StringRecord,
        column: usize,
    ) -> Result<()> {
        let cell = record.get(column).unwrap_or_default();
        if at == 0 {
            labels.named = !numeric(cell);
        }
        if !labels.named {
            labels.numbers.push(self.number(at, &(line, record.clone()), column)?);
            return Ok(());
        }
        if numeric(cell) {
            return Err(self.cell(at, line, column).refuse(
                self.source,
                cell,
                "a class name, as in the rows above",
            ));
        }
        labels.names.push(cell.to_owned());
        Ok(())
    }

    /// Leaves out a column that is called an index and counts the rows; says so of one that only counts them.
    fn counters(&mut self, features: &[usize], matrix: &mut Matrix) {
        let (rows, width) = (matrix.rows(), matrix.width);
        let counts = |c: usize| {
            let start = matrix.entries[c];
            rows >= COUNTED
                && (start == 0.0 || start == 1.0)
                && (0..rows).all(|i| matrix.entries[i * width + c] == start + i as f64)
        };
        let Some(c) = (0..width.min(matrix.entries.len())).find(|c| counts(*c)) else { return };
        let name = super::shortened(&self.name(features[c]));
        if width > 1 && COUNTERS.contains(&name.to_ascii_lowercase().as_str()) {
            let mut at = 0;
            matrix.entries.retain(|_| {
                at += 1;
                (at - 1) % width != c
            });
            matrix.width -= 1;
            self.notes.push(format!("column {name} counts the rows: it is taken for an index and left out"));
        } else {
            self.notes.push(format!(
                "column {name} counts the rows and is taken for a coordinate; is it an index?"
            ));
        }
    }
}

fn unreadable(source: Source<'_>, error: &csv::Error) -> Error {
    Error::invalid(source.field, format!("{error} in {}", source.path.display()), "a table in text")
}

/// The label column as it grows.
#[derive(Default)]
struct LabelColumn {
    /// Does it hold class names?
    named: bool,
    numbers: Vec<f64>,
    names: Vec<String>,
}

impl LabelColumn {
    fn finish(self, name: String, notes: &mut Vec<String>) -> Labels {
        if !self.named {
            return Labels { name, values: self.numbers, classes: None };
        }
        let (values, found) = classes::coded(&self.names);
        notes.push(classes::said(&name, &found));
        Labels { name, values, classes: Some(found) }
    }
}

/// The column that `name` means: a heading, or a number from 1.
fn label_column(
    headings: Option<&StringRecord>,
    width: usize,
    name: &str,
    notes: &mut Vec<String>,
) -> Result<usize> {
    let numbered = name.parse::<usize>().ok().filter(|i| (1..=width).contains(i)).map(|i| i - 1);
    let named: Vec<usize> =
        headings.map_or(vec![], |names| (0..names.len()).filter(|&i| &names[i] == name).collect());
    match (&named[..], numbered) {
        ([column], Some(number)) if number != *column => {
            notes.push(format!("label {name} is the column headed {name}, the {}. one", column + 1));
            Ok(*column)
        }
        ([column], _) => Ok(*column),
        ([], Some(number)) => Ok(number),
        ([], None) => {
            let right = match headings {
                Some(names) => format!("one of {} or a column number from 1 to {width}", listed(names)),
                None => format!("a column number from 1 to {width}: the file has no header"),
            };
            Err(Error::invalid("label", name, right))
        }
        _ => Err(Error::invalid("label", name, "a heading that occurs once, or the column's number")),
    }
}
