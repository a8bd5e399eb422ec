//! Networks put together in Rust.
//!
//! One function a layer; keys are set by methods. A part keeps its first mistake, and [`Network::serial`](super::Network::serial) reports it.

use super::{
    Layer, Series,
    layers::{self, Argument, MOST_REPEATS, Refusal, Value},
};
use crate::error::{Error, Result};
use rug::Rational;

/// A layer in the making.
#[derive(Clone, Debug)]
pub struct Part(std::result::Result<Made, Mistake>);

/// The first mistake in a part, as subject, value and what was expected.
type Mistake = (String, String, String);

#[derive(Clone, Debug)]
enum Made {
    Call { name: String, arguments: Vec<Argument> },
    Repeat(u32, Series),
}

impl Part {
    /// The layer `name` with no arguments yet.
    pub fn named(name: &str) -> Self {
        Self(Ok(Made::Call { name: name.to_owned(), arguments: vec![] }))
    }

    fn with(mut self, key: Option<&str>, value: Value) -> Self {
        match &mut self.0 {
            Ok(Made::Call { arguments, .. }) => {
                arguments.push(Argument { key: key.map(str::to_owned), value })
            }
            Ok(Made::Repeat(..)) => {
                let key = key.unwrap_or("a value").to_owned();
                self.0 = Err(("repeat".into(), key, "layers only".into()));
            }
            Err(_) => {}
        }
        self
    }

    /// Sets a key to a number.
    #[must_use]
    pub fn set(self, key: &str, value: impl Into<Rational>) -> Self {
        self.with(Some(key), Value::Number(value.into()))
    }

    /// Sets a key to a word, as in `train=no`.
    #[must_use]
    pub fn word(self, key: &str, value: &str) -> Self {
        self.with(Some(key), Value::Word(value.to_owned()))
    }

    /// Adds a number without a key.
    #[must_use]
    pub fn number(self, value: impl Into<Rational>) -> Self {
        self.with(None, Value::Number(value.into()))
    }

    /// Adds a branch.
    #[must_use]
    pub fn branch(self, parts: impl IntoIterator<Item = Self>) -> Self {
        match made(parts) {
            Ok(branch) => self.with(None, Value::Branch(branch)),
            Err(mistake) => Self(self.0.and(Err(mistake))),
        }
    }

    /// The variance of the weights of a dense layer.
    #[must_use]
    pub fn w(self, value: impl Into<Rational>) -> Self {
        self.set("w", value)
    }

    /// The variance, or squared scale, of the biases of a dense layer.
    #[must_use]
    pub fn b(self, value: impl Into<Rational>) -> Self {
        self.set("b", value)
    }

    /// What multiplies the step size of a dense layer.
    #[must_use]
    pub fn lr(self, value: impl Into<Rational>) -> Self {
        self.set("lr", value)
    }

    /// What multiplies the step size of the biases of a dense layer.
    #[must_use]
    pub fn lr_bias(self, value: impl Into<Rational>) -> Self {
        self.set("lr-bias", value)
    }

    /// Draws the biases of a dense layer.
    #[must_use]
    pub fn gaussian_bias(self) -> Self {
        self.word("bias-init", "gaussian")
    }

    /// Freezes a dense layer.
    #[must_use]
    pub fn frozen(self) -> Self {
        self.word("train", "no")
    }

    fn layer(self) -> std::result::Result<Layer, Mistake> {
        match self.0? {
            Made::Repeat(count, body) => Ok(Layer::Repeat(count, body)),
            Made::Call { name, arguments } => {
                let mistake =
                    |Refusal { value, expected, .. }| (format!("network, layer {name}"), value, expected);
                layers::layer(&name, arguments).map_err(mistake)
            }
        }
    }
}

fn made(parts: impl IntoIterator<Item = Part>) -> std::result::Result<Series, Mistake> {
    parts.into_iter().map(Part::layer).collect::<std::result::Result<_, _>>().map(Series)
}

/// The layers of these parts.
///
/// # Errors
/// When a part was given a key that it does not have or a value outside its domain.
pub fn series(parts: impl IntoIterator<Item = Part>) -> Result<Series> {
    made(parts).map_err(|(subject, value, expected)| Error::invalid(subject, value, expected))
}

/// The parts `count` times, each time with parameters of their own.
pub fn repeat(count: u32, parts: impl IntoIterator<Item = Part>) -> Part {
    if !(1..=MOST_REPEATS).contains(&count) {
        let expected = format!("a count from 1 to {MOST_REPEATS}");
        return Part(Err(("network, repeat".into(), count.to_string(), expected)));
    }
    Part(made(parts).map(|body| Made::Repeat(count, body)))
}

/// `x + N(x)`; the keys `alpha` and `beta` make it `beta x + alpha N(x)`.
pub fn skip(parts: impl IntoIterator<Item = Part>) -> Part {
    Part::named("skip").branch(parts)
}

/// Branches from the same input, added.
pub fn sum<B: IntoIterator<Item = Part>>(branches: impl IntoIterator<Item = B>) -> Part {
    branches.into_iter().fold(Part::named("sum"), Part::branch)
}

/// Branches from the same input, multiplied element by element.
pub fn product<B: IntoIterator<Item = Part>>(branches: impl IntoIterator<Item = B>) -> Part {
    branches.into_iter().fold(Part::named("product"), Part::branch)
}

/// `c h`.
pub fn scale(c: impl Into<Rational>) -> Part {
    Part::named("scale").number(c)
}

/// `c0 + c1 u + c2 u^2 + ...`.
pub fn polynomial<C: Into<Rational>>(coefficients: impl IntoIterator<Item = C>) -> Part {
    coefficients.into_iter().fold(Part::named("polynomial"), Part::number)
}

/// The function of `u` that a formula writes, as in `expr("u*tanh(u)")`.
pub fn expr(formula: &str) -> Part {
    Part::named("expr").with(None, Value::Formula(formula.to_owned()))
}

macro_rules! plain {
    ($($function:ident = $name:literal)*) => {
        $(
            #[doc = concat!("The layer `", $name, "`; its keys are set by methods.")]
            pub fn $function() -> Part {
                Part::named($name)
            }
        )*
    };
}

plain! {
    dense = "dense"
    layer_norm = "layer-norm"
    rms_norm = "rms-norm"
    identity = "identity"
    relu = "relu"
    abs = "abs"
    step = "step"
    sign = "sign"
    elu = "elu"
    selu = "selu"
    erf = "erf"
    gelu = "gelu"
    gaussian = "gaussian"
    sin = "sin"
    cos = "cos"
    rbf = "rbf"
    exp = "exp"
    tanh = "tanh"
    sigmoid = "sigmoid"
    silu = "silu"
    softplus = "softplus"
}

macro_rules! one_number {
    ($($function:ident = $name:literal)*) => {
        $(
            #[doc = concat!("The layer `", $name, "` of this number.")]
            pub fn $function(value: impl Into<Rational>) -> Part {
                Part::named($name).number(value)
            }
        )*
    };
}

one_number! {
    leaky_relu = "leaky-relu"
    rectified_monomial = "rectified-monomial"
    monomial = "monomial"
    hermite = "hermite"
}
