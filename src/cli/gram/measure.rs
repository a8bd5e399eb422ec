//! The measurement behind `hinf gram`, and the prediction it is then set against.

use super::{
    super::output::Output,
    Request,
    predict::{prediction, spread, sums_pairs},
};
use crate::{
    compare::{
        gram::{Measurement, Prediction, Row, Spread, compare},
        range::{Rank, rank},
    },
    error::Result,
    gram::{
        Sites, Solver, Values, Wanted, circulant,
        clusters::{Cluster, by_frequency, clusters},
        dense, finite_width, lanczos, pairs,
        range::{Part, Range, range},
    },
    kernel::Angle,
    sample::{Design, Points},
};
use std::time::Instant;

/// The run's results, before they are set into tables.
pub struct Found {
    pub points: usize,
    pub rows: Vec<Row>,
    pub consistent: bool,
    pub spread: Option<Spread>,
    /// A degree whose predicted eigenvalue is negative.
    pub negative: Option<(u32, f64)>,
    pub range: Option<Range>,
    /// What the spectrum allows for the ranks of the even and the odd part.
    pub ranks: [Option<Rank>; 2],
    pub lowest: f64,
    pub rounding: f64,
    pub rank: Option<usize>,
    pub table_error: Option<f64>,
    pub seconds: (f64, f64),
    /// Of the last sample, where it was iterated.
    pub iteration: Option<Iteration>,
    pub finite: Vec<finite_width::Distance>,
}

/// What the iteration took.
#[derive(Clone, Copy)]
pub struct Iteration {
    /// Products with the matrix, ...
    pub products: usize,
    /// ... of so many columns each.
    pub width: usize,
    /// The largest residual of the eigenpairs.
    pub residual: f64,
}

impl Found {
    /// Is an eigenvalue of the sample or of the spectrum negative beyond rounding?
    pub fn indefinite(&self) -> bool {
        self.lowest < -self.rounding || self.negative.is_some()
    }

    /// The parts of the range, each with what the spectrum allows.
    pub fn parts(&self) -> impl Iterator<Item = (&Part, Option<Rank>)> {
        self.range.iter().flat_map(|range| range.parts.iter().zip(self.ranks))
    }

    /// The degree at which the verdict is the most sensitive, and the relative error of the prediction that it may miss there.
    pub fn resolution(&self) -> Option<(u32, f64)> {
        let known = self.rows.iter().filter_map(|row| Some((row.degree, row.resolution?)));
        known.min_by(|a, b| a.1.total_cmp(&b.1))
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
    /// The highest degree.
    pub fn top(&self) -> u32 {
        self.degrees.last().map_or(0, |(k, _)| *k)
    }

    /// All leading eigenpairs to the highest degree, whose multiplicity is the largest.
    fn wanted(&self) -> Wanted {
        Wanted { pairs: self.wanted, multiplicity: self.degrees.last().map_or(1, |(_, count)| *count) }
    }

    /// Draws, diagonalises and compares.
    pub fn measure(&self, output: &Output) -> Result<Found> {
        self.solver.within(self.points, self.wanted(), memory_limit())?;
        let prediction = prediction(self)?;
        let values = (self.pipeline.values)(&self.kernel)?;
        let mut seconds = (0.0, 0.0);
        let (mut samples, mut pairwise) = (vec![], vec![0.0; self.top() as usize + 1]);
        let (mut lowest, mut largest, mut rank) = (f64::INFINITY, 0.0f64, None);
        let (mut used, mut iteration) = (0, None);
        let mut sample = None;
        for repeat in 0..self.repeats {
            let seed = self.seed.wrapping_add(repeat as u64);
            let drawn = (self.pipeline.points)(self.design, self.dim, self.points, seed)?;
            let sites = Sites::new(&drawn);
            let solved = self.solve(&values, &sites, &drawn, output, &mut seconds)?;
            (lowest, largest) = (lowest.min(solved.lowest), largest.max(solved.largest));
            (rank, iteration) = (solved.rank, solved.iteration);
            samples.push(solved.clusters);
            if sums_pairs(self) {
                let bar = output.bar("pairs");
                let estimates = pairs::estimates(&values, &sites, &drawn, self.top(), &bar);
                pairwise.iter_mut().zip(estimates).for_each(|(sum, x)| *sum += x / self.repeats as f64);
            }
            used = drawn.len();
            sample = Some(drawn);
        }
        let random = self.design == Design::Uniform;
        let pairwise = if random { pairwise } else { pairs::with_own(&values, used, &pairwise) };
        let summed = sums_pairs(self).then_some(pairwise);
        let measurement = Measurement { points: used, samples, pairwise: summed };
        let range = sample.as_ref().map(|sample| range(&values, sample, &self.degrees)).transpose()?;
        let spread = sample.as_ref().map(|sample| spread(self, &prediction, sample)).transpose()?;
        let (rows, agrees) = match &spread {
            Some(spread) => compare(&prediction, &measurement, spread, self.confidence),
            None => (vec![], true),
        };
        let ranks = self.ranks(&prediction, range.as_ref());
        let finite = match &sample {
            Some(sample) if !self.widths.is_empty() => {
                finite_width::distances(&self.kernel, sample, &self.widths, self.seed, memory_limit())?
            }
            _ => vec![],
        };
        let negative = prediction.negative();
        let rounding = used as f64 * f64::EPSILON * largest;
        let table_error = values.table_error();
        let mut found = Found {
            points: used,
            rows,
            consistent: agrees,
            spread,
            negative,
            range,
            ranks,
            lowest,
            rounding,
            rank,
            table_error,
            seconds,
            iteration,
            finite,
        };
        let ranks_agree = found.parts().all(|(part, rank)| rank.is_none_or(|rank| rank.allows(part.rank)));
        found.consistent &= ranks_agree && !found.indefinite();
        Ok(found)
    }

    fn ranks(&self, prediction: &Prediction, range: Option<&Range>) -> [Option<Rank>; 2] {
        let at_minus_one = self.predicted.evaluator().at(&Angle::from_radians(std::f64::consts::PI));
        let bound = |at: usize| rank(prediction, at_minus_one, range?, &range?.parts[at]);
        [bound(0), bound(1)]
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
            return Ok(Solved { clusters, lowest: low, largest: high, rank: Some(rank), iteration: None });
        }
        let (pairs, rank) = match self.solver {
            Solver::Lanczos => {
                let found = lanczos::eigenpairs(values, sites, self.wanted(), &output.bar("eigenpairs"))?;
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
        let width = self.wanted().width(n);
        let iteration = (self.solver == Solver::Lanczos).then_some(Iteration {
            products: pairs.products,
            width,
            residual: pairs.residual,
        });
        Ok(Solved { clusters, lowest: pairs.lowest, largest, rank, iteration })
    }
}

/// What one sample gave.
struct Solved {
    clusters: Vec<Cluster>,
    lowest: f64,
    largest: f64,
    rank: Option<usize>,
    iteration: Option<Iteration>,
}
