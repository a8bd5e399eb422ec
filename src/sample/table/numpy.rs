//! Numpy's `.npy` and `.npz`: plain arrays of real numbers, or of names, of one or two dimensions.
//!
//! The size that a header claims is held against the file before anything is allocated. Object arrays are pickles and are refused: opening
//! a pickle runs code.

use super::{Cell, Labels, Matrix, Reading, Source, Table, classes, listed};
use crate::error::{Error, Result};
use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar};
use std::{
    fs::File,
    io::{BufReader, Read, Seek},
};
use zip::ZipArchive;

/// The first bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header read, in bytes, as in numpy, and the deepest brackets in it.
const LONGEST_HEADER: usize = 10_000;
const DEEPEST: usize = 8;
/// The most bytes that one array may take.
const MOST_BYTES: u64 = 4 << 30;
/// The longest name of a class, in characters.
const LONGEST_NAME: u64 = 1000;

/// The names in an archive that stand for the points, the first one present.
const POINTS: [&str; 6] = ["X", "x", "points", "data", "x_train", "arr_0"];

/// The elements of an array, row after row.
enum Elements {
    Numbers(Vec<f64>),
    Names(Vec<String>),
}

/// An array of one or two dimensions.
struct Array {
    rows: usize,
    /// `None` for one dimension.
    columns: Option<usize>,
    elements: Elements,
}

/// The header that `reader` begins with.
fn header(field: &str, reader: &mut impl Read) -> Result<NpyHeader> {
    let broken = |reason: String| Error::invalid(field, reason, "an array as numpy.save writes it");
    let mut bytes = vec![0; MAGIC.len() + 4];
    let mut more = |bytes: &mut Vec<u8>, from: usize| {
        reader.read_exact(&mut bytes[from..]).map_err(|_| broken("a header that ends too early".into()))
    };
    more(&mut bytes, 0)?;
    let length = match bytes[MAGIC.len()] {
        1 => usize::from(u16::from_le_bytes([bytes[8], bytes[9]])),
        2 | 3 => {
            bytes.extend([0; 2]);
            let from = bytes.len() - 2;
            more(&mut bytes, from)?;
            u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize
        }
        version => return Err(broken(format!("version {version} of the .npy format"))),
    };
    if length > LONGEST_HEADER {
        return Err(broken(format!("a header of {length} bytes")));
    }
    let from = bytes.len();
    bytes.resize(from + length, 0);
    more(&mut bytes, from)?;
    let depth = bytes[from..].iter().scan(0usize, |depth, byte| {
        match byte {
            b'(' | b'[' | b'{' => *depth += 1,
            b')' | b']' | b'}' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(*depth)
    });
    if depth.max().unwrap_or(0) > DEEPEST {
        return Err(broken("a header of nested brackets".into()));
    }
    NpyHeader::from_reader(&bytes[..]).map_err(|error| broken(error.to_string()))
}

/// The array that `reader` holds in `bytes` bytes, if that many are known to be there.
fn array(source: Source<'_>, name: &str, reader: &mut impl Read, bytes: u64) -> Result<Array> {
    let field =
        if name.is_empty() { source.field.to_owned() } else { format!("{}, array {name}", source.field) };
    let mut counted = Counted { reader, read: 0 };
    let header = header(&field, &mut counted)?;
    let refuse = |value: String, expected: &str| Error::invalid(field.clone(), value, expected);
    if header.uses_pickled_array() {
        let right = "numbers: objects are kept as a pickle, which is never opened, since that runs code; save with dtype=float";
        return Err(refuse("an array of objects".into(), right));
    }
    let DType::Plain(kind) = header.dtype() else {
        return Err(refuse("an array of records".into(), "a plain array of numbers"));
    };
    let shape = header.shape().to_vec();
    let said = || format!("shape ({})", shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", "));
    let (rows, columns) = match shape[..] {
        [rows] => (rows, None),
        [rows, columns] => (rows, Some(columns)),
        _ => {
            return Err(refuse(
                said(),
                "one or two dimensions: X.reshape(len(X), -1) makes rows of any array",
            ));
        }
    };
    let size = kind.num_bytes().unwrap_or(usize::MAX) as u64;
    let count = rows.checked_mul(columns.unwrap_or(1));
    let needed = count.and_then(|count| count.checked_mul(size)).unwrap_or(u64::MAX);
    let left = bytes.saturating_sub(counted.read);
    if needed > left {
        let claimed = format!("{} of {}, {needed} bytes, where {left} are left", said(), kind);
        return Err(refuse(claimed, "a whole file: this one is truncated"));
    }
    let count = count.unwrap_or(u64::MAX);
    if needed.max(count.saturating_mul(8)) > MOST_BYTES {
        return Err(Error::too_large(
            field.clone(),
            format!("{:.1} GiB", needed as f64 / (1u64 << 30) as f64),
            "4 GiB",
        ));
    }
    if count == 0 {
        return Err(refuse(said(), "at least one number"));
    }
    let order = header.order();
    let file = NpyFile::with_header(header, counted);
    let broken = |error: String| refuse(error, "a whole file of numbers");
    let elements = match (kind.type_char(), size) {
        (TypeChar::Float, 8) => Elements::Numbers(numbers::<f64, _>(file, count, Some).map_err(broken)?),
        (TypeChar::Float, 4) => {
            Elements::Numbers(numbers::<f32, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Bool, 1) => Elements::Numbers(
            numbers::<bool, _>(file, count, |x| Some(f64::from(u8::from(x)))).map_err(broken)?,
        ),
        (TypeChar::Int, 1) => {
            Elements::Numbers(numbers::<i8, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 2) => {
            Elements::Numbers(numbers::<i16, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 4) => {
            Elements::Numbers(numbers::<i32, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Int, 8) => Elements::Numbers(
            numbers::<i64, _>(file, count, |x| exact(x as f64, i128::from(x))).map_err(broken)?,
        ),
        (TypeChar::Uint, 1) => {
            Elements::Numbers(numbers::<u8, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 2) => {
            Elements::Numbers(numbers::<u16, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 4) => {
            Elements::Numbers(numbers::<u32, _>(file, count, |x| Some(x.into())).map_err(broken)?)
        }
        (TypeChar::Uint, 8) => Elements::Numbers(
            numbers::<u64, _>(file, count, |x| exact(x as f64, i128::from(x))).map_err(broken)?,
        ),
        (TypeChar::UnicodeStr, _) if kind.size_field() <= LONGEST_NAME => {
            Elements::Names(collect::<String, _>(file, count).map_err(broken)?)
        }
        (TypeChar::ByteStr, _) if kind.size_field() <= LONGEST_NAME => {
            let names = collect::<Vec<u8>, _>(file, count).map_err(broken)?;
            Elements::Names(names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect())
        }
        (TypeChar::Complex, _) => {
            return Err(refuse(
                format!("complex numbers ({kind})"),
                "real numbers: X.real, if the rest is zero",
            ));
        }
        _ => {
            return Err(refuse(
                format!("elements of type {kind}"),
                "float64, float32, integers, booleans or names: X.astype(float), if they are numbers",
            ));
        }
    };
    let (rows, columns) = (rows as usize, columns.map(|columns| columns as usize));
    let elements = match (order, columns) {
        (Order::Fortran, Some(columns)) if rows > 1 && columns > 1 => match elements {
            Elements::Numbers(all) => Elements::Numbers(by_rows(&all, rows, columns)),
            Elements::Names(all) => Elements::Names(by_rows(&all, rows, columns)),
        },
        _ => elements,
    };
    Ok(Array { rows, columns, elements })
}

/// A whole number as a machine number, if it is one.
fn exact(value: f64, of: i128) -> Option<f64> {
    (value as i128 == of).then_some(value)
}

fn by_rows<T: Clone>(all: &[T], rows: usize, columns: usize) -> Vec<T> {
    (0..rows * columns).map(|i| all[i % columns * rows + i / columns].clone()).collect()
}

fn numbers<T: Deserialize, R: Read>(
    file: NpyFile<R>,
    count: u64,
    convert: impl Fn(T) -> Option<f64>,
) -> Result<Vec<f64>, String> {
    let mut all = reserved(count)?;
    for element in file.data::<T>().map_err(|error| error.to_string())? {
        let element = element.map_err(|error| error.to_string())?;
        all.push(convert(element).ok_or("a whole number beyond 2^53, which no float64 is")?);
    }
    Ok(all)
}

fn collect<T: Deserialize, R: Read>(file: NpyFile<R>, count: u64) -> Result<Vec<T>, String> {
    let mut all = reserved(count)?;
    for element in file.data::<T>().map_err(|error| error.to_string())? {
        all.push(element.map_err(|error| error.to_string())?);
    }
    Ok(all)
}

/// Room for `count` elements, if this machine has it.
fn reserved<T>(count: u64) -> Result<Vec<T>, String> {
    let mut all = Vec::new();
    all.try_reserve_exact(count as usize)
        .map_err(|_| format!("{count} elements, more than fit in memory"))?;
    Ok(all)
}

/// Counts the bytes read.
struct Counted<R> {
    reader: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

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
    file: BufReader<File>,
    reading: &Reading,
) -> Result<Table> {
    let broken = |error: zip::result::ZipError| {
        Error::invalid(
            source.field,
            format!("{error} in {}", source.path.display()),
            "an archive as numpy.savez writes it",
        )
    };
    let mut archive = ZipArchive::new(file).map_err(broken)?;
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

/// The first of these arrays that an archive holds, each of one dimension, as text: names as they stand, numbers by their shortest decimals.
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
            let array = array(source, name, &mut entry, bytes)?;
            Ok(match array.elements {
                Elements::Names(names) => names,
                Elements::Numbers(numbers) => numbers.iter().map(f64::to_string).collect(),
            })
        });
        all.push(list.transpose()?);
    }
    file.rewind().map_err(|error| Error::io("cannot read", source.path, error))?;
    Ok(all)
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
