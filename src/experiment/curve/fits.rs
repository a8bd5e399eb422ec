//! Kernel regression itself beside the formula, where that is cheap.

use super::{Context, Request};
use crate::{
    error::Result,
    gram::{
        Sites,
        refit::{self, Labelled},
    },
    sample::Design,
    train::target::Harmonic,
};
use serde::{Deserialize, Serialize};

/// Up to so many points regression is made: together it takes about a second.
const MOST_POINTS: u64 = 512;
/// Fits of one number of points.
const FITS: usize = 8;
/// Points at which a fit is tried.
const TRIED: usize = 1000;
/// The seed of points, target and noise.
const SEED: u64 = 1;
/// Coordinates beyond which the points themselves take long.
const WIDEST: u32 = 200;

/// The errors of real fits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Measured {
    /// How many fits, each to points of its own.
    pub fits: usize,
    /// Their mean square distance to the clean target.
    pub error: f64,
    /// The standard error of that over the fits.
    pub standard_error: f64,
}

impl Measured {
    /// Is `predicted` further off than four standard errors, and by more than a tenth?
    pub fn contradicts(&self, predicted: f64) -> bool {
        let apart = (predicted - self.error).abs();
        apart > 4.0 * self.standard_error && apart > 0.1 * self.error
    }
}

/// Fits of every number of points that is cheap, in their order; a random harmonic stands for each degree of the target.
///
/// # Errors
/// When points or eigenpairs cannot be had, or the work is cancelled.
pub(super) fn measured(request: &Request, context: &Context<'_>) -> Result<Vec<Option<Measured>>> {
    let pipeline = &context.pipeline;
    let cheap = |points: &u64| (2..=MOST_POINTS).contains(points) && request.dim.get() < WIDEST;
    let Some(most) = request.points.iter().copied().filter(|points| cheap(points)).max() else {
        return Ok(vec![None; request.points.len()]);
    };
    let sample = (pipeline.points)(Design::Uniform, request.dim, most as usize + TRIED, SEED)?;
    let mut truth = vec![0.0; sample.len()];
    for (degree, coefficient) in &request.task.target {
        context.progress.go_on()?;
        let values = (pipeline.harmonic)(request.dim, *degree, Harmonic::Random(SEED), sample.coordinates())?;
        truth.iter_mut().zip(values).for_each(|(sum, y)| *sum += coefficient * y);
    }
    // Harmonics of many degrees in many dimensions are beyond machine numbers.
    if truth.iter().any(|y| !y.is_finite()) {
        return Ok(vec![None; request.points.len()]);
    }
    let noise = (pipeline.noise)(sample.len(), request.task.noise, SEED);
    let labels: Vec<f64> = truth.iter().zip(noise).map(|(y, noise)| y + noise).collect();
    let (values, sites) = ((pipeline.values)(&request.kernel)?, Sites::new(&sample));
    let labelled = Labelled { labels: &labels, truth: &truth };
    let one = |points: &u64| -> Result<Option<Measured>> {
        let fits = if cheap(points) { FITS } else { 0 };
        let asked = (request.ridge, *points as usize);
        let found = refit::measured(&values, &sites, labelled, asked, fits, context.progress)?;
        Ok(found.and_then(|found| {
            let standard_error = found.standard_error?;
            Some(Measured { fits: found.fits, error: found.held_out, standard_error })
        }))
    };
    request.points.iter().map(one).collect()
}
