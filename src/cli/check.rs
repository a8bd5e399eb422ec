//! `hinf check`: a user's own eigenvalues against the certified ones.

use super::{
    choices::Names,
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{
        Pipeline,
        check::{Options, Order},
    },
};
use serde::Serialize;

/// Say whether eigenvalues computed elsewhere are right, and in which convention.
///
/// Each number is set against the certified eigenvalue of its degree. If they differ, the conventions of papers and codes are tried: the measure
/// (probability, surface, coefficients), the sphere (S^d or S^(d-1)), the index, factors (2, pi, d, n, K(1)) and the variance of the weights, two
/// at once if need be. Exit code 0 if all numbers are right in one of them; 1 if not, or if some are lost in rounding, with the first such degree.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Examples:
  hinf check mine.csv --kernel two-layer:bias=true --dim 2
  hinf check mine.npy --kernel ntk:depth=3 --dim 9
  hinf check eigh.txt --kernel laplace --dim 2 --as sorted --points 2000
  hinf check 1.9635,0.9163,0.1718 --kernel two-layer:bias=true --dim 2")]
pub struct Flags {
    /// The numbers: a file (CSV with columns degree,value or one number a line; JSON; .npy or .npz), or the numbers themselves, with commas
    /// between them. A bare list starts at degree 0.
    #[arg(value_name = "VALUES")]
    values: String,
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_name = "D")]
    dim: String,
    /// Order of the numbers: degree (beside each), list (from degree 0 on) or sorted (by size, each as often as its multiplicity) [told
    /// from the numbers].
    #[arg(long = "as", value_parser = Names::of::<Order>(), value_name = "ORDER")]
    #[serde(rename = "as")]
    order: Option<String>,
    /// The number of points, where the numbers are eigenvalues of a Gram matrix that was not divided by it [default: the length of a sorted list].
    #[arg(long, value_name = "N")]
    points: Option<String>,
}

/// Numbers that are right in no convention are a failed check.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
