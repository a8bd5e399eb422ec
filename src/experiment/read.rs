//! The values of options, from text; every error names the field.

use super::Text;
use crate::{
    error::{Error, Result},
    kernel::{Kernel, spelling},
    network::grammar,
    sample::Header,
};
use std::{fmt::Display, str::FromStr, sync::Mutex};

/// The kernel that `text` specifies.
///
/// # Errors
/// Those of its grammar, after the name of the field.
pub fn kernel(field: &str, text: &Text) -> Result<Kernel> {
    /// The last one: calls in a row often ask for the same, which then keeps what was found out about it.
    static LAST: Mutex<Option<(String, Kernel)>> = Mutex::new(None);
    let text = text.as_str();
    // Never waited for: in a forked process whoever holds the lock may be missing.
    if let Some((_, kernel)) =
        LAST.try_lock().ok().as_deref().and_then(Option::as_ref).filter(|(last, _)| last == text)
    {
        return Ok(kernel.clone());
    }
    let kernel: Kernel = text.parse().map_err(|error: Error| error.under(field))?;
    if let Ok(mut last) = LAST.try_lock() {
        *last = Some((text.to_owned(), kernel.clone()));
    }
    Ok(kernel)
}

/// The kernel of `kernel`, or the tangent kernel of `network`: one of the two.
///
/// # Errors
/// Those of their grammars, and when both are given or none.
pub fn kernel_or_network(kernel: &Text, network: &Option<Text>) -> Result<Kernel> {
    match network {
        None if kernel.as_str().is_empty() => {
            Err(Error::invalid("kernel", "nothing", "a kernel, or a `network`"))
        }
        None => self::kernel("kernel", kernel),
        Some(text) if kernel.as_str().is_empty() => self::network(text),
        Some(text) => Err(Error::invalid("network", text, "no `kernel` beside it")),
    }
}

/// The tangent kernel of the network that `text` describes, and that is trained.
///
/// # Errors
/// Those of the language, and when training moves nothing.
pub fn network(text: &Text) -> Result<Kernel> {
    let spelled = spelling::canonical(&format!("ntk:{}", text.as_str()));
    let network = grammar::parse_trained(spelled.strip_prefix("ntk:").unwrap_or(&spelled), 0)?;
    format!("ntk:{network}").parse()
}

/// The whole number `text`, from `least` to `most`.
///
/// # Errors
/// When it is none, or outside.
pub fn whole<T: FromStr + PartialOrd + Display + Copy>(
    field: &str,
    text: &Text,
    least: T,
    most: T,
) -> Result<T> {
    let number = text.as_str().parse().ok().filter(|n| (least..=most).contains(n));
    number
        .ok_or_else(|| Error::invalid(field, text.as_str(), format!("a whole number from {least} to {most}")))
}

/// The number `text`, strictly between 0 and 1.
///
/// # Errors
/// When it is none, or outside.
pub fn fraction(field: &str, text: &Text) -> Result<f64> {
    let number = text.as_str().parse().ok().filter(|x| *x > 0.0 && *x < 1.0);
    number.ok_or_else(|| Error::invalid(field, text.as_str(), "a number above 0 and below 1"))
}

/// The real number `text`, at least `least` (or above it, if `open`).
///
/// # Errors
/// When it is no finite number in that range.
pub fn real(field: &str, text: &Text, least: f64, open: bool) -> Result<f64> {
    let number = text.as_str().parse::<f64>().ok();
    let number = number.filter(|x| x.is_finite() && *x >= least && !(open && *x == least));
    number.ok_or_else(|| {
        let range = if open { "above" } else { "of at least" };
        Error::invalid(field, text.as_str(), format!("a finite number {range} {least}"))
    })
}

/// What `read` makes of an option, if it was given.
///
/// # Errors
/// Those of `read`.
pub fn optional<T>(text: &Option<Text>, read: impl FnOnce(&Text) -> Result<T>) -> Result<Option<T>> {
    text.as_ref().map(read).transpose()
}

/// A set of named choices of an option.
pub trait Choice: Copy + PartialEq + 'static {
    /// The choices with their names, in the order in which they are listed.
    const ALL: &'static [(&'static str, Self)];

    /// The name of this one.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

impl Choice for Header {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("yes", Self::Yes), ("no", Self::No)];
}

/// The choice that `text` names, in any case.
///
/// # Errors
/// Lists the names when it is none of them.
pub fn choice<C: Choice>(field: &str, text: &Text) -> Result<C> {
    let found = C::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.as_str()));
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = C::ALL.iter().map(|(name, _)| *name).collect();
        let (last, others) = names.split_last().unwrap_or((&"", &[]));
        let listed =
            if others.is_empty() { (*last).to_owned() } else { format!("{} or {last}", others.join(", ")) };
        Error::invalid(field, text.as_str(), listed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reals_are_finite_and_in_range() {
        assert_eq!(real("noise", &"0".into(), 0.0, false).unwrap(), 0.0);
        for wrong in ["", "-1", "nan", "inf", "1e999", "x", "0x1"] {
            let refused = real("noise", &wrong.into(), 0.0, false).unwrap_err().to_string();
            assert!(refused.starts_with("noise: got") && refused.ends_with("of at least 0"), "{refused}");
        }
        assert!(real("lr", &"0".into(), 0.0, true).is_err());
    }
}
