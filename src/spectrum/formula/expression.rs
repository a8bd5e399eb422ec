//! Formulas in `k` for one sphere: rational functions of `k` over `pi^2`, or times the square of a central binomial.

use super::{class::Class, value::Factors};
use crate::math::{polynomial::Polynomial, rational_function::RationalFunction, units::Dimension};
use rug::Rational;

/// `rational(k) / pi^over_pi`, times `beta_n^2` where there is one, `beta_n = 2^-n binom(n, n/2)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The rational function of `k`.
    pub rational: RationalFunction,
    /// The power of `pi` below: for odd `d` it is 2, of chords 1; for even `d` 0.
    pub over_pi: i32,
    /// `n - k`, which is 0 for even `k` and -1 for odd `k`; `None` for odd `d` and for chords.
    pub beta: Option<i64>,
}

/// `e = k (k+d-1)` as a polynomial in `k`.
pub fn energy(dim: Dimension) -> Polynomial {
    Polynomial::new(vec![Rational::new(), Rational::from(dim.get() - 1), Rational::from(1)])
}

/// The multiplicity `N(d,k) = (2k+d-1) (k+1)...(k+d-2) / (d-1)!` as a polynomial in `k`; on the circle it is 2, for `k >= 1`.
pub fn multiplicity(dim: Dimension) -> Polynomial {
    let d = dim.get();
    if d == 1 {
        return Polynomial::constant(Rational::from(2));
    }
    let start = Polynomial::new(vec![Rational::from(d - 1), Rational::from(2)]);
    (1..=d - 2)
        .fold(start, |product, i| {
            product.times(&Polynomial::shifted_variable(Rational::from(i))).scaled(&Rational::from((1, i)))
        })
        .scaled(&Rational::from((1, d - 1)))
}

impl Class<Rational> {
    /// `Q(e)` as a polynomial in `k`.
    pub fn factor_in_degree(&self, dim: Dimension) -> Polynomial {
        self.factor.composed(&energy(dim))
    }

    /// `C_d Q(e) X_s(k)` as a formula in `k`.
    pub fn expression(&self, dim: Dimension) -> Expression {
        self.times_polynomial(dim, &self.factor_in_degree(dim))
    }

    /// `C_d p(k) X_s(k)` as a formula in `k`.
    pub(super) fn times_polynomial(&self, dim: Dimension, p: &Polynomial) -> Expression {
        let Factors { coefficient, shifts, beta } = Factors::of(dim, self.order);
        let start = RationalFunction::constant(coefficient).times_power(p, 1);
        let rational =
            shifts.iter().fold(start, |product, shift| product.times(&RationalFunction::linear(*shift, -2)));
        Expression { rational, over_pi: if beta.is_none() { 2 } else { 0 }, beta }
    }
}

impl Expression {
    /// The rational function of the same formula at `k + 2`, over what `pi` and `beta` are at `k`.
    ///
    /// `beta_(n+2) = beta_n (n+1)/(n+2)`.
    pub fn two_on(&self) -> RationalFunction {
        let moved = self.rational.composed(&Polynomial::shifted_variable(Rational::from(2)));
        match self.beta {
            None => moved,
            Some(shift) => moved
                .times(&RationalFunction::linear(shift + 1, 2))
                .times(&RationalFunction::linear(shift + 2, -2)),
        }
    }

    /// `-k R'(k)/R(k)` for the rational function `R`.
    pub(super) fn logarithmic_derivative(&self) -> RationalFunction {
        let k = RationalFunction::linear(0, 1);
        self.rational.factors().into_iter().fold(
            RationalFunction::constant(Rational::new()),
            |sum, (p, n)| {
                let term = RationalFunction::power(&p.derivative(), 1).times_power(p, -1);
                sum.plus(&term.times(&k).scaled(&Rational::from(-n)))
            },
        )
    }
}
