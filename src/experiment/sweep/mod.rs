//! A study of many runs, made on one machine or on many over one shared folder.
//!
//! A study names a command and its options: `defaults` that all runs share, `axes` whose product is made, tables of axes in `zip` that go in step, and
//! each `override` sets options `when` axes have certain values. Each run is kept as one file, named by a hash of its whole request; a finished one is never
//! made again. What is kept depends on the study alone: not on the number of threads, processes or machines, nor on when they were killed.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, sweep::Options};
//! use serde_json::json;
//!
//! let folder = tempfile::tempdir()?;
//! let options = Options {
//!     study: json!({"command": "table", "defaults": {"kernel": "two-layer", "degrees": "0..4"}, "axes": {"dim": "1..3"}}).into(),
//!     output: folder.path().display().to_string().into(),
//!     ..Options::default()
//! };
//! let report = options.build()?.run(&Context::default())?;
//! assert_eq!((report.runs, report.finished), (3, 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod estimate;
mod folder;
mod report;
mod study;
mod workers;

use super::{Context, Text, entry::Entry, read};
use crate::{
    error::{Error, Result},
    math::durations,
};
pub(super) use folder::{Folder, Found, Identities, Identity, Outcome};
use rayon::prelude::*;
pub use report::{FailedRun, Plan, PlannedRun, RemadeRun, Report, Shard, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;
pub use study::{Study, text};
use workers::Maker;

/// Options of [`sweep`](self).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The study: a file of TOML, or a map of the same fields.
    pub study: Source,
    /// The folder of the results, which is made where it is missing.
    pub output: Text,
    /// The share of the runs to make, `I/N`: every `N`-th, from the `I`-th on; all without it.
    pub shard: Option<Text>,
    /// Are the runs listed, with what they will take, and not made?
    pub dry_run: bool,
    /// Are runs that failed before made again?
    pub retry_failed: bool,
    /// The time that a shard may take, such as `4h`: a dry run says how many shards it takes.
    pub budget: Option<Text>,
}

/// Where a study stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// In a file.
    File(Text),
    /// In a map of its fields.
    Map(Map<String, Value>),
}

impl Default for Source {
    fn default() -> Self {
        Self::File(Text::default())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::File(path.into())
    }
}

impl From<Value> for Source {
    /// A map is a study, and anything else names the file of one.
    fn from(value: Value) -> Self {
        match value {
            Value::Object(map) => Self::Map(map),
            Value::String(path) => Self::File(path.into()),
            other => Self::File(other.to_string().into()),
        }
    }
}

/// The most shards.
const MOST_SHARDS: u64 = 1_000_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    study: Study,
    folder: Folder,
    shard: Option<Shard>,
    dry_run: bool,
    retry_failed: bool,
    budget: Option<f64>,
}

impl super::Options for Options {
    const COMMAND: &'static str = "sweep";
    type Request = Request;
    const OUTPUTS: &'static [&'static str] = &["output"];

    fn build(&self) -> Result<Request> {
        let study = match &self.study {
            Source::File(path) if path.as_str().is_empty() => {
                return Err(Error::invalid("study", "", "a file of TOML"));
            }
            Source::File(path) => Study::from_file(Path::new(path.as_str()))?,
            Source::Map(map) => Study::from_value(&Value::Object(map.clone()))?,
        };
        if self.output.as_str().is_empty() {
            return Err(Error::invalid("output", "", "the folder of the results"));
        }
        let path = Path::new(self.output.as_str());
        if path.exists() && !path.is_dir() {
            return Err(Error::invalid("output", path.display(), "a folder, or the name of a new one"));
        }
        if self.budget.is_some() && !self.dry_run {
            return Err(Error::invalid(
                "budget",
                self.budget.clone().unwrap_or_default(),
                "`dry-run` beside it",
            ));
        }
        Ok(Request {
            study,
            folder: Folder::at(path),
            shard: read::optional(&self.shard, shard)?,
            dry_run: self.dry_run,
            retry_failed: self.retry_failed,
            budget: read::optional(&self.budget, |text| durations::seconds("budget", text.as_str()))?,
        })
    }

    /// The study stands first, without a flag.
    fn words(&self) -> Vec<String> {
        let study = match &self.study {
            Source::File(path) => path.to_string(),
            Source::Map(map) => Value::Object(map.clone()).to_string(),
        };
        let mut words = vec![Self::COMMAND.to_owned(), study, "--output".into(), self.output.to_string()];
        let mut option = |name: &str, value: &Option<Text>| {
            words.extend(value.iter().flat_map(|value| [format!("--{name}"), value.to_string()]));
        };
        option("shard", &self.shard);
        option("budget", &self.budget);
        let switches = [("--dry-run", self.dry_run), ("--retry-failed", self.retry_failed)];
        words.extend(switches.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.to_owned()));
        words
    }
}

/// The share `I/N`.
fn shard(text: &Text) -> Result<Shard> {
    let parts = text.as_str().split_once('/');
    let parsed =
        parts.and_then(|(index, count)| Some((index.trim().parse().ok()?, count.trim().parse().ok()?)));
    let sound = parsed.filter(|(index, count)| *count <= MOST_SHARDS && (1..=*count).contains(index));
    let expected = "I/N, the I-th of N shards, as 1/4 to 4/4";
    let (index, count) = sound.ok_or_else(|| Error::invalid("shard", text.as_str(), expected))?;
    Ok(Shard { index, count })
}

/// A run and what there is of it.
struct Seen {
    index: u64,
    identity: Identity,
    state: State,
    /// Why what there is cannot serve.
    unusable: Option<&'static str>,
}

impl Request {
    /// The study.
    pub fn study(&self) -> &Study {
        &self.study
    }

    fn entry(&self) -> &Entry {
        self.study.entry()
    }

    /// The runs of the shard, in their order.
    fn runs(&self) -> Vec<u64> {
        let shard = self.shard.unwrap_or(Shard { index: 1, count: 1 });
        (shard.index - 1..self.study.runs()).step_by(shard.count as usize).collect()
    }

    /// What there is of them.
    fn seen(&self, identities: &Identities<'_>, context: &Context<'_>) -> Result<Vec<Seen>> {
        let present: std::collections::HashSet<String> = self.folder.names()?.into_iter().collect();
        let see = |index: u64| {
            context.progress.go_on()?;
            let identity = identities.of(self.study.run(index))?;
            if !present.contains(&identity.name) {
                return Ok(Seen { index, identity, state: State::Missing, unusable: None });
            }
            let (state, unusable) = match self.folder.look(&identity, |outcome| State::of(&outcome))? {
                Found::Missing => (State::Missing, None),
                Found::Unusable(why) => (State::Missing, Some(why)),
                Found::Kept(state) => (state, None),
            };
            Ok(Seen { index, identity, state, unusable })
        };
        self.runs().into_par_iter().map(see).collect()
    }

    /// What there is of the runs, and those that are to be made.
    fn looked(&self, identities: &Identities<'_>, context: &Context<'_>) -> Result<(Vec<Seen>, Vec<u64>)> {
        let seen = self.seen(identities, context)?;
        let open = seen.iter().filter(|run| run.state.is_to_make(self.retry_failed));
        let todo = open.map(|run| run.index).collect();
        Ok((seen, todo))
    }

    fn maker<'a>(&'a self, identities: &'a Identities<'a>, context: &'a Context<'a>) -> Maker<'a> {
        Maker { study: &self.study, identities, folder: &self.folder, context, retry: self.retry_failed }
    }

    /// Says what there is and what there is to do.
    fn tell(&self, seen: &[Seen], todo: usize, context: &Context<'_>) {
        let before = seen.iter().filter(|run| run.state.is_finished()).count();
        let failed = seen.iter().filter(|run| matches!(run.state, State::Failed(_))).count();
        let unusable = seen.iter().filter(|run| run.unusable.is_some()).count();
        let mut parts = vec![format!("{} runs", seen.len())];
        if let Some(Shard { index, count }) = self.shard {
            parts[0] += &format!(" of {} in shard {index}/{count}", self.study.runs());
        }
        let mut part = |count: usize, what: &str| {
            if count > 0 {
                parts.push(format!("{count} {what}"))
            }
        };
        part(before, "finished before");
        part(failed, if self.retry_failed { "failed before and made again" } else { "failed before" });
        part(unusable, "with a file that cannot serve, made again");
        parts.push(format!("{todo} to make on {} threads", rayon::current_num_threads()));
        context.progress.note(&parts.join(", "));
        for run in seen.iter().filter(|run| run.unusable.is_some()).take(TOLD) {
            let why = run.unusable.unwrap_or_default();
            context.progress.note(&format!("'{}.json' is {why}: it is made again", run.identity.name));
        }
    }
}

/// Files that cannot serve that are named one by one while a person waits; the report has all.
const TOLD: usize = 10;

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let identities = Identities::new(self.study.command(), self.entry());
        let team = context.team;
        // All are here before any asks another for work: none waits for one that could not read the study. And none reports where another one failed.
        let meet = || team.join(&[0.0], &vec![1; team.size()]);
        meet()?;
        if team.rank() > 0 && !self.dry_run {
            self.maker(&identities, context).make_what_is_given()?;
            meet()?;
            return Ok(report::empty(self));
        }
        if self.dry_run {
            let (seen, todo) = self.looked(&identities, context)?;
            let estimate = estimate::estimate(&self.study, &todo, context)?;
            return report::dry(self, &seen, &todo, estimate);
        }
        let opened = self.folder.open(self.study.map(), context.progress);
        let begun = opened.and_then(|shared| Ok((shared, self.looked(&identities, context)?)));
        // The others ask for work, and are told that there is none.
        let (shared, (seen, todo)) = begun.inspect_err(|_| team.deal(&|| None, &|| {}))?;
        self.tell(&seen, todo.len(), context);
        let made = self.maker(&identities, context).make(&todo)?;
        meet()?;
        let report = report::made(self, &seen, &todo, made)?;
        shared.leave()?;
        Ok(report)
    }
}
