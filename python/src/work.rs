//! Work without the interpreter's lock, which the interpreter watches and may end.

use crate::{
    errors::{panicked, raised},
    pools::Pool,
};
use hinf::progress::Progress;
use pyo3::prelude::*;
use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

/// How often the interpreter is asked for signals while work is under way.
const PULSE: Duration = Duration::from_millis(50);
/// How long interrupted work has to end by itself. Work in the middle of one long step is left to end at its next, and what it gives is dropped.
const GRACE: Duration = Duration::from_millis(500);

/// What is known of the work by the thread that waits for it.
#[derive(Default)]
struct Watched {
    done: AtomicU64,
    total: AtomicU64,
    ended: AtomicBool,
    notes: Mutex<Vec<String>>,
}

impl Progress for Watched {
    fn at(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }

    fn note(&self, text: &str) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    fn cancelled(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

impl Watched {
    /// Tells `watcher` what is new: `watcher(done, total, note)`, the note `None` where only the numbers are.
    fn tell(&self, watcher: &Bound<'_, PyAny>, shown: &mut u64) -> PyResult<()> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let notes = mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        for note in notes {
            watcher.call1((done, total, note))?;
        }
        if done != mem::replace(shown, done) {
            watcher.call1((done, total, None::<&str>))?;
        }
        Ok(())
    }
}

/// Does what takes no longer than milliseconds, where it stands; panics are errors.
pub fn caught<T: Send>(py: Python<'_>, work: impl FnOnce() -> hinf::Result<T> + Send) -> PyResult<T> {
    let found = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    let result = found.map_err(|panic| panicked(py, panic.as_ref()))?;
    result.map_err(|error| raised(py, &error))
}

/// Does `work` on `threads` threads; panics are errors, and Ctrl-C is a `KeyboardInterrupt`.
///
/// `watcher` is called a few times a second from the calling thread.
pub fn watched<T: Send + 'static>(
    py: Python<'_>,
    threads: Option<&str>,
    watcher: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&dyn Progress) -> hinf::Result<T> + Send + 'static,
) -> PyResult<T> {
    let pool = Pool::take(threads).map_err(|error| raised(py, &error))?;
    let (sender, mut receiver) = mpsc::channel();
    let told = Arc::new(Watched::default());
    let watched = Arc::clone(&told);
    pool.spawn(
        move || catch_unwind(AssertUnwindSafe(|| work(&*watched))),
        move |found| {
            // Nobody listens to work that was left.
            let _ = sender.send(found);
        },
    );
    let (mut interrupted, mut shown): (Option<(PyErr, Instant)>, u64) = (None, 0);
    loop {
        let waiting = &mut receiver;
        let found = py.detach(move || waiting.recv_timeout(PULSE));
        match (found, interrupted.take()) {
            (Ok(_) | Err(RecvTimeoutError::Disconnected), Some((error, _))) => return Err(error),
            (Err(RecvTimeoutError::Timeout), Some((error, since))) => {
                if since.elapsed() > GRACE {
                    return Err(error);
                }
                interrupted = Some((error, since));
            }
            (Ok(result), None) => {
                if let Some(watcher) = watcher {
                    told.tell(watcher, &mut shown)?;
                }
                let result = result.map_err(|panic| panicked(py, panic.as_ref()))?;
                return result.map_err(|error| raised(py, &error));
            }
            (Err(RecvTimeoutError::Disconnected), None) => {
                return Err(panicked(py, &"work without a result"));
            }
            (Err(RecvTimeoutError::Timeout), None) => {
                let heard = watcher.map_or(Ok(()), |watcher| told.tell(watcher, &mut shown));
                if let Err(error) = heard.and_then(|()| py.check_signals()) {
                    told.ended.store(true, Ordering::Relaxed);
                    interrupted = Some((error, Instant::now()));
                }
            }
        }
    }
}
