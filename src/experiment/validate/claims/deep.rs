//! Claims about the training of all layers of deep and residual networks.

use super::{
    super::Flaw::*,
    Claim, Section, Size, Stated, Verdict,
    training::{CONFIDENCE, REPEATS, Reports, all, rows},
};
use crate::{
    compare::statistics::student,
    experiment::train::{Options, Row},
};

/// The claims.
pub(super) fn claims(size: Size) -> Vec<Claim> {
    [deep(size), residual(size)].into_iter().flatten().collect()
}

/// Training of all layers of a network of depth 3.
fn of_depth_three(size: Size, model: &str) -> Options {
    Options {
        model: model.into(),
        depth: Some(3.into()),
        dim: 1.into(),
        degrees: Some("1..3".into()),
        width: Some(size.of([512u32, 1024, 2048]).into()),
        points: Some(size.of([48u32, 64, 128]).into()),
        seed: 1.into(),
        ..Default::default()
    }
}

/// The same, drawn several times and looked at before it is trained.
pub(super) fn at_start(options: Options) -> Options {
    Options { repeats: REPEATS.into(), max_steps: Some(1.into()), ..options }
}

/// How near the steps of deep networks are to those by their own kernel.
fn near(size: Size) -> f64 {
    size.of([0.08, 0.05, 0.05])
}

fn deep(size: Size) -> [Claim; 2] {
    let network = of_depth_three(size, "mlp");
    [
        Stated {
            name: "deep-start",
            claim: "A deep network's own kernel at its start has the eigenvalues of the spectrum".into(),
            expected: format!("lambda_k within the 99 % interval of {REPEATS} networks"),
            experiments: vec![at_start(network.clone())],
            judge: eigenvalues_at_start,
            felled_by: &[
                EveryEigenvalueDoubled,
                DegreeThreeDoubled,
                ExponentOneTooSmall,
                SeriesForProbability,
                SpaceForSphere,
                DegreesFromOne,
                CrowdedPoints,
                ShuffledLabels,
                NextDegree,
                BiasSlippedIn,
                NetworkLayerMissing,
            ],
        }
        .in_section(Section::Training),
        Stated {
            name: "deep-steps",
            claim: "A deep network follows its kernel at the start".into(),
            expected: format!("steps by its kernel to within {:.0} %, or a step", 100.0 * near(size)),
            experiments: vec![network],
            judge: move |reports: Reports<'_>| finite_ratios(reports, near(size)),
            felled_by: &[
                ExponentOneTooSmall,
                CovarianceForTangent,
                ShuffledLabels,
                StepTwice,
                EverySecondPoint,
                FrozenLayers,
                BiasSlippedIn,
                NarrowNetwork,
            ],
        }
        .in_section(Section::Training),
    ]
}

fn residual(size: Size) -> [Claim; 2] {
    let network = Options { alpha: Some(0.5.into()), ..of_depth_three(size, "resnet") };
    [
        Stated {
            name: "residual-start",
            claim: "A residual network's own kernel at its start has the eigenvalues of the spectrum".into(),
            expected: format!("lambda_k within the 99 % interval of {REPEATS} networks"),
            experiments: vec![at_start(network.clone())],
            judge: eigenvalues_at_start,
            felled_by: &[
                EveryEigenvalueDoubled,
                DegreeThreeDoubled,
                ExponentOneTooSmall,
                SeriesForProbability,
                SpaceForSphere,
                DegreesFromOne,
                CrowdedPoints,
                ShuffledLabels,
                NextDegree,
                BiasSlippedIn,
                NetworkLayerMissing,
                PlainForResidual,
            ],
        }
        .in_section(Section::Training),
        Stated {
            name: "residual-steps",
            claim: "A residual network follows its kernel at the start".into(),
            expected: format!("steps by its kernel to within {:.0} %, or a step", 100.0 * near(size)),
            experiments: vec![network],
            judge: move |reports: Reports<'_>| finite_ratios(reports, near(size)),
            felled_by: &[
                ExponentOneTooSmall,
                ShuffledLabels,
                NextDegree,
                StepTwice,
                EverySecondPoint,
                FrozenLayers,
                PlainForResidual,
                NarrowNetwork,
            ],
        }
        .in_section(Section::Training),
    ]
}

/// Measured steps over those by the finite network's own kernel at the start, within `band` of 1 or within a step; those by the infinitely wide
/// one are shown beside.
pub(super) fn finite_ratios(reports: Reports<'_>, band: f64) -> Verdict {
    let rows = rows(reports);
    let own = |row: &Row| row.mean_steps(|trial| trial.predicted_steps_finite);
    let near = |row: &Row| {
        let steps = row.measured_steps().zip(own(row));
        steps.is_some_and(|(steps, own)| (steps / own - 1.0).abs() <= band || (steps - own).abs() <= 1.0)
    };
    let text = |row: &&Row| {
        let shown = |steps: Option<f64>| steps.map_or("no".into(), |steps| steps.to_string());
        let limit = row.predicted_steps.map_or("none".into(), |steps| format!("{steps:.1}"));
        let (steps, own) = (shown(row.measured_steps()), shown(own(row)));
        format!("k = {}: {steps} steps, {own} by its kernel, {limit} by lambda_k", row.degree)
    };
    let text: Vec<String> = rows.iter().map(text).collect();
    Verdict::new(all(&rows, near), text.join("; "))
}

/// Each eigenvalue of the spectrum lies within the interval of those that drawn networks have at their start.
pub(super) fn eigenvalues_at_start(reports: Reports<'_>) -> Verdict {
    let found: Vec<(bool, String)> = rows(reports)
        .iter()
        .map(|row| {
            let own: Vec<f64> =
                row.trials.iter().map(|trial| trial.network_eigenvalue / row.eigenvalue).collect();
            let interval = student(&own, CONFIDENCE);
            let text = interval.map_or("none".into(), |i| format!("{:.3} to {:.3}", i.low, i.high));
            (interval.is_some_and(|i| i.contains(1.0)), format!("k = {}: {text}", row.degree))
        })
        .collect();
    let text: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    let holds = !found.is_empty() && found.iter().all(|(holds, _)| *holds);
    Verdict::new(holds, format!("times lambda_k, {}", text.join(", ")))
}
