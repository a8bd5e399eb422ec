//! `elu` with constants that keep the variance of a unit at 1 (Klambauer et al. 2017).

use super::{
    Class, Definition, Extent, Powers,
    dual::{Dual, Mean},
    elu::Elu,
    exponential::Exponential,
};
use crate::math::{machine::Machine, number, scalar::Scalar};
use rug::Rational;

/// `alpha` of the elu.
const ALPHA: &str = "1.6732632423543772848170429916717";
/// What the elu is multiplied by.
const SCALE: &str = "1.0507009873554804934193349852946";

/// `elu(alpha=1.6732632423543772848170429916717) scale(1.0507009873554804934193349852946)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selu {
    elu: Elu,
    scale: Rational,
}

impl Definition for Selu {
    const NAME: &'static str = "selu";
    const FORMULA: &'static str = "1.0507... elu(alpha=1.6732...)";
    const CLASS: Class = Class::Kink(1);

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        let constant = |text: &str| number::parse(text).ok_or_else(|| "a number".to_owned());
        Ok(Self { elu: Elu { alpha: constant(ALPHA)? }, scale: constant(SCALE)? })
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (elu, scale) = (self.elu.function(), R::near(self.scale.to_f64()));
        move |u| elu(u).map(|x| scale * x)
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Unbounded }
    }

    fn jumps(&self) -> Vec<u32> {
        self.elu.jumps()
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Exponential::dual(q, &self.elu.alpha, &self.scale))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Exponential::mean(q, &self.elu.alpha, &self.scale)
    }
}
