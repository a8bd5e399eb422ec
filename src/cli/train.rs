//! `hinf train`: real networks, trained degree by degree, beside three predictions.

use super::{
    choices::Names,
    interrupt, options,
    output::{Outcome, Output, Written},
    plotting::PlotFlag,
    watched,
};
use crate::{
    error::{Error, Result},
    experiment::{
        Options as _, Pipeline, Report as _,
        choices::{Design, Directions, HarmonicChoice, Init, Kind, Loss, Precision},
        data::Header,
        rows,
        train::Options,
    },
    report,
};
use serde::Serialize;
use std::path::Path;

/// Train a network on each degree and count the steps, beside three predictions without a fitted constant.
///
/// Full-batch gradient descent on 1/2 sum (f(x_i) - y_i)^2, until the component of the residual along the target is
/// delta of its start (measured), and until its whole norm is (residual). Predictions: by the eigenvalue lambda_k
/// (infinitely many points, infinite width), by the Gram matrix of the points used (infinite width), and by the Gram matrix of
/// the network's own gradients at its start.
///
/// With --data the network is trained on a user's own rows and labels for --max-steps, and tested on rows that were left out. Beside errors,
/// accuracies and the residual's energy by eigendirection, step by step, stands what descent with the Gram matrix of the rows makes of them, and with
/// that of the network at its start; both say where early stopping should end the run.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(group(clap::ArgGroup::new("trained").args(["model", "network"]).required(true)))]
#[command(after_help = "\
Examples:
  hinf train --model two-layer --bias --dim 1 --degrees 2..6
  hinf train --model two-layer --dim 1 --degrees 2..5
  hinf train --model mlp --depth 3 --width 1024 --points 64 --dim 1 --degrees 1..4
  hinf train --network 'dense(b=0.1) 2*(tanh dense(lr=0.5)) tanh dense' --dim 1 --degrees 1..3 --points 64
  hinf train --model two-layer --bias --dim 1 --target 4:1,14:1 --curves curves.csv
  hinf train --model two-layer --bias --dim 1 --degrees 2..5 --kappa 10 --optimizer heavy-ball --momentum 0.9
  hinf train --model two-layer --bias --dim 2 --degrees 1..5 --checkpoint runs --resume
  hinf train --model two-layer --bias --data points.csv --label y --label-noise 0.4
  hinf train --model mlp --depth 2 --data points.csv --label y --loss cross-entropy --page page")]
pub struct Flags {
    /// The network in its language, as in 'dense 3*(relu dense(w=2))'.
    #[arg(long, value_name = "NETWORK")]
    network: Option<String>,
    /// A known network: two-layer (first layer trained), mlp or resnet (all layers trained).
    #[arg(long, value_parser = Names::of::<Kind>(), value_name = "NAME")]
    model: Option<String>,
    /// Give the known network a bias.
    #[arg(long)]
    bias: bool,
    /// Hidden layers of mlp, branches of resnet.
    #[arg(long, value_name = "L")]
    depth: Option<String>,
    /// Factor of a residual branch; 1 without it.
    #[arg(long, value_name = "A")]
    alpha: Option<String>,
    /// Activation of mlp and resnet: relu, leaky-relu, erf, sin or gelu.
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// Slope of leaky-relu for negative arguments.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    slope: Option<String>,
    /// Keep the output at the start, which is subtracted without it (two-layer starts at 0 by itself).
    #[arg(long)]
    keep_start: bool,
    /// A file of rows to train on instead: CSV (commas, semicolons, tabs or spaces), .npy or .npz; rows are scaled to norm 1.
    #[arg(long, value_name = "FILE", requires = "label", conflicts_with_all = ["dim", "degrees", "target", "harmonic", "points", "design", "gap",
        "directions", "delta", "loss_below", "target_norm", "beyond_stable", "kernel_at_end", "repeats", "noise", "fit_from", "checkpoint", "resume"])]
    data: Option<String>,
    /// The column of the labels in FILE, by heading or by number from 1, or an array of an .npz file. Two classes are -1 and 1; of more each has a
    /// network against the rest.
    #[arg(long, value_name = "COLUMN", requires = "data")]
    label: Option<String>,
    /// What the labels are: classes if they are names, or 2 to 20 different whole numbers (auto); classes; or a quantity.
    #[arg(long, value_parser = Names::of::<rows::LabelKind>(), value_name = "CHOICE", requires = "data")]
    label_kind: Option<String>,
    /// Is the first row of FILE a heading: told from the rows, and said where in doubt, or decided.
    #[arg(long, value_parser = Names::of::<Header>(), value_name = "CHOICE", requires = "data")]
    header: Option<String>,
    /// The share of the rows, drawn by the seed, that are tested on and not trained on; 0.25 without it.
    #[arg(long, value_name = "X", requires = "data", allow_hyphen_values = true)]
    test_share: Option<String>,
    /// The share of the training rows whose labels are permuted among them; 0 without it.
    #[arg(long, value_name = "X", requires = "data", allow_hyphen_values = true)]
    label_noise: Option<String>,
    /// Write a page of the training on FILE, with figures, tables and their data, into this folder.
    #[arg(long, value_name = "DIR", requires = "data")]
    page: Option<String>,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_name = "D", required_unless_present = "data")]
    dim: Option<String>,
    /// Degrees, one run each on P_k (cos k theta on the circle): numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", required_unless_present_any = ["target", "data"], conflicts_with = "target")]
    degrees: Option<String>,
    /// One run on a mixture instead: degrees and their coefficients, of harmonics with mean square 1.
    #[arg(long, value_name = "K:C,...")]
    target: Option<String>,
    /// Factor of the targets of --degrees, or of the labels of --data; 1 for two-layer, 0.1 for the others. The smaller, the more linear the training.
    #[arg(long, value_name = "X", conflicts_with = "target", allow_hyphen_values = true)]
    amplitude: Option<String>,
    /// The harmonic of a degree: zonal, or random from the seed.
    #[arg(long, value_parser = Names::of::<HarmonicChoice>(), value_name = "NAME")]
    harmonic: Option<String>,
    /// Hidden units; 4096 for two-layer, 512 for the others.
    #[arg(long, value_name = "M")]
    width: Option<String>,
    /// Training points; 201 on the circle, 500 elsewhere.
    #[arg(long, value_name = "N")]
    points: Option<String>,
    /// Layout of the points: uniform, equispaced, fibonacci or quadrature; the most even one without it.
    #[arg(long, value_parser = Names::of::<Design>(), value_name = "NAME")]
    design: Option<String>,
    /// Leave out the points in a cap this many degrees across; the test error is then that on them.
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    gap: Option<String>,
    /// Units of two-layer: paired (output 0 at the start) or independent.
    #[arg(long, value_parser = Names::of::<Init>(), value_name = "NAME")]
    init: Option<String>,
    /// Weights of two-layer: even or random directions; even without it where such are known (dim 1 and 2).
    #[arg(long, value_parser = Names::of::<Directions>(), value_name = "NAME")]
    directions: Option<String>,
    /// Scale of the initial weights of two-layer; 100 without it. The larger, the more linear the training.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    kappa: Option<String>,
    /// Step size; auto is 1/(n lambda_max) of the Gram matrix of the points.
    #[arg(long, value_name = "auto|X", allow_hyphen_values = true)]
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
    /// The share of its start to which the residual must fall.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    delta: Option<String>,
    /// A degree counts as learned when the loss of its component, half a sum of squares over the points, is at most this; in the place of --delta.
    #[arg(long, value_name = "X", allow_hyphen_values = true, conflicts_with = "delta")]
    loss_below: Option<String>,
    /// The norm of the labels: the root of the sum of their squares over the points.
    #[arg(long, value_name = "X", allow_hyphen_values = true, conflicts_with = "amplitude")]
    target_norm: Option<String>,
    /// Accept a step size beyond the largest stable one, and a residual that grows. The predictions are of linear dynamics, which then
    /// diverge: none of them holds, and the network settles under another kernel than that of its start (see --kernel-at-end).
    #[arg(long)]
    beyond_stable: bool,
    /// Show what the network's own kernel has come to at the end of each run, and the steps by it.
    #[arg(long)]
    kernel_at_end: bool,
    /// Loss: mse, or cross-entropy on the sign of the target, or of the classes of --data.
    #[arg(long, value_parser = Names::of::<Loss>(), value_name = "NAME")]
    loss: Option<String>,
    /// The most steps of a run; four times the longest prediction without it (by lambda_k; for cross-entropy by the Gram matrix of the points). With
    /// --data all of them are made, 1000 without it.
    #[arg(long, value_name = "N")]
    max_steps: Option<String>,
    /// Runs of each degree, with seeds S, S+1, ...
    #[arg(long, value_name = "R")]
    repeats: Option<String>,
    /// Seed of everything drawn.
    #[arg(long, value_name = "S")]
    seed: Option<String>,
    /// Standard deviation of normal noise on the labels.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    noise: Option<String>,
    /// The least degree in the fit of the slope.
    #[arg(long, value_name = "K")]
    fit_from: Option<String>,
    /// Precision of the network: f64 or f32.
    #[arg(long, value_parser = Names::of::<Precision>(), value_name = "NAME")]
    precision: Option<String>,
    /// Write the energy in each degree, the residual and the error on fresh points over time to this file, as CSV; with --data errors, accuracies
    /// and energies by eigendirection, seen and predicted.
    #[arg(long, value_name = "FILE.csv")]
    curves: Option<String>,
    /// Keep finished runs, and those under way, in this folder.
    #[arg(long, value_name = "DIR")]
    checkpoint: Option<String>,
    /// Take up the runs kept in the folder of --checkpoint; the result is the same to the bit.
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    #[command(flatten)]
    #[serde(skip)]
    plot: PlotFlag,
}

impl Flags {
    /// The files that are written beside the result and the plot.
    fn written(&self) -> [Written<'_>; 1] {
        [("curves", self.curves.as_deref().map(Path::new))]
    }
}

/// Trains, and shows what was seen beside what was predicted.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    if flags.data.is_some() {
        return on_rows(flags, pipeline, output);
    }
    of_no_use(flags)?;
    let plot = flags.plot.validated(output, &flags.written())?;
    let request = options::<Options>(flags)?.build()?;
    interrupt::watch();
    let found = watched::<Options>(&request, pipeline, output)?;
    output.show(&found)?;
    if let Some(file) = plot {
        file.save(&report::train::plot(&[(&found, &found.hyper_parameters.model)]))?;
    }
    if let Some(path) = request.curves() {
        report::write(path, report::for_file(path, &report::train::curves(&found))?)?;
    }
    Ok(Outcome::of(found.passed()))
}

/// Refuses flags of rows where there are none; the parser does not where --dim, which excludes rows, stands beside them.
fn of_no_use(flags: &Flags) -> Result<()> {
    let of_rows = [
        ("label", &flags.label),
        ("label-kind", &flags.label_kind),
        ("header", &flags.header),
        ("test-share", &flags.test_share),
        ("label-noise", &flags.label_noise),
        ("page", &flags.page),
    ];
    match of_rows.into_iter().find_map(|(field, given)| Some((field, given.as_ref()?))) {
        Some((field, given)) => Err(Error::invalid(field, given, "--data FILE beside it")),
        None => Ok(()),
    }
}

/// The same on a user's own rows.
fn on_rows(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let plot = flags.plot.validated(output, &flags.written())?;
    let request = options::<rows::Options>(flags)?.build()?;
    let found = watched::<rows::Options>(&request, pipeline, output)?;
    let drawing = plot.as_ref().map(|file| file.drawn(&report::rows::plot(&found))).transpose()?;
    output.show(&found)?;
    if let Some((file, drawing)) = plot.as_ref().zip(drawing) {
        file.write(&drawing)?;
    }
    if let Some(path) = request.curves() {
        report::write(path, report::for_file(path, &report::rows::curves(&found))?)?;
    }
    if let Some(folder) = request.page() {
        report::rows::page(&found)?.write(folder)?;
    }
    Ok(Outcome::of(found.passed()))
}
