//! Every experiment by its name, without its types: for fronts that hold neither, as another language.

use super::{
    Context, collect,
    entry::{AtOnce, Entry, Experiment},
    kernels, single, sweep, validate,
};
use crate::error::{Error, Result};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Those that are not one run.
const OTHERS: [Experiment; 4] = [
    Experiment::of::<kernels::Options>(),
    Experiment::of::<validate::Options>(),
    Experiment::of::<sweep::Options>(),
    Experiment::of::<collect::Options>(),
];

fn all() -> impl Iterator<Item = &'static Experiment> {
    single::EXPERIMENTS.iter().chain(&OTHERS)
}

/// The experiment of this name, for options that have at least the fields of `options`.
///
/// # Errors
/// When there is none.
fn entry(command: &str, options: &Value) -> Result<Entry> {
    let found = all().find(|experiment| experiment.command == command);
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
/// When there is no such experiment, and those of building its options and of running its request.
pub fn call(command: &str, options: Value, context: &Context<'_>) -> Result<(Value, bool)> {
    (entry(command, &options)?.call)(options, context)
}

/// The same as [`call`], the report as JSON, on this thread alone, where it takes no more than milliseconds and nobody needs to watch it; else nothing is done.
pub fn at_once(command: &str, options: &Value, context: &Context<'_>) -> AtOnce {
    (entry(command, options).ok()?.at_once)(options, context)
}

/// The names of the experiments.
pub fn commands() -> impl Iterator<Item = &'static str> {
    all().map(|experiment| experiment.command)
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
