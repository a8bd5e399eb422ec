//! `hinf null-space`: the degrees that a kernel cannot see.

use super::{
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{Pipeline, null_space::Options},
};
use serde::Serialize;

/// Find the degrees whose eigenvalue vanishes, and whether that is proved.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "Examples:
  hinf null-space --dim 1..10 --max-degree 1000
  hinf null-space --kernel ntk:depth=3 --dim 2 --max-degree 1000000000000")]
pub struct Flags {
    /// The kernel (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: Option<String>,
    /// Dimensions d of the sphere S^d.
    #[arg(long, value_name = "D[,D...]")]
    dim: String,
    /// Look at degrees 0 to N, to 10^12 + 1; to 100000 where each must be decided by its own value.
    #[arg(long, value_name = "N")]
    max_degree: Option<String>,
}

/// Degrees that are neither proved zero nor proved nonzero are a failed check.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
