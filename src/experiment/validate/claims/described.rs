//! Claims about networks in the language, and about optimizers.

use super::{
    super::Flaw::*,
    Claim, Section, Size, Stated, Verdict,
    deep::{at_start, eigenvalues_at_start, finite_ratios},
    trained::{BAND, ratios},
    training::{REPEATS, Reports},
};
use crate::experiment::train::Options;

/// The claims.
pub(super) fn claims(size: Size) -> Vec<Claim> {
    vec![tanh(size), rates(size), momentum(size)]
}

/// A network on the circle, all of it as described.
fn described(size: Size, network: &str) -> Options {
    Options {
        network: Some(network.into()),
        dim: 1.into(),
        degrees: Some("1..3".into()),
        width: Some(size.of([256u32, 1024, 2048]).into()),
        points: Some(size.of([40u32, 64, 128]).into()),
        seed: 1.into(),
        ..Default::default()
    }
}

/// How near the steps of a network are to those by its own kernel.
const NEAR: f64 = 0.05;

/// The first report shows networks at their start, the second one trained.
fn starts_and_follows(reports: Reports<'_>) -> Verdict {
    let [start, trained] = reports else { return Verdict::new(false, "no report") };
    let (start, trained) = (
        eigenvalues_at_start(std::slice::from_ref(start)),
        finite_ratios(std::slice::from_ref(trained), NEAR),
    );
    Verdict::new(start.holds && trained.holds, format!("{}; {}", start.measured, trained.measured))
}

fn expected() -> String {
    format!(
        "lambda_k within the 99 % interval of {REPEATS} networks, steps by its kernel to within 5 %, or a step"
    )
}

fn tanh(size: Size) -> Claim {
    let network = described(size, "dense(b=1/2) tanh dense");
    Stated {
        name: "tanh-net",
        claim: "A tanh network starts with the eigenvalues of its spectrum and follows its own kernel".into(),
        expected: expected(),
        experiments: vec![at_start(network.clone()), network],
        judge: starts_and_follows,
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            CovarianceForTangent,
            CrowdedPoints,
            ShuffledLabels,
            NextDegree,
            StepTwice,
            EverySecondPoint,
            FrozenLayers,
            OtherActivation,
            NarrowNetwork,
        ],
    }
    .in_section(Section::Training)
}

fn rates(size: Size) -> Claim {
    let network =
        described(size, "dense(b=1/2, lr=3) relu dense(w=2, train=no) relu dense(b=1/2, lr=1/2, lr-bias=0)");
    Stated {
        name: "layer-rates",
        claim:
            "Layers that are frozen, or learn at rates of their own, are in the spectrum and in the training"
                .into(),
        expected: expected(),
        experiments: vec![at_start(network.clone()), network],
        judge: starts_and_follows,
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            CovarianceForTangent,
            CrowdedPoints,
            ShuffledLabels,
            NextDegree,
            StepTwice,
            EverySecondPoint,
            FrozenLayers,
            RatesIgnored,
            NarrowNetwork,
        ],
    }
    .in_section(Section::Training)
}

fn momentum(size: Size) -> Claim {
    let paper = Options {
        model: "two-layer".into(),
        bias: true,
        dim: 1.into(),
        degrees: Some(format!("2..{}", size.of([5, 8, 12])).into()),
        width: Some(size.of([2048u32, 4096, 16_384]).into()),
        points: Some(size.of([201u32, 201, 1001]).into()),
        optimizer: "heavy-ball".into(),
        momentum: Some("0.9".into()),
        seed: 1.into(),
        ..Default::default()
    };
    Stated {
        name: "momentum-steps",
        claim: "Steps of the heavy ball are as predicted, nothing fitted".into(),
        expected: "measured over predicted 1 to within 1 %, or a step".into(),
        experiments: vec![paper],
        judge: |reports: Reports<'_>| ratios(reports, BAND[0]),
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            CrowdedPoints,
            ShuffledLabels,
            NextDegree,
            FrequenciesExchanged,
            StepTwice,
            EverySecondPoint,
            BiasLeftOut,
            MomentumForgotten,
            SmallWeights,
            NarrowNetwork,
        ],
    }
    .in_section(Section::Training)
}
