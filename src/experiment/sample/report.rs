//! The report of the sampled check; it serialises to `hinf.gram/1`.

use crate::{
    compare::{gram, range::ParityRank},
    gram::{Iteration, finite_width, range},
    sample::Design,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::borrow::Cow;

/// The rate at which a network's kernel nears its limit: like the root of the width.
const EXPECTED_RATE: f64 = -0.5;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel that was measured.
    pub kernel: String,
    /// The kernel whose spectrum it was set against.
    pub predicted_from: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// The layout of the points.
    pub design: Cow<'static, str>,
    /// The points of a sample: for quadratures those of the rule.
    pub points: usize,
    /// The number of samples.
    pub repeats: usize,
    /// The seed of the first sample.
    pub seed: u64,
    /// The solver.
    pub solver: Cow<'static, str>,
    /// Why this solver.
    pub solver_reason: String,
    /// The confidence of each interval, and of all checks together.
    pub confidence: f64,
    /// Seconds spent assembling matrices.
    pub seconds_assemble: f64,
    /// Seconds spent diagonalising them.
    pub seconds_solve: f64,
    /// What the iteration took on the last sample, if there was one.
    pub iteration: Option<IterationReport>,
    /// What the table of the kernel may be off, relative to its largest value; `None` if the kernel was evaluated itself.
    pub kernel_error: Option<f64>,
    /// How exact a design without chance is; `None` for random points.
    pub design_error: Option<DesignError>,
    /// The sharpest check; `None` if nothing was checked.
    pub resolution: Option<Resolution>,
    /// The least eigenvalue.
    pub lowest: Lowest,
    /// The first predicted eigenvalue that is negative.
    pub negative: Option<Negative>,
    /// Eigenvalues above rounding, in the last sample; `None` from the iteration.
    pub rank: Option<usize>,
    /// The kernel on even and on odd functions.
    pub range: RangeReport,
    /// One row a degree.
    pub rows: Vec<Row>,
    /// Networks of finite width, if asked for.
    pub finite_width: Option<FiniteWidth>,
    /// What the comparison came to.
    pub verdict: Verdict,
}

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Theory and sample agree, and the kernel is positive as far as either shows.
    Consistent,
    /// They do not, or it is not.
    Inconsistent,
}

/// What an iteration took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IterationReport {
    /// Products with the matrix, ...
    pub products: usize,
    /// ... of so many columns each.
    pub width: usize,
    /// The largest residual of the eigenpairs.
    pub residual: f64,
}

impl From<Iteration> for IterationReport {
    fn from(Iteration { products, width, residual }: Iteration) -> Self {
        Self { products, width, residual }
    }
}

/// How exact a design is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DesignError {
    /// How far the harmonics are from orthonormal on the points, in norm.
    pub distortion: f64,
    /// The degree to which this was looked at.
    pub to_degree: usize,
}

/// The sharpest check.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resolution {
    /// Its degree.
    pub degree: u32,
    /// Half its width over the predicted value: the relative error of the prediction that it may miss.
    pub relative_error: f64,
}

impl Resolution {
    pub(super) fn finest(rows: &[gram::Row]) -> Option<Self> {
        let known = rows.iter().filter_map(|row| Some((row.degree, row.resolution?)));
        let (degree, relative_error) = known.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(Self { degree, relative_error })
    }
}

/// The least eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lowest {
    /// The least eigenvalue of all samples, or a number that is at least that.
    pub value: f64,
    /// What rounding may make of an eigenvalue.
    pub rounding: f64,
    /// Is it, or a predicted eigenvalue, negative beyond rounding?
    pub indefinite: bool,
}

/// A predicted eigenvalue that is negative.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Negative {
    /// The degree.
    pub degree: u64,
    /// The eigenvalue.
    pub predicted: f64,
}

/// The kernel on even and on odd functions, on points and their antipodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RangeReport {
    /// The number of points, no two on one line through the centre.
    pub lines: usize,
    /// Eigenvalues up to this are taken for rounding.
    pub threshold: f64,
    /// The even part and the odd one.
    pub parts: Vec<Part>,
}

/// The kernel on even or on odd functions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Part {
    /// `even` or `odd`.
    pub parity: Cow<'static, str>,
    /// Eigenvalues that are not rounding.
    pub rank: usize,
    /// The least rank that the spectrum allows; `None` where it has no bound.
    pub predicted_low: Option<usize>,
    /// The largest.
    pub predicted_high: Option<usize>,
    /// Is the rank within the bounds, or are there none?
    pub consistent: bool,
    /// The share of each degree in the range.
    pub degrees: Vec<Share>,
}

impl From<(&range::Part, Option<ParityRank>)> for Part {
    fn from((part, rank): (&range::Part, Option<ParityRank>)) -> Self {
        Self {
            parity: if part.odd { "odd" } else { "even" }.into(),
            rank: part.rank,
            predicted_low: rank.map(|rank| rank.low),
            predicted_high: rank.map(|rank| rank.high),
            consistent: rank.is_none_or(|rank| rank.allows(part.rank)),
            degrees: part.shares.iter().map(|&(degree, in_range)| Share { degree, in_range }).collect(),
        }
    }
}

/// The share of a degree's harmonics in the range of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Share {
    /// The degree.
    pub degree: u32,
    /// The share, from 0 to 1.
    pub in_range: f64,
}

/// One degree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The degree.
    pub degree: u32,
    /// `N(d,k)`.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
    pub multiplicity: usize,
    /// `lambda_k`.
    pub predicted: f64,
    /// What a sample of this size should show: `lambda_k` plus the bias for random points, `lambda_k` else.
    pub expected: f64,
    /// The mean of the cluster; `None` where it is not resolved.
    pub measured: Option<f64>,
    /// The lower end of the interval, or of the design's bound.
    pub ci_low: Option<f64>,
    /// The upper end.
    pub ci_high: Option<f64>,
    /// Measured over predicted; `None` where either is missing or the prediction is 0.
    pub ratio: Option<f64>,
    /// The mean share of the cluster's eigenvectors in the harmonics.
    pub alignment: Option<f64>,
    /// For random points: the unbiased estimate.
    pub unbiased: Option<Unbiased>,
    /// For a design: the mean over all pairs.
    pub over_pairs: Option<OverPairs>,
    /// Did every check of this degree hold?
    pub consistent: bool,
    /// Why a figure is missing or cannot be checked.
    pub note: Option<String>,
}

/// The unbiased pairwise estimate of an eigenvalue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unbiased {
    /// The mean of `K P_k` over pairs of different points.
    pub estimate: f64,
    /// The lower end of its interval.
    pub ci_low: f64,
    /// The upper end.
    pub ci_high: f64,
}

/// The mean over a design's pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OverPairs {
    /// The mean of `K P_k` over all pairs.
    pub mean: f64,
    /// The least that the predicted spectrum allows on these points.
    pub low: f64,
    /// The most.
    pub high: f64,
}

impl Row {
    pub(super) fn new(row: gram::Row, design: Design) -> Self {
        let random = design == Design::Uniform;
        let unbiased = |(estimate, ci): (f64, crate::compare::statistics::Interval)| Unbiased {
            estimate,
            ci_low: ci.low,
            ci_high: ci.high,
        };
        let over_pairs = |(mean, bound): (f64, crate::compare::statistics::Interval)| OverPairs {
            mean,
            low: bound.low,
            high: bound.high,
        };
        Self {
            degree: row.degree,
            multiplicity: row.multiplicity,
            predicted: row.predicted,
            expected: row.expected,
            measured: row.measured,
            ci_low: row.interval.map(|ci| ci.low),
            ci_high: row.interval.map(|ci| ci.high),
            ratio: row.measured.filter(|_| row.predicted != 0.0).map(|measured| measured / row.predicted),
            alignment: row.alignment,
            unbiased: row.pairwise.filter(|_| random).map(unbiased),
            over_pairs: row.pairwise.filter(|_| !random).map(over_pairs),
            consistent: !row.inconsistent,
            note: row.note,
        }
    }
}

fn as_text<S: Serializer>(number: &usize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Networks of finite width beside the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FiniteWidth {
    /// One row a width.
    pub rows: Vec<Width>,
    /// The slope of the distance against the width, both in logarithms; `None` for a single width.
    pub rate: Option<f64>,
    /// What it should be.
    pub expected_rate: f64,
}

impl FiniteWidth {
    pub(super) fn of(distances: &[finite_width::Distance]) -> Option<Self> {
        let row = |x: &finite_width::Distance| Width {
            width: x.width,
            distance: x.norm,
            leading: x.leading.clone(),
        };
        let rows: Vec<Width> = distances.iter().map(row).collect();
        (!rows.is_empty()).then(|| Self {
            rows,
            rate: finite_width::rate(distances),
            expected_rate: EXPECTED_RATE,
        })
    }
}

/// A network's kernel beside its limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Width {
    /// The width `m`.
    pub width: u32,
    /// The spectral norm of the difference.
    pub distance: f64,
    /// The largest eigenvalues of the network's kernel, falling.
    pub leading: Vec<f64>,
}
