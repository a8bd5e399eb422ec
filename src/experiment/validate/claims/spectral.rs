//! Claims about the spectrum itself.

use super::{
    super::Flaw::{self, *},
    Claim, Section, Size, Stated, Verdict,
};
use crate::{
    experiment::{null_space, table, verify},
    spectrum::identities::Status,
};
use std::sync::Arc;

/// A claim by one identity of `verify`.
struct ByIdentity {
    name: &'static str,
    identity: &'static str,
    claim: &'static str,
    expected: &'static str,
    felled_by: &'static [Flaw],
}

/// Claims about the two-layer model.
const SHALLOW: &[ByIdentity] = &[
    ByIdentity {
        name: "paper-sums",
        identity: "paper's sums",
        claim: "The paper's sums for even d are the exact eigenvalues",
        expected: "equal as rationals",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SpaceForSphere,
            DegreesFromOne,
        ],
    },
    ByIdentity {
        name: "circle-table",
        identity: "circle table",
        claim: "The paper's table for the circle is exact",
        expected: "equal as closed forms",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            SmallNumbersForZeros,
        ],
    },
    ByIdentity {
        name: "quadrature",
        identity: "quadrature against exact",
        claim: "Certified Funk-Hecke integrals contain the closed forms",
        expected: "every one",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            SmallNumbersForZeros,
        ],
    },
    ByIdentity {
        name: "null-space-identity",
        identity: "null space",
        claim: "Which degrees vanish is proved",
        expected: "odd k >= 3 without bias, none with",
        felled_by: &[BiasSwappedInPrediction, DegreesFromOne, SmallNumbersForZeros],
    },
    ByIdentity {
        name: "odd-part",
        identity: "odd part",
        claim: "The odd part of the bias-free kernel is linear",
        expected: "K(t) - K(-t) = t/2",
        felled_by: &[BiasSwappedInPrediction, DegreesFromOne, SmallNumbersForZeros],
    },
    ByIdentity {
        name: "positivity",
        identity: "positivity",
        claim: "All other eigenvalues are positive",
        expected: "every one",
        felled_by: &[SignOfDegreeSevenLost],
    },
    ByIdentity {
        name: "trace",
        identity: "trace",
        claim: "The eigenvalues sum to K(1)",
        expected: "what is left is within what higher degrees can hold",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
            SmallNumbersForZeros,
        ],
    },
    ByIdentity {
        name: "decay-exponent",
        identity: "decay exponent",
        claim: "Eigenvalues on S^d fall like k^-(d+1)",
        expected: "d + 1",
        felled_by: &[ExponentOneTooSmall, SpaceForSphere],
    },
    ByIdentity {
        name: "decay-constant",
        identity: "decay constant",
        claim: "The constant of the law is 2^(d-2) Gamma((d+1)/2)^2 / pi^2",
        expected: "a distance that falls like 1/k^2",
        felled_by: &[
            EveryEigenvalueDoubled,
            SixDigitsOnly,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
        ],
    },
];

/// Claims about deep and residual networks.
const DEEP: &[ByIdentity] = &[
    ByIdentity {
        name: "deep-positivity",
        identity: "positivity",
        claim: "Deep and residual networks see every degree, without bias too",
        expected: "all positive",
        felled_by: &[SignOfDegreeSevenLost],
    },
    ByIdentity {
        name: "deep-decay",
        identity: "decay exponent",
        claim: "Deep and residual networks decay like shallow ones",
        expected: "d + 1",
        felled_by: &[ExponentOneTooSmall, SpaceForSphere],
    },
    ByIdentity {
        name: "deep-constants",
        identity: "leading constants",
        claim: "Even and odd degrees of deep networks have the closed constants, with their products of angles",
        expected: "a distance from certified values that falls like 1/k^2",
        felled_by: &[
            EveryEigenvalueDoubled,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
        ],
    },
    ByIdentity {
        name: "deep-trace",
        identity: "trace",
        claim: "The eigenvalues of deep and residual networks sum to K(1)",
        expected: "what is left is within what higher degrees can hold",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
        ],
    },
    ByIdentity {
        name: "deep-routes",
        identity: "f64 against spectrum",
        claim: "Ball arithmetic and f64 give deep networks the same eigenvalues",
        expected: "within the stated errors",
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            DegreeTwentyHalved,
            SixDigitsOnly,
            SignOfDegreeSevenLost,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
        ],
    },
];

/// The claims.
pub(super) fn claims(size: Size) -> Vec<Claim> {
    let top = size.of([30u32, 60, 200]);
    let verify = |kernel: &str, dim: &str| verify::Options {
        kernel: Some(kernel.into()),
        dim: dim.into(),
        max_degree: top.into(),
        ..Default::default()
    };
    let dims = size.of(["1..4", "1..6", "1..12"]);
    let shallow = ["two-layer", "two-layer:bias=true"].map(|kernel| verify(kernel, dims));
    let deep = ["ntk:depth=5", "resnet:depth=5"].map(|kernel| verify(kernel, "1,2"));
    let by_identity = |of: &'static ByIdentity, experiments: &[verify::Options]| {
        Stated {
            name: of.name,
            claim: of.claim.into(),
            expected: of.expected.into(),
            experiments: experiments.to_vec(),
            judge: |reports: &[_]| identity(reports, of.identity),
            felled_by: of.felled_by,
        }
        .in_section(Section::Spectrum)
    };
    let mut claims: Vec<Claim> = SHALLOW.iter().map(|of| by_identity(of, &shallow)).collect();
    claims.push(by_identity(&SLOPES, &[verify("two-layer:bias=true", "2")]));
    claims.extend(DEEP.iter().map(|of| by_identity(of, &deep)));
    claims.push(circle_eigenvalues());
    let far = size.of([200u32, 1000, 10_000]);
    let vanishing = |kernel: &str| null_space::Options {
        kernel: kernel.into(),
        dim: "1..10".into(),
        max_degree: far.into(),
    };
    claims.push(
        Stated {
            name: "null-space",
            claim: "Without bias odd degrees from 3 on vanish".into(),
            expected: "odd k >= 3, proved".into(),
            experiments: vec![vanishing("two-layer")],
            judge: |reports: &[_]| rule(reports, "odd k >= 3"),
            felled_by: &[NullSpaceOfOtherModel],
        }
        .in_section(Section::Spectrum),
    );
    claims.push(
        Stated {
            name: "bias-fills",
            claim: "A bias fills the null space".into(),
            expected: "none, proved".into(),
            experiments: vec![vanishing("two-layer:bias=true")],
            judge: |reports: &[_]| rule(reports, "none"),
            felled_by: &[NullSpaceOfOtherModel],
        }
        .in_section(Section::Spectrum),
    );
    claims
}

/// The paper's figure, whose spheres the identity has of its own.
const SLOPES: ByIdentity = ByIdentity {
    name: "local-slopes",
    identity: "local slopes",
    claim: "The paper's figure of local slopes, d = 2 to 100",
    expected: "six slopes to four decimals",
    felled_by: &[BiasSwappedInPrediction, ExponentOneTooSmall, SpaceForSphere, DegreesFromOne],
};

/// Every row of one identity is proved or holds.
fn identity(reports: &[Arc<verify::Report>], name: &str) -> Verdict {
    let rows: Vec<&verify::Row> =
        reports.iter().flat_map(|report| &report.rows).filter(|row| row.identity == name).collect();
    let with = |status| rows.iter().filter(|row| row.status == status).count();
    let (proved, held) = (with(Status::Proved), with(Status::Holds));
    let holds = !rows.is_empty() && proved + held == rows.len();
    let failed = rows.iter().find(|row| !matches!(row.status, Status::Proved | Status::Holds));
    let detail =
        failed.map_or(String::new(), |row| format!("; {} on S^{}: {}", row.kernel, row.dim, row.detail));
    Verdict::new(holds, format!("{proved} proved, {held} hold, of {}{detail}", rows.len()))
}

/// The closed forms of theory.md, section 2.
const CIRCLE: [&str; 6] =
    ["1/8 + 1/(2 pi^2)", "1/16 + 1/(2 pi^2)", "5/(18 pi^2)", "1/(18 pi^2)", "17/(450 pi^2)", "1/(50 pi^2)"];

/// The first eigenvalues of the biased model on the circle.
fn circle_eigenvalues() -> Claim {
    let options = table::Options {
        kernel: "two-layer:bias=true".into(),
        dim: 1.into(),
        degrees: "0..5".into(),
        ..Default::default()
    };
    Stated {
        name: "circle-eigenvalues",
        claim: "Eigenvalues of the biased model on the circle".into(),
        expected: "1/8 + 1/(2 pi^2), 1/16 + 1/(2 pi^2), 5/(18 pi^2), 1/(18 pi^2), ...".into(),
        experiments: vec![options],
        judge: |reports: &[Arc<table::Report>]| {
            let rows = reports.iter().flat_map(|report| &report.tables).flat_map(|table| &table.rows);
            let found: Vec<&str> = rows.map(|row| row.exact_text.as_deref().unwrap_or("none")).collect();
            Verdict::new(found == CIRCLE, found.join(", "))
        },
        felled_by: &[
            EveryEigenvalueDoubled,
            DegreeThreeDoubled,
            SixDigitsOnly,
            BiasSwappedInPrediction,
            ExponentOneTooSmall,
            SeriesForProbability,
            SpaceForSphere,
            DegreesFromOne,
        ],
    }
    .in_section(Section::Spectrum)
}

/// The same null space on every sphere, proved.
fn rule(reports: &[Arc<null_space::Report>], rule: &str) -> Verdict {
    let rows: Vec<&null_space::Row> = reports.iter().flat_map(|report| &report.rows).collect();
    let holds = !rows.is_empty() && rows.iter().all(|row| row.zero_degrees == rule && row.proved);
    let mut rules: Vec<&str> = rows.iter().map(|row| row.zero_degrees.as_str()).collect();
    rules.dedup();
    Verdict::new(holds, format!("{} on {} spheres", rules.join(" | "), rows.len()))
}
