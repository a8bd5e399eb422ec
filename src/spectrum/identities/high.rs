//! High degrees: one route against another, and the power law between them.

use super::{Case, Check, Status, decay::EXPONENT_TOLERANCE};
use crate::{
    error::Result,
    math::degrees::Degrees,
    spectrum::{Eigenvalue, Goal, Kind, Route, asymptotic::Expansion, decay},
};
use rug::Float;

/// The first of them.
const FIRST: u64 = 10_000;

/// `10^4, 10^4 + 1, 10^5, 10^5 + 1, ...` below `highest`, and `highest - 1, highest`: both parities.
fn degrees(highest: u64) -> Result<Degrees> {
    let powers = std::iter::successors(Some(FIRST), |k| k.checked_mul(10)).take_while(|k| *k < highest);
    Degrees::new(powers.flat_map(|k| [k, k + 1]).chain([highest - 1, highest]))
}

/// The values of the spectrum against the expansion at the ends where another route found them, and local exponents between powers of ten against the
/// law.
pub fn check(case: &Case<'_>, highest: u64, expansion: &mut Expansion) -> Result<Check> {
    let name = "high degrees";
    let degrees = degrees(highest)?;
    let found = match (case.predict)(case.kernel, case.dim, &degrees, &Goal::digits(case.digits)) {
        Ok(found) => found.eigenvalues,
        Err(error) => return Ok(case.check(name, degrees.to_string(), Status::Skipped, error.to_string())),
    };
    let mut compared = 0;
    let mut wrong = None;
    // Of what vanishes for a proved reason the expansion shows no digit, however many terms it is given.
    let zeros = found.iter().filter(|value| value.kind == Kind::Zero).count();
    for value in found.iter().filter(|value| value.route != Route::Asymptotic && value.kind != Kind::Zero) {
        let Some(other) = expansion.best(case.dim, value.degree, case.digits) else { continue };
        compared += 1;
        if !(other.enclosure - value.enclosure.clone()).contains_zero() {
            wrong.get_or_insert(value.degree);
        }
    }
    let law = wrong_exponent(case, &found);
    let proved = compared + zeros == found.len() && found.iter().all(|value| value.kind != Kind::Estimate);
    let routes = match compared {
        0 => "by the expansion at the ends alone".into(),
        count => {
            format!("{count} of {} values lie in the enclosures of the expansion at the ends", found.len())
        }
    };
    let (status, detail) = match (wrong, law) {
        (Some(k), _) => (Status::Fails, format!("the expansion at the ends says otherwise at k = {k}")),
        (None, Some((k, slope, expected))) => (
            Status::Fails,
            format!("{routes}; the local exponent before k = {k} is {slope:.4}, the law has {expected}"),
        ),
        (None, None) if proved => (Status::Proved, routes),
        (None, None) => (Status::Holds, format!("{routes}; local exponents follow the law")),
    };
    Ok(case.check(name, degrees.to_string(), status, detail))
}

/// A degree between which and the one before of its parity the exponent is not the law's: the degree, the exponent and the law's.
fn wrong_exponent(case: &Case<'_>, found: &[Eigenvalue]) -> Option<(u64, f64, f64)> {
    let laws = decay::exponents(case.kernel, case.dim);
    let log = |value: &Eigenvalue| Float::with_val(64, value.enclosure.midpoint().abs_ref()).ln().to_f64();
    let shifted = |k: u64| (k as f64 + f64::from(case.dim.get() - 1) / 2.0).ln();
    [0, 1].into_iter().find_map(|parity| {
        let law = laws[parity as usize]?;
        let class: Vec<&Eigenvalue> =
            found.iter().filter(|v| v.degree % 2 == parity && !v.enclosure.contains_zero()).collect();
        class.windows(2).filter(|pair| pair[1].degree > 2 * pair[0].degree).find_map(|pair| {
            let slope = (log(pair[0]) - log(pair[1])) / (shifted(pair[1].degree) - shifted(pair[0].degree));
            ((slope - law).abs() > EXPONENT_TOLERANCE).then_some((pair[1].degree, slope, law))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::Kernel,
        math::units::{Digits, Dimension},
        spectrum::{Spectrum, spectrum},
    };

    fn checked(spec: &str, d: u32) -> Check {
        let kernel: Kernel = spec.parse().unwrap();
        let (dim, digits) = (Dimension::new(d).unwrap(), Digits::new(10).unwrap());
        let none = Spectrum { dim, eigenvalues: vec![], obstacle: None };
        let case = Case { kernel: &kernel, dim, max_degree: 10, digits, spectrum: none, predict: &spectrum };
        check(&case, 1_000_000, &mut Expansion::of(&kernel)).unwrap()
    }

    /// Odd degrees vanish, and are proved with the others.
    #[test]
    fn degrees_that_vanish_are_proved_too() {
        let check = checked("ntk:depth=1", 2);
        assert_eq!(check.status, Status::Proved, "{}", check.detail);
        assert!(check.detail.starts_with("3 of 6"), "{}", check.detail);
    }

    /// On a sphere of many dimensions the law is one in `k + (d-1)/2`: without the shift exponents would be off by up to 0.4 here.
    #[test]
    fn the_law_holds_on_spheres_of_many_dimensions() {
        let check = checked("two-layer:bias=true", 100);
        assert!(matches!(check.status, Status::Proved | Status::Holds), "{}", check.detail);
    }
}
