//! `hinf validate`: the whole chain, claim by claim, and a report of it.

use super::{
    output::{Outcome, Output},
    watched,
};
use crate::{
    error::Result,
    experiment::{Options as _, Pipeline, Report as _, validate::Options},
    report::validate::page,
};
use serde::Serialize;

/// Check the claims of the theory end to end, exact, sampled and trained, and write a report.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "--output names the folder DIR of the report, hinf-report without it.
Writes DIR/index.html, the data and drawings of its figures, every command's result, and manifest.json. Any claim \
that fails: exit code 1, with the report still written. Interrupted, a second run goes on with what was finished.

Examples:
  hinf validate --quick
  hinf validate --output report
  hinf validate --full --output report-full")]
pub struct Flags {
    /// Small sizes: under a minute on two cores, every claim covered.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// The paper's own sizes: within an hour.
    #[arg(long)]
    full: bool,
}

/// What remains of an interrupted run.
pub fn kept(output: &Output) -> String {
    let folder = output.file.clone().unwrap_or_else(|| Options::default().output.as_str().into());
    format!("what was finished is kept in '{}': the same command goes on with it", folder.display())
}

/// Checks, writes the report, and prints the claims.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let mut options: Options = super::options(flags)?;
    if let Some(folder) = &output.file {
        options.output = folder.display().to_string().into();
    }
    let request = options.build()?;
    let output = &Output::new(output.format, None, output.quiet);
    let report = watched::<Options>(&request, pipeline, output)?;
    page(&report)?.write(request.folder())?;
    output.show(&report)?;
    Ok(Outcome::of(report.passed()))
}

#[cfg(test)]
mod tests {
    use super::super::{Arguments, Command, options};
    use crate::experiment::{
        Options, data, formula, null_space, sample, table, train,
        validate::{Size, claims::claims},
        verify,
    };
    use serde::Serialize;
    use serde_json::Value;

    /// The words of a command line as a shell parts them.
    fn words(line: &str) -> Vec<std::ffi::OsString> {
        let (mut words, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        words.into_iter().map(Into::into).collect()
    }

    /// The experiment that a command line asks for, and its options.
    fn asked(line: &str) -> (&'static str, Value) {
        fn of<O: Options>(flags: &impl Serialize) -> (&'static str, Value) {
            (O::COMMAND, serde_json::to_value(options::<O>(flags).unwrap()).unwrap())
        }
        match Arguments::parsed(words(line)).unwrap().command {
            Command::Table(flags) => of::<table::Options>(&flags),
            Command::Verify(flags) => of::<verify::Options>(&flags),
            Command::NullSpace(flags) => of::<null_space::Options>(&flags),
            Command::Gram(flags) if line.contains("--data") => of::<data::Options>(&flags),
            Command::Gram(flags) => of::<sample::Options>(&flags),
            Command::Train(flags) => of::<train::Options>(&*flags),
            Command::Formula(flags) => of::<formula::Options>(&flags),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn the_command_beside_a_claim_asks_for_the_same() {
        let folder = tempfile::tempdir().unwrap();
        for size in [Size::Quick, Size::Default, Size::Full] {
            for command in claims(size, folder.path()).unwrap().iter().flat_map(|claim| &claim.commands) {
                assert_eq!(
                    asked(&command.line),
                    (command.experiment, command.options.clone()),
                    "{}",
                    command.line
                );
            }
        }
    }
}
