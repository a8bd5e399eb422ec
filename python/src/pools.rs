//! Pools of threads: one to each call that is under way.
//!
//! Calls that run at the same time, as in the threads of a worker, share no pool, so that each has as many threads as it asked for and none
//! waits for another's work. A forked process has none of its parent's threads, and makes pools of its own.

use hinf::{
    Error, Result,
    experiment::{read, resources},
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{
    env, process,
    sync::{Mutex, PoisonError},
    thread,
};

/// The most threads of a call.
const MOST_THREADS: usize = 1024;
/// The stack of a thread, in bytes: that of the program's first one.
const STACK: usize = 8 << 20;

/// A pool, which only the call that took it uses. Never freed: a forked process must not wait for threads that it does not have.
#[derive(Clone, Copy)]
pub struct Pool {
    process: u32,
    threads: usize,
    pool: &'static ThreadPool,
}

/// Those that no call uses.
static IDLE: Mutex<Vec<Pool>> = Mutex::new(Vec::new());

impl Pool {
    /// A pool of `threads` threads: as many as RAYON_NUM_THREADS or OMP_NUM_THREADS says without it, or else as there are cores.
    ///
    /// # Errors
    /// When the number is none, or the system has not so many threads to give.
    pub fn take(threads: Option<&str>) -> Result<Self> {
        let threads = match threads {
            Some(text) => read::whole("threads", &text.into(), 1, MOST_THREADS)?,
            None => told().unwrap_or_else(cores),
        };
        let process = process::id();
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = idle.iter().position(|pool| pool.process == process && pool.threads == threads) {
            return Ok(idle.swap_remove(at));
        }
        let builder = ThreadPoolBuilder::new().thread_name(|i| format!("hinf-{i}"));
        let built = builder.num_threads(threads).stack_size(STACK).build();
        let refused =
            |error| Error::too_large("threads", format!("{threads} threads"), format!("fewer: {error}"));
        Ok(Self { process, threads, pool: Box::leak(Box::new(built.map_err(refused)?)) })
    }

    /// Does `work` on a thread of the pool, gives the pool back, and tells `done` what came of it: in this order, so that a caller's next call
    /// finds the pool.
    pub fn spawn<T>(self, work: impl FnOnce() -> T + Send + 'static, done: impl FnOnce(T) + Send + 'static) {
        self.pool.spawn(move || {
            let found = work();
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
            done(found);
        });
    }
}

/// What the environment says, as joblib and dask do in their workers.
fn told() -> Option<usize> {
    ["RAYON_NUM_THREADS", "OMP_NUM_THREADS"].iter().find_map(|name| {
        let text = env::var(name).ok()?;
        let number = text.split(',').next()?.trim().parse().ok()?;
        (1..=MOST_THREADS).contains(&number).then_some(number)
    })
}

/// One a core, or fewer where the address space does not hold the matrix products of all.
fn cores() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    resources::fitting_threads().map_or(cores, |threads| threads.min(cores))
}
