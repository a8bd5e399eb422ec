//! `hinf gram`: the sampled check.

mod data;
mod measure;
mod predict;
mod report;
mod tables;

use super::{
    numbers::{fraction, real, whole},
    output::{Outcome, Output},
    plots,
    plotting::PlotFlag,
};
use crate::{
    error::{Error, Result},
    experiment::Pipeline,
    gram::{Solver, finite_width},
    kernel::Kernel,
    math::{degrees::Degrees, harmonics::multiplicity, ranges, units::Dimension},
    sample::Design,
};
use std::path::PathBuf;

/// Draw points, diagonalise their Gram matrix, and set it against the spectrum.
///
/// The measurement never sees the prediction. Sample eigenvalues are grouped by the harmonics that their eigenvectors lie in; beside
/// them stands the pairwise estimate of each eigenvalue, which is unbiased. Points that are not random have no confidence interval but a
/// bound, from the predicted spectrum on just these points. Degrees that the kernel misses show as a rank too small on even or on odd functions.
/// Exit code 1 if theory and sample disagree, or the kernel has a negative eigenvalue.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hinf gram --kernel two-layer:bias=true --dim 2 --points 2000
  hinf gram --kernel ntk:depth=3 --dim 1 --points 1000000 --design equispaced --degrees 0..20
  hinf gram --kernel two-layer --dim 2 --points 500 --widths 256,1024,4096,16384
  hinf gram --kernel two-layer:bias=true --data points.csv --label y --ridge 0.1")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_parser = whole(1, Dimension::MAX), value_name = "D", required_unless_present = "data")]
    dim: Option<u32>,
    /// Number of points.
    #[arg(long, value_parser = whole(2, MOST_POINTS), value_name = "N", required_unless_present = "data")]
    points: Option<usize>,
    /// Degrees: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", default_value = "0..6")]
    degrees: String,
    /// Layout of the points: uniform, equispaced (circle), fibonacci (S^2) or quadrature.
    #[arg(long, value_name = "NAME", default_value = "uniform")]
    design: String,
    /// Independent samples; 5 without it, but 1 beyond 20000 points and for designs that are not random.
    #[arg(long, value_parser = whole(1, MOST_REPEATS), value_name = "R")]
    repeats: Option<usize>,
    /// Seed of the points.
    #[arg(long, value_parser = whole(0, u64::MAX), value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Solver: auto, dense or lanczos.
    #[arg(long, value_name = "NAME", default_value = "auto")]
    solver: String,
    /// Confidence of the intervals, and of all checks together.
    #[arg(long, value_parser = fraction, value_name = "P", default_value_t = 0.99)]
    confidence: f64,
    /// Take the prediction from this kernel instead: a wrong one must come out inconsistent.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]", conflicts_with = "data")]
    against: Option<String>,
    /// Widths of random two-layer networks whose finite kernel is compared with the infinite one.
    #[arg(long, value_name = "LIST", conflicts_with = "data")]
    widths: Option<String>,
    /// A CSV file of points, one a row, instead of a design; rows are scaled to norm 1.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dim", "points", "design", "repeats", "seed", "degrees", "solver", "confidence", "plot"])]
    data: Option<PathBuf>,
    /// The column of the labels, by heading or by number from 1.
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
    /// Ridge R of kernel regression on the labels: weights are (K + R I)^-1 y; 0 without it.
    #[arg(long, value_name = "R", requires = "label", allow_hyphen_values = true)]
    ridge: Option<String>,
    #[command(flatten)]
    plot: PlotFlag,
}

/// The largest degree, and the most degrees at once.
const HIGHEST_DEGREE: u32 = 1000;
/// Samples without `--repeats`, and the number of points past which one must do.
const DEFAULT_REPEATS: usize = 5;
const MANY_POINTS: usize = 20_000;
const MOST_REPEATS: usize = 10_000;
const MOST_POINTS: usize = 1_000_000_000;

/// A validated request.
pub struct Request {
    pub kernel: Kernel,
    pub predicted: Kernel,
    pub dim: Dimension,
    pub points: usize,
    pub degrees: Vec<(u32, usize)>,
    pub design: Design,
    pub repeats: usize,
    pub seed: u64,
    pub solver: Solver,
    pub reason: String,
    pub wanted: usize,
    pub confidence: f64,
    pub widths: Vec<u32>,
    pub pipeline: Pipeline,
}

/// Runs the check.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    if let Some(path) = &flags.data {
        let kernel = parse("--kernel", &flags.kernel)?;
        let ridge = flags.ridge.as_ref().map_or(Ok(0.0), |text| real("--ridge", text, 0.0, false))?;
        return data::run(&kernel, path, flags.label.as_deref(), ridge, pipeline, output);
    }
    let plot = flags.plot.validated()?;
    let request = flags.validated(pipeline)?;
    let found = request.measure(output)?;
    let report = report::report(&request, &found);
    if let Some(file) = plot {
        file.save(&plots::clusters(&report.json))?;
    }
    output.emit(&report)?;
    Ok(if found.consistent { Outcome::Success } else { Outcome::CheckFailed })
}

fn parse(option: &str, text: &str) -> Result<Kernel> {
    text.parse().map_err(|e: Error| e.under(option))
}

impl Flags {
    fn validated(&self, pipeline: &Pipeline) -> Result<Request> {
        if let Some(label) = &self.label {
            return Err(Error::invalid("--label", label, "--data FILE beside it: a design has no labels"));
        }
        let kernel = parse("--kernel", &self.kernel)?;
        let predicted = self.against.as_ref().map_or(Ok(kernel.clone()), |text| parse("--against", text))?;
        let dim = Dimension::new(self.dim.unwrap_or(0))?;
        let design = Design::from_name(&self.design)?;
        let n = self.points.unwrap_or(0);
        let random = design == Design::Uniform;
        let default = if random && n <= MANY_POINTS { DEFAULT_REPEATS } else { 1 };
        let repeats = self.repeats.unwrap_or(default);
        if repeats > 1 && !random {
            return Err(Error::invalid("--repeats", repeats, "1: this design has no chance in it"));
        }
        let degrees = self.degrees.parse().and_then(|all: Degrees| all.within(u64::from(HIGHEST_DEGREE)))?;
        let top = degrees.top();
        let count = |k: u64| multiplicity(dim, k).to_usize().unwrap_or(usize::MAX);
        let wanted = (0..=top).fold(0usize, |sum, k| sum.saturating_add(count(k)));
        if n >= 2 && wanted > n {
            let harmonics = format!("{} (harmonics of degree 0 to {top} on S^{dim}: {wanted})", self.degrees);
            return Err(Error::invalid(
                "--degrees",
                harmonics,
                format!("at most as many harmonics as the {n} points"),
            ));
        }
        let (automatic, reason) = Solver::choose(design, n, wanted);
        let (solver, reason) = match self.solver.as_str() {
            "auto" => (automatic, reason),
            "dense" => (Solver::Dense, "asked for".into()),
            "lanczos" => (Solver::Lanczos, "asked for".into()),
            other => return Err(Error::invalid("--solver", other, "auto, dense or lanczos")),
        };
        let widths = match &self.widths {
            Some(text) => ranges::parse("--widths", text, 1, finite_width::MOST_UNITS, 100)?,
            None => vec![],
        };
        if !widths.is_empty() && finite_width::bias_of(&kernel).is_none() {
            return Err(Error::invalid("--widths", &self.kernel, "--kernel two-layer, with or without bias"));
        }
        let degrees = degrees.iter().map(|k| (k as u32, count(k))).collect();
        let (points, seed) = (n, self.seed);
        let request = Request {
            kernel,
            predicted,
            dim,
            points,
            degrees,
            design,
            repeats,
            seed,
            solver,
            reason,
            wanted,
            confidence: self.confidence,
            widths,
            pipeline: *pipeline,
        };
        Ok(request)
    }
}
