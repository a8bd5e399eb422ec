//! When each degree should be learned, told three ways: by the spectrum, by the Gram matrix of the points, and by that of the network at its
//! start.

use super::super::resources;
use super::{
    Context, Request, Target,
    cost::{length, tell_of_matrices, tell_of_runs},
    replicate::Replicate,
};
use crate::{
    compare::train::Linearised,
    dynamics::{
        self, Modes, early_stopping,
        early_stopping::StepError,
        filter::{Filter, mini_batch::MiniBatch},
    },
    error::{Error, Result},
    gram::Sites,
    math::{degrees::Degrees, units::Digits},
    optimizer::Method,
    spectrum::{Goal, Kind},
    train::descent::{Labels, Loss, Rule},
};
use rayon::prelude::*;
use std::time::Instant;

/// The most memory for matrices of the points, in bytes, and how many of them there are at a time.
const MOST_BYTES: u64 = 6 << 30;
const MATRICES: u64 = 9;
/// Digits of eigenvalues.
const DIGITS: u32 = 12;
/// Predictions by a Gram matrix are looked for up to so many times the one by the eigenvalue.
const HORIZON: f64 = 20.0;
/// The same for cross-entropy: its residual falls like the inverse of the steps, and a sign has slow degrees in it.
const CROSS_ENTROPY_HORIZON: f64 = 2000.0;
/// Degrees in which noise is learned.
const NOISE_DEGREES: u32 = 100;

/// What theory says before anything is trained.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prediction {
    /// One degree of the targets each, degrees rising.
    pub degrees: Vec<DegreePrediction>,
    /// The points that there are, those of the first repeat.
    pub points: usize,
    /// The step size of every run: the one asked for, else `1/(n lambda_max)` of the Gram matrix of the points.
    pub step_size: f64,
    /// The largest stable step sizes: by the Gram matrix of the points, and by that of the network at its start; those of the first repeat.
    pub largest_step_sizes: [f64; 2],
    /// One list a repeat, in it one a target.
    pub replicates: Vec<Vec<TargetPrediction>>,
}

/// What the spectrum says of a degree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DegreePrediction {
    /// The degree `k`.
    pub degree: u64,
    /// `lambda_k`, to twelve digits.
    pub eigenvalue: f64,
    /// Is it proved zero?
    pub null_space: bool,
}

/// What is predicted of one run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TargetPrediction {
    /// One a degree of the target.
    pub parts: Vec<PartPrediction>,
    /// Is every degree of the target in the null space?
    pub null_space: bool,
    /// Where the spectrum says to stop, with noise.
    pub stopping: Option<StepError>,
    /// Steps in which all that is predicted comes to pass.
    pub length: u64,
}

/// When a degree of a target should be learned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartPrediction {
    /// Steps by `lambda_k`, as for the mean square loss; `None` in the null space.
    pub by_eigenvalue: Option<f64>,
    /// What the network's own kernel at the start has in the place of `lambda_k`: the Rayleigh quotient of the target.
    pub network_eigenvalue: f64,
    /// Steps by the Gram matrix of the points, if there are that many before the horizon of the search.
    pub by_gram: Option<u64>,
    /// Steps by that of the network at its start.
    pub by_finite: Option<u64>,
}

/// The linear dynamics of one repeat.
pub(super) struct Linear<'a> {
    pub request: &'a Request,
    replicate: Replicate<'a>,
    /// By the Gram matrix of the infinitely wide network.
    infinite: Linearised,
    /// By that of the network at its start.
    finite: Linearised,
    /// The network's outputs at its start.
    start: Vec<f64>,
    /// What a step takes on this machine.
    pub step_seconds: f64,
}

/// Predicts; no network is trained.
///
/// # Errors
/// When an eigenvalue, a Gram matrix or its eigenvalues cannot be had, when the points cannot tell the degrees apart, when the step size asked
/// for is not stable, and when the work is cancelled.
pub fn predict(request: &Request, context: &Context<'_>) -> Result<Prediction> {
    within_memory(request.setup.points)?;
    request.setup.model.fits(request.setup.points, request.setup.dim)?;
    let degrees = spectrum(request, context)?;
    tell_of_matrices(request, context)?;
    let mut found: Option<Prediction> = None;
    for repeat in 0..request.repeats {
        context.progress.go_on()?;
        let linear = Linear::new(request, repeat, context)?;
        let step_size = linear.step_size(found.as_ref().map(|found| found.step_size))?;
        if repeat == 0 {
            let of = |target: &Target| {
                let steps = target.terms().iter();
                steps.filter_map(|term| linear.by_eigenvalue(&degrees, *term, step_size)).reduce(f64::max)
            };
            let scales: Vec<Option<f64>> = request.targets.iter().map(of).collect();
            tell_of_runs(request, &scales, linear.step_seconds, context);
        }
        let targets = linear.targets(&degrees, step_size, context)?;
        let found = found.get_or_insert_with(|| Prediction {
            degrees: degrees.clone(),
            points: linear.replicate.points.len(),
            step_size,
            largest_step_sizes: linear.limits(),
            replicates: vec![],
        });
        found.replicates.push(targets);
    }
    found.ok_or_else(|| Error::invalid("repeats", 0, "at least 1"))
}

/// The eigenvalues of all degrees of the targets.
fn spectrum(request: &Request, context: &Context<'_>) -> Result<Vec<DegreePrediction>> {
    let degrees = Degrees::new(request.targets.iter().flat_map(Target::degrees))?;
    let goal = Goal { digits: Digits::new(DIGITS)?, longest: 0, fast: true };
    let found = (context.pipeline.spectrum)(request.kernel(), request.setup.dim, &degrees, &goal)?;
    let of = |value: crate::spectrum::Eigenvalue| DegreePrediction {
        degree: value.degree,
        eigenvalue: value.to_f64(),
        null_space: value.kind == Kind::Zero,
    };
    Ok(found.eigenvalues.into_iter().map(of).collect())
}

impl<'a> Linear<'a> {
    fn new(request: &'a Request, repeat: u64, context: &'a Context<'_>) -> Result<Self> {
        let pipeline = &context.pipeline;
        let replicate = Replicate::draw(&request.setup, pipeline, repeat)?;
        replicate.resolves(request)?;
        let n = replicate.points.len();
        let sites = Sites::new(&replicate.points);
        let values = (pipeline.values)(request.kernel())?;
        let mut gram = vec![0.0; n * n];
        gram.par_chunks_mut(n).enumerate().for_each(|(i, row)| values.row(&sites, i, 0, row));
        let infinite = Linearised::new(gram, &replicate.weights)?;
        let mut network = (pipeline.network)(&request.setup.model, &replicate.points, replicate.seed())?;
        let finite = Linearised::new(network.tangent_gram(), &replicate.weights)?;
        let start = network.outputs().to_vec();
        let begun = Instant::now();
        network.descend(&vec![0.0; n], 0.0);
        let step_seconds = begun.elapsed().as_secs_f64();
        Ok(Self { request, replicate, infinite, finite, start, step_seconds })
    }

    /// The sampling of the batches, for gradient descent, whose limit it lowers; with momentum that is not known, and the full batch's stands for it.
    fn batch(&self) -> Option<MiniBatch> {
        let size = self.request.setup.optimizer.batch()?;
        let plain = self.request.setup.optimizer.method() == Method::GradientDescent;
        MiniBatch::new(self.replicate.points.len(), size).ok().filter(|_| plain)
    }

    /// The largest stable step sizes: by the Gram matrix of the points, and by that of the network at its start.
    fn limits(&self) -> [f64; 2] {
        let curvature = self.request.setup.loss.curvature();
        let optimizer = &self.request.setup.optimizer;
        [&self.infinite, &self.finite].map(|linear| match self.batch() {
            Some(batch) => batch.largest_step_size(optimizer, &linear.spectrum(curvature)),
            None => Filter::largest_step_size(optimizer, curvature * linear.largest()),
        })
    }

    /// The step size of a run: the one asked for, else that of the repeats `before`, else the inverse of the largest eigenvalue; in batches at
    /// most half the largest stable one.
    ///
    /// # Errors
    /// From the largest stable one on, unless that is asked for.
    fn step_size(&self, before: Option<f64>) -> Result<f64> {
        let [limit, _] = self.limits();
        let full = 1.0 / self.infinite.largest();
        // Noise of small batches may lower the limit far below that of the full batch.
        let auto = if self.batch().is_some() { full.min(0.5 * limit) } else { full };
        let size = self.request.lr.or(before).unwrap_or(auto);
        if size >= limit && !self.request.setup.beyond_stable {
            let expected = format!(
                "less than {limit:.6e}, from where on {} on these points diverges; or `beyond-stable`",
                self.request.setup.optimizer
            );
            return Err(Error::invalid("lr", size, expected));
        }
        Ok(size)
    }

    /// What is predicted of each run of the repeat.
    fn targets(
        &self,
        degrees: &[DegreePrediction],
        step_size: f64,
        context: &Context<'_>,
    ) -> Result<Vec<TargetPrediction>> {
        let rule = self.request.setup.rule(step_size, 0, false, self.replicate.seed());
        let one = |target: &Target| -> Result<(TargetPrediction, f64)> {
            context.progress.go_on()?;
            let labels = self.replicate.labels(target)?;
            let of = |k: u32| degrees.iter().find(|found| found.degree == u64::from(k));
            let null_space = target.degrees().all(|k| of(k).is_some_and(|found| found.null_space));
            let stopping = self.stopping(target, step_size, context)?;
            let (parts, scale) = self.parts(degrees, target, &labels, &rule);
            Ok((TargetPrediction { parts, null_space, stopping, length: 0 }, scale))
        };
        let found: Vec<_> = self.request.targets.par_iter().map(one).collect::<Result<_>>()?;
        let longest = found.iter().map(|(_, scale)| *scale).fold(0.0, f64::max);
        let sized = |(target, scale): (TargetPrediction, f64)| {
            let noisy = target.stopping.map_or(0, |stop| 2 * stop.steps + 1);
            let length = length(if target.null_space { None } else { Some(scale) }, longest, noisy);
            TargetPrediction { length, ..target }
        };
        Ok(found.into_iter().map(sized).collect())
    }

    /// Steps until degree `k` is learned, by its eigenvalue.
    pub(super) fn by_eigenvalue(
        &self,
        degrees: &[DegreePrediction],
        (k, coefficient): (u32, f64),
        step_size: f64,
    ) -> Option<f64> {
        let found = degrees.iter().find(|found| found.degree == u64::from(k) && !found.null_space)?;
        let points = self.replicate.points.len();
        self.request.setup.passage(step_size, points, found.eigenvalue, coefficient).first
    }

    /// When each degree of a target is learned, and the longest of those that set the length of the run; 0 if there is none.
    fn parts(
        &self,
        degrees: &[DegreePrediction],
        target: &Target,
        labels: &Labels,
        rule: &Rule,
    ) -> (Vec<PartPrediction>, f64) {
        let eigenvalue: Vec<Option<f64>> =
            target.terms().iter().map(|term| self.by_eigenvalue(degrees, *term, rule.step_size)).collect();
        let longest = eigenvalue.iter().flatten().copied().fold(0.0, f64::max);
        let factor = if rule.loss == Loss::MeanSquare { HORIZON } else { CROSS_ENTROPY_HORIZON };
        let asked = if longest > 0.0 { self.request.max_steps.unwrap_or(0) } else { 0 };
        let horizon = ((factor * longest).ceil() as u64).max(asked);
        let gram = self.infinite.steps(&self.start, labels, rule, horizon);
        let finite = self.finite.steps(&self.start, labels, rule, horizon);
        let scale = match rule.loss {
            Loss::MeanSquare => longest,
            Loss::CrossEntropy => gram.iter().map(|steps| steps.unwrap_or(horizon)).max().unwrap_or(0) as f64,
        };
        let part = |(i, by_eigenvalue): (usize, &Option<f64>)| PartPrediction {
            by_eigenvalue: *by_eigenvalue,
            network_eigenvalue: self.finite.rayleigh(&labels.parts[i], &self.replicate.weights),
            by_gram: gram[i],
            by_finite: finite[i],
        };
        (eigenvalue.iter().enumerate().map(part).collect(), scale)
    }

    /// Where the spectrum says to stop, with noise.
    fn stopping(&self, target: &Target, step_size: f64, context: &Context<'_>) -> Result<Option<StepError>> {
        let (setup, kernel) = (&self.request.setup, self.request.kernel());
        if setup.noise == 0.0 || setup.loss != Loss::MeanSquare || setup.gap.is_some() {
            return Ok(None);
        }
        let last = (2 * target.highest() + 20).max(NOISE_DEGREES);
        let modes = Modes::by(&context.pipeline.spectrum, kernel, setup.dim, last)?;
        let task = dynamics::Task { target: target.terms().to_vec(), noise: setup.noise };
        let points = self.replicate.points.len() as u64;
        let optimizer = setup.optimizer;
        Ok(early_stopping::Descent { modes: &modes, task: &task, points, optimizer, step_size }.stopping())
    }
}

/// Refuses points whose Gram matrices do not fit.
fn within_memory(points: usize) -> Result<()> {
    let bytes = MATRICES * 8 * (points as u64).pow(2);
    if bytes > MOST_BYTES {
        let most = (MOST_BYTES / (8 * MATRICES)).isqrt();
        let needed =
            format!("{:.1} GiB for the Gram matrices of {points}", bytes as f64 / f64::from(1 << 30));
        return Err(Error::too_large("points", needed, format!("6 GiB, which holds those of {most}")));
    }
    resources::matrix_products(rayon::current_num_threads())?;
    resources::within("points", bytes, &format!("the Gram matrices of {points}"))
}
