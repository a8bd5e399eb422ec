//! One eigenvalue as it is given: a decimal with its error, what is known of it, and its closed form.

use crate::{
    math::{
        constant::term,
        decimal,
        harmonics::multiplicity,
        units::{Digits, Dimension},
    },
    spectrum::{
        Eigenvalue, Kind, Route,
        convention::{Convention, Setting},
        exact_value::ExactValue,
    },
};
use serde::{Deserialize, Serialize};

/// The eigenvalue of one degree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The degree `k`.
    pub degree: u64,
    /// The dimension `N(d,k)` of the harmonics of that degree.
    pub multiplicity: String,
    /// The eigenvalue in the table's normalisation, to the digits asked for as far as they are known.
    pub value: String,
    /// What is known of it.
    pub kind: Kind,
    /// At least the distance between `value` and the eigenvalue; an estimate of it when that is the kind.
    pub error_bound: String,
    /// The closed form, where there is one and the normalisation leaves it as it is.
    pub exact: Option<Closed>,
    /// The closed form as text.
    pub exact_text: Option<String>,
    /// How the value was found.
    pub route: Route,
    /// Has the value the digits asked for?
    #[serde(skip)]
    pub complete: bool,
}

/// `factor (rational + over_pi_squared / pi^2) + beside`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The rational part.
    pub rational: String,
    /// The rational over `pi^2`.
    pub over_pi_squared: String,
    /// The constant in front, such as `sqrt(2)`; absent for 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// A multiple of another constant, such as `4/(3 pi)`, that half angles add; absent for 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<String>,
}

impl Row {
    pub(super) fn new(
        convention: &Convention,
        setting: &Setting,
        digits: Digits,
        dim: Dimension,
        value: &Eigenvalue,
    ) -> Self {
        let factor = convention.exact(dim, value.degree, setting);
        // Times a K(1) that is not known exactly, a closed form is none.
        let closed = value
            .closed
            .as_ref()
            .zip(factor.as_ref())
            .map(|(closed, (factor, _))| closed.scaled(factor))
            .or_else(|| value.closed.clone().filter(ExactValue::is_zero));
        let pi_power = factor.map_or(0, |(_, power)| power);
        let decimal = match &closed {
            Some(exact) if pi_power == 0 && exact.as_rational().is_some() => {
                decimal::of_rational(&exact.rational, digits)
            }
            _ => {
                let written = convention.write(value.enclosure.clone(), dim, value.degree, setting);
                decimal::of_ball(&written.unwrap_or_else(|| value.enclosure.clone()), digits)
            }
        };
        let kind = match value.kind {
            Kind::Exact if closed.is_none() && value.closed.is_some() => Kind::Certified,
            kind => kind,
        };
        let complete = value.kind == Kind::Zero
            || decimal::known_digits(&value.enclosure) >= i64::from(digits.get())
            || closed.as_ref().is_some_and(|exact| exact.as_rational().is_some());
        Self {
            degree: value.degree,
            multiplicity: multiplicity(dim, value.degree).to_string(),
            value: decimal.text,
            kind,
            error_bound: decimal::of_bound(&decimal.error),
            exact_text: text(closed.as_ref(), kind, pi_power),
            exact: closed.filter(|_| pi_power == 0).map(|exact| Closed {
                rational: exact.rational.to_string(),
                over_pi_squared: exact.over_pi_squared.to_string(),
                factor: (!exact.factor.is_one()).then(|| exact.factor.to_string()),
                beside: (!exact.beside.rational.is_zero())
                    .then(|| term(&exact.beside.rational, &exact.beside.factor)),
            }),
            route: value.route,
            complete,
        }
    }
}

fn text(closed: Option<&ExactValue>, kind: Kind, pi_power: i32) -> Option<String> {
    match closed {
        Some(exact) if pi_power == 0 || exact.is_zero() => Some(exact.to_string()),
        Some(exact) if pi_power == 1 => Some(format!("({exact}) pi")),
        Some(exact) if pi_power > 0 => Some(format!("({exact}) pi^{pi_power}")),
        Some(exact) if pi_power == -1 => Some(format!("({exact})/pi")),
        Some(exact) => Some(format!("({exact})/pi^{}", -pi_power)),
        None => (kind == Kind::Exact).then(|| "(too long)".into()),
    }
}
