//! The results of a sweep in one table: one row a run, its values on the axes and all of its report as columns.
//!
//! Runs that are missing or failed are rows too, with the reason.

mod cells;
mod curves;

use super::{
    Context, Text,
    sweep::{Folder, Found, Identities, Outcome, State, Study},
};
use crate::error::{Error, Result};
pub use cells::Cells;
use cells::{Names, names};
pub use curves::{Curve, Curves, Mean};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use std::{
    borrow::Cow,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// Options of [`collect`](self).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The folder of a sweep.
    pub folder: Text,
    /// The columns of results that are kept, with commas between them: names, ends of names after a dot, `*` for anything; all without it.
    pub columns: Option<Text>,
    /// Of a plot: the axis along it.
    pub x: Option<Text>,
    /// Its result: a column, by its name or the end of it.
    pub y: Option<Text>,
    /// The axis of which each value is a curve; one curve without it.
    pub by: Option<Text>,
}

/// The columns that stand between the axes and the results.
pub const OWN: [&str; 3] = ["run", "state", "error"];
/// The most columns of results.
const MOST_COLUMNS: usize = 16_384;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    folder: Folder,
    columns: Option<Vec<String>>,
    curves: Option<curves::Request>,
}

/// The table; as JSON `hinf.collect/1`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The command of the runs.
    pub command: String,
    /// The folder of the results.
    pub folder: String,
    /// The options that vary.
    pub axes: Vec<String>,
    /// Runs of the study.
    pub runs: u64,
    /// Those that are finished.
    pub finished: u64,
    /// Those that could not be made.
    pub failed: u64,
    /// Those of which there is nothing, or nothing that serves.
    pub missing: u64,
    /// Files of runs that the study does not have.
    pub foreign: u64,
    /// The columns of results.
    pub columns: Vec<String>,
    /// The curves that were asked for.
    pub curves: Option<Curves>,
    /// One row a run, in the order of the study.
    pub rows: Vec<Row>,
}

/// One run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The hash of its request.
    pub run: String,
    /// Its values on the axes.
    pub values: Map<String, Value>,
    /// What there is of it.
    pub state: State,
    /// What is wrong with its file, where it is missing although there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_is: Option<Cow<'static, str>>,
    /// Its report.
    pub report: Option<Box<RawValue>>,
    /// The same as cells of the table.
    #[serde(skip)]
    pub cells: Cells,
}

impl super::Options for Options {
    const COMMAND: &'static str = "collect";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let path = Path::new(self.folder.as_str());
        if !path.is_dir() {
            return Err(Error::invalid("folder", path.display(), "the folder of a sweep"));
        }
        let listed = |text: &Text| text.as_str().split(',').map(|name| name.trim().to_owned()).collect();
        let curves = match (&self.x, &self.y) {
            (Some(x), Some(y)) => Some(curves::Request::new(x, y, self.by.as_ref())),
            (None, None) if self.by.is_none() => None,
            (None, _) => return Err(Error::invalid("x", "nothing", "the axis along the plot")),
            (_, None) => return Err(Error::invalid("y", "nothing", "the column that is drawn")),
        };
        Ok(Request { folder: Folder::at(path), columns: self.columns.as_ref().map(listed), curves })
    }

    /// The folder stands first, without a flag.
    fn words(&self) -> Vec<String> {
        let mut words = vec![Self::COMMAND.to_owned(), self.folder.to_string()];
        let options = [("columns", &self.columns), ("x", &self.x), ("y", &self.y), ("by", &self.by)];
        for (name, value) in options {
            words.extend(value.iter().flat_map(|value| [format!("--{name}"), value.to_string()]));
        }
        words
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let study = Study::from_value(&self.folder.study()?)?;
        let identities = Identities::new(study.command(), study.entry());
        let flat = Names::default();
        let axes: Vec<String> = study.axes().map(str::to_owned).collect();
        let done = AtomicU64::new(0);
        let row = |index: u64| {
            context.progress.go_on()?;
            let identity = identities.of(study.run(index))?;
            let values = axes.iter().cloned().zip(study.values(index).cloned()).collect();
            let mut row = Row {
                run: identity.name.clone(),
                values,
                state: State::Missing,
                file_is: None,
                report: None,
                cells: Cells::default(),
            };
            let see = |outcome: Outcome<'_>| {
                let state = State::of(&outcome);
                let report = match outcome {
                    Outcome::Finished { report, .. } => Some(report.into_owned()),
                    Outcome::Failed { .. } => None,
                };
                (state, report)
            };
            match self.folder.look(&identity, see)? {
                Found::Missing => {}
                Found::Unusable(why) => row.file_is = Some(why.into()),
                Found::Kept((state, report)) => {
                    row.state = state;
                    let value = report.as_ref().and_then(|report| serde_json::from_str(report.get()).ok());
                    row.cells = value.map_or_else(Cells::default, |value: Value| flat.cells(&value));
                    row.report = report;
                }
            }
            context.progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, study.runs());
            Ok(row)
        };
        let mut rows: Vec<Row> = (0..study.runs()).into_par_iter().map(row).collect::<Result<_>>()?;
        let mut cells: Vec<Cells> = rows.iter_mut().map(|row| std::mem::take(&mut row.cells)).collect();
        let kept =
            |name: &str| self.columns.as_ref().is_none_or(|all| all.iter().any(|own| names(own, name)));
        let drawn = |name: &str| self.curves.as_ref().is_some_and(|curves| names(&curves.y, name));
        let taken: Vec<&str> = axes.iter().map(String::as_str).chain(OWN).collect();
        let columns = flat.in_order(&mut cells, &taken, |name| kept(name) || drawn(name));
        if columns.len() > MOST_COLUMNS {
            return Err(Error::too_large(
                "columns",
                format!("{} columns", columns.len()),
                format!("{MOST_COLUMNS}: name those that are wanted"),
            ));
        }
        rows.iter_mut().zip(cells).for_each(|(row, cells)| row.cells = cells);
        self.named(&columns)?;
        let curves = self.curves.as_ref().map(|curves| curves.of(&axes, &columns, &rows)).transpose()?;
        let count = |is: &dyn Fn(&State) -> bool| rows.iter().filter(|row| is(&row.state)).count() as u64;
        let own: std::collections::HashSet<&str> = rows.iter().map(|row| row.run.as_str()).collect();
        let foreign = self.folder.names()?.iter().filter(|name| !own.contains(name.as_str())).count() as u64;
        Ok(Report {
            schema: "hinf.collect/1".into(),
            command: study.command().into(),
            folder: self.folder.path().display().to_string(),
            axes,
            runs: study.runs(),
            finished: count(&State::is_finished),
            failed: count(&|state| matches!(state, State::Failed(_))),
            missing: count(&|state| *state == State::Missing),
            foreign,
            columns,
            curves,
            rows,
        })
    }
}

impl Request {
    /// Every column that was asked for must be there, where there is any.
    fn named(&self, columns: &[String]) -> Result<()> {
        let asked = self.columns.iter().flatten();
        let missing = asked.into_iter().find(|own| !columns.iter().any(|name| names(own, name)));
        match missing {
            Some(missing) if !columns.is_empty() || self.columns.is_some() => Err(Error::invalid(
                "columns",
                missing,
                "a column of the results; without `columns` all are shown",
            )),
            _ => Ok(()),
        }
    }
}

impl super::Report for Report {}
