//! The values of a study with the places where they stand, from TOML text or from a map that another language made.

use crate::error::{Error, Result};
use serde_json::{Number, Value};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The text of a study, by whose name and places errors are told.
#[derive(Clone, Debug, Default)]
pub struct Source {
    name: String,
    text: String,
}

/// Where something stands: the byte of the text where it begins, if there is a text.
pub type Place = Option<usize>;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub place: Place,
    pub kind: Kind,
}

/// A name in a table, its place, and what it stands for.
pub type Field = (String, Place, Node);

/// What kinds of values there are.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Names, each with its place, and what they stand for, in their order.
    Table(Vec<Field>),
    List(Vec<Node>),
    /// Text, a number or a truth value.
    Scalar(Value),
}

impl Source {
    /// An error about `value`, which stands at `place`.
    pub fn refusal(
        &self,
        place: Place,
        subject: &str,
        value: impl std::fmt::Display,
        expected: impl Into<String>,
    ) -> Error {
        Error::invalid(self.subject(place, subject), value, expected)
    }

    /// The error with where it came from before it.
    pub fn located(&self, place: Place, error: Error) -> Error {
        let subject = self.subject(place, error.subject());
        error.with_subject(subject)
    }

    fn subject(&self, place: Place, subject: &str) -> String {
        let Some(at) = place.filter(|at| *at <= self.text.len()) else {
            return format!("{}, {subject}", self.name);
        };
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}, {subject}", self.name)
    }
}

/// The tree of a study in TOML, from the file `name`.
///
/// # Errors
/// When it is no TOML, or holds a value that no option takes.
pub fn of_toml(name: &str, text: String) -> Result<(Source, Node)> {
    let source = Source { name: name.into(), text };
    let parsed = DeTable::parse(&source.text).map_err(|error| {
        let place = error.span().map(|span| span.start);
        let found = source.text.get(error.span().unwrap_or_default()).unwrap_or_default();
        let found = found.lines().next().unwrap_or_default();
        source.refusal(place, "syntax", found, format!("TOML: {}", error.message()))
    })?;
    let root = table(&source, parsed.span(), parsed.get_ref())?;
    Ok((source, root))
}

fn table(source: &Source, span: Range<usize>, table: &DeTable<'_>) -> Result<Node> {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        Ok((name.to_string(), Some(key.span().start), node(source, value.span(), value.get_ref())?))
    };
    Ok(Node { place: Some(span.start), kind: Kind::Table(table.iter().map(entry).collect::<Result<_>>()?) })
}

fn node(source: &Source, span: Range<usize>, value: &DeValue<'_>) -> Result<Node> {
    let place = Some(span.start);
    let unfit = |expected: &str| {
        source.refusal(place, "value", source.text.get(span.clone()).unwrap_or_default(), expected)
    };
    let scalar = |value: Value| Ok(Node { place, kind: Kind::Scalar(value) });
    match value {
        DeValue::String(text) => scalar(Value::String(text.to_string())),
        DeValue::Boolean(truth) => scalar(Value::Bool(*truth)),
        DeValue::Integer(whole) => {
            let read = |digits: &str| {
                let signed = i64::from_str_radix(digits, whole.radix()).ok().map(Number::from);
                signed.or_else(|| u64::from_str_radix(digits, whole.radix()).ok().map(Number::from))
            };
            scalar(Value::Number(read(whole.as_str()).ok_or_else(|| unfit("a whole number below 2^64"))?))
        }
        DeValue::Float(real) => {
            let number = real.as_str().parse().ok().and_then(Number::from_f64);
            scalar(Value::Number(number.ok_or_else(|| unfit("a finite number"))?))
        }
        DeValue::Datetime(_) => Err(unfit("text, a number, true or false: no option takes a date")),
        DeValue::Array(all) => {
            let items = all.iter().map(|item| node(source, item.span(), item.get_ref()));
            Ok(Node { place, kind: Kind::List(items.collect::<Result<_>>()?) })
        }
        DeValue::Table(inner) => table(source, span, inner),
    }
}

/// The tree of a study that is a map.
///
/// # Errors
/// When it holds a value that no option takes.
pub fn of_map(map: &Value) -> Result<(Source, Node)> {
    let source = Source { name: "study".into(), text: String::new() };
    let root = plain(&source, map)?;
    Ok((source, root))
}

fn plain(source: &Source, value: &Value) -> Result<Node> {
    let kind = match value {
        Value::Null => return Err(source.refusal(None, "value", "null", "no field at all, or a value")),
        Value::Array(all) => Kind::List(all.iter().map(|item| plain(source, item)).collect::<Result<_>>()?),
        Value::Object(map) => {
            let entry = |(name, value): (&String, &Value)| Ok((name.clone(), None, plain(source, value)?));
            Kind::Table(map.iter().map(entry).collect::<Result<_>>()?)
        }
        scalar => Kind::Scalar(scalar.clone()),
    };
    Ok(Node { place: None, kind })
}

impl Node {
    /// The same as a value without places.
    pub fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(all) => all.iter().map(Node::value).collect(),
            Kind::Table(entries) => {
                entries.iter().map(|(name, _, node)| (name.clone(), node.value())).collect()
            }
        }
    }

    /// What stands in this table, which is called `subject`.
    ///
    /// # Errors
    /// When it is no table.
    pub fn table(&self, source: &Source, subject: &str) -> Result<&[Field]> {
        match &self.kind {
            Kind::Table(entries) => Ok(entries),
            _ => Err(source.refusal(self.place, subject, self.value(), "a table")),
        }
    }

    /// The tables in this list of them, or the one that it is.
    ///
    /// # Errors
    /// When it is neither.
    pub fn tables(&self, source: &Source, subject: &str) -> Result<Vec<&[Field]>> {
        match &self.kind {
            Kind::List(all) => all.iter().map(|one| one.table(source, subject)).collect(),
            _ => Ok(vec![self.table(source, subject)?]),
        }
    }
}
