//! A table for a terminal.

use super::grid::{Column, Grid};
use prettytable::{
    Cell, Row, Table,
    format::{Alignment, FormatBuilder, LinePosition, LineSeparator, TableFormat},
};

/// The least width to which text is broken into lines.
const NARROWEST: usize = 9;
/// The same where the table is too wide all the same.
const READABLE: usize = 32;
/// Spaces between columns, and where the table is too wide with them.
const GAPS: [usize; 2] = [2, 1];

impl Grid {
    /// The table with rules, at most `width` columns wide where breaking headings and text into lines allows it. Numbers are never broken.
    pub fn pretty(&self, width: usize) -> String {
        let (limits, gap) = self.layout(width);
        let align = |column: Column| match column {
            Column::Right => Alignment::RIGHT,
            _ => Alignment::LEFT,
        };
        let fitted = |text: &str, column: Column, limit: usize| match column {
            Column::Elastic | Column::Wrapped => wrapped(text, limit),
            Column::Left | Column::Right => text.to_owned(),
        };
        let heads: Vec<String> =
            self.columns.iter().zip(&limits).map(|((head, _), limit)| wrapped(head, *limit)).collect();
        let lines = heads.iter().map(|head| head.matches('\n').count()).max().unwrap_or(0);
        // The last lines of the headings side by side.
        let heads = heads.iter().map(|head| "\n".repeat(lines - head.matches('\n').count()) + head);
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let cells = row.iter().zip(&self.columns).zip(&limits);
                cells.map(|((text, (_, column)), limit)| fitted(text, *column, *limit)).collect()
            })
            .collect();

        let row = |cells: &[String]| {
            let cells = cells.iter().zip(&self.columns);
            Row::new(cells.map(|(text, (_, column))| Cell::new_align(text, align(*column))).collect())
        };
        let mut table = Table::new();
        table.set_format(format(gap, rows.iter().flatten().any(|cell| cell.contains('\n'))));
        table.set_titles(row(&heads.collect::<Vec<_>>()));
        for cells in &rows {
            table.add_row(row(cells));
        }
        let mut text = self.heading(width);
        let beyond = RULE.to_string().repeat(gap);
        for line in table.to_string().lines() {
            // Behind the last column there is nothing.
            let ended = if line.starts_with(RULE) { line.strip_suffix(&beyond) } else { None };
            text.push_str(ended.unwrap_or(line.trim_end()));
            text.push('\n');
        }
        text
    }

    fn heading(&self, width: usize) -> String {
        let lines = std::iter::once(&self.title).chain(&self.captions);
        lines.map(|line| wrapped(&flagged(line), width) + "\n").collect()
    }

    /// The width of each column, and the gap between two: as wide as their text where that fits. Else headings are broken, and what may be wrapped; then
    /// the gap is narrowed; then what had better stay in a line is broken too.
    fn layout(&self, width: usize) -> (Vec<usize>, usize) {
        let texts = [&[Column::Wrapped][..], &[Column::Wrapped, Column::Elastic]];
        let ways = texts.into_iter().flat_map(|text| GAPS.map(|gap| (text, gap)));
        let mut fits = ways.filter_map(|(text, gap)| Some((self.shrunk(width, text, gap)?, gap)));
        fits.next().unwrap_or_else(|| {
            let broken = self.least(&[Column::Wrapped], READABLE);
            (broken, GAPS[0])
        })
    }

    /// The widths of columns without breaks.
    fn natural(&self) -> Vec<usize> {
        let of = |i: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(i)).map(|cell| count(cell));
            cells.chain([count(&self.columns[i].0)]).max().unwrap_or(0)
        };
        (0..self.columns.len()).map(of).collect()
    }

    /// The widths to which columns can be brought: headings broken, and cells of the kinds `text`, those to no less than `readable`.
    fn least(&self, text: &[Column], readable: usize) -> Vec<usize> {
        let of = |(i, natural): (usize, usize)| {
            let (head, column) = &self.columns[i];
            let broken = text.contains(column);
            let cells = self.rows.iter().filter_map(|row| row.get(i));
            let cell = cells.map(|cell| if broken { longest(cell) } else { count(cell) }).max().unwrap_or(0);
            let floor = if broken { readable } else { 0 };
            cell.max(longest(head)).max(floor).min(natural)
        };
        self.natural().into_iter().enumerate().map(of).collect()
    }

    /// The widths of columns at which the table fits, the widest narrowed first; none if it never does.
    fn shrunk(&self, width: usize, text: &[Column], gap: usize) -> Option<Vec<usize>> {
        let (mut limits, least) = (self.natural(), self.least(text, NARROWEST));
        let gaps = gap * limits.len().saturating_sub(1);
        while limits.iter().sum::<usize>() + gaps > width {
            let narrower = limits.iter_mut().zip(&least).filter(|(limit, least)| **limit > **least);
            let (widest, _) = narrower.max_by_key(|(limit, _)| **limit)?;
            *widest -= 1;
        }
        Some(limits)
    }
}

const RULE: char = '\u{2500}';

/// Rules above, below the heads and below; between rows too where cells run over several lines.
fn format(gap: usize, between: bool) -> TableFormat {
    let mut positions = vec![LinePosition::Top, LinePosition::Title, LinePosition::Bottom];
    positions.extend(between.then_some(LinePosition::Intern));
    FormatBuilder::new()
        .padding(0, gap)
        .separators(&positions, LineSeparator::new(RULE, RULE, RULE, RULE))
        .build()
}

/// The text with options, which stand in back quotes, as the flags that they are on a command line.
fn flagged(text: &str) -> String {
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let of = |(i, part): (usize, &str)| match i % 2 {
        0 => part.to_owned(),
        _ if is_name(part) => format!("--{part}"),
        _ => format!("`{part}`"),
    };
    text.split('`').enumerate().map(of).collect()
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// The characters of the longest part that is not broken.
fn longest(text: &str) -> usize {
    text.split(' ').flat_map(parts).map(count).max().unwrap_or(0)
}

/// The parts of a word between which a line may end: after a mark before a letter, outside parentheses, so that no number is broken.
fn parts(word: &str) -> Vec<&str> {
    let (mut parts, mut start, mut before, mut open) = (vec![], 0, ' ', 0i32);
    for (at, mark) in word.char_indices() {
        let next = at + mark.len_utf8();
        open += i32::from(mark == '(') - i32::from(mark == ')');
        // Behind a digit these may belong to a number, as in 1/pi.
        let ends = matches!(mark, ',' | ':') || matches!(mark, '/' | '.' | '_') && !before.is_numeric();
        if ends && open == 0 && word[next..].starts_with(char::is_alphabetic) {
            parts.push(&word[start..next]);
            start = next;
        }
        before = mark;
    }
    parts.push(&word[start..]);
    parts
}

/// `text` broken at spaces into lines of at most `limit` characters; a longer word between its parts, of which one may be longer still.
fn wrapped(text: &str, limit: usize) -> String {
    let (mut lines, mut line) = (vec![], String::new());
    for word in text.split(' ') {
        let parts = if count(word) <= limit { vec![word] } else { parts(word) };
        for (i, part) in parts.into_iter().enumerate() {
            let gap = if i == 0 && !line.is_empty() { " " } else { "" };
            if !line.is_empty() && count(&line) + gap.len() + count(part) > limit {
                lines.push(std::mem::take(&mut line));
            } else {
                line.push_str(gap);
            }
            line.push_str(part);
        }
    }
    lines.push(line);
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
    fn options_in_captions_are_flags() {
        let caption = "of a given `width`; see `hinf plan`, and `1`";
        let shown = Grid { captions: vec![caption.into()], ..grid() }.pretty(200);
        assert!(shown.contains("of a given --width; see `hinf plan`, and `1`"), "{shown}");
    }

    #[test]
    fn numbers_are_never_broken() {
        let long = "1234567890".repeat(6) + "/pi^2";
        for width in [20, 40, 80, 200] {
            let text = grid().pretty(width);
            assert!(text.contains(&long) && !text.contains('\u{2026}'), "{text}");
        }
        let mut numbers = grid();
        numbers.columns =
            ["a number", "share of all", "interval"].map(|h| (h.into(), Column::Right)).to_vec();
        numbers.rows = vec![vec!["-1.234567e-12".into(), "0.5".into(), "[0.93, 1.049]".into()]];
        for width in 1..50 {
            let text = numbers.pretty(width);
            assert!(["-1.234567e-12", "0.5", "[0.93, 1.049]"].iter().all(|n| text.contains(n)), "{text}");
        }
    }

    #[test]
    fn a_table_fits_the_terminal_by_its_text_its_headings_and_its_gaps() {
        let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap();
        let mut text = grid();
        text.rows[0][1] = "some words, and w=1/3,and-more:still".into();
        text.rows[0][2] = "word ".repeat(40);
        for width in [40, 60, 80] {
            let shown = text.pretty(width);
            assert!(widest(&shown) <= width && shown.contains("w=1/3,"), "{shown}");
        }
        let numbers = Grid {
            title: "T".into(),
            captions: vec![],
            columns: vec![("first steps".into(), Column::Right), ("k".into(), Column::Right)],
            rows: vec![vec!["12".into(), "123456".into()]],
        };
        let rules =
            |text: &str| text.lines().filter(|line| line.starts_with(RULE)).map(count).collect::<Vec<_>>();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let wide = numbers.pretty(80);
        assert_eq!((rules(&wide), lines(&wide)[2].as_str()), (vec![19; 3], "first steps       k"));
        assert_eq!(lines(&numbers.pretty(13))[2..4], ["first", "steps       k"]);
        assert_eq!(parts("a/b:c,d=1/2,N(d,k)_1.5"), ["a/", "b:", "c,", "d=1/2,", "N(d,k)_1.5"]);
        assert_eq!(rules(&numbers.pretty(13)), [13; 3]);
        assert_eq!(rules(&numbers.pretty(12)), [12; 3]);
    }
}
