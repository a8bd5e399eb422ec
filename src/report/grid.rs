//! One table: a title, captions, columns and rows, and its renderings.

use crate::experiment::sweep::text;
use serde::Serialize;
use serde_json::Value;

/// How a column is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text, to the left.
    Left,
    /// Numbers, to the right.
    Right,
    /// Text that a narrow terminal may shorten in the middle.
    Elastic,
    /// Text that a narrow terminal may break into lines.
    Wrapped,
}

/// A table of text.
#[derive(Clone, Debug)]
pub struct Grid {
    /// What the table shows, in a line.
    pub title: String,
    /// Further lines: formula, normalisation, checks.
    pub captions: Vec<String>,
    /// Headings and layouts.
    pub columns: Vec<(String, Column)>,
    /// The cells, one row a line.
    pub rows: Vec<Vec<String>>,
}

/// A table for other programs from records of the same named cells, at least one.
pub fn records(title: &str, captions: Vec<String>, records: Vec<Vec<(&'static str, String)>>) -> Grid {
    let heads = records.first().into_iter().flatten();
    Grid {
        title: title.into(),
        captions,
        columns: heads.map(|(head, _)| ((*head).to_owned(), Column::Left)).collect(),
        rows: records.into_iter().map(|record| record.into_iter().map(|(_, cell)| cell).collect()).collect(),
    }
}

/// The fields of a record as its JSON has them, as text. A pair `x_ci` is two fields, `x_low` and `x_high`; a list of plain values is one, with blanks
/// between them; lists of records are left out.
fn fields(record: &impl Serialize) -> Vec<(String, String)> {
    let Ok(Value::Object(all)) = serde_json::to_value(record) else { return vec![] };
    let plain = |value: &Value| if value.is_null() { String::new() } else { text(value) };
    let mut fields = vec![];
    for (name, value) in all {
        match (name.strip_suffix("_ci"), value) {
            (Some(of), pair) => {
                let ends = ["low", "high"].into_iter().enumerate();
                let end = |(at, end)| (format!("{of}_{end}"), pair.get(at).map_or_else(String::new, plain));
                fields.extend(ends.map(end));
            }
            (None, Value::Array(all)) if all.iter().any(Value::is_object) => {}
            (None, Value::Array(all)) => {
                fields.push((name, all.iter().map(text).collect::<Vec<_>>().join(" ")))
            }
            (None, value) => fields.push((name, plain(&value))),
        }
    }
    fields
}

impl Grid {
    /// The same title and captions over a table for other programs: rows as their JSON has them, to the last digit, each after the fields that all of
    /// them share. A field of a row by the name of one of those is called `rows.NAME`.
    pub fn of(self, shared: &impl Serialize, rows: &[impl Serialize]) -> Self {
        let shared = fields(shared);
        let record = |row| {
            let own =
                fields(row).into_iter().map(|(name, cell)| match shared.iter().any(|(of, _)| *of == name) {
                    true => (format!("rows.{name}"), cell),
                    false => (name, cell),
                });
            shared.iter().cloned().chain(own).collect::<Vec<_>>()
        };
        let records: Vec<Vec<(String, String)>> = rows.iter().map(record).collect();
        let mut heads: Vec<&str> = vec![];
        for (name, _) in records.iter().flatten() {
            if !heads.contains(&name.as_str()) {
                heads.push(name);
            }
        }
        let line = |record: &Vec<(String, String)>| {
            let cell =
                |head: &&str| record.iter().find(|(name, _)| name == head).map(|(_, cell)| cell.clone());
            heads.iter().map(|head| cell(head).unwrap_or_default()).collect()
        };
        Self {
            columns: heads.iter().map(|head| ((*head).to_owned(), Column::Left)).collect(),
            rows: records.iter().map(line).collect(),
            ..self
        }
    }

    /// The table in Markdown, captions below the title as a list.
    pub fn markdown(&self) -> String {
        let clean = |text: &str| text.replace('|', "\\|");
        let mut text = format!("**{}**\n\n", clean(&self.title));
        self.captions.iter().for_each(|caption| text.push_str(&format!("- {}\n", clean(caption))));
        if !self.captions.is_empty() {
            text.push('\n');
        }
        let heads: Vec<String> = self.columns.iter().map(|(head, _)| clean(head)).collect();
        let rules = self.columns.iter().map(|(_, c)| if *c == Column::Right { "---:" } else { ":---" });
        text.push_str(&format!("| {} |\n", heads.join(" | ")));
        text.push_str(&format!("| {} |\n", rules.collect::<Vec<_>>().join(" | ")));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| clean(cell)).collect();
            text.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        text
    }

    /// The rows as comma-separated values under a header line, with the title and captions as `#` comments above.
    pub fn csv(&self) -> String {
        let lines = std::iter::once(&self.title).chain(&self.captions);
        let comments: String = lines.map(|line| format!("# {line}\n")).collect();
        let values = self.values();
        comments + &String::from_utf8_lossy(&values)
    }

    /// The rows as comma-separated values under a header line.
    pub fn values(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing into memory cannot fail, and every row has as many cells as there are columns.
        let _ = writer.write_record(self.columns.iter().map(|(head, _)| head));
        self.rows.iter().for_each(|row| {
            let _ = writer.write_record(row);
        });
        writer.into_inner().unwrap_or_default()
    }

    /// The table as a LaTeX `table` with a `tabular`, rules by booktabs.
    pub fn latex(&self) -> String {
        let spec: String =
            self.columns.iter().map(|(_, c)| if *c == Column::Right { 'r' } else { 'l' }).collect();
        let line = |cells: Vec<String>| cells.join(" & ") + " \\\\\n";
        let heads = line(self.columns.iter().map(|(head, _)| escaped(head)).collect());
        let rows: String =
            self.rows.iter().map(|row| line(row.iter().map(|c| escaped(c)).collect())).collect();
        let caption: Vec<String> =
            std::iter::once(&self.title).chain(&self.captions).map(|t| escaped(t)).collect();
        format!(
            "% needs \\usepackage{{booktabs}}\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\begin{{tabular}}{{{spec}}}\n\
             \\toprule\n{heads}\\midrule\n{rows}\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n",
            caption.join(". ")
        )
    }
}

/// Text for LaTeX: special characters escaped, and the mathematics of closed forms set as such.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '^' => out.push_str("\\^{}"),
            '~' => out.push_str("\\~{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            // Of text in the encoding OT1 they are other signs.
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            '\u{2026}' => out.push_str("\\dots{}"),
            _ => out.push(c),
        }
    }
    out.replace("pi\\^{}2", "$\\pi^2$")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn grid() -> Grid {
        Grid {
            title: "A title | with a bar".into(),
            captions: vec!["100% of K(1)".into()],
            columns: vec![
                ("k".into(), Column::Right),
                ("exact".into(), Column::Elastic),
                ("note".into(), Column::Wrapped),
            ],
            rows: vec![vec!["1".into(), "1234567890".repeat(6) + "/pi^2", "two, words".into()]],
        }
    }

    #[test]
    fn special_characters_are_escaped() {
        assert!(grid().markdown().contains("A title \\| with a bar"));
        assert!(grid().csv().contains("\"two, words\""));
        assert!(grid().latex().contains("100\\% of K(1)"));
        assert!(grid().latex().contains("/$\\pi^2$"));
        assert!(grid().latex().contains("A title \\textbar{} with a bar"));
        assert_eq!(escaped("1 < k > 2"), "1 \\textless{} k \\textgreater{} 2");
    }

    #[test]
    fn records_are_those_of_json_with_one_name_a_column() {
        let shared = json!({"kernel": "laplace", "repeats": 2});
        let rows = [
            json!({"degree": 1, "ratio": 1e-7, "ratio_ci": [0.1, 1.0 / 3.0], "repeats": [18, null], "trials": [{"steps": 3}]}),
            json!({"degree": 2, "ratio": null, "ratio_ci": null, "repeats": [], "more": true}),
        ];
        let found = grid().of(&shared, &rows);
        let heads: Vec<&str> = found.columns.iter().map(|(head, _)| head.as_str()).collect();
        assert_eq!(
            heads,
            ["kernel", "repeats", "degree", "ratio", "ratio_low", "ratio_high", "rows.repeats", "more"]
        );
        assert_eq!(found.rows[0], ["laplace", "2", "1", "1e-7", "0.1", "0.3333333333333333", "18 null", ""]);
        assert_eq!(found.rows[1], ["laplace", "2", "2", "", "", "", "", "true"]);
        assert_eq!(found.captions, grid().captions);
    }
}
