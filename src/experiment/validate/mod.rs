//! The whole chain, claim by claim: the spectrum against identities, samples and real training against the spectrum.
//!
//! A [`Claim`] is one value: what is claimed, the experiments that show it, the judge of their reports, and the [`Flaw`]s of the chain that must
//! bring it down. A test puts each flaw in, and asks that its claims fail and no other.

pub mod claims;
mod evidence;
mod figures;
mod flaws;
mod runner;
mod store;

pub use super::manifest::{Machine, Manifest, Ran};
use super::{Context, Text, resources};
use crate::{
    error::{Error, ErrorKind, Result},
    progress::Progress,
};
pub use claims::{Claim, Section, Size, Verdict};
pub use evidence::{Course, Evidence, Trained};
pub use figures::Figures;
pub use flaws::Flaw;
pub use runner::{Identity, Known, Runner};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};
use store::Store;

/// The seed of all that is drawn.
const SEED: u64 = 1;
/// The precision of the results, in words.
const PRECISION: &str = "exact or certified to 20 digits and more; samples and training in f64";

/// Options of [`validate`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// Small sizes: under a minute on two cores, every claim covered.
    pub quick: bool,
    /// The paper's own sizes: within an hour.
    pub full: bool,
    /// The folder of the report, in which results are kept too; `hinf-report` without it.
    pub output: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self { quick: false, full: false, output: "hinf-report".into() }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    options: Options,
    size: Size,
    folder: PathBuf,
}

/// What was found.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The page of the report.
    pub report: PathBuf,
    /// One row a claim.
    pub rows: Vec<Row>,
    /// What the figures show; none in a report that was read back.
    #[serde(skip)]
    pub figures: Option<Figures>,
    /// How it was made; none in a report that was read back.
    #[serde(skip)]
    pub manifest: Option<Manifest>,
}

/// How a claim came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As claimed.
    Holds,
    /// Not as claimed.
    Fails,
}

/// A claim against its measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The name, of lower-case letters, digits and dashes.
    pub name: Cow<'static, str>,
    /// The section it stands in.
    pub section: Section,
    /// What is claimed, in a sentence.
    pub claim: String,
    /// The value or range that theory gives.
    pub expected: String,
    /// What was found.
    pub measured: String,
    /// How it came out.
    pub status: Status,
    /// The commands that remake the measurement, parted by semicolons.
    #[serde(rename = "command", with = "joined")]
    pub commands: Vec<String>,
}

/// Commands in one text.
mod joined {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    const GAP: &str = "; ";

    pub fn serialize<S: Serializer>(commands: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        commands.join(GAP).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        Ok(String::deserialize(deserializer)?.split(GAP).map(str::to_owned).collect())
    }
}

impl super::Options for Options {
    const COMMAND: &'static str = "validate";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let size = match (self.quick, self.full) {
            (true, true) => return Err(Error::invalid("quick", "with `full`", "one of the two")),
            (true, false) => Size::Quick,
            (false, true) => Size::Full,
            (false, false) => Size::Default,
        };
        let folder = PathBuf::from(self.output.as_str());
        if folder.as_os_str().is_empty() {
            return Err(Error::invalid("output", "", "a folder"));
        }
        Ok(Request { options: self.clone(), size, folder })
    }
}

impl Request {
    /// The folder of the report.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        resources::matrix_products(rayon::current_num_threads())?;
        let (started, clock) = (SystemTime::now(), Instant::now());
        let results = self.folder.join("results");
        let store = Store::open(&results, context.progress)?;
        let claims = claims::claims(self.size, &results)?;
        // A bar of claims: those of the experiments inside would interrupt it. What they say in words is passed on.
        let inside = Inside(context.progress);
        let runner = Runner::new(Context { progress: &inside, ..*context }, Some(store));
        let rows = judged(&claims, &runner, context.progress)?;
        let figures = Figures::of(self.size, &results, &runner)?;
        runner.finish();
        let command = super::Options::line(&self.options);
        let time = (started, clock.elapsed());
        Ok(Report {
            schema: "hinf.validate/1".into(),
            report: self.folder.join("index.html"),
            rows,
            figures: Some(figures),
            manifest: Some(Manifest::new(command, (SEED, PRECISION), time, runner.ran())),
        })
    }
}

/// Passes on what is said and whether to go on, but not how far a part of the work is.
struct Inside<'a>(&'a dyn Progress);

impl Progress for Inside<'_> {
    fn at(&self, _: u64, _: u64) {}

    fn note(&self, text: &str) {
        self.0.note(text);
    }

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// Every claim, judged.
///
/// # Errors
/// When a file cannot be read or written, or the work is cancelled. What an experiment refuses otherwise is a claim that is not shown; the others
/// are still judged.
pub fn judged(claims: &[Claim], runner: &Runner<'_>, progress: &dyn Progress) -> Result<Vec<Row>> {
    let total = claims.len() as u64;
    let row = |(done, claim): (u64, &Claim)| {
        progress.go_on()?;
        progress.at(done, total);
        let verdict = match claim.judge(runner) {
            Ok(verdict) => verdict,
            // Nobody's claim fails because a disk is full.
            Err(error) if matches!(error.kind(), ErrorKind::Io | ErrorKind::Cancelled) => return Err(error),
            Err(error) => Verdict::new(false, error.to_string()),
        };
        Ok(Row {
            name: claim.name.into(),
            section: claim.section,
            claim: claim.claim.clone(),
            expected: claim.expected.clone(),
            measured: verdict.measured,
            status: if verdict.holds { Status::Holds } else { Status::Fails },
            commands: claim.commands.iter().map(|command| command.line.clone()).collect(),
        })
    };
    (0..).zip(claims).map(row).collect()
}

impl super::Report for Report {
    /// Does no claim fail?
    fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.status == Status::Holds)
    }
}
