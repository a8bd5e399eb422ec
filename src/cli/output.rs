//! Where results and complaints go.

use crate::{
    error::{Error, Result},
    report::{self, Format, Report},
};
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
