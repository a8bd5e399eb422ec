//! What an experiment needs: steps, points, width, memory and time.

use super::{Calibration, FORESEEN_TO, GramCost, Report, Request, Row, StepSize, TrainingCost, notes};
use crate::{
    dynamics::{
        Modes,
        filter::Filter,
        plan::{DegreePlan, Deviation, plan},
    },
    error::{Error, Result},
    gram::dense,
    kernel::limit::Readout,
    math::{decimal::shown, harmonics::harmonics_to},
    train::finite::{self, Work},
};

/// Matrices of the points that training holds at a time.
const MATRICES: f64 = 9.0;

/// The plan of a request on a machine of this speed.
pub(super) fn planned(request: &Request, modes: &Modes, calibration: Calibration) -> Result<Report> {
    let plans = |points: f64, step_size: f64| {
        let filter = Filter::new(request.optimizer, step_size);
        plan(&request.kernel, modes, &request.degrees, points, &filter, request.delta)
    };
    // The needs do not depend on the step size.
    let needs = plans(1.0, 1.0 / modes.largest())?;
    let most = |need: &dyn Fn(&DegreePlan) -> Option<f64>| needs.iter().filter_map(need).reduce(f64::max);
    // Points and units each take half of the tolerance.
    let finite_width = needs.iter().any(|p| p.width.is_some());
    let allowed = if finite_width { 0.5 * request.tolerance } else { request.tolerance };
    let needed = |d: &Deviation| d.number_for(allowed);
    // At least as many points as harmonics up to a degree tell it from others.
    let harmonics = |degree: u64| harmonics_to(request.dim, degree).to_f64();
    let least = if request.degrees.top() > FORESEEN_TO { harmonics(request.degrees.top()) } else { 1.0 };
    let needed_points = most(&|p| p.points.as_ref().map(needed)).unwrap_or(1.0).max(least);
    let points = request.points.unwrap_or(needed_points);
    let width = request.width.or(most(&|p| p.width.as_ref().map(needed)));
    let largest_step_size = modes.largest_step_size_of(&request.optimizer, points)?;
    let full = 1.0 / modes.largest() / points;
    let step_size = match request.lr {
        StepSize::Auto if request.optimizer.batch().is_some() => full.min(0.5 * largest_step_size),
        StepSize::Auto => full,
        StepSize::Largest => largest_step_size,
        StepSize::Absolute(step_size) => step_size,
    };
    if step_size > largest_step_size * (1.0 + f64::EPSILON) {
        let expected =
            format!("at most {}, the largest stable step size for {points} points", shown(largest_step_size));
        return Err(Error::invalid("lr", step_size, expected));
    }
    let train = training(request, &calibration, points, width);
    let mut spent = train.seconds_setup.unwrap_or(0.0);
    let row = |plan: DegreePlan| {
        let seconds =
            plan.steps.zip(train.seconds_per_step).map(|(steps, each)| steps.ceil().max(1.0) * each);
        spent += seconds.unwrap_or(0.0);
        let at = |d: Option<Deviation>, number: Option<f64>| Some(d?.at(number?));
        let deviation = at(plan.points, Some(points)).map(|p| p + at(plan.width, width).unwrap_or(0.0));
        let fits = |budget| train.seconds_per_step.map(|_| seconds.is_some() && spent <= budget);
        Row {
            degree: plan.degree,
            eigenvalue: plan.eigenvalue,
            steps: plan.steps,
            settled: plan.settled.filter(|settled| Some(*settled) != plan.steps),
            never: plan.steps.is_none(),
            null_space: plan.eigenvalue == 0.0,
            points_needed: plan.points.as_ref().map(needed),
            width_needed: plan.width.as_ref().map(needed),
            deviation,
            seconds,
            fits: request.budget.and_then(fits),
        }
    };
    let rows: Vec<Row> = plans(points, step_size)?.into_iter().map(row).collect();
    let aliased = request.degrees.iter().filter(|k| harmonics(*k) > points).map(|k| k.to_string()).collect();
    let mut report = Report {
        schema: "hinf.plan/1".into(),
        kernel: request.kernel.to_string(),
        dim: request.dim.get(),
        delta: request.delta,
        tolerance: request.tolerance,
        points,
        width,
        step_size,
        largest_step_size,
        optimizer: (!request.optimizer.is_gradient_descent()).then(|| request.optimizer.to_string()),
        budget_seconds: request.budget,
        aliased,
        train,
        gram: GramCost {
            seconds: points * points * calibration.gram_entry + points.powi(3) * calibration.eigen_cubed,
            bytes: dense::memory(points as usize, true) as f64,
        },
        calibration,
        notes: vec![],
        rows,
    };
    report.notes = notes::notes(&report, &bounded(modes, &needs));
    Ok(report)
}

/// What training takes, where it is known: for networks of known width.
fn training(request: &Request, calibration: &Calibration, points: f64, width: Option<f64>) -> TrainingCost {
    let d = f64::from(request.dim.get());
    // The network's own: seconds a step, and bytes.
    let own = match (request.kernel.two_layer_bias(), request.kernel.network(), width) {
        (Some(_), _, Some(m)) => {
            Some((calibration.step_unit * points * m, 8.0 * (points * (d + 3.0) + 3.0 * m * (d + 3.0))))
        }
        (None, Some((network, Readout::Tangent)), Some(m)) => {
            let Work { products, bytes } = finite::work(network, m, d + 1.0, points);
            calibration.step_product.map(|seconds| (seconds * products, bytes))
        }
        _ => None,
    };
    let setup = 2.0 * points.powi(3) * calibration.eigen_cubed + points * points * calibration.gram_entry;
    TrainingCost {
        seconds_per_step: own.map(|(seconds, _)| seconds),
        seconds_setup: own.map(|_| setup),
        bytes: own.map(|(_, bytes)| 8.0 * MATRICES * points * points + bytes),
    }
}

/// Degrees whose needs are upper bounds, as the rest of the trace is one.
fn bounded(modes: &Modes, needs: &[DegreePlan]) -> Vec<u64> {
    let lost = |p: &&DegreePlan| {
        modes.tail_is_bound() && p.points.is_some_and(|x| modes.tail() / p.eigenvalue > 0.01 * x.second)
    };
    needs.iter().filter(lost).map(|p| p.degree).collect()
}
