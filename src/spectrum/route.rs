//! Which route serves which degree, by cost. All thresholds stand here.
//!
//! A closed form goes first; then series that converge at every degree; then, from the degree on where its bound gives the digits, the expansion at the
//! ends of the interval; the rest is left to quadrature. A range is split so, and its values do not show where.

use super::{
    Eigenvalue, Goal, Kind, Spectrum,
    asymptotic::Expansion,
    exact::ExactSpectrum,
    fast,
    formula::NormalForm,
    precise::{self, Obstacle},
    series::{KernelSeries, taylor},
};
use crate::{
    error::{Error, Result},
    kernel::{Kernel, symbolic::ClosedForm},
    math::{
        ball::Ball,
        degrees::Degrees,
        scalar::Scalar,
        units::{Digits, Dimension},
    },
};
use rug::{Float, Rational};
use serde::{Deserialize, Serialize};

/// How a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// The closed form in the degree, evaluated at it.
    Formula,
    /// The closed form of each degree by recurrence, or a proved symmetry.
    Exact,
    /// A series that converges at every degree.
    Series,
    /// The expansion at the ends of the interval.
    Asymptotic,
    /// Quadrature to any digits.
    Precise,
    /// Quadrature in machine numbers.
    Fast,
}

impl Route {
    /// The route as one word, as in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Formula => "formula",
            Self::Exact => "exact",
            Self::Series => "series",
            Self::Asymptotic => "asymptotic",
            Self::Precise => "precise",
            Self::Fast => "fast",
        }
    }
}

/// The recurrence of closed forms steps through all degrees; beyond this one the formula in the degree serves.
const EXACT_TO: u64 = 10_000;
/// Quadrature in f64 costs the square of the degree: a second at this one.
const FAST_TO: u64 = 20_000;
/// Up to this degree one quadrature costs less than to set up an expansion.
const QUADRATURE_ALONE_TO: u64 = 1000;
/// The lowest degree at which a range may go over from quadrature to the expansion.
const EXPANSION_FROM: u64 = 512;
/// Quadrature of kernels that have an expansion ends here: its cost is the square of the degree, some half a minute at this one.
pub const QUADRATURE_TO: u64 = 25_000;

/// Beyond this degree quadrature is out of reach of any patience.
const QUADRATURE_MOST: u64 = 300_000;

/// A kernel with all that its routes have found out about it; kept, it serves further degrees and spheres at once.
#[derive(Clone, Debug)]
pub struct Predictor {
    kernel: Kernel,
    closed: Option<ClosedForm>,
    /// Looked for when they are first needed.
    series: Option<Option<KernelSeries>>,
    expansion: Option<Expansion>,
}

impl Predictor {
    /// The predictor of `kernel`; nothing is computed yet but its closed form, if it has one.
    pub fn of(kernel: &Kernel) -> Self {
        Self { kernel: kernel.clone(), closed: kernel.closed_form(), series: None, expansion: None }
    }

    /// The eigenvalues on `S^d` at `degrees`; see [`spectrum`](super::spectrum).
    ///
    /// # Errors
    /// As there.
    pub fn spectrum(&mut self, dim: Dimension, degrees: &Degrees, goal: &Goal) -> Result<Spectrum> {
        if let Some(form) = &self.closed {
            let eigenvalues = by_closed_form(form, dim, degrees, goal);
            return Ok(Spectrum { dim, eigenvalues, obstacle: None });
        }
        let mut found = Found::new(degrees);
        let powers = self.kernel.powers();
        found.take(|k| powers.annihilates(k).then(|| Eigenvalue::zero(k)));
        if goal.fast && degrees.top() <= FAST_TO {
            take_fast(&self.kernel, dim, goal.digits, &mut found);
        }
        if let Some(left) = found.left() {
            self.take_series(dim, &left, goal.digits, &mut found);
        }
        if let Some(left) = found.left().filter(|left| left.top() > QUADRATURE_ALONE_TO) {
            self.take_expanded(dim, &left, goal.digits, &mut found);
        }
        let mut obstacle = None;
        if let Some(left) = found.left() {
            obstacle = self.take_precise(dim, &left, goal.digits, &mut found)?;
        }
        Ok(Spectrum {
            dim,
            eigenvalues: found.0.into_iter().filter_map(|(_, value)| value).collect(),
            obstacle,
        })
    }

    fn expansion(&mut self) -> &mut Expansion {
        self.expansion.get_or_insert_with(|| Expansion::of(&self.kernel))
    }

    /// Takes the values of the series, where it gives the digits; what it does not is left to the other routes.
    fn take_series(&mut self, dim: Dimension, left: &Degrees, digits: Digits, found: &mut Found) {
        let kernel = &self.kernel;
        let series = self.series.get_or_insert_with(|| KernelSeries::of(kernel));
        let Some(series) = series.as_mut().filter(|series| series.serves(left.top())) else { return };
        let Ok(values) = series.eigenvalues(dim, left, digits) else { return };
        found.fill(left, values.into_iter().map(|value| Some((value, Kind::Certified))), Route::Series);
    }

    /// The degrees from the first of steps that double on at which the expansion gives the digits for both parities.
    fn take_expanded(&mut self, dim: Dimension, left: &Degrees, digits: Digits, found: &mut Found) {
        if !self.expansion().exists() {
            return;
        }
        let start = EXPANSION_FROM.max(left.as_slice()[0]);
        let steps = std::iter::successors(Some(start), |k| Some(2 * k)).take_while(|k| *k <= left.top());
        let mut served = |k: u64| found.holds(k) || self.expansion().eigenvalue(dim, k, digits).is_some();
        let first = steps.chain([left.top()]).find(|k| served(*k) && served(k + 1));
        let Some(high) = first.and_then(|first| left.filtered(|k| k >= first)) else { return };
        let values = self.expansion().eigenvalues(dim, &high, digits).into_iter();
        let values = values.map(|value| value.map(|found| (found.enclosure, Kind::Certified)));
        found.fill(&high, values, Route::Asymptotic);
    }

    fn take_precise(
        &mut self,
        dim: Dimension,
        left: &Degrees,
        digits: Digits,
        found: &mut Found,
    ) -> Result<Option<Obstacle>> {
        let top = left.top();
        if matches!(self.series, Some(Some(KernelSeries::Taylor(_)))) && top > taylor::HIGHEST_DEGREE {
            let subject = format!("eigenvalue of {} on S^{dim}, degree {top}", self.kernel);
            let cost = format!("a power series of more than {top} terms, whose cost is the square of that");
            let most =
                format!("degrees to {}: the values fall faster than any power", taylor::HIGHEST_DEGREE);
            return Err(Error::too_large(subject, cost, most));
        }
        if top > QUADRATURE_TO && self.expansion().exists() {
            return Err(self.out_of_reach(dim, top, digits));
        }
        let computed = if top > QUADRATURE_MOST {
            let subject = format!("eigenvalue of {} on S^{dim}, degree {top}", self.kernel);
            Err(Error::too_large(subject, format!("quadrature, which ends at degree {QUADRATURE_MOST}"), ""))
        } else {
            precise::eigenvalues(&self.kernel, dim, left, digits)
        };
        let (values, obstacle) = match computed {
            Err(error) if top > QUADRATURE_TO => return Err(self.without_expansion(error)),
            computed => computed?,
        };
        let kind = |certified| if certified { Kind::Certified } else { Kind::Estimate };
        let values = values.into_iter().map(|value| Some((value.enclosure, kind(value.certified))));
        found.fill(left, values, Route::Precise);
        Ok(obstacle)
    }

    /// The error of a quadrature that cannot be paid, with the reason why nothing else serves.
    fn without_expansion(&mut self, error: Error) -> Error {
        let Some(absence) = self.expansion().absence() else { return error };
        let kernel = &self.kernel;
        error.with_expected(format!(
            "a lower degree: there is no expansion of {kernel} for high ones, as {absence}"
        ))
    }

    /// The error for a degree beyond quadrature at which the expansion does not give the digits.
    fn out_of_reach(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Error {
        let reached = self.expansion().reach(dim, degree);
        Error::numerical(
            format!("eigenvalue of {} on S^{dim}, degree {degree}", self.kernel),
            format!("at most {reached} digits"),
            format!(
                "{digits}; at most {reached} can be asked for here, as quadrature ends at degree {QUADRATURE_TO}"
            ),
        )
    }
}

/// The degrees asked for, and the values found so far.
struct Found(Vec<(u64, Option<Eigenvalue>)>);

impl Found {
    fn new(degrees: &Degrees) -> Self {
        Self(degrees.iter().map(|k| (k, None)).collect())
    }

    /// Takes what `value` has for degrees without a value.
    fn take(&mut self, mut value: impl FnMut(u64) -> Option<Eigenvalue>) {
        for (k, slot) in self.0.iter_mut().filter(|(_, slot)| slot.is_none()) {
            *slot = value(*k);
        }
    }

    /// Is there a value at this degree?
    fn holds(&self, degree: u64) -> bool {
        self.0.binary_search_by_key(&degree, |(k, _)| *k).is_ok_and(|at| self.0[at].1.is_some())
    }

    /// The degrees without a value, if there are any.
    fn left(&self) -> Option<Degrees> {
        Degrees::new(self.0.iter().filter(|(_, slot)| slot.is_none()).map(|(k, _)| *k)).ok()
    }

    /// Takes the values of `degrees`, as far as there are any.
    fn fill(&mut self, degrees: &Degrees, values: impl Iterator<Item = Option<(Ball, Kind)>>, route: Route) {
        let mut values = degrees.iter().zip(values).peekable();
        self.take(|k| {
            let (_, value) = values.next_if(|(degree, _)| *degree == k)?;
            value.map(|(enclosure, kind)| Eigenvalue { degree: k, enclosure, kind, closed: None, route })
        });
    }
}

/// The values of a kernel with a closed form: by recurrence to a degree, by the formula in the degree beyond.
fn by_closed_form(form: &ClosedForm, dim: Dimension, degrees: &Degrees, goal: &Goal) -> Vec<Eigenvalue> {
    let precision = goal.digits.bits().plus(8);
    let mut eigenvalues = Vec::with_capacity(degrees.len());
    if let Some(low) = degrees.filtered(|k| k <= EXACT_TO) {
        let exact = ExactSpectrum::of_closed_form(form.clone(), dim);
        eigenvalues.extend(exact.eigenvalues(&low, precision, goal.longest).into_iter().map(|value| {
            if value.enclosure.is_zero() {
                return Eigenvalue::zero(value.degree);
            }
            let (kind, route) = (Kind::Exact, Route::Exact);
            Eigenvalue { degree: value.degree, enclosure: value.enclosure, kind, closed: value.closed, route }
        }));
    }
    if let Some(high) = degrees.filtered(|k| k > EXACT_TO) {
        let normal = NormalForm::<Rational>::of_closed_form(form, dim);
        eigenvalues.extend(high.iter().map(|degree| {
            let (value, route) = (normal.value(degree), Route::Formula);
            if value.is_zero() {
                return Eigenvalue { route, ..Eigenvalue::zero(degree) };
            }
            let (enclosure, closed) = (value.enclosure(precision), value.exact(goal.longest));
            Eigenvalue { degree, enclosure, kind: Kind::Exact, closed, route }
        }));
    }
    eigenvalues
}

/// Takes what f64 holds to `digits`.
fn take_fast(kernel: &Kernel, dim: Dimension, digits: Digits, found: &mut Found) {
    let Some(Ok(top)) = found.left().map(|left| u32::try_from(left.top())) else { return };
    let values = fast::eigenvalues(kernel, dim, top);
    let tolerance = 10f64.powi(-(digits.get() as i32)) / 2.0;
    found.take(|degree| {
        let value = values[degree as usize];
        let enclosure = || Ball::new(Float::with_val(53, value.value), &Float::with_val(53, value.error));
        let (kind, route) = (Kind::Estimate, Route::Fast);
        value.holds(tolerance).then(|| Eigenvalue {
            degree,
            enclosure: enclosure(),
            kind,
            closed: None,
            route,
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What machine numbers are taken for is known to half a unit in the last digit; what they do not hold is left.
    #[test]
    fn fast_values_have_the_digits_asked() {
        let (kernel, dim) = ("ntk:depth=2".parse().unwrap(), Dimension::SPHERE);
        let degrees = Degrees::up_to(60u32).unwrap();
        let mut taken = 0;
        for digits in 5..=12 {
            let mut found = Found::new(&degrees);
            take_fast(&kernel, dim, Digits::new(digits).unwrap(), &mut found);
            for (k, value) in found.0.iter().filter_map(|(k, value)| Some((k, value.as_ref()?))) {
                let most = value.enclosure.midpoint().to_f64().abs() * 0.5 * 10f64.powi(-(digits as i32));
                assert!(value.enclosure.radius().to_f64() <= most * (1.0 + 1e-6), "{k} to {digits}");
                taken += 1;
            }
            assert!(digits < 12 || found.left().is_some());
        }
        assert!(taken > 100, "{taken}");
    }
}
