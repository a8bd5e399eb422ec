//! The Gram matrix of a user's own rows, and what it says of their labels: all from one eigendecomposition a kernel.
//!
//! ```
//! use hinf::experiment::{Context, Options as _, Request as _, data::Options};
//! use std::io::Write;
//!
//! let mut file = tempfile::NamedTempFile::new()?;
//! for i in 0..40 {
//!     let angle = 0.37 * f64::from(i);
//!     writeln!(file, "{},{},{}", angle.cos(), angle.sin(), angle.cos())?;
//! }
//! let options = Options {
//!     kernel: "two-layer:bias=true".into(),
//!     data: file.path().display().to_string().into(),
//!     label: Some("3".into()),
//!     ..Default::default()
//! };
//! let report = options.build()?.run(&Context::default())?;
//! assert!(report.analyses[0].label.alignment.is_some_and(|alignment| alignment > 0.4));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod analysis;
mod regression;
mod report;

use super::{Context, Text, announce, read, text::Texts};
pub use crate::sample::{Header, Norms};
use crate::{
    error::{Error, Result},
    gram::{EigenRequest, Sites, Solver, Values, similarity},
    kernel::Kernel,
    sample::{Data, Reading, Source, data::read_as},
};
pub(super) use analysis::{Analyst, numbered};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

pub use regression::{Best, MeasuredReport, Regression, RegressionRow, RidgeRow, Ridges};
pub use report::{
    Analysis, ClassReport, DataSummary, EffectiveDimension, ExponentsReport, LabelColumn, LabelReport, Left,
    Lowest, Report,
};

/// Options of [`data`](self): those of `hinf gram` for a user's own rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel, or several that are set side by side.
    pub kernel: Texts,
    /// The file of the rows.
    pub data: Text,
    /// The column of the labels, by heading or by number from 1.
    pub label: Option<Text>,
    /// Is the first row of a text file a heading: `auto` (told from the rows), `yes` or `no`; `auto` without it.
    pub header: Option<Text>,
    /// What becomes of the norms of rows: `unit` (divided out, without it) or `keep`, for kernels of points off the sphere.
    pub norms: Option<Text>,
    /// Ridge `R` of kernel regression on the labels, at least 0; 0 without it.
    pub ridge: Option<Text>,
}

/// The most kernels in one call.
const MOST_KERNELS: usize = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernels: Vec<Kernel>,
    path: PathBuf,
    reading: Reading,
    norms: Norms,
    ridge: f64,
}

impl read::Choice for Norms {
    const ALL: &'static [(&'static str, Self)] = &[("unit", Self::Unit), ("keep", Self::Keep)];
}

impl super::Options for Options {
    const COMMAND: &'static str = "gram";
    type Request = Request;
    const INPUTS: &'static [&'static str] = &["data"];

    fn build(&self) -> Result<Request> {
        let kernels: Vec<Kernel> =
            self.kernel.iter().map(|text| read::kernel("kernel", text)).collect::<Result<_>>()?;
        if !(1..=MOST_KERNELS).contains(&kernels.len()) {
            let expected = format!("1 to {MOST_KERNELS} of them");
            return Err(Error::invalid("kernel", format!("{} kernels", kernels.len()), expected));
        }
        let ridge = self.ridge.as_ref().map_or(Ok(0.0), |text| read::real("ridge", text, 0.0, false))?;
        if self.ridge.is_some() && self.label.is_none() {
            return Err(Error::invalid(
                "ridge",
                ridge,
                "a label beside it: without labels there is no regression",
            ));
        }
        let label = self.label.as_ref().map(|text| text.as_str().to_owned());
        let header = self.header.as_ref().map_or(Ok(Header::Auto), |text| read::choice("header", text))?;
        let norms = self.norms.as_ref().map_or(Ok(Norms::Unit), |text| read::choice("norms", text))?;
        let path = self.data.as_str().into();
        Ok(Request { kernels, path, reading: Reading { label, header }, norms, ridge })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let values: Vec<Values> = self
            .kernels
            .iter()
            .map(|kernel| self::values(kernel, self.norms, context))
            .collect::<Result<_>>()?;
        let data = rows(Source { path: &self.path, field: "data" }, &self.reading, self.norms, context)?;
        let n = data.points.len();
        let vectors = if data.labels.is_some() { n } else { 0 };
        let wanted = EigenRequest { pairs: vectors, multiplicity: 1 };
        super::resources::matrix_products(rayon::current_num_threads())?;
        Solver::Dense.within(n, wanted, super::resources::memory())?;
        let (what, count) = (format!("eigenvectors of the matrix of {n} rows"), self.kernels.len() as u64);
        announce::tell_of_eigenvectors(&what, n, count, context)?;
        let sites = sites(&data);
        let mut analyses = Vec::with_capacity(values.len());
        for (done, (kernel, values)) in (0..).zip(self.kernels.iter().zip(&values)) {
            context.progress.go_on()?;
            context.progress.at(done, self.kernels.len() as u64);
            let (own, labels) = (Some((values, &sites)), data.labels.as_ref());
            let analyst = Analyst { kernel: own, labels, ridge: self.ridge, context };
            analyses.push(analyst.analysis(kernel, values, &sites)?);
        }
        let similarity =
            (values.len() > 1).then(|| similarity::between(&values.iter().collect::<Vec<_>>(), &sites));
        Ok(Report { summary: DataSummary::new(&self.path, &data), analyses, similarity })
    }
}

/// The kernel on the sphere, or off it where rows keep their norms.
pub(super) fn values(kernel: &Kernel, norms: Norms, context: &Context<'_>) -> Result<Values> {
    match norms {
        Norms::Unit => (context.pipeline.values)(kernel),
        Norms::Keep => Values::off_sphere(kernel),
    }
}

/// The rows of a file.
pub(super) fn rows(
    source: Source<'_>,
    reading: &Reading,
    norms: Norms,
    context: &Context<'_>,
) -> Result<Data> {
    match norms {
        Norms::Unit => (context.pipeline.data)(source, reading),
        Norms::Keep => read_as(source, reading, norms),
    }
}

/// The rows laid out for evaluation, with the norms that they keep.
pub(super) fn sites(data: &Data) -> Sites {
    let sites = Sites::new(&data.points);
    match &data.kept {
        Some(norms) => sites.with_norms(norms.clone()),
        None => sites,
    }
}

impl super::Report for Report {
    const OF_THE_MACHINE: &'static [&'static str] = &["seconds_assemble", "seconds_solve"];

    /// Is every kernel positive on these rows, to rounding?
    fn passed(&self) -> bool {
        self.analyses.iter().all(|analysis| !analysis.lowest.indefinite)
    }
}
