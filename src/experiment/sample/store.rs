//! Iterations of the solver in a folder, so that one that was killed loses one product.

use super::{super::Context, MeasurementRequest};
use crate::{
    error::{Error, ErrorKind, Result},
    files,
    gram::kept::{Keeper, State},
    train::checkpoint,
};
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The ending of the file of an iteration.
const ENDING: &str = "hinf-gram";

/// The folder, if there is one. It is this process's alone, or that of rank 0, until the store is dropped.
pub(super) struct IterationStore<'a> {
    request: &'a MeasurementRequest,
    folder: Option<&'a Path>,
    /// Does this process write?
    writes: bool,
    _lock: Option<files::Lock>,
}

/// One iteration, of the sample of one seed.
pub(super) struct Iteration<'a> {
    store: &'a IterationStore<'a>,
    seed: u64,
}

impl<'a> IterationStore<'a> {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// When it cannot be made, or holds iterations that are not to be taken up.
    pub fn open(request: &'a MeasurementRequest, context: &Context<'_>) -> Result<Self> {
        let writes = context.team.rank() == 0;
        let Some(folder) = request.checkpoint.as_deref() else {
            return Ok(Self { request, folder: None, writes, _lock: None });
        };
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, e))?;
        let lock = if writes { Some(files::Lock::wait(folder, context.progress)?) } else { None };
        if writes {
            files::sweep(folder)?;
        }
        let found = fs::read_dir(folder).map_err(|e| Error::io("cannot read", folder, e))?;
        let holds = found.flatten().any(|file| file.path().extension().is_some_and(|end| end == ENDING));
        if holds && !request.resume {
            let expected = "a folder without iterations, or `resume` to take up those in it";
            return Err(Error::invalid("checkpoint", folder.display(), expected));
        }
        Ok(Self { request, folder: Some(folder), writes, _lock: lock })
    }

    /// That of the sample of this seed.
    pub fn iteration(&self, seed: u64) -> Iteration<'_> {
        Iteration { store: self, seed }
    }

    /// Cancelled work with what became of it.
    pub fn explained(&self, error: Error) -> Error {
        match self.folder {
            Some(folder) if error.kind() == ErrorKind::Cancelled && error.expected().is_empty() => error
                .with_expected(format!(
                    "the iteration is kept in '{}': `resume` takes it up",
                    folder.display()
                )),
            _ => error,
        }
    }
}

impl Iteration<'_> {
    fn file(&self) -> Option<PathBuf> {
        Some(self.store.folder?.join(format!("{}.{ENDING}", self.seed)))
    }

    /// All that changes its numbers.
    fn identity(&self) -> Value {
        let MeasurementRequest { kernel, dim, points, design, pairs, degrees, .. } = self.store.request;
        json!({
            "program": env!("CARGO_PKG_VERSION"),
            "kernel": kernel.to_string(),
            "dim": dim.get(),
            "points": points,
            "design": design.name(),
            "pairs": pairs,
            "degrees": degrees.iter().map(|(degree, _)| degree).collect::<Vec<_>>(),
            "seed": self.seed,
        })
    }
}

impl Keeper for Iteration<'_> {
    fn load(&self) -> Result<Option<State<'static>>> {
        let Some(path) = self.file() else { return Ok(None) };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("cannot read", &path, e)),
        };
        let decoded = checkpoint::decode::<State<'static>>(&bytes, &self.identity());
        let (state, _) = decoded.map_err(|error| error.under(&format!("resume, {}", path.display())))?;
        Ok(Some(state))
    }

    fn save(&self, state: &State<'_>) -> Result<()> {
        let Some(path) = self.file().filter(|_| self.store.writes) else { return Ok(()) };
        files::write(&path, checkpoint::encode(&self.identity(), state, &[])?)
    }
}
