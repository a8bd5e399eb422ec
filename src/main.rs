//! The `hinf` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    hinf::cli::run(std::env::args_os())
}
