//! `u` where it is positive, `alpha (e^u - 1)` elsewhere.

use super::{
    Class, Definition, Extent, Key, Powers,
    dual::{Dual, Mean},
    exactly,
    exponential::Exponential,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `u` where it is positive, `alpha (e^u - 1)` elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elu {
    /// What `-phi` tends to for negative arguments.
    pub alpha: Rational,
}

impl Definition for Elu {
    const NAME: &'static str = "elu";
    const FORMULA: &'static str = "u, or alpha (exp(u) - 1) where u < 0";
    const CLASS: Class = Class::Kink(2);
    const KEYS: &'static [Key] = &[Key::or("alpha", "1")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [alpha] = exactly(values)?;
        Ok(Self { alpha })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.alpha.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [zero, one, alpha] = [0.0, 1.0, self.alpha.to_f64()].map(R::near);
        move |u| {
            if u > zero {
                return [u, one];
            }
            let below = u.exponential_minus_one();
            [alpha * below, alpha * (below + one)]
        }
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Unbounded }
    }

    fn class(&self) -> Class {
        Class::Kink(self.jumps()[0])
    }

    fn jumps(&self) -> Vec<u32> {
        if self.alpha == 1 { vec![2, 3] } else { vec![1, 2] }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Exponential::dual(q, &self.alpha, &Rational::from(1)))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Exponential::mean(q, &self.alpha, &Rational::from(1))
    }
}
