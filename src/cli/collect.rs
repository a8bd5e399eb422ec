//! `hinf collect`: the results of a sweep in one table.

use super::{
    options,
    output::{Outcome, Output},
    plotting::PlotFlag,
    watched,
};
use crate::{
    error::{Error, Result},
    experiment::{Options as _, Pipeline, collect::Options},
    report::collect::plot,
};
use serde::Serialize;
use std::path::PathBuf;

/// Put the results of a sweep into one table: one row a run, its axes and its results as columns.
///
/// Runs that are missing or failed are rows too. A result is named by its place in the report, as rows[degree=3].ratio; --format csv has all of them,
/// --format jsonl the reports themselves, one a line, and --format parquet (in a program built with the feature parquet) columns with their types.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Examples:
  hinf collect results
  hinf collect results --format csv --output all.csv
  hinf collect results --format jsonl --output all.jsonl
  hinf collect results --plot ratio.svg --x width --y 'rows[degree=3].ratio' --by dim")]
pub struct Flags {
    /// The folder of a sweep.
    folder: PathBuf,
    /// Only these results: names or ends of names, with commas between them; * stands for anything.
    #[arg(long, value_name = "NAME,...")]
    columns: Option<String>,
    /// Of --plot: the axis along it.
    #[arg(long, value_name = "AXIS", requires = "y")]
    x: Option<String>,
    /// Of --plot: the result that is drawn.
    #[arg(long, value_name = "NAME", requires = "x")]
    y: Option<String>,
    /// Of --plot: the axis of which each value is a curve.
    #[arg(long, value_name = "AXIS", requires = "x")]
    by: Option<String>,
    #[command(flatten)]
    #[serde(skip)]
    plot: PlotFlag,
}

/// Collects, prints, and draws.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let file = flags.plot.validated(output, &[])?;
    if file.is_some() && flags.x.is_none() {
        return Err(Error::invalid("plot", "no axis", "`x` and `y` beside it: what is drawn against what"));
    }
    let request = options::<Options>(flags)?.build()?;
    let report = watched::<Options>(&request, pipeline, output)?;
    let drawing = match (&file, &report.curves) {
        (Some(file), Some(curves)) => Some(file.drawn(&plot(&report.command, curves))?),
        _ => None,
    };
    output.show(&report)?;
    if let (Some(file), Some(drawing)) = (file, drawing) {
        file.write(&drawing)?;
    }
    Ok(Outcome::Success)
}
