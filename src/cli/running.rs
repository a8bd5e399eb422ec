//! From the flags of an experiment to its report.

#[cfg(feature = "mpi")]
use super::ranks;
use super::{
    output::{Outcome, Output},
    plotting::PlotFlag,
};
use crate::{
    error::Error,
    experiment::{self as experiments, Context, Options, Pipeline, Report as _, Request},
    report::{Show, plot::Plot},
};
use serde_json::Value;

/// The processes that share the work.
pub fn team() -> &'static dyn experiments::Team {
    #[cfg(feature = "mpi")]
    if let Some(ranks) = ranks::team() {
        return ranks;
    }
    &experiments::Alone
}

/// Runs the experiment that `flags` ask for, shows its report, and says whether its checks held.
pub fn experiment<O: Options>(
    flags: &impl serde::Serialize,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<Outcome, Error>
where
    <O::Request as Request>::Report: Show,
{
    let request = options::<O>(flags)?.build()?;
    let report = watched::<O>(&request, pipeline, output)?;
    output.show(&report)?;
    Ok(Outcome::of(report.passed()))
}

/// The same, with a plot of the report, where `--plot` asks for one. What cannot be drawn is refused before anything is shown.
pub fn plotted<O: Options>(
    flags: &impl serde::Serialize,
    plot: &PlotFlag,
    drawable: impl Fn(&O::Request) -> Result<(), Error>,
    draw: impl Fn(&<O::Request as Request>::Report) -> Plot,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<Outcome, Error>
where
    <O::Request as Request>::Report: Show,
{
    let Some(file) = plot.validated(output, &[])? else {
        return experiment::<O>(flags, pipeline, output);
    };
    let request = options::<O>(flags)?.build()?;
    drawable(&request)?;
    let report = watched::<O>(&request, pipeline, output)?;
    let drawing = file.drawn(&draw(&report))?;
    output.show(&report)?;
    file.write(&drawing)?;
    Ok(Outcome::of(report.passed()))
}

/// Runs a request under a progress bar.
pub fn watched<O: Options>(
    request: &O::Request,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<<O::Request as Request>::Report, Error> {
    let bar = output.bar(O::COMMAND);
    request.run(&Context { progress: &bar, team: team(), pipeline: *pipeline })
}

/// The options of an experiment behind `flags`, whose serde form is a map of what was given.
pub fn options<O: Options>(flags: &impl serde::Serialize) -> Result<O, Error> {
    let mut given = serde_json::to_value(flags).unwrap_or_default();
    if let Some(map) = given.as_object_mut() {
        // A flag that was not given says nothing.
        map.retain(|_, value| !value.is_null() && *value != Value::Bool(false));
    }
    O::from_value(given)
}
