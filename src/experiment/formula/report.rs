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
    pub formulas: Vec<Entry>,
}

/// What is known of one sphere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// Formulas for every degree.
    Formulas(Box<Formulas>),
    /// The law of large degrees, for a kernel without a closed form.
    LargeDegrees(Box<LargeDegrees>),
}

impl Entry {
    pub(super) fn of(formulas: Formulas) -> Self {
        Self::Formulas(Box::new(formulas))
    }
}

/// The law of large degrees, `lambda_k ~ constant kappa^-exponent` with `kappa = k + (d-1)/2`, in the probability normalisation.
///
/// The whole expansion is `lambda_k = sum_i [tau_(2i+1) + (-1)^k tau~_(2i+1)] E_(2i+1)(k)` with the coefficients at the two ends and the eigenvalues `E` of
/// the odd powers of the chord.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LargeDegrees {
    /// The dimension of the sphere.
    pub dim: u32,
    /// The exponent of the slower parity.
    pub exponent: Option<i64>,
    /// The constants.
    pub constants: LeadingConstants,
    /// The angles that the constants name.
    pub angles: Vec<Angle>,
    /// The coefficients of `x = 2 sin(theta/2)` at `theta = 0` and of `y = 2 cos(theta/2)` at `theta = pi`.
    pub coefficients: Vec<Coefficient>,
    /// From which degree on the expansion's bound gives how many digits.
    pub digits: Vec<Reach>,
}

/// The constants of both parities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeadingConstants {
    /// Even degrees.
    pub even: Leading,
    /// Odd degrees.
    pub odd: Leading,
}

/// A leading constant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Leading {
    /// In closed form where it has one, else as a decimal.
    #[serde(flatten)]
    pub line: Line,
    /// Is that a closed form?
    pub exact: bool,
    /// Does it agree with the kernel's own power series?
    pub proved: bool,
    /// The exponent of this parity; none where it vanishes, falls faster than any power, or is not told from zero.
    pub exponent: Option<i64>,
    /// The value.
    #[serde(flatten)]
    pub enclosed: Enclosed,
}

/// A number within an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// The decimal.
    pub value: String,
    /// At least the distance between the decimal and the number, proved.
    pub error_bound: String,
}

/// An angle between the inputs of a layer for opposite points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Angle {
    /// Its name, such as `v_3`.
    pub name: String,
    /// Its value, which may name the angle before.
    pub text: String,
    /// The same in LaTeX.
    pub latex: String,
    /// The same for sympy.
    pub sympy: String,
}

/// The coefficients of one odd power.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The power of the chord.
    pub power: u32,
    /// `tau`, at `theta = 0`.
    pub at_zero: Enclosed,
    /// The same as a polynomial in `1/pi`, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_zero_exact: Option<Exactly>,
    /// `tau~`, at `theta = pi`.
    pub at_pi: Enclosed,
}

/// A number in closed form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exactly {
    /// Plain text.
    pub text: String,
    /// LaTeX for amsmath.
    pub latex: String,
    /// An expression for sympy.
    pub sympy: String,
}

/// From which degree on there are so many digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The digits.
    pub digits: u32,
    /// The first degree; none where no degree has them.
    pub from: Option<u64>,
}

impl Leading {
    pub(super) fn vanishing() -> Self {
        let zero = || "0".to_owned();
        let written = Written { text: zero(), latex: zero(), sympy: zero() };
        let enclosed = Enclosed { value: zero(), error_bound: zero() };
        Self {
            line: Line::new(written, "the kernel has no such powers of t"),
            exact: true,
            proved: true,
            exponent: None,
            enclosed,
        }
    }

    /// No power law: the degrees of this parity fall faster than any.
    pub(super) fn smooth() -> Self {
        let text = "falls faster than any power";
        let written =
            Written { text: text.to_owned(), latex: format!("\\text{{{text}}}"), sympy: "0".into() };
        let none = Enclosed { value: "0".into(), error_bound: "0".into() };
        let line = Line::new(written, "the form of the network: no kink reaches this parity");
        Self { line, exact: false, proved: true, exponent: None, enclosed: none }
    }

    /// Undecided: nothing but a bound on the first constant is known.
    pub(super) fn undecided(enclosed: Enclosed) -> Self {
        let text = || "not told from 0".to_owned();
        let written = Written { text: text(), latex: "\\text{not told from 0}".into(), sympy: "nan".into() };
        let line = Line::new(written, "no coefficient could be told from zero, nor be proved to vanish");
        Self { line, exact: false, proved: false, exponent: None, enclosed }
    }

    /// Is there nothing against it? A constant that is undecided fails no check.
    fn stands(&self) -> bool {
        self.proved || self.exponent.is_none()
    }
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
    /// Is every formula proved, and equal to the recurrence where they were compared? Is every constant that of the power series?
    fn passed(&self) -> bool {
        self.formulas.iter().all(|entry| match entry {
            Entry::Formulas(formulas) => formulas.even.proved && formulas.odd.proved,
            Entry::LargeDegrees(law) => law.constants.even.stands() && law.constants.odd.stands(),
        })
    }
}
