//! `hinf train`: real networks, trained degree by degree, beside three predictions.

mod curves;
mod experiment;
mod fit;
mod grid;
mod kept;
mod model;
mod request;
mod setting;
mod show;
mod single;
mod tasks;

use super::{
    numbers::{fraction, whole},
    output::{Outcome, Output},
    plots,
    plotting::PlotFlag,
};
use crate::{error::Result, experiment::Pipeline, math::units::Dimension};
use std::{path::PathBuf, time::Instant};

/// The most of each number.
const MOST_POINTS: usize = 20_000;
const MOST_WIDTH: usize = 1 << 22;
const MOST_DEPTH: usize = 100;
const MOST_STEPS: u64 = 1_000_000_000;
const MOST_REPEATS: u64 = 1000;

/// Train a network on each degree and count the steps, beside three predictions without a fitted constant.
///
/// Full-batch gradient descent on 1/2 sum (f(x_i) - y_i)^2, until the component of the residual along the target is
/// delta of its start (measured), and until its whole norm is (residual). Predictions: by the eigenvalue lambda_k
/// (infinitely many points, infinite width), by the Gram matrix of the points used (infinite width), and by the Gram matrix of
/// the network's own gradients at its start.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hinf train --model two-layer --bias --dim 1 --degrees 2..6
  hinf train --model two-layer --dim 1 --degrees 2..5
  hinf train --model mlp --depth 3 --width 1024 --points 64 --dim 1 --degrees 1..4
  hinf train --model two-layer --bias --dim 1 --target 4:1,14:1 --curves curves.csv
  hinf train --model two-layer --bias --dim 2 --degrees 1..5 --checkpoint runs --resume")]
pub struct Flags {
    /// The network: two-layer (first layer trained), mlp or resnet (all layers trained).
    #[arg(long, value_name = "NAME")]
    model: String,
    /// Give the network a bias.
    #[arg(long)]
    bias: bool,
    /// Hidden layers of mlp, branches of resnet.
    #[arg(long, value_parser = whole(1, MOST_DEPTH), value_name = "L")]
    depth: Option<usize>,
    /// Factor of a residual branch; 1 without it.
    #[arg(long, value_name = "A")]
    alpha: Option<String>,
    /// Activation of mlp and resnet: relu, leaky-relu or erf.
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// Slope of leaky-relu for negative arguments.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    slope: Option<String>,
    /// Keep the output at the start of mlp and resnet, which is subtracted without it.
    #[arg(long)]
    keep_start: bool,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_parser = whole(1, Dimension::MAX), value_name = "D")]
    dim: u32,
    /// Degrees, one run each on P_k (cos k theta on the circle): numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", required_unless_present = "target", conflicts_with = "target")]
    degrees: Option<String>,
    /// One run on a mixture instead: degrees and their coefficients, of harmonics with mean square 1.
    #[arg(long, value_name = "K:C,...")]
    target: Option<String>,
    /// Factor of the targets of --degrees; 1 for two-layer, 0.1 for the others. The smaller, the more linear the training.
    #[arg(long, value_name = "X", conflicts_with = "target", allow_hyphen_values = true)]
    amplitude: Option<String>,
    /// The harmonic of a degree: zonal, or random from the seed.
    #[arg(long, value_name = "NAME", default_value = "zonal")]
    harmonic: String,
    /// Hidden units; 4096 for two-layer, 512 for the others.
    #[arg(long, value_parser = whole(1, MOST_WIDTH), value_name = "M")]
    width: Option<usize>,
    /// Training points; 201 on the circle, 500 elsewhere.
    #[arg(long, value_parser = whole(2, MOST_POINTS), value_name = "N")]
    points: Option<usize>,
    /// Layout of the points: uniform, equispaced, fibonacci or quadrature; the most even one without it.
    #[arg(long, value_name = "NAME")]
    design: Option<String>,
    /// Leave out the points in a cap this many degrees across; the test error is then that on them.
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    gap: Option<String>,
    /// Units of two-layer: paired (output 0 at the start) or independent.
    #[arg(long, value_name = "NAME")]
    init: Option<String>,
    /// Weights of two-layer: even or random directions; even without it where such are known (dim 1 and 2).
    #[arg(long, value_name = "NAME")]
    directions: Option<String>,
    /// Scale of the initial weights of two-layer; 100 without it. The larger, the more linear the training.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    kappa: Option<String>,
    /// Step size; auto is 1/(n lambda_max) of the Gram matrix of the points.
    #[arg(long, value_name = "auto|X", default_value = "auto", allow_hyphen_values = true)]
    lr: String,
    /// The share of its start to which the residual must fall.
    #[arg(long, value_parser = fraction, value_name = "X", default_value = "0.05", allow_hyphen_values = true)]
    delta: f64,
    /// Loss: mse, or cross-entropy on the sign of the target.
    #[arg(long, value_name = "NAME", default_value = "mse")]
    loss: String,
    /// The most steps of a run; four times the longest prediction without it (by lambda_k; for cross-entropy by the Gram matrix of the points).
    #[arg(long, value_parser = whole(1, MOST_STEPS), value_name = "N")]
    max_steps: Option<u64>,
    /// Runs of each degree, with seeds S, S+1, ...
    #[arg(long, value_parser = whole(1, MOST_REPEATS), value_name = "R", default_value_t = 1)]
    repeats: u64,
    /// Seed of everything drawn.
    #[arg(long, value_parser = whole(0, u64::MAX), value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Standard deviation of normal noise on the labels.
    #[arg(long, value_name = "S", default_value = "0", allow_hyphen_values = true)]
    noise: String,
    /// The least degree in the fit of the slope.
    #[arg(long, value_parser = whole(0u32, 1000), value_name = "K", default_value_t = 1)]
    fit_from: u32,
    /// Precision of the network: f64 or f32.
    #[arg(long, value_name = "NAME", default_value = "f64")]
    precision: String,
    /// Write the energy in each degree, the residual and the error on fresh points over time to this file, as CSV.
    #[arg(long, value_name = "FILE.csv")]
    curves: Option<PathBuf>,
    /// Keep finished runs, and those under way, in this folder.
    #[arg(long, value_name = "DIR")]
    checkpoint: Option<PathBuf>,
    /// Take up the runs kept in the folder of --checkpoint; the result is the same to the bit.
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    #[command(flatten)]
    plot: PlotFlag,
}

/// Trains, and prints what was seen beside what was predicted.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let plot = flags.plot.validated()?;
    let request = flags.validated(pipeline)?;
    let begun = Instant::now();
    let found = experiment::run(&request, &output.bar("training"))?;
    let seconds = begun.elapsed().as_secs_f64();
    let report = show::report(&request, &found, seconds);
    output.emit(&report)?;
    if let Some(file) = plot {
        file.save(&plots::steps(&[(report.json, request.model.name())]))?;
    }
    if let Some(path) = &request.curves {
        crate::report::write(path, curves::csv(&found))?;
    }
    Ok(if found.claims_hold() { Outcome::Success } else { Outcome::CheckFailed })
}
