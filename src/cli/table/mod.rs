//! `hinf table`: eigenvalues.

mod captions;

use super::{
    numbers::whole,
    output::{Outcome, Output},
    plotting::{PlotFile, PlotFlag},
};
use crate::{
    error::{Error, Result},
    experiment::Pipeline,
    kernel::Kernel,
    math::{
        ball::Ball,
        decimal::{self, Decimal},
        degrees::Degrees,
        harmonics::{multiplicity, sphere_area},
        ranges,
        scalar::Scalar,
        units::{Digits, Dimension},
    },
    report::{
        Report,
        plot::{Axis, Plot, Series, Style},
    },
    spectrum::{Eigenvalue, Goal, Kind},
};
use captions::Captions;
use rug::Rational;
use serde_json::{Value, json};

/// Print the eigenvalues of a kernel, degree by degree.
///
/// Values are exact where a closed form exists (rationals, over pi^2 for odd dimensions), certified where an
/// enclosure can be proved, and estimates otherwise; the last two columns say which, and the error.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hinf table --kernel two-layer:bias=true --dim 1..3 --degrees 0..8
  hinf table --kernel ntk:depth=3 --dim 2 --degrees 0..20 --digits 50 --format latex
  hinf table --kernel 'expr:exp(-theta)' --dim 2 --degrees 0,1,2,10..12
  hinf table --kernel two-layer:bias=true --dim 1..4 --degrees 0..100 --plot eigenvalues.svg")]
pub struct Flags {
    /// The kernel, as in ntk:depth=3 (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: String,
    /// Dimensions d of the sphere S^d: numbers, lists, inclusive ranges. 1 is the circle.
    #[arg(long, value_name = "D[,D...]")]
    dim: String,
    /// Degrees: numbers, lists, inclusive ranges.
    #[arg(long, value_name = "LIST", default_value = "0..20")]
    degrees: String,
    /// Correct significant digits of each value.
    #[arg(long, value_parser = whole(1, Digits::MAX), value_name = "N", default_value_t = 20)]
    digits: u32,
    /// Normalization: probability, surface (times the area of the sphere) or series (cosine coefficients, circle only).
    #[arg(long, value_name = "NAME", default_value = "probability")]
    normalization: String,
    /// Which degrees: all, even or odd.
    #[arg(long, value_name = "NAME", default_value = "all")]
    parity: String,
    /// Fail (exit 1) unless every value is proved: zero, exact or certified.
    #[arg(long, conflicts_with = "fast")]
    certify: bool,
    /// Use f64 where it holds the digits; such values are estimates.
    #[arg(long)]
    fast: bool,
    /// Longest closed form printed, in characters; a longer one is replaced by (too long).
    #[arg(long, value_parser = whole(0, MOST_CHARACTERS), value_name = "CHARS", default_value_t = 1000)]
    exact_limit: usize,
    #[command(flatten)]
    plot: PlotFlag,
}

/// The largest degree.
const HIGHEST_DEGREE: u64 = 1_000_000;
/// The most dimensions in one call.
const MOST_DIMENSIONS: usize = 100;
/// The longest closed form that is ever printed.
const MOST_CHARACTERS: usize = 1_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Normalization {
    Probability,
    Surface,
    Series,
}

/// A validated request.
struct Request {
    kernel: Kernel,
    dims: Vec<Dimension>,
    degrees: Degrees,
    goal: Goal,
    normalization: Normalization,
    certify: bool,
    plot: Option<PlotFile>,
}

impl Flags {
    fn validated(&self) -> Result<Request> {
        let kernel: Kernel = self.kernel.parse().map_err(|e: Error| e.under("--kernel"))?;
        let dims: Vec<Dimension> = ranges::parse("--dim", &self.dim, 1, Dimension::MAX, MOST_DIMENSIONS)?
            .into_iter()
            .map(Dimension::new)
            .collect::<Result<_>>()?;
        let all: Degrees = self.degrees.parse().and_then(|all: Degrees| all.within(HIGHEST_DEGREE))?;
        let degrees = match self.parity.as_str() {
            "all" => Some(all),
            "even" => all.filtered(|k| k % 2 == 0),
            "odd" => all.filtered(|k| k % 2 == 1),
            other => return Err(Error::invalid("--parity", other, "all, even or odd")),
        };
        let degrees = degrees.ok_or_else(|| {
            let expected = format!("at least one {} degree in {}", self.parity, self.degrees);
            Error::invalid("--parity", &self.parity, expected)
        })?;
        let normalization = match self.normalization.as_str() {
            "probability" => Normalization::Probability,
            "surface" => Normalization::Surface,
            "series" => Normalization::Series,
            other => {
                return Err(Error::invalid("--normalization", other, "probability, surface or series"));
            }
        };
        if normalization == Normalization::Series && dims.iter().any(|d| d.get() != 1) {
            return Err(Error::invalid(
                "--normalization",
                "series",
                "--dim 1: cosine series live on the circle",
            ));
        }
        let digits = Digits::new(self.digits)?;
        let goal = Goal { digits, longest: self.exact_limit, fast: self.fast };
        Ok(Request {
            kernel,
            dims,
            degrees,
            goal,
            normalization,
            certify: self.certify,
            plot: self.plot.validated()?,
        })
    }
}

/// Computes and prints the tables.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let request = flags.validated()?;
    let mut tables = Vec::new();
    let mut grids = Vec::new();
    let mut series = Vec::new();
    let (mut short, mut unproved) = (false, false);
    for &dim in &request.dims {
        let found = (pipeline.spectrum)(&request.kernel, dim, &request.degrees, &request.goal)?;
        let rows: Vec<Shown> =
            found.eigenvalues.iter().map(|value| Shown::new(&request, dim, value)).collect();
        short |= rows.iter().any(|row| !row.complete);
        unproved |= found.eigenvalues.iter().any(|value| value.kind == Kind::Estimate);
        let captions = Captions::new(&request, &found);
        tables.push(captions.json(&request, dim, &rows));
        grids.push(captions.grid(&request, dim, &rows));
        let points = rows.iter().map(|row| (row.degree as f64, row.value.text.parse().unwrap_or(f64::NAN)));
        series.push(Series::new(format!("S^{{{dim}}}"), Style::Joined, points));
    }
    output.emit(&Report { json: json!({"schema": "hinf.table/1", "tables": tables}), grids })?;
    if let Some(file) = &request.plot {
        file.save(&plot(&request, series))?;
    }
    let failed = short || (request.certify && unproved);
    Ok(if failed { Outcome::CheckFailed } else { Outcome::Success })
}

/// Eigenvalues against degree, one series a dimension.
fn plot(request: &Request, series: Vec<Series>) -> Plot {
    let normalization = request.normalization.name();
    let spheres = series.iter().map(|s| s.name.replace(['{', '}'], "")).collect::<Vec<_>>().join(", ");
    Plot {
        title: format!("Eigenvalues of {}", request.kernel),
        caption: "A straight line is a power law: on S^{d}, k^{\u{2212}(d+1)} for kernels of ReLU networks."
            .into(),
        alt: format!(
            "Eigenvalue against degree on logarithmic axes for {spheres}; {normalization} normalization."
        ),
        x: Axis::log("degree k"),
        y: Axis::log(format!("eigenvalue \u{3bb}_k ({normalization} normalization)")),
        series,
    }
}

/// One row as it is shown.
struct Shown {
    degree: u64,
    multiplicity: String,
    value: Decimal,
    kind: Kind,
    exact: Value,
    exact_text: Option<String>,
    /// Does the value have the digits asked for?
    complete: bool,
}

impl Shown {
    fn new(request: &Request, dim: Dimension, value: &Eigenvalue) -> Self {
        let digits = request.goal.digits;
        let (factor, pi_power) = match request.normalization {
            Normalization::Probability => (Rational::from(1), 0),
            Normalization::Surface => sphere_area(dim),
            Normalization::Series => (Rational::from(if value.degree == 0 { 1 } else { 2 }), 0),
        };
        let closed = value.closed.as_ref().map(|closed| closed.scaled(&factor));
        let decimal = match &closed {
            Some(exact) if pi_power == 0 && exact.over_pi_squared.is_zero() => {
                decimal::of_rational(&exact.rational, digits)
            }
            _ => decimal::of_ball(&scaled(&value.enclosure, &factor, pi_power), digits),
        };
        let complete = value.kind == Kind::Zero
            || decimal::known_digits(&value.enclosure) >= i64::from(digits.get())
            || closed.as_ref().is_some_and(|exact| exact.over_pi_squared.is_zero());
        let exact = match &closed {
            Some(exact) if pi_power == 0 => json!({
                "rational": exact.rational.to_string(),
                "over_pi_squared": exact.over_pi_squared.to_string(),
            }),
            _ => Value::Null,
        };
        let exact_text = match (&closed, value.kind) {
            (Some(exact), _) if pi_power == 0 || exact.is_zero() => Some(exact.to_string()),
            (Some(exact), _) if pi_power == 1 => Some(format!("({exact}) pi")),
            (Some(exact), _) => Some(format!("({exact}) pi^{pi_power}")),
            (None, Kind::Exact) => Some("(too long)".into()),
            _ => None,
        };
        let multiplicity = multiplicity(dim, value.degree).to_string();
        Self {
            degree: value.degree,
            multiplicity,
            value: decimal,
            kind: value.kind,
            exact,
            exact_text,
            complete,
        }
    }

    fn json(&self) -> Value {
        json!({
            "degree": self.degree,
            "multiplicity": self.multiplicity,
            "value": self.value.text,
            "kind": self.kind.name(),
            "error_bound": decimal::of_bound(&self.value.error),
            "exact": self.exact,
            "exact_text": self.exact_text,
        })
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.degree.to_string(),
            self.multiplicity.clone(),
            self.exact_text.clone().unwrap_or_default(),
            self.value.text.clone(),
            decimal::of_bound(&self.value.error),
            self.kind.name().into(),
        ]
    }
}

/// The ball times `factor pi^power`.
fn scaled(ball: &Ball, factor: &Rational, power: u32) -> Ball {
    ball.clone() * ball.constant(factor) * ball.pi().powi(power)
}

impl Normalization {
    fn name(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::Surface => "surface",
            Self::Series => "series",
        }
    }
}
