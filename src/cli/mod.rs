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
mod manual;
mod null_space;
mod output;
mod plan;
mod plotting;
#[cfg(feature = "mpi")]
mod ranks;
mod running;
mod sweep;
mod table;
mod train;
mod validate;
mod verify;

use crate::{
    error::{Error, ErrorKind, LONGEST_VALUE, shortened},
    experiment::{Pipeline, defaults},
    report::Format,
};
use choices::Names;
use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ErrorKind::ValueValidation},
};
pub use described::{Description, Flag, described};
use flags::Shared;
use gmp_mpfr_sys::{gmp, mpfr};
use manual::Man;
pub use output::standard_output_is_closed;
use output::{Outcome, Output};
use running::{experiment, options, plotted, watched};
use serde_json::Value;
use std::{
    error::Error as _,
    io::{self, IsTerminal},
    path::Path,
    sync::LazyLock,
};

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

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
struct Completions {
    /// The shell: bash, elvish, fish, powershell or zsh.
    shell: clap_complete::Shell,
}

/// Runs the program on `arguments` (with the program's name first) and says how it ended: 0 all is well, 1 a check failed, 2
/// bad usage or bad input, 130 interrupted.
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
        Err(message) if !message.use_stderr() => {
            let text = message.render();
            output::show(&if coloured() { text.ansi().to_string() } else { text.to_string() })
        }
        Err(message) => Err(complaint(&message)),
    }
}

/// Does standard output show colours, and are they wanted?
fn coloured() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// A flag that every command takes, of one in which it takes more, or means a folder.
fn own_flag(command: &str, flag: &clap::Arg) -> Option<clap::Arg> {
    let flag = flag.clone();
    match (flag.get_id().as_str(), command) {
        ("format", _) if !own_formats(command).is_empty() => {
            Some(flag.value_parser(Names::of::<Format>().and(own_formats(command))))
        }
        ("output", "validate") => Some(flag.value_name("DIR").help("Write the report into this folder")),
        ("output", "sweep") => {
            Some(flag.value_name("DIR").help("The folder of the results, one file a run; it is made"))
        }
        _ => None,
    }
}

/// Formats that no other command has.
fn own_formats(command: &str) -> &'static [Format] {
    match command {
        "formula" => &[Format::Sympy],
        "collect" => &[Format::JsonLines, Format::Parquet],
        _ => &[],
    }
}

impl Arguments {
    /// The parser, with the library's defaults in its help. Numbers below zero are values, not flags: the option itself says what it wants.
    fn parser() -> clap::Command {
        let whole = Self::command();
        let shared: Vec<clap::Arg> = whole.get_arguments().cloned().collect();
        whole.mut_subcommands(|command| {
            let defaults = defaults(command.get_name());
            let own = shared.iter().filter_map(|flag| own_flag(command.get_name(), flag));
            let own: Vec<clap::Arg> = own.collect();
            let command = command.allow_negative_numbers(true).args(own);
            command.mut_args(|argument| {
                let default = argument.get_long().and_then(|name| defaults.get(name)).and_then(Value::as_str);
                match (default, argument.get_help()) {
                    (Some(default), Some(help)) if !default.is_empty() => {
                        let help = help.to_string();
                        // An ellipsis is no full stop.
                        let text = if help.ends_with("...") { &help } else { help.trim_end_matches('.') };
                        argument.help(format!("{text} [default: {default}]"))
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
        let output = self.shared.validated(own_formats(self.command.name()))?;
        self.end_at_once_on_signals(&output);
        #[cfg(feature = "mpi")]
        self.shared_among_ranks()?;
        // The result of these is a folder, which they make themselves.
        if !matches!(self.command, Command::Validate(_) | Command::Sweep(_)) {
            output.prove().map_err(|error| unwritable(error, output.file.as_deref()))?;
        }
        // On a thread of the pool: one that only waits for it would keep a workspace for matrix products of its own.
        rayon::scope(|_| self.command.run(&Pipeline::SOUND, &output))
    }
}

impl Arguments {
    /// Ctrl-C ends the program, with a line, where the command does not end its work in order. `mpirun` ends its processes itself.
    fn end_at_once_on_signals(&self, output: &Output) {
        #[cfg(feature = "mpi")]
        if ranks::team().is_some() {
            return;
        }
        let kept = match &self.command {
            Command::Validate(_) => validate::kept(output),
            Command::Gram(flags) => flags.kept(),
            _ => String::new(),
        };
        interrupt::end_at_once(&kept, output::complain);
    }
}

/// Why a result cannot go where `--output` says.
fn unwritable(error: Error, file: Option<&Path>) -> Error {
    let Some(file) = file.filter(|_| error.kind() == ErrorKind::Io) else { return error };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if file.is_dir() {
        Error::invalid("output", file.display(), "a file, and this is a directory")
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        Error::invalid("output", file.display(), "a file in a folder that exists")
    } else {
        let subject = format!("--output: {}", error.subject());
        error.with_subject(subject)
    }
}

#[cfg(feature = "mpi")]
impl Arguments {
    /// Only these commands split their work; of any other each process would make all of it.
    fn shared_among_ranks(&self) -> Result<(), Error> {
        let Some(ranks) = ranks::team() else { return Ok(()) };
        let patience = self.shared.patience()?;
        ranks.be_patient(if matches!(self.command, Command::Sweep(_)) { None } else { Some(patience) });
        if matches!(self.command, Command::Gram(_) | Command::Sweep(_))
            || crate::experiment::Team::size(ranks) == 1
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
            Self::Man(flags) => output.emit(flags.page(Arguments::parser())?.as_bytes()),
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
