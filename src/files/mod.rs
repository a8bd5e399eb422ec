//! Files: whole or not at all, and folders that one process has to itself.

mod lock;
mod write;

pub use lock::{Lock, Shared, sweep};
pub use write::{replace, writable, write};

/// How the names of half-written files begin.
const UNFINISHED: &str = ".hinf-";
