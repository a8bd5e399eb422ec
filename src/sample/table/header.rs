//! Is the first row a heading?

use super::listed;
use csv::StringRecord;

/// Whether the first row of a text file holds headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// Told from the rows.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// Text that stands for a missing number.
pub(super) const MISSING: [&str; 9] = ["", "?", "-", ".", "na", "n/a", "null", "none", "#n/a"];

/// Is this a number, NaN and infinities included, or a mark for a missing one?
pub(super) fn numeric(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() || MISSING.contains(&cell.to_ascii_lowercase().as_str())
}

/// Is the first row a heading, and what to say where it is in doubt.
pub(super) struct Verdict {
    pub heading: bool,
    pub note: Option<String>,
}

/// Reads the first rows, `first` and those `below` it; `label` is the name of the label column, if there is one.
///
/// A row with text in it is a heading, unless that text occurs again below it in its column (a class name). A row of whole numbers one
/// after another, such as pandas' `0,1,2,3`, is a heading over rows that are nothing of the kind.
pub(super) fn decide(first: &StringRecord, below: &[StringRecord], label: Option<&str>) -> Verdict {
    let words: Vec<usize> = (0..first.len()).filter(|i| !numeric(&first[*i])).collect();
    let shown = || listed(first);
    if words.is_empty() {
        return of_numbers(first, below);
    }
    let named = label.is_some_and(|label| words.iter().any(|i| &first[*i] == label));
    let again = |i: &usize| below.iter().any(|row| row.get(*i) == Some(&first[*i]));
    let numbers = words.len() < first.len() && first.iter().any(|cell| cell.parse::<f64>().is_ok());
    if numbers && !named && words.iter().all(again) {
        let note = format!(
            "the first row ({}) is taken for data, since its words occur again below; header: yes takes it for headings",
            shown()
        );
        return Verdict { heading: false, note: Some(note) };
    }
    let doubtful = numbers
        && !named
        && below
            .iter()
            .take(1)
            .any(|row| words.iter().all(|i| row.get(*i).is_some_and(|cell| !numeric(cell))));
    let note = doubtful
        .then(|| format!("the first row ({}) is taken for headings; header: no takes it for data", shown()));
    Verdict { heading: true, note }
}

/// A first row without a word in it.
fn of_numbers(first: &StringRecord, below: &[StringRecord]) -> Verdict {
    let heading = counts(first)
        && below.first().is_some_and(|row| !counts(row))
        && (first.len() > 2 || fractions(below));
    let other = if heading { "header: no takes it for data" } else { "header: yes takes it for headings" };
    let taken = if heading { "headings" } else { "data" };
    // Distinct whole numbers, as years are, over columns none of which is of whole numbers.
    let doubtful = heading
        || first.len() > 2
            && first.iter().all(|cell| whole(cell).is_some())
            && (0..first.len()).all(|i| (0..i).all(|j| first[i] != first[j]))
            && below.len() > 1
            && (0..first.len())
                .filter(|i| below.iter().any(|row| row.get(*i).is_some_and(|c| whole(c).is_none())))
                .count()
                + 1
                >= first.len();
    let note = doubtful.then(|| format!("the first row ({}) is taken for {taken}; {other}", listed(first)));
    Verdict { heading, note }
}

/// The whole number that is written with digits alone.
fn whole(cell: &str) -> Option<u64> {
    cell.bytes().all(|byte| byte.is_ascii_digit()).then(|| cell.parse().ok()).flatten()
}

/// Whole numbers, each one more than the one before; an empty first cell, that of an index, does not matter.
fn counts(row: &StringRecord) -> bool {
    let from = usize::from(row.get(0) == Some("") && row.len() > 2);
    let numbers: Option<Vec<u64>> = row.iter().skip(from).map(whole).collect();
    numbers.is_some_and(|all| all.len() > 1 && all.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)))
}

/// Does every row have a cell that is no whole number?
fn fractions(rows: &[StringRecord]) -> bool {
    rows.iter().all(|row| row.iter().any(|cell| whole(cell).is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, label: Option<&str>) -> (bool, bool) {
        let rows: Vec<StringRecord> = text.split(' ').map(|row| row.split(',').collect()).collect();
        let found = decide(&rows[0], &rows[1..], label);
        (found.heading, found.note.is_some())
    }

    #[test]
    fn headings_are_told_from_rows() {
        for (text, heading, said) in [
            ("a,b 1,2 3,4", true, false),
            ("2019,2020,y 0.1,0.2,3 1,2,3", true, false),
            ("0,1,2,3 -0.79,0.2,-1.9,-1 1.4,0.6,-0.3,1", true, true),
            (",0,1,2 0,0.5,0.5,1 1,2.5,1,1", true, true),
            ("0,1,2,3,4 0,0,5,13,9 0,0,0,12,13", true, true),
            ("0,1 0.3,0.4 0.1,0.2", true, true),
            ("0,1 1,0 1,1", false, false),
            ("0,1,2 3,4,5 6,7,8", false, false),
            ("1,0,0 0,1,0 0,0,1", false, false),
            ("1990,2000,2010 0.1,0.2,0.3 0.3,0.2,0.5", false, true),
            ("5.1,3.5,setosa 4.9,3.0,setosa 4.7,3.2,rose", false, true),
            ("5.1,3.5,anna 4.9,3.0,berta 4.7,3.2,carla", true, true),
            ("a,b,species 4.9,3.0,red 4.7,3.2,blue", true, false),
            ("1,nan,2 3,4,5", false, false),
            ("1,,2 3,4,5", false, false),
            ("x,1 1,0", true, false),
        ] {
            assert_eq!(verdict(text, None), (heading, said), "{text}");
        }
        assert_eq!(verdict("1,2,y 3,4,y 3,4,y", Some("y")), (true, false), "the label is named");
    }
}
