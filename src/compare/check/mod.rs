//! A user's eigenvalues against certified ones: are they right, and in which convention?
//!
//! * [`fit`] — do numbers agree, and to which precision
//! * [`candidates`] — the conventions, kernels and orders that are tried
//!
//! Candidates are tried from the plainest on, and the search ends with the first group in which one makes every value right. A list agrees by
//! chance with one of some twenty thousand candidates only if it holds few digits: one that is not the convention asked for counts as found only
//! when the digits that agree, summed over the list, exceed [`EVIDENCE`].

pub mod candidates;
pub mod fit;
pub mod related;
#[cfg(test)]
mod tests;

use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::{
        ball::Ball,
        decimal,
        degrees::Degrees,
        number,
        units::{Bits, Digits, Dimension},
    },
    progress::Progress,
    sample::values::Entry,
    spectrum::{Goal, Spectrum, convention},
};
use candidates::{Candidate, Search};
use fit::{Fit, Written};
use rug::Float;
use serde::{Deserialize, Serialize};

/// The bits of numbers compared; given numbers have at most 200 digits, right ones [`DIGITS`].
const PRECISION: Bits = Bits(256);
/// Digits of the right values.
const DIGITS: u32 = 25;
/// Digits shown of them.
const SHOWN: u32 = 20;
/// Digits that chance must not explain: those of the number of candidates, and three more.
pub const EVIDENCE: f64 = 7.5;
/// Other conventions that are named where several fit.
const MOST_NAMED: usize = 5;

/// How a list of numbers is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Each number has its degree beside it.
    Degree,
    /// One number a degree, from the first degree on.
    List,
    /// By size, each eigenvalue as often as its multiplicity, as eigensolvers give them.
    Sorted,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The numbers.
    pub entries: &'a [Entry],
    /// The kernel they are said to be of.
    pub kernel: &'a Kernel,
    /// The dimension of the sphere they are said to be on.
    pub dim: u32,
    /// Their order, if it is known.
    pub order: Option<Order>,
    /// The points of the Gram matrix whose eigenvalues they are, if they are not per point; a sorted list has as many as it is long.
    pub points: Option<u64>,
    /// The certified eigenvalues of a kernel: [`spectrum()`](crate::spectrum::spectrum).
    pub spectrum: Predict,
}

/// Eigenvalues of a kernel on a sphere at degrees.
pub type Predict = fn(&Kernel, Dimension, &Degrees, &Goal) -> Result<Spectrum>;

/// The answer to "are they right?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// In the convention of this program.
    Right,
    /// In the convention that was found.
    RightInAnotherConvention,
    /// In none.
    Wrong,
    /// Right as far as they hold digits, and noise from a degree on.
    NoiseFrom,
}

/// One number and the right one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The index in the convention that was found: the degree, but for an index shift.
    pub degree: u64,
    /// The number as it was given.
    pub given: String,
    /// The right value in the same convention.
    pub value: String,
    /// The digits that agree; none where the right value is 0.
    pub digits: Option<f64>,
    /// Does it agree, to the precision of the list?
    pub right: bool,
}

/// A convention that fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What eigenvalues are multiplied with, as a formula in the sphere's own `d`.
    pub factor: String,
    /// The sphere's dimension less the one given.
    pub dim_shift: i32,
    /// The degree less the index.
    pub index_shift: i32,
    /// All of it in words.
    pub text: String,
    /// Names under which it is known.
    pub names: Vec<String>,
    /// The kernel, where it is not the one asked for.
    pub kernel: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The convention in which the numbers are right, if it is not this program's own.
    pub convention: Option<Found>,
    /// For wrong lists, the convention in which most numbers are right, if more than half are.
    pub nearest: Option<Found>,
    /// Other conventions that fit as well: their texts.
    pub ambiguous: Vec<String>,
    /// How the list was taken.
    pub order: Order,
    /// The relative precision of the list.
    pub precision: f64,
    /// The first index whose value is wrong.
    pub first_wrong: Option<u64>,
    /// The first index whose value is noise.
    pub noise_from: Option<u64>,
    /// The verdict in a sentence.
    pub text: String,
    /// One row a number; for sorted lists one row a degree, with the number that is furthest off.
    pub rows: Vec<Row>,
}

impl Finding {
    /// Are all numbers right in some convention?
    pub fn is_right(&self) -> bool {
        matches!(self.verdict, Verdict::Right | Verdict::RightInAnotherConvention)
    }
}

/// Compares the numbers with the certified eigenvalues, in the convention of this program and in those of [`candidates`].
///
/// # Errors
/// When the kernel has no spectrum on the sphere, the numbers are in no order that can be (degrees missing where `order` asks for them), or the
/// search is cancelled.
pub fn check(question: &Question<'_>, progress: &dyn Progress) -> Result<Finding> {
    let written = question.entries.iter().map(written).collect::<Result<Vec<_>>>()?;
    let mut search = Search::new(question, &written)?;
    let mut best: Option<(Candidate, Fit)> = None;
    let groups = search.groups();
    let total = groups.len() as u64;
    for (done, group) in (0..).zip(groups) {
        progress.at(done, total);
        let mut fitting: Vec<(Candidate, Fit)> = Vec::new();
        for candidate in group {
            progress.go_on()?;
            let Some(fit) = search.fit(&candidate)? else { continue };
            if fit.is_right() && (candidate.is_plain() || fit.evidence() >= EVIDENCE) {
                if candidate.is_plain() {
                    return answer(&search, candidate, &fit, &[]);
                }
                fitting.push((candidate, fit));
            } else if best.as_ref().is_none_or(|(_, known)| fit.rights() > known.rights()) {
                best = Some((candidate, fit));
            }
        }
        fitting.sort_by_key(|(candidate, _)| candidate.cost());
        if let Some((first, fit)) = fitting.first() {
            let same_cost = fitting[1..].iter().filter(|(other, _)| other.cost() == first.cost());
            let others: Vec<String> =
                same_cost.take(MOST_NAMED).map(|(other, _)| search.text(other)).collect();
            return answer(&search, first.clone(), fit, &others);
        }
    }
    refusal(&mut search, best)
}

/// The text as a number, with half a unit of its last digit.
fn written(entry: &Entry) -> Result<Written> {
    let wrong = || {
        Error::invalid("values", &entry.text, "a number of at most 200 characters and an exponent up to 400")
    };
    let exact = number::parse(&entry.text).ok_or_else(wrong)?;
    let mantissa = entry.text.split(['e', 'E']).next().unwrap_or_default();
    let exponent: i32 = entry.text.split(['e', 'E']).nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let decimals = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len() as i32);
    let unit = Float::with_val(PRECISION.0, Float::i_pow_u(10, (decimals - exponent).unsigned_abs()));
    let unit = if decimals >= exponent { unit.recip() } else { unit };
    // A whole number such as 0 or 2 is taken as it stands.
    let half_unit = if decimals == 0 && exponent == 0 { Float::new(PRECISION.0) } else { unit / 2u32 };
    Ok(Written { value: Float::with_val(PRECISION.0, &exact), half_unit })
}

fn found(search: &Search<'_>, candidate: &Candidate) -> Found {
    let convention = &candidate.convention;
    Found {
        factor: convention.factor(),
        dim_shift: convention.dim_shift,
        index_shift: convention.index_shift,
        text: search.text(candidate),
        names: convention::names(convention, search.question.dim),
        kernel: (candidate.kernel > 0).then(|| search.kernel(candidate).to_string()),
    }
}

/// The finding for a candidate that makes every number right.
fn answer(search: &Search<'_>, candidate: Candidate, fit: &Fit, others: &[String]) -> Result<Finding> {
    let plain = candidate.is_plain();
    let noise_from = fit.noise_from().map(|at| search.degrees(&candidate)[at]);
    let verdict = match (noise_from, plain) {
        (Some(_), _) => Verdict::NoiseFrom,
        (None, true) => Verdict::Right,
        (None, false) => Verdict::RightInAnotherConvention,
    };
    let digits = fit
        .agreement
        .iter()
        .filter(|one| !one.lost)
        .filter_map(|one| one.digits)
        .fold(f64::INFINITY, f64::min);
    let least = if digits.is_finite() { format!("to {digits:.1} digits or more") } else { "exactly".into() };
    let whose = if plain {
        "right".to_owned()
    } else {
        format!("right in another convention: {}", search.text(&candidate))
    };
    let mut text = match noise_from {
        None => format!("{whose}; {least}"),
        Some(k) => format!(
            "{whose}, {least}, and noise from k = {k} on: values below {:.0e} of the largest are lost in rounding",
            fit.precision / 100.0
        ),
    };
    if !others.is_empty() {
        text += &format!("; the same numbers also come from: {}", others.join("; or "));
    }
    Ok(Finding {
        verdict,
        convention: (!plain).then(|| found(search, &candidate)),
        nearest: None,
        ambiguous: others.to_vec(),
        order: candidate.order,
        precision: fit.precision,
        first_wrong: None,
        noise_from,
        text,
        rows: rows(search, &candidate, fit)?,
    })
}

/// The finding for numbers that no candidate makes right.
fn refusal(search: &mut Search<'_>, best: Option<(Candidate, Fit)>) -> Result<Finding> {
    let nearest = best.filter(|(_, fit)| 2 * fit.rights() > fit.agreement.len() && fit.rights() > 1);
    let few = nearest.as_ref().is_some_and(|(_, fit)| fit.is_right());
    let asked = search.plain();
    let (candidate, fit) = match &nearest {
        Some((candidate, fit)) => (candidate.clone(), fit.clone()),
        None => {
            let fit = search.fit_whole(&asked)?;
            (asked, fit)
        }
    };
    let degrees = search.degrees(&candidate);
    let first_wrong = fit.first_wrong().map(|at| degrees[at]);
    let counts = format!("{} of {}", fit.rights(), fit.agreement.len());
    let text = match (&nearest, first_wrong) {
        (Some((near, _)), _) if few => format!("too few digits to tell: they also fit {}", search.text(near)),
        (Some((near, _)), Some(k)) => format!(
            "wrong from k = {k} on this list: {counts} values are right ({}), and that one is not",
            search.text(near)
        ),
        (None, Some(k)) => match search.constant(&fit) {
            Some(ratio) => format!(
                "wrong: every value is {ratio:.10} times the right one, and no known convention has this factor"
            ),
            None => format!(
                "wrong: no known convention makes them right; in this program's own the first wrong one is k = {k}"
            ),
        },
        _ => "wrong".into(),
    };
    Ok(Finding {
        verdict: Verdict::Wrong,
        convention: None,
        nearest: nearest.as_ref().map(|(near, _)| found(search, near)),
        ambiguous: vec![],
        order: candidate.order,
        precision: fit.precision,
        first_wrong,
        noise_from: None,
        text,
        rows: rows(search, &candidate, &fit)?,
    })
}

/// One row a number; of a sorted list one a degree, with the number that is furthest off.
fn rows(search: &Search<'_>, candidate: &Candidate, fit: &Fit) -> Result<Vec<Row>> {
    let (degrees, texts, right) =
        (search.degrees(candidate), search.texts(candidate), search.right(candidate));
    let digits = Digits::new(SHOWN)?;
    let row = |at: usize| Row {
        degree: degrees[at],
        given: texts[at].clone(),
        value: decimal::of_ball(&Ball::exact(right[at].clone()), digits).text,
        digits: fit.agreement[at].digits.map(|digits| (100.0 * digits).round() / 100.0),
        right: fit.agreement[at].right,
    };
    let mut rows: Vec<Row> = Vec::new();
    for at in 0..degrees.len() {
        let next = row(at);
        match rows.last_mut() {
            Some(last) if candidate.order == Order::Sorted && last.degree == next.degree => {
                let further = (next.right, next.digits) < (last.right, last.digits);
                if further {
                    *last = next;
                }
            }
            _ => rows.push(next),
        }
    }
    Ok(rows)
}
