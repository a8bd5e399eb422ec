//! What was predicted, beside what was measured.

use super::{
    Measurement, Prediction, Request,
    fit::SlopeFit,
    predict::{DegreePrediction, PartPrediction, TargetPrediction},
    report::{HyperParameters, Report, Stopping},
    row::{Row, Trial},
    run::Run,
};
use crate::train::{descent::Loss, odd::Departure};

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
            rows.extend(of(degree).map(|found| row(request.setup.loss, found, (part, degree), &pairs)));
        }
    }
    let pairs = prediction.replicates.iter().zip(&measurement.replicates);
    let pairs = pairs.flat_map(|(predicted, runs)| predicted.iter().zip(runs));
    let early_stopping = pairs.filter(|_| request.setup.noise > 0.0).filter_map(stopping).collect();
    let diverged = measurement.replicates.iter().flatten().any(|run| run.divergence.is_some());
    Report {
        schema: "hinf.train/1".into(),
        kernel: request.kernel.to_string(),
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

fn row(
    loss: Loss,
    found: &DegreePrediction,
    (part, degree): (usize, u32),
    pairs: &[(&TargetPrediction, &Run)],
) -> Row {
    let trials: Vec<Trial> =
        pairs.iter().map(|(predicted, run)| trial(found, predicted.parts[part], part, run)).collect();
    let predicted = pairs.last().and_then(|(predicted, _)| predicted.parts[part].by_eigenvalue);
    Row {
        degree,
        eigenvalue: found.eigenvalue,
        null_space: found.null_space,
        predicted_steps: predicted.filter(|_| loss == Loss::MeanSquare),
        odd: pairs.iter().filter_map(|(_, run)| run.odd).reduce(Departure::worse),
        trials,
    }
}

fn trial(found: &DegreePrediction, predicted: PartPrediction, part: usize, run: &Run) -> Trial {
    Trial {
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
