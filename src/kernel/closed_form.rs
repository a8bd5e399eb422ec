//! Kernels with eigenvalues in closed form, by their coefficients.

use crate::math::{constant::Constant, polynomial::Polynomial};

/// A kernel `K = c [A + B theta/pi + C sin(theta)/pi] + c' [S sin(theta/2) + T cos(theta/2)]`, in the basis whose eigenvalues are known in
/// closed form; all of `A, B, C, S, T` are polynomials in `t` over the rationals.
///
/// `theta/pi = 1/2 - 2 g` and `sin(theta)/pi = 2 (f - t g)`, where `g + 1/4 = (pi - theta)/(2 pi)` and
/// `f + t/4 = (sin theta + (pi - theta) t)/(2 pi)` are the dual activations of the step and of relu; `g` has odd degrees
/// only and `f` even ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClosedForm {
    /// The constant `c` in front.
    pub factor: Constant,
    /// What multiplies 1: `A + B/2`.
    pub polynomial: Polynomial,
    /// What multiplies `g`: `-2 B - 2 t C`.
    pub step: Polynomial,
    /// What multiplies `f`: `2 C`.
    pub ramp: Polynomial,
    /// The part with half angles.
    pub halves: Halves,
}

/// `c' [S(t) sin(theta/2) + T(t) cos(theta/2)]`: the odd powers of the chords `2 sin(theta/2)` and `2 cos(theta/2)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Halves {
    /// The constant `c'` in front.
    pub factor: Constant,
    /// What multiplies `sin(theta/2)`.
    pub sine: Polynomial,
    /// What multiplies `cos(theta/2)`.
    pub cosine: Polynomial,
}

impl Halves {
    /// Is there nothing?
    pub fn is_zero(&self) -> bool {
        self.sine.is_zero() && self.cosine.is_zero()
    }
}

impl ClosedForm {
    /// The polynomial in `t` that the kernel is, times the constant in front, if it is one.
    pub fn as_polynomial(&self) -> Option<(&Constant, &Polynomial)> {
        let plain = self.step.is_zero() && self.ramp.is_zero() && self.halves.is_zero();
        plain.then_some((&self.factor, &self.polynomial))
    }

    /// Are zeros of eigenvalues decided part by part? The two constants are the same, or both are products of powers of primes and
    /// of `pi`, so that what their parts are multiples of is equal or linearly independent over the rationals: `pi` is transcendental, and roots of
    /// different numbers without squares are independent (Besicovitch 1940). Of `e` beside `pi` nothing like that is known.
    pub(super) fn is_decidable(&self) -> bool {
        let whole = self.polynomial.is_zero() && self.step.is_zero() && self.ramp.is_zero();
        let either = whole || self.halves.is_zero() || self.factor == self.halves.factor;
        either || !(self.factor.has_e() || self.halves.factor.has_e())
    }
}
