//! `max(u, 0)`.

use super::{
    Class, Definition, Extent, Powers,
    dual::{Bent, Dual, Mean},
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// `max(u, 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relu;

impl Definition for Relu {
    const NAME: &'static str = "relu";
    const FORMULA: &'static str = "max(u, 0)";
    const CLASS: Class = Class::Kink(1);

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (zero, one) = (R::near(0.0), R::near(1.0));
        move |u| if u > zero { [u, one] } else { [zero, zero] }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Bent::dual(q, &Rational::new()))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Bent::mean(q, &Rational::new())
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Degree(1) }
    }
}
