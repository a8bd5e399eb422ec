//! What may be asked of a table, and when it is a request.

use super::{CAPTION_BITS, Request, Sphere};
use crate::{
    error::{Error, Result},
    experiment::{Text, read, read::Choice},
    kernel::{Kernel, grammar},
    math::{
        ball::Ball,
        degrees::Degrees,
        ranges,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{
        Goal,
        convention::{self, Convention, Factor, Scale},
    },
};
use serde::{Deserialize, Serialize};

/// Options of [`table`](super).
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
    /// The longest closed form, by about the digits of its numerators and denominators; 1000 without it.
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

impl crate::experiment::Options for Options {
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
