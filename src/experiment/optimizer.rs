//! The optimizer that options name.

use super::{Text, read};
use crate::{
    error::{Error, Result},
    optimizer::{Method, Momentum, Optimizer},
};

/// The names of optimizers, those of methods and of what is wrapped around gradient descent.
const NAMES: [&str; 6] = ["gd", "heavy-ball", "nesterov", "torch-nesterov", "ridge", "sgd"];

/// The optimizer of this name, with its momentum, ridge and batch.
///
/// # Errors
/// When the name is unknown, when a number that it needs is missing, outside its domain, or of no use to it.
pub(super) fn optimizer(
    name: &Text,
    momentum: &Option<Text>,
    ridge: &Option<Text>,
    batch: &Option<Text>,
) -> Result<Optimizer> {
    let beta = || -> Result<Momentum> {
        let missing = || Error::invalid("optimizer", name, "`momentum` beside it");
        Momentum::new(read::real("momentum", momentum.as_ref().ok_or_else(missing)?, 0.0, false)?)
    };
    let method = match name.as_str() {
        "gd" | "ridge" | "sgd" => Method::GradientDescent,
        "heavy-ball" => Method::HeavyBall(beta()?),
        "nesterov" => Method::Nesterov(beta()?),
        "torch-nesterov" => Method::TorchNesterov(beta()?),
        other => return Err(Error::invalid("optimizer", other, NAMES.join(", "))),
    };
    if let (Method::GradientDescent, Some(given)) = (method, momentum) {
        let right = "the optimizer heavy-ball, nesterov or torch-nesterov beside it";
        return Err(Error::invalid("momentum", given, right));
    }
    for (needs, option, given) in [("ridge", "ridge", ridge), ("sgd", "batch", batch)] {
        if name.as_str() == needs && given.is_none() {
            return Err(Error::invalid("optimizer", name, format!("`{option}` beside it")));
        }
    }
    let mut all = Optimizer::new(method);
    if let Some(text) = ridge {
        all = all.with_ridge(read::real("ridge", text, 0.0, false)?)?;
    }
    if let Some(text) = batch {
        all = all.with_batch(read::whole("batch", text, 1, usize::MAX)?)?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_optimizer_has_what_it_needs_and_nothing_else() {
        let read = |name: &str, numbers: [&str; 3]| {
            let [momentum, ridge, batch] = numbers.map(|text| (!text.is_empty()).then(|| Text::from(text)));
            optimizer(&name.into(), &momentum, &ridge, &batch).map_err(|error| error.to_string())
        };
        assert_eq!(read("gd", ["", "", ""]), Ok(Optimizer::GRADIENT_DESCENT));
        let all = read("nesterov", ["0.9", "0.1", "20"]).unwrap();
        assert_eq!((all.method().name(), all.ridge(), all.batch()), ("nesterov", 0.1, Some(20)));
        for (name, numbers, part) in [
            ("adam", ["", "", ""], "gd, heavy-ball"),
            ("heavy-ball", ["", "", ""], "`momentum` beside it"),
            ("heavy-ball", ["1", "", ""], "from 0 to 0.999999"),
            ("gd", ["0.9", "", ""], "heavy-ball"),
            ("ridge", ["", "", ""], "`ridge` beside it"),
            ("ridge", ["", "-1", ""], "ridge"),
            ("sgd", ["", "", ""], "`batch` beside it"),
            ("sgd", ["", "", "0"], "batch"),
        ] {
            let complaint = read(name, numbers).unwrap_err();
            assert!(complaint.contains(part), "{name} {numbers:?}: {complaint}");
        }
    }
}
