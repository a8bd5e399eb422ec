//! A user's own points and labels, from a CSV file.

use super::{Points, within_memory};
use crate::{
    error::{Error, Result},
    math::units::Dimension,
};
use csv::{Position, ReaderBuilder, StringRecord, Trim};
use std::{fs::File, io::Read, path::Path};

/// A row counts as rescaled when its norm is further than this from 1: beyond what the rounding of its digits explains.
const UNIT_TOLERANCE: f64 = 1e-12;
/// A row of equal numbers is a point if its norm is 1 to this, as in `0.7071,0.7071`, and otherwise taken for a filler.
const FILLER_TOLERANCE: f64 = 1e-3;

/// The longest file read, in bytes.
const LONGEST_FILE: u64 = 1 << 30;

/// Points and labels of a user.
#[derive(Clone, Debug)]
pub struct Data {
    /// The rows, each over its norm, of equal weight.
    pub points: Points,
    /// The label of each row, if a label column was asked for.
    pub labels: Option<Vec<f64>>,
    /// How many rows had a norm other than 1 and were rescaled.
    pub normalised: usize,
    /// The least and the largest norm of a row as it was.
    pub norms: (f64, f64),
}

/// Reads points, one a row, `d+1` numbers separated by commas, with or without a header line; lines that start with `#` are skipped.
///
/// `label` names the column of the labels: by its heading, or by its number from 1.
///
/// # Errors
/// Names the line: text instead of a number, NaN or infinity, a row longer or shorter than the first, a zero row, a row of equal numbers
/// that is not of norm 1. Also when the file cannot be read, the label column does not exist, or there are fewer than two rows or coordinates.
pub fn from_csv(path: &Path, label: Option<&str>) -> Result<Data> {
    let text = read(path)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut table: Option<Table> = None;
    while reader.read_record(&mut record).map_err(|e| Error::io("cannot read", path, e.into()))? {
        let line = record.position().map_or(1, |at| first_line(&text, at));
        match &mut table {
            Some(table) => table.push(&record, line)?,
            None => table = Some(Table::begin(&record, line, label)?),
        }
    }
    table
        .ok_or_else(|| Error::invalid("--data", path.display(), "a CSV file with at least two rows"))?
        .finish(path)
}

/// The file's text, without a byte order mark.
fn read(path: &Path) -> Result<String> {
    let refuse = |source| Error::io("cannot read", path, source);
    let mut bytes = Vec::new();
    File::open(path).map_err(refuse)?.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(refuse)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(Error::too_large(
            "--data",
            format!("more than 1 GiB for {}", path.display()),
            "1 GiB of text",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|wrong| {
        let valid = &wrong.as_bytes()[..wrong.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        Error::invalid(format!("--data, line {line}"), wrong.utf8_error(), "text in UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The line of the record at `position`, which the reader gives before the blank lines and remarks above the record.
fn first_line(text: &str, position: &Position) -> u64 {
    let skipped = |line: &&str| line.trim_end_matches(['\r', '\n']).is_empty() || line.starts_with('#');
    let rest = text.get(position.byte() as usize..).unwrap_or_default();
    position.line() + rest.split_inclusive('\n').take_while(skipped).count() as u64
}

/// The rows read so far.
struct Table {
    width: usize,
    label: Option<usize>,
    dim: Dimension,
    coordinates: Vec<f64>,
    labels: Vec<f64>,
    normalised: usize,
    norms: (f64, f64),
}

impl Table {
    /// A table whose first line, a header or a row, is `record`.
    fn begin(record: &StringRecord, line: u64, label: Option<&str>) -> Result<Self> {
        let header = record.iter().all(|cell| cell.parse::<f64>().is_err());
        let width = record.len();
        let label = label.map(|name| label_column(record, header, name)).transpose()?;
        let d = (width - usize::from(label.is_some())).checked_sub(1).filter(|d| *d >= 1);
        let dim = d.and_then(|d| Dimension::new(u32::try_from(d).ok()?).ok()).ok_or_else(|| {
            let columns = format!("2 to {} columns of coordinates, separated by commas", Dimension::MAX + 1);
            Error::invalid(format!("--data, line {line}"), format!("{width} columns in all"), columns)
        })?;
        let norms = (f64::INFINITY, 0.0);
        let (coordinates, labels) = (vec![], vec![]);
        let mut table = Self { width, label, dim, coordinates, labels, normalised: 0, norms };
        if !header {
            table.push(record, line)?;
        }
        Ok(table)
    }

    fn push(&mut self, record: &StringRecord, line: u64) -> Result<()> {
        let wrong =
            |value: String, expected: String| Error::invalid(format!("--data, line {line}"), value, expected);
        if record.len() != self.width {
            let expected = format!("{}, as in the first line", self.width);
            return Err(wrong(format!("{} columns", record.len()), expected));
        }
        let start = self.coordinates.len();
        for (column, cell) in record.iter().enumerate() {
            let number = cell.parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(|| {
                // With numbers beside it the first line is no header.
                let headed = start == 0 && record.iter().any(|cell| cell.parse::<f64>().is_ok());
                let expected =
                    if headed { "a finite number, or a header without numbers" } else { "a finite number" };
                Error::invalid(format!("--data, line {line}, column {}", column + 1), cell, expected)
            })?;
            if self.label == Some(column) { self.labels.push(number) } else { self.coordinates.push(number) }
        }
        let row = &mut self.coordinates[start..];
        // Scaled first, so that neither huge nor tiny coordinates leave the range of f64.
        let largest = row.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        if largest == 0.0 {
            return Err(wrong("only zeros".into(), "a row that has a direction".into()));
        }
        row.iter_mut().for_each(|x| *x /= largest);
        let scaled = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        let norm = largest * scaled;
        if norm.is_infinite() {
            return Err(wrong("a norm that overflows".into(), "a row of norm below 1.79e308".into()));
        }
        if row.windows(2).all(|pair| pair[0] == pair[1]) && (norm - 1.0).abs() > FILLER_TOLERANCE {
            let expected = "coordinates that differ (a point with equal ones must have norm 1)".into();
            return Err(wrong(format!("only {}", largest * row[0]), expected));
        }
        row.iter_mut().for_each(|x| *x /= scaled);
        self.normalised += usize::from((norm - 1.0).abs() > UNIT_TOLERANCE);
        self.norms = (self.norms.0.min(norm), self.norms.1.max(norm));
        let d = self.dim.get() as usize;
        within_memory(self.coordinates.len() / (d + 1), d)
    }

    fn finish(self, path: &Path) -> Result<Data> {
        let points = Points::equal(self.dim, self.coordinates, None);
        if points.len() < 2 {
            let found = format!("{} ({} rows of numbers)", path.display(), points.len());
            return Err(Error::invalid("--data", found, "at least two rows"));
        }
        let labels = self.label.map(|_| self.labels);
        Ok(Data { points, labels, normalised: self.normalised, norms: self.norms })
    }
}

/// The column that `name` means: a heading, or a number from 1.
fn label_column(first: &StringRecord, header: bool, name: &str) -> Result<usize> {
    let named: Vec<usize> =
        if header { (0..first.len()).filter(|&i| &first[i] == name).collect() } else { vec![] };
    match named[..] {
        [column] => return Ok(column),
        [] => {}
        _ => {
            return Err(Error::invalid(
                "--label",
                name,
                "a heading that occurs once, or the column's number",
            ));
        }
    }
    let numbered = name.parse::<usize>().ok().filter(|i| (1..=first.len()).contains(i));
    numbered.map(|i| i - 1).ok_or_else(|| {
        let headings = if header {
            format!(
                "one of {} or a column number from 1 to {}",
                first.iter().collect::<Vec<_>>().join(", "),
                first.len()
            )
        } else {
            format!("a column number from 1 to {}: the file has no header", first.len())
        };
        Error::invalid("--label", name, headings)
    })
}
