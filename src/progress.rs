//! How long work tells its caller how far it is.

/// Receives the progress of long work. Called from any thread; must be cheap.
pub trait Progress: Sync {
    /// `done` of `total` parts are done.
    fn at(&self, done: u64, total: u64);
}

/// Progress that nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn at(&self, _: u64, _: u64) {}
}
