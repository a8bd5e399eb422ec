//! Laurent polynomials in `pi` over the rationals.

use crate::math::{ball::Ball, constant::Constant, units::Bits};
use rug::Rational;
use std::collections::BTreeMap;

/// `sum_e r_e pi^e`, none of the `r_e` being 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PiPolynomial(BTreeMap<i32, Rational>);

impl PiPolynomial {
    pub(super) fn monomial(coefficient: Rational, exponent: i32) -> Self {
        Self([(exponent, coefficient)].into_iter().filter(|(_, r)| !r.is_zero()).collect())
    }

    /// The powers of `pi` with what multiplies them, the highest first.
    pub fn terms(&self) -> impl Iterator<Item = (i32, &Rational)> {
        self.0.iter().rev().map(|(exponent, r)| (*exponent, r))
    }

    /// Is this 0?
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, enclosed.
    pub fn enclosure(&self, precision: Bits) -> Ball {
        let zero = Ball::from_rational(precision, &Rational::new());
        self.0.iter().fold(zero, |sum, (exponent, r)| {
            sum + Ball::from_rational(precision, r) * Constant::pi(*exponent).enclosure(precision)
        })
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.0.clone();
        for (exponent, r) in &other.0 {
            *sum.entry(*exponent).or_default() += r;
        }
        sum.retain(|_, r| !r.is_zero());
        Self(sum)
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        self.0.iter().fold(Self::default(), |sum, (e, r)| {
            let shifted = other.0.iter().map(|(f, s)| (e + f, Rational::from(r * s)));
            sum.plus(&Self(shifted.collect()))
        })
    }

    pub(super) fn scaled(&self, factor: &Rational) -> Self {
        self.times(&Self::monomial(factor.clone(), 0))
    }

    /// The only term, if there is just one.
    pub(super) fn single(&self) -> Option<(i32, &Rational)> {
        self.terms().next().filter(|_| self.0.len() == 1)
    }

    pub(super) fn recip(&self) -> Option<Self> {
        self.single().map(|(exponent, r)| Self::monomial(r.clone().recip(), -exponent))
    }

    /// The root of a square.
    pub(super) fn sqrt(&self) -> Option<Self> {
        let (exponent, r) = self.single().filter(|(exponent, r)| exponent % 2 == 0 && **r > 0)?;
        let square = r.numer().is_perfect_square() && r.denom().is_perfect_square();
        let root = || Rational::from((r.numer().clone().sqrt(), r.denom().clone().sqrt()));
        square.then(|| Self::monomial(root(), exponent / 2))
    }
}
