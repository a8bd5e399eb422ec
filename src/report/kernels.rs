//! The list of kernels.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::experiment::kernels::{ACTIVATIONS, Report};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        vec![Grid {
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
        }]
    }
}
