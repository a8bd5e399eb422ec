//! Every kernel that a specification can name, with its formula and defaults, and every layer of the network language.

use super::Context;
pub use crate::kernel::grammar::ACTIVATIONS;
use crate::{
    error::Result,
    kernel::grammar::CATALOGUE,
    network::{activation, layers},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Options of [`kernels`](self): none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {}

/// What is asked for: the list.
#[derive(Clone, Copy, Debug)]
pub struct Request {}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// One row a kernel.
    pub kernels: Vec<Row>,
    /// One row a layer of the network language, activations included.
    pub layers: Vec<LayerRow>,
}

/// One layer or activation of the network language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LayerRow {
    /// How it is written, with the defaults of its keys.
    pub layer: Cow<'static, str>,
    /// What it does.
    pub meaning: Cow<'static, str>,
}

/// One kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// How it is specified.
    pub kernel: Cow<'static, str>,
    /// Its formula.
    pub formula: Cow<'static, str>,
    /// Defaults of its keys.
    pub defaults: Cow<'static, str>,
}

impl super::Options for Options {
    const COMMAND: &'static str = "kernels";
    type Request = Request;

    fn build(&self) -> Result<Request> {
        Ok(Request {})
    }
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, _: &Context<'_>) -> Result<Report> {
        let rows = CATALOGUE.iter().map(|entry| Row {
            kernel: entry.spec.into(),
            formula: entry.formula.into(),
            defaults: entry.defaults.into(),
        });
        let layers = layers::CATALOGUE
            .iter()
            .map(|entry| LayerRow { layer: entry.spec.into(), meaning: entry.meaning.into() })
            .chain(
                activation::CATALOGUE
                    .iter()
                    .map(|entry| LayerRow { layer: entry.spec().into(), meaning: entry.formula.into() }),
            );
        Ok(Report { schema: "hinf.kernels/1".into(), kernels: rows.collect(), layers: layers.collect() })
    }
}

impl super::Report for Report {}
