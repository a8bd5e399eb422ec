//! Every experiment by its name, without its types: for fronts that hold neither, as another language or a study of many runs.

use super::{
    Context, Options, Report, Request, check, collect, curve, data, fields, formula, kernels, matrix,
    null_space, plan, rows, sample, sweep, table, train, validate, verify,
};
use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashSet;

/// A report as JSON, and whether its checks held, where that is quick.
type AtOnce = Option<Result<(String, bool)>>;

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
    pub foreseen: fn(Value, &plan::Calibration, &Context<'_>) -> Option<f64>,
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
    const fn of<O: Options>() -> Self {
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
struct Experiment {
    command: &'static str,
    entry: fn(&Value) -> Entry,
}

impl Experiment {
    const fn of<O: Options>() -> Self {
        Self { command: O::COMMAND, entry: |_| Entry::of::<O>() }
    }
}

/// The one command with three kinds of options: points that are drawn, a user's own rows, or a user's own matrices.
const GRAM: Experiment = Experiment {
    command: sample::Options::COMMAND,
    entry: |options| match (options.get("matrix"), options.get("data")) {
        (Some(_), _) => Entry::of::<matrix::Options>(),
        (None, Some(_)) => Entry::of::<data::Options>(),
        (None, None) => Entry::of::<sample::Options>(),
    },
};

/// Training, on harmonics or on a user's own rows.
const TRAIN: Experiment = Experiment {
    command: train::Options::COMMAND,
    entry: |options| match options.get("data") {
        Some(_) => Entry::of::<rows::Options>(),
        None => Entry::of::<train::Options>(),
    },
};

/// Every experiment.
const EXPERIMENTS: &[Experiment] = &[
    Experiment::of::<table::Options>(),
    Experiment::of::<formula::Options>(),
    Experiment::of::<verify::Options>(),
    Experiment::of::<check::Options>(),
    Experiment::of::<null_space::Options>(),
    GRAM,
    Experiment::of::<curve::Options>(),
    Experiment::of::<plan::Options>(),
    TRAIN,
    Experiment::of::<kernels::Options>(),
    Experiment::of::<validate::Options>(),
    Experiment::of::<sweep::Options>(),
    Experiment::of::<collect::Options>(),
];

/// The experiment of this name, for options that have at least the fields of `options`.
///
/// # Errors
/// When there is none.
pub(super) fn entry(command: &str, options: &Value) -> Result<Entry> {
    let found = EXPERIMENTS.iter().find(|experiment| experiment.command == command);
    let found = found.ok_or_else(|| {
        let names: Vec<&str> = commands().collect();
        Error::invalid("experiment", command, format!("one of {}", names.join(", ")))
    })?;
    Ok((found.entry)(options))
}

/// Runs the experiment of this name: options in, a map of fields; its report out, serialised, and whether its checks held.
///
/// The same as building the options and running the request; for fronts that hold neither type.
///
/// # Errors
/// When there is no such experiment, and those of [`Options::from_value`], [`Options::build`] and [`Request::run`].
pub fn call(command: &str, options: Value, context: &Context<'_>) -> Result<(Value, bool)> {
    (entry(command, &options)?.call)(options, context)
}

/// The same as [`call`], the report as JSON, on this thread alone, where it takes no more than milliseconds and nobody needs to watch it; else nothing is done.
pub fn at_once(command: &str, options: &Value, context: &Context<'_>) -> Option<Result<(String, bool)>> {
    (entry(command, options).ok()?.at_once)(options, context)
}

/// The names of the experiments.
pub fn commands() -> impl Iterator<Item = &'static str> {
    EXPERIMENTS.iter().map(|experiment| experiment.command)
}

/// The names of the options that this experiment takes, of all its kinds; none when there is no such experiment.
pub fn options(command: &str) -> Vec<String> {
    // What tells the kinds of one command apart.
    let kinds = [json!({}), json!({"data": ""}), json!({"matrix": ""})];
    let all = kinds.iter().filter_map(|given| entry(command, given).ok()).flat_map(|entry| entry.fields());
    let mut seen = HashSet::new();
    all.filter(|name| seen.insert(name.clone())).collect()
}

/// The options of this experiment as they are when nothing is given; null when there is no such experiment.
pub fn defaults(command: &str) -> Value {
    entry(command, &Value::Null).map_or(Value::Null, |entry| (entry.defaults)())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Unwatched;

    #[test]
    fn what_is_quick_is_the_same_at_once_and_nothing_else_is() {
        let context = Context::watched(&Unwatched);
        let at_once = |options: &Value| super::at_once("table", options, &context);
        let quick = json!({"kernel": "two-layer:bias=true", "dim": "2", "degrees": "0..9"});
        let found = at_once(&quick).unwrap().unwrap();
        let (report, passed) = call("table", quick, &context).unwrap();
        assert_eq!((serde_json::from_str::<Value>(&found.0).unwrap(), found.1), (report, passed));
        let changes = [
            json!({"kernel": "ntk:depth=3"}),
            json!({"kernel": "expr:t^2"}),
            json!({"kernel": "no"}),
            json!({"dim": "1..3"}),
            json!({"degrees": "101"}),
            json!({"digits": "101"}),
            json!({"explain": true}),
        ];
        for change in changes {
            let mut options = json!({"kernel": "two-layer", "dim": "2"});
            options.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert!(at_once(&options).is_none(), "{options}");
        }
    }
}
