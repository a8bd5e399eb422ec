//! Eigenvalues as numbers in closed form.

use crate::math::{
    ball::Ball,
    constant::{Constant, term},
    units::Bits,
};
use rug::Rational;
use std::fmt;

/// `factor (rational + over_pi_squared / pi^2)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExactValue {
    /// The constant in front; 1 for every kernel but formulas.
    pub factor: Constant,
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

    /// The value, if it is a rational number by its form.
    pub fn as_rational(&self) -> Option<&Rational> {
        let plain = self.is_zero() || (self.factor.is_one() && self.over_pi_squared.is_zero());
        plain.then_some(&self.rational)
    }

    /// The value times a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        let [rational, over_pi_squared] =
            [&self.rational, &self.over_pi_squared].map(|q| Rational::from(q * factor));
        Self { factor: self.factor.clone(), rational, over_pi_squared }
    }

    /// Characters that [`fmt::Display`] writes, up to a few.
    pub fn length(&self) -> usize {
        let digits = |q: &Rational| (q.numer().significant_bits() + q.denom().significant_bits()) as usize;
        (digits(&self.rational) + digits(&self.over_pi_squared)) * 3 / 10
    }

    /// The value, enclosed at `precision`, with a relative error of some units in the last place even where the two parts cancel.
    pub fn enclosure(&self, precision: Bits) -> Ball {
        let mut work = precision;
        loop {
            let pi = Ball::pi_at(work);
            let ball = |q| Ball::from_rational(work, q);
            let sum = match self.over_pi_squared.is_zero() {
                true => ball(&self.rational),
                false => ball(&self.rational) + ball(&self.over_pi_squared) / (pi.clone() * pi),
            };
            // `pi^2` is irrational, so that the sum is zero only if both parts are, and this ends.
            if self.is_zero() || sum.radius() <= sum.magnitude() >> (precision.0.saturating_sub(4)) {
                return if self.factor.is_one() { sum } else { sum * self.factor.enclosure(work) };
            }
            work = work.plus(work.0);
        }
    }
}

impl fmt::Display for ExactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let q = &self.over_pi_squared;
        let (_, over) = self.factor.times(&Constant::pi(-2));
        match (self.rational.is_zero(), q.is_zero()) {
            (true, true) => f.write_str("0"),
            (false, true) => f.write_str(&term(&self.rational, &self.factor)),
            (true, false) => f.write_str(&term(q, &over)),
            (false, false) => {
                let sign = if *q < 0 { '-' } else { '+' };
                let size = Rational::from(q.abs_ref());
                write!(f, "{} {sign} {}", term(&self.rational, &self.factor), term(&size, &over))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(factor: Constant, rational: (i32, i32), over: (i32, i32)) -> ExactValue {
        ExactValue { factor, rational: Rational::from(rational), over_pi_squared: Rational::from(over) }
    }

    #[test]
    fn values_are_written_with_their_constants() {
        for (factor, rational, over, text) in [
            (Constant::default(), (5, 32), (0, 1), "5/32"),
            (Constant::default(), (0, 1), (4, 9), "4/(9 pi^2)"),
            (Constant::default(), (1, 2), (-4, 1), "1/2 - 4/pi^2"),
            (Constant::pi(1), (1, 2), (-4, 1), "pi/2 - 4/pi"),
            (Constant::pi(2), (0, 1), (-4, 3), "-4/3"),
            (Constant::pi(1), (0, 1), (0, 1), "0"),
        ] {
            assert_eq!(value(factor, rational, over).to_string(), text);
        }
    }

    /// `q1 + q2/pi^2` with `q1` a decimal of `4/pi^2` to 13 digits.
    #[test]
    fn cancelling_parts_keep_their_digits() {
        let q = Rational::from((40_528_473_456_935i64, 200_000_000_000_000i64));
        let sum = ExactValue { rational: q, over_pi_squared: Rational::from(-2), ..Default::default() };
        let text = sum.enclosure(Bits(80)).midpoint().to_string_radix(10, Some(20));
        assert_eq!(text, "-5.4288775892641945528e-16");
    }
}
