//! A user's own eigenvalues against the certified ones: are they right, and in which convention?

use super::{Context, Text, read};
pub use crate::compare::check::{Finding, Order};
use crate::{
    compare::check::{Question, check},
    error::{Error, Result},
    kernel::Kernel,
    math::units::Dimension,
    sample::{
        Source,
        values::{self, Entry},
    },
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, path::Path};

/// Options of [`check`](self).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The numbers: a file (CSV with columns `degree,value` or one number a line, JSON, `.npy`, `.npz`), or the numbers themselves, with commas
    /// between them.
    pub values: Text,
    /// The kernel they are said to be of.
    pub kernel: Text,
    /// The dimension `d` of the sphere `S^d` they are said to be on.
    pub dim: Text,
    /// Their order: `degree` (one beside each), `list` (from degree 0 on) or `sorted` (by size, each as often as its multiplicity); told from the
    /// numbers without it.
    #[serde(rename = "as")]
    pub order: Option<Text>,
    /// The number of points of the Gram matrix whose eigenvalues they are, undivided; without it a sorted list has as many as it is long.
    pub points: Option<Text>,
}

impl Default for Options {
    fn default() -> Self {
        Self { values: "".into(), kernel: "".into(), dim: "".into(), order: None, points: None }
    }
}

impl read::Choice for Order {
    const ALL: &'static [(&'static str, Self)] =
        &[("degree", Self::Degree), ("list", Self::List), ("sorted", Self::Sorted)];
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    values: Text,
    kernel: Kernel,
    dim: Dimension,
    order: Option<Order>,
    points: Option<u64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The file, or the numbers, as given.
    pub values: String,
    /// The kernel as it was given.
    pub kernel: String,
    /// The dimension as it was given.
    pub dim: u32,
    /// How the file was read, a line each.
    pub notes: Vec<String>,
    /// The comparison.
    #[serde(flatten)]
    pub finding: Finding,
}

impl super::Options for Options {
    const COMMAND: &'static str = "check";
    type Request = Request;
    const INPUTS: &'static [&'static str] = &["values"];

    fn build(&self) -> Result<Request> {
        let points = self.points.as_ref().map(|text| read::whole("points", text, 1, u64::MAX)).transpose()?;
        Ok(Request {
            values: self.values.clone(),
            kernel: read::kernel("kernel", &self.kernel)?,
            dim: Dimension::new(read::whole("dim", &self.dim, 1, Dimension::MAX)?)?,
            order: self.order.as_ref().map(|text| read::choice("as", text)).transpose()?,
            points,
        })
    }

    /// The values stand first, without a flag.
    fn words(&self) -> Vec<String> {
        let mut words = vec![Self::COMMAND.to_owned(), self.values.to_string()];
        let mut flag = |name: &str, text: &Text| words.extend([format!("--{name}"), text.to_string()]);
        flag("kernel", &self.kernel);
        flag("dim", &self.dim);
        self.order.iter().for_each(|text| flag("as", text));
        self.points.iter().for_each(|text| flag("points", text));
        words
    }
}

/// The numbers that `text` itself lists, if it is no file but a list.
fn listed(text: &str) -> Result<Option<Vec<Entry>>> {
    if Path::new(text).exists() {
        return Ok(None);
    }
    let items: Vec<&str> = text.split(',').map(str::trim).collect();
    let finite = |item: &str| item.parse::<f64>().is_ok_and(f64::is_finite);
    match items.iter().position(|item| !finite(item)) {
        None => Ok(Some(items.into_iter().map(|item| Entry { degree: None, text: item.into() }).collect())),
        Some(at) if items.len() > 1 || text.trim().is_empty() => Err(Error::invalid(
            format!("values, number {}", at + 1),
            items[at],
            "a finite number; or a file that exists in place of the list",
        )),
        Some(_) => Ok(None),
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let path = Path::new(self.values.as_str());
        let list = match listed(self.values.as_str())? {
            Some(entries) => values::Values { entries, notes: vec![] },
            None => values::read(Source { path, field: "values" })?,
        };
        let question = Question {
            entries: &list.entries,
            kernel: &self.kernel,
            dim: self.dim.get(),
            order: self.order,
            points: self.points,
            spectrum: context.pipeline.spectrum,
        };
        Ok(Report {
            schema: "hinf.check/1".into(),
            values: self.values.to_string(),
            kernel: self.kernel.to_string(),
            dim: self.dim.get(),
            notes: list.notes,
            finding: check(&question, context.progress)?,
        })
    }
}

impl super::Report for Report {
    /// Are all numbers right in some convention?
    fn passed(&self) -> bool {
        self.finding.is_right()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Options as _, super::Report as _, super::Request as _, *};

    fn asked(values: &str, dim: u32) -> Result<Report> {
        let options = Options {
            values: values.into(),
            kernel: "two-layer:bias=true".into(),
            dim: dim.into(),
            ..Options::default()
        };
        options.build()?.run(&Context::default())
    }

    #[test]
    fn numbers_may_stand_in_the_options() {
        let report = asked("0.15625, 0.0729166666666666667,0.013671875,0.001953125", 2).unwrap();
        assert!(report.passed() && report.finding.convention.is_none(), "{}", report.finding.text);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(
            (json["schema"].as_str(), json["verdict"].as_str()),
            (Some("hinf.check/1"), Some("right"))
        );
        assert_eq!(json["rows"][1]["value"], "0.072916666666666666667");
        assert!(!asked("0.15625,0.0729,0.013671875,0.002953125", 2).unwrap().passed());
    }

    #[test]
    fn bad_options_name_their_field() {
        for (values, dim, word) in [
            ("/nowhere.csv", 2, "/nowhere.csv"),
            ("1,x", 2, "values, number 2: got 'x'"),
            ("1", 0, "dim"),
            ("", 2, ""),
        ] {
            let message = asked(values, dim).unwrap_err().to_string();
            assert!(
                message.contains(word) && !message.contains('\n') && !message.contains("--"),
                "{message}"
            );
        }
        let options = Options {
            order: Some("size".into()),
            kernel: "laplace".into(),
            dim: 2.into(),
            ..Options::default()
        };
        assert!(options.build().unwrap_err().to_string().contains("degree, list or sorted"));
        assert_eq!(options.words(), ["check", "", "--kernel", "laplace", "--dim", "2", "--as", "size"]);
    }
}
