//! The report of a training: what was predicted and seen of each degree.

use super::super::{
    model::{self, Kind},
    read::Choice,
};
use super::{Divergence, Prediction, Request, Row, Run, SlopeFit, network::Called};
use crate::network::{Layer, Series};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// All that was found; as JSON `hinf.train/1`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel of the infinitely wide network.
    pub kernel: String,
    /// The dimension of the sphere.
    pub dim: u32,
    /// One row a degree of a target.
    pub rows: Vec<Row>,
    /// How steps grow with the degree; `None` for fewer than two degrees learned.
    pub fit: Option<SlopeFit>,
    /// One a run, with noise.
    pub early_stopping: Vec<Stopping>,
    /// With what it was done.
    pub hyper_parameters: HyperParameters,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Wall time of the runs alone, in seconds.
    pub seconds_training: f64,
    /// The runs; those of repeat 0 first, in it one a target.
    #[serde(skip)]
    pub runs: Vec<Run>,
}

/// Where early stopping should end a run, and where it should have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stopping {
    /// The step with the least expected error.
    pub predicted_step: Option<u64>,
    /// The error expected there.
    pub predicted_error: Option<f64>,
    /// The step of least test error among those recorded.
    pub measured_step: u64,
    /// The error there.
    pub measured_error: f64,
}

/// With what it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HyperParameters {
    /// The kind of network; `network` if it was described in the language.
    pub model: String,
    /// Has any layer of it biases?
    pub bias: bool,
    /// Units of a layer.
    pub width: usize,
    /// The precision of weights and outputs.
    pub precision: String,
    /// Training points of the first repeat.
    pub points: usize,
    /// Their layout.
    pub design: String,
    /// Which harmonic of a degree was learned.
    pub harmonic: String,
    /// The step size.
    pub lr: f64,
    /// The largest stable one, by the Gram matrix of the points.
    pub largest_lr: f64,
    /// The same by that of the network at its start, where a run diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_lr_at_start: Option<f64>,
    /// The optimizer, where it is not full-batch gradient descent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optimizer: Option<String>,
    /// The share of its start to which the residual must fall.
    pub delta: f64,
    /// The loss of a component at which it counts as learned, in the place of that share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_below: Option<f64>,
    /// The norm of the labels, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_norm: Option<f64>,
    /// Was a step size from the largest stable one on asked for, and taken? Then no prediction holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beyond_stable: bool,
    /// The loss.
    pub loss: String,
    /// The most steps of a run, where that was asked for.
    pub max_steps: Option<u64>,
    /// Runs of each degree.
    pub repeats: u64,
    /// The seed of everything drawn.
    pub seed: u64,
    /// The standard deviation of the labels' noise.
    pub noise: f64,
    /// The width of the cap that was left out, in degrees.
    pub gap: Option<f64>,
    /// What is particular to the kind of network.
    #[serde(flatten)]
    pub start: Start,
}

/// The start of a network, by its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Start {
    /// Of two layers.
    TwoLayer {
        /// How the units are drawn.
        init: String,
        /// How their directions are laid out.
        directions: String,
        /// The scale of their weights.
        kappa: f64,
    },
    /// Of any depth.
    Deep {
        /// Hidden layers, or branches.
        depth: usize,
        /// Was the output at the start kept, not subtracted?
        keep_start: bool,
        /// The factor of a branch.
        alpha: Option<String>,
    },
    /// As described.
    Network {
        /// The network.
        network: String,
        /// Was the output at the start kept, not subtracted?
        keep_start: bool,
    },
}

impl HyperParameters {
    pub(super) fn of(request: &Request, prediction: &Prediction, diverged: bool) -> Self {
        let setup = &request.setup;
        let model = &setup.model;
        Self {
            model: match (&model.start, &request.called) {
                (model::Start::Units { .. }, _) => Kind::TwoLayer.name().into(),
                (_, Called::Known { kind, .. }) => kind.name().into(),
                (_, Called::Written) => "network".into(),
            },
            bias: request.kernel().network().is_some_and(|(network, _)| has_bias(network.series())),
            width: model.width,
            precision: model.precision.name().into(),
            points: prediction.points,
            design: Choice::name(setup.design).into(),
            harmonic: setup.harmonic.name().into(),
            lr: prediction.step_size,
            largest_lr: prediction.largest_step_sizes[0],
            largest_lr_at_start: diverged.then_some(prediction.largest_step_sizes[1]),
            optimizer: (!setup.optimizer.is_gradient_descent()).then(|| setup.optimizer.to_string()),
            delta: setup.delta,
            loss_below: setup.loss_below,
            target_norm: setup.target_norm,
            beyond_stable: prediction.step_size >= prediction.largest_step_sizes[0],
            loss: Choice::name(setup.loss).into(),
            max_steps: request.max_steps,
            repeats: request.repeats,
            seed: setup.seed,
            noise: setup.noise,
            gap: setup.gap,
            start: Start::of(request),
        }
    }
}

/// Has any layer biases?
fn has_bias(series: &Series) -> bool {
    series.0.iter().any(|layer| match layer {
        Layer::Dense(dense) => !dense.bias.is_zero(),
        Layer::Skip(skip) => has_bias(&skip.branch),
        Layer::Sum(branches) | Layer::Product(branches) => branches.iter().any(has_bias),
        Layer::Repeat(_, body) => has_bias(body),
        _ => false,
    })
}

impl Start {
    fn of(request: &Request) -> Self {
        match (request.setup.model.start, &request.called) {
            (model::Start::Units { init, directions, kappa }, _) => {
                Self::TwoLayer { init: init.name().into(), directions: directions.name().into(), kappa }
            }
            (model::Start::Drawn { keep }, Called::Known { depth, alpha, .. }) => {
                Self::Deep { depth: *depth, keep_start: keep, alpha: alpha.clone() }
            }
            (model::Start::Drawn { keep }, Called::Written) => {
                let network = request.kernel().network().map(|(network, _)| network.to_string());
                Self::Network { network: network.unwrap_or_default(), keep_start: keep }
            }
        }
    }
}

impl super::super::Report for Report {
    const OF_THE_MACHINE: &'static [&'static str] = &["seconds", "seconds_training"];

    /// Was nothing learned, and the odd part linear to rounding, where theory says so, and did no run diverge?
    fn passed(&self) -> bool {
        let holds = |row: &Row| {
            let learned = row.trials.iter().any(|trial| trial.measured_steps.is_some());
            !row.null_space || (!learned && row.odd.is_none_or(|odd| odd.is_rounding()))
        };
        self.rows.iter().all(holds) && self.divergences().next().is_none()
    }
}

impl Report {
    /// The runs that diverged, each with its row.
    pub fn divergences(&self) -> impl Iterator<Item = (&Row, &Divergence)> {
        self.rows.iter().flat_map(|row| {
            row.trials.iter().filter_map(move |trial| Some((row, trial.divergence.as_ref()?)))
        })
    }
}
