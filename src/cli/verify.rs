//! `hinf verify`: identities that a spectrum must satisfy.

use super::{
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{Pipeline, verify::Options},
};
use serde::Serialize;

/// Check the spectrum against identities: the paper's sums, quadrature, null space, positivity, trace, decay.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(
    after_help = "A check is proved (exact arithmetic or rigorous enclosures), holds (estimated errors, or finitely many \
degrees of a limit), fails, or is skipped with the reason. Any failure: exit code 1.

Examples:
  hinf verify
  hinf verify --kernel two-layer --dim 1..12 --max-degree 200
  hinf verify --kernel ntk:depth=3 --dim 2 --max-degree 1000000000000
  hinf verify --kernel ntk:depth=5 --dim 2 --format json"
)]
pub struct Flags {
    /// The kernel (see `hinf kernels`); without it, the kernels of the paper and one of each family.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: Option<String>,
    /// Dimensions d of the sphere S^d.
    #[arg(long, value_name = "D[,D...]")]
    dim: Option<String>,
    /// Check degrees 0 to N; above 2000 each one to 2000, and powers of ten to N, to 10^12 + 1.
    #[arg(long, value_name = "N")]
    max_degree: Option<String>,
    /// Digits of the values compared.
    #[arg(long, value_name = "N")]
    digits: Option<String>,
}

/// Checks and prints.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
