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
/// For kernels A(t) + B(t) theta/pi + C(t) sin(theta)/pi + S(t) sin(theta/2) + T(t) cos(theta/2) with polynomials A, B, C, S, T: one formula for even
/// and one for odd k, what is added at single degrees, the ratio, the local exponent, the expansion at large k and the tail of the trace. For others, such
/// as deep networks, the law of large degrees: exponent and constants of even and odd k, exactly where they are known, the further coefficients, and from
/// which degree on they give how many certified digits. Besides the usual formats there is `--format sympy`, a Python script.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "Examples:
  hinf formula --kernel two-layer:bias=true --dim 1..6
  hinf formula --kernel ntk:depth=1 --dim 2 --order 5 --format latex
  hinf formula --kernel arc-cosine:order=2 --symbolic-dim
  hinf formula --kernel ntk:depth=3 --dim 1..3
  hinf formula --kernel 'expr:sqrt(2-2*t)' --dim 2")]
pub struct Flags {
    /// The kernel, as in ntk:depth=1 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimensions d of the sphere S^d: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "D[,D...]", required_unless_present = "symbolic_dim")]
    dim: Option<String>,
    /// Keep the dimension as a symbol d. The tail of the trace has no one formula in d; with `--dim` it is given.
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
