//! Identities that a spectrum must satisfy, each reached by a second way.

use super::{Context, Text, patience, read};
pub use crate::spectrum::identities::Status;
use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        degrees::Degrees,
        ranges,
        units::{Digits, Dimension},
    },
    spectrum::identities::{self, Check, Scope},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Options of [`verify`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel; without it those of the paper and one of each family.
    pub kernel: Option<Text>,
    /// Dimensions `d` of the spheres `S^d`: a number, a list or ranges; `1..6` without it.
    pub dim: Text,
    /// Degrees 0 to this one are checked; 50 without it. Above 2000 each degree to 2000, and powers of ten to this one.
    pub max_degree: Text,
    /// Digits of the values compared; 50 without it.
    pub digits: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self { kernel: None, dim: "1..6".into(), max_degree: 50.into(), digits: 50.into() }
    }
}

/// What is checked when no kernel is named.
const KERNELS: [&str; 7] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1",
    "ntk:depth=3",
    "nngp:depth=3",
    "resnet:depth=3",
    "laplace",
];
/// Up to here each degree is checked.
const EACH_DEGREE_TO: u64 = 2000;
/// The most spheres in one call.
const MOST_DIMENSIONS: usize = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernels: Vec<Kernel>,
    scope: Scope,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// One row a check.
    pub rows: Vec<Row>,
}

/// One identity, checked for one kernel on one sphere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The identity's name.
    pub identity: Cow<'static, str>,
    /// The kernel.
    pub kernel: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// The degrees it was checked for, as text.
    pub degrees: String,
    /// How it ended.
    pub status: Status,
    /// Numbers that show it, or the reason.
    pub detail: String,
}

impl From<Check> for Row {
    fn from(check: Check) -> Self {
        let Check { identity, kernel, dim, degrees, status, detail } = check;
        Self { identity: identity.into(), kernel, dim: dim.get(), degrees, status, detail }
    }
}

impl super::Options for Options {
    const COMMAND: &'static str = "verify";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let kernels = match &self.kernel {
            Some(kernel) => vec![read::kernel("kernel", kernel)?],
            None => KERNELS.into_iter().map(|k| read::kernel("kernel", &k.into())).collect::<Result<_>>()?,
        };
        let dims = ranges::parse("dim", self.dim.as_str(), 1, Dimension::MAX, MOST_DIMENSIONS)?;
        let highest = read::whole("max-degree", &self.max_degree, 1, Degrees::MAX)?;
        let scope = Scope {
            dims: dims.into_iter().map(Dimension::new).collect::<Result<_>>()?,
            max_degree: highest.min(EACH_DEGREE_TO) as u32,
            highest,
            digits: Digits::new(read::whole("digits", &self.digits, 1, Digits::MAX)?)?,
        };
        Ok(Request { kernels, scope })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let Scope { dims, highest, .. } = &self.scope;
        let what = || {
            let kernels = self.kernels.iter().map(Kernel::to_string).collect::<Vec<_>>().join(", ");
            format!("verifying {kernels} on {} spheres to degree {highest}", dims.len())
        };
        let spectrum = &context.pipeline.spectrum;
        let checks = patience::Voice::of(context.progress)
            .watched(what, || identities::check(&self.kernels, &self.scope, spectrum, context.progress))?;
        Ok(Report { schema: "hinf.verify/1".into(), rows: checks.into_iter().map(Row::from).collect() })
    }
}

impl super::Report for Report {
    /// Does no check fail?
    fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.status != Status::Fails)
    }
}
