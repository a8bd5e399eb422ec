//! Where results and complaints go.

use crate::{
    error::{Error, Result},
    progress::Progress,
    report::{self, Format, Report},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

/// How a command ended, if it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Success,
    /// A check or claim failed.
    CheckFailed,
}

/// The validated flags of every command.
#[derive(Clone, Debug)]
pub struct Output {
    /// The format of the result.
    pub format: Format,
    /// The file it goes to, if not standard output.
    pub file: Option<PathBuf>,
    /// Is progress unwanted?
    pub quiet: bool,
}

/// The width of tables that do not go to a terminal.
const PLAIN_WIDTH: usize = 80;

impl Output {
    /// Prints the report, or writes it to the file.
    pub fn emit(&self, report: &Report) -> Result<Outcome> {
        let to_terminal = self.file.is_none() && io::stdout().is_terminal();
        let width = if to_terminal { terminal_width() } else { PLAIN_WIDTH };
        self.emit_text(&report::render(report, self.format, width)?)
    }

    /// Prints text, or writes it to the file.
    pub fn emit_text(&self, text: &str) -> Result<Outcome> {
        match &self.file {
            Some(path) => report::write(path, text)?,
            None => print(text)?,
        }
        Ok(Outcome::Success)
    }
}

/// A progress bar on a terminal's standard error; nothing in a pipe or when quiet. Gone when dropped.
pub struct Bar(ProgressBar);

impl Output {
    /// A bar for long work, named `what`.
    pub fn bar(&self, what: &'static str) -> Bar {
        let target = if self.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %, {eta} left");
        let bar = ProgressBar::with_draw_target(None, target).with_message(what);
        Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }
}

impl Progress for Bar {
    fn at(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0).max(40))
}

/// Writes to standard output; a reader that has gone away is success.
fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("cannot write", "standard output".as_ref(), error))
        }
        _ => Ok(()),
    }
}

/// Shows help or the version.
pub fn show(text: &str) -> ExitCode {
    match print(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

/// Says in one line on standard error what was wrong.
pub fn complain(message: &str) -> ExitCode {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "hinf: {message}");
    ExitCode::from(2)
}
