//! The same number by another route.

use super::{Case, Check, Status};
use crate::{
    error::Result,
    math::{decimal::known_digits, degrees::Degrees},
    spectrum::{Kind, fast, precise},
};
use rug::Float;

/// Funk-Hecke integrals against the closed form.
pub fn quadrature(case: &Case<'_>) -> Result<Option<Check>> {
    if case.kernel.closed_form().is_none() {
        return Ok(None);
    }
    let values = &case.spectrum.eigenvalues;
    let nonzero: Vec<u64> = values.iter().filter(|v| v.kind != Kind::Zero).map(|v| v.degree).collect();
    if nonzero.is_empty() {
        return Ok(None);
    }
    let nonzero = Degrees::new(nonzero)?;
    let (computed, obstacle) = precise::eigenvalues(case.kernel, case.dim, &nonzero, case.digits)?;
    let mut fewest = i64::from(case.digits.get());
    let mut wrong = None;
    for (k, integral) in nonzero.iter().zip(&computed) {
        let Some(closed) = values.get(k as usize) else { continue };
        let difference = integral.enclosure.clone() - closed.enclosure.clone();
        if !difference.contains_zero() {
            wrong.get_or_insert(k);
        }
        fewest = fewest.min(known_digits(&integral.enclosure));
    }
    let certified = computed.iter().all(|value| value.certified);
    let (status, detail) = match (wrong, obstacle) {
        (Some(k), _) => {
            (Status::Fails, format!("the integral of degree {k} does not contain the closed form"))
        }
        (None, Some(reason)) => {
            (Status::Holds, format!("agrees to {fewest} digits; not certified: {reason}"))
        }
        (None, None) if !certified => (Status::Holds, format!("agrees to {fewest} digits")),
        _ => (Status::Proved, format!("certified integrals contain the closed forms, to {fewest} digits")),
    };
    let covered = format!("{} nonzero of {}", nonzero.len(), case.all_degrees());
    Ok(Some(case.check("quadrature against exact", covered, status, detail)))
}

/// Values in f64, where they claim to hold six digits, against the spectrum.
pub fn machine(case: &Case<'_>) -> Option<Check> {
    if !case.kernel.kinks(crate::math::units::Bits(64)).is_empty() {
        return None;
    }
    let values = fast::eigenvalues(case.kernel, case.dim, case.max_degree);
    let mut held = 0;
    let mut wrong = None;
    for (value, known) in values.iter().zip(&case.spectrum.eigenvalues) {
        if known.kind != Kind::Zero && !value.holds(CLAIM) {
            continue;
        }
        held += 1;
        let gap = Float::with_val(64, known.enclosure.midpoint() - value.value).abs();
        if gap > value.error + known.enclosure.radius().to_f64() {
            wrong.get_or_insert(known.degree);
        }
    }
    let (status, detail) = match wrong {
        Some(k) => {
            (Status::Fails, format!("the f64 value of degree {k} is further off than its stated error"))
        }
        None => (
            Status::Holds,
            format!("{held} values that f64 holds to six digits, or zeros, are within their stated errors"),
        ),
    };
    Some(case.check("f64 against spectrum", case.all_degrees(), status, detail))
}

/// What f64 must claim to be compared.
const CLAIM: f64 = 1e-6;
