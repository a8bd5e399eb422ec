//! `hinf gram`: the sampled check.

use super::{
    gram_data, gram_report,
    output::{Outcome, Output},
    ranges,
};
use crate::{
    compare::{
        gram::{Measurement, Prediction, Row, compare},
        statistics::{Law, pair_law},
    },
    error::{Error, Result},
    gram::{
        Sites, Solver, Values, circulant,
        clusters::{Cluster, by_frequency, clusters},
        dense, finite_width, harmonics, lanczos, pairs,
    },
    kernel::Kernel,
    math::{
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
    sample::{Design, Points, points},
    spectrum::{Goal, spectrum},
};
use std::{path::PathBuf, time::Instant};

/// Draw points, diagonalise their Gram matrix, and set it against the spectrum.
///
/// The measurement never sees the prediction. Sample eigenvalues are grouped by the harmonics that their eigenvectors lie in; beside
/// them stands the pairwise estimate of each eigenvalue, which is unbiased. Exit code 1 if theory and sample disagree.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hinf gram --kernel two-layer:bias=true --dim 2 --points 2000
  hinf gram --kernel ntk:depth=3 --dim 1 --points 1000000 --design equispaced --degrees 0..20
  hinf gram --kernel two-layer --dim 2 --points 500 --widths 256,1024,4096,16384
  hinf gram --kernel two-layer:bias=true --data points.csv --label y")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimension d of the sphere S^d; 1 is the circle.
    #[arg(long, value_name = "D", required_unless_present = "data")]
    dim: Option<u32>,
    /// Number of points.
    #[arg(long, value_name = "N", required_unless_present = "data")]
    points: Option<usize>,
    /// Degrees: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", default_value = "0..6")]
    degrees: String,
    /// Layout of the points: uniform, equispaced (circle), fibonacci (S^2) or quadrature.
    #[arg(long, value_name = "NAME", default_value = "uniform")]
    design: String,
    /// Independent samples; 5 without it, but 1 beyond 20000 points and for designs that are not random.
    #[arg(long, value_name = "R")]
    repeats: Option<usize>,
    /// Seed of the points.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Solver: auto, dense or lanczos.
    #[arg(long, value_name = "NAME", default_value = "auto")]
    solver: String,
    /// Confidence of the intervals, and of all checks together.
    #[arg(long, value_name = "P", default_value_t = 0.99)]
    confidence: f64,
    /// Take the prediction from this kernel instead: a wrong one must come out inconsistent.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]", conflicts_with = "data")]
    against: Option<String>,
    /// Widths of random two-layer networks whose finite kernel is compared with the infinite one.
    #[arg(long, value_name = "LIST", conflicts_with = "data")]
    widths: Option<String>,
    /// A CSV file of points, one a row, instead of a design; rows are scaled to norm 1.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dim", "points", "design", "repeats", "seed"])]
    data: Option<PathBuf>,
    /// The column of the labels, by heading or by number from 1.
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
}

/// The largest degree, and the most degrees at once.
const HIGHEST_DEGREE: u32 = 1000;
/// Degrees past the highest that enter the bias one by one; the rest enter through the trace.
const BIAS_DEGREES: u32 = 30;
/// The same for designs that are not random, whose bound is the trace past these degrees.
const TAIL_DEGREES: u32 = 300;
/// Digits of the predicted eigenvalues: more than a sample can tell.
const PREDICTED_DIGITS: u32 = 14;
/// Samples without `--repeats`, and the number of points past which one must do.
const DEFAULT_REPEATS: usize = 5;
const MANY_POINTS: usize = 20_000;
const MOST_REPEATS: usize = 10_000;
/// Harmonics whose distortion on a design without exactness is worth computing.
const MOST_HARMONICS: usize = 300;

/// A validated request.
pub(super) struct Request {
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
}

/// The run's results, before they are set into tables.
pub(super) struct Found {
    pub points: usize,
    pub rows: Vec<Row>,
    pub consistent: bool,
    pub design: Option<(f64, usize)>,
    pub lowest: f64,
    pub rounding: f64,
    pub rank: Option<usize>,
    pub table_error: Option<f64>,
    pub seconds: (f64, f64),
    pub finite: Vec<finite_width::Distance>,
}

impl Found {
    /// Is an eigenvalue negative beyond rounding?
    pub fn indefinite(&self) -> bool {
        self.lowest < -self.rounding
    }
}

/// Runs the check.
pub fn run(flags: &Flags, output: &Output) -> Result<Outcome> {
    if let Some(path) = &flags.data {
        let kernel = parse("--kernel", &flags.kernel)?;
        return gram_data::run(&kernel, path, flags.label.as_deref(), memory_limit(), output);
    }
    let request = flags.validated()?;
    let found = request.measure(output)?;
    output.emit(&gram_report::report(&request, &found))?;
    Ok(if found.consistent { Outcome::Success } else { Outcome::CheckFailed })
}

fn parse(option: &str, text: &str) -> Result<Kernel> {
    text.parse().map_err(|e: Error| e.under(option))
}

/// Memory that the solver may take: four fifths of what the system has left, or 4 GiB where it does not say.
fn memory_limit() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map_or(4 << 30, |kib| kib * 1024 / 5 * 4)
}

impl Flags {
    fn validated(&self) -> Result<Request> {
        if let Some(label) = &self.label {
            return Err(Error::invalid("--label", label, "--data FILE beside it: a design has no labels"));
        }
        let kernel = parse("--kernel", &self.kernel)?;
        let predicted = self.against.as_ref().map_or(Ok(kernel.clone()), |text| parse("--against", text))?;
        let dim = Dimension::new(self.dim.unwrap_or(0)).map_err(|e| e.under("--dim"))?;
        let design = Design::from_name(&self.design)?;
        let n = self.points.unwrap_or(0);
        let random = design == Design::Uniform;
        let default = if random && n <= MANY_POINTS { DEFAULT_REPEATS } else { 1 };
        let repeats = self.repeats.unwrap_or(default);
        if !(1..=MOST_REPEATS).contains(&repeats) || (repeats > 1 && !random) {
            let expected = if random {
                format!("1 to {MOST_REPEATS}")
            } else {
                "1: this design has no chance in it".into()
            };
            return Err(Error::invalid("--repeats", repeats, expected));
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(Error::invalid(
                "--confidence",
                self.confidence,
                "a probability between 0 and 1, such as 0.99",
            ));
        }
        let degrees =
            ranges::parse("--degrees", &self.degrees, 0, HIGHEST_DEGREE, HIGHEST_DEGREE as usize + 1)?;
        let top = degrees.last().copied().unwrap_or(0);
        let count = |k: u32| multiplicity(dim, k).to_usize().unwrap_or(usize::MAX);
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
        let degrees = degrees.into_iter().map(|k| (k, count(k))).collect();
        let (points, seed, confidence) = (n, self.seed, self.confidence);
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
            confidence,
            widths,
        };
        Ok(request)
    }
}

impl Request {
    fn top(&self) -> u32 {
        self.degrees.last().map_or(0, |(k, _)| *k)
    }

    fn prediction(&self) -> Result<Prediction> {
        let beyond = if self.design == Design::Uniform { BIAS_DEGREES } else { TAIL_DEGREES };
        let degrees: Vec<u32> = (0..=self.top() + beyond).collect();
        let found =
            spectrum(&self.predicted, self.dim, &degrees, &Goal::digits(Digits::new(PREDICTED_DIGITS)?))?;
        let value = |value: &crate::spectrum::Eigenvalue| {
            (value.to_f64(), multiplicity(self.dim, value.degree).to_f64())
        };
        let at_one = self.predicted.at_one(Bits(64)).midpoint().to_f64();
        Ok(Prediction { degrees: found.eigenvalues.iter().map(value).collect(), at_one })
    }

    fn measure(&self, output: &Output) -> Result<Found> {
        let prediction = self.prediction()?;
        let values = Values::new(&self.kernel)?;
        let mut seconds = (0.0, 0.0);
        let (mut samples, mut pairwise) = (vec![], vec![0.0; self.top() as usize + 1]);
        let (mut lowest, mut largest, mut rank) = (f64::INFINITY, 0.0f64, None);
        let mut used = 0;
        let mut sample = None;
        for repeat in 0..self.repeats {
            let drawn = points(self.design, self.dim, self.points, self.seed.wrapping_add(repeat as u64))?;
            self.solver.within(drawn.len(), self.wanted, memory_limit())?;
            let sites = Sites::new(&drawn);
            let solved = self.solve(&values, &sites, &drawn, output, &mut seconds)?;
            (lowest, largest) = (lowest.min(solved.lowest), largest.max(solved.largest));
            rank = solved.rank;
            samples.push(solved.clusters);
            if self.design == Design::Uniform {
                let bar = output.bar("pairs");
                let estimates = pairs::estimates(&values, &sites, &drawn, self.top(), &bar);
                pairwise.iter_mut().zip(estimates).for_each(|(sum, x)| *sum += x / self.repeats as f64);
            }
            used = drawn.len();
            sample = Some(drawn);
        }
        let design = match &sample {
            Some(sample) if self.design != Design::Uniform => Some(self.design_error(sample)?),
            _ => None,
        };
        let random = self.design == Design::Uniform;
        let laws: Vec<Law> = match random {
            true => self
                .degrees
                .iter()
                .map(|(k, _)| pair_law(&self.kernel, self.dim, *k, used).averaged(self.repeats))
                .collect(),
            false => vec![],
        };
        let measurement = Measurement { points: used, samples, pairwise: random.then_some(pairwise), design };
        let (rows, consistent) = compare(&prediction, &measurement, &laws, self.confidence);
        let finite = match &sample {
            Some(sample) if !self.widths.is_empty() => {
                finite_width::distances(&self.kernel, sample, &self.widths, self.seed, memory_limit())?
            }
            _ => vec![],
        };
        let rounding = used as f64 * f64::EPSILON * largest;
        let table_error = values.table_error();
        Ok(Found {
            points: used,
            rows,
            consistent,
            design,
            lowest,
            rounding,
            rank,
            table_error,
            seconds,
            finite,
        })
    }

    /// The distortion `f` of the harmonics on a fixed design, and the degree `L` to which it holds.
    fn design_error(&self, sample: &Points) -> Result<(f64, usize)> {
        if let Some(exact) = sample.exact_to() {
            return Ok((0.0, exact as usize / 2));
        }
        let mut degrees = vec![];
        let mut total = 0;
        for k in 0.. {
            let count = multiplicity(self.dim, k).to_usize().unwrap_or(usize::MAX);
            total += count;
            if total > MOST_HARMONICS.min(sample.len() / 2) {
                break;
            }
            degrees.push((k, count));
        }
        let top = degrees.len().saturating_sub(1);
        Ok((harmonics::distortion(sample, &degrees)?, top))
    }

    fn solve(
        &self,
        values: &Values,
        sites: &Sites,
        sample: &Points,
        output: &Output,
        seconds: &mut (f64, f64),
    ) -> Result<Solved> {
        let clock = Instant::now();
        let n = sites.len();
        if self.solver == Solver::Circulant {
            let found = circulant::eigenvalues(values, sites);
            seconds.1 += clock.elapsed().as_secs_f64();
            let (low, high) =
                found.iter().fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(*x), b.max(x.abs())));
            let threshold = n as f64 * f64::EPSILON * high;
            let copies = |k: usize| if k == 0 || 2 * k == n { 1 } else { 2 };
            let rank = (0..found.len()).filter(|&k| found[k].abs() > threshold).map(copies).sum();
            let clusters = by_frequency(&found, n, &self.degrees);
            return Ok(Solved { clusters, lowest: low, largest: high, rank: Some(rank) });
        }
        let (pairs, rank) = match self.solver {
            Solver::Lanczos => {
                let found = lanczos::eigenpairs(values, sites, self.wanted, &output.bar("eigenpairs"))?;
                seconds.1 += clock.elapsed().as_secs_f64();
                (found, None)
            }
            _ => {
                let matrix = dense::assemble(values, sites);
                seconds.0 += clock.elapsed().as_secs_f64();
                let clock = Instant::now();
                let found = dense::eigenpairs(matrix, n, self.wanted)?;
                seconds.1 += clock.elapsed().as_secs_f64();
                let largest = found.values.iter().fold(0.0f64, |most, x| most.max(x.abs()));
                let threshold = n as f64 * f64::EPSILON * largest;
                let rank = found.values.iter().filter(|x| x.abs() > threshold).count();
                (found, Some(rank))
            }
        };
        let largest = pairs.values.iter().fold(pairs.lowest.abs(), |most, x| most.max(x.abs()));
        let clusters = clusters(sample, &pairs, &self.degrees)?;
        Ok(Solved { clusters, lowest: pairs.lowest, largest, rank })
    }
}

/// What one sample gave.
struct Solved {
    clusters: Vec<Cluster>,
    lowest: f64,
    largest: f64,
    rank: Option<usize>,
}
