//! The prediction: the spectrum to the degrees that the comparison needs. It knows no sample.

use super::super::Context;
use crate::{
    compare::prediction::Prediction,
    dynamics::Mode,
    error::Result,
    gram::range::MOST_LINES,
    kernel::{Angle, Kernel},
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
    sample::Design,
    spectrum::{Eigenvalue, Goal},
};

/// Degrees past the highest that enter the bias one by one; the rest enter through the trace.
const BIAS_DEGREES: u32 = 30;
/// The last degree whose trace is counted one by one for designs that are not random.
const TAIL_DEGREES: u32 = 300;
/// The same where the bound comes from sums over all pairs.
const PAIR_DEGREES: u32 = 3000;
/// The last degree looked at for the rank on a few lines.
const RANK_DEGREES: u32 = 1000;
/// No more degrees are needed when the trace of the rest is below this share of `K(1)`.
const SPENT: f64 = 1e-14;
/// Digits of the predicted eigenvalues: more than a sample can tell.
const PREDICTED_DIGITS: u32 = 14;

/// What is predicted: the spectrum of a kernel on a sphere, from degree 0 to one between two others.
#[derive(Clone, Debug)]
pub struct PredictionRequest {
    pub(super) kernel: Kernel,
    dim: Dimension,
    /// The last degree, at least; ...
    least: u32,
    /// ... and at most, if the trace is not spent before.
    most: u32,
}

impl PredictionRequest {
    /// What a comparison to degree `top` on so many points needs.
    pub(super) fn new(kernel: Kernel, dim: Dimension, top: u32, design: Design, points: usize) -> Self {
        let least = top + BIAS_DEGREES;
        let beyond = match design {
            Design::Uniform => 0,
            Design::Fibonacci => PAIR_DEGREES,
            Design::Equispaced | Design::Quadrature => TAIL_DEGREES,
        };
        Self { kernel, dim, least, most: least.max(beyond).max(rank_degrees(dim, points)) }
    }
}

/// The spectrum to the degrees that the comparison needs.
///
/// # Errors
/// Those of [`spectrum`](crate::spectrum::spectrum()), and when the work was cancelled.
pub fn predict(request: &PredictionRequest, context: &Context<'_>) -> Result<Prediction> {
    let PredictionRequest { kernel, dim, most, .. } = request;
    let goal = Goal::digits(Digits::new(PREDICTED_DIGITS)?);
    let at_one = kernel.at_one(Bits(64)).midpoint().to_f64();
    let at_minus_one = kernel.evaluator().at(&Angle::from_radians(std::f64::consts::PI));
    let mut last = request.least;
    loop {
        context.progress.go_on()?;
        let degrees = Degrees::up_to(last)?;
        let found = (context.pipeline.spectrum)(kernel, *dim, &degrees, &goal)?;
        let mode = |value: &Eigenvalue| Mode {
            degree: value.degree,
            eigenvalue: value.to_f64(),
            multiplicity: multiplicity(*dim, value.degree).to_f64(),
        };
        let modes = found.eigenvalues.iter().map(mode).collect();
        let proved_positive = kernel.is_positive_definite();
        let prediction = Prediction { modes, at_one, at_minus_one, proved_positive };
        if last >= *most || prediction.tail(last as usize).abs() <= SPENT * at_one.abs() {
            return Ok(prediction);
        }
        last = (*most).min(2 * last);
    }
}

/// Are pairs summed on this design: is it random, or not exact to any degree?
pub(super) fn sums_pairs(design: Design) -> bool {
    matches!(design, Design::Uniform | Design::Fibonacci)
}

/// The degree to which both parts have as many harmonics as there are lines.
fn rank_degrees(dim: Dimension, points: usize) -> u32 {
    let lines = MOST_LINES.min(points) as f64;
    let mut counts = [0.0; 2];
    let enough = |k: &u32| {
        counts[(k % 2) as usize] += multiplicity(dim, *k).to_f64();
        counts.iter().all(|count| *count >= lines)
    };
    (0..RANK_DEGREES).find(enough).unwrap_or(RANK_DEGREES)
}
