//! Runs, made by as many workers as there are threads.

use super::{
    super::Context,
    folder::{Folder, Found, Identities, wants_room},
    study::Study,
};
use crate::{
    error::{Error, ErrorKind, Result},
    progress::Progress,
};
use serde_json::Value;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

/// The stack of a worker's threads, in bytes: that of a program's first one.
const STACK: usize = 8 << 20;

/// Makes runs of a study and keeps what comes of them.
pub struct Maker<'a> {
    pub study: &'a Study,
    pub identities: &'a Identities<'a>,
    pub folder: &'a Folder,
    pub context: &'a Context<'a>,
    /// Are runs that failed before made again?
    pub retry: bool,
}

/// Watches one run among many: its parts and its costs are nobody's concern, and it ends when all shall.
struct One<'a> {
    all: &'a dyn Progress,
    stopped: &'a AtomicBool,
}

impl Progress for One<'_> {
    fn at(&self, _: u64, _: u64) {}

    fn cancelled(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.all.cancelled()
    }
}

impl Maker<'_> {
    /// Makes these runs, each on one thread while there are as many of them as threads.
    ///
    /// # Errors
    /// When a result cannot be kept, or the work is cancelled; what was finished is kept.
    pub fn make(&self, runs: &[u64]) -> Result<()> {
        let threads = rayon::current_num_threads();
        let workers = threads.min(runs.len()).max(1);
        let (next, done, stopped) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let (wrong, refused) = (Mutex::new(None), Mutex::new(vec![]));
        let work = || {
            while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                match self.one(*run, &stopped, workers == 1) {
                    Ok(true) => {
                        self.context.progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, runs.len() as u64)
                    }
                    Ok(false) => held(&refused).push(*run),
                    Err(error) => {
                        stopped.store(true, Ordering::Relaxed);
                        held(&wrong).get_or_insert(error);
                    }
                }
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| match pool(threads / workers) {
                    Ok(pool) => pool.install(work),
                    Err(error) => drop(held(&wrong).get_or_insert(error)),
                });
            }
        });
        let left = |error: Error| match error.kind() {
            ErrorKind::Cancelled => error.with_expected(format!(
                "{} of {} runs were finished and are kept: the same command goes on",
                done.load(Ordering::Relaxed),
                runs.len()
            )),
            _ => error,
        };
        if let Some(error) = held(&wrong).take() {
            return Err(left(error));
        }
        let refused = std::mem::take(&mut *held(&refused));
        for run in refused {
            self.one(run, &stopped, true).map_err(left)?;
            self.context.progress.at(done.fetch_add(1, Ordering::Relaxed) + 1, runs.len() as u64);
        }
        Ok(())
    }

    /// Makes one run and keeps what comes of it. False if it may have failed for want of what others took, and shall be made `alone`.
    fn one(&self, run: u64, stopped: &AtomicBool, alone: bool) -> Result<bool> {
        self.context.progress.go_on()?;
        let identity = self.identities.of(self.study.run(run))?;
        // Another process may have made it meanwhile.
        if self.folder.is_done(&identity, self.retry)? {
            return Ok(true);
        }
        let watched = One { all: self.context.progress, stopped };
        let context = Context { progress: &watched, ..*self.context };
        let entry = self.study.entry();
        let called = catch_unwind(AssertUnwindSafe(|| (entry.call)(self.study.run(run), &context)));
        let result = called.unwrap_or_else(|_| {
            Err(Error::numerical(
                self.study.command(),
                "a flaw of the program",
                "an answer; please report this",
            ))
        });
        match result {
            Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
            Err(error) if wants_room(&error) && !alone => Ok(false),
            result => {
                let lasting = result.map(|(mut report, passed)| {
                    clear(&mut report, entry.of_the_machine);
                    (report, passed)
                });
                self.folder.keep(&identity, lasting)?;
                Ok(true)
            }
        }
    }
}

impl Folder {
    /// Is a run here, and not to be made again?
    pub fn is_done(&self, run: &super::folder::Identity, retry: bool) -> Result<bool> {
        let found =
            self.look(run, |outcome| !retry || matches!(outcome, super::folder::Outcome::Finished { .. }))?;
        Ok(matches!(found, Found::Kept(true)))
    }
}

/// Threads of a worker's own: a thread that waits for a part of its run takes up no other run.
fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    let built = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).stack_size(STACK).build();
    built.map_err(|e| Error::too_large("threads", format!("{threads} threads"), format!("fewer: {e}")))
}

/// Takes these fields out, at any depth.
fn clear(report: &mut Value, fields: &[&str]) {
    match report {
        Value::Object(map) => {
            map.retain(|name, _| !fields.contains(&name.as_str()));
            map.values_mut().for_each(|value| clear(value, fields));
        }
        Value::Array(all) => all.iter_mut().for_each(|value| clear(value, fields)),
        _ => {}
    }
}

/// What a lock holds, whatever became of a thread that had it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
