//! Runs the program's own commands, and keeps what they found.

use super::super::{Arguments, output::Output};
use crate::{
    error::{Error, Result},
    report,
};
use serde_json::{Value, json};
use std::{collections::HashMap, fs, path::PathBuf, sync::Mutex};

/// Runs commands in this process; results are kept in a folder, so that an interrupted validation goes on where it was.
pub struct Runner {
    folder: PathBuf,
    known: Mutex<HashMap<String, Value>>,
}

impl Runner {
    /// Results are kept under `folder`, which is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make the folder", &folder, e))?;
        Ok(Self { folder, known: Mutex::default() })
    }

    /// The result of `hinf COMMAND` as JSON; `{}` stands for the folder of the runner.
    ///
    /// # Errors
    /// Those of the command.
    pub fn run(&self, command: &str) -> Result<Value> {
        let known =
            |all: &Mutex<HashMap<String, Value>>| all.lock().ok().and_then(|all| all.get(command).cloned());
        if let Some(value) = known(&self.known).or_else(|| self.kept(command)) {
            return Ok(value);
        }
        let folder = self.folder.display().to_string();
        let words = command.split(' ').map(|word| word.replace("{}", &folder).into());
        let arguments = std::iter::once("hinf".into()).chain(words);
        let parsed = Arguments::parsed(arguments)
            .map_err(|e| Error::invalid("command of a claim", command, e.kind().to_string()))?;
        let output = Output::kept();
        parsed.command.run(&output)?;
        let value = output
            .taken()
            .ok_or_else(|| Error::invalid("command of a claim", command, "one with a result"))?;
        let text = format!(
            "{:#}\n",
            json!({"version": env!("CARGO_PKG_VERSION"), "command": command, "result": value})
        );
        report::write(&self.file(command), text)?;
        if let Ok(mut all) = self.known.lock() {
            all.insert(command.to_owned(), value.clone());
        }
        Ok(value)
    }

    /// A result that an earlier run of this version kept.
    fn kept(&self, command: &str) -> Option<Value> {
        let text = fs::read_to_string(self.file(command)).ok()?;
        let mut held: Value = serde_json::from_str(&text).ok()?;
        let same = held["version"] == env!("CARGO_PKG_VERSION") && held["command"] == command;
        same.then(|| held["result"].take())
    }

    /// Where a command's result is kept: its words, and enough of a hash to tell apart what is cut off.
    fn file(&self, command: &str) -> PathBuf {
        let plain: String =
            command.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let hash = command
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        let name: String = plain.chars().take(60).collect();
        self.folder.join(format!("{name}-{:08x}.json", hash >> 32))
    }
}
