//! The value of a normal form at any degree.
//!
//! For odd `d`, `C_d X_s(k) = [(d-1)!! 2^s / pi]^2 / prod_i (k-s+2i)^2` with `i = 0, ..., (d-1)/2+s`: a rational number over `pi^2`. For
//! even `d`, with `beta_n = 2^-n binom(n, n/2)`,
//!
//! ```text
//! C_d X_s = ((d-1)!!)^2 4^(s-1) beta_k^2     / [(k-s)(k-s+2)...(k-1) (k+2)(k+4)...(k+d+s-1)]^2        k even, s odd
//! C_d X_s = ((d-1)!!)^2 4^(s-1) beta_(k-1)^2 / [(k-s)(k-s+2)...(k-2) (k+1)(k+3)...(k+d+s-1)]^2        k odd, s even
//! ```
//!
//! The number of operations does not depend on `k`.

use super::{NormalForm, central_binomial, class::Class};
use crate::{
    math::{
        ball::Ball,
        constant::Constant,
        units::{Bits, Dimension},
    },
    spectrum::exact_value::ExactValue,
};
use rug::{Float, Integer, Rational};

/// `C_d X_s(k)` as a rational number times what is transcendental or long in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `1/pi^2`, for odd `d`.
    OverPiSquared,
    /// `beta_n^2` for this even `n`, for even `d`.
    CentralBinomial(u64),
}

/// The factors of `C_d X_s(k)`: `coefficient / prod (k + shift)^2` times the unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    /// The rational number in front.
    pub coefficient: Rational,
    /// The shifts of the linear factors, each squared in the denominator.
    pub shifts: Vec<i64>,
    /// `0` or `-1`: the index of `beta` is `k` or `k - 1`; `None` for odd `d`, where the unit is `1/pi^2`.
    pub beta: Option<i64>,
}

impl Factors {
    /// The factors of `C_d X_s`.
    pub fn of(dim: Dimension, order: u32) -> Self {
        let (d, s) = (i64::from(dim.get()), i64::from(order));
        let factorial = Integer::from(Integer::factorial_2(dim.get() - 1));
        let four = Rational::from(4);
        let power = |n: u32| rug::ops::Pow::pow(four.clone(), n);
        let square = Rational::from(factorial.square());
        if d % 2 == 1 {
            let shifts = (0..=(d - 1) / 2 + s).map(|i| 2 * i - s).collect();
            return Self { coefficient: square * power(order), shifts, beta: None };
        }
        let coefficient = square * power(order) / 4u32;
        let beta = if s % 2 == 1 { 0 } else { -1 };
        let below = (-s..beta).step_by(2);
        let above = (beta + 2..=d + s - 1).step_by(2);
        Self { coefficient, shifts: below.chain(above).collect(), beta: Some(beta) }
    }
}

impl Class<Rational> {
    /// `(r, u)` with `C_d Q(e) X_s(k) = r u`.
    fn at(&self, dim: Dimension, degree: u64) -> (Rational, Unit) {
        let factors = Factors::of(dim, self.order);
        let k = Integer::from(degree);
        let e = Rational::from(&k * Integer::from(&k + (dim.get() - 1)));
        let below = factors
            .shifts
            .iter()
            .fold(Integer::from(1), |product, shift| product * (&k + Integer::from(*shift)));
        let value = self.factor.at(&e) * factors.coefficient / below.square();
        let unit = match factors.beta {
            None => Unit::OverPiSquared,
            Some(shift) => Unit::CentralBinomial(degree.saturating_add_signed(shift)),
        };
        (value, unit)
    }
}

/// The eigenvalue of one degree as `constant (rational + factor unit) + beside`.
#[derive(Clone, Debug)]
pub struct Value {
    constant: Constant,
    rational: Rational,
    factor: Rational,
    unit: Unit,
    /// What half angles add: a constant times a rational.
    beside: (Constant, Rational),
}

impl NormalForm<Rational> {
    /// The eigenvalue of degree `degree`, in a form that costs nothing to hold.
    pub fn value(&self, degree: u64) -> Value {
        let (factor, unit) = self.class(degree).at(self.sphere, degree);
        let rational = self.added.rational(degree, &Rational::from(self.sphere.get()));
        let own = self.halves.times(&Constant::pi(-((self.sphere.get() % 2) as i32))).1;
        let beside = (own, self.chord(degree).at(self.sphere, degree));
        Value { constant: self.factor.clone(), rational, factor, unit, beside }
    }
}

impl Value {
    /// Is the value proved to be zero?
    ///
    /// The constants are independent over the rationals ([`ExactValue::is_zero`]). `beta_n^2` is a rational number with `2n - 2 b` factors 2 below, `b` being
    /// the binary digits 1 of `n/2` (Kummer); only where these balance those of the rest is it computed.
    pub fn is_zero(&self) -> bool {
        let Unit::CentralBinomial(n) = self.unit else {
            return self.exact(usize::MAX).is_some_and(|value| value.is_zero());
        };
        let rest = match self.beside.0 == self.constant {
            true => Rational::from(&self.rational + &self.beside.1),
            false if self.rational.is_zero() && self.factor.is_zero() => self.beside.1.clone(),
            false if self.beside.1.is_zero() => self.rational.clone(),
            false => return false,
        };
        if rest.is_zero() || self.factor.is_zero() {
            return rest.is_zero() && self.factor.is_zero();
        }
        let squared = twos(&self.factor) + 2 * i64::from((n / 2).count_ones()) - 2 * n as i64;
        squared == twos(&rest) && self.exact(usize::MAX).is_some_and(|value| value.is_zero())
    }

    /// The value in closed form, if that has at most about `longest` characters.
    pub fn exact(&self, longest: usize) -> Option<ExactValue> {
        let (constant, rational, factor) =
            (self.constant.clone(), self.rational.clone(), self.factor.clone());
        let (rational, over_pi_squared) = match self.unit {
            Unit::OverPiSquared => (rational, factor),
            Unit::CentralBinomial(_) if factor.is_zero() => (rational, factor),
            Unit::CentralBinomial(n) => {
                // beta_n^2 has some 4 n bits, more than one decimal digit a degree.
                let short = usize::try_from(n).is_ok_and(|n| n <= longest);
                let beta = short.then(|| central_binomial::squared_exactly(n))??;
                (rational + factor * beta, Rational::new())
            }
        };
        let value = ExactValue::new(constant, rational, over_pi_squared, self.beside.clone());
        Some(value).filter(|value| value.length() <= longest)
    }

    /// The value, enclosed to a relative error of at most `2^-precision`; a value proved to be zero is exact.
    pub fn enclosure(&self, precision: Bits) -> Ball {
        if self.is_zero() {
            return Ball::exact(Float::new(precision.0));
        }
        let mut work = precision.plus(16);
        loop {
            let found = self.enclosed(work);
            if found.radius() <= found.magnitude() >> precision.0 {
                return found;
            }
            // The two parts cancel; the value is not zero, so this ends.
            work = work.plus(work.0);
        }
    }

    fn enclosed(&self, work: Bits) -> Ball {
        let rational = Ball::from_rational(work, &self.rational);
        let own = if self.factor.is_zero() {
            self.times_constant(rational, work)
        } else {
            let factor = Ball::from_rational(work, &self.factor);
            let transcendental = match self.unit {
                Unit::OverPiSquared => {
                    let pi = Ball::pi_at(work);
                    factor / (pi.clone() * pi)
                }
                Unit::CentralBinomial(n) => factor * central_binomial::squared(n, work),
            };
            let sum = if self.rational.is_zero() { transcendental } else { rational + transcendental };
            self.times_constant(sum, work)
        };
        let (constant, add) = &self.beside;
        match add.is_zero() {
            true => own,
            false => own + Ball::from_rational(work, add) * constant.enclosure(work),
        }
    }

    fn times_constant(&self, value: Ball, work: Bits) -> Ball {
        if self.constant.is_one() { value } else { value * self.constant.enclosure(work) }
    }
}

/// How often 2 divides a rational number that is not 0.
fn twos(q: &Rational) -> i64 {
    let count = |n: &Integer| i64::from(n.find_one(0).unwrap_or(0));
    count(q.numer()) - count(q.denom())
}
