//! Ctrl-C: work that ends in order does so at the first and at once at the second, other work at once.

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// The exit code of a program that was interrupted, as shells have it.
pub const INTERRUPTED: u8 = 130;

/// Does the work look whether it was asked to end?
static IN_ORDER: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicBool = AtomicBool::new(false);
/// What is said when work ends at once, and how.
type LastWords = (String, fn(&str) -> u8);
static LAST_WORDS: OnceLock<LastWords> = OnceLock::new();

/// From here on Ctrl-C, or a signal to end, ends the program with a line, by `say`, that names what is `kept`, unless the work [`watch`]es. Signals that
/// whoever started the program had it ignore, as `nohup` does, stay ignored.
pub fn end_at_once(kept: &str, say: fn(&str) -> u8) {
    let joint = if kept.is_empty() { "" } else { "; " };
    // There is one call of this a process.
    let _ = LAST_WORDS.set((format!("interrupted{joint}{kept}"), say));
    // Where no handler can be set a signal ends the program without a line.
    let _ = ctrlc::try_set_handler(heard);
}

/// From here on the first Ctrl-C, or signal to end, makes [`asked`] true.
pub fn watch() {
    IN_ORDER.store(true, Ordering::Relaxed);
    // There is a handler where [`end_at_once`] could set one.
    let _ = ctrlc::set_handler(heard);
}

fn heard() {
    if !IN_ORDER.load(Ordering::Relaxed) || ASKED.swap(true, Ordering::Relaxed) {
        // Below what the terminal shows of the key, or a bar.
        if io::stderr().is_terminal() {
            let _ = writeln!(io::stderr().lock());
        }
        if let Some((line, say)) = LAST_WORDS.get() {
            say(line);
        }
        std::process::exit(i32::from(INTERRUPTED));
    }
}

/// Was the work asked to end?
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
