//! `a e^(b u)`.

use super::{
    Class, Definition, Extent, Key, Powers,
    dual::{Dual, Exponentials, Mean, integer},
    exactly,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `a e^(b u)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exp {
    /// The value at 0.
    pub a: Rational,
    /// The rate.
    pub b: Rational,
}

impl Definition for Exp {
    const NAME: &'static str = "exp";
    const FORMULA: &'static str = "a exp(b u)";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::or("a", "1"), Key::or("b", "1")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [a, b] = exactly(values)?;
        Ok(Self { a, b })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.a.clone(), self.b.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [a, b] = [&self.a, &self.b].map(|x| R::near(x.to_f64()));
        move |u| {
            let value = a * (b * u).exponential();
            [value, b * value]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let [a, b] = [&self.a, &self.b].map(|x| q.constant(x));
        // a^2 e^(b^2 (q + S))
        let rate = b.clone() * b;
        let weight = a.clone() * a * (rate.clone() * q.clone()).times(2).exp();
        Some(Exponentials::dual(q, rate, [weight, integer(q, 0)]))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        let [a, b] = [&self.a, &self.b].map(|x| q.constant(x));
        Mean::of(a * (b.clone() * b * q.clone()).half().exp())
    }

    fn indices(&self) -> Powers {
        match (self.a.is_zero(), self.b.is_zero()) {
            (true, _) => Powers { even: Extent::None, odd: Extent::None },
            (_, true) => Powers { even: Extent::Degree(0), odd: Extent::None },
            _ => Powers { even: Extent::Unbounded, odd: Extent::Unbounded },
        }
    }
}
