//! Flags that every command takes.

use super::{choices::Names, numbers::whole, output::Output};
use crate::{
    error::Result,
    experiment::read::{self, Choice},
    report::Format,
};
use std::path::PathBuf;

/// Flags of every command, as typed.
#[derive(Debug, clap::Args)]
pub struct Shared {
    /// Output format.
    #[arg(long, global = true, value_name = "FORMAT", default_value = Format::Pretty.name(), value_parser = Names::of::<Format>())]
    format: String,
    /// Write the result to this file instead of standard output.
    #[arg(long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, global = true)]
    quiet: bool,
    /// Number of threads; all cores without it. Results do not depend on it.
    #[arg(long, value_parser = whole(1, MOST_THREADS), global = true, value_name = "N")]
    threads: Option<usize>,
}

/// The most threads accepted.
const MOST_THREADS: usize = 1024;

impl Shared {
    /// The request behind the flags; sets the number of threads.
    pub fn validated(&self) -> Result<Output> {
        if let Some(threads) = self.threads {
            // A second call in one process finds the pool built; results are the same.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        }
        Ok(Output::new(
            read::choice("format", &self.format.as_str().into())?,
            self.output.clone(),
            self.quiet,
        ))
    }
}
