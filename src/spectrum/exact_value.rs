//! Eigenvalues as numbers in closed form.

use crate::math::{
    ball::Ball,
    constant::{Constant, term},
    units::Bits,
};
use rug::Rational;
use std::fmt;

/// `factor (rational + over_pi_squared / pi^2)`, and beside it a rational times a constant of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExactValue {
    /// The constant in front; 1 for every kernel but formulas.
    pub factor: Constant,
    /// The rational part.
    pub rational: Rational,
    /// The rational that is divided by `pi^2`.
    pub over_pi_squared: Rational,
    /// What half angles add, where it is no multiple of the constants above.
    pub beside: Beside,
}

/// A rational times a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The constant; 1 for a rational 0.
    pub factor: Constant,
    /// The rational.
    pub rational: Rational,
}

impl ExactValue {
    /// The sum `factor (rational + over_pi_squared / pi^2) + beside`, each multiple of one constant written once.
    pub fn new(
        factor: Constant,
        rational: Rational,
        over_pi_squared: Rational,
        beside: (Constant, Rational),
    ) -> Self {
        let (own, add) = beside;
        let value = Self { factor, rational, over_pi_squared, beside: Beside::default() };
        if add.is_zero() {
            return value;
        }
        if value.is_zero() {
            return Self { factor: own, rational: add, ..Self::default() };
        }
        if own == value.factor {
            return Self { rational: value.rational + add, ..value };
        }
        if own == value.factor.times(&Constant::pi(-2)).1 {
            return Self { over_pi_squared: value.over_pi_squared + add, ..value };
        }
        Self { beside: Beside { factor: own, rational: add }, ..value }
    }

    /// Is this zero? Multiples of the three constants are independent over the rationals ([`crate::kernel::symbolic::ClosedForm`]).
    pub fn is_zero(&self) -> bool {
        self.rational.is_zero() && self.over_pi_squared.is_zero() && self.beside.rational.is_zero()
    }

    /// The value, if it is a rational number by its form.
    pub fn as_rational(&self) -> Option<&Rational> {
        let alone = self.over_pi_squared.is_zero() && self.beside.rational.is_zero();
        (self.is_zero() || (self.factor.is_one() && alone)).then_some(&self.rational)
    }

    /// The value times a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        let [rational, over_pi_squared, beside] =
            [&self.rational, &self.over_pi_squared, &self.beside.rational]
                .map(|q| Rational::from(q * factor));
        let beside = Beside { factor: self.beside.factor.clone(), rational: beside };
        Self { factor: self.factor.clone(), rational, over_pi_squared, beside }
    }

    /// Characters that [`fmt::Display`] writes, up to a few.
    pub fn length(&self) -> usize {
        let digits = |q: &Rational| (q.numer().significant_bits() + q.denom().significant_bits()) as usize;
        (digits(&self.rational) + digits(&self.over_pi_squared) + digits(&self.beside.rational)) * 3 / 10
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
            let sum = if self.factor.is_one() { sum } else { sum * self.factor.enclosure(work) };
            let sum = match self.beside.rational.is_zero() {
                true => sum,
                false => sum + ball(&self.beside.rational) * self.beside.factor.enclosure(work),
            };
            // The constants are independent over the rationals, so that the sum is zero only if all parts are, and this ends.
            if self.is_zero() || sum.radius() <= sum.magnitude() >> (precision.0.saturating_sub(4)) {
                return sum;
            }
            work = work.plus(work.0);
        }
    }
}

impl fmt::Display for ExactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        let (_, over) = self.factor.times(&Constant::pi(-2));
        let parts = [
            (&self.rational, &self.factor),
            (&self.over_pi_squared, &over),
            (&self.beside.rational, &self.beside.factor),
        ];
        for (at, (q, constant)) in parts.into_iter().filter(|(q, _)| !q.is_zero()).enumerate() {
            if at == 0 {
                f.write_str(&term(q, constant))?;
            } else {
                let sign = if *q < 0 { '-' } else { '+' };
                write!(f, " {sign} {}", term(&Rational::from(q.abs_ref()), constant))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(factor: Constant, rational: (i32, i32), over: (i32, i32)) -> ExactValue {
        ExactValue::new(factor, Rational::from(rational), Rational::from(over), Default::default())
    }

    #[test]
    fn multiples_of_one_constant_are_added() {
        let two = Rational::from(2);
        let sum = |own: Constant| {
            ExactValue::new(Constant::default(), (1, 2).into(), (-4, 1).into(), (own, two.clone()))
        };
        assert_eq!(sum(Constant::default()).to_string(), "5/2 - 4/pi^2");
        assert_eq!(sum(Constant::pi(-2)).to_string(), "1/2 - 2/pi^2");
        let three = sum(Constant::pi(-1));
        assert_eq!(three.to_string(), "1/2 - 4/pi^2 + 2/pi");
        assert_eq!(three.scaled(&(-1).into()).to_string(), "-1/2 + 4/pi^2 - 2/pi");
        let expected = 0.5 - 4.0 / std::f64::consts::PI.powi(2) + 2.0 / std::f64::consts::PI;
        assert!((three.enclosure(Bits(80)).midpoint().to_f64() - expected).abs() < 1e-15);
        assert!(!three.is_zero() && three.as_rational().is_none());
        let alone = ExactValue::new(Constant::pi(5), 0.into(), 0.into(), (Constant::default(), two.clone()));
        assert_eq!(alone.as_rational(), Some(&two));
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
