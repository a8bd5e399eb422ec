//! The `hinf` command.

use std::process::ExitCode;

/// Looks whether standard output is open. Rust's runtime opens `/dev/null` in the place of a closed one before `main` begins, and what is written
/// there is lost in silence; so this runs before it.
#[cfg(target_os = "linux")]
#[ctor::ctor]
fn look_at_standard_output() {
    let descriptors = std::path::Path::new("/proc/self/fd");
    if descriptors.is_dir() && descriptors.join("1").symlink_metadata().is_err() {
        hinf::cli::standard_output_is_closed();
    }
}

fn main() -> ExitCode {
    hinf::cli::run(std::env::args_os()).into()
}
