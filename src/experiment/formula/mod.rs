//! Eigenvalues as formulas in the degree, proved and checked, sphere by sphere or for all spheres at once.
//!
//! * [`options`](Options) — what may be asked; [`report`] — what is found
//! * `closed` — one sphere; `general` — the dimension as a symbol; `large` — kernels without a closed form
//! * `check` — the formulas against the exact recurrence

mod check;
mod closed;
mod general;
mod large;
pub mod report;

use super::{Context, Text, read};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::{ranges, units::Dimension},
    spectrum::asymptotic::Expansion,
};
pub use report::{Entry, Report};
use serde::{Deserialize, Serialize};

/// Options of [`formula`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel.
    pub kernel: Text,
    /// Dimensions `d` of the spheres `S^d`: a number, a list or ranges; may be empty with `symbolic_dim`.
    pub dim: Text,
    /// Is a formula wanted with `d` a symbol?
    pub symbolic_dim: bool,
    /// The last power `kappa^(-2 order)` of the expansion; 3 without it, 40 at most.
    pub order: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self { kernel: "".into(), dim: "".into(), symbolic_dim: false, order: 3.into() }
    }
}

/// The longest expansion.
const LONGEST_EXPANSION: usize = 40;
/// The most spheres in one call.
const MOST_DIMENSIONS: usize = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernel: Kernel,
    expansion: Expansion,
    dims: Vec<Dimension>,
    symbolic: bool,
    order: usize,
}

impl super::Options for Options {
    const COMMAND: &'static str = "formula";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let kernel = read::kernel("kernel", &self.kernel)?;
        let dims = match self.dim.as_str() {
            "" if self.symbolic_dim => vec![],
            text => ranges::parse("dim", text, 1, Dimension::MAX, MOST_DIMENSIONS)?,
        };
        let dims = dims.into_iter().map(Dimension::new).collect::<Result<_>>()?;
        let order = read::whole("order", &self.order, 0, LONGEST_EXPANSION)?;
        let mut expansion = Expansion::of(&kernel);
        if kernel.closed_form().is_none() {
            if self.symbolic_dim {
                let expected = "a kernel with a closed form in k, such as ntk:depth=1: without one there is a law of large degrees, sphere \
                                by sphere, with `dim`";
                return Err(Error::invalid("symbolic-dim", self.kernel.as_str(), expected));
            }
            large::check(&kernel, &mut expansion)?;
        }
        Ok(Request { kernel, expansion, dims, symbolic: self.symbolic_dim, order })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut formulas = Vec::with_capacity(self.dims.len() + 1);
        if self.symbolic {
            formulas.extend(general::formulas(&self.kernel, self.order).map(Entry::of));
        }
        let mut expansion = self.expansion.clone();
        for (done, &dim) in (0..).zip(&self.dims) {
            context.progress.go_on()?;
            context.progress.at(done, self.dims.len() as u64);
            formulas.push(match (context.pipeline.normal_form)(&self.kernel, dim) {
                Some(normal) => Entry::of(closed::formulas(&self.kernel, &normal, self.order)),
                None => {
                    let (kernel, order) = (&self.kernel, self.order);
                    Entry::LargeDegrees(Box::new(large::law(
                        &mut expansion,
                        kernel,
                        dim,
                        order,
                        context.progress,
                    )?))
                }
            });
        }
        Ok(Report {
            schema: "hinf.formula/1".into(),
            kernel: self.kernel.to_string(),
            formula: self.kernel.formula(),
            formulas,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiment::{Options as _, Pipeline, Report as _, Request as _},
        math::polynomial::Polynomial,
        spectrum::formula::NormalForm,
    };

    fn asked(kernel: &str, dim: &str) -> Request {
        Options { kernel: kernel.into(), dim: dim.into(), ..Default::default() }.build().unwrap()
    }

    fn closed(report: &Report) -> impl Iterator<Item = &report::Formulas> {
        report.formulas.iter().map(|entry| match entry {
            Entry::Formulas(formulas) => formulas.as_ref(),
            Entry::LargeDegrees(_) => panic!("no closed form"),
        })
    }

    #[test]
    fn every_line_is_there_and_checked() {
        for kernel in ["two-layer", "two-layer:bias=true", "ntk:depth=1,b=1/3", "arc-cosine:order=2"] {
            let report = asked(kernel, "1..6").run(&Context::default()).unwrap();
            assert!(report.passed(), "{kernel}");
            assert_eq!(report.formulas.len(), 6);
            for formula in closed(&report) {
                for (law, lines) in [(&formula.even, 0), (&formula.odd, 1)] {
                    let given = [&formula.ratio, &formula.exponent, &formula.expansion, &formula.tail];
                    let given = given.map(|by| if lines == 0 { &by.even } else { &by.odd });
                    assert!(given.iter().all(|line| line.is_some() != (law.line.text == "0")), "{kernel}");
                }
            }
        }
    }

    /// A coefficient of `Q` that is off by one is proved of nothing and fails the check.
    #[test]
    fn a_wrong_formula_fails_its_check() {
        fn flawed(kernel: &Kernel, dim: Dimension) -> Option<NormalForm> {
            let mut normal = NormalForm::of(kernel, dim)?;
            normal.even.factor = normal.even.factor.plus(&Polynomial::constant(1.into()));
            Some(normal)
        }
        let pipeline = Pipeline { normal_form: flawed, ..Pipeline::SOUND };
        for kernel in ["two-layer", "arc-cosine:order=0"] {
            let report = asked(kernel, "1..3").run(&Context { pipeline, ..Context::default() }).unwrap();
            assert!(!report.passed(), "{kernel}");
            assert!(closed(&report).all(|f| f.odd.proved && !f.even.proved), "{kernel}");
        }
    }

    #[test]
    fn what_has_no_formula_is_refused_with_the_reason() {
        let refuse = |kernel: &str, dim: &str, symbolic_dim| {
            let options =
                Options { kernel: kernel.into(), dim: dim.into(), symbolic_dim, ..Default::default() };
            options.build().unwrap_err().to_string()
        };
        assert!(refuse("ntk:depth=2", "2", true).contains("a kernel with a closed form in k"));
        assert!(refuse("gaussian", "", true).starts_with("symbolic-dim: got 'gaussian'"));
        assert!(refuse("two-layer", "", false).starts_with("dim: got ''"));
        assert!(refuse("two-layer", "1001", false).starts_with("dim: got '1001'"));
    }

    #[test]
    fn the_symbol_may_stand_alone_or_before_numbers() {
        let symbolic = |dim: &str| {
            let options = Options {
                kernel: "two-layer".into(),
                dim: dim.into(),
                symbolic_dim: true,
                ..Default::default()
            };
            options.build().unwrap().run(&Context::default()).unwrap()
        };
        assert_eq!(symbolic("").formulas.len(), 1);
        let report = symbolic("2,3");
        let spheres: Vec<String> = closed(&report).map(|f| f.dim.to_string()).collect();
        assert_eq!(spheres, ["d", "2", "3"]);
        assert!(report.passed());
    }
}
