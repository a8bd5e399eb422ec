//! `hinf kernels`: every kernel with its formula and defaults.

use super::{
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{Pipeline, kernels::Options},
};
use serde::Serialize;

/// List the kernels with their formulas and defaults.
#[derive(Debug, clap::Args, Serialize)]
#[command(after_help = "\
Examples:
  hinf kernels
  hinf kernels --format json")]
pub struct Flags {}

/// Prints the list.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
