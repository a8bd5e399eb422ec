//! Eigenvalues, degree by degree, sphere by sphere.

mod options;
mod report;
mod row;

use super::{Context, patience, read::Choice};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        ball::Ball,
        decimal,
        degrees::Degrees,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{
        Goal, Spectrum,
        asymptotic::Expansion,
        convention::{Convention, Named, Setting},
        decay,
    },
};
pub use options::{Normalization, Options, Parity};
pub use report::{Beyond, Kind, Report, Table, Trace, WrittenIn};
pub use row::{Closed, Row};
use rug::Float;

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

fn percent(share: &Ball) -> String {
    let exact = Float::with_val(64, share.midpoint() * 100u32);
    let value = exact.to_f64();
    if value != 0.0 && !(1e-4..1e6).contains(&value.abs()) {
        return format!("{exact:.2e} %");
    }
    // Never rounded up to the whole: 99.9999 says that something is left.
    format!("{:.4} %", (value * 1e4).floor() / 1e4)
}
