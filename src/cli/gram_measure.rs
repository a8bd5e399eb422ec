//! The measurement behind `hinf gram`, and the prediction it is then set against.

use super::{gram::Request, output::Output};
use crate::{
    compare::{
        gram::{Measurement, Prediction, Row, compare},
        statistics::{Law, pair_law},
    },
    error::Result,
    gram::{
        Sites, Solver, Values, circulant,
        clusters::{Cluster, by_frequency, clusters},
        dense, finite_width, harmonics, lanczos, pairs,
    },
    math::{
        harmonics::multiplicity,
        units::{Bits, Digits},
    },
    sample::{Design, Points},
    spectrum::{Eigenvalue, Goal},
};
use std::time::Instant;

/// Degrees past the highest that enter the bias one by one; the rest enter through the trace.
const BIAS_DEGREES: u32 = 30;
/// The same for designs that are not random, whose bound is the trace past these degrees.
const TAIL_DEGREES: u32 = 300;
/// Digits of the predicted eigenvalues: more than a sample can tell.
const PREDICTED_DIGITS: u32 = 14;
/// Harmonics whose distortion on a design without exactness is worth computing.
const MOST_HARMONICS: usize = 300;

/// The run's results, before they are set into tables.
pub struct Found {
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

/// Memory that the solver may take: four fifths of what the system has left, or 4 GiB where it does not say.
pub fn memory_limit() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map_or(4 << 30, |kib| kib * 1024 / 5 * 4)
}

impl Request {
    fn top(&self) -> u32 {
        self.degrees.last().map_or(0, |(k, _)| *k)
    }

    fn prediction(&self) -> Result<Prediction> {
        let beyond = if self.design == Design::Uniform { BIAS_DEGREES } else { TAIL_DEGREES };
        let degrees: Vec<u32> = (0..=self.top() + beyond).collect();
        let found = (self.stages.spectrum)(
            &self.predicted,
            self.dim,
            &degrees,
            &Goal::digits(Digits::new(PREDICTED_DIGITS)?),
        )?;
        let value = |value: &Eigenvalue| (value.to_f64(), multiplicity(self.dim, value.degree).to_f64());
        let at_one = self.predicted.at_one(Bits(64)).midpoint().to_f64();
        Ok(Prediction { degrees: found.eigenvalues.iter().map(value).collect(), at_one })
    }

    /// Draws, diagonalises and compares.
    pub fn measure(&self, output: &Output) -> Result<Found> {
        let prediction = self.prediction()?;
        let values = (self.stages.values)(&self.kernel)?;
        let mut seconds = (0.0, 0.0);
        let (mut samples, mut pairwise) = (vec![], vec![0.0; self.top() as usize + 1]);
        let (mut lowest, mut largest, mut rank) = (f64::INFINITY, 0.0f64, None);
        let mut used = 0;
        let mut sample = None;
        for repeat in 0..self.repeats {
            let drawn = (self.stages.points)(
                self.design,
                self.dim,
                self.points,
                self.seed.wrapping_add(repeat as u64),
            )?;
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
