//! `hinf plan`: what an experiment will need, before it is run.

use super::{
    calibration::Calibration,
    durations,
    numbers::{fraction, real, short, shown, whole},
    output::{Outcome, Output},
    ranges,
};
use crate::{
    dynamics::{
        Modes,
        plan::{DegreePlan, Deviation, plan},
    },
    error::{Error, Result},
    gram::dense,
    kernel::Kernel,
    math::units::Dimension,
    report::{
        Report,
        grid::{Column, Grid},
    },
};
use serde_json::{Value, json};

/// Plan an experiment: steps, points, width, memory and time for each degree.
///
/// Steps are those until the part of the residual along the degree is left with the fraction delta. Points (uniform) and
/// units (independent directions, two-layer kernels) are those at which the learning time is within the tolerance of the
/// prediction: one standard deviation, b/sqrt(n) or a/sqrt(m), plus the mixing D/n or D/m with other degrees. Times come
/// from a short calibration on this machine, as busy as it is, and are good to a factor of about two.
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
    #[arg(long, value_name = "TIME")]
    budget: Option<String>,
}

/// The highest degree, and the most degrees.
const HIGHEST_DEGREE: u32 = 1000;
const MOST_DEGREES: usize = 1001;
/// The most points and units.
const MOST: u64 = 1_000_000_000_000;
/// Degrees past the highest asked for, whose share in the effective dimension is summed.
const BEYOND: u32 = 4;
struct Request {
    kernel: Kernel,
    dim: Dimension,
    degrees: Vec<u32>,
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
            degrees: ranges::parse("--degrees", &self.degrees, 0, HIGHEST_DEGREE, MOST_DEGREES)?,
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
    let highest = request.degrees.last().copied().unwrap_or(0);
    let modes = Modes::of(&request.kernel, request.dim, (BEYOND * highest).max(32))?;
    let found = Planned::of(&request, &modes, Calibration::measure(&request.kernel, request.dim)?)?;
    output.emit(&Report { json: found.json(&request), grids: vec![found.grid(&request)] })
}

/// One degree with what it costs.
struct Row {
    plan: DegreePlan,
    points_needed: Option<f64>,
    width_needed: Option<f64>,
    /// Relative change of the learning time at the points and the width of the plan.
    deviation: Option<f64>,
    seconds: Option<f64>,
    fits: Option<bool>,
}

struct Planned {
    rows: Vec<Row>,
    points: f64,
    width: Option<f64>,
    step_size: f64,
    largest_step_size: f64,
    seconds_per_step: Option<f64>,
    gram_bytes: f64,
    gram_seconds: f64,
    train_bytes: Option<f64>,
    /// Degrees whose needs are upper bounds, as the rest of the trace is one.
    bounded: Vec<String>,
    calibration: Calibration,
}

impl Planned {
    fn of(request: &Request, modes: &Modes, calibration: Calibration) -> Result<Self> {
        // The needs do not depend on the step size, and the rate of a step does not depend on them when it is relative.
        let rate = |points: f64| match request.lr {
            StepSize::Relative(multiple) => multiple / modes.largest(),
            StepSize::Absolute(step_size) => step_size * points,
        };
        let plans = |points: f64| plan(&request.kernel, modes, &request.degrees, rate(points), request.delta);
        let needs = plans(1.0)?;
        let most = |need: &dyn Fn(&DegreePlan) -> Option<f64>| needs.iter().filter_map(need).reduce(f64::max);
        // Points and units each take half of the tolerance.
        let finite_width = needs.iter().any(|p| p.width.is_some());
        let allowed = if finite_width { 0.5 * request.tolerance } else { request.tolerance };
        let needed = |d: &Deviation| d.number_for(allowed);
        let points = request.points.or(most(&|p| p.points.as_ref().map(needed))).unwrap_or(1.0);
        let width = request.width.or(most(&|p| p.width.as_ref().map(needed)));
        let (step_size, largest_step_size) = (rate(points) / points, modes.largest_step_size(points));
        if step_size > largest_step_size * (1.0 + f64::EPSILON) {
            let expected = format!(
                "at most {}, the largest stable step size for {points} points",
                shown(largest_step_size)
            );
            return Err(Error::invalid("--lr", step_size, expected));
        }
        let seconds_per_step = width.map(|m| calibration.step_unit * points * m);
        let mut spent = 0.0;
        let rows = plans(points)?.into_iter().map(|plan| {
            let seconds = plan.steps.zip(seconds_per_step).map(|(steps, each)| steps.ceil() * each);
            spent += seconds.unwrap_or(0.0);
            let at = |d: Option<Deviation>, number: Option<f64>| Some(d?.at(number?));
            let deviation = at(plan.points, Some(points)).map(|p| p + at(plan.width, width).unwrap_or(0.0));
            Row {
                points_needed: plan.points.as_ref().map(needed),
                width_needed: plan.width.as_ref().map(needed),
                deviation,
                seconds,
                fits: request.budget.and_then(|budget| {
                    Some(seconds.is_some() && spent <= budget).filter(|_| seconds_per_step.is_some())
                }),
                plan,
            }
        });
        let d = f64::from(request.dim.get());
        let lost = |p: &&DegreePlan| {
            modes.tail_is_bound() && p.points.is_some_and(|x| modes.tail() / p.eigenvalue > 0.01 * x.second)
        };
        let bounded = needs.iter().filter(lost).map(|p| p.degree.to_string()).collect();
        Ok(Self {
            rows: rows.collect(),
            points,
            width,
            step_size,
            largest_step_size,
            seconds_per_step,
            gram_bytes: dense::memory(points as usize, true) as f64,
            gram_seconds: points * points * calibration.gram_entry + points.powi(3) * calibration.eigen_cubed,
            train_bytes: width.map(|m| 8.0 * (points * (d + 3.0) + 3.0 * m * (d + 3.0))),
            bounded,
            calibration,
        })
    }

    fn json(&self, request: &Request) -> Value {
        let row = |row: &Row| {
            json!({
                "degree": row.plan.degree,
                "eigenvalue": row.plan.eigenvalue,
                "steps": row.plan.steps,
                "never": row.plan.steps.is_none(),
                "null_space": row.plan.eigenvalue == 0.0,
                "points_needed": row.points_needed,
                "width_needed": row.width_needed,
                "deviation": row.deviation,
                "seconds": row.seconds,
                "fits": row.fits,
            })
        };
        json!({
            "schema": "hinf.plan/1",
            "kernel": request.kernel.to_string(),
            "dim": request.dim.get(),
            "delta": request.delta,
            "tolerance": request.tolerance,
            "points": self.points,
            "width": self.width,
            "step_size": self.step_size,
            "largest_step_size": self.largest_step_size,
            "budget_seconds": request.budget,
            "train": {"seconds_per_step": self.seconds_per_step, "bytes": self.train_bytes},
            "gram": {"seconds": self.gram_seconds, "bytes": self.gram_bytes},
            "calibration": {
                "seconds_per_gram_entry": self.calibration.gram_entry,
                "seconds_per_point_and_unit": self.calibration.step_unit,
                "seconds_of_eigenvectors_over_n_cubed": self.calibration.eigen_cubed,
            },
            "notes": self.notes(request),
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    fn grid(&self, request: &Request) -> Grid {
        let width = self.width.map_or("width unknown".into(), |m| format!("{m} units"));
        let mut captions = vec![
            format!(
                "{} points, {width}; step size {}, largest stable {}; a degree is learned when {} of it is left",
                self.points,
                shown(self.step_size),
                shown(self.largest_step_size),
                request.delta
            ),
            format!(
                "points, units: least numbers for a learning time within {} % of the prediction, half of it from each; off: what is \
                 expected at the numbers above",
                100.0 * request.tolerance
            ),
        ];
        captions.extend(self.notes(request));
        let mut heads = vec!["k", "lambda_k", "steps", "points", "units", "off", "time"];
        if request.budget.is_some() {
            heads.push("fits");
        }
        let whole = |n: Option<f64>| {
            n.map_or("-".into(), |n| if n < 1e15 { format!("{:.0}", n.ceil()) } else { short(n) })
        };
        let cells = |row: &Row| {
            let mut cells = vec![
                row.plan.degree.to_string(),
                short(row.plan.eigenvalue),
                if row.plan.steps.is_none() { "never".into() } else { whole(row.plan.steps) },
                whole(row.points_needed),
                whole(row.width_needed),
                row.deviation.map_or("-".into(), |d| format!("{:.1} %", 100.0 * d)),
                row.seconds.map_or("-".into(), durations::shown),
            ];
            if request.budget.is_some() {
                cells.push(row.fits.map_or("?", |fits| if fits { "yes" } else { "no" }).into());
            }
            cells
        };
        Grid {
            title: format!("Plan for {} on S^{}", request.kernel, request.dim),
            captions,
            columns: heads.into_iter().map(|head| (head.into(), Column::Right)).collect(),
            rows: self.rows.iter().map(cells).collect(),
        }
    }

    fn notes(&self, request: &Request) -> Vec<String> {
        let mut notes = Vec::new();
        let listed = |keep: &dyn Fn(&Row) -> bool| {
            let degrees = self.rows.iter().filter(|row| keep(row)).map(|row| row.plan.degree.to_string());
            degrees.collect::<Vec<_>>().join(", ")
        };
        let null = listed(&|row| row.plan.eigenvalue == 0.0);
        if !null.is_empty() {
            notes.push(format!("never learned, in the null space: degrees {null}"));
        }
        if !self.bounded.is_empty() {
            notes.push(format!(
                "points and units are upper bounds, since what the higher degrees weigh is below the error of the eigenvalues: degrees {}",
                self.bounded.join(", ")
            ));
        }
        let swinging = listed(&|row| row.plan.eigenvalue > 0.0 && row.plan.steps.is_none());
        if !swinging.is_empty() {
            notes.push(format!(
                "never learned at this step size, its component swings without falling: degrees {swinging}"
            ));
        }
        match (self.seconds_per_step, self.train_bytes) {
            (Some(seconds), Some(bytes)) => notes.push(format!(
                "on this machine: training {} a step and {}; a Gram matrix of these points {} and {}",
                durations::shown(seconds),
                size(bytes),
                durations::shown(self.gram_seconds),
                size(self.gram_bytes)
            )),
            _ => notes.push(format!(
                "on this machine: a Gram matrix of these points {} and {}; what width this network needs is not known: its deviation \
                 falls as width^(-1/2), so that one run gives the width for any tolerance",
                durations::shown(self.gram_seconds),
                size(self.gram_bytes)
            )),
        }
        if let Some(budget) = request.budget {
            let fitting = listed(&|row| row.fits == Some(true));
            notes.push(match (self.seconds_per_step, fitting.as_str()) {
                (None, _) => {
                    "what fits is not known without a width: give --width for two-layer kernels".into()
                }
                (_, "") => format!("in {} fits no degree", durations::shown(budget)),
                (_, fitting) => format!("in {} fit, one run a degree: {fitting}", durations::shown(budget)),
            });
        }
        notes
    }
}

/// Bytes in the unit that suits them.
fn size(bytes: f64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let (unit, scale) = units.into_iter().find(|(_, scale)| bytes >= *scale).unwrap_or(("B", 1.0));
    format!("{} {unit}", short(bytes / scale))
}
