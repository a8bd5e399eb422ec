//! Claims about Gram matrices of points.

use super::{
    super::Flaw::{self, *},
    Claim, Section, Size, Stated, Verdict,
};
use crate::{
    error::{Error, Result},
    experiment::{
        data,
        sample::{self, Options, Report, Row},
    },
    files,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The degrees of the generalisation bound's labels.
const BOUND_DEGREES: [u32; 5] = [5, 7, 9, 11, 15];
/// Points of the labelled circles.
const CIRCLE_POINTS: usize = 120;
/// The least alignment of a cluster with the harmonics of its degree.
const ALIGNED: f64 = 0.99;

type Reports<'a> = &'a [Arc<Report>];

/// Points of a user's own: on the circle, labelled with `cos(k theta)`, a file for each degree.
pub(in super::super) struct Circles(PathBuf);

impl Circles {
    /// Writes them into `folder`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make the folder", folder, e))?;
        let circles = Self(folder.to_owned());
        for k in BOUND_DEGREES {
            let row = |i: usize| {
                let theta = std::f64::consts::TAU * i as f64 / CIRCLE_POINTS as f64;
                format!("{},{},{}\n", theta.cos(), theta.sin(), (f64::from(k) * theta).cos())
            };
            let text = "x1,x2,y\n".to_owned() + &(0..CIRCLE_POINTS).map(row).collect::<String>();
            files::write(&circles.file(k), text)?;
        }
        Ok(circles)
    }

    fn file(&self, k: u32) -> PathBuf {
        self.0.join(format!("circle-{k}.csv"))
    }
}

/// Points drawn at random.
fn drawn(size: Size, kernel: &str, dim: u32, degrees: &str) -> Options {
    Options {
        kernel: kernel.into(),
        dim: dim.into(),
        degrees: degrees.into(),
        points: size.of([500u32, 1500, 5000]).into(),
        repeats: Some(5.into()),
        seed: 1.into(),
        ..Default::default()
    }
}

/// Points laid out evenly.
pub(in super::super) fn clusters(size: Size) -> Options {
    Options {
        design: "fibonacci".into(),
        repeats: None,
        seed: Options::default().seed,
        ..drawn(size, "two-layer:bias=true", 2, "0..3")
    }
}

/// The claims.
pub(super) fn claims(size: Size, circles: &Circles) -> Vec<Claim> {
    let harmonics = Stated {
        name: "harmonics",
        claim: "Eigenfunctions are spherical harmonics".into(),
        expected: "alignment above 0.99 for each degree".into(),
        experiments: vec![clusters(size)],
        judge: aligned,
        felled_by: &[BiasSwappedBetweenPoints, CrowdedPoints],
    };
    let null_space = Stated {
        name: "sample-null-space",
        claim: "The null space is absent in the sample".into(),
        expected: "pairwise estimates of k = 3, 5 contain 0".into(),
        experiments: vec![drawn(size, "two-layer", 2, "0..5")],
        judge: rejected_odd,
        felled_by: &[KernelWithoutPi, BiasSwappedBetweenPoints, CrowdedPoints],
    };
    let against = Some("two-layer:bias=true".into());
    let wrong = Stated {
        name: "wrong-kernel",
        claim: "Another kernel's prediction is rejected".into(),
        expected: "inconsistent".into(),
        experiments: vec![Options { against, ..drawn(size, "two-layer", 2, "0..3") }],
        judge: |reports: Reports<'_>| verdict(reports, sample::Verdict::Inconsistent),
        felled_by: &[BiasSwappedInPrediction, BiasSwappedBetweenPoints],
    };
    let labelled = |k: u32| data::Options {
        kernel: "two-layer:bias=true".into(),
        data: circles.file(k).display().to_string().into(),
        label: Some("y".into()),
        ..Default::default()
    };
    let bound = Stated {
        name: "bound",
        claim: "The generalisation bound sqrt(2 y H^-1 y / n) is linear in k on the circle".into(),
        expected: "k sqrt(2 pi^2 / n) for odd k, to 3 %".into(),
        experiments: BOUND_DEGREES.map(labelled).to_vec(),
        judge: bound_is_linear,
        felled_by: &[KernelWithoutPi, BiasSwappedBetweenPoints, CrowdedData, ShuffledData],
    };
    let mut claims = vec![harmonics.in_section(Section::Samples)];
    claims.extend(consistent(size));
    claims.push(null_space.in_section(Section::Samples));
    claims.push(wrong.in_section(Section::Samples));
    claims.push(bound.in_section(Section::Samples));
    claims
}

/// Samples of one kernel each.
fn consistent(size: Size) -> [Claim; 4] {
    let claim = |name, options: Options, felled_by: &'static [Flaw]| {
        Stated {
            name,
            claim: format!("Samples agree with the spectrum of {}", options.kernel),
            expected: "consistent at 99 %".into(),
            experiments: vec![options],
            judge: |reports: Reports<'_>| verdict(reports, sample::Verdict::Consistent),
            felled_by,
        }
        .in_section(Section::Samples)
    };
    [
        claim(
            "sample-bias",
            drawn(size, "two-layer:bias=true", 2, "0..4"),
            &[
                EveryEigenvalueDoubled,
                DegreeThreeDoubled,
                SignOfDegreeSevenLost,
                BiasSwappedInPrediction,
                ExponentOneTooSmall,
                SpaceForSphere,
                DegreesFromOne,
                KernelWithoutPi,
                BiasSwappedBetweenPoints,
                CrowdedPoints,
            ],
        ),
        claim(
            "sample-free",
            drawn(size, "two-layer", 1, "0..5"),
            &[
                EveryEigenvalueDoubled,
                BiasSwappedInPrediction,
                ExponentOneTooSmall,
                SeriesForProbability,
                SpaceForSphere,
                DegreesFromOne,
                SmallNumbersForZeros,
                KernelWithoutPi,
                BiasSwappedBetweenPoints,
                CrowdedPoints,
            ],
        ),
        claim(
            "sample-deep",
            drawn(size, "ntk:depth=3", 2, "0..3"),
            &[
                EveryEigenvalueDoubled,
                DegreeThreeDoubled,
                SignOfDegreeSevenLost,
                ExponentOneTooSmall,
                SpaceForSphere,
                DegreesFromOne,
                KernelLayerMissing,
                CovarianceForTangent,
                CrowdedPoints,
            ],
        ),
        claim(
            "sample-residual",
            drawn(size, "resnet:depth=3,alpha=1/2", 3, "0..2"),
            &[
                EveryEigenvalueDoubled,
                DegreeThreeDoubled,
                SignOfDegreeSevenLost,
                ExponentOneTooSmall,
                SpaceForSphere,
                DegreesFromOne,
                KernelLayerMissing,
                WrongResidualBranch,
                CrowdedPoints,
            ],
        ),
    ]
}

fn rows<'a>(reports: Reports<'a>) -> impl Iterator<Item = &'a Row> {
    reports.iter().flat_map(|report| &report.rows)
}

/// Each cluster's eigenvectors lie in the harmonics of their degree.
fn aligned(reports: Reports<'_>) -> Verdict {
    let shares: Option<Vec<f64>> = rows(reports).map(|row| row.alignment).collect();
    let Some(shares) = shares.filter(|shares| !shares.is_empty()) else {
        return Verdict::new(false, "a cluster that is not resolved");
    };
    let least = shares.into_iter().fold(f64::INFINITY, f64::min);
    Verdict::new(least > ALIGNED, format!("least alignment {least:.4}"))
}

/// Every sample came to this verdict.
fn verdict(reports: Reports<'_>, expected: sample::Verdict) -> Verdict {
    let word = |report: &Arc<Report>| match report.verdict {
        sample::Verdict::Consistent => "consistent",
        sample::Verdict::Inconsistent => "inconsistent",
    };
    let found: Vec<&str> = reports.iter().map(word).collect();
    let holds = !reports.is_empty() && reports.iter().all(|report| report.verdict == expected);
    Verdict::new(holds, found.join(", "))
}

/// The pairwise estimates of odd degrees from 3 on contain 0, and those of the other degrees do not.
fn rejected_odd(reports: Reports<'_>) -> Verdict {
    let contains = |row: &Row| row.unbiased.is_some_and(|ci| ci.ci_low <= 0.0 && 0.0 <= ci.ci_high);
    let odd = |row: &Row| row.degree % 2 == 1 && row.degree >= 3;
    let all: Vec<&Row> = rows(reports).collect();
    let empty: Vec<String> =
        all.iter().filter(|row| contains(row)).map(|row| row.degree.to_string()).collect();
    let holds = all.iter().any(|row| odd(row)) && all.iter().all(|row| odd(row) == contains(row));
    Verdict::new(holds, format!("0 is in the interval at k = {}", empty.join(", ")))
}

/// The bound over the degree is that of `1 / sqrt(n lambda_k)` with `lambda_k = 1/(2 pi^2 k^2)`, for odd degrees.
fn bound_is_linear(reports: &[Arc<data::Report>]) -> Verdict {
    let slope = std::f64::consts::PI * (2.0 / CIRCLE_POINTS as f64).sqrt();
    let share = |(report, k): (&Arc<data::Report>, u32)| {
        let bound = report.analyses.first().and_then(|analysis| analysis.label.generalisation_bound);
        bound.map(|bound| bound / f64::from(k) / slope)
    };
    let shares: Vec<Option<f64>> = reports.iter().zip(BOUND_DEGREES).map(share).collect();
    let near = |share: &Option<f64>| share.is_some_and(|share| (share - 1.0).abs() < 0.03);
    let text: Vec<String> =
        shares.iter().map(|share| share.map_or("none".into(), |share| format!("{share:.3}"))).collect();
    Verdict::new(!shares.is_empty() && shares.iter().all(near), format!("times {}", text.join(", ")))
}
