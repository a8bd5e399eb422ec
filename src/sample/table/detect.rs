//! What stands between the cells of a text file, told from its first rows.

use super::{delimited::records, separator::Separator};

/// Shares of cells that are numbers are compared in units of a thousandth.
const UNITS: usize = 1000;
/// How many rows are looked at.
pub(super) const LOOKED_AT: usize = 100;

/// Is this a number with a comma in it, as in `1,5`?
pub(super) fn decimal_comma(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.split_once(',').is_some_and(|(whole, part)| digits(whole.trim_start_matches('-')) && digits(part))
}

/// The separator of `text`: the one that cuts the most of its first rows into equally many cells, and those into numbers; commas
/// where none cuts anything.
pub fn separator(text: &str) -> Separator {
    let score = |separator: Separator| {
        let rows: Vec<_> = records(text, separator)
            .take(LOOKED_AT)
            .filter_map(Result::ok)
            .map(|(_, record)| record)
            .collect();
        // A first row may lack the heading of the row names.
        let width = rows.get(1).or(rows.first()).map_or(0, |row| row.len());
        if width < 2 {
            return (0, 0);
        }
        let equal = rows.iter().filter(|row| row.len() == width).count();
        let number =
            |cell: &&str| cell.parse::<f64>().is_ok() || separator != Separator::Comma && decimal_comma(cell);
        let cells = rows.iter().flat_map(|row| row.iter());
        (equal, UNITS * cells.clone().filter(number).count() / cells.count().max(1))
    };
    let mut best = (Separator::Comma, (0, 0));
    for separator in Separator::ALL {
        let found = score(separator);
        if found > best.1 {
            best = (separator, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_told_from_the_first_rows() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4\n", Separator::Comma),
            ("a;b\n1;2\n3;4\n", Separator::Semicolon),
            ("a\tb\n1\t2\n3\t4\n", Separator::Tab),
            ("# a b\n 1.0e+00  2.0e+00\n3 4\n", Separator::Spaces),
            ("1 2\n", Separator::Spaces),
            ("x, y\n1, 2\n3, 4\n", Separator::Comma),
            ("first name;b\n1;2\n3;4\n", Separator::Semicolon),
            ("a b,c d\n1,2\n", Separator::Comma),
            ("1,5;2,5\n3,5;4,5\n", Separator::Semicolon),
            ("7\n8\n", Separator::Comma),
            ("", Separator::Comma),
        ] {
            assert_eq!(separator(text), expected, "{text:?}");
        }
    }
}
