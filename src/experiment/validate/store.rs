//! Reports kept in a folder, each with a checksum and what it is known by.

use super::evidence::Evidence;
use crate::{
    error::{Error, Result},
    files,
    progress::Progress,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// This program: reports of another one are not taken up.
const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("HINF_SOURCE"));
/// The folder, under that of the reports, of training that is under way.
const RUNS: &str = "runs";
/// Characters of a command in the name of its file.
const NAME: usize = 60;

/// A folder of reports.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// No other process writes here meanwhile.
    _lock: files::Lock,
}

/// A report as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The program that made it.
    program: String,
    /// The name of the experiment.
    command: String,
    /// Its options.
    options: Value,
    /// What it took.
    seconds: f64,
    /// The report.
    result: Value,
}

/// The file: the report, and the CRC-32 of its compact JSON.
#[derive(Serialize, Deserialize)]
struct Checked {
    checksum: String,
    #[serde(flatten)]
    kept: Kept,
}

impl Kept {
    fn checksum(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{:08x}", crc32fast::hash(text.as_bytes()))
    }
}

impl Store {
    /// The store in `folder`, which is made if it is missing; waits until no other process uses it, and sweeps what a killed one left.
    ///
    /// # Errors
    /// When the folder cannot be made or locked, and when the waiting is cancelled.
    pub fn open(folder: &Path, progress: &dyn Progress) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make the folder", folder, e))?;
        let lock = files::Lock::wait(folder, progress)?;
        files::sweep(folder)?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// Where training leaves what it has reached until its report is kept.
    pub fn unfinished(&self, options: &impl Evidence) -> PathBuf {
        self.folder.join(RUNS).join(format!("{:08x}", hash(options, PROGRAM)))
    }

    /// The report that an earlier run of this program kept, and the seconds it took. One that was altered is said to be, and left.
    pub fn kept<O: Evidence>(&self, options: &O, progress: &dyn Progress) -> Option<(O::Found, f64)> {
        let file = self.file(options);
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            found => found.ok(),
        };
        let parsed: Option<Checked> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some(Checked { kept, .. }) = parsed.filter(|found| found.checksum == found.kept.checksum())
        else {
            progress.note(&format!("'{}' is not as it was written: it is made again", file.display()));
            return None;
        };
        let same = kept.program == PROGRAM && kept.command == O::COMMAND;
        let report = (same && Some(&kept.options) == serde_json::to_value(options).ok().as_ref())
            .then(|| serde_json::from_value(kept.result).ok())
            .flatten()?;
        Some((report, kept.seconds))
    }

    /// Keeps a report, and removes what led to it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep<O: Evidence>(&self, options: &O, seconds: f64, found: &O::Found) -> Result<()> {
        let value = |found: serde_json::Result<Value>| {
            found.map_err(|e| Error::numerical("report", e, "one that can be serialised"))
        };
        let kept = Kept {
            program: PROGRAM.into(),
            command: O::COMMAND.into(),
            options: value(serde_json::to_value(options))?,
            seconds,
            result: value(serde_json::to_value(found))?,
        };
        let checked = Checked { checksum: kept.checksum(), kept };
        let text = serde_json::to_string_pretty(&checked);
        let text = text.map_err(|e| Error::numerical("report", e, "one that can be serialised"))?;
        files::write(&self.file(options), text + "\n")?;
        // The report is kept: what led to it is of no more use, and no harm if it stays.
        let _ = fs::remove_dir_all(self.unfinished(options));
        Ok(())
    }

    /// Removes what is left of training, when all reports are kept.
    pub fn finish(&self) {
        // No harm if it stays: the next run sweeps it.
        let _ = fs::remove_dir_all(self.folder.join(RUNS));
    }

    /// Where a report is kept: its command, and enough of a hash to tell apart what is cut off.
    fn file(&self, options: &impl Evidence) -> PathBuf {
        let words = options.words().join("-");
        let plain: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let name: String = plain.chars().take(NAME).collect();
        self.folder.join(format!("{name}-{:08x}.json", hash(options, "")))
    }
}

/// A hash of an experiment, run by `program`.
fn hash<O: Evidence>(options: &O, program: &str) -> u32 {
    let options = serde_json::to_string(options).unwrap_or_default();
    crc32fast::hash(format!("{program} {} {options}", O::COMMAND).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiment::{Context, Options, Request, table},
        progress::Unwatched,
    };
    use std::sync::Mutex;

    #[derive(Default)]
    struct Heard(Mutex<Vec<String>>);

    impl Progress for Heard {
        fn at(&self, _: u64, _: u64) {}

        fn note(&self, text: &str) {
            self.0.lock().unwrap().push(text.into());
        }
    }

    fn options() -> table::Options {
        let [kernel, dim, degrees] = ["two-layer", "2", "0..2"].map(Into::into);
        table::Options { kernel, dim, degrees, ..Default::default() }
    }

    #[test]
    fn a_report_is_kept_to_the_last_bit_and_an_altered_one_is_not_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &Unwatched).unwrap();
        let options = options();
        let report = options.build().unwrap().run(&Context::default()).unwrap();
        store.keep(&options, 0.1 + 0.2, &report).unwrap();
        let (found, seconds) = store.kept(&options, &Unwatched).unwrap();
        let json = |report: &table::Report| serde_json::to_string(report).unwrap();
        assert_eq!((json(&found), seconds), (json(&report), 0.1 + 0.2));
        let other = table::Options { dim: "3".into(), ..options.clone() };
        assert!(store.kept(&other, &Unwatched).is_none());
        let file = store.file(&options);
        let sound = fs::read(&file).unwrap();
        // Every bit, and every length.
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&file, bytes).unwrap();
            let heard = Heard::default();
            if let Some((found, _)) = store.kept(&options, &heard) {
                // White space and the case of the checksum are not part of what is kept.
                assert_eq!(json(&found), json(&report), "byte {at}");
            } else {
                assert_eq!(heard.0.lock().unwrap().len(), 1, "byte {at}");
            }
            fs::write(&file, &sound[..at]).unwrap();
            assert!(store.kept(&options, &Unwatched).is_none_or(|_| at + 1 == sound.len()), "cut at {at}");
        }
    }
}
