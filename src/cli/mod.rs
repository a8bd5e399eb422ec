//! The command line: flags into the options of an experiment, its report into text, an exit code.

mod check;
mod choices;
mod collect;
mod curve;
mod described;
mod flags;
mod formula;
mod gram;
mod interrupt;
mod kernels;
mod null_space;
mod output;
mod plan;
mod plotting;
#[cfg(feature = "mpi")]
mod ranks;
mod sweep;
mod table;
mod train;
mod validate;
mod verify;

use crate::{
    error::{Error, LONGEST_VALUE, shortened},
    experiment::{self as experiments, Context, Options, Pipeline, Report as _, Request},
    report::{Format, Show, plot::Plot},
};
use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ErrorKind::ValueValidation},
};
pub use described::{Description, Flag, described};
use flags::Shared;
use gmp_mpfr_sys::{gmp, mpfr};
pub use output::standard_output_is_closed;
use output::{Outcome, Output};
use plotting::PlotFlag;
use serde_json::Value;
use std::{error::Error as _, sync::LazyLock};

/// Exact and certified spectra of neural tangent kernels on the sphere.
#[derive(Debug, Parser)]
#[command(name = "hinf", version, long_version = VERSION.as_str(), about, long_about = None, max_term_width = 100, subcommand_required = true)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// The version, and those of the libraries by whose licence a binary must name them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let [gmp, mpfr] = [
        [gmp::VERSION, gmp::VERSION_MINOR, gmp::VERSION_PATCHLEVEL],
        [mpfr::VERSION_MAJOR, mpfr::VERSION_MINOR, mpfr::VERSION_PATCHLEVEL],
    ]
    .map(|[major, minor, patch]| format!("{major}.{minor}.{patch}"));
    format!(
        "{}\nwith GMP {gmp}, MPFR {mpfr} and rug {}, under the LGPL-3.0-or-later: see THIRD-PARTY.md",
        env!("CARGO_PKG_VERSION"),
        env!("HINF_RUG")
    )
});

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::Flags),
    Table(table::Flags),
    Formula(formula::Flags),
    Gram(Box<gram::Flags>),
    Verify(verify::Flags),
    Check(check::Flags),
    Train(Box<train::Flags>),
    NullSpace(null_space::Flags),
    Curve(curve::Flags),
    Plan(plan::Flags),
    Sweep(sweep::Flags),
    Collect(collect::Flags),
    Kernels(kernels::Flags),
    Completions(Completions),
    Man(Man),
}

/// Print the manual page of a command, as roff: `hinf man table | man -l -`.
#[derive(Debug, clap::Args)]
struct Man {
    /// The command; without it, the page of hinf itself.
    command: Option<String>,
}

impl Man {
    fn page(&self) -> Result<String, Error> {
        let whole = Arguments::parser().name("hinf");
        let page = match &self.command {
            None => whole,
            Some(name) => {
                let found = whole.get_subcommands().find(|command| command.get_name() == name).cloned();
                let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
                let missing = || Error::invalid("man", name, format!("one of {}", known.join(", ")));
                found.ok_or_else(missing)?.bin_name(format!("hinf {name}"))
            }
        };
        let mut text = Vec::new();
        // Writing into memory cannot fail.
        let _ = clap_mangen::Man::new(page).render(&mut text);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
struct Completions {
    /// The shell: bash, elvish, fish, powershell or zsh.
    shell: clap_complete::Shell,
}

/// Runs the program on `arguments` (with the program's name first) and says how it ended: 0 all is well, 1 a check failed, 2
/// bad usage or bad input.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> u8 {
    #[cfg(feature = "mpi")]
    let _universe = ranks::start();
    let ended = ended(arguments);
    #[cfg(feature = "mpi")]
    let ended = ranks::team()
        .map_or(Ok(()), |ranks| ranks.settled(ended.as_ref().map(drop).map_err(Clone::clone)))
        .and(ended);
    match ended {
        Ok(code) => code,
        Err(line) => {
            let code = output::complain(&line);
            if interrupt::asked() { interrupt::INTERRUPTED } else { code }
        }
    }
}

/// How the program ended, or the line that says why it could not.
fn ended(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<u8, String> {
    match Arguments::parsed(arguments) {
        Ok(parsed) => match parsed.run() {
            Ok(Outcome::Success) => Ok(0),
            Ok(Outcome::CheckFailed) => Ok(1),
            Err(error) => Err(parsed.command.flagged(error).to_string()),
        },
        Err(message)
            if message.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand =>
        {
            let command = Arguments::command();
            let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
            Err(format!("a subcommand is missing, expected one of {}; see hinf --help", names.join(", ")))
        }
        Err(message) if !message.use_stderr() => output::show(&message.render().ansi().to_string()),
        Err(message) => Err(complaint(&message)),
    }
}

impl Arguments {
    /// The parser, with the library's defaults in its help. Numbers below zero are values, not flags: the option itself says what it wants.
    fn parser() -> clap::Command {
        Self::command().mut_subcommands(|command| {
            let defaults = experiments::defaults(command.get_name());
            let command = command.allow_negative_numbers(true);
            command.mut_args(|argument| {
                let default = argument.get_long().and_then(|name| defaults.get(name)).and_then(Value::as_str);
                match (default, argument.get_help()) {
                    (Some(default), Some(help)) if !default.is_empty() => {
                        let help = format!("{} [default: {default}]", help.to_string().trim_end_matches('.'));
                        argument.help(help)
                    }
                    _ => argument,
                }
            })
        })
    }

    fn parsed(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Self, clap::Error> {
        Self::parser().try_get_matches_from(arguments).and_then(|matches| Self::from_arg_matches(&matches))
    }

    fn run(&self) -> Result<Outcome, Error> {
        let output = self.shared.validated(self.command.own_formats())?;
        #[cfg(feature = "mpi")]
        self.shared_among_ranks()?;
        // The result of these is a folder, which they make themselves.
        if !matches!(self.command, Command::Validate(_) | Command::Sweep(_)) {
            output.prove()?;
        }
        // On a thread of the pool: one that only waits for it would keep a workspace for matrix products of its own.
        rayon::scope(|_| self.command.run(&Pipeline::SOUND, &output))
    }
}

#[cfg(feature = "mpi")]
impl Arguments {
    /// Only these commands split their work; of any other each process would make all of it.
    fn shared_among_ranks(&self) -> Result<(), Error> {
        let Some(ranks) = ranks::team() else { return Ok(()) };
        let patience = self.shared.patience()?;
        ranks.be_patient(if matches!(self.command, Command::Sweep(_)) { None } else { Some(patience) });
        if matches!(self.command, Command::Gram(_) | Command::Sweep(_)) || experiments::Team::size(ranks) == 1
        {
            return Ok(());
        }
        Err(Error::invalid(
            "mpirun",
            self.command.name(),
            "gram or sweep: the work of no other command is split among ranks",
        ))
    }
}

/// The processes that share the work.
fn team() -> &'static dyn experiments::Team {
    #[cfg(feature = "mpi")]
    if let Some(ranks) = ranks::team() {
        return ranks;
    }
    &experiments::Alone
}

/// Runs the experiment that `flags` ask for, shows its report, and says whether its checks held.
fn experiment<O: Options>(
    flags: &impl serde::Serialize,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<Outcome, Error>
where
    <O::Request as Request>::Report: Show,
{
    let request = options::<O>(flags)?.build()?;
    let report = watched::<O>(&request, pipeline, output)?;
    output.show(&report)?;
    Ok(Outcome::of(report.passed()))
}

/// The same, with a plot of the report, where `--plot` asks for one. What cannot be drawn is refused before anything is shown.
fn plotted<O: Options>(
    flags: &impl serde::Serialize,
    plot: &PlotFlag,
    drawable: impl Fn(&O::Request) -> Result<(), Error>,
    draw: impl Fn(&<O::Request as Request>::Report) -> Plot,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<Outcome, Error>
where
    <O::Request as Request>::Report: Show,
{
    let Some(file) = plot.validated()? else { return experiment::<O>(flags, pipeline, output) };
    let request = options::<O>(flags)?.build()?;
    drawable(&request)?;
    let report = watched::<O>(&request, pipeline, output)?;
    let drawing = file.drawn(&draw(&report))?;
    output.show(&report)?;
    file.write(&drawing)?;
    Ok(Outcome::of(report.passed()))
}

/// Runs a request under a progress bar.
fn watched<O: Options>(
    request: &O::Request,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<<O::Request as Request>::Report, Error> {
    let bar = output.bar(O::COMMAND);
    request.run(&Context { progress: &bar, team: team(), pipeline: *pipeline })
}

/// The options of an experiment behind `flags`, whose serde form is a map of what was given.
fn options<O: Options>(flags: &impl serde::Serialize) -> Result<O, Error> {
    let mut given = serde_json::to_value(flags).unwrap_or_default();
    if let Some(map) = given.as_object_mut() {
        // A flag that was not given says nothing.
        map.retain(|_, value| !value.is_null() && *value != Value::Bool(false));
    }
    O::from_value(given)
}

impl Command {
    /// The error with fields as the flags that they are here: its subject, and those that it names in back quotes. The library knows no
    /// flags.
    fn flagged(&self, error: Error) -> Error {
        let whole = Arguments::command();
        let own = whole.get_subcommands().filter(|command| command.get_name() == self.name());
        let arguments = whole.get_arguments().chain(own.flat_map(clap::Command::get_arguments));
        let flags: Vec<&str> = arguments.filter_map(clap::Arg::get_long).collect();
        let (field, rest) =
            error.subject().split_at(error.subject().find(',').unwrap_or(error.subject().len()));
        let subject =
            if flags.contains(&field) { format!("--{field}{rest}") } else { error.subject().to_owned() };
        let expected = flags.iter().fold(error.expected().to_owned(), |text, flag| {
            text.replace(&format!("`{flag}`"), &format!("--{flag}"))
        });
        error.with_subject(subject).with_expected(expected)
    }

    /// Formats that no other command has.
    fn own_formats(&self) -> &'static [Format] {
        match self {
            Self::Formula(_) => &[Format::Sympy],
            Self::Collect(_) => &[Format::JsonLines, Format::Parquet],
            _ => &[],
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Validate(_) => "validate",
            Self::Table(_) => "table",
            Self::Formula(_) => "formula",
            Self::Gram(_) => "gram",
            Self::Verify(_) => "verify",
            Self::Check(_) => "check",
            Self::Train(_) => "train",
            Self::NullSpace(_) => "null-space",
            Self::Curve(_) => "curve",
            Self::Plan(_) => "plan",
            Self::Sweep(_) => "sweep",
            Self::Collect(_) => "collect",
            Self::Kernels(_) => "kernels",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }

    fn run(&self, pipeline: &Pipeline, output: &Output) -> Result<Outcome, Error> {
        match self {
            Self::Validate(flags) => validate::run(flags, pipeline, output),
            Self::Table(flags) => table::run(flags, pipeline, output),
            Self::Formula(flags) => formula::run(flags, pipeline, output),
            Self::Verify(flags) => verify::run(flags, pipeline, output),
            Self::Check(flags) => check::run(flags, pipeline, output),
            Self::NullSpace(flags) => null_space::run(flags, pipeline, output),
            Self::Gram(flags) => gram::run(flags, pipeline, output),
            Self::Train(flags) => train::run(flags, pipeline, output),
            Self::Curve(flags) => curve::run(flags, pipeline, output),
            Self::Plan(flags) => plan::run(flags, pipeline, output),
            Self::Sweep(flags) => sweep::run(flags, pipeline, output),
            Self::Collect(flags) => collect::run(flags, pipeline, output),
            Self::Kernels(flags) => kernels::run(flags, pipeline, output),
            Self::Man(flags) => output.emit(flags.page()?.as_bytes()),
            Self::Completions(flags) => {
                let mut script = Vec::new();
                clap_complete::generate(flags.shell, &mut Arguments::parser(), "hinf", &mut script);
                output.emit(&script)
            }
        }
    }
}

/// The parser's message: that on a value in the words of our own errors.
fn complaint(message: &clap::Error) -> String {
    let context = |kind| message.get(kind).map(ToString::to_string);
    let parts = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue), message.source());
    match parts {
        (Some(option), Some(value), Some(right)) if message.kind() == ValueValidation => {
            let option = option.split(" <").next().unwrap_or_default();
            Error::invalid(option, value, right.to_string()).to_string()
        }
        _ => one_line(&message.render().to_string()),
    }
}

/// The first paragraph of the parser's message, and its tips, as a single line; what was typed is cut where it is long.
fn one_line(message: &str) -> String {
    let kept = message.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let words = kept.flat_map(|line| line.split(' ')).filter(|word| !word.is_empty());
    let text = words
        .map(|word| shortened(word, LONGEST_VALUE))
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" tip: ", "; tip: ");
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}
