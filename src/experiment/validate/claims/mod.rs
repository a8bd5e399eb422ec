//! What is claimed, the experiments that show it, how their reports are judged, and which flaws must bring it down.

mod deep;
mod described;
mod formulas;
mod sampled;
mod spectral;
mod trained;
mod training;

use super::{Flaw, evidence::Evidence, runner::Runner};
use crate::error::Result;
pub(super) use sampled::clusters;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{path::Path, sync::Arc};
pub(super) use trained::{circle, mixture, noisy, sphere};

/// How much work the whole may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Under a minute on two cores.
    Quick,
    /// A few minutes.
    Default,
    /// The paper's own sizes, or as near as an hour allows.
    Full,
}

impl Size {
    fn of<T>(self, [quick, default, full]: [T; 3]) -> T {
        match self {
            Self::Quick => quick,
            Self::Default => default,
            Self::Full => full,
        }
    }
}

/// A section of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Section {
    /// Claims about the spectrum itself.
    #[serde(rename = "The spectrum")]
    Spectrum,
    /// Claims about Gram matrices of points.
    #[serde(rename = "Sampled Gram matrices")]
    Samples,
    /// Claims about real training.
    #[serde(rename = "Training")]
    Training,
}

impl Section {
    /// The sections in their order, each with its heading.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Spectrum, "The spectrum"),
        (Self::Samples, "Sampled Gram matrices"),
        (Self::Training, "Training"),
    ];
}

/// What was measured, in words, and whether the claim holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The measurement.
    pub measured: String,
    /// Does the claim hold?
    pub holds: bool,
}

impl Verdict {
    pub(super) fn new(holds: bool, measured: impl Into<String>) -> Self {
        Self { measured: measured.into(), holds }
    }
}

/// An experiment as it is shown beside a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name.
    pub experiment: &'static str,
    /// Its options as they are serialised.
    pub options: Value,
    /// The command line that asks for the same.
    pub line: String,
}

impl Command {
    fn of<O: Evidence>(options: &O) -> Self {
        let all = serde_json::to_value(options).unwrap_or_default();
        Self { experiment: O::COMMAND, options: all, line: options.line() }
    }
}

/// A claim.
pub struct Claim {
    /// The name, of lower-case letters, digits and dashes.
    pub name: &'static str,
    /// The section it stands in.
    pub section: Section,
    /// What is claimed, in a sentence.
    pub claim: String,
    /// What theory says.
    pub expected: String,
    /// The experiments whose reports show it.
    pub commands: Vec<Command>,
    /// The flaws that bring it down.
    pub felled_by: &'static [Flaw],
    judge: Judge,
}

/// Runs the experiments of a claim and judges their reports.
type Judge = Box<dyn Fn(&Runner<'_>) -> Result<Verdict> + Send + Sync>;

impl Claim {
    /// What its experiments show.
    ///
    /// # Errors
    /// Those of the experiments.
    pub fn judge(&self, runner: &Runner<'_>) -> Result<Verdict> {
        (self.judge)(runner)
    }
}

/// A claim as it is written down: experiments of one kind, and a judge of their reports.
struct Stated<O, J> {
    name: &'static str,
    claim: String,
    expected: String,
    experiments: Vec<O>,
    judge: J,
    felled_by: &'static [Flaw],
}

impl<O, J> Stated<O, J>
where
    O: Evidence,
    J: Fn(&[Arc<O::Found>]) -> Verdict + Send + Sync + 'static,
{
    fn in_section(self, section: Section) -> Claim {
        let Self { name, claim, expected, experiments, judge, felled_by } = self;
        let commands = experiments.iter().map(Command::of).collect();
        let judge = Box::new(move |runner: &Runner<'_>| {
            let reports: Result<Vec<_>> = experiments.iter().map(|options| runner.found(options)).collect();
            Ok(judge(&reports?))
        });
        Claim { name, section, claim, expected, commands, felled_by, judge }
    }
}

/// All claims, in the order of the report. Some measure points of a user's own, which are written into `folder`, and one is recorded there.
///
/// # Errors
/// When a file cannot be written.
pub fn claims(size: Size, folder: &Path) -> Result<Vec<Claim>> {
    let circles = sampled::Circles::write(folder)?;
    Ok([
        spectral::claims(size),
        formulas::claims(),
        sampled::claims(size, &circles),
        trained::claims(size, folder),
        described::claims(size),
    ]
    .into_iter()
    .flatten()
    .collect())
}
