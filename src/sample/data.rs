//! A user's own points and labels.

use super::{
    Points,
    duplicates::duplicates,
    table::{Labels, Matrix, Reading, Source, Table},
    within_memory,
};
use crate::{
    error::{Error, Result},
    math::units::Dimension,
};
use std::path::Path;

/// A row counts as rescaled when its norm is further than this from 1: beyond what the rounding of its digits explains.
const UNIT_TOLERANCE: f64 = 1e-12;
/// Groups of equal rows that a note names.
const NAMED: usize = 5;

/// Points and labels of a user.
#[derive(Clone, Debug)]
pub struct Data {
    /// The rows, each over its norm, of equal weight.
    pub points: Points,
    /// The label of each row, if a label column was asked for.
    pub labels: Option<Labels>,
    /// How many rows had a norm other than 1 and were rescaled.
    pub normalised: usize,
    /// The least and the largest norm of a row as it was.
    pub norms: (f64, f64),
    /// The norm of each row, where rows keep theirs.
    pub kept: Option<Vec<f64>>,
    /// Rows, from 0, that are the same point: groups of two or more.
    pub duplicates: Vec<Vec<usize>>,
    /// What was taken for what, and which rows are the same point, a line each.
    pub notes: Vec<String>,
}

/// What becomes of the norms of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norms {
    /// Every row is divided by its own.
    Unit,
    /// They are kept, for kernels of points off the sphere.
    Keep,
}

/// Reads points, one a row, `d+1` numbers, from text in columns (with or without a heading), `.npy` or `.npz`.
///
/// # Errors
/// Those of [`Table::read`]; a zero row, which has no direction; fewer than two rows or coordinates.
pub fn read(source: Source<'_>, reading: &Reading) -> Result<Data> {
    read_as(source, reading, Norms::Unit)
}

/// `read` with the norms of rows divided out or kept. Rows that keep theirs may have one coordinate; a zero column is then put beside it, which
/// changes no inner product.
///
/// # Errors
/// Those of `read`.
pub fn read_as(source: Source<'_>, reading: &Reading, kept: Norms) -> Result<Data> {
    let mut table = Table::read(source, reading)?;
    if (kept, table.features.width) == (Norms::Keep, 1) {
        let padded = table.features.entries.iter().flat_map(|x| [*x, 0.0]).collect();
        table.features = Matrix { width: 2, entries: padded };
    }
    let (rows, width) = (table.features.rows(), table.features.width);
    if rows < 2 {
        let found = format!("{} ({rows} rows of numbers)", source.path.display());
        return Err(Error::invalid(source.field, found, "at least two rows"));
    }
    let dim = Dimension::of_points(width).map_err(|error| error.under(source.field))?;
    within_memory(rows, width - 1)?;
    let mut lengths = Vec::with_capacity(rows);
    for i in 0..rows {
        let row = &mut table.features.entries[i * width..(i + 1) * width];
        let norm = normalise(row).map_err(|(value, right)| {
            Error::invalid(format!("{}, {}", source.field, table.place(i)), value, right)
        })?;
        lengths.push(norm);
    }
    let norms = lengths.iter().fold((f64::INFINITY, 0.0f64), |(low, high), x| (low.min(*x), high.max(*x)));
    let other = |norm: &&f64| (**norm - 1.0).abs() > UNIT_TOLERANCE;
    let (normalised, kept) = match kept {
        Norms::Unit => (lengths.iter().filter(other).count(), None),
        Norms::Keep => (0, Some(lengths)),
    };
    let mut duplicates = duplicates(&table.features);
    if let Some(lengths) = &kept {
        duplicates = duplicates.into_iter().flat_map(|group| of_one_norm(group, lengths)).collect();
    }
    let mut notes = std::mem::take(&mut table.notes);
    let what = if kept.is_some() { "the same point" } else { "the same point up to scale" };
    notes.extend(said(what, &duplicates, &table));
    let points = Points::equal(dim, table.features.entries, None);
    Ok(Data { points, labels: table.labels, normalised, norms, kept, duplicates, notes })
}

/// The rows of one direction, rising, in groups of two or more of one norm too.
fn of_one_norm(rows: Vec<usize>, norms: &[f64]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = vec![];
    for row in rows {
        let same = |group: &&mut Vec<usize>| (norms[row] / norms[group[0]] - 1.0).abs() <= UNIT_TOLERANCE;
        match groups.iter_mut().find(same) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Reads points from a file, told how only where the labels are: `read` with every other choice left to the file.
///
/// # Errors
/// Those of `read`.
pub fn from_file(path: &Path, label: Option<&str>) -> Result<Data> {
    let reading = Reading { label: label.map(str::to_owned), ..Reading::default() };
    read(Source { path, field: "data" }, &reading)
}

/// Divides a row by its norm, which is returned.
pub(super) fn normalise(row: &mut [f64]) -> std::result::Result<f64, (&'static str, &'static str)> {
    // Scaled first, so that neither huge nor tiny coordinates leave the range of f64.
    let largest = row.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest == 0.0 {
        return Err(("only zeros", "a row that has a direction"));
    }
    row.iter_mut().for_each(|x| *x /= largest);
    let scaled = row.iter().map(|x| x * x).sum::<f64>().sqrt();
    let norm = largest * scaled;
    if norm.is_infinite() {
        return Err(("a norm that overflows", "a row of norm below 1.79e308"));
    }
    row.iter_mut().for_each(|x| *x /= scaled);
    Ok(norm)
}

/// The rows that are the same point, a line for all of them.
fn said(what: &str, groups: &[Vec<usize>], table: &Table) -> Option<String> {
    let labels = table.labels.as_ref().map(|labels| &labels.values);
    let differ = |group: &Vec<usize>| labels.is_some_and(|y| group.iter().any(|i| y[*i] != y[group[0]]));
    let name = |group: &Vec<usize>| {
        let rows: Vec<String> = group.iter().take(NAMED).map(|i| (i + 1).to_string()).collect();
        let lines = table.lines.as_ref().map_or(String::new(), |lines| {
            let lines: Vec<String> = group.iter().take(NAMED).map(|i| lines[*i].to_string()).collect();
            format!(" (lines {})", lines.join(", "))
        });
        let more =
            if group.len() > NAMED { format!(" and {} more", group.len() - NAMED) } else { String::new() };
        let labels = if differ(group) { " with different labels" } else { "" };
        format!("rows {}{lines}{more}{labels}", rows.join(", "))
    };
    let named: Vec<String> = groups.iter().take(NAMED).map(name).collect();
    let more = if groups.len() > NAMED {
        format!("; and {} groups more", groups.len() - NAMED)
    } else {
        String::new()
    };
    let contradictory = groups.iter().filter(|group| differ(group)).count();
    let contradiction = if contradictory > 0 {
        format!("; {contradictory} of these points have different labels")
    } else {
        String::new()
    };
    (!groups.is_empty()).then(|| format!("{what}: {}{more}{contradiction}", named.join("; ")))
}
