//! Activations, one file each: the function that is trained and its dual at infinite width.
//!
//! A file says the name, the keys, the formula and `phi` with its derivative ([`Definition`]). To add one: its file, its two lines below, its
//! row in the table of `network.md`, and its test.

mod abs;
mod cos;
pub mod dual;
mod elu;
mod erf;
mod exp;
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
use crate::math::{ball::Ball, machine::Machine, number, scalar::Scalar, units::Bits};
use dual::{Dual, Mean};
use rug::Rational;
use series::Table;
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

    /// Whether `phi` is even or odd.
    fn parity(&self) -> Option<Parity> {
        None
    }

    /// The largest even and odd index of the Hermite expansion at inputs of variance `q`, where that is a known rational.
    fn indices(&self, q: Option<&Rational>) -> Powers;
}

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

            /// Whether `phi` is even or odd.
            pub fn parity(&self) -> Option<Parity> {
                match self { $(Self::$kind(phi) => phi.parity(),)* }
            }

            /// The largest even and odd index of the Hermite expansion at inputs of variance `q`, where that is a known rational.
            pub fn indices(&self, q: Option<&Rational>) -> Powers {
                match self { $(Self::$kind(phi) => phi.indices(q),)* }
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

/// The highest degree of polynomial activations, and of powers.
const HIGHEST_DEGREE: u32 = 64;

/// The degree that `value` is.
fn degree(value: Option<&Rational>) -> Result<u32, String> {
    let whole = value.filter(|value| value.is_integer()).and_then(|value| value.numer().to_u32());
    whole
        .filter(|degree| *degree <= HIGHEST_DEGREE)
        .ok_or_else(|| format!("a whole degree from 0 to {HIGHEST_DEGREE}"))
}

/// The values as an array; the catalogue sees to their count.
fn exactly<const N: usize>(values: Vec<Rational>) -> Result<[Rational; N], String> {
    values.try_into().map_err(|_| format!("{N} numbers"))
}

/// `value` if it is positive.
fn positive(key: &str, value: &Rational) -> Result<(), String> {
    if *value > 0 { Ok(()) } else { Err(format!("{key} > 0, not {}", number::text(value))) }
}

/// `[p(u), p'(u)]` of the polynomial with these coefficients of rising powers.
fn horner<R: Machine>(coefficients: &[f64], u: R) -> [R; 2] {
    let zero = R::near(0.0);
    coefficients.iter().rev().fold([zero, zero], |[p, slope], &c| [p * u + R::near(c), slope * u + p])
}

/// The indices of a sine (`odd`) or cosine of phase `c`.
fn waves(a_is_zero: bool, b_is_zero: bool, c_is_zero: bool, odd: bool) -> Powers {
    let (even, odd) = match (a_is_zero, b_is_zero, c_is_zero) {
        (true, _, _) => (Extent::None, Extent::None),
        (_, true, true) if odd => (Extent::None, Extent::None),
        (_, true, _) => (Extent::Degree(0), Extent::None),
        (_, _, true) if odd => (Extent::None, Extent::Unbounded),
        (_, _, true) => (Extent::Unbounded, Extent::None),
        _ => (Extent::Unbounded, Extent::Unbounded),
    };
    Powers { even, odd }
}

/// The largest `l` of each parity for which `r_l` of [`dual::polynomial`] is not 0; where `q` is not known, not 0 as a polynomial in `q`.
fn moments_left(q: Option<&Rational>, coefficients: &[Rational]) -> Powers {
    let mut powers = Powers::NONE;
    for l in 0..coefficients.len() {
        let tail = coefficients.iter().skip(l).step_by(2);
        let present = match q {
            None => !tail.clone().all(|c| c.is_zero()),
            Some(q) => {
                // (l+2i)!/(2^i i!) by ratios.
                let mut weight = Rational::from(1);
                let mut sum = Rational::new();
                for (i, c) in (0u32..).zip(tail) {
                    if i > 0 {
                        let n = l as u32 + 2 * i;
                        weight *= Rational::from((n * (n - 1), 2 * i)) * q;
                    }
                    sum += Rational::from(c * &weight);
                }
                !sum.is_zero()
            }
        };
        if present {
            let extent = Extent::Degree(l as u64);
            *(if l.is_multiple_of(2) { &mut powers.even } else { &mut powers.odd }) = extent;
        }
    }
    powers
}

#[cfg(test)]
mod tests;
