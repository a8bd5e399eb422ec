//! The options of training, checked.

use super::super::{Target, Text, model::Start, optimizer::optimizer, read};
use super::{
    Request, Setup,
    checks::{curves_file, gap, resolved},
    network::model,
};
use crate::{
    dynamics::filter::mini_batch::MiniBatch,
    error::{Error, Result},
    math::{degrees::Degrees, harmonics::multiplicity, units::Dimension},
    sample::Design,
    train::descent::Loss,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Options of [`train`](super).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The network in its language, as in `dense 3*(relu dense(w=2))`; this or `model`.
    pub network: Option<Text>,
    /// A known network: `two-layer` (first layer trained), `mlp` or `resnet` (all layers trained).
    pub model: Text,
    /// Has the network a bias?
    pub bias: bool,
    /// Hidden layers of mlp, branches of resnet, 1 to 100; needed by both.
    pub depth: Option<Text>,
    /// Factor of a residual branch of resnet; 1 without it.
    pub alpha: Option<Text>,
    /// Activation of mlp and resnet: `relu`, `leaky-relu`, `erf`, `sin` or `gelu`; relu without it.
    pub activation: Option<Text>,
    /// Slope of leaky-relu for negative arguments; needed by it.
    pub slope: Option<Text>,
    /// Is the output at the start kept, not subtracted? Of no use to two-layer.
    pub keep_start: bool,
    /// Dimension `d` of the sphere `S^d`; 1 is the circle.
    pub dim: Text,
    /// Degrees, one run each on `P_k` (`cos k theta` on the circle): a number, a list or ranges; this or `target`.
    pub degrees: Option<Text>,
    /// One run on a mixture instead: `DEGREE:COEFFICIENT,...` of harmonics with mean square 1.
    pub target: Option<Text>,
    /// Factor of the targets of `degrees`; 1 for two-layer, 0.1 for the others without it.
    pub amplitude: Option<Text>,
    /// The harmonic of a degree: `zonal`, or `random` from the seed.
    pub harmonic: Text,
    /// Hidden units; 4096 for two-layer, 512 for the others without it.
    pub width: Option<Text>,
    /// Training points, 2 to 20 000; 201 on the circle, 500 elsewhere without it.
    pub points: Option<Text>,
    /// Layout of the points: `uniform`, `equispaced`, `fibonacci` or `quadrature`; the most even one without it.
    pub design: Option<Text>,
    /// The points in a cap this many degrees across are left out; the test error is then that on them.
    pub gap: Option<Text>,
    /// Units of two-layer: `paired` (output 0 at the start) or `independent`; paired without it.
    pub init: Option<Text>,
    /// Weights of two-layer: `even` or `random` directions; even without it where such are known (dim 1 and 2).
    pub directions: Option<Text>,
    /// Scale of the initial weights of two-layer; 100 without it.
    pub kappa: Option<Text>,
    /// Step size; `auto` is `1/(n lambda_max)` of the Gram matrix of the points.
    pub lr: Text,
    /// The optimizer: `gd`, `heavy-ball`, `nesterov`, `torch-nesterov`, `ridge` (gd with `ridge` beside it) or `sgd` (gd with `batch`).
    pub optimizer: Text,
    /// Momentum factor `beta` of heavy-ball and both Nesterovs, from 0 to below 1; needed by them.
    pub momentum: Option<Text>,
    /// Ridge `mu` towards the parameters at the start; none without it.
    pub ridge: Option<Text>,
    /// Points of a mini-batch, drawn afresh each step; all without it.
    pub batch: Option<Text>,
    /// The share of its start to which the residual must fall, between 0 and 1; 0.05 without it.
    pub delta: Text,
    /// A degree counts as learned when the loss of its component, `1/2 sum` of squares over the points, is at most this: in the place of `delta`.
    pub loss_below: Option<Text>,
    /// The norm of the labels, the root of the sum of their squares over the points, noise left out; `amplitude` or coefficients tell it without.
    pub target_norm: Option<Text>,
    /// Is a step size beyond the largest stable one accepted? The predictions, which are of linear dynamics, then no longer hold.
    pub beyond_stable: bool,
    /// Is the network's own kernel at the end of each run shown, beside that at its start?
    pub kernel_at_end: bool,
    /// Loss: `mse`, or `cross-entropy` on the sign of the target.
    pub loss: Text,
    /// The most steps of a run; four times the longest prediction without it.
    pub max_steps: Option<Text>,
    /// Runs of each degree, with seeds `seed`, `seed + 1`, ...; 1 without it.
    pub repeats: Text,
    /// Seed of everything drawn; 0 without it.
    pub seed: Text,
    /// Standard deviation of normal noise on the labels; 0 without it.
    pub noise: Text,
    /// The least degree in the fit of the slope; 1 without it.
    pub fit_from: Text,
    /// Precision of the network: `f64` or `f32`.
    pub precision: Text,
    /// The file to which the front writes the curves of all runs: energies, residual and test error are recorded for it.
    pub curves: Option<Text>,
    /// The folder in which finished runs are kept, and those under way.
    pub checkpoint: Option<Text>,
    /// Are runs kept in that folder taken up?
    pub resume: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            network: None,
            model: "".into(),
            bias: false,
            depth: None,
            alpha: None,
            activation: None,
            slope: None,
            keep_start: false,
            dim: "".into(),
            degrees: None,
            target: None,
            amplitude: None,
            harmonic: "zonal".into(),
            width: None,
            points: None,
            design: None,
            gap: None,
            init: None,
            directions: None,
            kappa: None,
            lr: "auto".into(),
            optimizer: "gd".into(),
            momentum: None,
            ridge: None,
            batch: None,
            delta: 0.05.into(),
            loss_below: None,
            target_norm: None,
            beyond_stable: false,
            kernel_at_end: false,
            loss: "mse".into(),
            max_steps: None,
            repeats: 1.into(),
            seed: 0.into(),
            noise: 0.into(),
            fit_from: 1.into(),
            precision: "f64".into(),
            curves: None,
            checkpoint: None,
            resume: false,
        }
    }
}

/// The most of each number.
const MOST_POINTS: usize = 20_000;
const MOST_STEPS: u64 = 1_000_000_000;
const MOST_REPEATS: u64 = 1000;
const HIGHEST_DEGREE: u32 = 1000;
const MOST_DEGREES: usize = 200;
/// The default scale of the target of deep networks, which have no such scale: the smaller, the more linear the training.
pub(in crate::experiment) const SMALL: f64 = 0.1;

/// Degrees, one run each.
fn degrees(text: &Text) -> Result<Vec<u32>> {
    let all: Degrees = text.as_str().parse()?;
    let all = all.within(u64::from(HIGHEST_DEGREE))?;
    if all.len() > MOST_DEGREES {
        return Err(Error::invalid("degrees", all.len(), format!("at most {MOST_DEGREES} of them")));
    }
    Ok(all.iter().map(|k| k as u32).collect())
}

impl super::super::Options for Options {
    const COMMAND: &'static str = "train";
    type Request = Request;
    const OUTPUTS: &'static [&'static str] = &["curves", "checkpoint", "resume"];

    fn build(&self) -> Result<Request> {
        let dim = Dimension::new(read::whole("dim", &self.dim, 1, Dimension::MAX)?)?;
        let (model, called) = model(self, dim)?;
        let repeats = read::whole("repeats", &self.repeats, 1, MOST_REPEATS)?;
        let seed = read::whole("seed", &self.seed, 0, u64::MAX)?;
        if seed.checked_add(repeats).is_none() {
            return Err(Error::invalid("seed", seed, format!("less than 2^64 - {repeats}")));
        }
        let setup = Setup {
            dim,
            points: match &self.points {
                Some(text) => read::whole("points", text, 2, MOST_POINTS)?,
                None if dim == Dimension::CIRCLE => 201,
                None => 500,
            },
            design: match (&self.design, dim.get()) {
                (Some(name), _) => read::choice("design", name)?,
                (None, 1) => Design::Equispaced,
                (None, 2) => Design::Fibonacci,
                (None, _) => Design::Uniform,
            },
            gap: self.gap.as_ref().map(gap).transpose()?,
            harmonic: read::choice("harmonic", &self.harmonic)?,
            noise: read::real("noise", &self.noise, 0.0, false)?,
            loss: read::choice("loss", &self.loss)?,
            delta: read::fraction("delta", &self.delta)?,
            loss_below: read::optional(&self.loss_below, |text| read::real("loss-below", text, 0.0, true))?,
            target_norm: read::optional(&self.target_norm, |text| {
                read::real("target-norm", text, 0.0, true)
            })?,
            beyond_stable: self.beyond_stable,
            kernel_at_end: self.kernel_at_end,
            optimizer: optimizer(&self.optimizer, &self.momentum, &self.ridge, &self.batch)?,
            seed,
            energies: self.curves.is_some(),
            model,
        };
        if setup.loss == Loss::CrossEntropy
            && let Some(text) = &self.loss_below
        {
            return Err(Error::invalid(
                "loss-below",
                text,
                "`loss` mse: of cross-entropy a share `delta` is watched",
            ));
        }
        if let Some(size) = setup.optimizer.batch() {
            MiniBatch::new(setup.points, size)?;
        }
        let lr = match self.lr.as_str() {
            "auto" => None,
            _ => Some(read::real("lr", &self.lr, 0.0, true)?),
        };
        if self.resume && self.checkpoint.is_none() {
            return Err(Error::invalid("resume", true, "`checkpoint` beside it"));
        }
        Ok(Request {
            targets: self.targets(&setup)?,
            called,
            of_degrees: self.target.is_none(),
            lr,
            max_steps: self
                .max_steps
                .as_ref()
                .map(|text| read::whole("max-steps", text, 1, MOST_STEPS))
                .transpose()?,
            repeats,
            fit_from: read::whole("fit-from", &self.fit_from, 0, HIGHEST_DEGREE)?,
            curves: self.curves.as_ref().map(curves_file).transpose()?,
            checkpoint: self.checkpoint.as_ref().map(|folder| PathBuf::from(folder.as_str())),
            resume: self.resume,
            setup,
        })
    }
}

impl Options {
    /// The targets, none beyond what the points resolve.
    fn targets(&self, setup: &Setup) -> Result<Vec<Target>> {
        let (field, targets) = match (&self.degrees, &self.target) {
            (Some(_), Some(target)) => {
                return Err(Error::invalid("target", target, "no `degrees` beside it"));
            }
            (None, None) => return Err(Error::invalid("degrees", "nothing", "degrees, or a `target`")),
            (None, Some(text)) => {
                if let Some(given) = &self.amplitude {
                    return Err(Error::invalid("amplitude", given, "no `target` beside it"));
                }
                ("target", vec![Target::read("target", text, HIGHEST_DEGREE)?])
            }
            (Some(text), None) => {
                let amplitude = match &self.amplitude {
                    Some(text) => read::real("amplitude", text, 0.0, true)?,
                    None if matches!(setup.model.start, Start::Units { .. }) => 1.0,
                    None => SMALL,
                };
                let degrees = degrees(text)?;
                // P_k itself: the harmonic of mean square 1 is sqrt(N) P_k.
                let factor = |k: u32| amplitude / multiplicity(setup.dim, k).to_f64().sqrt();
                let zonal = |k: u32| Target::single("amplitude", k, factor(k));
                ("degrees", degrees.into_iter().map(zonal).collect::<Result<_>>()?)
            }
        };
        let targets = match setup.target_norm {
            None => targets,
            Some(norm) => {
                if let Some(given) = &self.amplitude {
                    return Err(Error::invalid("amplitude", given, "no `target-norm` beside it"));
                }
                let to_norm = |target: Target| {
                    let size = target.size();
                    target.scaled(norm / (size * (setup.points as f64).sqrt()))
                };
                targets.into_iter().map(to_norm).collect()
            }
        };
        for degree in targets.iter().flat_map(Target::degrees) {
            resolved(field, setup.dim, degree, setup.points, setup.design == Design::Equispaced)?;
        }
        Ok(targets)
    }
}
