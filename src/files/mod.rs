//! Files: whole or not at all, and folders that one process has to itself.

mod lock;
mod write;

pub use lock::{Lock, sweep};
pub use write::{writable, write};

/// How the names of half-written files begin.
const UNFINISHED: &str = ".hinf-";
