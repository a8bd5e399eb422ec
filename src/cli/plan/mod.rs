//! `hinf plan`: what an experiment will need, before it is run.

mod calibration;
mod needs;
mod show;

use super::{
    durations,
    numbers::{fraction, real, whole},
    output::{Outcome, Output},
};
use crate::{
    dynamics::Modes,
    error::{Error, Result},
    kernel::Kernel,
    math::{degrees::Degrees, units::Dimension},
    report::Report,
};
use calibration::Calibration;
use needs::Planned;

/// Plan an experiment: steps, points, width, memory and time for each degree.
///
/// Steps are those until the part of the residual along the degree is left with the fraction delta. Points (uniform) and
/// units (independent directions, two-layer kernels) are those at which the learning time is within the tolerance of the
/// prediction: one standard deviation, b/sqrt(n) or a/sqrt(m), plus the mixing D/n or D/m with other degrees. Times come
/// from short runs of the training itself on this machine, as busy as it is, and are good to a factor of about two.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hinf plan --kernel two-layer:bias=true --dim 2 --degrees 1..6
  hinf plan --kernel two-layer --dim 1 --degrees 1..8 --delta 0.01 --budget 10m
  hinf plan --kernel ntk:depth=3 --dim 9 --degrees 0..4 --points 2000 --lr largest

Next: hinf train runs it, hinf gram checks the eigenvalues on sampled points.")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_parser = whole(1, Dimension::MAX), value_name = "D")]
    dim: u32,
    /// Degrees to learn: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", default_value = "1..6")]
    degrees: String,
    /// The fraction of a degree that may be left.
    #[arg(long, value_parser = fraction, value_name = "X", default_value = "0.05", allow_hyphen_values = true)]
    delta: f64,
    /// How far the learning time may be from the prediction, as a fraction of it.
    #[arg(long, value_parser = fraction, value_name = "X", default_value = "0.1", allow_hyphen_values = true)]
    tolerance: f64,
    /// Step size: auto is 1/(n lambda_max), largest is 2/(n lambda_max), the largest stable one.
    #[arg(long, value_name = "auto|largest|X", default_value = "auto", allow_hyphen_values = true)]
    lr: String,
    /// Number of points; without it, as many as the degrees need.
    #[arg(long, value_parser = whole(1, MOST), value_name = "N")]
    points: Option<u64>,
    /// Number of units; without it, as many as the degrees need.
    #[arg(long, value_parser = whole(1, MOST), value_name = "M")]
    width: Option<u64>,
    /// Time there is, such as 10m: says which degrees fit.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    budget: Option<String>,
}

/// The highest degree.
const HIGHEST_DEGREE: u32 = 1000;
/// The most points and units.
const MOST: u64 = 1_000_000_000_000;
/// Degrees past the highest asked for, whose share in the effective dimension is summed.
const BEYOND: u32 = 4;

struct Request {
    kernel: Kernel,
    dim: Dimension,
    degrees: Degrees,
    delta: f64,
    tolerance: f64,
    lr: StepSize,
    points: Option<f64>,
    width: Option<f64>,
    budget: Option<f64>,
}

#[derive(Clone, Copy)]
enum StepSize {
    /// A multiple of `1/(n lambda_max)`.
    Relative(f64),
    Absolute(f64),
}

impl Flags {
    fn validated(&self) -> Result<Request> {
        let count = |number: Option<u64>| number.map(|n| n as f64);
        Ok(Request {
            kernel: self.kernel.parse().map_err(|e: Error| e.under("--kernel"))?,
            dim: Dimension::new(self.dim)?,
            degrees: self.degrees.parse().and_then(|all: Degrees| all.within(u64::from(HIGHEST_DEGREE)))?,
            delta: self.delta,
            tolerance: self.tolerance,
            lr: match self.lr.as_str() {
                "auto" => StepSize::Relative(1.0),
                "largest" => StepSize::Relative(2.0),
                number => StepSize::Absolute(real("--lr", number, 0.0, true)?),
            },
            points: count(self.points),
            width: count(self.width),
            budget: self.budget.as_ref().map(|text| durations::seconds("--budget", text)).transpose()?,
        })
    }
}

/// Plans and prints.
pub fn run(flags: &Flags, output: &Output) -> Result<Outcome> {
    let request = flags.validated()?;
    let highest = request.degrees.top() as u32;
    let modes = Modes::of(&request.kernel, request.dim, (BEYOND * highest).max(32))?;
    let found = Planned::of(&request, &modes, Calibration::measure(&request.kernel, request.dim)?)?;
    output.emit(&Report { json: found.json(&request), grids: vec![found.grid(&request)] })
}
