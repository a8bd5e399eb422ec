//! 1 where `u > 0`, else 0.

use super::{
    Class, Definition, Extent, Powers,
    dual::{Dual, Jump, Mean, integer},
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// 1 where `u > 0`, else 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step;

impl Definition for Step {
    const NAME: &'static str = "step";
    const FORMULA: &'static str = "1(u > 0)";
    const CLASS: Class = Class::Kink(0);

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (zero, one) = (R::near(0.0), R::near(1.0));
        move |u| [if u > zero { one } else { zero }, zero]
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Jump::dual(q, 0, 1))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::of(integer(q, 1).half())
    }

    fn constant(&self) -> Option<Rational> {
        Some(Rational::from((1, 2)))
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Degree(0), odd: Extent::Unbounded }
    }
}
