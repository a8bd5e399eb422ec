//! The product: each experiment as a typed call, options in, report out.
//!
//! An experiment has **options**, a struct whose fields are named as the flags of the command line and carry the documented
//! defaults. [`Options::build`] checks them and gives a **request**, which cannot be impossible; running it gives a **report**,
//! a typed value that serialises to the JSON of its schema. The command line, and every other front, fills in the options and shows the report;
//! it joins nothing.
//!
//! ```
//! use hinf::experiment::{Context, Options, Request, null_space};
//!
//! let options = null_space::Options { dim: "1..3".into(), ..Default::default() };
//! let report = options.build()?.run(&Context::default())?;
//! assert_eq!(report.rows[1].zero_degrees, "odd k >= 3");
//! # Ok::<(), hinf::Error>(())
//! ```
//!
//! * [`table`] — eigenvalues, degree by degree
//! * [`formula`] — eigenvalues as formulas in the degree
//! * [`verify`] — identities that a spectrum must satisfy
//! * [`matrix`] — a user's kernel matrices against a kernel
//! * [`check`] — a user's eigenvalues against the certified ones, in any convention
//! * [`null_space`] — the degrees that a kernel cannot see
//! * [`sample`] — Gram matrices of points, against the spectrum
//! * [`data`] — a user's own rows and labels
//! * [`curve`] — expected errors against points and against steps
//! * [`plan`] — what an experiment will need
//! * [`train`] — real networks, trained beside their predictions
//! * [`rows`] — the same on a user's own rows and labels
//! * [`validate`] — the whole chain, claim by claim
//! * [`sweep`] — a study of many runs, on one machine or a cluster; [`collect`] — their results in one table
//! * [`kernels`] — every kernel, its formula and defaults
//! * [`manifest`] — what made a report; [`resources`] — the memory that there is; [`patience`] and `announce` — a word to who waits
//! * `read` — the values of options; `choices` — their names; `text` — a value as it was given; `target` — what is learned
//! * [`pipeline`] — the stages that experiments join; [`model`] — the network that is trained
//!
//! Each is a type of options here; `entry` is one of them without its types, `single` lists those of one run, `registry` all.

mod announce;
pub mod check;
pub mod choices;
pub mod collect;
pub mod curve;
pub mod data;
mod entry;
pub mod formula;
pub mod kernels;
pub mod manifest;
pub mod matrix;
pub mod model;
pub mod null_space;
mod optimizer;
pub mod patience;
pub mod pipeline;
pub mod plan;
pub mod read;
mod registry;
pub mod resources;
pub mod rows;
pub mod sample;
mod single;
pub mod sweep;
pub mod table;
pub mod target;
pub mod text;
pub mod train;
pub mod validate;
pub mod verify;

pub use crate::gram::team::{Alone, Among, Team};
use crate::{
    error::{Error, Result},
    progress::{Progress, Unwatched},
};
pub use pipeline::Pipeline;
pub use registry::{at_once, call, commands, defaults, options};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    any::TypeId,
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};
pub use target::Target;
pub use text::Text;

/// The options of an experiment, as any front fills them in.
///
/// Their serde form is the one door: a map whose keys are the flags without their dashes, absent where the default serves.
pub trait Options: Serialize + DeserializeOwned + Default + 'static {
    /// The name of the experiment, which is that of its command.
    const COMMAND: &'static str;
    /// The checked request.
    type Request: Request;
    /// The options that name files which are read: what stands in them is a part of what is asked for.
    const INPUTS: &'static [&'static str] = &[];
    /// The options that name files or folders which are written, and what goes with them: of no use to one of many runs.
    const OUTPUTS: &'static [&'static str] = &[];

    /// The request, if the options ask for something that can be done.
    ///
    /// # Errors
    /// Names the first field that is wrong, its value, and what would be right.
    fn build(&self) -> Result<Self::Request>;

    /// Can it be seen that they are built in milliseconds on any machine?
    fn are_light(&self) -> bool {
        false
    }

    /// The options in `given`, a map of fields.
    ///
    /// # Errors
    /// When there is no such field, or its value is of no kind that it takes.
    fn from_value(given: Value) -> Result<Self> {
        let no_map =
            |given: &Value| Error::invalid(format!("options of {}", Self::COMMAND), given, "a map of fields");
        let Some(map) = given.as_object() else { return Err(no_map(&given)) };
        if let Ok(options) = Self::deserialize(&given) {
            return Ok(options);
        }
        let known = fields(&Self::default());
        if let Some(foreign) = map.keys().find(|key| !known.contains(key)) {
            let expected = format!("one of {}", known.join(", "));
            return Err(Error::invalid(format!("option of {}", Self::COMMAND), foreign, expected));
        }
        for (name, value) in map {
            let alone = Value::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<Self>(alone)
                .map_err(|_| Error::invalid(name.clone(), value, "a value of the kind that it takes"))?;
        }
        Err(no_map(&given))
    }

    /// The command line, as words, that asks for the same: the options that differ from the defaults.
    fn words(&self) -> Vec<String> {
        let mut words = vec![Self::COMMAND.to_owned()];
        let (given, defaults) =
            (serde_json::to_value(self).unwrap_or_default(), serialised_defaults::<Self>());
        for (name, value) in given.as_object().into_iter().flatten() {
            match value {
                same if defaults.get(name) == Some(same) => {}
                Value::Null | Value::Bool(false) => {}
                Value::Bool(true) => words.push(format!("--{name}")),
                Value::Array(several) => several.iter().for_each(|one| words.extend(flag(name, one))),
                one => words.extend(flag(name, one)),
            }
        }
        words
    }

    /// The command line that asks for the same, as one types it into a shell.
    fn line(&self) -> String {
        let words = std::iter::once("hinf".to_owned()).chain(self.words());
        words.map(|word| text::quoted(&word)).collect::<Vec<_>>().join(" ")
    }
}

/// What is asked for, checked: it can be run, and cannot be impossible.
pub trait Request {
    /// What comes of it.
    type Report: Report;

    /// Does the work.
    ///
    /// # Errors
    /// When a number or a file cannot be had, or the work is cancelled.
    fn run(&self, context: &Context<'_>) -> Result<Self::Report>;

    /// Is it done in milliseconds on any machine, by one thread?
    fn is_quick(&self) -> bool {
        false
    }

    /// Seconds that the work takes on a machine of this speed: an estimate, good to a factor of a few; `None` where none can be made.
    fn foreseen(&self, _: &plan::Calibration, _: &Context<'_>) -> Option<f64> {
        None
    }
}

/// What was found; serialises to the JSON of its schema, and is read back from it.
pub trait Report: Serialize + DeserializeOwned {
    /// Fields, at any depth of the serialised report, that depend on the machine or the clock and not on what was asked for.
    const OF_THE_MACHINE: &'static [&'static str] = &[];

    /// Did every check that the experiment makes hold?
    fn passed(&self) -> bool {
        true
    }
}

/// The defaults of some options, serialised once: a sweep asks for them at every run.
fn serialised_defaults<O: Options>() -> Arc<Value> {
    static KNOWN: LazyLock<Mutex<HashMap<TypeId, Arc<Value>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let defaults = || serde_json::to_value(O::default()).unwrap_or_default().into();
    Arc::clone(known.entry(TypeId::of::<O>()).or_insert_with(defaults))
}

fn fields<O: Serialize>(options: &O) -> Vec<String> {
    let given = serde_json::to_value(options).unwrap_or_default();
    given.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// A flag with its value; one that might be taken for a flag is joined to it.
fn flag(name: &str, value: &Value) -> Vec<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.starts_with('-') { vec![format!("--{name}={text}")] } else { vec![format!("--{name}"), text] }
}

/// What an experiment runs in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Watches the work, and may end it.
    pub progress: &'a dyn Progress,
    /// The processes that share the work.
    pub team: &'a dyn Team,
    /// The stages that are joined.
    #[doc(hidden)]
    pub pipeline: Pipeline,
}

impl Default for Context<'_> {
    /// Nobody watches.
    fn default() -> Self {
        Self::watched(&Unwatched)
    }
}

impl<'a> Context<'a> {
    /// Work that `progress` watches, in this process alone.
    pub fn watched(progress: &'a dyn Progress) -> Self {
        Self { progress, team: &Alone, pipeline: Pipeline::SOUND }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_are_read_from_a_map_and_rendered_as_a_command() {
        let given = json!({"dim": [1, 2], "max-degree": 7});
        let options = null_space::Options::from_value(given).unwrap();
        assert_eq!(options.dim, "1,2".into());
        assert_eq!(options.words(), ["null-space", "--dim", "1,2", "--max-degree", "7"]);
        let given = json!({"kernel": "expr:-t*(1+theta)", "dim": "2", "certify": true});
        let options = table::Options::from_value(given).unwrap();
        assert_eq!(options.line(), "hinf table --kernel 'expr:-t*(1+theta)' --dim 2 --certify");
    }

    #[test]
    fn foreign_fields_and_foreign_kinds_are_named() {
        let wrong = |given: Value| null_space::Options::from_value(given).unwrap_err().to_string();
        assert!(wrong(json!({"dimension": 2})).contains("one of kernel, dim, max-degree"));
        assert!(wrong(json!({"dim": {"a": 1}})).starts_with("dim: got"));
        assert!(wrong(json!([1])).contains("a map of fields"));
    }
}
