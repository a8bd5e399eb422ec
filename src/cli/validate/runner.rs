//! Runs the program's own commands, and keeps what they found.

use super::super::{Arguments, output::Output};
use crate::{
    error::{Error, Result},
    experiment::Pipeline,
    report::{self, manifest::Ran},
};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// This program: results of another one are not taken up.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("HINF_SOURCE"));
/// The folder, under that of the results, of training that is under way.
const RUNS: &str = "runs";

/// Runs commands in this process; results are kept in a folder, so that an interrupted validation goes on where it was.
pub struct Runner {
    folder: PathBuf,
    pipeline: Pipeline,
    known: Mutex<Vec<(Ran, Value)>>,
}

impl Runner {
    /// Commands go through `stages`; results are kept under `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: PathBuf, pipeline: Pipeline) -> Result<Self> {
        fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make the folder", &folder, e))?;
        Ok(Self { folder, pipeline, known: Mutex::default() })
    }

    /// The result of `hinf COMMAND` as JSON; `{}` stands for the folder of the runner.
    ///
    /// # Errors
    /// Those of the command.
    pub fn run(&self, command: &str) -> Result<Value> {
        let known = |all: &[(Ran, Value)]| {
            all.iter().find(|(ran, _)| ran.command == command).map(|(_, value)| value.clone())
        };
        if let Some(value) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(value);
        }
        let file = self.file(command);
        let (ran, value) = match kept(command, &file) {
            Some(found) => found,
            None => self.made(command, &file)?,
        };
        self.known.lock().unwrap_or_else(PoisonError::into_inner).push((ran, value.clone()));
        Ok(value)
    }

    /// The commands that were run, in their order, with their times.
    pub fn ran(&self) -> Vec<Ran> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(ran, _)| ran.clone()).collect()
    }

    /// Runs a command; training takes up what an interrupted run of it left.
    fn made(&self, command: &str, file: &Path) -> Result<(Ran, Value)> {
        let folder = self.folder.display().to_string();
        let mut words: Vec<OsString> = vec!["hinf".into()];
        words.extend(command.split(' ').map(|word| word.replace("{}", &folder).into()));
        let runs = self.folder.join(RUNS);
        let own = runs.join(format!("{:016x}", hash(&format!("{PROGRAM} {command}"))));
        if command.starts_with("train ") {
            words.extend(["--checkpoint".into(), own.clone().into(), "--resume".into()]);
        }
        let parsed = Arguments::parsed(words)
            .map_err(|e| Error::invalid("command of a claim", command, e.kind().to_string()))?;
        let (output, clock) = (Output::kept(), Instant::now());
        parsed.command.run(&self.pipeline, &output)?;
        let seconds = clock.elapsed().as_secs_f64();
        let value = output
            .taken()
            .ok_or_else(|| Error::invalid("command of a claim", command, "one with a result"))?;
        let held = json!({"program": PROGRAM, "command": command, "seconds": seconds, "result": value});
        report::write(file, format!("{held:#}\n"))?;
        // The result is kept: what led to it is of no more use, and no harm if it stays.
        let _ = fs::remove_dir_all(own).and_then(|()| fs::remove_dir(runs));
        Ok((Ran { command: command.into(), seconds, kept: false }, value))
    }

    /// Where a command's result is kept: its words, and enough of a hash to tell apart what is cut off.
    fn file(&self, command: &str) -> PathBuf {
        let plain: String =
            command.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let name: String = plain.chars().take(60).collect();
        self.folder.join(format!("{name}-{:08x}.json", hash(command) >> 32))
    }
}

/// A result that an earlier run of this program kept.
fn kept(command: &str, file: &Path) -> Option<(Ran, Value)> {
    let mut held: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let same = held["program"] == PROGRAM && held["command"] == command;
    let seconds = held["seconds"].as_f64()?;
    same.then(|| (Ran { command: command.into(), seconds, kept: true }, held["result"].take()))
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}
