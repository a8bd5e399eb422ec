//! `u^n`.

use super::{
    Class, Definition, Key, Parity, Powers, degree,
    dual::{Dual, Mean, PowerSeries, polynomial},
    last_powers,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `u^n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monomial {
    /// The degree, at most 64.
    pub degree: u32,
}

impl Monomial {
    /// Coefficients of rising powers.
    fn coefficients(&self) -> Vec<Rational> {
        let mut all = vec![Rational::new(); self.degree as usize];
        all.push(Rational::from(1));
        all
    }
}

impl Definition for Monomial {
    const NAME: &'static str = "monomial";
    const FORMULA: &'static str = "u^n";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::needed("degree")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        Ok(Self { degree: degree(values.first())? })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.degree.into()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (n, count) = (self.degree, R::near(f64::from(self.degree)));
        move |u| [u.power(n), if n == 0 { count } else { count * u.power(n - 1) }]
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let (coefficients, _) = polynomial(q, &self.coefficients(), &Rational::from(1));
        Some(Dual::Smooth(Arc::new(PowerSeries { coefficients, q: q.clone() })))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::of(polynomial(q, &self.coefficients(), &Rational::from(1)).1)
    }

    fn parity(&self) -> Option<Parity> {
        Some(if self.degree.is_multiple_of(2) { Parity::Even } else { Parity::Odd })
    }

    fn constant(&self) -> Option<Rational> {
        match self.degree {
            0 => Some(Rational::from(1)),
            n => (n % 2 == 1).then(Rational::new),
        }
    }

    fn indices(&self) -> Powers {
        last_powers(&self.coefficients())
    }
}
