//! Pools of threads: one to each call that is under way.
//!
//! Calls that run at the same time, as in the threads of a worker, share no pool, so that each has as many threads as it asked for and none
//! waits for another's work. A forked process has none of its parent's threads, and makes pools of its own.

use hinf::{
    Error, Result,
    experiment::{read, resources},
};
use rayon::ThreadPoolBuilder;
use std::{
    env, process,
    sync::{
        Mutex, OnceLock, PoisonError,
        mpsc::{Sender, channel},
    },
    thread,
};

/// The most threads of a call.
const MOST_THREADS: usize = 1024;
/// The stack of a thread, in bytes: that of the program's first one.
const STACK: usize = 8 << 20;

/// What a pool does.
type Job = Box<dyn FnOnce() + Send>;

/// A pool, which only the call that took it uses. Its first thread waits for calls and does what needs no other: to wake the others takes longer than a short
/// table. Never freed: a forked process must not wait for threads that it does not have.
pub struct Pool {
    process: u32,
    threads: usize,
    jobs: Sender<Job>,
}

/// Those that no call uses.
static IDLE: Mutex<Vec<Pool>> = Mutex::new(Vec::new());

impl Pool {
    /// A pool of [`number`] threads.
    ///
    /// # Errors
    /// When the number is none, or the system has not so many threads to give.
    pub fn take(threads: Option<&str>) -> Result<Self> {
        let threads = number(threads)?;
        let process = process::id();
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = idle.iter().position(|pool| pool.process == process && pool.threads == threads) {
            return Ok(idle.swap_remove(at));
        }
        let refused = |error: &dyn std::fmt::Display| {
            Error::too_large("threads", format!("{threads} threads"), format!("fewer: {error}"))
        };
        let ((jobs, given), (built, ready)) = (channel::<Job>(), channel());
        let first = move || {
            let builder = ThreadPoolBuilder::new().thread_name(|i| format!("hinf-{i}"));
            let pool = builder.num_threads(threads).stack_size(STACK).use_current_thread().build();
            let is_ready = pool.is_ok();
            let heard = built.send(pool.as_ref().map(drop).map_err(ToString::to_string));
            if is_ready && heard.is_ok() {
                given.into_iter().for_each(|job| job());
            }
        };
        let started = thread::Builder::new().name("hinf-0".into()).stack_size(STACK).spawn(first);
        started.map_err(|error| refused(&error))?;
        match ready.recv() {
            Ok(Ok(())) => Ok(Self { process, threads, jobs }),
            Ok(Err(error)) => Err(refused(&error)),
            Err(gone) => Err(refused(&gone)),
        }
    }

    /// Does `work` on the first thread of the pool, gives the pool back, and tells `done` what came of it: in this order, so that a caller's next call
    /// finds the pool.
    pub fn spawn<T>(self, work: impl FnOnce() -> T + Send + 'static, done: impl FnOnce(T) + Send + 'static) {
        let jobs = self.jobs.clone();
        let job = move || {
            let found = work();
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
            done(found);
        };
        // Where the thread is gone `done` is dropped, and whoever waits for it is told so.
        let _ = jobs.send(Box::new(job));
    }
}

/// How many threads a call has: those it asks for, as many as RAYON_NUM_THREADS or OMP_NUM_THREADS says, or else as there are cores.
///
/// # Errors
/// When what it asks for is no number of threads.
pub fn number(threads: Option<&str>) -> Result<usize> {
    match threads {
        Some(text) => read::whole("threads", &text.into(), 1, MOST_THREADS),
        None => Ok(told().unwrap_or_else(cores)),
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

/// One a core, or fewer where the address space does not hold the matrix products of all; read from the system once.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        resources::fitting_threads().map_or(cores, |threads| threads.min(cores))
    })
}
