//! `hinf gram`: the sampled check.

use super::{
    choices::Names,
    experiment,
    output::{Outcome, Output},
    plotted,
    plotting::PlotFlag,
};
use crate::{
    error::{Error, Result},
    experiment::{Pipeline, data, matrix, sample},
    report::gram::plot,
};
use serde::Serialize;
use std::path::PathBuf;

/// Draw points, diagonalise their Gram matrix, and set it against the spectrum.
///
/// The measurement never sees the prediction. Sample eigenvalues are grouped by the harmonics that their eigenvectors lie in; beside
/// them stands the pairwise estimate of each eigenvalue, which is unbiased. Points that are not random have no confidence interval but a
/// bound, from the predicted spectrum on just these points. Degrees that the kernel misses show as a rank too small on even or on odd functions.
/// Exit code 1 if theory and sample disagree, or the kernel has a negative eigenvalue.
///
/// With --data the points are a user's own. One eigendecomposition gives the spectrum, what descent and regression make of the labels, the error of each
/// row left out over a grid of ridges, and how fast eigenvalues and labels fall.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "kebab-case")]
#[command(after_help = "\
Examples:
  hinf gram --kernel two-layer:bias=true --dim 2 --points 2000
  hinf gram --kernel two-layer --dim 2 --points 100000 --checkpoint kept --resume
  hinf gram --kernel ntk:depth=3 --dim 1 --points 1000000 --design equispaced --degrees 0..20
  hinf gram --kernel two-layer --dim 2 --points 500 --widths 256,1024,4096,16384
  hinf gram --kernel two-layer:bias=true --data points.csv --label y --ridge 0.1
  hinf gram --kernel laplace --kernel ntk:depth=3 --data points.csv --label y
  hinf gram --kernel laplace --data points.csv --label y --norms keep
  hinf gram --matrix k.npz --label y --ridge 0.1
  hinf gram --matrix m256.npy,m1024.npy --widths 256,1024 --data x.npy --kernel ntk:depth=2")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`); with --data several, each with its --kernel, are set side by side.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]", required_unless_present = "matrix")]
    kernel: Vec<String>,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_name = "D", required_unless_present_any = ["data", "matrix"])]
    dim: Option<String>,
    /// Number of points.
    #[arg(long, value_name = "N", required_unless_present_any = ["data", "matrix"])]
    points: Option<String>,
    /// Degrees: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST")]
    degrees: Option<String>,
    /// Layout of the points: uniform, equispaced (circle), fibonacci (S^2) or quadrature.
    #[arg(long, value_name = "NAME")]
    design: Option<String>,
    /// Independent samples; 5 without it, but 1 beyond 20000 points and for designs that are not random.
    #[arg(long, value_name = "R")]
    repeats: Option<String>,
    /// Seed of the points.
    #[arg(long, value_name = "S")]
    seed: Option<String>,
    /// Solver: auto, dense or lanczos.
    #[arg(long, value_name = "NAME")]
    solver: Option<String>,
    /// Confidence of the intervals, and of all checks together.
    #[arg(long, value_name = "P")]
    confidence: Option<String>,
    /// Take the prediction from this kernel instead: a wrong one must come out inconsistent.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]", conflicts_with = "data")]
    against: Option<String>,
    /// Widths of random two-layer networks whose finite kernel is compared with the infinite one; with --matrix the width behind each matrix.
    #[arg(long, value_name = "LIST")]
    widths: Option<String>,
    /// Kernel matrices of your own, files with commas between them: .npy, .npz or CSV. With --data and --kernel they are set against the kernel
    /// entry by entry; several give the rate towards it; with --label what each makes of the labels.
    #[arg(long, value_name = "FILE[,FILE...]", conflicts_with_all = ["dim", "points", "degrees", "design", "repeats", "seed", "solver", "against", "plot"])]
    #[serde(skip)]
    matrix: Option<String>,
    /// A file of points, one a row, instead of a design: CSV (commas, semicolons, tabs or spaces), .npy or .npz; rows are scaled to norm 1.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dim", "points", "design", "repeats", "seed", "degrees", "solver", "plot"])]
    data: Option<PathBuf>,
    /// The column of the labels in FILE (or beside a matrix without --data), by heading or by number from 1, or an array of an .npz file. Class names are
    /// coded, and it is said how.
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// Is the first row of FILE a heading: told from the rows, and said where in doubt, or decided.
    #[arg(long, value_parser = Names::of::<data::Header>(), value_name = "CHOICE", requires = "data")]
    header: Option<String>,
    /// Rows on the sphere (unit), or as they are (keep): then only for laplace, matern, gaussian, arc-cosine, two-layer and networks of relu,
    /// leaky-relu, abs, step, sign, rectified-monomial, erf, sin, cos, rbf, exp or gaussian, whose kernels are known at any two norms; also of one column.
    #[arg(long, value_parser = Names::of::<data::Norms>(), value_name = "CHOICE", requires = "data")]
    norms: Option<String>,
    /// Ridge R of kernel regression on the labels: weights are (K + R I)^-1 y; 0 without it.
    #[arg(long, value_name = "R", requires = "label", allow_hyphen_values = true)]
    ridge: Option<String>,
    /// Keep the iteration of the solver lanczos in this folder after every product: one that is killed loses no more.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["data", "matrix"])]
    checkpoint: Option<String>,
    /// Take up the iteration that is kept there.
    #[arg(long, requires = "checkpoint")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    resume: bool,
    #[command(flatten)]
    #[serde(skip)]
    plot: PlotFlag,
}

impl Flags {
    /// What remains of an interrupted run.
    pub fn kept(&self) -> String {
        self.checkpoint.as_ref().map_or_else(String::new, |folder| {
            format!("the iteration is kept in '{folder}': --resume takes it up")
        })
    }
}

/// Runs the check.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    if let Some(matrix) = &flags.matrix {
        return user_matrices(flags, matrix, pipeline, output);
    }
    if flags.data.is_some() {
        for (field, given) in [("widths", &flags.widths), ("confidence", &flags.confidence)] {
            if let Some(given) = given {
                return Err(Error::invalid(field, given, "--matrix FILE beside --data"));
            }
        }
        return experiment::<data::Options>(flags, pipeline, output);
    }
    if let Some(label) = &flags.label {
        return Err(Error::invalid("label", label, "--data FILE beside it: a design has no labels"));
    }
    // The parser does not ask for rows where --dim, which excludes them, stands beside these.
    for (field, given) in [("norms", &flags.norms), ("header", &flags.header)] {
        if let Some(given) = given {
            return Err(Error::invalid(field, given, "--data FILE beside it"));
        }
    }
    if let [_, _, ..] = &flags.kernel[..] {
        let given = format!("{} kernels", flags.kernel.len());
        return Err(Error::invalid("kernel", given, "one, or --data FILE beside them"));
    }
    plotted::<sample::Options>(flags, &flags.plot, |_| Ok(()), plot, pipeline, output)
}

/// The flags of a user's own matrices.
#[derive(Serialize)]
struct Matrices<'a> {
    matrix: &'a str,
    data: Option<&'a PathBuf>,
    kernel: Option<&'a String>,
    label: Option<&'a String>,
    ridge: Option<&'a String>,
    widths: Option<&'a String>,
    header: Option<&'a String>,
    norms: Option<&'a String>,
    confidence: Option<&'a String>,
}

fn user_matrices(flags: &Flags, matrix: &str, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    if let [_, _, ..] = &flags.kernel[..] {
        return Err(Error::invalid(
            "kernel",
            format!("{} kernels", flags.kernel.len()),
            "one beside --matrix",
        ));
    }
    let given = Matrices {
        matrix,
        data: flags.data.as_ref(),
        kernel: flags.kernel.first(),
        label: flags.label.as_ref(),
        ridge: flags.ridge.as_ref(),
        widths: flags.widths.as_ref(),
        header: flags.header.as_ref(),
        norms: flags.norms.as_ref(),
        confidence: flags.confidence.as_ref(),
    };
    experiment::<matrix::Options>(&given, pipeline, output)
}
