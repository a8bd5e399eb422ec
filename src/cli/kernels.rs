//! `hinf kernels`: every kernel with its formula and defaults.

use super::output::{Outcome, Output};
use crate::{
    error::Result,
    kernel::grammar::CATALOGUE,
    report::{
        Report,
        grid::{Column, Grid},
    },
};
use serde_json::json;

/// List the kernels with their formulas and defaults.
#[derive(Debug, clap::Args)]
pub struct Flags {}

/// Prints the list.
pub fn run(output: &Output) -> Result<Outcome> {
    let rows: Vec<_> = CATALOGUE
        .iter()
        .map(|entry| json!({"kernel": entry.spec, "formula": entry.formula, "defaults": entry.defaults}))
        .collect();
    let grid = Grid {
        title: "Kernels K(t), t = cos theta = x.x'".into(),
        captions: vec![
            "keys of ntk, nngp, resnet: depth, activation=relu|leaky-relu|erf|sin|gelu, slope (leaky-relu), w, w-in, b, \
             bias-init=zero|gaussian; F and Fdot are the dual activations, g = b for gaussian biases and 0 otherwise"
                .into(),
            "parameters are exact decimals or fractions, such as b=1/3".into(),
        ],
        columns: ["kernel", "formula", "defaults"].map(|head| (head.into(), Column::Wrapped)).to_vec(),
        rows: CATALOGUE
            .iter()
            .map(|entry| [entry.spec, entry.formula, entry.defaults].map(String::from).to_vec())
            .collect(),
    };
    output.emit(&Report { json: json!({"schema": "hinf.kernels/1", "kernels": rows}), grids: vec![grid] })
}
