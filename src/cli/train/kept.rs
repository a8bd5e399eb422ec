//! Runs in a folder: finished ones, and those under way.

use super::{
    request::Request,
    single::{Run, Sample, Task},
};
use crate::{
    error::{Error, Result},
    report,
    train::{Network, checkpoint::Checkpoint, descent::Progress, odd::Departure},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folder, if there is one.
pub struct Kept {
    folder: Option<PathBuf>,
    request: String,
}

/// The ending of a run's file.
const ENDING: &str = "hinf-run";

impl Kept {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// When it cannot be made, or holds runs and there is no `--resume`.
    pub fn open(request: &Request) -> Result<Self> {
        let kept = Self { folder: request.checkpoint.clone(), request: identity(request) };
        let Some(folder) = &kept.folder else { return Ok(kept) };
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, e))?;
        let files = fs::read_dir(folder).map_err(|e| Error::io("cannot read", folder, e))?;
        let holds_runs = files.flatten().any(|file| file.path().extension().is_some_and(|end| end == ENDING));
        if holds_runs && !request.resume {
            let expected = "a folder without runs, or --resume to take up those in it";
            return Err(Error::invalid("--checkpoint", folder.display(), expected));
        }
        Ok(kept)
    }

    /// Are runs kept at all?
    pub fn is_on(&self) -> bool {
        self.folder.is_some()
    }

    fn path(&self, task: &Task) -> Option<PathBuf> {
        let name = format!("{}-{}.{ENDING}", task.repeat, task.index);
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    fn identity(&self, task: &Task) -> String {
        let target: Vec<String> = task.target.iter().map(|(k, c)| format!("{k}:{c}")).collect();
        let target = target.join(",");
        format!("{} repeat={} target={target} steps={}", self.request, task.repeat, task.rule.max_steps)
    }

    /// Keeps a run; the state is empty once it has ended.
    pub fn save(&self, task: &Task, run: &Run, state: Vec<u8>) -> Result<()> {
        let Some(path) = self.path(task) else { return Ok(()) };
        let own = run.progress.words();
        let mut words = vec![own.len() as u64];
        words.extend(own);
        let odd = run.odd.map(|odd| [odd.distance.to_bits(), odd.rounding.to_bits()]);
        words.push(odd.iter().count() as u64);
        words.extend(odd.into_iter().flatten());
        for sample in &run.history {
            words.extend([sample.step, sample.values.len() as u64]);
            words.extend(sample.values.iter().map(|x| x.to_bits()));
        }
        report::write(&path, Checkpoint { request: self.identity(task), words, state }.encode())
    }

    /// The run as it was left, and the network with it; `None` if it is not in the folder.
    pub fn load(&self, task: &Task, network: &mut dyn Network) -> Result<Option<Run>> {
        let Some(path) = self.path(task) else { return Ok(None) };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("cannot read", &path, e)),
        };
        let found = Checkpoint::decode(&bytes, &path.display().to_string(), &self.identity(task))?;
        let run = unpacked(task, &found.words).ok_or_else(|| foreign(&path))?;
        if !run.progress.ended(&task.rule) {
            network.restore(&found.state)?;
        }
        Ok(Some(run))
    }
}

fn foreign(path: &Path) -> Error {
    Error::invalid(
        format!("--resume, {}", path.display()),
        "a run of another shape",
        "one that this program kept",
    )
}

fn unpacked(task: &Task, words: &[u64]) -> Option<Run> {
    let (length, rest) = words.split_first()?;
    let (own, rest) = rest.split_at_checked(usize::try_from(*length).ok()?)?;
    let progress = Progress::from_words(own, task.target.len())?;
    let (odd, mut rest) = match rest.split_first()? {
        (0, rest) => (None, rest),
        (_, rest) => {
            let (&[distance, rounding], rest) = rest.split_first_chunk::<2>()?;
            let [distance, rounding] = [distance, rounding].map(f64::from_bits);
            (Some(Departure { distance, rounding }), rest)
        }
    };
    let mut history = Vec::new();
    while let Some((&[step, count], after)) = rest.split_first_chunk::<2>() {
        let (values, after) = after.split_at_checked(usize::try_from(count).ok()?)?;
        history.push(Sample { step, values: values.iter().map(|bits| f64::from_bits(*bits)).collect() });
        rest = after;
    }
    let target = task.target.clone();
    Some(Run { repeat: task.repeat, target, progress, odd, history })
}

/// All of a request that changes a run's numbers.
fn identity(request: &Request) -> String {
    let Request {
        model,
        kernel,
        dim,
        random_harmonic,
        points,
        design,
        lr,
        delta,
        loss,
        seed,
        noise,
        gap,
        curves,
        ..
    } = request;
    // One word for each thing that can differ, with its name.
    let model = format!("{model:?}").replace(": ", "=");
    format!(
        "version={} {model} kernel={kernel} dim={dim} random={random_harmonic} points={points} design={} lr={lr:?} delta={delta} loss={} seed={seed} noise={noise} gap={gap:?} curves={}",
        env!("CARGO_PKG_VERSION"),
        design.name(),
        loss.name(),
        curves.is_some()
    )
}
