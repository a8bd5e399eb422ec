//! The folder of a sweep: one file a run, which says itself whether it is whole and of what.
//!
//! `{"checksum":"...","run":{"schema":...,"program":...,"request":...,"result":...}}`: the checksum is the CRC-32 of the text of `run`; the request is the
//! command with all its options, and the SHA-256 of each file that they read; the file is named by the SHA-256 of the request. Nothing in it depends on
//! the machine or the clock.

use super::{super::entry::Entry, State};
use crate::{
    error::{Error, ErrorKind, Result},
    files,
    progress::Progress,
};
use serde::{Deserialize, Serialize};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// This program: results of another one are not taken up.
pub const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("HINF_SOURCE"));
const SCHEMA: &str = "hinf.sweep-run/1";
/// The file of the study.
const STUDY: &str = "study.json";
/// Bytes of a hash in the name of a file: more than keep two of 10^15 apart.
const NAME_BYTES: usize = 16;
/// What is in a folder of a sweep beside its study.
const ENDING: &str = "json";

/// What a run is known by.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The request as JSON text.
    request: String,
    /// The hash of it that names its file.
    pub name: String,
}

/// What runs are known by; each file that they read is hashed once.
pub struct Identities<'a> {
    command: &'a str,
    entry: &'a Entry,
    files: Mutex<HashMap<String, Option<String>>>,
}

impl<'a> Identities<'a> {
    pub fn new(command: &'a str, entry: &'a Entry) -> Self {
        Self { command, entry, files: Mutex::default() }
    }

    /// That of the run with these options.
    ///
    /// # Errors
    /// When they are not the command's.
    pub fn of(&self, options: Value) -> Result<Identity> {
        let mut inputs = serde_json::Map::new();
        for name in self.entry.inputs {
            let given = options.get(name).and_then(Value::as_str).unwrap_or_default();
            for path in given.split(',').map(str::trim).filter(|path| !path.is_empty()) {
                if let Some(hash) = self.hash_of(path) {
                    inputs.insert(path.into(), Value::String(hash));
                }
            }
        }
        let options = (self.entry.whole)(options)?;
        let inputs =
            if inputs.is_empty() { String::new() } else { format!(",\"inputs\":{}", Value::Object(inputs)) };
        let request = format!("{{\"command\":\"{}\",\"options\":{options}{inputs}}}", self.command);
        let name = hex(&Sha256::digest(request.as_bytes())[..NAME_BYTES]);
        Ok(Identity { request, name })
    }

    /// The hash of what stands in a file, if there is one.
    fn hash_of(&self, path: &str) -> Option<String> {
        let mut known = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = || Some(hex(&Sha256::digest(fs::read(path).ok()?)));
        known.entry(path.to_owned()).or_insert_with(hash).clone()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What came of a run.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome<'a> {
    /// It ended.
    Finished {
        /// Did its checks hold?
        passed: bool,
        /// Its report, as JSON text.
        #[serde(borrow)]
        report: Cow<'a, RawValue>,
    },
    /// It could not be made.
    Failed {
        /// Why, in a line.
        error: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Checked<'a> {
    checksum: String,
    #[serde(borrow)]
    run: Cow<'a, RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    schema: Cow<'a, str>,
    program: Cow<'a, str>,
    #[serde(borrow)]
    request: Cow<'a, RawValue>,
    #[serde(borrow)]
    result: Outcome<'a>,
}

/// What is found of a run.
pub enum Found<T> {
    /// No file.
    Missing,
    /// One that is not what it should be.
    Unusable(&'static str),
    /// What came of it.
    Kept(T),
}

/// The folder of a sweep.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, whether or not it is there.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes it where it is missing, and keeps the study in it; one of another study is said to be, and becomes one of this.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn open(&self, study: &Value, progress: &dyn Progress) -> Result<files::Shared> {
        fs::create_dir_all(&self.0).map_err(|e| Error::io("cannot make the folder", &self.0, e))?;
        let shared = files::Shared::enter(&self.0)?;
        let file = self.0.join(STUDY);
        let text = format!("{study:#}\n");
        match fs::read_to_string(&file) {
            Ok(found) if found == text => return Ok(shared),
            Ok(_) => progress.note(&format!(
                "'{}' was of another study; results that this one has too are taken up, the others stay",
                self.0.display()
            )),
            Err(_) => {}
        }
        files::write(&file, text)?;
        Ok(shared)
    }

    /// The study whose results are here.
    ///
    /// # Errors
    /// When there is none.
    pub fn study(&self) -> Result<Value> {
        let file = self.0.join(STUDY);
        let text = fs::read(&file).map_err(|e| Error::io("cannot read", &file, e))?;
        serde_json::from_slice(&text).map_err(|e| {
            Error::invalid(
                "folder",
                file.display(),
                format!("the study that hinf sweep left there ({e}); run it again"),
            )
        })
    }

    /// The names of the runs of which there are files.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        let files = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            found => found.map_err(|e| Error::io("cannot read", &self.0, e))?,
        };
        let stem = |file: io::Result<fs::DirEntry>| {
            let name = file.ok()?.file_name().into_string().ok()?;
            let stem = name.strip_suffix(ENDING)?.strip_suffix('.')?;
            (stem.len() == 2 * NAME_BYTES).then(|| stem.to_owned())
        };
        Ok(files.filter_map(stem).collect())
    }

    fn file(&self, run: &Identity) -> PathBuf {
        self.0.join(format!("{}.{ENDING}", run.name))
    }

    /// Looks at what is here of a run.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub fn look<T>(&self, run: &Identity, see: impl FnOnce(Outcome<'_>) -> T) -> Result<Found<T>> {
        let file = self.file(run);
        let text = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            found => found.map_err(|e| Error::io("cannot read", &file, e))?,
        };
        let torn = Found::Unusable("torn or altered");
        let Ok(checked) = serde_json::from_slice::<Checked<'_>>(&text) else { return Ok(torn) };
        if checked.checksum != checksum(checked.run.get()) {
            return Ok(torn);
        }
        let Ok(kept) = serde_json::from_str::<Kept<'_>>(checked.run.get()) else { return Ok(torn) };
        if kept.schema != SCHEMA || kept.program != PROGRAM {
            return Ok(Found::Unusable("made by another version of the program"));
        }
        if kept.request.get() != run.request {
            return Ok(Found::Unusable("of another run"));
        }
        Ok(Found::Kept(see(kept.result)))
    }

    /// Keeps what came of a run, and says what there is of it now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, run: &Identity, result: Result<(Value, bool)>) -> Result<State> {
        let unserialised = |e| Error::numerical("report", e, "one that can be serialised");
        let result = match result {
            Ok((report, passed)) => {
                let report = to_raw_value(&report).map_err(unserialised)?;
                Outcome::Finished { passed, report: Cow::Owned(report) }
            }
            Err(error) => Outcome::Failed { error: error.to_string() },
        };
        let state = State::of(&result);
        let request = RawValue::from_string(run.request.clone()).map_err(unserialised)?;
        let kept =
            Kept { schema: SCHEMA.into(), program: PROGRAM.into(), request: Cow::Owned(request), result };
        let whole = to_raw_value(&kept).map_err(unserialised)?;
        let checked = Checked { checksum: checksum(whole.get()), run: Cow::Owned(whole) };
        let text = serde_json::to_string(&checked).map_err(unserialised)? + "\n";
        files::replace(&self.file(run), text)?;
        Ok(state)
    }
}

fn checksum(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

/// May a run that failed like this do so for want of what others took at the same time?
pub fn wants_room(error: &Error) -> bool {
    error.kind() == ErrorKind::TooLarge
}
