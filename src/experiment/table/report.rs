//! What is said of eigenvalues.

use super::Row;
pub use crate::spectrum::Kind;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// One table a sphere.
    pub tables: Vec<Table>,
    /// Is a value that is not proved a failure?
    #[serde(skip)]
    pub(super) certify: bool,
    /// Is it shown by which route each value was found?
    #[serde(skip)]
    pub explain: bool,
}

/// The eigenvalues on one sphere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Table {
    /// The kernel as it was given.
    pub kernel: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// The name of the [`Normalization`](super::Normalization), or of the convention.
    pub normalization: Cow<'static, str>,
    /// The convention that values are written in, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convention: Option<WrittenIn>,
    /// Significant digits asked for.
    pub digits: u32,
    /// The kernel's formula.
    pub formula: String,
    /// `K(1)` to 12 digits.
    pub at_one: String,
    /// The share of `K(1)` that the rows hold, in the probability normalisation.
    pub trace: Trace,
    /// What to be wary of.
    pub notes: Vec<String>,
    /// One row a degree.
    pub rows: Vec<Row>,
}

/// The convention that a table is written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WrittenIn {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it writes.
    pub text: Cow<'static, str>,
    /// The paper or code that it is from.
    pub source: Cow<'static, str>,
    /// What eigenvalues are multiplied with, as a formula in the sphere's own `d`.
    pub factor: String,
    /// The dimension in its own meaning, as it was given.
    pub dim: u32,
}

/// `sum lambda_k N(d,k)` over the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trace {
    /// The sum to 12 digits.
    pub sum: String,
    /// What it is of `K(1)`, in percent and rounded down; none when that vanishes.
    pub share: Option<String>,
    /// What the degrees beyond the last row hold, where it was to be explained and the kernel has an expansion at the ends of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Beyond>,
}

/// `sum lambda_k N(d,k)` over all degrees above one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Beyond {
    /// The degree.
    pub degree: u64,
    /// The sum, to at most 12 digits.
    pub sum: String,
    /// At least the distance between `sum` and the true one; proved.
    pub error_bound: String,
}

impl crate::experiment::Report for Report {
    /// Has every value the digits asked for, and is it proved if that was asked for?
    fn passed(&self) -> bool {
        let fine = |row: &Row| row.complete && !(self.certify && row.kind == Kind::Estimate);
        self.tables.iter().flat_map(|table| &table.rows).all(fine)
    }
}
