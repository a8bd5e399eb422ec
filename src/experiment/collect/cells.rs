//! Reports as the cells of one table: a column for each place in them.
//!
//! A record in a list is named by its degree where it has one, `rows[degree=3].value`, else by its place from 0, `tables[0].dim`; a list of plain values
//! is one cell, its values with blanks between them. A result by the name of a column that is there already, such as an axis, is called `result.NAME`.

use serde_json::Value;
use std::{
    collections::HashMap,
    fmt::Write,
    sync::{PoisonError, RwLock},
};

/// The cells of one run: columns, and where the text of each ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    text: String,
    ends: Vec<(u32, u32)>,
}

impl Cells {
    /// Its cells, each a column and its text.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end as usize));
        self.ends
            .iter()
            .zip(starts)
            .map(|((column, end), start)| (*column as usize, &self.text[start..*end as usize]))
    }

    /// The text in a column.
    pub fn get(&self, column: usize) -> Option<&str> {
        self.iter().find(|(own, _)| *own == column).map(|(_, text)| text)
    }
}

/// Names of columns, numbered as they come.
#[derive(Default)]
pub struct Names(RwLock<HashMap<String, u32>>);

impl Names {
    fn number(&self, name: &str) -> u32 {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return *known;
        }
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let next = names.len() as u32;
        *names.entry(name.to_owned()).or_insert(next)
    }

    /// The names that `keep` keeps, in the order in which the runs have them, none of them `taken`, and the cells by that order.
    pub fn in_order(self, cells: &mut [Cells], taken: &[&str], keep: impl Fn(&str) -> bool) -> Vec<String> {
        let names = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut by_number = vec![String::new(); names.len()];
        names.into_iter().for_each(|(name, number)| {
            by_number[number as usize] =
                if taken.contains(&name.as_str()) { format!("result.{name}") } else { name };
        });
        let kept: Vec<bool> = by_number.iter().map(|name| keep(name)).collect();
        let mut place = vec![None; by_number.len()];
        let mut ordered = vec![];
        for (number, _) in cells.iter().flat_map(|cells| &cells.ends) {
            let number = *number as usize;
            if kept[number] && place[number].is_none() {
                place[number] = Some(ordered.len() as u32);
                ordered.push(std::mem::take(&mut by_number[number]));
            }
        }
        for own in cells {
            let mut left = Cells::default();
            for (number, text) in own.iter() {
                if let Some(column) = place[number] {
                    left.push(column, |out| out.push_str(text));
                }
            }
            *own = left;
        }
        ordered
    }

    /// The cells of a report.
    pub fn cells(&self, report: &Value) -> Cells {
        let mut cells = Cells::default();
        self.add(report, &mut String::new(), &mut cells);
        cells
    }

    fn add(&self, value: &Value, path: &mut String, cells: &mut Cells) {
        let length = path.len();
        match value {
            Value::Object(map) => {
                for (name, inner) in map.iter().filter(|(name, _)| length > 0 || *name != "schema") {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.add(inner, path, cells);
                    path.truncate(length);
                }
            }
            Value::Array(all) if all.iter().any(|one| one.is_object() || one.is_array()) => {
                for (place, inner) in all.iter().enumerate() {
                    // Writing into memory cannot fail.
                    let _ = match inner.get("degree") {
                        Some(degree) => write!(path, "[degree={degree}]"),
                        None => write!(path, "[{place}]"),
                    };
                    self.add(inner, path, cells);
                    path.truncate(length);
                }
            }
            Value::Array(all) => {
                let texts: Vec<String> = all.iter().map(plain).collect();
                cells.push(self.number(path), |out| out.push_str(&texts.join(" ")));
            }
            Value::Null => {}
            scalar => cells.push(self.number(path), |out| out.push_str(&plain(scalar))),
        }
    }
}

impl Cells {
    fn push(&mut self, column: u32, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push((column, self.text.len() as u32));
    }
}

/// A value as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Does `pattern` name this column: whole, by its end after a dot, or with `*` for anything?
pub fn names(pattern: &str, column: &str) -> bool {
    let ends = |text: &str| {
        let parts: Vec<&str> = pattern.split('*').collect();
        let [first, middle @ .., last] = parts.as_slice() else { return text == pattern };
        let Some(rest) = text.strip_prefix(first) else { return false };
        let mut rest = rest;
        for part in middle {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    };
    ends(column) || column.match_indices('.').any(|(at, _)| ends(&column[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reports_are_flat_by_degree_and_place_in_the_order_of_the_runs() {
        let names = Names::default();
        let report = |value: &str| json!({"schema": "x/1", "tables": [{"dim": 2, "rows": [{"degree": 3, "value": value, "none": null}], "zeros": [1, 3]}]});
        let mut cells = [names.cells(&json!({"b": true, "dim": 2})), names.cells(&report("0.5"))];
        let columns = names.in_order(&mut cells, &["dim", "run"], |name| !name.ends_with("].dim"));
        assert_eq!(
            columns,
            [
                "b",
                "result.dim",
                "tables[0].rows[degree=3].degree",
                "tables[0].rows[degree=3].value",
                "tables[0].zeros"
            ]
        );
        let own: Vec<(usize, &str)> = cells[1].iter().collect();
        assert_eq!(own, [(2, "3"), (3, "0.5"), (4, "1 3")]);
        assert_eq!((cells[0].get(0), cells[0].get(1), cells[0].get(2)), (Some("true"), Some("2"), None));
    }

    #[test]
    fn a_pattern_names_columns_by_their_end_or_with_stars() {
        let column = "tables[0].rows[degree=3].value";
        for right in
            [column, "value", "rows[degree=3].value", "rows[*].value", "*", "tables*value", "t*[*].value"]
        {
            assert!(names(right, column), "{right}");
        }
        for wrong in ["alue", "rows[degree=4].value", "rows", "x*", "*x", ""] {
            assert!(!names(wrong, column), "{wrong}");
        }
    }
}
