//! The results of a sweep: one table, and curves.

use super::{
    Column as Typed, Format, Show,
    grid::{Column, Grid},
    plot::{Axis, Plot, Point, Series, Style},
};
use crate::experiment::{
    collect::{Curve, Curves, OWN, Report, Row},
    sweep::{State, text},
};
use std::borrow::Cow;

/// Runs, and columns of results, that a table for a person shows.
const SHOWN: usize = 60;
const SHOWN_COLUMNS: usize = 4;
/// From this ratio of the largest to the least value an axis is logarithmic.
const WIDE: f64 = 20.0;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let columns = self.telling();
        let heads = self
            .axes
            .iter()
            .map(|axis| (axis.clone(), Column::Elastic))
            .chain([("state".into(), Column::Left)]);
        let heads =
            heads.chain(columns.iter().map(|column| (self.columns[*column].clone(), Column::Elastic)));
        let cells = |row: &Row| {
            let own = row.values.values().map(text).chain([row.state.name().to_owned()]);
            own.chain(columns.iter().map(|column| row.cells.get(*column).unwrap_or_default().to_owned()))
                .collect()
        };
        let mut captions = self.captions();
        if self.rows.len() > SHOWN {
            captions.push(format!("the first {SHOWN} runs; --format csv has all {}", self.rows.len()));
        }
        if columns.len() < self.columns.len() {
            let hidden = self.columns.len() - columns.len();
            captions.push(format!(
                "{hidden} more columns; --columns names those that are wanted, --format csv has all"
            ));
        }
        vec![Grid {
            title: self.title(),
            captions,
            columns: heads.collect(),
            rows: self.rows.iter().take(SHOWN).map(cells).collect(),
        }]
    }

    fn records(&self) -> Vec<Grid> {
        let columns = self.columns().unwrap_or_default();
        let cell =
            |column: &Typed<'_>, row: usize| column.cells[row].as_deref().unwrap_or_default().to_owned();
        let line = |row| columns.iter().map(|column| cell(column, row)).collect();
        vec![Grid {
            title: self.title(),
            captions: self.captions(),
            columns: columns.iter().map(|column| (column.name.to_owned(), Column::Left)).collect(),
            rows: (0..self.rows.len()).map(line).collect(),
        }]
    }

    fn columns(&self) -> Option<Vec<Typed<'_>>> {
        let axes = self.axes.iter().map(|axis| Typed {
            name: axis,
            cells: self.rows.iter().map(|row| row.values.get(axis).map(|value| text(value).into())).collect(),
        });
        let of = |name, cell: fn(&Row) -> Option<&str>| Typed {
            name,
            cells: self.rows.iter().map(|row| cell(row).map(Cow::Borrowed)).collect(),
        };
        let [run, state, error] = OWN;
        let own =
            [of(run, |row| Some(&row.run)), of(state, |row| Some(row.state.name())), of(error, Row::error)];
        let mut results: Vec<Typed<'_>> =
            self.columns.iter().map(|name| Typed { name, cells: vec![None; self.rows.len()] }).collect();
        for (place, row) in self.rows.iter().enumerate() {
            row.cells.iter().for_each(|(column, cell)| results[column].cells[place] = Some(cell.into()));
        }
        Some(axes.chain(own).chain(results).collect())
    }

    fn own(&self, format: Format) -> Option<String> {
        match format {
            Format::Csv => Some(self.csv()),
            Format::JsonLines => Some(
                self.rows.iter().filter_map(|row| Some(serde_json::to_string(row).ok()? + "\n")).collect(),
            ),
            _ => None,
        }
    }
}

impl Row {
    /// Why there is no result, where that is known.
    fn error(&self) -> Option<&str> {
        match &self.state {
            State::Failed(error) => Some(error),
            _ => self.file_is.as_deref(),
        }
    }
}

impl Report {
    fn title(&self) -> String {
        format!("Results of hinf {} in {}", self.command, self.folder)
    }

    fn captions(&self) -> Vec<String> {
        let mut captions = vec![format!(
            "{} runs: {} finished, {} failed, {} missing",
            self.runs, self.finished, self.failed, self.missing
        )];
        if self.foreign > 0 {
            captions.push(format!("{} files are of runs that the study does not have", self.foreign));
        }
        captions
    }

    /// The columns that a person sees: the first that are not the same in all runs, or the first.
    fn telling(&self) -> Vec<usize> {
        let shown: Vec<&Row> = self.rows.iter().filter(|row| row.state.is_finished()).take(SHOWN).collect();
        let varies = |column: &usize| {
            let mut cells = shown.iter().map(|row| row.cells.get(*column));
            let first = cells.next();
            cells.any(|cell| Some(cell) != first)
        };
        let found: Vec<usize> = (0..self.columns.len()).filter(varies).take(SHOWN_COLUMNS).collect();
        if found.is_empty() { (0..self.columns.len().min(SHOWN_COLUMNS)).collect() } else { found }
    }

    /// All cells, written as they come: they may be many.
    fn csv(&self) -> String {
        let lines = std::iter::once(self.title()).chain(self.captions());
        let comments: String = lines.map(|line| format!("# {line}\n")).collect();
        let mut writer = csv::Writer::from_writer(comments.into_bytes());
        let heads = self.axes.iter().map(String::as_str).chain(OWN);
        // Writing into memory cannot fail, and every row has as many cells as there are columns.
        let _ = writer.write_record(heads.chain(self.columns.iter().map(String::as_str)));
        for row in &self.rows {
            let error = row.error().unwrap_or_default();
            row.values.values().for_each(|value| drop(writer.write_field(text(value))));
            [row.run.as_str(), row.state.name(), error]
                .iter()
                .for_each(|field| drop(writer.write_field(field)));
            let mut cells = vec![""; self.columns.len()];
            row.cells.iter().for_each(|(column, cell)| cells[column] = cell);
            cells.iter().for_each(|cell| drop(writer.write_field(cell)));
            let _ = writer.write_record(None::<&[u8]>);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// The curves of a report.
pub fn plot(command: &str, curves: &Curves) -> Plot {
    // The marks of subscripts are letters of a name.
    let plain = |name: &str| name.replace(['_', '^'], " ");
    let points = || curves.curves.iter().flat_map(|curve| &curve.points);
    let wide = |of: fn(&crate::experiment::collect::Mean) -> f64| {
        let (least, most) = points().map(of).fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(x), b.max(x)));
        least > 0.0 && most / least >= WIDE
    };
    let axis = |name: &str, log: bool| if log { Axis::log(plain(name)) } else { Axis::linear(plain(name)) };
    let series = |curve: &Curve| {
        let points = curve.points.iter().map(|point| Point {
            x: point.x,
            y: point.mean,
            interval: (point.runs > 1).then_some((point.low, point.high)),
        });
        let name = curves
            .by
            .as_ref()
            .map_or_else(|| plain(&curves.y), |by| format!("{} = {}", plain(by), plain(&curve.name)));
        Series { name, style: Style::Joined, points: points.collect() }
    };
    let several = points().map(|point| point.runs).max().unwrap_or(1) > 1;
    let mut caption = if several {
        "Means over the runs with the same values; bars from the least to the largest.".to_owned()
    } else {
        "One point a run.".into()
    };
    if curves.without > 0 {
        caption += &format!(" {} finished runs have no number here.", curves.without);
    }
    let title = format!("{} against {}", plain(&curves.y), plain(&curves.x));
    Plot {
        alt: format!("{title} of runs of hinf {command}."),
        title,
        caption,
        x: axis(&curves.x, wide(|point| point.x)),
        y: axis(&curves.y, wide(|point| point.mean)),
        series: curves.curves.iter().map(series).collect(),
    }
}
