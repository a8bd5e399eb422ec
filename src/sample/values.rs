//! A list of numbers as someone computed it: eigenvalues, by degree or in order.

use super::table::{
    Source, Table,
    delimited::records,
    detect::separator,
    file::{Contents, open},
    numpy,
};
use crate::error::{Error, Result};
use serde_json::Value;

/// The most values read.
const MOST: usize = 1_000_000;
/// The largest degree written as a floating-point number, as in an array; whole numbers to here are exact.
const HIGHEST: f64 = 9.0e15;
/// The longest number, in characters.
const LONGEST: usize = 200;

/// One number of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The degree that stands beside it.
    pub degree: Option<u64>,
    /// The number, with the digits with which it was written.
    pub text: String,
}

/// A list of numbers, and what was taken for what.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The numbers in their order.
    pub entries: Vec<Entry>,
    /// How the file was read, a line each.
    pub notes: Vec<String>,
}

/// Reads a list: text with one number a line or in one line, or columns `degree,value`; JSON (a list, objects with `degree` and `value`, or what
/// `hinf table` printed); `.npy`, of records too, and `.npz`.
///
/// # Errors
/// Names the row of what is no finite number; a degree that is missing or comes twice; an empty list.
pub fn read(source: Source<'_>) -> Result<Values> {
    let values = match open(source)? {
        Contents::Text(text) if text.trim_start().starts_with(['[', '{']) => json(source, &text)?,
        Contents::Text(text) => columns(source, &text)?,
        Contents::Array(mut array) => {
            match named(source, |names| numpy::fields(source, &mut array, names))? {
                Some(values) => values,
                None => of_table(source, &numpy::table(source, array, &Default::default())?)?,
            }
        }
        Contents::Archive(mut archive) => {
            match named(source, |names| numpy::lists(source, &mut archive, names))? {
                Some(values) => values,
                None => of_table(source, &numpy::archive_table(source, archive, &Default::default())?)?,
            }
        }
    };
    let most = |found: usize| Error::too_large(source.field, format!("{found} numbers"), format!("{MOST}"));
    match values.entries.len() {
        0 => Err(Error::invalid(source.field, source.path.display(), "a list of numbers")),
        found if found > MOST => Err(most(found)),
        _ => once(source, values),
    }
}

/// Refuses a degree that comes twice, and degrees for some numbers only.
fn once(source: Source<'_>, values: Values) -> Result<Values> {
    let mut degrees: Vec<u64> = values.entries.iter().filter_map(|entry| entry.degree).collect();
    if !degrees.is_empty() && degrees.len() < values.entries.len() {
        return Err(Error::invalid(
            source.field,
            "a number without its degree",
            "a degree for each number, or for none",
        ));
    }
    degrees.sort_unstable();
    match degrees.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            Err(Error::invalid(source.field, format!("degree {} twice", pair[0]), "each degree once"))
        }
        None => Ok(values),
    }
}

fn refused(source: Source<'_>, place: &str, value: &str, right: &str) -> Error {
    Error::invalid(format!("{}, {place}", source.field), value, right)
}

/// A finite number as text.
fn number(source: Source<'_>, place: &str, text: &str) -> Result<String> {
    let finite = text.len() <= LONGEST && text.parse::<f64>().is_ok_and(f64::is_finite);
    if finite { Ok(text.to_owned()) } else { Err(refused(source, place, text, "a finite number")) }
}

fn degree(source: Source<'_>, place: &str, text: &str) -> Result<u64> {
    let whole = text.parse::<u64>().ok().or_else(|| {
        let value = text.parse::<f64>().ok()?;
        (value.fract() == 0.0 && (0.0..=HIGHEST).contains(&value)).then_some(value as u64)
    });
    whole.ok_or_else(|| refused(source, place, text, "a degree, a whole number from 0"))
}

/// The names of the column of degrees and of that of values.
const DEGREES: [&str; 6] = ["degree", "k", "l", "ell", "n", "index"];
/// What the name of an array ends in that holds numbers with all their digits, as text.
const ALL_DIGITS: &str = "_digits";
const VALUES: [&str; 6] = ["value", "eigenvalue", "lambda", "eig", "mu", "given"];

fn columns(source: Source<'_>, text: &str) -> Result<Values> {
    let separator = separator(text);
    let mut rows = Vec::new();
    for row in records(text, separator) {
        let (line, record) = row.map_err(|error| Error::invalid(source.field, error, "a table in text"))?;
        rows.push((line, record));
        if rows.len() > MOST + 1 {
            break;
        }
    }
    let Some((_, first)) = rows.first() else { return Ok(Values::default()) };
    let heading = first.iter().any(|cell| cell.parse::<f64>().is_err());
    let find =
        |names: &[&str]| first.iter().position(|cell| names.contains(&cell.to_ascii_lowercase().as_str()));
    let mut notes = Vec::new();
    let width = rows.get(usize::from(heading)).map_or(first.len(), |(_, row)| row.len());
    let (degrees, values) = match (heading, width) {
        (_, 1) => (None, 0),
        (true, 2) => match (find(&DEGREES), find(&VALUES)) {
            (Some(degree), _) => (Some(degree), 1 - degree),
            (None, Some(1) | None) => (Some(0), 1),
            (None, Some(value)) => (Some(1 - value), value),
        },
        (true, _) => match (find(&DEGREES), find(&VALUES)) {
            (degree, Some(value)) => (degree, value),
            _ => {
                return Err(Error::invalid(
                    source.field,
                    format!("{width} columns"),
                    "columns degree,value or one column of values",
                ));
            }
        },
        (false, 2) if rows.len() > 1 => (Some(0), 1),
        // One line of numbers.
        (false, _) if rows.len() == 1 => {
            let (line, row) = &rows[0];
            let entry = |(column, cell): (usize, &str)| {
                let text = number(source, &format!("line {line}, column {}", column + 1), cell)?;
                Ok(Entry { degree: None, text })
            };
            return Ok(Values { entries: row.iter().enumerate().map(entry).collect::<Result<_>>()?, notes });
        }
        _ => {
            return Err(Error::invalid(
                source.field,
                format!("{width} columns without headings"),
                "columns degree,value or one column of values",
            ));
        }
    };
    if heading {
        let name = |column: usize| first.get(column).unwrap_or_default();
        let beside = degrees.map_or(String::new(), |column| format!(", degrees in '{}'", name(column)));
        notes.push(format!("values in column '{}'{beside}", name(values)));
    }
    let mut entries = Vec::with_capacity(rows.len());
    for (line, row) in rows.iter().skip(usize::from(heading)) {
        if row.len() != width {
            return Err(refused(
                source,
                &format!("line {line}"),
                &format!("{} columns", row.len()),
                &format!("{width}"),
            ));
        }
        let cell = |column: usize| {
            (format!("line {line}, column {}", column + 1), row.get(column).unwrap_or_default())
        };
        let degree = degrees
            .map(|column| {
                let (place, text) = cell(column);
                degree(source, &place, text)
            })
            .transpose()?;
        let (place, text) = cell(values);
        entries.push(Entry { degree, text: number(source, &place, text)? });
    }
    Ok(Values { entries, notes })
}

fn json(source: Source<'_>, text: &str) -> Result<Values> {
    let whole: Value =
        serde_json::from_str(text).map_err(|error| Error::invalid(source.field, error, "JSON"))?;
    let list = [&whole, &whole["values"], &whole["rows"], &whole["eigenvalues"], &whole["tables"][0]["rows"]]
        .into_iter()
        .find_map(Value::as_array)
        .ok_or_else(|| {
            Error::invalid(
                source.field,
                "JSON without a list",
                "a list of numbers, or of objects with degree and value",
            )
        })?;
    let plain = |place: &str, value: &Value| match value {
        Value::Number(x) => number(source, place, &x.to_string()),
        Value::String(x) => number(source, place, x.trim()),
        other => Err(refused(source, place, &other.to_string(), "a number")),
    };
    let entry = |(i, value): (usize, &Value)| {
        let place = format!("entry {}", i + 1);
        if !value.is_object() {
            return Ok(Entry { degree: None, text: plain(&place, value)? });
        }
        let degree = match &value["degree"] {
            Value::Null => None,
            found => Some(degree(source, &place, &plain(&place, found)?)?),
        };
        Ok(Entry { degree, text: plain(&place, &value["value"])? })
    };
    Ok(Values { entries: list.iter().enumerate().map(entry).collect::<Result<_>>()?, notes: vec![] })
}

/// The arrays of degrees and of values among `lists`, by the names of columns; values with all digits where there are such.
fn named(
    source: Source<'_>,
    lists: impl FnOnce(&[&[String]]) -> Result<Vec<Option<Vec<String>>>>,
) -> Result<Option<Values>> {
    let plain = |names: [&str; 6]| names.map(str::to_owned);
    let (degrees, values) = (plain(DEGREES), plain(VALUES));
    let exact = VALUES.map(|name| format!("{name}{ALL_DIGITS}"));
    let found = lists(&[&degrees, &exact, &values])?;
    let [degrees, exact, values]: [Option<Vec<String>>; 3] = found.try_into().unwrap_or_default();
    let Some(values) = exact.or(values) else { return Ok(None) };
    if let Some(degrees) = degrees.as_ref().filter(|degrees| degrees.len() != values.len()) {
        let found = format!("{} degrees beside {} values", degrees.len(), values.len());
        return Err(Error::invalid(source.field, found, "arrays of one length"));
    }
    let entry = |(i, text): (usize, &String)| {
        let place = format!("entry {}", i + 1);
        let beside = degrees.as_ref().map(|degrees| degree(source, &place, &degrees[i])).transpose()?;
        Ok(Entry { degree: beside, text: number(source, &place, text)? })
    };
    let entries = values.iter().enumerate().map(entry).collect::<Result<_>>()?;
    Ok(Some(Values { entries, notes: vec![] }))
}

/// An array: one column of values, one row of them, or degrees and values.
fn of_table(source: Source<'_>, table: &Table) -> Result<Values> {
    let features = &table.features;
    let text = |x: &f64| x.to_string();
    let entries = match (features.rows(), features.width) {
        (_, 1) | (1, _) => features.entries.iter().map(|x| Entry { degree: None, text: text(x) }).collect(),
        (_, 2) => {
            let pair = |pair: &[f64]| {
                Ok(Entry { degree: Some(degree(source, "a row", &text(&pair[0]))?), text: text(&pair[1]) })
            };
            features.entries.chunks_exact(2).map(pair).collect::<Result<_>>()?
        }
        (rows, width) => {
            return Err(Error::invalid(
                source.field,
                format!("an array of {rows} x {width}"),
                "one column of values, or two: degrees and values",
            ));
        }
    };
    Ok(Values { entries, notes: table.notes.clone() })
}
