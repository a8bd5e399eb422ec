//! What the grammar and the builder both know of the layers: their names, their keys, and the values these take.

use super::{
    Dense, Layer, Series, Skip,
    activation::{self, Activation, Definition, Expr, Key},
};
use crate::math::number;
use rug::Rational;

/// One row of the list of layers that are not activations.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name in the language.
    pub name: &'static str,
    /// The name with its keys and their defaults.
    pub spec: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// Every layer of the language that is not an activation.
pub const CATALOGUE: [Entry; 8] = [
    Entry {
        name: "dense",
        spec: "dense(w=1, b=0, bias-init=zero|gaussian, train=yes|no|weights|bias, lr=1, lr-bias=lr)",
        meaning: "affine; w and b are the variances of weights and biases, lr multiplies the step size",
    },
    Entry { name: "skip", spec: "skip(alpha=1, beta=1, N)", meaning: "beta x + alpha N(x)" },
    Entry { name: "sum", spec: "sum(N, N, ...)", meaning: "branches from the same input, added" },
    Entry {
        name: "product",
        spec: "product(N, N, ...)",
        meaning: "branches from the same input, multiplied element by element",
    },
    Entry { name: "layer-norm", spec: "layer-norm", meaning: "(h - mean)/standard deviation over the units" },
    Entry { name: "rms-norm", spec: "rms-norm", meaning: "h over its root mean square over the units" },
    Entry { name: "scale", spec: "scale(c)", meaning: "c h" },
    Entry { name: "identity", spec: "identity", meaning: "h" },
];

/// The most times that layers are repeated.
pub const MOST_REPEATS: u32 = 10_000;

/// Sizes of parameters: beyond, products over layers leave the range of machine numbers, in which proofs are made.
const SIZES: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// An argument of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The key, where one was written.
    pub key: Option<String>,
    /// The value.
    pub value: Value,
}

/// A value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(Rational),
    /// A word.
    Word(String),
    /// A branch.
    Branch(Series),
    /// A formula.
    Formula(String),
}

impl Value {
    fn text(&self) -> String {
        match self {
            Self::Number(value) => number::text(value),
            Self::Word(word) => word.clone(),
            Self::Branch(branch) => branch.to_string(),
            Self::Formula(text) => text.clone(),
        }
    }
}

/// Why an argument is refused: which one, what it was, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The index of the argument; `None` where one is missing.
    pub at: Option<usize>,
    /// The offending text.
    pub value: String,
    /// What completes the sentence "expected ...".
    pub expected: String,
}

/// The names of all layers.
pub fn names() -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().map(|entry| entry.name).chain(activation::CATALOGUE.iter().map(|entry| entry.name))
}

/// Do bare arguments of this layer stand for branches?
pub fn takes_branches(name: &str) -> bool {
    matches!(name, "skip" | "sum" | "product")
}

/// Does this layer take a formula?
pub fn takes_formula(name: &str) -> bool {
    name == Expr::NAME
}

/// The member of `known` most like `word`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> &'a str {
    known
        .into_iter()
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)))
        .unwrap_or("")
}

/// The layer `name` with these arguments.
///
/// # Errors
/// When the name or a key is unknown, a value is outside its domain, or one is missing.
pub fn layer(name: &str, arguments: Vec<Argument>) -> Result<Layer, Refusal> {
    let given = Given { name, arguments };
    match name {
        "dense" => given.dense().map(Layer::Dense),
        "skip" => given.skip().map(Layer::Skip),
        "sum" => given.branches().map(Layer::Sum),
        "product" => given.branches().map(Layer::Product),
        "layer-norm" => given.alone(Layer::LayerNorm),
        "rms-norm" => given.alone(Layer::RmsNorm),
        "identity" => given.alone(Layer::Identity),
        "scale" => {
            let values = given.numbers(&[Key::needed("c")], false)?;
            values
                .into_iter()
                .next()
                .map(Layer::Scale)
                .ok_or_else(|| given.refuse(None, "", "scale(c) with a number c"))
        }
        _ => given.activation(),
    }
}

/// A layer's name and arguments.
struct Given<'a> {
    name: &'a str,
    arguments: Vec<Argument>,
}

impl Given<'_> {
    fn refuse(&self, at: Option<usize>, value: &str, expected: impl Into<String>) -> Refusal {
        Refusal { at, value: value.to_owned(), expected: expected.into() }
    }

    fn refuse_at(&self, at: usize, expected: impl Into<String>) -> Refusal {
        let Argument { key, value } = &self.arguments[at];
        let text = key.as_ref().map_or_else(|| value.text(), |key| format!("{key}={}", value.text()));
        self.refuse(Some(at), &text, expected)
    }

    fn alone(&self, layer: Layer) -> Result<Layer, Refusal> {
        if self.arguments.is_empty() {
            Ok(layer)
        } else {
            Err(self.refuse_at(0, format!("{} without arguments", self.name)))
        }
    }

    /// Checks that keys are known and given once.
    fn check_keys(&self, known: &[&str]) -> Result<(), Refusal> {
        for (at, argument) in self.arguments.iter().enumerate() {
            let Some(key) = &argument.key else { continue };
            if !known.contains(&key.as_str()) {
                let expected = if known.is_empty() {
                    format!("{} without keys", self.name)
                } else {
                    let guess = nearest(key, known.iter().copied());
                    format!("one of the keys {} of {} (nearest: {guess})", known.join(", "), self.name)
                };
                return Err(self.refuse(Some(at), key, expected));
            }
            if self.arguments[..at].iter().any(|before| before.key.as_ref() == Some(key)) {
                return Err(self.refuse(Some(at), key, "each key once"));
            }
        }
        Ok(())
    }

    fn find(&self, key: &str) -> Option<usize> {
        self.arguments.iter().position(|argument| argument.key.as_deref() == Some(key))
    }

    fn number_at(&self, at: usize) -> Result<Rational, Refusal> {
        let Value::Number(value) = &self.arguments[at].value else {
            return Err(self.refuse_at(at, "a decimal or a fraction, such as 0.5 or 1/3"));
        };
        let size = value.to_f64().abs();
        if value.is_zero() || SIZES.contains(&size) {
            return Ok(value.clone());
        }
        Err(self.refuse_at(at, format!("a size between {:e} and {:e}", SIZES.start(), SIZES.end())))
    }

    fn number(&self, key: &str) -> Result<Option<Rational>, Refusal> {
        self.find(key).map(|at| self.number_at(at)).transpose()
    }

    /// The number of a key, if given, that `accept` must hold for.
    fn checked(
        &self,
        key: &str,
        accept: fn(&Rational) -> bool,
        what: &str,
    ) -> Result<Option<Rational>, Refusal> {
        let Some(at) = self.find(key) else { return Ok(None) };
        let value = self.number_at(at)?;
        if accept(&value) {
            Ok(Some(value))
        } else {
            Err(self.refuse_at(at, format!("{what} in {}", self.name)))
        }
    }

    fn choice(&self, key: &str, known: &[&str]) -> Result<usize, Refusal> {
        let Some(at) = self.find(key) else { return Ok(0) };
        let text = self.arguments[at].value.text();
        known.iter().position(|word| *word == text).ok_or_else(|| {
            let guess = nearest(&text, known.iter().copied());
            self.refuse_at(at, format!("{key}={} (nearest: {guess})", known.join("|")))
        })
    }

    fn dense(&self) -> Result<Dense, Refusal> {
        self.check_keys(&["w", "b", "bias-init", "train", "lr", "lr-bias"])?;
        if let Some(at) = self.arguments.iter().position(|argument| argument.key.is_none()) {
            return Err(self.refuse_at(at, "key=value in dense, as in dense(w=2, b=0.1)"));
        }
        let default = Dense::default();
        let not_negative: fn(&Rational) -> bool = |x| *x >= 0;
        let weight = self.checked("w", |x| *x > 0, "w > 0")?.unwrap_or(default.weight);
        let bias = self.checked("b", not_negative, "b >= 0")?.unwrap_or(default.bias);
        let lr = self.checked("lr", not_negative, "lr >= 0")?.unwrap_or(default.lr);
        let lr_bias = self.checked("lr-bias", not_negative, "lr-bias >= 0")?.unwrap_or_else(|| lr.clone());
        let gaussian_bias = self.choice("bias-init", &["zero", "gaussian"])? == 1;
        let (weights, biases) = match self.choice("train", &["yes", "no", "weights", "bias"])? {
            0 => (true, true),
            1 => (false, false),
            2 => (true, false),
            _ => (false, true),
        };
        let kept = |is_trained: bool, rate: Rational| if is_trained { rate } else { Rational::new() };
        Ok(Dense { weight, bias, gaussian_bias, lr: kept(weights, lr), lr_bias: kept(biases, lr_bias) })
    }

    /// The branches among the arguments, which come without a key.
    fn bare_branches(&self) -> Result<Vec<Series>, Refusal> {
        let bare = self.arguments.iter().enumerate().filter(|(_, argument)| argument.key.is_none());
        bare.map(|(at, argument)| match &argument.value {
            Value::Branch(branch) => Ok(branch.clone()),
            _ => Err(self.refuse_at(at, format!("a network as a branch of {}", self.name))),
        })
        .collect()
    }

    fn skip(&self) -> Result<Skip, Refusal> {
        self.check_keys(&["alpha", "beta"])?;
        let factor = |key: &str| Ok(self.number(key)?.unwrap_or_else(|| Rational::from(1)));
        let (alpha, beta) = (factor("alpha")?, factor("beta")?);
        let branches: [Series; 1] = self.bare_branches()?.try_into().map_err(|all: Vec<_>| {
            self.refuse(
                None,
                &format!("{} branches", all.len()),
                "skip(alpha=1, beta=1, N) with one network N",
            )
        })?;
        let [branch] = branches;
        Ok(Skip { alpha, beta, branch })
    }

    fn branches(&self) -> Result<Vec<Series>, Refusal> {
        self.check_keys(&[])?;
        let all = self.bare_branches()?;
        if all.len() >= 2 {
            return Ok(all);
        }
        let expected = format!("{}(N, N, ...) with at least two networks", self.name);
        Err(self.refuse(None, &format!("{} branches", all.len()), expected))
    }

    /// The values of `keys` in their order: keyed, or bare ones that fill them from the first on.
    fn numbers(&self, keys: &[Key], many: bool) -> Result<Vec<Rational>, Refusal> {
        let names: Vec<&str> = if many { vec![] } else { keys.iter().map(|key| key.name).collect() };
        self.check_keys(&names)?;
        let bare: Vec<usize> =
            (0..self.arguments.len()).filter(|at| self.arguments[*at].key.is_none()).collect();
        if let Some(extra) = bare.get(keys.len()).filter(|_| !many) {
            let count = if keys.is_empty() { "no".into() } else { format!("at most {}", keys.len()) };
            return Err(self.refuse_at(*extra, format!("{count} numbers in {}", self.name)));
        }
        let mut values: Vec<Rational> =
            bare.iter().map(|at| self.number_at(*at)).collect::<Result<_, _>>()?;
        for (i, key) in keys.iter().enumerate() {
            match (self.find(key.name), i < values.len()) {
                (Some(at), true) => return Err(self.refuse_at(at, format!("{} once", key.name))),
                (Some(at), false) => values.push(self.number_at(at)?),
                (None, true) => {}
                (None, false) => {
                    let default = key.default.and_then(number::parse);
                    let missing =
                        || self.refuse(None, self.name, format!("{}({}) with a number", self.name, key.name));
                    values.push(default.ok_or_else(missing)?);
                }
            }
        }
        Ok(values)
    }

    fn formula(&self) -> Result<Layer, Refusal> {
        let [Argument { key: None, value: Value::Formula(text) }] = &self.arguments[..] else {
            return Err(self.refuse(None, self.name, "one formula in u, as in expr(u*tanh(u))"));
        };
        let made = Expr::parse(text).map(|phi| Layer::Activation(Activation::Expr(phi)));
        made.map_err(|(found, expected)| self.refuse(Some(0), &found, expected))
    }

    fn activation(&self) -> Result<Layer, Refusal> {
        if takes_formula(self.name) {
            return self.formula();
        }
        let Some(entry) = activation::CATALOGUE.iter().find(|entry| entry.name == self.name) else {
            let guess = nearest(self.name, names());
            return Err(self.refuse(None, self.name, format!("a layer or an activation (nearest: {guess})")));
        };
        let values = self.numbers(entry.keys, entry.many)?;
        let text =
            format!("{}({})", self.name, values.iter().map(number::text).collect::<Vec<_>>().join(", "));
        entry.make(values).map(Layer::Activation).map_err(|expected| self.refuse(None, &text, expected))
    }
}
