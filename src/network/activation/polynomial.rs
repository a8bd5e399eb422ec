//! `c0 + c1 u + c2 u^2 + ...`.

use super::{
    Class, Definition, HIGHEST_DEGREE, Key, Parity, Powers,
    dual::{Dual, Mean, PowerSeries, polynomial},
    horner, last_powers,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `c0 + c1 u + c2 u^2 + ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polynomial {
    /// Coefficients of rising powers, from 1 to 65 of them.
    coefficients: Vec<Rational>,
}

impl Definition for Polynomial {
    const NAME: &'static str = "polynomial";
    const FORMULA: &'static str = "c0 + c1 u + c2 u^2 + ...";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::needed("c0")];
    const MANY: bool = true;

    fn new(coefficients: Vec<Rational>) -> Result<Self, String> {
        if (1..=HIGHEST_DEGREE as usize + 1).contains(&coefficients.len()) {
            return Ok(Self { coefficients });
        }
        Err(format!("1 to {} coefficients: a degree of at most {HIGHEST_DEGREE}", HIGHEST_DEGREE + 1))
    }

    fn values(&self) -> Vec<Rational> {
        self.coefficients.clone()
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let coefficients: Vec<f64> = self.coefficients.iter().map(Rational::to_f64).collect();
        move |u| horner(&coefficients, u)
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let (coefficients, _) = polynomial(q, &self.coefficients, &Rational::from(1));
        Some(Dual::Smooth(Arc::new(PowerSeries { coefficients, q: q.clone() })))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::of(polynomial(q, &self.coefficients, &Rational::from(1)).1)
    }

    fn parity(&self) -> Option<Parity> {
        let free = |from: usize| self.coefficients.iter().skip(from).step_by(2).all(|c| c.is_zero());
        if free(0) {
            return Some(Parity::Odd);
        }
        free(1).then_some(Parity::Even)
    }

    fn constant(&self) -> Option<Rational> {
        let odd = self.coefficients.iter().skip(2).step_by(2).all(|c| c.is_zero());
        self.coefficients.first().filter(|_| odd).cloned()
    }

    fn indices(&self) -> Powers {
        last_powers(&self.coefficients)
    }
}
