//! The error function.

use super::{
    Class, Definition, Extent, Parity, Powers,
    dual::{Dual, Mean},
    smooth::Arcsine,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// The error function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erf;

impl Definition for Erf {
    const NAME: &'static str = "erf";
    const FORMULA: &'static str = "erf(u)";
    const CLASS: Class = Class::Radius;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let peak = R::near(std::f64::consts::FRAC_2_SQRT_PI);
        move |u| [u.error_function(), peak * (-(u * u)).exponential()]
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Dual::Smooth(Arc::new(Arcsine::new(q))))
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
