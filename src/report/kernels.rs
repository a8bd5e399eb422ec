//! The list of kernels and of layers.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::kernels::{ACTIVATIONS, LayerRow, Report, Row};
use serde_json::{Value, json};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let kernels = Grid {
            title: "Kernels K(t), t = cos theta = x.x'".into(),
            captions: vec![
                format!(
                    "keys of ntk, nngp, resnet: depth, activation={}, slope (leaky-relu), w, w-in, b, \
                     bias-init=zero|gaussian; F and Fdot are the dual activations, g = b for gaussian biases and 0 otherwise",
                    ACTIVATIONS.join("|")
                ),
                "parameters are exact decimals or fractions, such as b=1/3".into(),
            ],
            columns: ["kernel", "formula", "defaults"].map(|head| (head.into(), Column::Wrapped)).to_vec(),
            rows: self
                .kernels
                .iter()
                .map(|row| [&row.kernel, &row.formula, &row.defaults].map(ToString::to_string).to_vec())
                .collect(),
        };
        let layers = Grid {
            title: "Layers of the network language: ntk:NETWORK, nngp:NETWORK".into(),
            captions: vec![
                "in series, separated by white space; 3*(relu dense) repeats; as in ntk:dense(b=0.1) 3*(relu dense(w=2)) tanh dense"
                    .into(),
            ],
            columns: ["layer", "meaning"].map(|head| (head.into(), Column::Wrapped)).to_vec(),
            rows: self
                .layers
                .iter()
                .map(|row| [&row.layer, &row.meaning].map(ToString::to_string).to_vec())
                .collect(),
        };
        vec![kernels, layers]
    }

    fn records(&self) -> Vec<Grid> {
        let kernel = |row: &Row| json!({"kind": "kernel", "kernel": row.kernel, "formula": row.formula, "defaults": row.defaults});
        let layer = |row: &LayerRow| json!({"kind": "layer", "layer": row.layer, "meaning": row.meaning});
        let rows: Vec<Value> = self.kernels.iter().map(kernel).chain(self.layers.iter().map(layer)).collect();
        let lines =
            self.grids().into_iter().flat_map(|grid| std::iter::once(grid.title).chain(grid.captions));
        let empty = Grid {
            title: "Kernels, and layers of the network language".into(),
            captions: lines.collect(),
            columns: vec![],
            rows: vec![],
        };
        vec![empty.of(&(), &rows)]
    }
}
