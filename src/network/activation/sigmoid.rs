//! `1/(1 + e^-u)`.

use super::{Class, Definition, Extent, Powers, series::Table};
use crate::math::{ball::Ball, machine::Machine, units::Bits};
use rug::Rational;

/// `1/(1 + e^-u)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sigmoid;

impl Definition for Sigmoid {
    const NAME: &'static str = "sigmoid";
    const FORMULA: &'static str = "1/(1 + exp(-u))";
    const CLASS: Class = Class::Series;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (half, one) = (R::near(0.5), R::near(1.0));
        move |u| {
            let value = half * (one + (half * u).tangent_h());
            [value, value * (one - value)]
        }
    }

    fn constant(&self) -> Option<Rational> {
        Some(Rational::from((1, 2)))
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Degree(0), odd: Extent::Unbounded }
    }

    fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
        Table::sigmoid(q, accuracy)
    }
}
