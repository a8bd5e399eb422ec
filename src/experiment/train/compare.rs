//! What was predicted, beside what was measured.

use super::{
    Measurement, Prediction, Request,
    fit::SlopeFit,
    predict::{DegreePrediction, PartPrediction, TargetPrediction},
    record::Run,
    report::{HyperParameters, Report, Stopping},
    row::{Row, Trial},
};
use crate::{
    dynamics::filter::Filter,
    train::{descent::Loss, odd::Departure},
};

/// The report of a request from its two halves, which must be of it.
pub fn compare(request: &Request, prediction: &Prediction, measurement: Measurement) -> Report {
    let of = |k: u32| prediction.degrees.iter().find(|found| found.degree == u64::from(k));
    let mut rows: Vec<Row> = vec![];
    for (index, target) in request.targets.iter().enumerate() {
        for (part, degree) in target.degrees().enumerate() {
            let runs = prediction.replicates.iter().zip(&measurement.replicates);
            let pairs: Vec<(&TargetPrediction, &Run)> = runs
                .filter_map(|(predicted, runs)| Some((predicted.get(index)?, runs.get(index)?)))
                .collect();
            let at_end = AtEnd { request, prediction, coefficient: target.terms()[part].1 };
            rows.extend(of(degree).map(|found| row(&at_end, found, (part, degree), &pairs)));
        }
    }
    let pairs = prediction.replicates.iter().zip(&measurement.replicates);
    let pairs = pairs.flat_map(|(predicted, runs)| predicted.iter().zip(runs));
    let early_stopping = pairs.filter(|_| request.setup.noise > 0.0).filter_map(stopping).collect();
    let diverged = measurement.replicates.iter().flatten().any(|run| run.divergence.is_some());
    Report {
        schema: "hinf.train/1".into(),
        kernel: request.kernel().to_string(),
        dim: request.setup.dim.get(),
        fit: SlopeFit::of(&rows, request.fit_from),
        rows,
        early_stopping,
        hyper_parameters: HyperParameters::of(request, prediction, diverged),
        seconds: 0.0,
        seconds_training: measurement.seconds,
        runs: measurement.replicates.into_iter().flatten().collect(),
    }
}

/// What the network's own kernel at the end of a run says of a degree.
struct AtEnd<'a> {
    request: &'a Request,
    prediction: &'a Prediction,
    coefficient: f64,
}

impl AtEnd<'_> {
    /// The steps by this eigenvalue.
    fn steps(&self, eigenvalue: f64) -> Option<f64> {
        let Prediction { step_size, points, .. } = *self.prediction;
        let setup = &self.request.setup;
        let passage = || setup.passage(step_size, points, eigenvalue, self.coefficient).first;
        (setup.loss == Loss::MeanSquare && eigenvalue > 0.0).then(passage).flatten()
    }

    /// The largest stable step size with this largest eigenvalue.
    fn largest_step_size(&self, largest: f64) -> f64 {
        let setup = &self.request.setup;
        Filter::largest_step_size(&setup.optimizer, setup.loss.curvature() * largest)
    }
}

fn row(
    at_end: &AtEnd<'_>,
    found: &DegreePrediction,
    (part, degree): (usize, u32),
    pairs: &[(&TargetPrediction, &Run)],
) -> Row {
    let trials: Vec<Trial> =
        pairs.iter().map(|(predicted, run)| trial(at_end, found, predicted.parts[part], part, run)).collect();
    let predicted = pairs.last().and_then(|(predicted, _)| predicted.parts[part].by_eigenvalue);
    Row {
        degree,
        eigenvalue: found.eigenvalue,
        null_space: found.null_space,
        predicted_steps: predicted.filter(|_| at_end.request.setup.loss == Loss::MeanSquare),
        odd: pairs.iter().filter_map(|(_, run)| run.odd).reduce(Departure::worse),
        trials,
    }
}

fn trial(
    at_end: &AtEnd<'_>,
    found: &DegreePrediction,
    predicted: PartPrediction,
    part: usize,
    run: &Run,
) -> Trial {
    let eigenvalue_end = run.end.as_ref().and_then(|end| end.eigenvalues.get(part)).copied();
    Trial {
        network_eigenvalue_end: eigenvalue_end,
        predicted_steps_end: eigenvalue_end.and_then(|eigenvalue| at_end.steps(eigenvalue)),
        largest_lr_end: run.end.as_ref().map(|end| at_end.largest_step_size(end.largest)),
        network_eigenvalue: predicted.network_eigenvalue,
        predicted_steps_gram: predicted.by_gram.filter(|_| !found.null_space),
        predicted_steps_finite: predicted.by_finite.filter(|_| !found.null_space),
        measured_steps: run.progress.parts_learned[part],
        measured_steps_residual: run.progress.norm_learned,
        final_residual: run.progress.norm / run.progress.start_norm,
        steps: run.progress.step,
        gap_error: run.gap_error,
        divergence: run.divergence.clone(),
    }
}

fn stopping((predicted, run): (&TargetPrediction, &Run)) -> Option<Stopping> {
    let (measured_step, measured_error) = run.least_test_error()?;
    Some(Stopping {
        predicted_step: predicted.stopping.map(|stop| stop.steps),
        predicted_error: predicted.stopping.map(|stop| stop.error()),
        measured_step,
        measured_error,
    })
}
