//! What is studied: one description of a network, from which its kernel, its spectrum and the network that is trained all derive.
//!
//! A [`Network`] is parsed from text ([`grammar`]) or put together from [`builder`] parts, and obeys the [`rules`]. Its parameters are exact.
//!
//! ```
//! use hinf::network::{Network, builder::{dense, relu, repeat, tanh}};
//! use rug::Rational;
//!
//! let built = Network::serial([
//!     dense().b(Rational::from((1, 10))),
//!     repeat(3, [relu(), dense().w(2)]),
//!     tanh(),
//!     dense(),
//! ])?;
//! assert_eq!(built.to_string(), "dense(b=0.1) 3*(relu dense(w=2)) tanh dense");
//! assert_eq!("dense(b=0.1) 3*(relu dense(w=2)) tanh dense".parse::<Network>()?, built);
//! # Ok::<(), hinf::Error>(())
//! ```
//!
//! The language itself, with all its layers: [`language`].
//!
//! * [`activation`] — one file an activation
//! * [`grammar`], [`builder`] — text and Rust into a network; [`layers`] — what both know of each layer; [`mod@print`] — a network into text
//! * [`rules`] — which networks have a limit of infinite width; [`powers`] — which powers of `t` their kernels have

pub mod activation;
pub mod builder;
pub mod grammar;
pub mod layers;
pub mod powers;
pub mod print;
pub mod rules;
mod trained;

pub mod language {
    //! The network language.
    #![doc = include_str!("../network.md")]
}

use crate::error::Result;
use activation::Activation;
use rug::Rational;

/// A network with exact parameters that obeys the [`rules`]: it has a Gaussian limit of infinite width, and one output.
///
/// Parsed from text, as in `"dense 3*(relu dense(w=2))".parse::<Network>()`; prints as text that parses back to an equal network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    series: Series,
}

/// Layers one after the other, as in a network or in a branch of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Series(pub Vec<Layer>);

/// A layer, or several.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// An affine map.
    Dense(Dense),
    /// A function of each unit.
    Activation(Activation),
    /// `beta x + alpha N(x)`.
    Skip(Skip),
    /// Branches from the same input, added.
    Sum(Vec<Series>),
    /// Branches from the same input, multiplied element by element.
    Product(Vec<Series>),
    /// `(h - mean)/standard deviation` over the units of a point.
    LayerNorm,
    /// `h` over the root mean square of the units of a point.
    RmsNorm,
    /// `c h`.
    Scale(Rational),
    /// `h`.
    Identity,
    /// The same layers several times, each time with parameters of their own.
    Repeat(u32, Series),
}

/// An affine map `sqrt(w/n) W h + sqrt(b) b'` of `n` units, with standard normal `W` (`n = 1` where `h` is the input).
///
/// A step of gradient descent moves the weights by `lr` times the step size and the biases by `lr_bias` times it; 0 freezes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dense {
    /// The variance `w` of the weights; positive.
    pub weight: Rational,
    /// The variance `b` of the biases, or their squared scale where they start at 0; 0 for none.
    pub bias: Rational,
    /// Are the biases drawn, or do they start at 0?
    pub gaussian_bias: bool,
    /// What multiplies the step size of the weights; not negative.
    pub lr: Rational,
    /// What multiplies the step size of the biases; not negative.
    pub lr_bias: Rational,
}

impl Default for Dense {
    fn default() -> Self {
        let one = || Rational::from(1);
        Self { weight: one(), bias: Rational::new(), gaussian_bias: false, lr: one(), lr_bias: one() }
    }
}

impl Dense {
    /// The variance that drawn biases add: `b`, or 0 where they start at 0.
    pub fn drawn_bias(&self) -> Rational {
        if self.gaussian_bias { self.bias.clone() } else { Rational::new() }
    }

    /// Is any parameter trained?
    pub fn is_trained(&self) -> bool {
        !self.lr.is_zero() || !(self.lr_bias.is_zero() || self.bias.is_zero())
    }
}

/// A branch beside the stream: `beta x + alpha N(x)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Skip {
    /// `alpha`.
    pub alpha: Rational,
    /// `beta`.
    pub beta: Rational,
    /// `N`.
    pub branch: Series,
}

impl Network {
    /// The network of these layers in series.
    ///
    /// # Errors
    /// When the layers break a rule: the message names the layer, and what would be right.
    pub fn new(series: Series) -> Result<Self> {
        rules::check(&series).map_err(|fault| fault.error(None))?;
        Ok(Self { series })
    }

    /// The network of these parts in series.
    ///
    /// # Errors
    /// When a part was given a key that it does not have or a value outside its domain; as [`Network::new`].
    pub fn serial(parts: impl IntoIterator<Item = builder::Part>) -> Result<Self> {
        Self::new(builder::series(parts)?)
    }

    /// The layers.
    pub fn layers(&self) -> &[Layer] {
        &self.series.0
    }

    /// The layers as a series.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Does training move the output at infinite width? Not where nothing is trained, nor where only layers before a step are.
    pub fn is_trained(&self) -> bool {
        trained::check(&self.series).is_ok()
    }
}

/// Layers counted, repeats as often as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Dense layers.
    pub dense: u64,
    /// Activations.
    pub activations: u64,
    /// Norms, scales and identities.
    pub others: u64,
}

impl Count {
    fn plus(self, other: Self) -> Self {
        Self {
            dense: self.dense.saturating_add(other.dense),
            activations: self.activations.saturating_add(other.activations),
            others: self.others.saturating_add(other.others),
        }
    }

    fn times(self, n: u32) -> Self {
        let n = u64::from(n);
        Self {
            dense: self.dense.saturating_mul(n),
            activations: self.activations.saturating_mul(n),
            others: self.others.saturating_mul(n),
        }
    }
}

impl Series {
    /// The number of layers of each kind.
    pub fn count(&self) -> Count {
        self.0.iter().map(Layer::count).fold(Count::default(), Count::plus)
    }
}

impl Layer {
    fn count(&self) -> Count {
        let none = Count::default();
        match self {
            Self::Dense(_) => Count { dense: 1, ..none },
            Self::Activation(_) => Count { activations: 1, ..none },
            Self::Skip(skip) => skip.branch.count(),
            Self::Sum(all) | Self::Product(all) => all.iter().map(Series::count).fold(none, Count::plus),
            Self::Repeat(count, body) => body.count().times(*count),
            Self::LayerNorm | Self::RmsNorm | Self::Scale(_) | Self::Identity => Count { others: 1, ..none },
        }
    }

    /// The name in the language.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dense(_) => "dense",
            Self::Activation(phi) => phi.name(),
            Self::Skip(_) => "skip",
            Self::Sum(_) => "sum",
            Self::Product(_) => "product",
            Self::LayerNorm => "layer-norm",
            Self::RmsNorm => "rms-norm",
            Self::Scale(_) => "scale",
            Self::Identity => "identity",
            Self::Repeat(..) => "repeat",
        }
    }
}

#[cfg(test)]
mod tests;
