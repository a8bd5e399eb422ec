//! Folders that one process has to itself, swept of what a killed one left.

use crate::{
    error::{Error, Result},
    progress::Progress,
};
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
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

/// A folder that this process writes to beside others that share it. The first to come and the last to go sweep what killed ones left.
#[derive(Debug)]
pub struct Shared {
    folder: File,
    path: PathBuf,
}

impl Shared {
    /// Enters the folder. Where the file system knows no locks nothing is swept, and all else is the same.
    ///
    /// # Errors
    /// When the folder cannot be opened, or swept.
    pub fn enter(folder: &Path) -> Result<Self> {
        let file = File::open(folder).map_err(|e| Error::io("cannot open", folder, e))?;
        let shared = Self { folder: file, path: folder.to_owned() };
        shared.sweep_if_alone()?;
        // One without locks serves too: no file is ever seen half-written.
        let _ = shared.folder.lock_shared();
        Ok(shared)
    }

    /// Leaves the folder.
    ///
    /// # Errors
    /// When it cannot be swept.
    pub fn leave(self) -> Result<()> {
        let _ = self.folder.unlock();
        self.sweep_if_alone()
    }

    fn sweep_if_alone(&self) -> Result<()> {
        if self.folder.try_lock().is_err() {
            return Ok(());
        }
        let swept = sweep(&self.path);
        let _ = self.folder.unlock();
        swept
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
    fn a_shared_folder_is_swept_only_when_nobody_else_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join(".hinf-abc123");
        fs::write(&left, "x").unwrap();
        let first = Shared::enter(folder.path()).unwrap();
        assert!(!left.exists());
        fs::write(&left, "being written").unwrap();
        let second = Shared::enter(folder.path()).unwrap();
        second.leave().unwrap();
        assert!(left.exists());
        first.leave().unwrap();
        assert!(!left.exists());
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
