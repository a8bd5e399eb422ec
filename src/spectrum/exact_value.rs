//! Eigenvalues as numbers in closed form.

use crate::math::{ball::Ball, units::Bits};
use rug::Rational;
use std::fmt;

/// `rational + over_pi_squared / pi^2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExactValue {
    /// The rational part.
    pub rational: Rational,
    /// The rational that is divided by `pi^2`.
    pub over_pi_squared: Rational,
}

impl ExactValue {
    /// Is this zero?
    pub fn is_zero(&self) -> bool {
        self.rational.is_zero() && self.over_pi_squared.is_zero()
    }

    /// The value times a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        let [rational, over_pi_squared] =
            [&self.rational, &self.over_pi_squared].map(|q| Rational::from(q * factor));
        Self { rational, over_pi_squared }
    }

    /// Characters that [`fmt::Display`] writes, up to a few.
    pub fn length(&self) -> usize {
        let digits = |q: &Rational| (q.numer().significant_bits() + q.denom().significant_bits()) as usize;
        (digits(&self.rational) + digits(&self.over_pi_squared)) * 3 / 10
    }

    /// The value, enclosed at `precision`.
    pub fn enclosure(&self, precision: Bits) -> Ball {
        let pi = Ball::pi_at(precision);
        let ball = |q| Ball::from_rational(precision, q);
        ball(&self.rational) + ball(&self.over_pi_squared) / (pi.clone() * pi)
    }
}

impl fmt::Display for ExactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let q = &self.over_pi_squared;
        if q.is_zero() {
            return write!(f, "{}", self.rational);
        }
        let pi_part = |q: &Rational| {
            if *q.denom() == 1 {
                format!("{}/pi^2", q.numer())
            } else {
                format!("{}/({} pi^2)", q.numer(), q.denom())
            }
        };
        if self.rational.is_zero() {
            return f.write_str(&pi_part(q));
        }
        let sign = if *q < 0 { '-' } else { '+' };
        write!(f, "{} {sign} {}", self.rational, pi_part(&Rational::from(q.abs_ref())))
    }
}
