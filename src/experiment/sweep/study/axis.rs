//! The values of one axis of a study.

use super::node::{Kind, Node, Place, Source};
use crate::{
    error::Result,
    math::{number, ranges},
};
use rug::{Float, Rational};
use serde_json::{Number, Value};
use std::collections::HashSet;

/// The most values of an axis.
const MOST_VALUES: usize = 1_000_000;
/// Bits of the powers of a factor, and those to which the last one may pass the end by rounding.
const POWER_BITS: u32 = 256;
const SLACK_BITS: i32 = 200;
/// What an axis is.
const AXIS: &str =
    "a list such as [1, 2], a range such as \"1..6\", or a table such as {from = 1, to = 64, factor = 2}";

/// An option that varies.
#[derive(Clone, Debug)]
pub struct Axis {
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// At least one, each once.
    pub values: Vec<(Place, Value)>,
}

impl Axis {
    /// The axis `name`, whose values `node` lists.
    ///
    /// # Errors
    /// When there is none, more than a million, one twice, or one that no option takes.
    pub fn of(source: &Source, name: &str, place: Place, node: &Node) -> Result<Self> {
        let values = values(source, name, node)?;
        let mut seen = HashSet::new();
        if let Some((at, twice)) = values.iter().find(|(_, value)| !seen.insert(text(value))) {
            return Err(source.refusal(*at, name, text(twice), "each value of an axis once"));
        }
        Ok(Self { name: name.into(), place, values })
    }

    /// Which values of the axis `node` lists: a list or range as an axis has, or a single value.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn chosen(&self, source: &Source, node: &Node) -> Result<HashSet<usize>> {
        let asked = match &node.kind {
            Kind::Scalar(value) => vec![(node.place, value.clone())],
            _ => values(source, &self.name, node)?,
        };
        let find = |(place, value): &(Place, Value)| {
            let wanted = text(value);
            let found = self.values.iter().position(|(_, own)| text(own) == wanted);
            found.ok_or_else(|| source.refusal(*place, &self.name, wanted, "a value that the axis has"))
        };
        asked.iter().map(find).collect()
    }
}

/// A value as it is shown.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn values(source: &Source, name: &str, node: &Node) -> Result<Vec<(Place, Value)>> {
    let at = |values: Vec<Value>| values.into_iter().map(|value| (node.place, value)).collect();
    match &node.kind {
        Kind::List(all) if all.is_empty() => {
            Err(source.refusal(node.place, name, "[]", "at least one value"))
        }
        Kind::List(all) => all.iter().map(|item| Ok((item.place, single(source, name, item)?))).collect(),
        Kind::Table(_) => Ok(at(stepped(source, name, node)?)),
        Kind::Scalar(Value::String(text)) if text.contains("..") => {
            let numbers = ranges::parse(name, text, 0, u32::MAX, MOST_VALUES);
            let numbers = numbers.map_err(|error| source.located(node.place, error))?;
            Ok(at(numbers.into_iter().map(Value::from).collect()))
        }
        Kind::Scalar(other) => Err(source.refusal(node.place, name, text(other), AXIS)),
    }
}

/// One value: a scalar, or a list of scalars for an option that takes one.
pub fn single(source: &Source, name: &str, node: &Node) -> Result<Value> {
    let plain = |node: &Node| matches!(node.kind, Kind::Scalar(_));
    match &node.kind {
        Kind::Scalar(value) => Ok(value.clone()),
        Kind::List(all) if !all.is_empty() && all.iter().all(plain) => Ok(node.value()),
        _ => Err(source.refusal(
            node.place,
            name,
            node.value(),
            "text, a number, true or false, or a list of them",
        )),
    }
}

/// The numbers `from`, `from + step`, ... or `from`, `from factor`, ... as far as `to`: decimals, not their sums in f64.
fn stepped(source: &Source, name: &str, node: &Node) -> Result<Vec<Value>> {
    let [mut from, mut to, mut step, mut factor] = [const { None }; 4];
    for (key, place, value) in node.table(source, name)? {
        let slot = match key.as_str() {
            "from" => &mut from,
            "to" => &mut to,
            "step" => &mut step,
            "factor" => &mut factor,
            other => return Err(source.refusal(*place, name, other, "from, to, and step or factor")),
        };
        let read = match &value.kind {
            Kind::Scalar(number @ Value::Number(_)) => number::parse(&number.to_string()),
            _ => None,
        };
        *slot = Some(read.ok_or_else(|| {
            source.refusal(value.place, &format!("{name}, {key}"), value.value(), "a number")
        })?);
    }
    let refuse = |value: &str, expected: &str| Err(source.refusal(node.place, name, value, expected));
    let (Some(from), Some(to)) = (from, to) else {
        return refuse("a range without an end", "both from and to");
    };
    let mut values = Vec::new();
    let mut push = |value: Value| {
        values.push(value);
        values.len() <= MOST_VALUES
    };
    match (step, factor) {
        (Some(_), Some(_)) => return refuse("a step and a factor", "one of them"),
        (None, Some(factor)) => {
            if from <= 0 || factor <= 1 || to < from {
                return refuse(
                    "a range that does not rise",
                    "from above 0, a factor above 1, and to at least from",
                );
            }
            // Not exactly: the digits of a power grow without end.
            let mut power = Float::with_val(POWER_BITS, &from);
            let end = Float::with_val(POWER_BITS, &to)
                * (1.0 + Float::with_val(POWER_BITS, Float::i_exp(1, -SLACK_BITS)));
            while power <= end && push(of_real(power.to_f64())) {
                power *= &factor;
            }
        }
        (step, None) => {
            let step = step.unwrap_or_else(|| Rational::from(1));
            if step <= 0 || to < from {
                return refuse("a range that does not rise", "a step above 0, and to at least from");
            }
            let mut at = from;
            while at <= to && push(of_rational(&at)) {
                at += &step;
            }
        }
    }
    if values.len() > MOST_VALUES {
        return refuse("too many values", &format!("at most {MOST_VALUES} of them"));
    }
    Ok(values)
}

/// A whole number as one, another as the nearest in f64.
fn of_rational(value: &Rational) -> Value {
    let whole = value.is_integer().then(|| value.numer().to_i64()).flatten();
    whole.map_or_else(|| of_real(Float::with_val(53, value).to_f64()), Value::from)
}

/// A number in f64; a whole one that f64 holds exactly is written as one.
fn of_real(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 2f64.powi(53) {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
