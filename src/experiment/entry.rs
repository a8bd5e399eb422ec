//! An experiment without its types: options in, its report out, both as JSON.

use super::{Context, Options, Report, Request, fields, plan::Calibration};
use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::Value;

/// A report as JSON, and whether its checks held, where that is quick.
pub(super) type AtOnce = Option<Result<(String, bool)>>;

/// What can be done with the options of an experiment, each a map of fields.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// Builds them and runs the request: the report, serialised, and whether its checks held.
    pub call: fn(Value, &Context<'_>) -> Result<(Value, bool)>,
    /// The same, the report as JSON, where that takes no more than milliseconds; else nothing.
    pub at_once: fn(&Value, &Context<'_>) -> AtOnce,
    /// All of them, those that were not given by their defaults, as JSON text.
    pub whole: fn(Value) -> Result<String>,
    /// Are they a request?
    pub check: fn(Value) -> Result<()>,
    /// The seconds that they will take, if that can be told.
    pub foreseen: fn(Value, &Calibration, &Context<'_>) -> Option<f64>,
    /// The command line that asks for the same.
    pub line: fn(Value) -> Result<String>,
    /// Their names, with their defaults.
    pub defaults: fn() -> Value,
    /// [`Options::INPUTS`].
    pub inputs: &'static [&'static str],
    /// [`Options::OUTPUTS`].
    pub outputs: &'static [&'static str],
    /// [`Report::OF_THE_MACHINE`].
    pub of_the_machine: &'static [&'static str],
}

type ReportOf<O> = <<O as Options>::Request as Request>::Report;

impl Entry {
    pub const fn of<O: Options>() -> Self {
        Self {
            call: |options, context| {
                let report = O::from_value(options)?.build()?.run(context)?;
                Ok((serialised(&report)?, report.passed()))
            },
            at_once: |options, context| {
                let options = O::from_value(options.clone()).ok().filter(Options::are_light)?;
                let request = options.build().ok().filter(Request::is_quick)?;
                Some(request.run(context).and_then(|report| Ok((text(&report)?, report.passed()))))
            },
            whole: |options| text(&O::from_value(options)?),
            check: |options| O::from_value(options)?.build().map(drop),
            foreseen: |options, speed, context| {
                O::from_value(options).and_then(|options| options.build()).ok()?.foreseen(speed, context)
            },
            line: |options| Ok(O::from_value(options)?.line()),
            defaults: || serde_json::to_value(O::default()).unwrap_or_default(),
            inputs: O::INPUTS,
            outputs: O::OUTPUTS,
            of_the_machine: ReportOf::<O>::OF_THE_MACHINE,
        }
    }

    /// The names of the options.
    pub fn fields(&self) -> Vec<String> {
        fields(&(self.defaults)())
    }
}

fn serialised(report: &impl Report) -> Result<Value> {
    serde_json::to_value(report).map_err(unserialised)
}

fn text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(unserialised)
}

fn unserialised(error: serde_json::Error) -> Error {
    Error::numerical("report", error, "one that can be serialised")
}

/// An experiment by its name. What kind of options it takes may depend on what is given.
pub(super) struct Experiment {
    /// Its name.
    pub command: &'static str,
    /// What is done with options that have at least these fields.
    pub entry: fn(&Value) -> Entry,
}

impl Experiment {
    pub const fn of<O: Options>() -> Self {
        Self { command: O::COMMAND, entry: |_| Entry::of::<O>() }
    }
}
