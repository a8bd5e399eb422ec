//! The text form of a kernel: `NAME[:key=value,...]`.

use super::{
    Definition, Kernel, analytic,
    classical::{Classical, HIGHEST_HALF_ORDER},
    expression,
    limit::Readout,
    parity, spelling,
};
use crate::{
    error::{Error, Result},
    math::number,
    network::{
        self, Network,
        builder::{Part, dense, rbf, rectified_monomial, relu, repeat, skip, step},
    },
};
use rug::Rational;
use std::{str::FromStr, sync::Arc};

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
        formula: "with z = sqrt(2 nu) r/l, nu any half-integer: 1/2: e^-z; 3/2: (1+z) e^-z; 5/2: (1+z+z^2/3) e^-z",
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
                let hint = spelling::hint(key, entry.keys.iter().copied());
                let expected = format!("one of the keys {known}{hint}");
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
            let hint = spelling::hint(value, known.iter().copied());
            self.refuse(key, value, format!("one of {}{hint}", known.join(", ")))
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
        let text = &*spelling::canonical(text);
        let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let name = name.trim();
        let Some(entry) = CATALOGUE.iter().find(|entry| entry.name == name) else {
            let names = CATALOGUE.map(|entry| entry.name);
            let expected = format!("one of {}{}", names.join(", "), spelling::kernel_hint(name, names));
            return Err(Error::invalid("kernel", name, expected));
        };
        let definition = match (entry.name, rest) {
            ("expr", _) => {
                let written = expression::parse(rest.unwrap_or(""))?;
                let powers = parity::of(&written);
                Definition::Expression { tree: analytic::form(written), powers }
            }
            ("ntk" | "nngp", Some(rest)) if spelling::is_network_text(rest) => {
                of_network(entry.name, text, rest)?
            }
            _ => definition(entry, &Keys::parse(entry, rest)?)?,
        };
        Ok(Self { spec: text.to_owned(), definition, cut: None, closed: Arc::default(), exponent: 0 })
    }
}

/// The kernel of the network `rest`, which ends `text`.
fn of_network(name: &str, text: &str, rest: &str) -> Result<Definition> {
    let before = text.chars().count() - rest.chars().count();
    Ok(if name == "ntk" {
        let network = network::grammar::parse_trained(rest, before)?;
        Definition::Network { network, readout: Readout::Tangent }
    } else {
        let network = network::grammar::parse(rest, before)?;
        Definition::Network { network, readout: Readout::Process }
    })
}

/// The two-layer model of Basri et al. (2019), whose first layer alone is trained.
///
/// Its read-out signs have the second moment of Gaussian weights, and the scale of its weights drops out of the derivative of relu.
pub(super) fn two_layer(bias: bool) -> Result<Network> {
    let half = || Rational::from((1, 2));
    let first = if bias { dense().w(half()).b(half()) } else { dense() };
    Network::serial([first, relu(), dense().frozen()])
}

/// The network whose Gaussian process kernel is `exp(-gamma r^2)`.
pub(super) fn gaussian(gamma: &Rational) -> Result<Network> {
    Network::serial([dense(), rbf().set("gamma", gamma.clone()), dense()])
}

fn definition(entry: &Entry, keys: &Keys<'_>) -> Result<Definition> {
    let process = |phi: Part, read_out: Part| {
        let network = Network::serial([dense(), phi, read_out])?;
        Ok(Definition::Network { network, readout: Readout::Process })
    };
    let classical = match entry.name {
        "two-layer" => {
            let network = two_layer(keys.choice("bias", &["false", "true"], 0)? == 1)?;
            return Ok(Definition::Network { network, readout: Readout::Tangent });
        }
        "arc-cosine" => {
            return match keys.choice("order", &["0", "1", "2"], 1)? {
                0 => process(step(), dense().w(2)),
                1 => process(relu(), dense().w(2)),
                _ => process(rectified_monomial(2), dense().w(Rational::from((2, 3)))),
            };
        }
        "gaussian" => {
            let length = keys.positive("length", 1)?;
            let network = gaussian(&(length.square() * 2u32).recip())?;
            return Ok(Definition::Network { network, readout: Readout::Process });
        }
        "laplace" => Classical::Laplace { rate: keys.positive("c", 1)? },
        "matern" => Classical::Matern { half_order: half_order(keys)?, length: keys.positive("length", 1)? },
        _ => return deep(entry, keys),
    };
    Ok(Definition::Classical(classical))
}

/// `nu - 1/2` of a Matern kernel, 1 by default.
fn half_order(keys: &Keys<'_>) -> Result<u32> {
    let Some(text) = keys.get("nu") else { return Ok(1) };
    let whole = |nu: Rational| (nu - Rational::from((1, 2))).into_numer_denom();
    let order = number::parse(text).map(whole).filter(|(_, below)| *below == 1);
    order.and_then(|(above, _)| above.to_u32()).filter(|p| *p <= HIGHEST_HALF_ORDER).ok_or_else(|| {
        let most = HIGHEST_HALF_ORDER;
        let why = "other orders need Bessel functions that are not elementary";
        keys.refuse("nu", text, format!("a half-integer from 1/2 to {most}+1/2, such as 1.5 or 7/2: {why}"))
    })
}

/// `ntk:`, `nngp:` and `resnet:` with keys.
fn deep(entry: &Entry, keys: &Keys<'_>) -> Result<Definition> {
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
    let unit_gain = matches!(ACTIVATIONS[kind], "erf" | "sin");
    let slope = keys.rational("slope", 0, |_| true, "a slope")?;
    let phi = || {
        if leaky { Part::named("leaky-relu").number(slope.clone()) } else { Part::named(ACTIVATIONS[kind]) }
    };
    let weight = keys.positive("w", if unit_gain { 1 } else { 2 })?;
    let first_weight = keys.positive("w-in", 1)?;
    let bias = keys.rational("b", 0, |x| *x >= 0, "a number that is not negative")?;
    let drawn = keys.choice("bias-init", &["zero", "gaussian"], 0)? == 1;
    let branch = keys.rational("alpha", 1, |_| true, "a number")?;
    let affine = |w: &Rational| {
        let layer = dense().w(w.clone()).b(bias.clone());
        if drawn { layer.gaussian_bias() } else { layer }
    };
    let block = [phi(), affine(&weight)];
    let (first, hidden) = (affine(&first_weight), |part: Part| repeat(depth, [part]));
    let network = match entry.name {
        "resnet" => Network::serial([first, hidden(skip(block).set("alpha", branch)), dense()]),
        _ => Network::serial([first, repeat(depth, block)]),
    }?;
    let readout = if entry.name == "nngp" { Readout::Process } else { Readout::Tangent };
    Ok(Definition::Network { network, readout })
}
