//! What is said of a user's own kernel matrices.

use super::ClusterRow;
pub use crate::compare::matrix::Comparison;
use crate::experiment::data::LabelReport;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel, if one was given.
    pub kernel: Option<String>,
    /// The file of the points.
    pub data: Option<String>,
    /// The size of the matrices.
    pub points: usize,
    /// How the files were read, a line each.
    pub notes: Vec<String>,
    /// The network that the matrices are of, in words and as a kernel, where it is the kernel's in another convention.
    pub network: Option<[String; 2]>,
    /// One row a matrix.
    pub rows: Vec<Row>,
    /// What the means of several matrices say, each over the kernel's own value.
    pub means: Vec<Mean>,
    /// The slope of the deviation on the width, both in logarithms; -1/2 is expected.
    pub rate: Option<Rate>,
    /// The verdict.
    pub verdict: Verdict,
}

/// One matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The file.
    pub file: String,
    /// The width of its network, if it was given.
    pub width: Option<u64>,
    /// The largest asymmetry, over the largest entry.
    pub asymmetry: f64,
    /// Eigenvalues of the matrix over the number of points, falling.
    pub eigenvalues: Vec<f64>,
    /// Up to this size a negative eigenvalue is rounding.
    pub rounding: f64,
    /// Is the lowest eigenvalue negative beyond that?
    pub indefinite: bool,
    /// Eigenvalues above the rounding.
    pub rank: usize,
    /// The comparison with the kernel.
    pub comparison: Option<Comparison>,
    /// Eigenvalues by the harmonics that their eigenvectors lie in, where there are points on a sphere.
    pub clusters: Vec<ClusterRow>,
    /// What the matrix makes of the labels; empty without labels.
    #[serde(flatten)]
    pub label: LabelReport,
}

/// A mean over matrices with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mean {
    /// What is averaged.
    pub of: String,
    /// The interval of its ratio to the kernel's own.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The scale of the matrices where it is a known factor, else 1.
    pub scale: f64,
    /// Does the interval hold the scale?
    pub consistent: bool,
}

/// A slope with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rate {
    /// The slope.
    pub slope: f64,
    /// Its interval, from three widths on.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// The verdict on the matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Symmetric and positive; no kernel was given to compare with.
    Positive,
    /// A negative eigenvalue beyond rounding.
    Indefinite,
    /// Every entry is the kernel's, up to a known scale and rounding.
    Equal,
    /// The entries differ, and the means over the matrices agree with the kernel at the stated confidence.
    Consistent,
    /// The means over the matrices differ from the kernel.
    Inconsistent,
    /// The entries differ, and there are too few matrices to say whether by chance.
    Undecided,
}

/// What the rows and the means over them say.
pub(super) fn verdict(rows: &[Row], means: &[Mean]) -> Verdict {
    let equal = |row: &Row| row.comparison.as_ref().is_some_and(|one| one.equal && one.scale_text.is_some());
    if rows.iter().any(|row| row.indefinite) {
        Verdict::Indefinite
    } else if rows.iter().all(|row| row.comparison.is_none()) {
        Verdict::Positive
    } else if rows.iter().all(equal) {
        Verdict::Equal
    } else if means.is_empty() {
        Verdict::Undecided
    } else if means.iter().all(|mean| mean.consistent) {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    }
}

impl super::super::Report for Report {
    /// Are the matrices positive, and not shown to be another kernel's?
    fn passed(&self) -> bool {
        !matches!(self.verdict, Verdict::Indefinite | Verdict::Inconsistent)
    }
}
