//! What is claimed, the command that shows it, and how its result is judged.

mod sampled;
mod spectral;
mod trained;

use super::judge::Verdict;
use serde_json::Value;

pub use sampled::{BOUND_DEGREES, CIRCLE_POINTS, circle_file};
pub use trained::MIXTURE_FILE;

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

/// A claim: its name, a section, a sentence, what theory says, the commands, and the judge of their results.
pub struct Claim {
    /// The name, of lower-case letters, digits and dashes.
    pub name: &'static str,
    /// The section it stands in.
    pub section: &'static str,
    /// What is claimed.
    pub claim: String,
    /// What theory says.
    pub expected: String,
    /// The commands whose results show it, without the program's name.
    pub commands: Vec<String>,
    /// Judges the results.
    pub judge: Judge,
}

/// Judges the results of a claim's commands.
pub type Judge = Box<dyn Fn(&[Value]) -> Verdict>;

/// Headings of the sections, in order.
pub const SECTIONS: [&str; 3] = ["The spectrum", "Sampled Gram matrices", "Training"];

/// Claims of one section.
struct Claims {
    section: &'static str,
    all: Vec<Claim>,
}

impl Claims {
    fn of(section: usize) -> Self {
        Self { section: SECTIONS[section], all: vec![] }
    }

    fn add(
        &mut self,
        name: &'static str,
        claim: impl Into<String>,
        expected: impl Into<String>,
        commands: impl IntoIterator<Item = String>,
        judge: impl Fn(&[Value]) -> Verdict + 'static,
    ) {
        self.all.push(Claim {
            name,
            section: self.section,
            claim: claim.into(),
            expected: expected.into(),
            commands: commands.into_iter().collect(),
            judge: Box::new(judge),
        });
    }
}

/// All claims, in the order of the report.
pub fn claims(size: Size) -> Vec<Claim> {
    let sections = [spectral::claims(size), sampled::claims(size), trained::claims(size)];
    sections.into_iter().flat_map(|section| section.all).collect()
}
