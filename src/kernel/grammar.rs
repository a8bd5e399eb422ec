//! The text form of a kernel: `NAME[:key=value,...]`.

use super::{
    Definition, Kernel,
    activation::Activation,
    classical::Classical,
    expression,
    network::{Network, Readout},
    number,
};
use crate::error::{Error, Result};
use rug::Rational;
use std::str::FromStr;

/// The deepest network accepted.
pub const DEEPEST: u32 = 10_000;

/// Sizes of parameters: beyond, products over layers leave the range of machine numbers, in which proofs are made.
const SIZES: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// One row of the list of kernels.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name in a specification.
    pub name: &'static str,
    /// The whole specification with its keys.
    pub spec: &'static str,
    /// The formula.
    pub formula: &'static str,
    /// Defaults of the keys.
    pub defaults: &'static str,
    keys: &'static [&'static str],
}

const NETWORK_KEYS: &[&str] = &["depth", "activation", "slope", "w", "w-in", "b", "bias-init"];
const RESIDUAL_KEYS: &[&str] = &["depth", "alpha", "activation", "slope", "w", "w-in", "b", "bias-init"];

/// The activations by name.
pub const ACTIVATIONS: [&str; 5] = ["relu", "leaky-relu", "erf", "sin", "gelu"];

/// Every kernel that a specification can name.
pub const CATALOGUE: [Entry; 9] = [
    Entry {
        name: "two-layer",
        spec: "two-layer[:bias=true]",
        formula: "t (pi-theta)/(2 pi); with bias (t+1)(pi-theta)/(4 pi)",
        defaults: "bias=false",
        keys: &["bias"],
    },
    Entry {
        name: "ntk",
        spec: "ntk:depth=L,...",
        formula: "Theta^(L+1): Sigma' = w F(Sigma) + g, Theta' = w (Theta Fdot(Sigma) + F(Sigma)) + b",
        defaults: "activation=relu, w=2 (erf, sin: 1), w-in=1, b=0, bias-init=zero",
        keys: NETWORK_KEYS,
    },
    Entry {
        name: "nngp",
        spec: "nngp:depth=L,...",
        formula: "Sigma^(L+1) of the same network",
        defaults: "as ntk",
        keys: NETWORK_KEYS,
    },
    Entry {
        name: "resnet",
        spec: "resnet:depth=L,alpha=A,...",
        formula: "Theta + Sigma: Sigma' = Sigma + alpha^2 (w F + g), Theta' = Theta + alpha^2 (w (Theta Fdot + F) + b)",
        defaults: "alpha=1, else as ntk",
        keys: RESIDUAL_KEYS,
    },
    Entry {
        name: "arc-cosine",
        spec: "arc-cosine:order=N",
        formula: "0: (pi-theta)/pi; 1: (sin theta + (pi-theta) t)/pi; 2: (3 sin theta t + (pi-theta)(1+2t^2))/(3 pi)",
        defaults: "order=1",
        keys: &["order"],
    },
    Entry {
        name: "laplace",
        spec: "laplace:c=C",
        formula: "exp(-c r), r = 2 sin(theta/2)",
        defaults: "c=1",
        keys: &["c"],
    },
    Entry {
        name: "gaussian",
        spec: "gaussian:length=l",
        formula: "exp(-r^2/(2 l^2))",
        defaults: "length=1",
        keys: &["length"],
    },
    Entry {
        name: "matern",
        spec: "matern:nu=N,length=l",
        formula: "with z = sqrt(2 nu) r/l: 0.5: e^-z; 1.5: (1+z) e^-z; 2.5: (1+z+z^2/3) e^-z",
        defaults: "nu=1.5, length=1",
        keys: &["nu", "length"],
    },
    Entry {
        name: "expr",
        spec: "expr:FORMULA",
        formula: "a formula in t, theta and pi with + - * / ^, sqrt exp log sin cos tan asin acos atan sinh cosh tanh abs",
        defaults: "",
        keys: &[],
    },
];

/// The member of `known` most like `word`, for an error message.
fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> &'a str {
    known
        .into_iter()
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)))
        .unwrap_or("")
}

/// The keys and values after a kernel's name.
struct Keys<'a> {
    name: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Keys<'a> {
    fn parse(entry: &Entry, text: Option<&'a str>) -> Result<Self> {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for item in text.into_iter().flat_map(|text| text.split(',')) {
            let Some((key, value)) = item.split_once('=') else {
                let expected = format!("key=value, as in {}", entry.spec);
                return Err(Error::invalid(format!("kernel {}", entry.name), item, expected));
            };
            let (key, value) = (key.trim(), value.trim());
            if !entry.keys.contains(&key) {
                let known = entry.keys.join(", ");
                let guess = nearest(key, entry.keys.iter().copied());
                let expected = format!("one of the keys {known} (nearest: {guess})");
                return Err(Error::invalid(format!("kernel {}", entry.name), key, expected));
            }
            if pairs.iter().any(|(seen, _)| *seen == key) {
                let expected = "each key once";
                return Err(Error::invalid(format!("kernel {}", entry.name), key, expected));
            }
            pairs.push((key, value));
        }
        Ok(Self { name: entry.name, pairs })
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(seen, _)| *seen == key).map(|(_, value)| *value)
    }

    fn refuse(&self, key: &str, value: &str, expected: impl Into<String>) -> Error {
        Error::invalid(format!("kernel {}, {key}", self.name), value, expected)
    }

    fn choice(&self, key: &str, known: &[&'static str], default: usize) -> Result<usize> {
        let Some(value) = self.get(key) else { return Ok(default) };
        known.iter().position(|name| *name == value).ok_or_else(|| {
            let guess = nearest(value, known.iter().copied());
            self.refuse(key, value, format!("one of {} (nearest: {guess})", known.join(", ")))
        })
    }

    fn rational(
        &self,
        key: &str,
        default: i32,
        accept: impl Fn(&Rational) -> bool,
        what: &str,
    ) -> Result<Rational> {
        let Some(text) = self.get(key) else { return Ok(Rational::from(default)) };
        let value = number::parse(text).filter(accept).ok_or_else(|| {
            self.refuse(key, text, format!("{what} as a decimal or a fraction, such as 0.5 or 1/3"))
        })?;
        let size = value.to_f64().abs();
        if size == 0.0 && value.is_zero() || SIZES.contains(&size) {
            return Ok(value);
        }
        Err(self.refuse(key, text, format!("a size between {:e} and {:e}", SIZES.start(), SIZES.end())))
    }

    fn positive(&self, key: &str, default: i32) -> Result<Rational> {
        self.rational(key, default, |x| *x > 0, "a positive number")
    }
}

impl FromStr for Kernel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let name = name.trim();
        let Some(entry) = CATALOGUE.iter().find(|entry| entry.name == name) else {
            let names = CATALOGUE.map(|entry| entry.name);
            let expected = format!("one of {} (nearest: {})", names.join(", "), nearest(name, names));
            return Err(Error::invalid("kernel", name, expected));
        };
        let definition = if entry.name == "expr" {
            Definition::Expression(expression::parse(rest.unwrap_or(""))?)
        } else {
            definition(entry, &Keys::parse(entry, rest)?)?
        };
        Ok(Self { spec: text.to_owned(), definition })
    }
}

fn definition(entry: &Entry, keys: &Keys<'_>) -> Result<Definition> {
    let classical = match entry.name {
        "two-layer" => Classical::TwoLayer { bias: keys.choice("bias", &["false", "true"], 0)? == 1 },
        "arc-cosine" => Classical::ArcCosine { order: keys.choice("order", &["0", "1", "2"], 1)? as u32 },
        "laplace" => Classical::Laplace { rate: keys.positive("c", 1)? },
        "gaussian" => Classical::Gaussian { length: keys.positive("length", 1)? },
        "matern" => Classical::Matern {
            half_order: keys.choice("nu", &["0.5", "1.5", "2.5"], 1)? as u32,
            length: keys.positive("length", 1)?,
        },
        _ => return network(entry, keys).map(Definition::Network),
    };
    Ok(Definition::Classical(classical))
}

fn network(entry: &Entry, keys: &Keys<'_>) -> Result<Network> {
    let Some(depth) = keys.get("depth") else {
        return Err(keys.refuse("depth", "", "the number of hidden layers, as in depth=3"));
    };
    let depth = depth
        .parse()
        .ok()
        .filter(|depth| (1..=DEEPEST).contains(depth))
        .ok_or_else(|| keys.refuse("depth", depth, format!("a whole number from 1 to {DEEPEST}")))?;
    let kind = keys.choice("activation", &ACTIVATIONS, 0)?;
    let leaky = ACTIVATIONS[kind] == "leaky-relu";
    if leaky != keys.get("slope").is_some() {
        return Err(keys.refuse(
            "slope",
            keys.get("slope").unwrap_or(""),
            "a slope with activation=leaky-relu, and only there, as in activation=leaky-relu,slope=0.1",
        ));
    }
    let activation = match ACTIVATIONS[kind] {
        "erf" => Activation::Erf,
        "sin" => Activation::Sin,
        "gelu" => Activation::Gelu,
        _ => Activation::LeakyRelu { slope: keys.rational("slope", 0, |_| true, "a slope")? },
    };
    let unit_gain = matches!(activation, Activation::Erf | Activation::Sin);
    Ok(Network {
        readout: match entry.name {
            "ntk" => Readout::Tangent,
            "nngp" => Readout::Process,
            _ => Readout::Residual,
        },
        depth,
        activation,
        weight: keys.positive("w", if unit_gain { 1 } else { 2 })?,
        first_weight: keys.positive("w-in", 1)?,
        bias: keys.rational("b", 0, |x| *x >= 0, "a number that is not negative")?,
        gaussian_bias: keys.choice("bias-init", &["zero", "gaussian"], 0)? == 1,
        branch: keys.rational("alpha", 1, |_| true, "a number")?,
    })
}
