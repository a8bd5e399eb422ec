//! The parts of a study: its axes, the options that runs share, and what some have instead.

use super::{
    axis::{Axis, single},
    node::{Field, Node, Place, Source},
};
use crate::error::Result;
use serde_json::Value;
use std::collections::HashSet;

/// Axes whose values go together; one alone makes a product with all others.
pub type Factor = Vec<Axis>;

/// What some runs have instead of, or beside, the defaults.
#[derive(Clone, Debug)]
pub struct Override {
    /// A factor, an axis of it, and the values for which this holds; all must.
    pub when: Vec<(usize, HashSet<usize>)>,
    pub set: Vec<(String, Place, Value)>,
}

type Part<'a> = Option<&'a Field>;

/// The axes of the product, one a factor, and those of each table of axes in step.
pub fn factors(source: &Source, axes: Part<'_>, zip: Part<'_>) -> Result<Vec<Factor>> {
    let axis = |(name, place, node): &Field| Axis::of(source, name, *place, node);
    let mut factors: Vec<Factor> = vec![];
    if let Some((_, _, node)) = axes {
        for entry in node.table(source, "axes")? {
            factors.push(vec![axis(entry)?]);
        }
    }
    if let Some((_, place, node)) = zip {
        for table in node.tables(source, "zip")? {
            let together: Factor = table.iter().map(axis).collect::<Result<_>>()?;
            let Some(first) = together.first() else {
                return Err(source.refusal(*place, "zip", "no axis", "axes that go together"));
            };
            if let Some(other) = together.iter().find(|other| other.values.len() != first.values.len()) {
                let expected =
                    format!("{}, as many as {} has: they go together", first.values.len(), first.name);
                return Err(source.refusal(
                    other.place,
                    &other.name,
                    format!("{} values", other.values.len()),
                    expected,
                ));
            }
            factors.push(together);
        }
    }
    let mut seen = HashSet::new();
    if let Some(twice) = factors.iter().flatten().find(|axis| !seen.insert(axis.name.clone())) {
        return Err(source.refusal(twice.place, "axes", &twice.name, "each axis once"));
    }
    Ok(factors)
}

/// Options with one value each.
pub fn options(source: &Source, node: &Node, subject: &str) -> Result<Vec<(String, Place, Value)>> {
    let entries = node.table(source, subject)?;
    entries
        .iter()
        .map(|(name, place, value)| Ok((name.clone(), *place, single(source, name, value)?)))
        .collect()
}

/// What some runs have instead.
pub fn overrides(source: &Source, node: &Node, factors: &[Factor]) -> Result<Vec<Override>> {
    node.tables(source, "override")?
        .into_iter()
        .map(|entries| {
            let (mut when, mut set) = (vec![], vec![]);
            for (name, place, inner) in entries {
                match name.as_str() {
                    "set" => set = options(source, inner, "set")?,
                    "when" => {
                        for (name, place, values) in inner.table(source, "when")? {
                            let found = factors.iter().enumerate().find_map(|(f, factor)| {
                                Some((f, factor.iter().find(|axis| axis.name == *name)?))
                            });
                            let (f, axis) = found
                                .ok_or_else(|| source.refusal(*place, "when", name, "the name of an axis"))?;
                            when.push((f, axis.chosen(source, values)?));
                        }
                    }
                    other => return Err(source.refusal(*place, "override", other, "when and set")),
                }
            }
            let place = entries.first().and_then(|(_, place, _)| *place).or(node.place);
            if when.is_empty() || set.is_empty() {
                return Err(source.refusal(
                    place,
                    "override",
                    "one without when or set",
                    "both: for which values, and what instead",
                ));
            }
            Ok(Override { when, set })
        })
        .collect()
}
