//! Activations, one file each: the function that is trained and its dual at infinite width.
//!
//! A file says the name, the keys, the formula and `phi` with its derivative ([`Definition`]). To add one: its file, its two lines below, its
//! row in the table of `network.md`, and its test.

mod abs;
mod common;
mod cos;
mod definition;
pub mod dual;
mod elu;
mod erf;
mod exp;
mod exponential;
pub mod expr;
mod gaussian;
mod gelu;
mod hermite;
mod leaky_relu;
mod monomial;
mod polynomial;
mod rbf;
mod rectified_monomial;
mod relu;
mod selu;
pub mod series;
mod sigmoid;
mod sign;
mod silu;
mod sin;
mod smooth;
mod softplus;
mod step;
mod tanh;

pub use super::powers::{Extent, Parity, Powers};
use crate::math::{ball::Ball, machine::Machine, scalar::Scalar, units::Bits};
use common::{HIGHEST_DEGREE, degree, exactly, horner, last_powers, positive, waves};
pub use definition::{Class, Definition, Key};
use dual::{Dual, Mean};
use rug::Rational;
use series::Table;

/// What the language knows of an activation before one is made.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name in the language.
    pub name: &'static str,
    /// `phi(u)` as a formula.
    pub formula: &'static str,
    /// The keys, in the order in which bare numbers fill them.
    pub keys: &'static [Key],
    /// Does the last key stand for any count of numbers, at least one?
    pub many: bool,
    make: fn(Vec<Rational>) -> Result<Activation, String>,
}

impl Entry {
    /// The activation with these values of its keys, defaults filled in.
    ///
    /// # Errors
    /// What would be right, completing the sentence "expected ...".
    pub fn make(&self, values: Vec<Rational>) -> Result<Activation, String> {
        (self.make)(values)
    }

    /// Name and keys with their defaults, as in `sin(a=1, b=1, c=0)`.
    pub fn spec(&self) -> String {
        let key =
            |key: &Key| key.default.map_or(key.name.to_owned(), |value| format!("{}={value}", key.name));
        let keys: Vec<String> = self.keys.iter().map(key).collect();
        let more = if self.many { ", ..." } else { "" };
        if keys.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}({}{more})", self.name, keys.join(", "))
        }
    }
}

macro_rules! activations {
    ($($module:ident::$kind:ident)*) => {
        $(pub use $module::$kind;)*

        /// An activation with exact parameters.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)]
        pub enum Activation {
            $($kind($kind),)*
        }

        /// Every activation of the language.
        pub const CATALOGUE: &[Entry] = &[$(Entry {
            name: $kind::NAME,
            formula: $kind::FORMULA,
            keys: $kind::KEYS,
            many: $kind::MANY,
            make: |values| $kind::new(values).map(Activation::$kind),
        },)*];

        impl Activation {
            /// The name in the language.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$kind(_) => $kind::NAME,)* }
            }

            /// The values of the keys.
            pub fn values(&self) -> Vec<Rational> {
                match self { $(Self::$kind(phi) => phi.values(),)* }
            }

            /// `values = phi(inputs)` and `slopes = phi'(inputs)`, element by element; the three are equally long.
            pub fn apply<R: Machine>(&self, inputs: &[R], values: &mut [R], slopes: &mut [R]) {
                match self { $(Self::$kind(phi) => fill(&phi.function(), inputs, values, slopes),)* }
            }

            /// How the dual continues off the real line.
            pub fn class(&self) -> Class {
                match self { $(Self::$kind(phi) => phi.class(),)* }
            }

            /// The orders of the first derivatives that jump at 0: the least one, and the least of the other parity where there is one.
            pub fn jumps(&self) -> Vec<u32> {
                match self { $(Self::$kind(phi) => phi.jumps(),)* }
            }

            /// The dual at inputs of variance `q`; none where `phi` has no closed form and is expanded in Hermite polynomials.
            pub fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
                match self { $(Self::$kind(phi) => phi.dual(q),)* }
            }

            /// The Hermite series at inputs of variance `q`, with tails of about `2^-accuracy`, where `phi` has no closed form; none if it is too long.
            pub fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
                match self { $(Self::$kind(phi) => phi.series(q, accuracy),)* }
            }

            /// The mean `E phi` at inputs of variance `q`.
            pub fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
                match self { $(Self::$kind(phi) => phi.mean(q),)* }
            }

            /// `c` where `phi - c` is odd: the mean at every variance. None where it is not known, and where the even part is no constant.
            pub fn constant(&self) -> Option<Rational> {
                match self { $(Self::$kind(phi) => phi.constant(),)* }
            }

            /// Whether `phi` is even or odd.
            pub fn parity(&self) -> Option<Parity> {
                match self { $(Self::$kind(phi) => phi.parity(),)* }
            }

            /// The largest even and odd index of the Hermite expansion, the same at inputs of any variance.
            pub fn indices(&self) -> Powers {
                match self { $(Self::$kind(phi) => phi.indices(),)* }
            }

            /// `[phi(u), phi'(u)]`.
            pub fn at<R: Machine>(&self, u: R) -> [R; 2] {
                match self { $(Self::$kind(phi) => phi.function()(u),)* }
            }
        }
    };
}

activations! {
    relu::Relu
    leaky_relu::LeakyRelu
    abs::Abs
    step::Step
    sign::Sign
    rectified_monomial::RectifiedMonomial
    elu::Elu
    selu::Selu
    erf::Erf
    gelu::Gelu
    gaussian::Gaussian
    sin::Sin
    cos::Cos
    rbf::Rbf
    exp::Exp
    polynomial::Polynomial
    monomial::Monomial
    hermite::Hermite
    tanh::Tanh
    sigmoid::Sigmoid
    silu::Silu
    softplus::Softplus
    expr::Expr
}

fn fill<R: Machine>(f: &impl Fn(R) -> [R; 2], inputs: &[R], values: &mut [R], slopes: &mut [R]) {
    for ((u, value), slope) in inputs.iter().zip(values).zip(slopes) {
        [*value, *slope] = f(*u);
    }
}

impl Activation {
    /// Does the dual lose digits, or its analyticity, without a precise angle between the inputs?
    pub fn needs_angle(&self) -> bool {
        matches!(self.class(), Class::Kink(_)) || matches!(self, Self::Rbf(_))
    }

    /// Its row in the catalogue.
    pub fn entry(&self) -> Option<&'static Entry> {
        CATALOGUE.iter().find(|entry| entry.name == self.name())
    }
}

#[cfg(test)]
mod tests;
