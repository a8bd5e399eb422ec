//! `hinf table`: eigenvalues.

use super::{
    choices::Names,
    output::{Outcome, Output},
    plotted,
    plotting::PlotFlag,
};
use crate::{
    error::{Error, Result},
    experiment::{
        Pipeline,
        table::{Normalization, Options, Parity, Request},
    },
    report::table::plot,
};
use serde::Serialize;

/// Print the eigenvalues of a kernel, degree by degree.
///
/// Values are exact where a closed form exists (rationals, over pi^2 for odd dimensions), certified where an
/// enclosure can be proved, and estimates otherwise; the last two columns say which, and the error.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Exit code 1: a value has fewer digits than asked for, or with --certify is not proved. The table is printed all the same.

Examples:
  hinf table --kernel two-layer:bias=true --dim 1..3 --degrees 0..8
  hinf table --kernel ntk:depth=3 --dim 2 --degrees 0..20 --digits 50 --format latex
  hinf table --kernel ntk:depth=3 --dim 2 --degrees 1000,1000000,1000000000000 --explain
  hinf table --kernel ntk:depth=3 --dim 10 --convention yang-salman
  hinf table --kernel 'expr:exp(-theta)' --dim 2 --degrees 0,1,2,10..12
  hinf table --kernel two-layer:bias=true --dim 1..4 --degrees 0..100 --plot eigenvalues.svg")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimensions d of the sphere S^d: numbers, lists, inclusive ranges. 1 is the circle.
    #[arg(long, value_name = "D[,D...]")]
    dim: String,
    /// Degrees: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST")]
    degrees: Option<String>,
    /// Correct significant digits of each value.
    #[arg(long, value_name = "N")]
    digits: Option<String>,
    /// Normalization: probability, surface (times the area of the sphere) or series (cosine coefficients, circle only).
    #[arg(long, value_name = "NAME", value_parser = Names::of::<Normalization>())]
    normalization: Option<String>,
    /// Write values as a paper or code does, --dim in its own meaning: probability, paper, neural-tangents, bietti-bach, yang-salman, geifman,
    /// pehlevan or simon.
    #[arg(long, value_name = "NAME")]
    convention: Option<String>,
    /// Which degrees.
    #[arg(long, value_name = "NAME", value_parser = Names::of::<Parity>())]
    parity: Option<String>,
    /// Fail (exit 1) unless every value is proved: zero, exact or certified.
    #[arg(long, conflicts_with = "fast")]
    certify: bool,
    /// Use f64 where it holds the digits; such values are estimates.
    #[arg(long)]
    fast: bool,
    /// Longest closed form printed, in digits of all its numerators and denominators together, to a few; a longer one is replaced by (too long).
    #[arg(long, value_name = "DIGITS")]
    exact_limit: Option<String>,
    /// Show by which route each value was found (formula, exact, series, asymptotic, precise or fast), and what the degrees beyond hold.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    #[serde(skip)]
    plot: PlotFlag,
}

/// Computes and prints the tables.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    plotted::<Options>(flags, &flags.plot, drawable, plot, pipeline, output)
}

/// A logarithmic axis has no place for degree 0 alone.
fn drawable(request: &Request) -> Result<()> {
    if request.degrees().top() == 0 {
        return Err(Error::invalid("degrees", 0, "a degree of at least 1 for `plot`"));
    }
    Ok(())
}
