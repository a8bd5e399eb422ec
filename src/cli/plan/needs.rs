//! What an experiment needs: steps, points, width, memory and time.

use super::{super::numbers::shown, Request, StepSize, calibration::Calibration};
use crate::{
    dynamics::{
        Modes,
        plan::{DegreePlan, Deviation, plan},
    },
    error::{Error, Result},
    gram::dense,
    math::harmonics::multiplicity,
};

/// Matrices of the points that `hinf train` holds at a time.
const MATRICES: f64 = 9.0;

/// One degree with what it costs.
pub struct Row {
    pub plan: DegreePlan,
    pub points_needed: Option<f64>,
    pub width_needed: Option<f64>,
    /// Relative change of the learning time at the points and the width of the plan.
    pub deviation: Option<f64>,
    pub seconds: Option<f64>,
    pub fits: Option<bool>,
}

pub struct Planned {
    pub rows: Vec<Row>,
    pub points: f64,
    pub width: Option<f64>,
    pub step_size: f64,
    pub largest_step_size: f64,
    pub seconds_per_step: Option<f64>,
    /// What the predictions beside the training take once, before it.
    pub setup_seconds: Option<f64>,
    pub gram_bytes: f64,
    pub gram_seconds: f64,
    pub train_bytes: Option<f64>,
    /// Degrees whose needs are upper bounds, as the rest of the trace is one.
    pub bounded: Vec<String>,
    /// Degrees that so many points cannot tell from others: there are fewer points than harmonics up to them.
    pub aliased: Vec<String>,
    pub calibration: Calibration,
}

impl Planned {
    pub fn of(request: &Request, modes: &Modes, calibration: Calibration) -> Result<Self> {
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
        let seconds_per_step = width
            .filter(|_| request.kernel.two_layer_bias().is_some())
            .map(|m| calibration.step_unit * points * m);
        let setup_seconds = seconds_per_step.map(|_| {
            2.0 * points.powi(3) * calibration.eigen_cubed + points * points * calibration.gram_entry
        });
        let mut spent = setup_seconds.unwrap_or(0.0);
        let rows = plans(points)?.into_iter().map(|plan| {
            let seconds = plan.steps.zip(seconds_per_step).map(|(steps, each)| steps.ceil().max(1.0) * each);
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
        let harmonics =
            |degree: u64| (0..=degree).map(|k| multiplicity(request.dim, k).to_f64()).sum::<f64>();
        let aliased =
            request.degrees.iter().filter(|k| harmonics(*k) > points).map(|k| k.to_string()).collect();
        Ok(Self {
            rows: rows.collect(),
            points,
            width,
            step_size,
            largest_step_size,
            seconds_per_step,
            setup_seconds,
            gram_bytes: dense::memory(points as usize, true) as f64,
            gram_seconds: points * points * calibration.gram_entry + points.powi(3) * calibration.eigen_cubed,
            train_bytes: width
                .filter(|_| seconds_per_step.is_some())
                .map(|m| 8.0 * (MATRICES * points * points + points * (d + 3.0) + 3.0 * m * (d + 3.0))),
            bounded,
            aliased,
            calibration,
        })
    }
}
