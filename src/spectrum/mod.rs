//! What theory predicts: the eigenvalue of each degree.
//!
//! * [`exact`] — closed forms in rationals, degree by degree; [`exact_value`] — such values
//! * [`formula`] — closed forms in the degree itself, and values from them at any degree
//! * [`precise`] — any digits, certified where possible, with [`ellipse`] and [`cover`] for the truncation, [`interpolant`] for the kernel at
//!   many nodes, and [`nodes`] for the sums
//! * [`fast`] — f64 with a status
//!
//! These four do not use one another; [`spectrum`] chooses among them.
//!
//! * [`null_space`], [`decay`] — which eigenvalues vanish, and how fast the others fall
//! * [`convention`] — how papers and codes write the same eigenvalues
//! * [`identities`] — checks of a spectrum against what must hold of it

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
pub mod nodes;
pub mod null_space;
pub mod precise;

use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        ball::Ball,
        degrees::Degrees,
        harmonics::multiplicity,
        scalar::Scalar,
        units::{Bits, Digits, Dimension},
    },
};
use exact::ExactSpectrum;
use exact_value::ExactValue;
use precise::Obstacle;
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
}

impl Eigenvalue {
    /// The nearest machine number; it may underflow to zero.
    pub fn to_f64(&self) -> f64 {
        self.enclosure.midpoint().to_f64()
    }

    fn zero(degree: u64) -> Self {
        let closed = Some(ExactValue::default());
        Self { degree, enclosure: Ball::exact(Float::new(64)), kind: Kind::Zero, closed }
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
/// an estimate.
///
/// `lambda_k = omega_d Int_0^pi K(cos theta) P_k(cos theta) sin(theta)^(d-1) d theta`, so that
/// `sum_k lambda_k N(d,k) = K(1)`. Source: Funk-Hecke; theory.md, section 1.
///
/// # Errors
/// When the work would be beyond any patience, or the kernel is not finite at a node.
pub fn spectrum(kernel: &Kernel, dim: Dimension, degrees: &Degrees, goal: &Goal) -> Result<Spectrum> {
    if let Some(exact) = ExactSpectrum::of(kernel, dim) {
        let eigenvalues = exact
            .eigenvalues(degrees, goal.digits.bits().plus(8), goal.longest)
            .into_iter()
            .map(|value| {
                if value.enclosure.is_zero() {
                    return Eigenvalue::zero(value.degree);
                }
                let kind = Kind::Exact;
                Eigenvalue { degree: value.degree, enclosure: value.enclosure, kind, closed: value.closed }
            })
            .collect();
        return Ok(Spectrum { dim, eigenvalues, obstacle: None });
    }
    let powers = kernel.powers();
    let vanishes = |k: u64| powers.annihilates(k);
    let mut found: Vec<Option<Eigenvalue>> =
        degrees.iter().map(|k| vanishes(k).then(|| Eigenvalue::zero(k))).collect();
    if goal.fast {
        take_fast(kernel, dim, degrees, goal.digits, &mut found);
    }
    let mut open = found.iter().map(Option::is_none);
    let left = degrees.filtered(|_| open.next() == Some(true));
    let mut obstacle = None;
    if let Some(left) = left {
        let (values, reason) = precise::eigenvalues(kernel, dim, &left, goal.digits)?;
        obstacle = reason;
        let empty = found.iter_mut().filter(|v| v.is_none());
        for ((slot, degree), value) in empty.zip(left.iter()).zip(values) {
            let kind = if value.certified { Kind::Certified } else { Kind::Estimate };
            *slot = Some(Eigenvalue { degree, enclosure: value.enclosure, kind, closed: None });
        }
    }
    Ok(Spectrum { dim, eigenvalues: found.into_iter().flatten().collect(), obstacle })
}

/// Fills in what f64 holds to `digits`.
fn take_fast(
    kernel: &Kernel,
    dim: Dimension,
    degrees: &Degrees,
    digits: Digits,
    found: &mut [Option<Eigenvalue>],
) {
    let Ok(top) = u32::try_from(degrees.top()) else { return };
    let values = fast::eigenvalues(kernel, dim, top);
    let tolerance = 10f64.powi(-(digits.get() as i32)) / 2.0;
    for (slot, degree) in found.iter_mut().zip(degrees.iter()) {
        let value = values[degree as usize];
        if slot.is_none() && value.holds(tolerance) {
            let enclosure = Ball::new(Float::with_val(53, value.value), &Float::with_val(53, value.error));
            *slot = Some(Eigenvalue { degree, enclosure, kind: Kind::Estimate, closed: None });
        }
    }
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
