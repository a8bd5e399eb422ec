//! Options with a set of names: `--help` and completions list them.

use crate::{experiment::read::Choice, report::Format};
use clap::builder::{PossibleValue, TypedValueParser};
use std::ffi::OsStr;

/// The names that an option takes. The value goes on as typed: the library reads it, in any case, and says what is wrong with it.
#[derive(Clone, Debug)]
pub struct Names(Vec<&'static str>);

impl Names {
    /// The names of `C`.
    pub fn of<C: Choice>() -> Self {
        Self(C::ALL.iter().map(|(name, _)| *name).collect())
    }

    /// These and the formats `more`, as far as this program writes them.
    pub fn and(mut self, more: &[Format]) -> Self {
        let written = more.iter().filter(|format| format.in_this_build().is_ok());
        self.0.extend(written.map(|format| format.name()));
        self
    }
}

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        clap::builder::StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
