//! The measurement: points, their Gram matrix, its clusters. It has no field for a prediction.

use super::super::{Context, announce, plan::Calibration, resources};
use super::store::IterationStore;
use crate::{
    error::Result,
    gram::{
        EigenRequest, Eigenpairs, Sites, Solver, Trial, Values, circulant,
        clusters::{by_frequency, clusters},
        dense,
        finite_width::{self, Distance},
        lanczos, pairs,
        range::{Range, range},
    },
    kernel::Kernel,
    math::units::Dimension,
    sample::{Design, Points},
};
use std::{path::PathBuf, time::Instant};

/// Products that the iteration usually needs, and what one costs beside the entries of the matrix: they are computed, and multiplied by a block.
const PRODUCTS: f64 = 12.0;
const ENTRIES_A_PRODUCT: f64 = 2.0;

/// What is measured: a kernel on points, and how.
#[derive(Clone, Debug)]
pub struct MeasurementRequest {
    pub(super) kernel: Kernel,
    pub(super) dim: Dimension,
    pub(super) points: usize,
    /// With their multiplicities, rising; never empty.
    pub(super) degrees: Vec<(u32, usize)>,
    pub(super) design: Design,
    pub(super) repeats: usize,
    pub(super) seed: u64,
    pub(super) solver: Solver,
    pub(super) solver_reason: String,
    /// Harmonics to the highest degree, which are as many as the points at most.
    pub(super) pairs: usize,
    /// Is `K P_k` summed over pairs too?
    pub(super) sums_pairs: bool,
    pub(super) widths: Vec<u32>,
    /// The folder in which the iteration is kept, ...
    pub(super) checkpoint: Option<PathBuf>,
    /// ... and taken up.
    pub(super) resume: bool,
}

impl MeasurementRequest {
    /// The highest degree.
    pub(super) fn top(&self) -> u32 {
        self.degrees.last().map_or(0, |(k, _)| *k)
    }

    /// Seconds that it takes on a machine of this speed: an estimate.
    pub(super) fn foreseen(&self, speed: &Calibration) -> f64 {
        let n = self.points as f64;
        let entries = n * n * speed.gram_entry;
        let solve = match self.solver {
            Solver::Circulant => 0.0,
            Solver::Dense => entries + n.powi(3) * speed.eigen_cubed,
            Solver::Lanczos => PRODUCTS * ENTRIES_A_PRODUCT * entries,
        };
        self.repeats as f64 * (solve + self.pair_seconds(speed))
    }

    /// Seconds that one sum over all pairs takes, if any is asked for: an estimate.
    pub(super) fn pair_seconds(&self, speed: &Calibration) -> f64 {
        let n = self.points as f64;
        if self.sums_pairs { n * n * speed.gram_entry } else { 0.0 }
    }

    /// All leading eigenpairs to the highest degree, whose multiplicity is the largest.
    fn wanted(&self) -> EigenRequest {
        EigenRequest { pairs: self.pairs, multiplicity: self.degrees.last().map_or(1, |(_, count)| *count) }
    }
}

/// What the samples showed.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// The samples, at least one.
    pub trials: Vec<Trial>,
    /// The points of the last one.
    pub sample: Points,
    /// The kernel on even and on odd functions of the last sample.
    pub range: Range,
    /// Networks of finite width on the last sample.
    pub finite: Vec<Distance>,
    /// What the table of the kernel may be off, relative to its largest value; `None` if the kernel was evaluated itself.
    pub table_error: Option<f64>,
    /// Seconds spent assembling matrices, ...
    pub seconds_assemble: f64,
    /// ... and diagonalising them.
    pub seconds_solve: f64,
}

impl Measurement {
    /// The least eigenvalue of all samples, or a number that is at least that.
    pub fn lowest(&self) -> f64 {
        self.trials.iter().map(|trial| trial.lowest).fold(f64::INFINITY, f64::min)
    }

    /// What rounding may make of an eigenvalue: `n 2^-52` of the largest size of one.
    pub fn rounding(&self) -> f64 {
        let largest = self.trials.iter().map(|trial| trial.largest).fold(0.0, f64::max);
        self.sample.len() as f64 * f64::EPSILON * largest
    }
}

/// Draws, diagonalises, counts.
///
/// # Errors
/// When the memory would not do, the design does not exist for so many points, the kernel is not finite, or the work was cancelled.
pub fn measure(request: &MeasurementRequest, context: &Context<'_>) -> Result<Measurement> {
    resources::matrix_products(rayon::current_num_threads())?;
    request.solver.within(
        request.points,
        request.wanted(),
        resources::memory() / context.team.beside() as u64,
    )?;
    let store = IterationStore::open(request, context)?;
    let values = (context.pipeline.values)(&request.kernel)?;
    let mut work = Work { request, context, values: &values, store: &store, seconds: (0.0, 0.0) };
    let mut sample = work.sample(request.seed)?;
    let what = format!("Gram matrices of {} points", sample.len());
    announce::tell_of_estimate(
        &what,
        (&request.kernel, request.dim),
        |speed| request.foreseen(speed),
        context,
    )?;
    let mut trials = vec![work.trial(&sample, request.seed)?];
    for repeat in 1..request.repeats as u64 {
        let seed = request.seed.wrapping_add(repeat);
        sample = work.sample(seed)?;
        trials.push(work.trial(&sample, seed)?);
    }
    let (seconds_assemble, seconds_solve) = work.seconds;
    let range = range(&values, &sample, &request.degrees)?;
    let finite = match request.widths[..] {
        [] => vec![],
        _ => finite_width::distances(
            &request.kernel,
            &sample,
            &request.widths,
            request.seed,
            resources::memory(),
        )?,
    };
    let table_error = values.table_error();
    Ok(Measurement { trials, sample, range, finite, table_error, seconds_assemble, seconds_solve })
}

/// The samples being made.
struct Work<'a> {
    request: &'a MeasurementRequest,
    context: &'a Context<'a>,
    values: &'a Values,
    store: &'a IterationStore<'a>,
    /// Spent assembling, and solving.
    seconds: (f64, f64),
}

impl Work<'_> {
    fn sample(&self, seed: u64) -> Result<Points> {
        let &MeasurementRequest { design, dim, points, .. } = self.request;
        self.context.progress.go_on()?;
        (self.context.pipeline.points)(design, dim, points, seed)
    }

    fn trial(&mut self, sample: &Points, seed: u64) -> Result<Trial> {
        let sites = Sites::new(sample);
        let mut trial = match self.request.solver {
            Solver::Circulant => self.circulant(&sites),
            Solver::Dense => self.dense(sample, &sites)?,
            Solver::Lanczos => self.lanczos(sample, &sites, seed)?,
        };
        if self.request.sums_pairs {
            self.context.progress.go_on()?;
            let means = pairs::shared(
                self.values,
                &sites,
                sample,
                self.request.top(),
                self.context.team,
                self.context.progress,
            )?;
            let random = self.request.design == Design::Uniform;
            trial.pairwise = Some(if random { means.unbiased() } else { means.with_own(self.values) });
        }
        self.context.progress.go_on()?;
        Ok(trial)
    }

    fn circulant(&mut self, sites: &Sites) -> Trial {
        let clock = Instant::now();
        let n = sites.len();
        let found = circulant::eigenvalues(self.values, sites);
        self.seconds.1 += clock.elapsed().as_secs_f64();
        let (lowest, largest) =
            found.iter().fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(*x), b.max(x.abs())));
        let threshold = n as f64 * f64::EPSILON * largest;
        let copies = |k: usize| if k == 0 || 2 * k == n { 1 } else { 2 };
        let rank = (0..found.len()).filter(|&k| found[k].abs() > threshold).map(copies).sum();
        let clusters = by_frequency(&found, n, &self.request.degrees);
        Trial { clusters, pairwise: None, lowest, largest, rank: Some(rank), iteration: None }
    }

    fn dense(&mut self, sample: &Points, sites: &Sites) -> Result<Trial> {
        let clock = Instant::now();
        let n = sites.len();
        let matrix = dense::assemble(self.values, sites);
        self.seconds.0 += clock.elapsed().as_secs_f64();
        let clock = Instant::now();
        let found = dense::eigenpairs(matrix, n, self.request.pairs)?;
        self.seconds.1 += clock.elapsed().as_secs_f64();
        let largest = found.values.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        let threshold = n as f64 * f64::EPSILON * largest;
        let rank = found.values.iter().filter(|x| x.abs() > threshold).count();
        self.clustered(sample, found, Some(rank))
    }

    fn lanczos(&mut self, sample: &Points, sites: &Sites, seed: u64) -> Result<Trial> {
        let clock = Instant::now();
        let Context { team, progress, .. } = *self.context;
        let keeper = self.store.iteration(seed);
        let found = lanczos::shared(self.values, sites, self.request.wanted(), team, &keeper, progress);
        let found = found.map_err(|error| self.store.explained(error))?;
        self.seconds.1 += clock.elapsed().as_secs_f64();
        self.clustered(sample, found, None)
    }

    fn clustered(&self, sample: &Points, found: Eigenpairs, rank: Option<usize>) -> Result<Trial> {
        let largest = found.values.iter().fold(found.lowest.abs(), |most, x| most.max(x.abs()));
        let clusters = clusters(sample, &found, &self.request.degrees)?;
        let Eigenpairs { lowest, iteration, .. } = found;
        Ok(Trial { clusters, pairwise: None, lowest, largest, rank, iteration })
    }
}
