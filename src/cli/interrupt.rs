//! Ctrl-C: the first ends the work in order, the second at once.

use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a program that was interrupted, as shells have it.
pub const INTERRUPTED: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From here on the first Ctrl-C, or signal to end, makes [`asked`] true.
pub fn watch() {
    let heard = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    };
    // Where no handler can be set a signal ends the program at once, which loses no more than what is under way.
    let _ = ctrlc::set_handler(heard);
}

/// Was the work asked to end?
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
