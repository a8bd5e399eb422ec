//! The prediction that `hinf gram` sets its measurement against, and how far the two may be apart.

use super::Request;
use crate::{
    compare::{
        design::{Bounds, pair_bounds},
        gram::{Prediction, Spread},
        statistics::pair_law,
    },
    error::Result,
    gram::{harmonics, range::MOST_LINES},
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits},
    },
    sample::{Design, Points},
    spectrum::{Eigenvalue, Goal},
};

/// Degrees past the highest that enter the bias one by one; the rest enter through the trace.
const BIAS_DEGREES: u32 = 30;
/// The last degree whose trace is counted one by one for designs that are not random.
const TAIL_DEGREES: u32 = 300;
/// The same where the bound comes from sums over all pairs, ...
const PAIR_DEGREES: u32 = 3000;
/// ... and the most terms of those sums: a few seconds.
const PAIR_TERMS: u64 = 4_000_000_000;
/// The last degree looked at for the rank on a few lines.
const RANK_DEGREES: u32 = 1000;
/// No more degrees are needed when the trace of the rest is below this share of `K(1)`.
const SPENT: f64 = 1e-14;
/// Digits of the predicted eigenvalues: more than a sample can tell.
const PREDICTED_DIGITS: u32 = 14;
/// Harmonics whose distortion on a design without exactness is worth computing.
const MOST_HARMONICS: usize = 300;

/// The spectrum to the degrees that the comparison needs.
pub fn prediction(request: &Request) -> Result<Prediction> {
    let least = request.top() + BIAS_DEGREES;
    let beyond = match request.design {
        Design::Uniform => 0,
        _ if sums_pairs(request) => pair_degrees(request.points),
        _ => TAIL_DEGREES,
    };
    let most = least.max(beyond).max(rank_degrees(request));
    let goal = Goal::digits(Digits::new(PREDICTED_DIGITS)?);
    let mut last = least;
    loop {
        let degrees = Degrees::up_to(last)?;
        let found = (request.pipeline.spectrum)(&request.predicted, request.dim, &degrees, &goal)?;
        let value = |value: &Eigenvalue| (value.to_f64(), multiplicity(request.dim, value.degree).to_f64());
        let at_one = request.predicted.at_one(Bits(64)).midpoint().to_f64();
        let prediction = Prediction { degrees: found.eigenvalues.iter().map(value).collect(), at_one };
        if last >= most || prediction.tail(last as usize).abs() <= SPENT * at_one.abs() {
            return Ok(prediction);
        }
        last = most.min(2 * last);
    }
}

/// How far the figures of this sample, the last of several, may be from the spectrum.
pub fn spread(request: &Request, prediction: &Prediction, sample: &Points) -> Result<Spread> {
    if request.design == Design::Uniform {
        let law = |(k, _): &(u32, usize)| {
            pair_law(&request.kernel, request.dim, *k, sample.len()).averaged(request.repeats)
        };
        return Ok(Spread::Chance(request.degrees.iter().map(law).collect()));
    }
    let (distortion, to_degree) = distortion(sample)?;
    let degrees = Degrees::new(request.degrees.iter().map(|(k, _)| *k))?;
    let pairs = if sums_pairs(request) { pair_bounds(prediction, sample, &degrees) } else { vec![] };
    Ok(Spread::Bounded(Bounds { distortion, to_degree, pairs }))
}

/// Are pairs summed on this design: is it random, or not exact to any degree and small enough for a bound?
pub fn sums_pairs(request: &Request) -> bool {
    match request.design {
        Design::Uniform => true,
        Design::Fibonacci => pair_degrees(request.points) >= request.top() + BIAS_DEGREES,
        Design::Equispaced | Design::Quadrature => false,
    }
}

fn pair_degrees(points: usize) -> u32 {
    let pairs = (points as u64).saturating_mul(points as u64) / 2;
    (PAIR_TERMS / pairs.max(1)).min(u64::from(PAIR_DEGREES)) as u32
}

/// The degree to which both parts have as many harmonics as there are lines.
fn rank_degrees(request: &Request) -> u32 {
    let lines = MOST_LINES.min(request.points) as f64;
    let mut counts = [0.0; 2];
    let enough = |k: &u32| {
        counts[(k % 2) as usize] += multiplicity(request.dim, *k).to_f64();
        counts.iter().all(|count| *count >= lines)
    };
    (0..RANK_DEGREES).find(enough).unwrap_or(RANK_DEGREES)
}

/// The distortion `f` of the harmonics on a fixed design, and the degree `L` to which it holds.
fn distortion(sample: &Points) -> Result<(f64, usize)> {
    if let Some(exact) = sample.exact_to() {
        return Ok((0.0, exact as usize / 2));
    }
    let mut degrees = vec![];
    let mut total = 0usize;
    for k in 0.. {
        let count = multiplicity(sample.dim(), k).to_usize().unwrap_or(usize::MAX);
        total = total.saturating_add(count);
        if total > MOST_HARMONICS.min(sample.len() / 2) {
            break;
        }
        degrees.push((k, count));
    }
    let top = degrees.len().saturating_sub(1);
    Ok((harmonics::distortion(sample, &degrees)?, top))
}
