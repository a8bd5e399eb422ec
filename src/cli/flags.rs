//! Flags that every command takes.

use super::{choices::Names, output::Output};
use crate::{
    error::{Error, Result},
    experiment::{
        read::{self, Choice},
        resources,
    },
    report::Format,
};
use std::{error::Error as _, path::PathBuf};

/// Flags of every command, as typed.
#[derive(Debug, clap::Args)]
pub struct Shared {
    /// Output format [default: pretty, or npy, npz or parquet by the ending of the output's name].
    #[arg(long, global = true, value_name = "FORMAT", value_parser = Names::of::<Format>())]
    format: Option<String>,
    /// Write the result to this file instead of standard output.
    #[arg(long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, global = true)]
    quiet: bool,
    /// Of gram under mpirun: so long is another rank waited for before all end.
    #[cfg(feature = "mpi")]
    #[arg(long, global = true, value_name = "TIME", default_value = "10m")]
    patience: String,
    /// Number of threads; all cores without it. Results do not depend on it.
    #[arg(long, value_parser = threads, global = true, value_name = "N")]
    threads: Option<usize>,
}

/// The most threads accepted.
const MOST_THREADS: usize = 1024;

/// The stack of a thread, in bytes: that of the program's first one.
const STACK: usize = 8 << 20;

impl Shared {
    /// The request behind the flags, of a command with these formats of its own; sets the number of threads.
    pub fn validated(&self, own: &[Format]) -> Result<Output> {
        let threads = self.threads.or_else(affordable).unwrap_or(0);
        let built = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build_global();
        // A second call in one process finds the pool built, which has no source; results are the same.
        if let Err(refused) = built
            && let Some(reason) = refused.source()
        {
            return Err(Error::too_large(
                "threads",
                format!("{threads} threads"),
                format!("fewer: {reason}"),
            ));
        }
        let named = |given: &str| match own.iter().find(|format| given.eq_ignore_ascii_case(format.name())) {
            Some(format) => Ok(*format),
            None => read::choice("format", &given.into()).map_err(|error| {
                if own.is_empty() {
                    return error;
                }
                let names: Vec<&str> = own.iter().map(|format| format.name()).collect();
                let common = error.expected().replace(" or ", ", ");
                error.with_expected(format!("{common}, or {}", names.join(" or ")))
            }),
        };
        let served = |format: &Format| {
            Format::ALL.iter().map(|(_, known)| known).chain(own).any(|known| known == format)
        };
        let by_file = || self.output.as_deref().and_then(Format::of_file).filter(served);
        let format = self.format.as_deref().map_or_else(|| Ok(by_file().unwrap_or(Format::Pretty)), named)?;
        format.in_this_build()?;
        Ok(Output::new(format, self.output.clone(), self.quiet))
    }
}

#[cfg(feature = "mpi")]
impl Shared {
    /// So long is another rank waited for, in seconds.
    pub fn patience(&self) -> Result<f64> {
        crate::math::durations::seconds("patience", &self.patience)
    }
}

/// Fewer threads than cores where the address space of this process does not hold the matrix products of all.
fn affordable() -> Option<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    resources::fitting_threads().map(|threads| threads.min(cores))
}

/// A parser of numbers of threads; its complaint completes "expected ...".
fn threads(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|n| (1..=MOST_THREADS).contains(n));
    number.ok_or_else(|| format!("a whole number from 1 to {MOST_THREADS}"))
}
