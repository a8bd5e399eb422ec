//! The hyperbolic tangent.

use super::{Class, Definition, Extent, Parity, Powers, series::Table};
use crate::math::{ball::Ball, machine::Machine, units::Bits};
use rug::Rational;

/// The hyperbolic tangent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tanh;

impl Definition for Tanh {
    const NAME: &'static str = "tanh";
    const FORMULA: &'static str = "tanh(u)";
    const CLASS: Class = Class::Series;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let one = R::near(1.0);
        move |u| {
            let value = u.tangent_h();
            [value, (one - value) * (one + value)]
        }
    }

    fn parity(&self) -> Option<Parity> {
        Some(Parity::Odd)
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::None, odd: Extent::Unbounded }
    }

    fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
        Table::tanh(q, accuracy)
    }
}
