//! The rows of a text file.

use super::separator::Separator;
use csv::{ReaderBuilder, StringRecord, Trim};

/// One row: its line, from 1, and its cells without the space around them.
pub type Row = (u64, StringRecord);

/// The rows of `text`; blank lines and lines that start with `#` are skipped.
///
/// # Errors
/// An item is an error where the text is no table at all, as after an unclosed quotation mark that never ends.
pub fn records(text: &str, separator: Separator) -> Box<dyn Iterator<Item = csv::Result<Row>> + '_> {
    let Some(byte) = separator.byte() else { return Box::new(spaced(text).map(Ok)) };
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .comment(Some(b'#'))
        .delimiter(byte)
        .from_reader(text.as_bytes());
    Box::new(reader.into_records().map(|record| {
        let record = record?;
        Ok((record.position().map_or(1, |at| first_line(text, at)), record))
    }))
}

fn spaced(text: &str) -> impl Iterator<Item = Row> {
    let lines = (1..).zip(text.lines());
    let rows = lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    rows.map(|(number, line)| (number, line.split_whitespace().collect()))
}

/// The line of the record at `position`, which the reader gives before the blank lines and remarks above the record.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let skipped = |line: &&str| line.trim_end_matches(['\r', '\n']).is_empty() || line.starts_with('#');
    let rest = text.get(position.byte() as usize..).unwrap_or_default();
    position.line() + rest.split_inclusive('\n').take_while(skipped).count() as u64
}

/// The cells of the last remark above the first row, where a program such as numpy's `savetxt` writes its headings.
pub fn remark(text: &str, separator: Separator) -> Option<StringRecord> {
    let above = text.lines().take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    let last = above.filter(|line| !line.trim().is_empty()).last()?;
    let content = last.trim_start().trim_start_matches('#');
    let first = records(content, separator).next()?.ok();
    first.map(|(_, cells)| cells)
}
