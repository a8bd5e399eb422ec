//! `hinf sweep`: a study of many runs, on one machine or on many over one shared folder.

use super::{
    interrupt, options,
    output::{Outcome, Output},
    watched,
};
use crate::{
    error::Result,
    experiment::{Options as _, Pipeline, Report as _, sweep::Options},
};
use serde::Serialize;
use std::path::PathBuf;

/// Make all runs of a study, each kept as one file, on this machine or a share
/// of them on each of many.
///
/// The study names a command, the options that all runs share, and those that vary:
///
///   command = "train"
///   [defaults]
///   model = "two-layer"
///   bias = true
///   [axes]                            # every combination
///   dim = [1, 2]
///   width = {from = 256, to = 1024, factor = 2}
///   seed = "0..9"
///   [[zip]]                           # these go in step
///   degrees = ["1..4", "1..8"]
///   points = [100, 400]
///   [[override]]                      # instead, for some values
///   when = {dim = 2}
///   set = {kappa = 10}
///
/// A finished run is never made again: the same command goes on where one was
/// stopped or killed, and shares may run at the same time, in any order, over one
/// folder. A failed run is kept with its error. Results do not depend on shares,
/// threads or interruptions.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(
    verbatim_doc_comment,
    about = "Make all runs of a study, each kept as one file",
    after_help = "\
--output names the folder DIR of the results. Any run that fails, or whose checks do not hold: exit code 1.

Examples:
  hinf sweep study.toml --output results --dry-run --budget 4h
  hinf sweep study.toml --output results
  hinf sweep study.toml --output results --shard 3/20

Next: hinf collect results puts them into one table."
)]
pub struct Flags {
    /// The study: a file of TOML.
    study: PathBuf,
    /// Make the I-th of N shares of the runs.
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
    /// List the runs, with what is there and what they will take; make none.
    #[arg(long)]
    dry_run: bool,
    /// Make those again that failed before.
    #[arg(long)]
    retry_failed: bool,
    /// Of a dry run: the time that a shard may take, such as 4h; says how many shards it takes.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    budget: Option<String>,
}

/// Makes the runs, or lists them.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let mut options: Options = options(flags)?;
    if let Some(folder) = &output.file {
        options.output = folder.display().to_string().into();
    }
    let request = options.build()?;
    if !options.dry_run {
        interrupt::watch();
    }
    let output = &Output::new(output.format, None, output.quiet);
    let report = watched::<Options>(&request, pipeline, output)?;
    output.show(&report)?;
    Ok(Outcome::of(report.passed()))
}
