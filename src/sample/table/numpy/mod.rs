//! Numpy's `.npy` and `.npz`: plain arrays of real numbers, or of names, of one or two dimensions.
//!
//! The size that a header claims is held against the file before anything is allocated. Object arrays are pickles and are refused: opening
//! a pickle runs code.

mod array;

pub(super) use array::MAGIC;

use super::{Cell, Labels, Matrix, Reading, Source, Table, classes, listed};
use crate::error::{Error, Result};
use array::{Array, Elements, array, columns};
use std::{
    fs::File,
    io::{BufReader, Seek},
};
use zip::ZipArchive;

/// The names in an archive that stand for the points, the first one present.
const POINTS: [&str; 6] = ["X", "x", "points", "data", "x_train", "arr_0"];

/// The table in an `.npy` file.
pub(in crate::sample) fn table(
    source: Source<'_>,
    mut file: BufReader<File>,
    reading: &Reading,
) -> Result<Table> {
    let bytes = length(source, &mut file)?;
    let array = array(source, "", &mut file, bytes)?;
    let label = reading.label.as_deref().map(|name| column(&array, name)).transpose()?;
    split(source, "", array, label)
}

fn length(source: Source<'_>, file: &mut BufReader<File>) -> Result<u64> {
    let refuse = |error| Error::io("cannot read", source.path, error);
    let bytes = file.seek(std::io::SeekFrom::End(0)).map_err(refuse)?;
    file.rewind().map_err(refuse)?;
    Ok(bytes)
}

/// The column of a matrix that a number from 1 means.
fn column(array: &Array, name: &str) -> Result<usize> {
    let width = array.columns.unwrap_or(1);
    name.parse::<usize>().ok().filter(|i| (1..=width).contains(i)).map(|i| i - 1).ok_or_else(|| {
        Error::invalid(
            "--label",
            name,
            format!("a column number from 1 to {width}: an array has no headings"),
        )
    })
}

/// An array as a table, with one column as the labels.
fn split(source: Source<'_>, name: &str, array: Array, label: Option<usize>) -> Result<Table> {
    let width = array.columns.unwrap_or(1);
    let Elements::Numbers(all) = array.elements else {
        let field =
            if name.is_empty() { source.field.to_owned() } else { format!("{}, array {name}", source.field) };
        return Err(Error::invalid(
            field,
            "names",
            "numbers (names can be labels: an array of their own in an .npz file)",
        ));
    };
    if let Some(i) = all.iter().position(|x| !x.is_finite()) {
        let cell = Cell { row: i / width, line: None, column: i % width, heading: None };
        return Err(cell.refuse(source, all[i], "a finite number"));
    }
    let Some(label) = label else {
        return Ok(Table {
            features: Matrix { width, entries: all },
            labels: None,
            lines: None,
            notes: vec![],
        });
    };
    if width == 1 {
        return Err(Error::invalid(
            source.field,
            "one column",
            "at least one column of numbers beside the label",
        ));
    }
    let (labels, features): (Vec<_>, Vec<_>) = (0..all.len()).partition(|i| i % width == label);
    let pick = |indices: Vec<usize>| indices.into_iter().map(|i| all[i]).collect::<Vec<f64>>();
    Ok(Table {
        features: Matrix { width: width - 1, entries: pick(features) },
        labels: Some(Labels { name: (label + 1).to_string(), values: pick(labels), classes: None }),
        lines: None,
        notes: vec![],
    })
}

/// The table in an `.npz` file: the points are its one matrix, or the one called `X`; the labels an array of their own, or a column.
pub(in crate::sample) fn archive_table(
    source: Source<'_>,
    mut file: BufReader<File>,
    reading: &Reading,
) -> Result<Table> {
    let broken = |error: zip::result::ZipError| {
        Error::invalid(
            source.field,
            format!("{error} in {}", source.path.display()),
            "an archive as numpy.savez writes it",
        )
    };
    let mut archive = ZipArchive::new(&mut file).map_err(broken)?;
    let names: Vec<String> =
        archive.file_names().filter_map(|name| name.strip_suffix(".npy")).map(str::to_owned).collect();
    let mut open = |name: &str| -> Result<Array> {
        let mut entry = archive.by_name(&format!("{name}.npy")).map_err(broken)?;
        let bytes = entry.size();
        array(source, name, &mut entry, bytes)
    };
    if names.is_empty() {
        return Err(Error::invalid(
            source.field,
            format!("no arrays in {}", source.path.display()),
            "an archive of .npy arrays, as numpy.savez writes it",
        ));
    }
    let label = reading.label.as_deref().filter(|label| names.iter().any(|name| name == label));
    let points: Vec<&String> = names.iter().filter(|name| Some(name.as_str()) != label).collect();
    let chosen = match points[..] {
        [one] => one,
        _ => POINTS
            .iter()
            .find_map(|known| points.iter().find(|name| name.as_str() == *known).copied())
            .ok_or_else(|| {
                let found = format!("arrays {}", listed(names.iter().map(String::as_str)));
                Error::invalid(
                    source.field,
                    found,
                    "one array of points, or one of them called X; and the labels named by the label",
                )
            })?,
    };
    let array = open(chosen)?;
    let number = match (label, reading.label.as_deref()) {
        (None, Some(name)) => Some(column(&array, name).map_err(|_| {
            let found = format!(
                "one of the arrays {} or the number of a column of {chosen}",
                listed(names.iter().map(String::as_str))
            );
            Error::invalid("label", name, found)
        })?),
        _ => None,
    };
    let mut table = split(source, chosen, array, number)?;
    if points.len() > 1 {
        let others = points.iter().filter(|name| **name != chosen).map(|name| name.as_str());
        table.notes.push(format!("array {chosen} holds the points; not used: {}", listed(others)));
    }
    if let Some(label) = label {
        let labels = label_array(source, label, open(label)?, table.features.rows(), &mut table.notes)?;
        table.labels = Some(labels);
    }
    Ok(table)
}

/// The first of these arrays that an archive holds, each of one dimension, as text.
pub(in crate::sample) fn lists(
    source: Source<'_>,
    file: &mut BufReader<File>,
    wanted: &[&[String]],
) -> Result<Vec<Option<Vec<String>>>> {
    let broken = |error: zip::result::ZipError| {
        let found = format!("{error} in {}", source.path.display());
        Error::invalid(source.field, found, "an archive as numpy.savez writes it")
    };
    let mut archive = ZipArchive::new(&mut *file).map_err(broken)?;
    let mut all = Vec::with_capacity(wanted.len());
    for names in wanted {
        let present = names.iter().find(|name| archive.index_for_name(&format!("{name}.npy")).is_some());
        let list = present.map(|name| -> Result<Vec<String>> {
            let mut entry = archive.by_name(&format!("{name}.npy")).map_err(broken)?;
            let bytes = entry.size();
            Ok(texts(array(source, name, &mut entry, bytes)?))
        });
        all.push(list.transpose()?);
    }
    file.rewind().map_err(|error| Error::io("cannot read", source.path, error))?;
    Ok(all)
}

/// The same of the fields of an array of records; an array of another kind has none.
pub(in crate::sample) fn fields(
    source: Source<'_>,
    file: &mut BufReader<File>,
    wanted: &[&[String]],
) -> Result<Vec<Option<Vec<String>>>> {
    let bytes = length(source, file)?;
    let all = columns(source, file, bytes, |name| wanted.iter().any(|names| names.contains(name)))?;
    file.rewind().map_err(|error| Error::io("cannot read", source.path, error))?;
    let list = |names: &&[String]| -> Result<Option<Vec<String>>> {
        let present = names.iter().find_map(|name| all.iter().find(|(own, _)| own == name));
        let array = |(name, column): &(String, Vec<u8>)| {
            array(source, name, &mut &column[..], column.len() as u64).map(texts)
        };
        present.map(array).transpose()
    };
    wanted.iter().map(list).collect()
}

/// Names as they stand, numbers by their shortest decimals.
fn texts(array: Array) -> Vec<String> {
    match array.elements {
        Elements::Names(names) => names,
        Elements::Numbers(numbers) => numbers.iter().map(f64::to_string).collect(),
    }
}

/// The labels of `rows` points in an array of their own.
fn label_array(
    source: Source<'_>,
    name: &str,
    array: Array,
    rows: usize,
    notes: &mut Vec<String>,
) -> Result<Labels> {
    let field = format!("{}, array {name}", source.field);
    if array.rows != rows || array.columns.is_some_and(|columns| columns != 1) {
        let shape =
            array.columns.map_or(array.rows.to_string(), |columns| format!("{} x {columns}", array.rows));
        return Err(Error::invalid(
            field,
            format!("{shape} labels"),
            format!("{rows}, one for each row of the points"),
        ));
    }
    let name = name.to_owned();
    match array.elements {
        Elements::Numbers(values) => match values.iter().position(|x| !x.is_finite()) {
            Some(i) => Err(Error::invalid(format!("{field}, row {}", i + 1), values[i], "a finite number")),
            None => Ok(Labels { name, values, classes: None }),
        },
        Elements::Names(names) => {
            let (values, found) = classes::coded(&names);
            notes.push(classes::said(&name, &found));
            Ok(Labels { name, values, classes: Some(found) })
        }
    }
}
