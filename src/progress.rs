//! How long work tells its caller how far it is, and hears that it should stop.

use crate::error::{Error, Result};
#[cfg(test)]
use std::sync::Mutex;

/// Watches long work, and may end it. Called from any thread; must be cheap.
pub trait Progress: Sync {
    /// `done` of `total` parts are done.
    fn at(&self, done: u64, total: u64);

    /// Something that a person who waits should know in time: what the work will cost, or what it waits for. One line.
    fn note(&self, _text: &str) {}

    /// Should the work end here? Work asks at least once a step, and ends with [`Error::cancelled`]; what was finished is kept.
    fn cancelled(&self) -> bool {
        false
    }

    /// An error if the work should end: for `?` between two parts of it.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled) when [`Progress::cancelled`] says so.
    fn go_on(&self) -> Result<()> {
        if self.cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

/// Progress that nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn at(&self, _: u64, _: u64) {}
}

/// What was noted.
#[cfg(test)]
#[derive(Default)]
pub struct Notes(pub Mutex<Vec<String>>);

#[cfg(test)]
impl Progress for Notes {
    fn at(&self, _: u64, _: u64) {}

    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.into());
    }
}
