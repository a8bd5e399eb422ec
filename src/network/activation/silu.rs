//! `u/(1 + e^-u)`, also called swish.

use super::{Class, Definition, Extent, Powers, series::Table};
use crate::math::{ball::Ball, machine::Machine, units::Bits};
use rug::Rational;

/// `u/(1 + e^-u)`, also called swish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silu;

impl Definition for Silu {
    const NAME: &'static str = "silu";
    const FORMULA: &'static str = "u/(1 + exp(-u))";
    const CLASS: Class = Class::Series;

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Ok(Self)
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let (half, one) = (R::near(0.5), R::near(1.0));
        move |u| {
            let share = half * (one + (half * u).tangent_h());
            [u * share, share + u * (share * (one - share))]
        }
    }

    fn indices(&self) -> Powers {
        Powers { even: Extent::Unbounded, odd: Extent::Degree(1) }
    }

    fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
        Table::silu(q, accuracy)
    }
}
