//! What is found: formulas in three notations, each with the check that was made.

use crate::spectrum::formula::notation::Written;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Formulas of a kernel, one entry a sphere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel as it was given.
    pub kernel: String,
    /// Its formula.
    #[serde(skip)]
    pub formula: String,
    /// One entry a sphere.
    pub formulas: Vec<Formulas>,
}

/// The sphere: its dimension, or the symbol for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sphere {
    /// The sphere of this dimension.
    Dimension(u32),
    /// Spheres of every dimension `d`, written as this symbol.
    Symbol(Cow<'static, str>),
}

impl fmt::Display for Sphere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimension(d) => d.fmt(f),
            Self::Symbol(symbol) => f.write_str(symbol),
        }
    }
}

/// What is known of one sphere, in the probability normalisation.
///
/// The eigenvalue of a degree is the value of the formula of its parity plus what is added at that degree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Formulas {
    /// The sphere.
    pub dim: Sphere,
    /// Even degrees.
    pub even: Law,
    /// Odd degrees.
    pub odd: Law,
    /// What is added at single degrees.
    pub added: Vec<Added>,
    /// `lambda_(k+2) / lambda_k`.
    pub ratio: ByParity,
    /// The local exponent `-d log lambda / d log k`.
    pub exponent: ByParity,
    /// The expansion in `1/kappa`, `kappa = k + (d-1)/2`.
    pub expansion: ByParity,
    /// The tail of the trace, `lambda_k N(d,k) + lambda_(k+2) N(d,k+2) + ...`.
    pub tail: ByParity,
}

/// A formula with the check that was made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Line {
    /// Plain text.
    pub text: String,
    /// LaTeX for amsmath.
    pub latex: String,
    /// An expression for sympy.
    pub sympy: String,
    /// What was checked, and how.
    pub check: String,
}

/// The formula of all degrees of one parity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Law {
    /// The formula; `0` where the parity vanishes.
    #[serde(flatten)]
    pub line: Line,
    /// The first degree from which on nothing is added.
    pub from: u64,
    /// Is it proved for every degree, and equal to the exact recurrence where the two were compared?
    pub proved: bool,
}

/// What is added to the formula at one degree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Added {
    /// The degree.
    pub degree: u64,
    /// The number as text; for all spheres, a quotient in `d`.
    pub value: String,
    /// The same in LaTeX.
    pub latex: String,
    /// The same for sympy.
    pub sympy: String,
}

/// Lines of the parities that do not vanish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ByParity {
    /// Even degrees.
    pub even: Option<Line>,
    /// Odd degrees.
    pub odd: Option<Line>,
}

impl Line {
    pub(super) fn new(Written { text, latex, sympy }: Written, check: impl Into<String>) -> Self {
        Self { text, latex, sympy, check: check.into() }
    }
}

impl crate::experiment::Report for Report {
    /// Is every formula proved, and equal to the recurrence where they were compared?
    fn passed(&self) -> bool {
        self.formulas.iter().all(|formulas| formulas.even.proved && formulas.odd.proved)
    }
}
