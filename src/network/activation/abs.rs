//! The absolute value.

use super::{
    Class, Definition, Extent, Parity, Powers,
    dual::{Bent, Dual, Mean},
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;

/// The absolute value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abs;

impl Definition for Abs {
    const NAME: &'static str = "abs";
    const FORMULA: &'static str = "|u|";
    const CLASS: Class = Class::Kink(1);

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (zero, one) = (R::near(0.0), R::near(1.0));
        move |u| if u > zero { [u, one] } else { [-u, -one] }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Bent::dual(q, &Rational::from(-1)))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Bent::mean(q, &Rational::from(-1))
    }

    fn parity(&self) -> Option<Parity> {
        Some(Parity::Even)
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::None }
    }
}
