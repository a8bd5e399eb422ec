//! Runs in a folder: finished ones, and those under way.

use super::{RunSpec, Setup, record::Record};
use crate::{
    error::{Error, ErrorKind, Result},
    files,
    progress::Progress,
    train::{Network, checkpoint},
};
use serde::Serialize;
use serde_json::Value;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folder, if there is one. It is this process's alone until the store is dropped.
pub(super) struct RunStore {
    folder: Option<(PathBuf, files::Lock)>,
}

/// The ending of a run's file.
const ENDING: &str = "hinf-run";

/// All that changes a run's numbers: a run of anything else is refused.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Identity<'a> {
    program: &'static str,
    #[serde(flatten)]
    setup: &'a Setup,
    step_size: f64,
    #[serde(flatten)]
    spec: &'a RunSpec,
}

impl RunStore {
    /// Opens or makes the folder, waits for another process to leave it, and clears it of files that a killed one left half-written.
    ///
    /// # Errors
    /// When it cannot be made, or holds runs that are not to be taken up.
    pub fn open(folder: Option<&Path>, resume: bool, progress: &dyn Progress) -> Result<Self> {
        let Some(folder) = folder else { return Ok(Self { folder: None }) };
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, e))?;
        let lock = files::Lock::wait(folder, progress)?;
        files::sweep(folder)?;
        let found = fs::read_dir(folder).map_err(|e| Error::io("cannot read", folder, e))?;
        let holds_runs = found.flatten().any(|file| file.path().extension().is_some_and(|end| end == ENDING));
        if holds_runs && !resume {
            let expected = "a folder without runs, or `resume` to take up those in it";
            return Err(Error::invalid("checkpoint", folder.display(), expected));
        }
        Ok(Self { folder: Some((folder.to_owned(), lock)) })
    }

    /// Are runs kept at all?
    pub fn is_on(&self) -> bool {
        self.folder.is_some()
    }

    fn path(&self, spec: &RunSpec) -> Option<PathBuf> {
        let name = format!("{}-{}.{ENDING}", spec.repeat, spec.index);
        self.folder.as_ref().map(|(folder, _)| folder.join(name))
    }

    /// Keeps a run; the state is empty once it has ended.
    pub fn save(
        &self,
        setup: &Setup,
        spec: &RunSpec,
        step_size: f64,
        record: &Record,
        state: impl Fn() -> Vec<u8>,
    ) -> Result<()> {
        let Some(path) = self.path(spec) else { return Ok(()) };
        let bytes = checkpoint::encode(&identity(setup, spec, step_size)?, record, &state())?;
        files::write(&path, bytes)
    }

    /// The run as it was left, and the network with it; `None` if it is not in the folder.
    pub fn load(
        &self,
        setup: &Setup,
        spec: &RunSpec,
        step_size: f64,
        network: &mut dyn Network,
    ) -> Result<Option<Record>> {
        let Some(path) = self.path(spec) else { return Ok(None) };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("cannot read", &path, e)),
        };
        let under = |error: Error| error.under(&format!("resume, {}", path.display()));
        let identity = identity(setup, spec, step_size)?;
        let (record, state) = checkpoint::decode::<Record>(&bytes, &identity).map_err(under)?;
        if record.progress.parts.len() != spec.target.terms().len() {
            let foreign =
                Error::invalid("checkpoint", "a run of another shape", "one that this program kept");
            return Err(under(foreign));
        }
        if !state.is_empty() {
            network.restore(&state).map_err(under)?;
        }
        Ok(Some(record))
    }

    /// Cancelled work with what became of it.
    pub fn explained(&self, error: Error) -> Error {
        match (&self.folder, error.kind()) {
            (Some((folder, _)), ErrorKind::Cancelled) => error.with_expected(format!(
                "finished runs and those under way are kept in '{}': `resume` takes them up",
                folder.display()
            )),
            (None, ErrorKind::Cancelled) => {
                error.with_expected("nothing is kept, as there was no `checkpoint` folder")
            }
            _ => error,
        }
    }
}

fn identity(setup: &Setup, spec: &RunSpec, step_size: f64) -> Result<Value> {
    let identity = Identity { program: env!("CARGO_PKG_VERSION"), setup, step_size, spec };
    serde_json::to_value(identity).map_err(|e| Error::numerical("checkpoint", e, "a request as JSON"))
}
