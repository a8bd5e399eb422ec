//! What theory predicts: the eigenvalue of each degree.
//!
//! * [`exact`] — closed forms in rationals, degree by degree; [`exact_value`] — such values
//! * [`formula`] — closed forms in the degree itself, and values from them at any degree
//! * [`precise`] — any digits, certified where possible, with [`ellipse`] and [`cover`] for the truncation, [`interpolant`] for the kernel at
//!   many nodes, and [`nodes`] for the sums
//! * [`series`] — smooth kernels, and those in the chord, by series that converge at every degree
//! * [`asymptotic`] — high degrees, from the kernel's behaviour at both ends, with a proved error
//! * [`fast`] — f64 with a status
//!
//! These six do not use one another; [`route`] chooses among them.
//!
//! * [`null_space`], [`decay`], [`leading`] — which eigenvalues vanish, how fast the others fall, and with which constants
//! * [`convention`] — how papers and codes write the same eigenvalues
//! * [`identities`] — checks of a spectrum against what must hold of it

pub mod asymptotic;
pub mod convention;
pub mod cover;
pub mod decay;
pub mod ellipse;
pub mod estimate;
pub mod exact;
pub mod exact_value;
pub mod fast;
pub mod formula;
pub mod identities;
pub mod interpolant;
pub mod leading;
pub mod nodes;
pub mod null_space;
pub mod panels;
pub mod precise;
pub mod route;
pub mod series;

use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        ball::Ball,
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
};
use exact_value::ExactValue;
use precise::Obstacle;
pub use route::{Predictor, Route};
use rug::{Float, Rational};
use serde::{Deserialize, Serialize};

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Proved to vanish.
    Zero,
    /// A closed form.
    Exact,
    /// A rigorous enclosure.
    Certified,
    /// A value whose error is an estimate.
    Estimate,
}

impl Kind {
    /// The kind as one word, as in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Exact => "exact",
            Self::Certified => "certified",
            Self::Estimate => "estimate",
        }
    }
}

/// The eigenvalue of one degree, in the probability normalisation.
#[derive(Clone, Debug)]
pub struct Eigenvalue {
    /// The degree `k`.
    pub degree: u64,
    /// The value with its error; exactly zero for [`Kind::Zero`].
    pub enclosure: Ball,
    /// What is known of it.
    pub kind: Kind,
    /// The closed form, for zeros and exact values that are not too long.
    pub closed: Option<ExactValue>,
    /// How it was found.
    pub route: Route,
}

impl Eigenvalue {
    /// The nearest machine number; it may underflow to zero.
    pub fn to_f64(&self) -> f64 {
        self.enclosure.midpoint().to_f64()
    }

    fn zero(degree: u64) -> Self {
        let closed = Some(ExactValue::default());
        Self { degree, enclosure: Ball::exact(Float::new(64)), kind: Kind::Zero, closed, route: Route::Exact }
    }
}

/// How exact a spectrum is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// Correct significant digits of each value.
    pub digits: Digits,
    /// Longest closed form given, in characters.
    pub longest: usize,
    /// May f64 serve where it holds the digits? Such values are estimates.
    pub fast: bool,
}

impl Goal {
    /// The goal of `digits` significant digits, with closed forms of readable length.
    pub fn digits(digits: Digits) -> Self {
        Self { digits, longest: 1000, fast: false }
    }
}

/// Eigenvalues of a kernel on a sphere.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// The sphere.
    pub dim: Dimension,
    /// One value a degree asked for, in their order.
    pub eigenvalues: Vec<Eigenvalue>,
    /// Why values are estimates, if any are.
    pub obstacle: Option<Obstacle>,
}

/// The eigenvalues of `kernel` on `S^d` at `degrees`, by the best route: closed form, else certified digits, else
/// an estimate. A [`Predictor`] does the same and keeps what it finds out about the kernel.
///
/// `lambda_k = omega_d Int_0^pi K(cos theta) P_k(cos theta) sin(theta)^(d-1) d theta`, so that
/// `sum_k lambda_k N(d,k) = K(1)`. Source: Funk-Hecke; theory.md, section 1.
///
/// # Errors
/// When the work would be beyond any patience, with the digits that are within reach, or the kernel is not finite at a node.
pub fn spectrum(kernel: &Kernel, dim: Dimension, degrees: &Degrees, goal: &Goal) -> Result<Spectrum> {
    Predictor::of(kernel).spectrum(dim, degrees, goal)
}

impl Spectrum {
    /// `sum lambda_k N(d,k)` over the degrees present.
    pub fn trace(&self) -> Ball {
        let precision =
            self.eigenvalues.iter().map(|value| value.enclosure.precision()).max().unwrap_or(Bits(64));
        let term = |value: &Eigenvalue| {
            let count = Rational::from(multiplicity(self.dim, value.degree));
            Ball::from_rational(precision, &count) * value.enclosure.clone()
        };
        self.eigenvalues.iter().map(term).fold(Ball::exact(Float::new(precision.0)), |sum, x| sum + x)
    }
}
