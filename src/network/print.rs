//! A network into text that parses back to an equal one.

use super::{Dense, Layer, Network, Series, Skip, activation::Activation};
use crate::math::number::text;
use rug::Rational;
use std::fmt;

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.series().fmt(f)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0, " ")
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dense(dense) => called(f, "dense", &dense.arguments()),
            Self::Activation(phi) => called(f, phi.name(), &arguments(phi)),
            Self::Skip(skip) => called(f, "skip", &skip.arguments()),
            Self::Sum(branches) | Self::Product(branches) => {
                called(f, self.name(), &branches.iter().map(Series::to_string).collect::<Vec<_>>())
            }
            Self::Scale(c) => write!(f, "scale({})", text(c)),
            Self::LayerNorm | Self::RmsNorm | Self::Identity => f.write_str(self.name()),
            Self::Repeat(count, body) => match &body.0[..] {
                [layer] if !matches!(layer, Self::Repeat(..)) => write!(f, "{count}*{layer}"),
                _ => write!(f, "{count}*({body})"),
            },
        }
    }
}

fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, all: &[T], between: &str) -> fmt::Result {
    for (i, one) in all.iter().enumerate() {
        write!(f, "{}{one}", if i == 0 { "" } else { between })?;
    }
    Ok(())
}

fn called(f: &mut fmt::Formatter<'_>, name: &str, arguments: &[String]) -> fmt::Result {
    f.write_str(name)?;
    if arguments.is_empty() {
        return Ok(());
    }
    f.write_str("(")?;
    joined(f, arguments, ", ")?;
    f.write_str(")")
}

fn keyed(key: &str, value: &Rational) -> String {
    format!("{key}={}", text(value))
}

impl Dense {
    /// What differs from the defaults.
    fn arguments(&self) -> Vec<String> {
        let default = Self::default();
        let mut all = Vec::new();
        let mut differs = |key: &str, value: &Rational, from: &Rational| {
            if value != from {
                all.push(keyed(key, value));
            }
        };
        differs("w", &self.weight, &default.weight);
        differs("b", &self.bias, &default.bias);
        let (frozen, biases_frozen) = (self.lr.is_zero(), self.lr_bias.is_zero());
        if frozen {
            if !biases_frozen {
                differs("lr-bias", &self.lr_bias, &default.lr_bias);
            }
        } else {
            differs("lr", &self.lr, &default.lr);
            if !biases_frozen {
                differs("lr-bias", &self.lr_bias, &self.lr);
            }
        }
        if self.gaussian_bias {
            all.push("bias-init=gaussian".into());
        }
        match (frozen, biases_frozen) {
            (true, true) => all.push("train=no".into()),
            (false, true) => all.push("train=weights".into()),
            (true, false) => all.push("train=bias".into()),
            (false, false) => {}
        }
        all
    }
}

impl Skip {
    fn arguments(&self) -> Vec<String> {
        let factors = [("alpha", &self.alpha), ("beta", &self.beta)];
        let named =
            factors.into_iter().filter(|(_, value)| **value != 1).map(|(key, value)| keyed(key, value));
        named.chain([self.branch.to_string()]).collect()
    }
}

/// The numbers of an activation: bare where a number fills the only key or one that has no default, else those that are no defaults, by name.
fn arguments(phi: &Activation) -> Vec<String> {
    if let Activation::Expr(phi) = phi {
        return vec![phi.to_string()];
    }
    let keys = phi.entry().map_or(&[][..], |entry| entry.keys);
    let values = phi.values();
    if keys.iter().any(|key| key.default.is_none()) {
        return values.iter().map(text).collect();
    }
    let differs = |key: &str, value: &String| key != value;
    let texts = values.iter().map(text);
    keys.iter()
        .zip(texts)
        .filter(|(key, value)| key.default.is_none_or(|default| differs(default, value)))
        .map(|(key, value)| format!("{}={value}", key.name))
        .collect()
}
