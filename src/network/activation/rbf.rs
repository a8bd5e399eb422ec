//! `sqrt 2 sin(sqrt(2 gamma) u + pi/4)`: random Fourier features of the kernel `e^(-gamma |h - h'|^2)`.

use super::{
    Class, Definition, Extent, Key, Powers,
    dual::{Dual, Exponentials, Mean, integer},
    exactly, positive,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `sqrt 2 sin(sqrt(2 gamma) u + pi/4)`: random Fourier features of the kernel `e^(-gamma |h - h'|^2)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rbf {
    /// The inverse squared width of the kernel; positive.
    pub gamma: Rational,
}

impl Definition for Rbf {
    const NAME: &'static str = "rbf";
    const FORMULA: &'static str = "sqrt(2) sin(sqrt(2 gamma) u + pi/4)";
    const CLASS: Class = Class::Entire;
    const KEYS: &'static [Key] = &[Key::or("gamma", "1")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [gamma] = exactly(values)?;
        positive("gamma", &gamma)?;
        Ok(Self { gamma })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.gamma.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let frequency = (2.0 * self.gamma.to_f64()).sqrt();
        let [a, b, c] = [std::f64::consts::SQRT_2, frequency, std::f64::consts::FRAC_PI_4].map(R::near);
        move |u| {
            let phase = b * u + c;
            [a * phase.sine(), a * b * phase.cosine()]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let rate = q.constant(&Rational::from(&self.gamma * 2u32));
        Some(Exponentials::dual(q, rate, [integer(q, 1), integer(q, 0)]))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::of((-(q.constant(&self.gamma) * q.clone())).exp())
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Unbounded }
    }
}
