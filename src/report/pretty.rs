//! A table for a terminal.

use super::grid::{Column, Grid};
use prettytable::{
    Cell, Row, Table,
    format::{Alignment, FormatBuilder, LinePosition, LineSeparator, TableFormat},
};

/// The least width to which a column is shortened.
const NARROWEST: usize = 9;
/// What a column costs beside its text.
const GAP: usize = 2;

impl Grid {
    /// The table with borders, at most `width` columns wide where shortening allows it.
    pub fn pretty(&self, width: usize) -> String {
        let limits = self.limits(width);
        let mut table = Table::new();
        table.set_format(self.format());
        let align = |column: Column| match column {
            Column::Right => Alignment::RIGHT,
            _ => Alignment::LEFT,
        };
        let heads = self.columns.iter().map(|(head, column)| Cell::new_align(head, align(*column)));
        table.set_titles(Row::new(heads.collect()));
        for row in &self.rows {
            let cells = row.iter().zip(&self.columns).zip(&limits).map(|((text, (_, column)), limit)| {
                let fitted = match column {
                    Column::Wrapped => wrapped(text, *limit),
                    _ => shortened(text, *limit),
                };
                Cell::new_align(&fitted, align(*column))
            });
            table.add_row(Row::new(cells.collect()));
        }
        let mut text = self.heading(width);
        for line in table.to_string().lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Rules above, below the heads and below; between rows too where cells run over several lines.
    fn format(&self) -> TableFormat {
        let rule = LineSeparator::new('\u{2500}', '\u{2500}', '\u{2500}', '\u{2500}');
        let mut positions = vec![LinePosition::Top, LinePosition::Title, LinePosition::Bottom];
        if self.columns.iter().any(|(_, column)| *column == Column::Wrapped) {
            positions.push(LinePosition::Intern);
        }
        FormatBuilder::new().padding(0, GAP).separators(&positions, rule).build()
    }

    fn heading(&self, width: usize) -> String {
        let lines = std::iter::once(&self.title).chain(&self.captions);
        lines.map(|line| wrapped(line, width) + "\n").collect()
    }

    /// The width of each column: as wide as its text, elastic ones shrunk until the table fits.
    fn limits(&self, width: usize) -> Vec<usize> {
        let count = |text: &str| text.chars().count();
        let mut limits: Vec<usize> = self.columns.iter().map(|(head, _)| count(head)).collect();
        for row in &self.rows {
            for (limit, text) in limits.iter_mut().zip(row) {
                *limit = (*limit).max(count(text));
            }
        }
        for kind in [Column::Elastic, Column::Wrapped, Column::Right] {
            loop {
                let total: usize = limits.iter().map(|limit| limit + GAP).sum();
                let shrinkable = self.columns.iter().zip(&mut limits).filter(|((head, column), limit)| {
                    *column == kind && **limit > NARROWEST.max(count(head))
                });
                let Some((_, widest)) = shrinkable.max_by_key(|(_, limit)| **limit) else { break };
                if total <= width {
                    return limits;
                }
                *widest -= 1;
            }
        }
        limits
    }
}

/// `text` in at most `limit` characters, with an ellipsis in the middle if it is cut.
fn shortened(text: &str, limit: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= limit {
        return text.to_owned();
    }
    let kept = limit.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    chars[..head].iter().chain(&['\u{2026}']).chain(&chars[chars.len() - tail..]).collect()
}

/// `text` broken at spaces into lines of at most `limit` characters; a longer word is broken anywhere.
fn wrapped(text: &str, limit: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest: Vec<char> = word.chars().collect();
        loop {
            let line = lines.last_mut().map_or(0, |line| line.chars().count());
            let gap = usize::from(line > 0);
            if line + gap + rest.len() <= limit || (line == 0 && rest.len() <= limit) {
                if let Some(last) = lines.last_mut() {
                    last.push_str(&" ".repeat(gap));
                    last.extend(rest);
                }
                break;
            }
            if line == 0 {
                let tail = rest.split_off(limit.max(1));
                if let Some(last) = lines.last_mut() {
                    last.extend(rest);
                }
                rest = tail;
            }
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_table_fits_the_terminal() {
        for width in [40, 60, 80] {
            let text = grid().pretty(width);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
        assert!(grid().pretty(200).contains(&("1234567890".repeat(6) + "/pi^2")));
    }
}
