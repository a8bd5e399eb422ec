//! How a class of eigenvalues falls with the degree: ratio, local exponent.

use super::{
    chord::Chord,
    class::Class,
    expression::{Expression, energy},
    value::Factors,
};
use crate::math::{polynomial::Polynomial, rational_function::RationalFunction, units::Dimension};
use rug::Rational;

/// The local exponent `-d log lambda / d log k`: a rational function and, for even `d`, `k [psi(n/2+1) - psi((n+1)/2)]` with the `n`
/// of `beta_n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalExponent {
    /// The rational function.
    pub rational: RationalFunction,
    /// `n - k` for even `d`.
    pub beta: Option<i64>,
}

impl Chord<Rational> {
    /// The local exponent, a rational function; `None` where all vanish, or if it is not that of `R` and `Y_n`:
    /// `k [ sum_m 1/(k-n-1/2+m) - (2k+d-1) R'(e)/R(e) ]`.
    pub fn local_exponent(&self, dim: Dimension, formula: &Expression) -> Option<LocalExponent> {
        if self.vanishes() {
            return None;
        }
        let rational = formula.logarithmic_derivative();
        let start = log_slope(&self.factor, &self.factor_in_degree(dim), dim);
        let (d, n) = (i64::from(dim.get()), i64::from(self.order));
        let sum = (0..=d + 2 * n).fold(start, |sum, m| {
            let doubled = Polynomial::new(vec![Rational::from(2 * m - 2 * n - 1), Rational::from(2)]);
            sum.plus(&RationalFunction::power(&doubled, -1).scaled(&Rational::from(2)))
        });
        let k = RationalFunction::linear(0, 1);
        (sum.times(&k) == rational).then_some(LocalExponent { rational, beta: None })
    }
}

/// `-(2k+d-1) Q'(e)/Q(e)` as a function of `k`.
fn log_slope(factor: &Polynomial, in_degree: &Polynomial, dim: Dimension) -> RationalFunction {
    let slope = factor.derivative().composed(&energy(dim)).times(&energy(dim).derivative());
    RationalFunction::power(&slope, 1).times_power(in_degree, -1).scaled(&Rational::from(-1))
}

impl Class<Rational> {
    /// `lambda_(k+2) / lambda_k = [(k-s)/(k+d+1+s)]^2 Q(e+4k+2d+2) / Q(e)`, as far as nothing is added at `k`; `None` for a class that
    /// vanishes, or if the formula in `k` does not have this ratio.
    pub fn ratio(&self, dim: Dimension, formula: &Expression) -> Option<RationalFunction> {
        if self.vanishes() {
            return None;
        }
        let (d, s) = (i64::from(dim.get()), i64::from(self.order));
        let here = self.factor_in_degree(dim);
        let next = here.composed(&Polynomial::shifted_variable(Rational::from(2)));
        let ratio = RationalFunction::linear(-s, 2)
            .times(&RationalFunction::linear(d + 1 + s, -2))
            .times_power(&next, 1)
            .times_power(&here, -1);
        (formula.two_on() == ratio.clone().times(&formula.rational)).then_some(ratio)
    }

    /// The local exponent, from the formula in `k`; `None` for a class that vanishes, or if it is not that of `Q` and `X_s`:
    ///
    /// ```text
    /// k [ psi((k+d+1+s)/2) - psi((k-s)/2) - (2k+d-1) Q'(e)/Q(e) ]
    /// ```
    ///
    /// where `psi(x+1) = psi(x) + 1/x` turns the first difference into that of the `beta` and a term `2/(k+a)` for every factor of
    /// the denominator.
    pub fn local_exponent(&self, dim: Dimension, formula: &Expression) -> Option<LocalExponent> {
        if self.vanishes() {
            return None;
        }
        let rational = formula.logarithmic_derivative();
        let k = RationalFunction::linear(0, 1);
        let Factors { shifts, beta, .. } = Factors::of(dim, self.order);
        let start = log_slope(&self.factor, &self.factor_in_degree(dim), dim);
        let sum = shifts.iter().fold(start, |sum, shift| {
            sum.plus(&RationalFunction::linear(*shift, -1).scaled(&Rational::from(2)))
        });
        (sum.times(&k) == rational).then_some(LocalExponent { rational, beta })
    }

    /// The exponent that the local one tends to: `d + 1 + 2s - 2 deg Q`.
    pub fn exponent(&self, dim: Dimension) -> Option<i64> {
        let degree = self.factor.degree()? as i64;
        Some(i64::from(dim.get()) + 1 + 2 * i64::from(self.order) - 2 * degree)
    }
}
