//! What is to be learned: harmonics and their coefficients.

use super::Text;
use crate::error::{Error, Result};
use serde::{Serialize, Serializer};
use std::fmt;

/// A target `sum_k c_k Y_k` of harmonics `Y_k` with mean square 1.
///
/// Invariants: at least one term; degrees rise; every coefficient is finite and not 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Target(Vec<(u32, f64)>);

/// The most terms of a target.
const MOST_TERMS: usize = 100;
/// The largest coefficient of a target.
const LARGEST_COEFFICIENT: f64 = 1e9;

impl Target {
    /// `coefficient` times the harmonic of one degree.
    ///
    /// # Errors
    /// Names `field` unless the coefficient is finite and not 0.
    pub fn single(field: &str, degree: u32, coefficient: f64) -> Result<Self> {
        if coefficient == 0.0 || !coefficient.is_finite() {
            return Err(Error::invalid(field, coefficient, "a finite number that is not 0"));
        }
        Ok(Self(vec![(degree, coefficient)]))
    }

    /// The target `1:1,9:0.5`, each degree with its coefficient, none above `highest`.
    ///
    /// # Errors
    /// Names `field` and the first term that is no `DEGREE:COEFFICIENT`, comes twice, or has no effect.
    pub fn read(field: &str, text: &Text, highest: u32) -> Result<Self> {
        let expected = |item: &str| match item.split_once(':').map(|(degree, _)| degree.trim().parse::<u64>())
        {
            Some(Ok(degree)) if degree > u64::from(highest) => format!(
                "degrees 0 to {highest}, whose harmonics are evaluated at points; `plan` has learning times to degree 10^12 without them"
            ),
            _ => format!(
                "DEGREE:COEFFICIENT,... such as 1:1,9:0.5, degrees 0 to {highest}, coefficients not zero"
            ),
        };
        let term = |item: &str| {
            let (degree, coefficient) = item.split_once(':')?;
            let degree: u32 = degree.trim().parse().ok().filter(|k| *k <= highest)?;
            let coefficient: f64 = coefficient.trim().parse().ok()?;
            (coefficient != 0.0 && coefficient.abs() <= LARGEST_COEFFICIENT).then_some((degree, coefficient))
        };
        let mut terms = Vec::new();
        for item in text.as_str().split(',') {
            terms.push(term(item).ok_or_else(|| Error::invalid(field, item.trim(), expected(item)))?);
        }
        if terms.len() > MOST_TERMS {
            let given = format!("{} terms", terms.len());
            return Err(Error::invalid(field, given, format!("at most {MOST_TERMS}")));
        }
        terms.sort_by_key(|(degree, _)| *degree);
        if let Some(pair) = terms.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(Error::invalid(field, format!("degree {} twice", pair[0].0), "each degree once"));
        }
        Ok(Self(terms))
    }

    /// The same target, `factor` times.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self(self.0.into_iter().map(|(degree, c)| (degree, factor * c)).collect())
    }

    /// The root mean square on the sphere.
    pub fn size(&self) -> f64 {
        self.0.iter().map(|(_, c)| c * c).sum::<f64>().sqrt()
    }

    /// Degrees and coefficients, degrees rising.
    pub fn terms(&self) -> &[(u32, f64)] {
        &self.0
    }

    /// The degrees, rising.
    pub fn degrees(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|(degree, _)| *degree)
    }

    /// The highest degree.
    pub fn highest(&self) -> u32 {
        self.0.last().map_or(0, |(degree, _)| *degree)
    }

    /// The place of a degree among the terms.
    pub fn position(&self, degree: u32) -> Option<usize> {
        self.0.iter().position(|(k, _)| *k == degree)
    }

    /// The value at a point, from those of the harmonics of its terms.
    pub(super) fn mixed(&self, harmonics: impl Iterator<Item = f64>) -> f64 {
        self.0.iter().zip(harmonics).map(|((_, c), y)| c * y).sum()
    }
}

impl fmt::Display for Target {
    /// `1:1,9:0.5`, in numbers that read back to the same ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms: Vec<String> = self.0.iter().map(|(k, c)| format!("{k}:{c}")).collect();
        f.write_str(&terms.join(","))
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Target> {
        Target::read("target", &text.into(), 10)
    }

    #[test]
    fn targets_are_read_sorted_or_refused() {
        assert_eq!(read("9:0.5, 1:-1").unwrap().terms(), [(1, -1.0), (9, 0.5)]);
        for wrong in [
            "", "1", "1:", ":1", "1:0", "1:nan", "1:inf", "1:1,1:2", "11:1", "-1:1", "1:1,,2:1", "1:1e300",
            "1.5:1",
        ] {
            assert!(read(wrong).unwrap_err().to_string().starts_with("target: got"), "{wrong}");
        }
        assert!(read("11:1").unwrap_err().to_string().contains("10^12"));
    }

    proptest! {
        #[test]
        fn a_shown_target_reads_back(terms in proptest::collection::btree_map(0u32..=10, -1e6..1e6f64, 1..6)) {
            let given: Vec<String> = terms.iter().filter(|(_, c)| **c != 0.0).map(|(k, c)| format!("{k}:{c:?}")).collect();
            prop_assume!(!given.is_empty());
            let target = read(&given.join(",")).unwrap();
            prop_assert_eq!(read(&target.to_string()).unwrap(), target);
        }
    }
}
