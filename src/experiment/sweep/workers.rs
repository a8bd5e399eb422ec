//! Runs, made by as many workers as there are threads.

use super::{
    super::{Among, Context},
    folder::{Folder, Found, Identities, wants_room},
    report::State,
    study::Study,
};
use crate::{
    error::{Error, ErrorKind, Result},
    progress::Progress,
};
use serde_json::Value;
use std::{
    collections::HashMap,
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

/// How far workers are.
#[derive(Default)]
struct Course {
    done: AtomicU64,
    stopped: AtomicBool,
    /// What went wrong first.
    wrong: Mutex<Option<Error>>,
    /// Runs that may have found too little room beside others.
    refused: Mutex<Vec<u64>>,
    /// What there is of the runs that were made here.
    made: Mutex<HashMap<u64, State>>,
}

impl Course {
    fn stop(&self, error: Error) {
        self.stopped.store(true, Ordering::Relaxed);
        held(&self.wrong).get_or_insert(error);
    }
}

impl Maker<'_> {
    /// Makes these runs, each on one thread while there are as many of them as threads; other processes of the team are given theirs as they become free.
    /// Gives what there is of those that were made here.
    ///
    /// # Errors
    /// When a result cannot be kept, or the work is cancelled; what was finished is kept.
    pub fn make(&self, runs: &[u64]) -> Result<HashMap<u64, State>> {
        let (team, course, total) = (self.context.team, Course::default(), runs.len() as u64);
        let (next, elsewhere) = (AtomicUsize::new(0), AtomicBool::new(false));
        let given = || {
            let stopped = [&course.stopped, &elsewhere].iter().any(|flag| flag.load(Ordering::Relaxed));
            let open = !stopped && !self.context.progress.cancelled();
            let run = runs.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| open)?;
            self.context.progress.at(course.done.fetch_add(1, Ordering::Relaxed), total);
            Some(*run)
        };
        let workers = rayon::current_num_threads().min(runs.len()).max(1);
        self.work(workers, &course, &given, || {
            // What failed in another process ends the giving; runs that are under way are finished.
            team.deal(&given, &|| elsewhere.store(true, Ordering::Relaxed));
        });
        let left = |error: Error| match error.kind() {
            ErrorKind::Cancelled => error.with_expected(format!(
                "of {total} runs those that were finished are kept: the same command goes on"
            )),
            _ => error,
        };
        self.end(&course).map_err(left)?;
        self.context.progress.at(total, total);
        self.context.progress.go_on().map_err(left)?;
        Ok(std::mem::take(&mut *held(&course.made)))
    }

    /// Makes the runs that rank 0 gives to this process.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub fn make_what_is_given(&self) -> Result<()> {
        let (team, course) = (self.context.team, Course::default());
        let given = || if course.stopped.load(Ordering::Relaxed) { None } else { team.ask() };
        self.work(rayon::current_num_threads(), &course, &given, || {});
        let made = self.end(&course);
        team.ended(made.is_err());
        made
    }

    /// Makes the runs that are `given`, by so many workers, and beside them what there is to do `meanwhile`.
    fn work(
        &self,
        workers: usize,
        course: &Course,
        given: &(dyn Fn() -> Option<u64> + Sync),
        meanwhile: impl FnOnce(),
    ) {
        let threads = rayon::current_num_threads() / workers;
        let work = || {
            while let Some(run) = given() {
                match self.one(run, course, workers == 1) {
                    Ok(true) => {}
                    Ok(false) => held(&course.refused).push(run),
                    Err(error) => course.stop(error),
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| match pool(threads) {
                    Ok(pool) => pool.install(work),
                    Err(error) => course.stop(error),
                });
            }
            meanwhile();
        });
    }

    /// Makes those that found too little room, one after the other.
    fn end(&self, course: &Course) -> Result<()> {
        if let Some(error) = held(&course.wrong).take() {
            return Err(error);
        }
        let refused = std::mem::take(&mut *held(&course.refused));
        refused.into_iter().try_for_each(|run| self.one(run, course, true).map(drop))
    }

    /// Makes one run and keeps what comes of it. False if it may have failed for want of what others took, and shall be made `alone`.
    fn one(&self, run: u64, course: &Course, alone: bool) -> Result<bool> {
        self.context.progress.go_on()?;
        let identity = self.identities.of(self.study.run(run))?;
        // Another process may have made it meanwhile.
        if self.folder.is_done(&identity, self.retry)? {
            return Ok(true);
        }
        let watched = One { all: self.context.progress, stopped: &course.stopped };
        // The processes share out runs, not the work of one.
        let own = Among(self.context.team.beside());
        let context = Context { progress: &watched, team: &own, ..*self.context };
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
                let state = self.folder.keep(&identity, lasting)?;
                held(&course.made).insert(run, state);
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
