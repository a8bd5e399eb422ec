//! `hinf formula`: eigenvalues as formulas in the degree.

use super::{
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{Pipeline, formula::Options},
};
use serde::Serialize;

/// Print eigenvalues as formulas in the degree k, each proved and checked.
///
/// For kernels A(t) + B(t) theta/pi + C(t) sin(theta)/pi with polynomials A, B, C: one formula for even and one for odd k, what is
/// added at single degrees, the ratio, the local exponent, the expansion at large k and the tail of the trace. Besides the
/// usual formats there is `--format sympy`, a Python script.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "Examples:
  hinf formula --kernel two-layer:bias=true --dim 1..6
  hinf formula --kernel ntk:depth=1 --dim 2 --order 5 --format latex
  hinf formula --kernel arc-cosine:order=2 --symbolic-dim")]
pub struct Flags {
    /// The kernel, as in ntk:depth=1 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimensions d of the sphere S^d: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "D[,D...]", required_unless_present = "symbolic_dim")]
    dim: Option<String>,
    /// Keep the dimension as a symbol d.
    #[arg(long)]
    symbolic_dim: bool,
    /// The expansion goes to kappa^(-2 M).
    #[arg(long, value_name = "M")]
    order: Option<String>,
}

/// A formula that differs from the exact recurrence is a failed check.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
