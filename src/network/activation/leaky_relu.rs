//! `max(u, 0) + slope min(u, 0)`.

use super::{
    Class, Definition, Extent, Key, Parity, Powers,
    dual::{Bent, Dual, Mean, PowerSeries, integer},
    exactly,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `max(u, 0) + slope min(u, 0)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakyRelu {
    /// The slope for negative arguments.
    pub slope: Rational,
}

impl Definition for LeakyRelu {
    const NAME: &'static str = "leaky-relu";
    const FORMULA: &'static str = "max(u, 0) + slope min(u, 0)";
    const CLASS: Class = Class::Kink(1);
    const KEYS: &'static [Key] = &[Key::needed("slope")];

    fn new(values: Vec<Rational>) -> Result<Self, String> {
        let [slope] = exactly(values)?;
        Ok(Self { slope })
    }

    fn values(&self) -> Vec<Rational> {
        vec![self.slope.clone()]
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [zero, one, slope] = [0.0, 1.0, self.slope.to_f64()].map(R::near);
        move |u| if u > zero { [u, one] } else { [slope * u, slope] }
    }

    fn class(&self) -> Class {
        if self.slope == 1 { Class::Entire } else { Class::Kink(1) }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        // Without a kink there is no angle that the dual is a function of.
        if self.slope == 1 {
            let coefficients = vec![integer(q, 0), integer(q, 1)];
            return Some(Dual::Smooth(Arc::new(PowerSeries { coefficients, q: q.clone() })));
        }
        Some(Bent::dual(q, &self.slope))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Bent::mean(q, &self.slope)
    }

    fn parity(&self) -> Option<Parity> {
        match () {
            () if self.slope == 1 => Some(Parity::Odd),
            () if self.slope == -1 => Some(Parity::Even),
            () => None,
        }
    }

    fn indices(&self) -> Powers {
        let even = if self.slope == 1 { Extent::None } else { Extent::Unbounded };
        let odd = if self.slope == -1 { Extent::None } else { Extent::Degree(1) };
        Powers { even, odd }
    }
}
