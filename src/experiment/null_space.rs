//! The degrees that a kernel cannot see, sphere by sphere.

use super::{Context, Text, patience, read};
use crate::{
    error::Result,
    kernel::Kernel,
    math::{degrees::Degrees, ranges, units::Dimension},
    spectrum::null_space::LISTED,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Options of [`null_space`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The kernel; `two-layer` without it.
    pub kernel: Text,
    /// Dimensions `d` of the spheres `S^d`: a number, a list or ranges.
    pub dim: Text,
    /// Degrees 0 to this one are looked at; 100 without it, 10^12 + 1 at most. Where each degree has to be decided by its own value, 100 000 at most.
    pub max_degree: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self { kernel: "two-layer".into(), dim: "".into(), max_degree: 100.into() }
    }
}

/// The most spheres in one call.
const MOST_DIMENSIONS: usize = 1000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    kernel: Kernel,
    dims: Vec<Dimension>,
    max_degree: u64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel as it was given.
    pub kernel: String,
    /// Its formula.
    #[serde(skip)]
    pub formula: String,
    /// The last degree looked at.
    pub max_degree: u64,
    /// The last degree that the lists of zeros go to, where that is not the last one looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_to: Option<u64>,
    /// One row a sphere.
    pub rows: Vec<Row>,
}

/// The null space on one sphere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The dimension of the sphere.
    pub dim: u32,
    /// The degrees that vanish as a rule, such as `odd k >= 3`; `none` if there are none.
    pub zero_degrees: String,
    /// The degrees proved to vanish, rising.
    pub zeros: Vec<u64>,
    /// Is every degree decided by proof?
    pub proved: bool,
    /// Degrees neither proved to vanish nor proved not to.
    pub undecided: Vec<u64>,
}

impl super::Options for Options {
    const COMMAND: &'static str = "null-space";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        let dims = ranges::parse("dim", self.dim.as_str(), 1, Dimension::MAX, MOST_DIMENSIONS)?;
        Ok(Request {
            kernel: read::kernel("kernel", &self.kernel)?,
            dims: dims.into_iter().map(Dimension::new).collect::<Result<_>>()?,
            max_degree: read::whole("max-degree", &self.max_degree, 0, Degrees::MAX)?,
        })
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut rows = Vec::with_capacity(self.dims.len());
        let voice = patience::Voice::of(context.progress);
        for (done, &dim) in (0..).zip(&self.dims) {
            context.progress.go_on()?;
            context.progress.at(done, self.dims.len() as u64);
            let what = || format!("the null space of {} on S^{dim}", self.kernel);
            let null_space = context.pipeline.null_space;
            let found = voice.watched(what, || null_space(&self.kernel, dim, self.max_degree))?;
            rows.push(Row {
                dim: dim.get(),
                proved: found.is_proved(),
                zero_degrees: found.rule,
                zeros: found.zeros,
                undecided: found.undecided,
            });
        }
        Ok(Report {
            schema: "hinf.null-space/1".into(),
            kernel: self.kernel.to_string(),
            formula: self.kernel.formula(),
            max_degree: self.max_degree,
            listed_to: (self.max_degree > LISTED).then_some(LISTED),
            rows,
        })
    }
}

impl super::Report for Report {
    /// Is every degree on every sphere decided by proof?
    fn passed(&self) -> bool {
        self.rows.iter().all(|row| row.proved)
    }
}
