//! `ln(1 + e^u)`.

use super::{Class, Definition, Extent, Powers, series::Table};
use crate::math::{ball::Ball, machine::Machine, units::Bits};
use rug::Rational;

/// `ln(1 + e^u)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Softplus;

impl Definition for Softplus {
    const NAME: &'static str = "softplus";
    const FORMULA: &'static str = "log(1 + exp(u))";
    const CLASS: Class = Class::Series;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let [zero, half, one] = [0.0, 0.5, 1.0].map(R::near);
        move |u| {
            let (ramp, size) = if u > zero { (u, u) } else { (zero, -u) };
            [ramp + (-size).exponential().log_one_plus(), half * (one + (half * u).tangent_h())]
        }
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Degree(1) }
    }

    fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
        Table::softplus(q, accuracy)
    }
}
