//! Where results and complaints go.

use super::interrupt;
use crate::{
    error::{Error, Result, shortened},
    experiment::read::Choice,
    math::durations,
    progress::Progress,
    report::{self, Format, Show},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How a command ended, if it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Success,
    /// A check or claim failed.
    CheckFailed,
}

impl Outcome {
    /// The outcome of checks that `passed`, or not.
    pub fn of(passed: bool) -> Self {
        if passed { Self::Success } else { Self::CheckFailed }
    }
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
    /// An output for a command of its own.
    pub fn new(format: Format, file: Option<PathBuf>, quiet: bool) -> Self {
        Self { format, file, quiet: quiet || silent() }
    }

    /// Prints a report, or writes it to the file.
    pub fn show(&self, report: &impl Show) -> Result<()> {
        let to_terminal = self.file.is_none() && io::stdout().is_terminal();
        let width = if to_terminal { terminal_width() } else { PLAIN_WIDTH };
        self.emit(&report::render(report, self.format, width)?).map(drop)
    }

    /// Asks whether the result can be written, before the work that makes it.
    pub fn prove(&self) -> Result<()> {
        let unserved = self.file.as_deref().filter(|file| Format::of_file(file) == Some(Format::Parquet));
        if let Some(file) = unserved.filter(|_| self.format == Format::Pretty) {
            let expected = "a name with the ending .npy, .npz or another: columns of Parquet come of `hinf collect` alone";
            return Err(Error::invalid("output", file.display(), expected));
        }
        if self.format.is_binary() && self.file.is_none() && io::stdout().is_terminal() {
            let expected = "`output` FILE, or a pipe: arrays are nothing that a terminal shows";
            return Err(Error::invalid("format", self.format.name(), expected));
        }
        self.file.as_deref().filter(|_| !silent()).map_or(Ok(()), report::writable)
    }

    /// Prints a result, or writes it to the file. Where that fails, as on a full disk, the result is kept elsewhere, and the error says where.
    pub fn emit(&self, result: &[u8]) -> Result<Outcome> {
        if silent() {
            return Ok(Outcome::Success);
        }
        let written = match &self.file {
            Some(path) => report::write(path, result),
            None => print(result),
        };
        match written {
            Ok(()) => Ok(Outcome::Success),
            Err(error) => Err(match self.rescued(result) {
                Some(path) => error.with_remark(format!("the result is kept in {}", path.display())),
                None => error,
            }),
        }
    }

    /// Writes a result that found no room where it should go into a new file, in the folder of temporary files or else the current one.
    fn rescued(&self, result: &[u8]) -> Option<PathBuf> {
        let name = self.format.name();
        let into = |folder: PathBuf| {
            let mut file = tempfile::Builder::new()
                .prefix("hinf-result-")
                .suffix(&format!(".{name}"))
                .tempfile_in(folder)
                .ok()?;
            file.write_all(result).and_then(|()| file.as_file().sync_all()).ok()?;
            file.keep().ok().map(|(_, path)| path)
        };
        [std::env::temp_dir(), PathBuf::from(".")].into_iter().find_map(into)
    }
}

/// A flag of a file that is written, and the file, if one was named.
pub type Written<'a> = (&'static str, Option<&'a Path>);

/// Refuses two flags of one file: what is written first would be lost.
pub fn distinct(files: &[Written<'_>]) -> Result<()> {
    let named = files.iter().filter_map(|(flag, file)| Some((*flag, whole((*file)?))));
    let files: Vec<(&str, PathBuf)> = named.collect();
    for (i, (flag, file)) in files.iter().enumerate() {
        if let Some((other, _)) = files[..i].iter().find(|(_, other)| other == file) {
            return Err(Error::invalid(
                *flag,
                file.display(),
                format!("a file other than that of `{other}`"),
            ));
        }
    }
    Ok(())
}

/// A file by its one whole path, links followed, as far as it is there.
fn whole(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = || Some(folder.canonicalize().ok()?.join(file.file_name()?));
    file.canonicalize().ok().or_else(beside).unwrap_or_else(|| file.to_owned())
}

/// A progress bar on a terminal's standard error, with notes above it; in a pipe the notes, and of a sweep now and then how far it is; when quiet
/// nothing. Gone when dropped.
pub struct Bar {
    bar: ProgressBar,
    quiet: bool,
    /// In a pipe: when the work began, and when it was last told of.
    told: Option<Mutex<(Instant, Instant)>>,
}

/// The one work whose parts are all of a kind, so that what is left can be told; ...
const SWEEP: &str = "sweep";
/// ... and how often a pipe is told.
const TELLING: Duration = Duration::from_secs(10);

impl Output {
    /// A bar for long work, named `what`.
    pub fn bar(&self, what: &'static str) -> Bar {
        let target = if self.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %, {eta} left");
        let bar = ProgressBar::with_draw_target(None, target).with_message(what);
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let pipe = what == SWEEP && !self.quiet && !io::stderr().is_terminal();
        Bar { bar, quiet: self.quiet, told: pipe.then(|| Mutex::new((Instant::now(), Instant::now()))) }
    }
}

impl Progress for Bar {
    fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        let Some(Ok(mut told)) = self.told.as_ref().map(Mutex::try_lock) else { return };
        if told.1.elapsed() >= TELLING && done > 0 {
            told.1 = Instant::now();
            let left = told.0.elapsed().as_secs_f64() / done as f64 * total.saturating_sub(done) as f64;
            self.note(&format!(
                "{}: {done} of {total} done, about {} left",
                self.bar.message(),
                durations::shown(left)
            ));
        }
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            // Nobody is left to tell when standard error is closed.
            self.bar.suspend(|| {
                let _ = writeln!(io::stderr().lock(), "hinf: {}", one_line(text));
            });
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0).max(40))
}

/// Was standard output closed when the program began?
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Notes that standard output was closed when the program began: whatever is printed is lost, and said to be.
pub fn standard_output_is_closed() {
    CLOSED.store(true, Ordering::Relaxed);
}

/// Is this process one of several, of which another one is heard?
static SILENT: AtomicBool = AtomicBool::new(false);

/// From here on this process prints nothing and writes no result.
#[cfg(feature = "mpi")]
pub fn silence() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Does this process print nothing and write no result?
pub fn silent() -> bool {
    SILENT.load(Ordering::Relaxed)
}

/// Writes to standard output; a reader that has gone away is success.
fn print(result: &[u8]) -> Result<()> {
    if CLOSED.load(Ordering::Relaxed) {
        let closed = io::Error::other("it is closed");
        return Err(Error::io("cannot write", "standard output".as_ref(), closed));
    }
    let mut out = io::stdout().lock();
    match out.write_all(result).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io("cannot write", "standard output".as_ref(), error))
        }
        _ => Ok(()),
    }
}

/// Shows help or the version.
pub fn show(text: &str) -> Result<u8, String> {
    let shown = if silent() { Ok(()) } else { print(text.as_bytes()) };
    shown.map(|()| 0).map_err(|error| error.to_string())
}

/// The longest word of a complaint, and the longest line, in characters.
const LONGEST_WORD: usize = 240;
const LONGEST_LINE: usize = 2000;

/// Says in one line on standard error what was wrong.
pub fn complain(message: &str) -> u8 {
    if !silent() {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(io::stderr().lock(), "hinf: {}", one_line(message));
    }
    2
}

/// Text that cannot break the line or fill the screen, whatever a user's input in it holds.
fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split(' ').map(|word| shortened(word, LONGEST_WORD)).collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_LINE).collect()
}
