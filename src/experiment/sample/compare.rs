//! The comparison: the one place here that sees the measurement and the prediction.

use super::{
    super::{Context, announce},
    DesignError, FiniteWidth, Measurement, Report, Request, Verdict,
};
use crate::{
    compare::{
        design::{Bounds, pair_bounds},
        gram::{self, Uncertainty},
        pairwise::pair_laws,
        prediction::Prediction,
        range::rank,
    },
    error::Result,
    gram::harmonics,
    math::{degrees::Degrees, harmonics::multiplicity},
    sample::{Design, Points},
};

/// Harmonics whose distortion on a design without exactness is worth computing.
const MOST_HARMONICS: usize = 300;

/// Sets the measurement against the prediction, at the confidence of the request.
///
/// # Errors
/// When the harmonics cannot be laid out on the points, or the work was cancelled.
pub fn compare(
    request: &Request,
    measurement: &Measurement,
    prediction: &Prediction,
    context: &Context<'_>,
) -> Result<Report> {
    let asked = &request.measurement;
    let sample = &measurement.sample;
    let uncertainty = uncertainty(request, prediction, sample, context)?;
    let (rows, agree) =
        gram::compare(prediction, sample.len(), &measurement.trials, &uncertainty, request.confidence);
    let ranks = measurement.range.parts.each_ref().map(|part| rank(prediction, &measurement.range, part));
    let parts = measurement.range.parts.iter().zip(ranks);
    let ranks_agree = parts.clone().all(|(part, rank)| rank.is_none_or(|rank| rank.allows(part.rank)));
    let negative = prediction.negative();
    let indefinite = measurement.lowest() < -measurement.rounding() || negative.is_some();
    let last = measurement.trials.last();
    let design_error = match &uncertainty {
        Uncertainty::Bounded(bounds) => {
            Some(DesignError { distortion: bounds.distortion, to_degree: bounds.to_degree })
        }
        Uncertainty::Chance(_) => None,
    };
    Ok(Report {
        schema: "hinf.gram/1".into(),
        kernel: asked.kernel.to_string(),
        predicted_from: request.prediction.kernel.to_string(),
        dim: asked.dim.get(),
        design: asked.design.name().into(),
        points: sample.len(),
        repeats: asked.repeats,
        seed: asked.seed,
        solver: asked.solver.name().into(),
        solver_reason: asked.solver_reason.clone(),
        confidence: request.confidence,
        seconds_assemble: measurement.seconds_assemble,
        seconds_solve: measurement.seconds_solve,
        iteration: last.and_then(|trial| trial.iteration).map(Into::into),
        kernel_error: measurement.table_error,
        design_error,
        resolution: super::Resolution::finest(&rows),
        lowest: super::Lowest { value: measurement.lowest(), rounding: measurement.rounding(), indefinite },
        negative: negative.map(|(degree, predicted)| super::Negative { degree, predicted }),
        rank: last.and_then(|trial| trial.rank),
        range: super::RangeReport {
            lines: measurement.range.lines,
            threshold: measurement.range.threshold,
            parts: parts.map(Into::into).collect(),
        },
        rows: rows.into_iter().map(|row| super::Row::new(row, asked.design)).collect(),
        finite_width: FiniteWidth::of(&measurement.finite),
        verdict: if agree && ranks_agree && !indefinite {
            Verdict::Consistent
        } else {
            Verdict::Inconsistent
        },
    })
}

/// How far the figures of this sample, the last of several, may be from the spectrum.
fn uncertainty(
    request: &Request,
    prediction: &Prediction,
    sample: &Points,
    context: &Context<'_>,
) -> Result<Uncertainty> {
    let asked = &request.measurement;
    let degrees = Degrees::new(asked.degrees.iter().map(|(k, _)| *k))?;
    if asked.design == Design::Uniform {
        let laws = pair_laws(&asked.kernel, asked.dim, &degrees, sample.len())?;
        return Ok(Uncertainty::Chance(laws.into_iter().map(|law| law.averaged(asked.repeats)).collect()));
    }
    let (distortion, to_degree) = distortion(sample)?;
    let pairs = match asked.sums_pairs {
        true => {
            let what = format!("bound on the pairs of {} points", sample.len());
            let on = (&asked.kernel, asked.dim);
            announce::tell_of_estimate(&what, on, |speed| asked.pair_seconds(speed), context)?;
            pair_bounds(prediction, sample, &degrees, context.progress)?
        }
        false => vec![],
    };
    Ok(Uncertainty::Bounded(Bounds { distortion, to_degree, pairs }))
}

/// The distortion `f` of the harmonics on a fixed design, and the degree `L` to which it holds.
fn distortion(sample: &Points) -> Result<(f64, usize)> {
    if let Some(exact) = sample.exact_to() {
        return Ok((0.0, exact as usize / 2));
    }
    let mut degrees = vec![];
    let mut total = 0usize;
    for k in 0u32.. {
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
