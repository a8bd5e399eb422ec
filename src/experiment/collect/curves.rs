//! A result against an axis, one curve each value of another.

use super::{
    super::{Text, sweep::text},
    Row, names,
};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Request {
    x: String,
    pub(super) y: String,
    by: Option<String>,
}

/// Curves over the runs of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Curves {
    /// The axis along the plot.
    pub x: String,
    /// The column that is drawn.
    pub y: String,
    /// The axis of which each value is a curve.
    pub by: Option<String>,
    /// The curves, in the order in which the runs have them.
    pub curves: Vec<Curve>,
    /// Finished runs without a number in the column.
    pub without: u64,
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Curve {
    /// The value of its axis.
    pub name: String,
    /// Its points, `x` rising.
    pub points: Vec<Mean>,
}

/// The runs of a curve with one value on the axis along the plot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mean {
    /// That value.
    pub x: f64,
    /// The mean of the results.
    pub mean: f64,
    /// The least of them.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// How many they are.
    pub runs: u64,
}

impl Request {
    pub fn new(x: &Text, y: &Text, by: Option<&Text>) -> Self {
        let owned = |text: &Text| text.as_str().to_owned();
        Self { x: owned(x), y: owned(y), by: by.map(owned) }
    }

    /// The curves of these runs.
    ///
    /// # Errors
    /// When there are no such axes, no such column or more than one, the axis along the plot has a value that is no number, or nothing can be drawn.
    pub fn of(&self, axes: &[String], columns: &[String], rows: &[Row]) -> Result<Curves> {
        for (field, name) in [("x", Some(&self.x)), ("by", self.by.as_ref())] {
            if let Some(foreign) = name.filter(|name| !axes.contains(name)) {
                let right = if axes.is_empty() {
                    "an axis, of which this study has none".into()
                } else {
                    format!("an axis: {}", axes.join(", "))
                };
                return Err(Error::invalid(field, foreign, right));
            }
        }
        let exact = columns.iter().position(|name| *name == self.y);
        let found: Vec<usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, name)| names(&self.y, name))
            .map(|(place, _)| place)
            .collect();
        let column = match (exact, &found[..]) {
            (Some(one), _) => one,
            (None, [one]) => *one,
            (None, []) => {
                return Err(Error::invalid(
                    "y",
                    &self.y,
                    "a column of the results, as the head of the CSV names them",
                ));
            }
            (None, several) => {
                let some: Vec<&str> = several.iter().take(4).map(|place| columns[*place].as_str()).collect();
                return Err(Error::invalid(
                    "y",
                    &self.y,
                    format!("one column; it could be {}", some.join(", ")),
                ));
            }
        };
        let mut curves: Vec<(String, BTreeMap<Sorted, Vec<f64>>)> = vec![];
        let mut without = 0;
        for row in rows.iter().filter(|row| row.state.is_finished()) {
            let Some(y) = row.cells.get(column).and_then(|cell| cell.parse::<f64>().ok()) else {
                without += 1;
                continue;
            };
            let at = row.values.get(&self.x).map(text).unwrap_or_default();
            let x = at.parse().map_err(|_| Error::invalid("x", at, "an axis whose values are numbers"))?;
            let name = self.by.as_ref().and_then(|by| row.values.get(by)).map(text).unwrap_or_default();
            let place = curves.iter().position(|(own, _)| *own == name).unwrap_or_else(|| {
                curves.push((name, BTreeMap::new()));
                curves.len() - 1
            });
            curves[place].1.entry(Sorted(x)).or_default().push(y);
        }
        if curves.is_empty() {
            return Err(Error::invalid(
                "y",
                &self.y,
                "a column with numbers in it, of runs that are finished",
            ));
        }
        let mean = |(x, all): (Sorted, Vec<f64>)| Mean {
            x: x.0,
            mean: all.iter().sum::<f64>() / all.len() as f64,
            low: all.iter().copied().fold(f64::INFINITY, f64::min),
            high: all.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            runs: all.len() as u64,
        };
        let curve = |(name, points): (String, BTreeMap<_, _>)| Curve {
            name,
            points: points.into_iter().map(mean).collect(),
        };
        Ok(Curves {
            x: self.x.clone(),
            y: columns[column].clone(),
            by: self.by.clone(),
            curves: curves.into_iter().map(curve).collect(),
            without,
        })
    }
}

/// A number that can be put in order.
#[derive(Clone, Copy, PartialEq)]
struct Sorted(f64);

impl Eq for Sorted {}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
