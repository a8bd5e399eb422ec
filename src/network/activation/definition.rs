//! What every activation says of itself.

use super::{
    Extent, Parity, Powers,
    dual::{Dual, Mean},
    series::Table,
};
use crate::math::{ball::Ball, machine::Machine, scalar::Scalar, units::Bits};
use rug::Rational;
use std::fmt::Debug;

/// A parameter of a layer: its name and the number it is when left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// The default as it would be written; `None` if it must be given.
    pub default: Option<&'static str>,
}

impl Key {
    /// A key that must be given.
    pub const fn needed(name: &'static str) -> Self {
        Self { name, default: None }
    }

    /// A key with a default.
    pub const fn or(name: &'static str, default: &'static str) -> Self {
        Self { name, default: Some(default) }
    }
}

/// How the dual continues off the real line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// An entire function of the covariance.
    Entire,
    /// An analytic function of the covariance `S` for `|S|` below a radius beyond `q`.
    Radius,
    /// A power series in the covariance that converges for `|S| <= q` only.
    Series,
    /// An entire function of the angle; `phi` is entire on both sides of 0, and this derivative of it is the first that jumps there.
    Kink(u32),
}

/// What every activation says of itself.
pub trait Definition: Clone + Debug + PartialEq + Sized {
    /// The name in the language.
    const NAME: &'static str;
    /// `phi(u)` as a formula.
    const FORMULA: &'static str;
    /// The keys, in the order in which bare numbers fill them.
    const KEYS: &'static [Key] = &[];
    /// Does the last key stand for any count of numbers, at least one?
    const MANY: bool = false;

    /// The activation with these values of its keys, defaults filled in.
    ///
    /// # Errors
    /// What would be right, completing the sentence "expected ...".
    fn new(values: Vec<Rational>) -> Result<Self, String>;

    /// The values of the keys.
    fn values(&self) -> Vec<Rational> {
        vec![]
    }

    /// `u -> [phi(u), phi'(u)]` in machine numbers; at a kink of `phi` the derivative is the one from the left.
    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync;

    /// How the dual continues off the real line.
    const CLASS: Class;

    /// The class, where it depends on the parameters.
    fn class(&self) -> Class {
        Self::CLASS
    }

    /// The orders of the first derivatives that jump at 0: the least one, and the least of the other parity where there is one.
    fn jumps(&self) -> Vec<u32> {
        match self.class() {
            Class::Kink(order) => vec![order],
            _ => vec![],
        }
    }

    /// The dual at inputs of variance `q`; none where `phi` has no closed form and is expanded in Hermite polynomials.
    fn dual<T: Scalar>(&self, _: &T) -> Option<Dual<T>> {
        None
    }

    /// The Hermite series at inputs of variance `q`, with tails of about `2^-accuracy`, where `phi` has no closed form; none if it is too long.
    fn series(&self, _: &Ball, _accuracy: Bits) -> Option<Table> {
        None
    }

    /// The mean `E phi` at inputs of variance `q`.
    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        Mean::zero(q)
    }

    /// `c` where `phi - c` is odd: the mean at every variance. None where it is not known, and where the even part is no constant.
    fn constant(&self) -> Option<Rational> {
        (self.indices().even == Extent::None).then(Rational::new)
    }

    /// Whether `phi` is even or odd.
    fn parity(&self) -> Option<Parity> {
        None
    }

    /// The largest even and odd index of the Hermite expansion, the same at inputs of any variance.
    fn indices(&self) -> Powers;
}
