//! `a cos(b u + c)`.

use super::{
    Class, Definition, Key, Parity, Powers,
    dual::{Dual, Exponentials, Mean},
    exactly, waves,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `a cos(b u + c)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cos {
    /// The amplitude.
    pub a: Rational,
    /// The frequency.
    pub b: Rational,
    /// The phase.
    pub c: Rational,
}

impl Definition for Cos {
    const NAME: &'static str = "cos";
    const FORMULA: &'static str = "a cos(b u + c)";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::or("a", "1"), Key::or("b", "1"), Key::or("c", "0")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [a, b, c] = exactly(values)?;
        Ok(Self { a, b, c })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.a.clone(), self.b.clone(), self.c.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [a, b, c] = [&self.a, &self.b, &self.c].map(|x| R::near(x.to_f64()));
        move |u| {
            let phase = b * u + c;
            [a * phase.cosine(), -(a * b * phase.sine())]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let [a, b, twice] = [&self.a, &self.b, &Rational::from(&self.c * 2u32)].map(|x| q.constant(x));
        let half = (a.clone() * a).half();
        let tilt = half.clone() * twice.cos();
        Some(Exponentials::dual(q, b.clone() * b, [half, tilt]))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        let [a, b, c] = [&self.a, &self.b, &self.c].map(|x| q.constant(x));
        Mean::of(a * (-(b.clone() * b * q.clone()).half()).exp() * c.cos())
    }

    fn parity(&self) -> Option<Parity> {
        self.c.is_zero().then_some(Parity::Even)
    }

    fn indices(&self) -> Powers {
        waves(self.a.is_zero(), self.b.is_zero(), self.c.is_zero(), false)
    }
}
