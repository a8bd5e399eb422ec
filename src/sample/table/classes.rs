//! Class names as numbers.

use serde::{Deserialize, Serialize};

/// A class and the number that stands for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// The name, as in the file.
    pub name: String,
    /// Its code.
    pub code: f64,
    /// How many rows are of it.
    pub rows: usize,
}

/// The codes of `names`, and the classes in the order of their names: -1 and 1 for two classes, 0, 1, 2, ... for any other number.
pub fn coded(names: &[String]) -> (Vec<f64>, Vec<Class>) {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let code = |i: usize| if sorted.len() == 2 { 2.0 * i as f64 - 1.0 } else { i as f64 };
    let mut classes: Vec<Class> = sorted
        .iter()
        .enumerate()
        .map(|(i, name)| Class { name: (*name).clone(), code: code(i), rows: 0 })
        .collect();
    let codes = names.iter().map(|name| {
        // Every name is among the sorted ones.
        let at = sorted.binary_search(&name).unwrap_or_default();
        classes[at].rows += 1;
        classes[at].code
    });
    (codes.collect(), classes)
}

/// How the classes are coded, in a line.
pub fn said(column: &str, classes: &[Class]) -> String {
    let pairs: Vec<String> =
        classes.iter().map(|class| format!("{} = {}", super::shortened(&class.name), class.code)).collect();
    let order = if classes.len() > 2 { "; the codes are numbers in the order of the names" } else { "" };
    format!(
        "the names in column {} are coded {}{order}",
        super::shortened(column),
        super::listed(pairs.iter().map(String::as_str))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_classes_are_minus_one_and_one() {
        let names = ["red", "blue", "red"].map(String::from);
        let (codes, classes) = coded(&names);
        assert_eq!(codes, [1.0, -1.0, 1.0]);
        assert_eq!(
            classes.iter().map(|c| (c.name.as_str(), c.rows)).collect::<Vec<_>>(),
            [("blue", 1), ("red", 2)]
        );
        let (codes, _) = coded(&["c", "a", "b"].map(String::from));
        assert_eq!(codes, [2.0, 0.0, 1.0]);
        assert_eq!(coded(&["x".into()]).0, [0.0]);
    }
}
