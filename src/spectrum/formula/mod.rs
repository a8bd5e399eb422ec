//! Closed forms in the degree `k`: for each parity of `k` one formula that holds at every degree, proved.
//!
//! **Theorem.** Let `K = A(t) + B(t) theta/pi + C(t) sin(theta)/pi` with polynomials over Q (or a constant times that, see
//! [`NormalForm::factor`]), and `e = k(k+d-1)`. For each parity of
//! `k` there are `s >= 0` with `k - s` odd and a polynomial `Q` over Q such that, for every `k >= 0` of that parity,
//!
//! ```text
//! lambda_k = a_k + C_d Q(e) X_s(k),     X_s(k) = [Gamma((k-s)/2) / Gamma((k+d+1+s)/2)]^2,     C_d = [Gamma((d+1)/2) / (2 pi)]^2
//! ```
//!
//! where `a_k` is the eigenvalue of the polynomial `A + B/2`, and so vanishes beyond its degree.
//!
//! *Proof.* In the basis of [`ClosedForm`], `K = (A + B/2) + P1 g + P2 f`. The eigenvalues of `g`, for odd `k`, are `C_d X_0`, those
//! of `f`, for even `k`, are `C_d (d+1)/4 X_1`, and multiplication by `t` keeps the form ([`Class::times_cosine`]). The first two are
//! the squares of the coefficients of the step and of the ramp (theory.md, section 2).
//!
//! To this the half angles add `W_d R(e) Y_n(k)` ([`chord`]), and both together are 0 where `Q` and `R` are.
//!
//! `Q = 0` is the proof that a parity vanishes. Coefficients may lie in Q, for one sphere, or in `Q[d]`, for all at once.
//!
//! * [`class`] — one parity: `Q`, `s`, and the map of multiplication by `t`
//! * [`chord`] — what kernels with a factor `sin(theta/2)` or `cos(theta/2)` have
//! * [`moments`] — eigenvalues of the powers of `t`
//! * [`value`] — the value at any degree; [`central_binomial`] — what even `d` needs for it
//! * [`zeros`] — the degrees that vanish, all of them
//! * [`expression`] — the formula in `k`; [`decay`] — its ratio and local exponent
//! * [`notation`] — all of it as text, LaTeX and sympy
//! * [`expansion`] — in powers of `1/kappa`; [`tail`] — the tail of the trace, summed

pub mod central_binomial;
pub mod chord;
pub mod class;
pub mod decay;
pub mod expansion;
pub mod expression;
pub mod moments;
pub mod notation;
pub mod tail;
pub mod value;
pub mod zeros;

use crate::{
    kernel::{Kernel, symbolic::ClosedForm},
    math::{
        constant::Constant,
        polynomial::{Polynomial, Ring},
        units::Dimension,
    },
};
use chord::Chord;
pub use class::Class;
use moments::Moments;
use rug::Rational;
use std::fmt;

/// A ring of coefficients in which the dimension of the sphere is an element.
pub trait Coefficients: Ring {
    /// Which spheres these coefficients are for.
    type Sphere: Copy + fmt::Debug + PartialEq;
    /// The dimension `d` as an element of the ring.
    fn dimension(sphere: Self::Sphere) -> Self;
}

impl Coefficients for Rational {
    type Sphere = Dimension;
    fn dimension(sphere: Dimension) -> Self {
        Self::from(sphere.get())
    }
}

/// Spheres of all dimensions at once: `d` is a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EveryDimension;

impl Coefficients for Polynomial {
    type Sphere = EveryDimension;
    fn dimension(_: EveryDimension) -> Self {
        Self::shifted_variable(Rational::new())
    }
}

/// The eigenvalues of a kernel at all degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalForm<C: Coefficients = Rational> {
    /// The sphere.
    pub sphere: C::Sphere,
    /// The constant in front of everything; 1 for every kernel but formulas.
    pub factor: Constant,
    /// Even degrees.
    pub even: Class<C>,
    /// Odd degrees.
    pub odd: Class<C>,
    /// What the kernel's polynomial part adds at single degrees.
    pub added: Moments,
    /// The constant in front of the part with half angles.
    pub halves: Constant,
    /// The part with half angles, for even and for odd degrees.
    pub chords: [Chord<C>; 2],
}

impl<C: Coefficients> NormalForm<C> {
    /// The normal form of `kernel`, if it has a closed form.
    pub fn of(kernel: &Kernel, sphere: C::Sphere) -> Option<Self> {
        kernel.closed_form().map(|form| Self::of_closed_form(&form, sphere))
    }

    /// The normal form of a kernel given by its closed form.
    pub fn of_closed_form(form: &ClosedForm, sphere: C::Sphere) -> Self {
        let one = Polynomial::constant(C::from_rational(&Rational::from(1)));
        let d = C::dimension(sphere);
        let ramp = d.plus(&C::from_rational(&Rational::from(1))).scaled(&Rational::from((1, 4)));
        let step = Pair::product(&form.step, &Class::new(0, one.clone()), &d);
        let ramp = Pair::product(&form.ramp, &Class::new(1, one.times_constant(&ramp)), &d);
        let Pair { even, odd } = step.plus(ramp, &d);
        let (even, odd) = (even.lowered(&d), odd.lowered(&d));
        Self {
            sphere,
            factor: form.factor.clone(),
            even,
            odd,
            added: Moments::new(form.polynomial.clone()),
            halves: form.halves.factor.clone(),
            chords: Chord::pair(&form.halves.sine, &form.halves.cosine, sphere),
        }
    }

    /// The class of a degree's parity.
    pub fn class(&self, degree: u64) -> &Class<C> {
        if degree.is_multiple_of(2) { &self.even } else { &self.odd }
    }

    /// What half angles add to a degree of this parity.
    pub fn chord(&self, degree: u64) -> &Chord<C> {
        &self.chords[(degree % 2) as usize]
    }
}

/// Both parities of a sequence of eigenvalues.
struct Pair<C> {
    even: Class<C>,
    odd: Class<C>,
}

impl<C: Ring> Pair<C> {
    fn zero() -> Self {
        Self { even: Class::new(1, Polynomial::default()), odd: Class::new(0, Polynomial::default()) }
    }

    /// The eigenvalues of `p(t) K`, where those of `K` are `class`: Horner's rule.
    fn product(p: &Polynomial, class: &Class<C>, d: &C) -> Self {
        let mut sum = Self::zero();
        for coefficient in p.coefficients().iter().rev() {
            let Self { even, odd } = sum;
            sum = Self { even: odd.times_cosine(d), odd: even.times_cosine(d) };
            let term = class.clone().times_constant(&C::from_rational(coefficient));
            if class.order % 2 == 1 {
                sum.even = sum.even.plus(term, d);
            } else {
                sum.odd = sum.odd.plus(term, d);
            }
            sum = Self { even: sum.even.lowered(d), odd: sum.odd.lowered(d) };
        }
        sum
    }

    fn plus(self, other: Self, d: &C) -> Self {
        Self { even: self.even.plus(other.even, d), odd: self.odd.plus(other.odd, d) }
    }
}

#[cfg(test)]
mod tests;
