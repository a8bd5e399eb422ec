//! Folders that one process has to itself, swept of what a killed one left.

use crate::{
    error::{Error, Result},
    progress::Progress,
};
use std::{
    fs::{self, File, TryLockError},
    path::Path,
    thread::sleep,
    time::Duration,
};

/// Removes the half-written files that a killed process left in `folder`, which no other process may be writing to.
///
/// # Errors
/// When the folder cannot be read or a file cannot be removed.
pub fn sweep(folder: &Path) -> Result<()> {
    let files = fs::read_dir(folder).map_err(|e| Error::io("cannot read", folder, e))?;
    let unfinished = |file: &fs::DirEntry| file.file_name().to_string_lossy().starts_with(super::UNFINISHED);
    for file in files.flatten().filter(unfinished) {
        fs::remove_file(file.path()).map_err(|e| Error::io("cannot remove", &file.path(), e))?;
    }
    Ok(())
}

/// A folder that this process has to itself, among those that ask, until this is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    _folder: File,
}

/// Another process is asked for so often whether it has left the folder.
const PATIENCE: Duration = Duration::from_millis(50);

impl Lock {
    /// Waits until no other process has the folder.
    ///
    /// # Errors
    /// When the folder cannot be opened or locked, and when the work is cancelled.
    pub fn wait(folder: &Path, progress: &dyn Progress) -> Result<Self> {
        let file = File::open(folder).map_err(|e| Error::io("cannot open", folder, e))?;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _folder: file }),
                Err(TryLockError::Error(e)) => return Err(Error::io("cannot lock", folder, e)),
                Err(TryLockError::WouldBlock) => {
                    if !told {
                        progress.note(&format!("waiting for another run in '{}' to end", folder.display()));
                        told = true;
                    }
                    progress.go_on()?;
                    sleep(PATIENCE);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, progress::Unwatched};
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    struct Waiting {
        told: AtomicBool,
        enough: AtomicBool,
    }

    impl Progress for Waiting {
        fn at(&self, _: u64, _: u64) {}

        fn note(&self, text: &str) {
            assert!(text.starts_with("waiting for another run"));
            self.told.store(true, Ordering::Relaxed);
        }

        fn cancelled(&self) -> bool {
            self.enough.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_second_run_waits_for_the_first_and_may_be_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::wait(folder.path(), &Unwatched).unwrap();
        let waiting = Waiting { told: false.into(), enough: false.into() };
        thread::scope(|scope| {
            let second = scope.spawn(|| Lock::wait(folder.path(), &waiting));
            while !waiting.told.load(Ordering::Relaxed) {
                sleep(Duration::from_millis(1));
            }
            assert!(!second.is_finished());
            drop(first);
            let held = second.join().unwrap().unwrap();
            waiting.enough.store(true, Ordering::Relaxed);
            let refused = Lock::wait(folder.path(), &waiting).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Cancelled);
            drop(held);
        });
    }

    #[test]
    fn what_a_killed_process_left_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".hinf-abc123", "0-0.hinf-run", "x.json"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        sweep(folder.path()).unwrap();
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["0-0.hinf-run", "x.json"]);
    }
}
