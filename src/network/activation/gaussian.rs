//! `a e^(-b u^2)`.

use super::{
    Class, Definition, Extent, Key, Parity, Powers,
    dual::{Dual, Mean, integer},
    exactly, positive,
    smooth::Bell,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `a e^(-b u^2)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaussian {
    /// The height.
    pub a: Rational,
    /// The inverse squared width; positive.
    pub b: Rational,
}

impl Definition for Gaussian {
    const NAME: &'static str = "gaussian";
    const FORMULA: &'static str = "a exp(-b u^2)";
    const CLASS: Class = Class::Radius;
    const KEYS: &'static [Key] = &[Key::or("a", "1"), Key::or("b", "1")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [a, b] = exactly(values)?;
        positive("b", &b)?;
        Ok(Self { a, b })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.a.clone(), self.b.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [a, b, two] = [self.a.to_f64(), self.b.to_f64(), 2.0].map(R::near);
        move |u| {
            let value = a * (-(b * u * u)).exponential();
            // Where the value underflows the product is 0, however large u is.
            [value, if value == R::near(0.0) { value } else { -(two * b * u * value) }]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let [a, b] = [&self.a, &self.b].map(|x| q.constant(x));
        Some(Dual::Smooth(Arc::new(Bell::new(q, &a, &b))))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        let scale = integer(q, 1) + q.constant(&Rational::from(&self.b * 2u32)) * q.clone();
        let a = q.constant(&self.a);
        Mean { square: a.clone() * a.clone() / scale.clone(), value: a / scale.sqrt() }
    }

    fn parity(&self) -> Option<Parity> {
        Some(Parity::Even)
    }

    fn indices(&self) -> Powers {
        let even = if self.a.is_zero() { Extent::None } else { Extent::Unbounded };
        Powers { even, odd: Extent::None }
    }
}
