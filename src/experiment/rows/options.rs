//! The options of training on rows, checked.

use super::Request;
use crate::{
    error::{Error, Result},
    experiment::{
        Text,
        data::Header,
        model::Model,
        optimizer::optimizer,
        read::{self, Choice},
        train,
    },
    math::units::Dimension,
    sample::Reading,
    train::descent::Loss,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Options of [`rows`](super): those of `hinf train` for a user's own rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The network in its language, as in `dense 3*(relu dense(w=2))`; this or `model`.
    pub network: Option<Text>,
    /// A known network: `two-layer` (first layer trained), `mlp` or `resnet` (all layers trained).
    pub model: Text,
    /// Has the known network a bias?
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
    /// Hidden units; 4096 for two-layer, 512 for the others without it.
    pub width: Option<Text>,
    /// Units of two-layer: `paired` (output 0 at the start) or `independent`; paired without it. Their directions are random.
    pub init: Option<Text>,
    /// Scale of the initial weights of two-layer; 100 without it.
    pub kappa: Option<Text>,
    /// Precision of the network: `f64` or `f32`.
    pub precision: Text,
    /// The file of the rows.
    pub data: Text,
    /// The column of the labels, by heading or by number from 1, or an array of an `.npz` file.
    pub label: Text,
    /// Is the first row of a text file a heading: `auto` (told from the rows), `yes` or `no`; `auto` without it.
    pub header: Option<Text>,
    /// What the labels are: `auto` (classes if they are names, or 2 to 20 different whole numbers), `classes` or `quantity`.
    pub label_kind: Text,
    /// The share of the rows, drawn by the seed, that are tested on and not trained on, above 0 and below 1.
    pub test_share: Text,
    /// The share of the training rows whose labels are permuted among them, from 0 to 1.
    pub label_noise: Text,
    /// Loss: `mse`, or `cross-entropy` of classes, logistic for two and softmax for more.
    pub loss: Text,
    /// Factor of the labels of mse; errors are over its square. 1 for two-layer, 0.1 for the others without it.
    pub amplitude: Option<Text>,
    /// Step size; `auto` is `1/lambda_max` of the Gram matrix of the training rows, or half the largest stable one of batches where that is less.
    pub lr: Text,
    /// The optimizer: `gd`, `heavy-ball`, `nesterov`, `torch-nesterov`, `ridge` (gd with `ridge` beside it) or `sgd` (gd with `batch`).
    pub optimizer: Text,
    /// Momentum factor `beta` of heavy-ball and both Nesterovs, from 0 to below 1; needed by them.
    pub momentum: Option<Text>,
    /// Ridge `mu` towards the parameters at the start; none without it.
    pub ridge: Option<Text>,
    /// Rows of a mini-batch, drawn afresh each step; all without it.
    pub batch: Option<Text>,
    /// The steps of the run; 1000 without it.
    pub max_steps: Option<Text>,
    /// Seed of split, label noise, batches and network; 0 without it.
    pub seed: Text,
    /// The file to which the front writes the curves: errors, accuracies and energies at every recorded step.
    pub curves: Option<Text>,
    /// The folder to which the front writes a page of it, with its figures.
    pub page: Option<Text>,
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
            width: None,
            init: None,
            kappa: None,
            precision: "f64".into(),
            data: "".into(),
            label: "".into(),
            header: None,
            label_kind: "auto".into(),
            test_share: 0.25.into(),
            label_noise: 0.into(),
            loss: "mse".into(),
            amplitude: None,
            lr: "auto".into(),
            optimizer: "gd".into(),
            momentum: None,
            ridge: None,
            batch: None,
            max_steps: None,
            seed: 0.into(),
            curves: None,
            page: None,
        }
    }
}

/// What labels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// Told from them.
    Auto,
    /// Classes, one a value.
    Classes,
    /// Numbers whose size counts.
    Quantity,
}

impl Choice for LabelKind {
    const ALL: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("classes", Self::Classes), ("quantity", Self::Quantity)];
}

/// The most steps.
const MOST_STEPS: u64 = 100_000_000;
/// Steps, where none are asked for.
const STEPS: u64 = 1000;

impl super::super::Options for Options {
    const COMMAND: &'static str = "train";
    type Request = Request;
    const INPUTS: &'static [&'static str] = &["data"];
    const OUTPUTS: &'static [&'static str] = &["curves", "page"];

    fn build(&self) -> Result<Request> {
        let model = self.model()?;
        let two_layer = model.kernel.two_layer_bias().is_some();
        for (field, text, right) in [
            ("data", &self.data, "a file of rows"),
            ("label", &self.label, "the column of the labels, which are learned"),
        ] {
            if text.as_str().is_empty() {
                return Err(Error::invalid(field, "nothing", right));
            }
        }
        let loss = read::choice("loss", &self.loss)?;
        if let (Loss::CrossEntropy, Some(given)) = (loss, &self.amplitude) {
            return Err(Error::invalid("amplitude", given, "`loss` mse: classes have no size"));
        }
        let small = if two_layer { 1.0 } else { train::SMALL };
        let amplitude = read::optional(&self.amplitude, |text| read::real("amplitude", text, 0.0, true))?;
        let header = read::optional(&self.header, |text| read::choice("header", text))?;
        let steps = read::optional(&self.max_steps, |text| read::whole("max-steps", text, 1, MOST_STEPS))?;
        Ok(Request {
            model,
            path: self.data.as_str().into(),
            reading: Reading {
                label: Some(self.label.as_str().to_owned()),
                header: header.unwrap_or(Header::Auto),
            },
            kind: read::choice("label-kind", &self.label_kind)?,
            test_share: read::fraction("test-share", &self.test_share)?,
            label_noise: share("label-noise", &self.label_noise)?,
            loss,
            amplitude: if loss == Loss::CrossEntropy { 1.0 } else { amplitude.unwrap_or(small) },
            lr: match self.lr.as_str() {
                "auto" => None,
                _ => Some(read::real("lr", &self.lr, 0.0, true)?),
            },
            optimizer: optimizer(&self.optimizer, &self.momentum, &self.ridge, &self.batch)?,
            max_steps: steps.unwrap_or(STEPS),
            seed: read::whole("seed", &self.seed, 0, u64::MAX)?,
            curves: self.curves.as_ref().map(train::curves_file).transpose()?,
            page: self.page.as_ref().map(folder).transpose()?,
            options: self.clone(),
        })
    }
}

/// The share `text`, from 0 to 1.
fn share(field: &str, text: &Text) -> Result<f64> {
    let number = text.as_str().parse().ok().filter(|x| (0.0..=1.0).contains(x));
    number.ok_or_else(|| Error::invalid(field, text, "a number from 0 to 1"))
}

/// A folder that is there, or that can be made in one that is.
fn folder(text: &Text) -> Result<PathBuf> {
    let path = Path::new(text.as_str());
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.as_os_str().is_empty() || path.is_file() || !(path.is_dir() || parent.is_dir()) {
        return Err(Error::invalid("page", text, "a folder, or a new one in a folder that exists"));
    }
    Ok(path.into())
}

impl Options {
    /// The network, as `hinf train` reads it.
    fn model(&self) -> Result<Model> {
        let options = train::Options {
            network: self.network.clone(),
            model: self.model.clone(),
            bias: self.bias,
            depth: self.depth.clone(),
            alpha: self.alpha.clone(),
            activation: self.activation.clone(),
            slope: self.slope.clone(),
            keep_start: self.keep_start,
            width: self.width.clone(),
            init: self.init.clone(),
            kappa: self.kappa.clone(),
            precision: self.precision.clone(),
            ..train::Options::default()
        };
        // Rows of any length: directions as on the spheres that have no even ones.
        train::model(&options, Dimension::new(3)?)
    }
}
