//! Real numbers, and targets, as typed.

use crate::error::{Error, Result};
pub use crate::report::numbers::{short, shown};
use std::{fmt::Display, str::FromStr};

/// The real number `text`, at least `least` (or above it, if `open`).
///
/// # Errors
/// Names `option` when the text is not a finite number in that range.
pub fn real(option: &str, text: &str, least: f64, open: bool) -> Result<f64> {
    let value =
        text.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v >= least && !(open && *v == least));
    value.ok_or_else(|| {
        let range = if open { "above" } else { "of at least" };
        Error::invalid(option, text, format!("a finite number {range} {least}"))
    })
}

/// A parser of whole numbers from `least` to `most` for flags; its complaint completes "expected ...".
pub fn whole<T>(least: T, most: T) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| {
        let number = text.trim().parse().ok().filter(|n| (least..=most).contains(n));
        number.ok_or_else(|| format!("a whole number from {least} to {most}"))
    }
}

/// A parser of numbers strictly between 0 and 1 for flags.
pub fn fraction(text: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|x| *x > 0.0 && *x < 1.0);
    number.ok_or_else(|| "a number above 0 and below 1".into())
}

/// The most terms of a target.
const MOST_TERMS: usize = 100;
/// The largest coefficient of a target.
const LARGEST_COEFFICIENT: f64 = 1e9;

/// The target `1:1,9:0.5`, each degree with its coefficient, as pairs with rising degrees, none above `highest`.
///
/// # Errors
/// Names `option` and the first term that is no `DEGREE:COEFFICIENT`, comes twice, or has no effect.
pub fn target(option: &str, text: &str, highest: u32) -> Result<Vec<(u32, f64)>> {
    let expected =
        || format!("DEGREE:COEFFICIENT,... such as 1:1,9:0.5, degrees 0 to {highest}, coefficients not zero");
    let term = |item: &str| {
        let (degree, coefficient) = item.split_once(':')?;
        let degree: u32 = degree.trim().parse().ok().filter(|k| *k <= highest)?;
        let coefficient: f64 = coefficient.trim().parse().ok()?;
        (coefficient != 0.0 && coefficient.abs() <= LARGEST_COEFFICIENT).then_some((degree, coefficient))
    };
    let mut terms = Vec::new();
    for item in text.split(',') {
        terms.push(term(item).ok_or_else(|| Error::invalid(option, item.trim(), expected()))?);
    }
    if terms.len() > MOST_TERMS {
        return Err(Error::invalid(
            option,
            format!("{} terms", terms.len()),
            format!("at most {MOST_TERMS}"),
        ));
    }
    terms.sort_by_key(|(degree, _)| *degree);
    if let Some(pair) = terms.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Error::invalid(option, format!("degree {} twice", pair[0].0), "each degree once"));
    }
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_sorted_or_refused() {
        assert_eq!(target("--target", "9:0.5, 1:-1", 10).unwrap(), [(1, -1.0), (9, 0.5)]);
        for wrong in [
            "", "1", "1:", ":1", "1:0", "1:nan", "1:inf", "1:1,1:2", "11:1", "-1:1", "1:1,,2:1", "1:1e300",
            "1.5:1",
        ] {
            assert!(target("--target", wrong, 10).is_err(), "{wrong}");
        }
    }

    #[test]
    fn reals_are_finite_and_in_range() {
        assert_eq!(real("--noise", "0", 0.0, false).unwrap(), 0.0);
        for wrong in ["", "-1", "nan", "inf", "1e999", "x", "0x1"] {
            assert!(real("--noise", wrong, 0.0, false).is_err(), "{wrong}");
        }
        assert!(real("--lr", "0", 0.0, true).is_err());
    }
}
