//! Which eigenvalues vanish, and that the others are positive.

use super::{Case, Check, Status};
use crate::{
    error::Result,
    spectrum::{Kind, null_space},
};

/// The zeros of the spectrum against the proved null space, and for the two-layer model against the paper's.
pub fn null_space(case: &Case<'_>) -> Result<Check> {
    let proved = null_space::null_space(case.kernel, case.dim, u64::from(case.max_degree))?;
    let claimed: Vec<u64> =
        case.spectrum.eigenvalues.iter().filter(|v| v.kind == Kind::Zero).map(|v| v.degree).collect();
    let expected: Option<Vec<u64>> = case
        .kernel
        .two_layer_bias()
        .map(|bias| if bias { vec![] } else { (3..=u64::from(case.max_degree)).step_by(2).collect() });
    let agrees = claimed == proved.zeros && expected.is_none_or(|degrees| degrees == claimed);
    let open = proved.undecided.len();
    let (status, detail) = match (agrees, open) {
        (false, _) => {
            (Status::Fails, format!("proved to vanish: {}; the spectrum says otherwise", proved.rule))
        }
        (true, 0) => (Status::Proved, format!("vanishing: {}; all others are proved not to", proved.rule)),
        (true, _) => (Status::Skipped, format!("vanishing: {}; {open} degrees undecided", proved.rule)),
    };
    Ok(case.check("null space", case.all_degrees(), status, detail))
}

/// `K(t) - K(-t)` is a polynomial: no odd degree beyond its own. For the bias-free two-layer network the odd part of the
/// function itself is linear, since `relu(u) = u/2 + |u|/2`.
pub fn odd_part(case: &Case<'_>) -> Option<Check> {
    let polynomial = case.kernel.odd_part()?;
    let degree = polynomial.coefficients().len().saturating_sub(1) as u64;
    let wrong = case
        .spectrum
        .eigenvalues
        .iter()
        .find(|v| v.degree % 2 == 1 && v.degree > degree && v.kind != Kind::Zero);
    let (status, detail) = match wrong {
        None => (Status::Proved, format!("K(t) - K(-t) is a polynomial of degree {degree}, symbolically")),
        Some(value) => {
            let k = value.degree;
            (
                Status::Fails,
                format!("K(t) - K(-t) is a polynomial of degree {degree}, but degree {k} is not zero"),
            )
        }
    };
    Some(case.check("odd part", format!("odd {}..{}", degree + 1, case.max_degree), status, detail))
}

/// Every eigenvalue that does not vanish is positive.
pub fn positivity(case: &Case<'_>) -> Check {
    let values = || case.spectrum.eigenvalues.iter().filter(|v| v.kind != Kind::Zero);
    let negative = values().find(|v| !v.enclosure.contains_zero() && !v.enclosure.is_positive());
    let open = values().filter(|v| v.enclosure.contains_zero()).count();
    let estimated = values().filter(|v| v.kind == Kind::Estimate).count();
    let count = values().count();
    let (status, detail) = match negative {
        Some(v) => (
            Status::Fails,
            format!("the eigenvalue of degree {} is negative: not positive definite", v.degree),
        ),
        None if open > 0 => (Status::Skipped, format!("{open} values cannot be told from zero")),
        None if estimated > 0 => {
            (Status::Holds, format!("{count} values positive, {estimated} of them estimates"))
        }
        None => (Status::Proved, format!("{count} values, each enclosed above zero")),
    };
    case.check("positivity", case.all_degrees(), status, detail)
}
