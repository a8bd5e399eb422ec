//! `u P(u)` with the normal distribution function `P`.

use super::{
    Class, Definition, Extent, Powers,
    dual::{Dual, Mean, integer},
    smooth::Gated,
};
use crate::math::{machine::Machine, scalar::Scalar};
use rug::Rational;
use std::sync::Arc;

/// `u P(u)` with the normal distribution function `P`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gelu;

impl Definition for Gelu {
    const NAME: &'static str = "gelu";
    const FORMULA: &'static str = "u P(u), P the normal distribution function";
    const CLASS: Class = Class::Radius;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [half, one, root] = [0.5, 1.0, std::f64::consts::FRAC_1_SQRT_2].map(R::near);
        let density = R::near(0.5 * std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2);
        move |u| {
            let share = half * (one + (u * root).error_function());
            // Where the density underflows the product is 0, however large u is.
            let bump = density * (-(half * u * u)).exponential();
            [u * share, share + if bump > R::near(0.0) { u * bump } else { bump }]
        }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        Some(Dual::Smooth(Arc::new(Gated::new(q))))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::root(q.clone() * q.clone() / (q.pi().times(2) * (integer(q, 1) + q.clone())))
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Degree(1) }
    }
}
