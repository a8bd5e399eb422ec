//! `hinf plan`: what an experiment will need, before it is run.

use super::{
    experiment,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::{Pipeline, plan::Options},
};
use serde::Serialize;

/// Plan an experiment: steps, points, width, memory and time for each degree.
///
/// Steps are those until the part of the residual along the degree is left with the fraction delta. Points (uniform) and
/// units (independent directions, two-layer kernels) are those at which the learning time is within the tolerance of the
/// prediction: one standard deviation, b/sqrt(n) or a/sqrt(m), plus the mixing D/n or D/m with other degrees. Times come
/// from short runs of the training itself on this machine, as busy as it is, and are good to a factor of about two.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Examples:
  hinf plan --kernel two-layer:bias=true --dim 2 --degrees 1..6
  hinf plan --kernel two-layer --dim 1 --degrees 1..8 --delta 0.01 --budget 10m
  hinf plan --kernel ntk:depth=3 --dim 2 --degrees 1000000
  hinf plan --kernel ntk:depth=3 --dim 9 --degrees 0..4 --points 2000 --lr largest
  hinf plan --network 'dense 2*(tanh dense)' --dim 2 --degrees 1..3 --points 400 --width 512 --optimizer heavy-ball --momentum 0.9

Next: hinf train runs it, hinf gram checks the eigenvalues on sampled points.")]
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
    /// Degrees to learn: numbers, lists, inclusive ranges, to 10^12 + 1.
    #[arg(long, value_name = "LIST")]
    degrees: Option<String>,
    /// The fraction of a degree that may be left.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    delta: Option<String>,
    /// How far the learning time may be from the prediction, as a fraction of it.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    tolerance: Option<String>,
    /// Step size: auto is 1/(n lambda_max); largest is the largest stable one, 2/(n lambda_max) for gradient descent.
    #[arg(long, value_name = "auto|largest|X", allow_hyphen_values = true)]
    lr: Option<String>,
    /// Optimizer: gd, heavy-ball, nesterov, torch-nesterov, ridge (gd with --ridge) or sgd (gd with --batch).
    #[arg(long, value_name = "NAME")]
    optimizer: Option<String>,
    /// Momentum factor of heavy-ball and both Nesterovs.
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    momentum: Option<String>,
    /// Ridge towards the weights at the start, with any optimizer.
    #[arg(long, value_name = "MU", allow_hyphen_values = true)]
    ridge: Option<String>,
    /// Points of a mini-batch, drawn afresh each step, with any optimizer; all without it.
    #[arg(long, value_name = "N")]
    batch: Option<String>,
    /// Number of points; without it, as many as the degrees need.
    #[arg(long, value_name = "N")]
    points: Option<String>,
    /// Number of units; without it, as many as the degrees need.
    #[arg(long, value_name = "M")]
    width: Option<String>,
    /// Time there is, such as 10m: says which degrees fit.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    budget: Option<String>,
}

/// Plans and prints.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    experiment::<Options>(flags, pipeline, output)
}
