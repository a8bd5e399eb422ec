//! `hinf curve`: expected error of kernel regression and of early-stopped gradient descent, from the spectrum.

use super::{
    output::{Outcome, Output},
    plotted,
    plotting::PlotFlag,
};
use crate::{
    error::Result,
    experiment::{Pipeline, curve::Options},
    report::curve::plot,
};
use serde::Serialize;

/// Predict learning curves from the spectrum: error against points, and against steps.
///
/// The target is a sum of harmonics of mean square 1 with the given coefficients; labels carry Gaussian noise. The
/// first table is the expected error of kernel regression against the number of points, with the step at which
/// gradient descent had better stop and its error there; the second is the error against steps for the largest number of points.
/// Errors are mean square distances to the clean target; on noisy test labels add the noise's variance. All are estimates, and
/// the captions say where they are known to be off.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Examples:
  hinf curve --kernel two-layer:bias=true --dim 2 --target 1:1,3:0.5 --noise 0.5
  hinf curve --kernel ntk:depth=3 --dim 10 --target 1:1,2:1 --points 100,1000 --plot curve.svg
  hinf curve --kernel laplace --dim 2 --target 4:1 --noise 0.1 --ridge 0.01 --format csv

Next: hinf plan says how many points, steps and units an experiment needs.")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(
        long,
        value_name = "NAME[:KEY=VALUE,...]",
        required_unless_present = "network",
        conflicts_with = "network"
    )]
    kernel: Option<String>,
    /// The network that is trained, as in 'dense 3*(relu dense(w=2))'.
    #[arg(long, value_name = "NETWORK")]
    network: Option<String>,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_name = "D")]
    dim: String,
    /// The target: degrees and their coefficients.
    #[arg(long, value_name = "K:C,...")]
    target: String,
    /// Standard deviation of the labels' noise.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    noise: Option<String>,
    /// Ridge R of kernel regression: weights are (K + R I)^-1 y. With --optimizer also that of descent, towards the weights at the start.
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    ridge: Option<String>,
    /// Numbers of points: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST")]
    points: Option<String>,
    /// Step size of descent; auto is 1/(n lambda_max).
    #[arg(long, value_name = "auto|X", allow_hyphen_values = true)]
    lr: Option<String>,
    /// Optimizer: gd (without it, and without a ridge), heavy-ball, nesterov, torch-nesterov, ridge (gd with --ridge) or sgd (gd with --batch).
    #[arg(long, value_name = "NAME")]
    optimizer: Option<String>,
    /// Momentum factor of heavy-ball and both Nesterovs.
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    momentum: Option<String>,
    /// Points of a mini-batch, drawn afresh each step; all without it.
    #[arg(long, value_name = "N")]
    batch: Option<String>,
    #[command(flatten)]
    #[serde(skip)]
    plot: PlotFlag,
}

/// Computes and prints both curves.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    plotted::<Options>(flags, &flags.plot, |_| Ok(()), plot, pipeline, output)
}
