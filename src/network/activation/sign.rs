//! The sign of `u`.

use super::{
    Class, Definition, Extent, Parity, Powers,
    dual::{Dual, Jump, Mean},
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// The sign of `u`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign;

impl Definition for Sign {
    const NAME: &'static str = "sign";
    const FORMULA: &'static str = "sign(u)";
    const CLASS: Class = Class::Kink(0);

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (zero, one) = (R::near(0.0), R::near(1.0));
        move |u| [if u > zero { one } else { -one }, zero]
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Jump::dual(q, -1, 1))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::zero(q)
    }

    fn parity(&self) -> Option<Parity> {
        Some(Parity::Odd)
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::None, odd: Extent::Unbounded }
    }
}
