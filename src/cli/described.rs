//! What the commands say of themselves, for other fronts that take the same options.

use super::Arguments;
use clap::ArgAction;

/// What a command says of itself in its `--help`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// What it does; the first paragraph is one sentence.
    pub about: String,
    /// Its flags: its own, in the order of the help, then those that every command takes.
    pub flags: Vec<Flag>,
}

/// A flag of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The name, without dashes.
    pub name: String,
    /// What it says, with its default.
    pub help: String,
    /// Is it a switch, without a value?
    pub switch: bool,
}

/// The description of the command of this name; `None` when there is no such command.
pub fn described(command: &str) -> Option<Description> {
    let whole = Arguments::parser();
    let found = whole.get_subcommands().find(|one| one.get_name() == command)?;
    let about = found.get_long_about().or_else(|| found.get_about())?.to_string();
    let foreign = |flag: &&clap::Arg| found.get_arguments().all(|own| own.get_id() != flag.get_id());
    let flags = found.get_arguments().chain(whole.get_arguments().filter(foreign)).filter_map(|argument| {
        Some(Flag {
            name: argument
                .get_long()
                .or_else(|| argument.is_positional().then(|| argument.get_id().as_str()))?
                .to_owned(),
            help: argument.get_help()?.to_string(),
            switch: matches!(argument.get_action(), ArgAction::SetTrue),
        })
    });
    Some(Description { about, flags: flags.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment;

    #[test]
    fn every_option_of_every_experiment_is_described() {
        for command in experiment::commands() {
            let description = described(command).unwrap();
            for option in experiment::options(command) {
                let flag = description.flags.iter().find(|flag| flag.name == option);
                assert!(flag.is_some_and(|flag| !flag.help.is_empty()), "{command}: {option}");
            }
        }
        assert_eq!(described("no-such-command"), None);
    }
}
