//! The sampled check: points are drawn, their Gram matrix is diagonalised, and what it shows is set against the spectrum.
//!
//! [`measure()`] knows no prediction and [`predict()`] no sample: their requests are different types, and only [`compare()`] sees both results.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Report as _, Request as _, sample::Options};
//!
//! let options = Options { kernel: "two-layer".into(), dim: 2.into(), points: 200.into(), degrees: "0..2".into(), ..Default::default() };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.passed());
//! assert!(report.rows[2].measured.is_some());
//! # Ok::<(), hinf::Error>(())
//! ```

mod compare;
mod measure;
mod predict;
mod report;
mod store;

use super::{
    Context, Text,
    plan::Calibration,
    read::{self, Choice},
};
use crate::{
    error::{Error, Result},
    gram::{Solver, finite_width},
    kernel::Kernel,
    math::{degrees::Degrees, harmonics::multiplicity, ranges, units::Dimension},
    sample::Design,
};
use serde::{Deserialize, Serialize};

pub use compare::compare;
pub use measure::{Measurement, MeasurementRequest, measure};
pub use predict::{PredictionRequest, predict};
pub use report::{
    DesignError, FiniteWidth, Lowest, Negative, OverPairs, Part, RangeReport, Report, Resolution, Row, Share,
    Unbiased, Verdict, Width,
};

/// Options of [`sample`](self): those of `hinf gram` for points that are drawn or laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel whose Gram matrix is measured.
    pub kernel: Text,
    /// Dimension `d` of the sphere `S^d`, 1 to 1000; 1 is the circle.
    pub dim: Text,
    /// Number of points, 2 to 10^9; quadratures take the largest rule of at most so many.
    pub points: Text,
    /// Degrees compared, 0 to 1000: numbers, lists, ranges; `0..6` without it.
    pub degrees: Text,
    /// Layout of the points: `uniform`, `equispaced`, `fibonacci` or `quadrature`.
    pub design: Text,
    /// Independent samples, 1 to 10000; 5 without it, but 1 beyond 20000 points and for designs that are not random.
    pub repeats: Option<Text>,
    /// Seed of the points; 0 without it.
    pub seed: Text,
    /// Solver: `auto`, `dense` or `lanczos`.
    pub solver: Text,
    /// Confidence of the intervals, and of all checks together, between 0 and 1; 0.99 without it.
    pub confidence: Text,
    /// The kernel that the prediction is taken from instead.
    pub against: Option<Text>,
    /// Widths of random two-layer networks whose finite kernel is compared with the infinite one.
    pub widths: Option<Text>,
    /// The folder in which the iteration of the solver lanczos is kept after every product.
    pub checkpoint: Option<Text>,
    /// Is what is kept in that folder taken up?
    pub resume: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kernel: "".into(),
            dim: "".into(),
            points: "".into(),
            degrees: "0..6".into(),
            design: Design::Uniform.name().into(),
            repeats: None,
            seed: 0.into(),
            solver: "auto".into(),
            confidence: 0.99.into(),
            against: None,
            widths: None,
            checkpoint: None,
            resume: false,
        }
    }
}

/// The largest degree.
const HIGHEST_DEGREE: u64 = 1000;
/// Samples without `repeats`, and the number of points past which one must do.
const DEFAULT_REPEATS: usize = 5;
const MANY_POINTS: usize = 20_000;
const MOST_REPEATS: usize = 10_000;
const MOST_POINTS: usize = 1_000_000_000;

/// What is asked for: a measurement, a prediction made without it, and the confidence at which the two are compared.
#[derive(Clone, Debug)]
pub struct Request {
    measurement: MeasurementRequest,
    prediction: PredictionRequest,
    confidence: f64,
}

impl Request {
    /// The measurement that is asked for.
    pub fn measurement(&self) -> &MeasurementRequest {
        &self.measurement
    }

    /// The prediction that is asked for.
    pub fn prediction(&self) -> &PredictionRequest {
        &self.prediction
    }

    /// The confidence of the comparison.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }
}

/// The solver asked for, if one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Auto,
    For(Solver),
}

impl Choice for Asked {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("dense", Self::For(Solver::Dense)), ("lanczos", Self::For(Solver::Lanczos))];
}

impl super::Options for Options {
    const COMMAND: &'static str = "gram";
    type Request = Request;
    const OUTPUTS: &'static [&'static str] = &["checkpoint", "resume"];

    fn build(&self) -> Result<Request> {
        let kernel = read::kernel("kernel", &self.kernel)?;
        let against = self.against.as_ref().map(|text| read::kernel("against", text)).transpose()?;
        let predicted = against.unwrap_or_else(|| kernel.clone());
        let dim = Dimension::new(read::whole("dim", &self.dim, 1, Dimension::MAX)?)?;
        let design = Design::from_name(self.design.as_str())?;
        let points = read::whole("points", &self.points, 2, MOST_POINTS)?;
        let repeats = self.repeats(design, points)?;
        let list = self.degrees.as_str().parse::<Degrees>()?.within(HIGHEST_DEGREE)?;
        let count = |k: u64| multiplicity(dim, k).to_usize().unwrap_or(usize::MAX);
        let top = list.top();
        let pairs = (0..=top).fold(0usize, |sum, k| sum.saturating_add(count(k)));
        if pairs > points {
            let harmonics = format!("{} (harmonics of degree 0 to {top} on S^{dim}: {pairs})", self.degrees);
            return Err(Error::invalid(
                "degrees",
                harmonics,
                format!("at most as many harmonics as the {points} points"),
            ));
        }
        let (automatic, reason) = Solver::choose(design, points, pairs);
        let (solver, solver_reason) = match read::choice("solver", &self.solver)? {
            Asked::Auto => (automatic, reason),
            Asked::For(solver) => (solver, "asked for".into()),
        };
        let degrees: Vec<(u32, usize)> = list.iter().map(|k| (k as u32, count(k))).collect();
        let sums_pairs = predict::sums_pairs(design);
        if self.resume && self.checkpoint.is_none() {
            return Err(Error::invalid("resume", true, "`checkpoint` beside it"));
        }
        if let (Some(folder), false) = (&self.checkpoint, solver == Solver::Lanczos) {
            let expected = format!("no folder: the solver {} has no iteration to keep", solver.name());
            return Err(Error::invalid("checkpoint", folder, expected));
        }
        let prediction = PredictionRequest::new(predicted, dim, top as u32, design, points);
        let measurement = MeasurementRequest {
            widths: self.widths(&kernel)?,
            kernel,
            dim,
            points,
            degrees,
            design,
            repeats,
            seed: read::whole("seed", &self.seed, 0, u64::MAX)?,
            solver,
            solver_reason,
            pairs,
            sums_pairs,
            checkpoint: self.checkpoint.as_ref().map(|folder| folder.as_str().into()),
            resume: self.resume,
        };
        Ok(Request { measurement, prediction, confidence: read::fraction("confidence", &self.confidence)? })
    }
}

impl Options {
    fn repeats(&self, design: Design, points: usize) -> Result<usize> {
        let random = design == Design::Uniform;
        let Some(text) = &self.repeats else {
            return Ok(if random && points <= MANY_POINTS { DEFAULT_REPEATS } else { 1 });
        };
        let repeats = read::whole("repeats", text, 1, MOST_REPEATS)?;
        if repeats > 1 && !random {
            return Err(Error::invalid("repeats", repeats, "1: this design has no chance in it"));
        }
        Ok(repeats)
    }

    fn widths(&self, kernel: &Kernel) -> Result<Vec<u32>> {
        let Some(text) = &self.widths else { return Ok(vec![]) };
        let widths = ranges::parse("widths", text.as_str(), 1, finite_width::MOST_UNITS, 100)?;
        match finite_width::bias_of(kernel) {
            Some(_) => Ok(widths),
            None => Err(Error::invalid("widths", kernel, "the two-layer kernel, with or without bias")),
        }
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let measurement = measure(&self.measurement, context)?;
        let prediction = predict(&self.prediction, context)?;
        compare(self, &measurement, &prediction, context)
    }

    fn foreseen(&self, speed: &Calibration, _: &Context<'_>) -> Option<f64> {
        // The bound of a design sums once more over all pairs.
        let random = self.measurement.design == Design::Uniform;
        let bound = if random { 0.0 } else { self.measurement.pair_seconds(speed) };
        Some(self.measurement.foreseen(speed) + bound)
    }
}

impl super::Report for Report {
    const OF_THE_MACHINE: &'static [&'static str] = &["seconds_assemble", "seconds_solve"];

    /// Do theory and sample agree, and is the kernel positive as far as either shows?
    fn passed(&self) -> bool {
        self.verdict == Verdict::Consistent
    }
}
