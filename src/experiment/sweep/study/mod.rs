//! A study: a command, and the options of its runs: a product of axes, axes in step, what all share, and what some have instead.

mod axis;
mod node;
mod parts;

use super::super::{entry::Entry, single};
use crate::error::{Error, ErrorKind, Result};
use axis::Axis;
pub use axis::text;
use node::{Node, Place, Source};
use parts::{Factor, Override, factors, options, overrides};
use serde_json::{Map, Value};
use std::{collections::HashSet, fs, path::Path};

/// The most runs of a study.
pub const MOST_RUNS: u64 = 1_000_000;
/// The longest file of a study, in bytes.
const LONGEST: u64 = 64 << 20;
/// Values of an axis that are tried before any run is made.
const TRIED: usize = 1000;
/// What stands in a study.
const PARTS: [&str; 5] = ["command", "defaults", "axes", "zip", "override"];

/// A study, checked: every option is one of the command's, with a value of its kind.
#[derive(Clone)]
pub struct Study {
    source: Source,
    tree: Value,
    command: String,
    entry: Entry,
    /// Where the command stands.
    place: Place,
    defaults: Vec<(String, Place, Value)>,
    factors: Vec<Factor>,
    overrides: Vec<Override>,
    runs: u64,
}

impl std::fmt::Debug for Study {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Study {}", self.tree)
    }
}

impl Study {
    /// The study in a file of TOML.
    ///
    /// # Errors
    /// With line and column, when it is no TOML, names what there is none of, has a value of a wrong kind, an axis without values or
    /// a value twice, more than a million runs, or runs that cannot be.
    pub fn from_file(path: &Path) -> Result<Self> {
        let refuse = |error| Error::io("cannot read", path, error);
        let size = fs::metadata(path).map_err(refuse)?.len();
        if size > LONGEST {
            return Err(Error::too_large("study", format!("{size} bytes"), format!("{LONGEST}")));
        }
        let bytes = fs::read(path).map_err(refuse)?;
        let name = path.display().to_string();
        let text = String::from_utf8(bytes);
        Self::from_toml(&name, text.map_err(|_| Error::invalid("study", &name, "text in UTF-8"))?)
    }

    /// The study in a text of TOML, called `name` in errors.
    ///
    /// # Errors
    /// As [`Self::from_file`].
    pub fn from_toml(name: &str, text: String) -> Result<Self> {
        let (source, root) = node::of_toml(name, text)?;
        Self::of(source, &root)
    }

    /// The study that a map is, with the same fields as the TOML.
    ///
    /// # Errors
    /// As [`Self::from_file`], without lines.
    pub fn from_value(map: &Value) -> Result<Self> {
        let (source, root) = node::of_map(map)?;
        Self::of(source, &root)
    }

    fn of(source: Source, root: &Node) -> Result<Self> {
        let parts = root.table(&source, "study")?;
        if let Some((foreign, place, _)) = parts.iter().find(|(name, _, _)| !PARTS.contains(&name.as_str())) {
            return Err(source.refusal(*place, "study", foreign, format!("one of {}", PARTS.join(", "))));
        }
        let part = |name: &str| parts.iter().find(|(own, _, _)| own == name);
        let listed = single::commands().collect::<Vec<_>>().join(", ");
        let Some((_, place, command)) = part("command") else {
            return Err(source.refusal(root.place, "command", "nothing", format!("one of {listed}")));
        };
        let name = text(&command.value());
        let known = single::EXPERIMENTS.iter().find(|experiment| experiment.command == name);
        let Some(experiment) = known else {
            return Err(source.refusal(command.place, "command", name, format!("one of {listed}")));
        };
        let factors = factors(&source, part("axes"), part("zip"))?;
        let defaults = match part("defaults") {
            None => vec![],
            Some((_, _, node)) => options(&source, node, "defaults")?,
        };
        let overrides = match part("override") {
            None => vec![],
            Some((_, _, node)) => overrides(&source, node, &factors)?,
        };
        let set = overrides.iter().flat_map(|one| &one.set);
        let names = defaults.iter().chain(set).map(|(name, _, value)| (name.clone(), value.clone()));
        let varied = factors.iter().flatten().map(|axis| (axis.name.clone(), axis.values[0].1.clone()));
        let entry = (experiment.entry)(&names.chain(varied).collect());
        let most = format!("at most {MOST_RUNS} runs");
        let product =
            factors.iter().try_fold(1u64, |runs, factor| runs.checked_mul(factor[0].values.len() as u64));
        let runs = product.filter(|runs| *runs <= MOST_RUNS).ok_or_else(|| {
            let lengths: Vec<String> =
                factors.iter().map(|factor| factor[0].values.len().to_string()).collect();
            let at = part("axes").or(part("zip")).map_or(*place, |(_, place, _)| *place);
            source.refusal(at, "axes", format!("{} runs", lengths.join(" x ")), most)
        })?;
        let study = Self {
            source,
            tree: root.value(),
            command: name,
            entry,
            place: *place,
            defaults,
            factors,
            overrides,
            runs,
        };
        study.check_options()?;
        study.try_runs()?;
        Ok(study)
    }

    /// Every option must be one of the command's, once, and every value of its kind.
    fn check_options(&self) -> Result<()> {
        let known = self.entry.fields();
        let varied: Vec<&Axis> = self.factors.iter().flatten().collect();
        let set = self.overrides.iter().flat_map(|one| &one.set);
        let fixed = self.defaults.iter().map(|(name, place, _)| (name, *place));
        let names = fixed.chain(set.clone().map(|(name, place, _)| (name, *place)));
        for (name, place) in names.clone().chain(varied.iter().map(|axis| (&axis.name, axis.place))) {
            if !known.contains(name) {
                let expected = format!("one of {}", known.join(", "));
                return Err(self.source.refusal(
                    place,
                    &format!("option of {}", self.command),
                    name,
                    expected,
                ));
            }
            if self.entry.outputs.contains(&name.as_str()) {
                let expected =
                    "no option that names what is written: each run is kept in the folder of the sweep";
                return Err(self.source.refusal(place, "option", name, expected));
            }
        }
        if let Some((name, place)) =
            names.clone().find(|(name, _)| varied.iter().any(|axis| axis.name == **name))
        {
            return Err(self.source.refusal(place, "option", name, "an option that is no axis"));
        }
        let values = varied
            .iter()
            .flat_map(|axis| axis.values.iter().map(|(place, value)| (&axis.name, place, value)));
        let fixed = self.defaults.iter().chain(set).map(|(name, place, value)| (name, place, value));
        // A kind is right or wrong whatever the value.
        let mut seen = HashSet::new();
        for (name, place, value) in values.chain(fixed) {
            if !seen.insert((name, kind(value))) {
                continue;
            }
            (self.entry.whole)(Value::from_iter([(name.clone(), value.clone())]))
                .map_err(|error| self.source.located(*place, error))?;
        }
        Ok(())
    }

    /// Is the first run one that can be, and does no value of an axis fail by itself, beside the first values of the others and beside their last?
    fn try_runs(&self) -> Result<()> {
        let first = vec![0; self.factors.len()];
        self.tried(&first).map_err(|error| self.blamed(&first, error))?;
        let last: Vec<usize> = self.factors.iter().map(|factor| factor[0].values.len() - 1).collect();
        for (f, factor) in self.factors.iter().enumerate() {
            for value in 1..factor[0].values.len().min(TRIED) {
                let fails = |others: &[usize]| {
                    let digits: Vec<usize> =
                        others.iter().enumerate().map(|(g, own)| if g == f { value } else { *own }).collect();
                    let error = self.tried(&digits).err()?;
                    let field = field(&error).to_owned();
                    let own =
                        error.kind() == ErrorKind::Invalid && factor.iter().any(|axis| axis.name == field);
                    own.then(|| self.blamed(&digits, error))
                };
                if let (Some(_), Some(error)) = (fails(&first), fails(&last)) {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn tried(&self, digits: &[usize]) -> Result<()> {
        (self.entry.check)(Value::Object(self.options(digits)))
    }

    /// The error of a run with the place of the option that it names.
    fn blamed(&self, digits: &[usize], error: Error) -> Error {
        let field = field(&error).to_owned();
        let axes = self
            .factors
            .iter()
            .zip(digits)
            .flat_map(|(factor, digit)| factor.iter().map(move |axis| (axis, *digit)));
        let varied =
            axes.clone().find(|(axis, _)| axis.name == field).map(|(axis, digit)| axis.values[digit].0);
        let fixed = || self.defaults.iter().find(|(name, _, _)| *name == field).map(|(_, place, _)| *place);
        self.source.located(varied.or_else(fixed).unwrap_or(self.place), error)
    }

    /// The name of its command.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// What can be done with the options of a run.
    pub(in super::super) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// How many runs there are.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// The study as a map: [`Self::from_value`] makes the same of it.
    pub fn map(&self) -> &Value {
        &self.tree
    }

    /// The names of the options that vary.
    pub fn axes(&self) -> impl Iterator<Item = &str> {
        self.factors.iter().flatten().map(|axis| axis.name.as_str())
    }

    /// The values on the axes of run `index`; the last axis varies fastest.
    pub fn values(&self, index: u64) -> impl Iterator<Item = &Value> {
        let digits = self.digits(index);
        self.factors
            .iter()
            .zip(digits)
            .flat_map(|(factor, digit)| factor.iter().map(move |axis| &axis.values[digit].1))
    }

    /// The options of run `index`, those that are not the command's defaults.
    pub fn run(&self, index: u64) -> Value {
        Value::Object(self.options(&self.digits(index)))
    }

    fn digits(&self, index: u64) -> Vec<usize> {
        let mut left = index;
        let mut digits: Vec<usize> = self
            .factors
            .iter()
            .rev()
            .map(|factor| {
                let length = factor[0].values.len() as u64;
                let digit = left % length;
                left /= length;
                digit as usize
            })
            .collect();
        digits.reverse();
        digits
    }

    fn options(&self, digits: &[usize]) -> Map<String, Value> {
        let mut options: Map<String, Value> =
            self.defaults.iter().map(|(name, _, value)| (name.clone(), value.clone())).collect();
        for (factor, digit) in self.factors.iter().zip(digits) {
            options.extend(factor.iter().map(|axis| (axis.name.clone(), axis.values[*digit].1.clone())));
        }
        for one in self
            .overrides
            .iter()
            .filter(|one| one.when.iter().all(|(f, chosen)| chosen.contains(&digits[*f])))
        {
            options.extend(one.set.iter().map(|(name, _, value)| (name.clone(), value.clone())));
        }
        options
    }
}

/// What kind of value this is.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "truth",
        Value::Number(_) => "number",
        Value::Array(_) => "list",
        _ => "text",
    }
}

/// The field that an error is about.
fn field(error: &Error) -> &str {
    error.subject().split(',').next().unwrap_or_default()
}
