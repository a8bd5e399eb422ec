//! Eigenvalues, degree by degree, sphere by sphere.

mod report;
mod row;

use super::{Context, Text, patience, read, read::Choice};
use crate::{
    error::{Error, Result},
    kernel::{Kernel, grammar},
    math::{
        ball::Ball,
        decimal,
        degrees::Degrees,
        ranges,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{
        Goal, Spectrum,
        asymptotic::Expansion,
        convention::{self, Convention, Factor, Named, Scale, Setting},
        decay,
    },
};
pub use report::{Beyond, Kind, Report, Table, Trace, WrittenIn};
pub use row::{Closed, Row};
use rug::Float;
use serde::{Deserialize, Serialize};

/// Options of [`table`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel, such as `ntk:depth=3`.
    pub kernel: Text,
    /// Dimensions `d` of the spheres `S^d`: a number, a list or ranges; 1 is the circle.
    pub dim: Text,
    /// Degrees: a number, a list or ranges; `0..20` without it.
    pub degrees: Text,
    /// Correct significant digits of each value; 20 without it.
    pub digits: Text,
    /// `probability` (without it), `surface` (times the area of the sphere) or `series` (cosine coefficients, on the circle).
    pub normalization: Text,
    /// The paper or code in whose convention values are written, such as `bietti-bach`, for its own meaning of `dim`; `normalization` without it.
    pub convention: Option<Text>,
    /// Which of the degrees: `all` (without it), `even` or `odd`.
    pub parity: Text,
    /// Is a value that is not proved (zero, exact or certified) a failure?
    pub certify: bool,
    /// May f64 serve where it holds the digits? Such values are estimates.
    pub fast: bool,
    /// The longest closed form, in characters; 1000 without it.
    pub exact_limit: Text,
    /// Is it shown by which route each value was found, and what the degrees beyond the last one hold of the trace?
    pub explain: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            kernel: "".into(),
            dim: "".into(),
            degrees: "0..20".into(),
            digits: 20.into(),
            normalization: Normalization::Probability.name().into(),
            convention: None,
            parity: Parity::All.name().into(),
            certify: false,
            fast: false,
            exact_limit: 1000.into(),
            explain: false,
        }
    }
}

/// The most dimensions in one call.
const MOST_DIMENSIONS: usize = 100;
/// The longest closed form that is ever given.
const MOST_CHARACTERS: usize = 1_000_000_000;

/// What a value is a multiple of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalization {
    /// The uniform probability measure: `sum_k lambda_k N(d,k) = K(1)`.
    Probability,
    /// The surface measure: times the area of the sphere.
    Surface,
    /// Coefficients of the cosine series on the circle: twice the eigenvalue from degree 1 on.
    Series,
}

impl Normalization {
    /// The convention that writes values so.
    fn convention(self) -> Convention {
        let scales = match self {
            Self::Probability => vec![],
            Self::Surface => vec![Scale::by(Factor::Area)],
            Self::Series => vec![Scale::by(Factor::Multiplicity)],
        };
        Convention { scales, ..Convention::OURS }
    }
}

impl Choice for Normalization {
    const ALL: &'static [(&'static str, Self)] =
        &[("probability", Self::Probability), ("surface", Self::Surface), ("series", Self::Series)];
}

/// Which degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// Every one.
    All,
    /// Even ones.
    Even,
    /// Odd ones.
    Odd,
}

impl Choice for Parity {
    const ALL: &'static [(&'static str, Self)] =
        &[("all", Self::All), ("even", Self::Even), ("odd", Self::Odd)];
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernel: Kernel,
    spheres: Vec<Sphere>,
    degrees: Degrees,
    goal: Goal,
    normalization: Normalization,
    named: Option<&'static Named>,
    /// `K(1)` to the digits asked for, where values are divided by it.
    diagonal: Option<Ball>,
    certify: bool,
    explain: bool,
    quick: bool,
}

/// One sphere, and how values on it are written.
#[derive(Clone, Debug)]
struct Sphere {
    /// The dimension as it was given, in the convention's own meaning.
    given: u32,
    dim: Dimension,
    convention: Convention,
}

/// Digits of the figures in a caption.
const CAPTION_DIGITS: u32 = 12;
/// Bits of `K(1)` in a caption.
const CAPTION_BITS: Bits = Bits(128);

impl super::Options for Options {
    const COMMAND: &'static str = "table";
    type Request = Request;

    fn are_light(&self) -> bool {
        /// A specification of numbers alone, none of them long.
        const LONGEST: usize = 64;
        let kernel = self.kernel.as_str();
        let name = kernel.split(':').next();
        let named = grammar::CATALOGUE.iter().any(|entry| name == Some(entry.name));
        let plain = named && !kernel.contains('(') && kernel.len() <= LONGEST;
        // K(1) in many digits takes long.
        plain && self.degrees.as_str().len() <= LONGEST && self.digits.as_str().len() <= 3
    }

    fn build(&self) -> Result<Request> {
        let kernel = read::kernel("kernel", &self.kernel)?;
        let named = self.convention.as_ref().map(|name| convention::known(name.as_str())).transpose()?;
        // The sphere of a convention may have one dimension less than its name for it.
        let most = Dimension::MAX + u32::from(named.is_some());
        let dims = ranges::parse("dim", self.dim.as_str(), 1, most, MOST_DIMENSIONS)?;
        let digits = Digits::new(read::whole("digits", &self.digits, 1, Digits::MAX)?)?;
        let longest = read::whole("exact-limit", &self.exact_limit, 0, MOST_CHARACTERS)?;
        let degrees = self.degrees()?;
        let normalization: Normalization = read::choice("normalization", &self.normalization)?;
        if let Some(named) = named.filter(|_| normalization != Normalization::Probability) {
            let expected = format!("none beside `convention` {}, which says it all", named.name);
            return Err(Error::invalid("normalization", normalization.name(), expected));
        }
        if normalization == Normalization::Series && dims.iter().any(|d| *d != 1) {
            let expected = "`dim` 1: cosine series live on the circle";
            return Err(Error::invalid("normalization", "series", expected));
        }
        let sphere = |given: u32| {
            let convention = match named {
                Some(named) => convention::named(named.name, given)?,
                None => normalization.convention(),
            };
            Ok(Sphere { given, dim: convention.sphere(given)?, convention })
        };
        let spheres: Vec<Sphere> = dims.into_iter().map(sphere).collect::<Result<_>>()?;
        let divides = spheres.iter().any(|sphere| sphere.convention.divides_by_diagonal());
        let diagonal = divides.then(|| kernel.at_one(diagonal_bits(digits)));
        if let (Some(named), Some(true)) = (named, diagonal.as_ref().map(Ball::contains_zero)) {
            let expected =
                "another one: it divides by K(1), which is 0 or cannot be told from it for this kernel";
            return Err(Error::invalid("convention", named.name, expected));
        }
        let goal = Goal { digits, longest, fast: self.fast };
        let quick = !self.explain && spheres.len() == 1 && are_quick(&kernel, &degrees, goal.digits);
        Ok(Request {
            kernel,
            spheres,
            degrees,
            goal,
            normalization,
            named,
            diagonal,
            certify: self.certify,
            explain: self.explain,
            quick,
        })
    }
}

impl Options {
    /// The degrees of the parity asked for.
    fn degrees(&self) -> Result<Degrees> {
        let all: Degrees = self.degrees.as_str().parse()?;
        let parity = read::choice("parity", &self.parity)?;
        let kept = match parity {
            Parity::All => Some(all),
            Parity::Even => all.filtered(|k| k % 2 == 0),
            Parity::Odd => all.filtered(|k| k % 2 == 1),
        };
        kept.ok_or_else(|| {
            let expected = format!("at least one {} degree in {}", parity.name(), self.degrees);
            Error::invalid("parity", parity.name(), expected)
        })
    }
}

impl Request {
    /// The degrees.
    pub fn degrees(&self) -> &Degrees {
        &self.degrees
    }

    /// The proved tail of the trace, if it is wanted and there is one.
    fn beyond(&self, dim: Dimension, expansion: Option<&mut Expansion>) -> Option<Beyond> {
        let (degree, digits) = (self.degrees.top(), Digits::new(CAPTION_DIGITS).ok()?);
        let tail = expansion?.tail(dim, degree + 1, digits)?.enclosure;
        let decimal = decimal::of_ball(&tail, digits);
        let error_bound = decimal::of_bound(&decimal.error);
        Some(Beyond { degree, sum: decimal.text, error_bound })
    }

    fn table(&self, sphere: &Sphere, found: &Spectrum, expansion: Option<&mut Expansion>) -> Table {
        let short = |ball: &Ball| {
            let digits = Digits::new(CAPTION_DIGITS).map(|digits| decimal::of_ball(ball, digits).text);
            digits.unwrap_or_default()
        };
        let (at_one, trace) = (self.kernel.at_one(CAPTION_BITS), found.trace());
        let share = trace.clone() / at_one.clone();
        let diagonal = self.diagonal.as_ref().unwrap_or(&at_one).clone();
        let setting = Setting { points: None, diagonal };
        Table {
            kernel: self.kernel.to_string(),
            dim: found.dim.get(),
            normalization: self.named.map_or(self.normalization.name(), |named| named.name).into(),
            convention: self.named.map(|named| WrittenIn {
                name: named.name.into(),
                text: named.text.into(),
                source: named.source.into(),
                factor: sphere.convention.factor(),
                dim: sphere.given,
            }),
            digits: self.goal.digits.get(),
            formula: self.kernel.formula(),
            at_one: short(&at_one),
            trace: Trace {
                sum: short(&trace),
                share: share.is_finite().then(|| percent(&share)),
                beyond: self.beyond(found.dim, expansion),
            },
            notes: self.notes(found),
            rows: found
                .eigenvalues
                .iter()
                .map(|value| Row::new(&sphere.convention, &setting, self.goal.digits, found.dim, value))
                .collect(),
        }
    }

    /// How fast the eigenvalues of the kernel fall, with the constants where they are known.
    fn law(&self, dim: Dimension) -> Option<String> {
        let laws = decay::laws(&self.kernel, dim, CAPTION_BITS);
        let exponents = decay::exponents(&self.kernel, dim);
        let part = |(parity, name): (usize, &str)| {
            let exponent = exponents[parity]?;
            let shift = format!("(k + (d-1)/2)^-{exponent}");
            let digits = Digits::new(CAPTION_DIGITS).ok()?;
            let law = laws[parity].as_ref().map(|law| decimal::of_ball(&law.constant, digits).text);
            Some(match law {
                Some(constant) => format!("lambda_k ~ {constant} {shift} for {name} k"),
                None => format!("lambda_k falls like {shift} for {name} k"),
            })
        };
        let parts: Vec<String> = [(0, "even"), (1, "odd")].into_iter().filter_map(part).collect();
        (!parts.is_empty()).then(|| format!("large degrees: {}", parts.join("; ")))
    }

    fn notes(&self, found: &Spectrum) -> Vec<String> {
        let mut notes = Vec::new();
        if self.normalization == Normalization::Series {
            let text =
                "series: the paper's table; read as eigenvalues it understates k = 0 by 2 against k >= 1";
            notes.push(text.to_owned());
        }
        if let Some(obstacle) = found.obstacle {
            notes.push(format!("not certified: {obstacle}"));
        }
        if self.explain {
            notes.extend(self.law(found.dim));
        }
        let unclear = |value: &&_| {
            let value: &crate::spectrum::Eigenvalue = value;
            value.kind != Kind::Zero && value.enclosure.contains_zero()
        };
        let count = found.eigenvalues.iter().filter(unclear).count();
        if count > 0 {
            notes.push(format!(
                "{count} values cannot be told from zero at this precision; their size is below the error"
            ));
        }
        notes
    }
}

impl super::Request for Request {
    type Report = Report;

    fn is_quick(&self) -> bool {
        self.quick
    }

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut tables = Vec::with_capacity(self.spheres.len());
        let voice = patience::Voice::of(context.progress);
        if !self.quick {
            voice.tell(&self.kernel, self.goal.digits, &self.degrees, self.spheres.len());
        }
        let mut expansion = self.explain.then(|| Expansion::of(&self.kernel));
        for (done, sphere) in (0..).zip(&self.spheres) {
            context.progress.go_on()?;
            context.progress.at(done, self.spheres.len() as u64);
            let what = || format!("{} on S^{} to degree {}", self.kernel, sphere.dim, self.degrees.top());
            let spectrum = context.pipeline.spectrum;
            let work = || spectrum(&self.kernel, sphere.dim, &self.degrees, &self.goal);
            let found = if self.quick { work() } else { voice.watched(what, work) }?;
            tables.push(self.table(sphere, &found, expansion.as_mut()));
        }
        Ok(Report { schema: "hinf.table/1".into(), tables, certify: self.certify, explain: self.explain })
    }
}

/// Are the values exact, few and short, so that they take milliseconds?
fn are_quick(kernel: &Kernel, degrees: &Degrees, digits: Digits) -> bool {
    const HIGHEST: u64 = 100;
    const MOST_DIGITS: u32 = 100;
    let short = degrees.top() <= HIGHEST && digits.get() <= MOST_DIGITS;
    short && kernel.network().is_some() && kernel.layers() == 1 && kernel.closed_form().is_some()
}

/// Bits of a `K(1)` that values are divided by: more than their digits need.
fn diagonal_bits(digits: Digits) -> Bits {
    Bits(CAPTION_BITS.0 + 4 * digits.get())
}

fn percent(share: &Ball) -> String {
    let exact = Float::with_val(64, share.midpoint() * 100u32);
    let value = exact.to_f64();
    if value != 0.0 && !(1e-4..1e6).contains(&value.abs()) {
        return format!("{exact:.2e} %");
    }
    // Never rounded up to the whole: 99.9999 says that something is left.
    format!("{:.4} %", (value * 1e4).floor() / 1e4)
}
