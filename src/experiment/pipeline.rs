//! The stages that the experiments join, as functions, so that a test can put a flawed one in and see which claims it brings down.

use crate::{
    error::Result,
    gram::Values,
    kernel::Kernel,
    math::{degrees::Degrees, units::Dimension},
    sample::{self, Data, Design, Points, Reading, Source},
    spectrum::{
        Goal, Spectrum,
        formula::NormalForm,
        null_space::{self, NullSpace},
        spectrum,
    },
    train::{
        Network,
        target::{self, Harmonic},
    },
};

pub use super::model::{Model, Start};

/// A function of a degree at points.
pub type Target = fn(Dimension, u32, Harmonic, &[f64]) -> Result<Vec<f64>>;

/// What theory predicts, and what measurements are made of; the program itself runs [`Pipeline::SOUND`].
#[derive(Clone, Copy, Debug)]
pub struct Pipeline {
    /// The prediction: [`spectrum()`].
    pub spectrum: fn(&Kernel, Dimension, &Degrees, &Goal) -> Result<Spectrum>,
    /// The degrees predicted to vanish: [`null_space::null_space`].
    pub null_space: fn(&Kernel, Dimension, u64) -> Result<NullSpace>,
    /// The closed form in the degree, for kernels that have one: `NormalForm::of`.
    pub normal_form: fn(&Kernel, Dimension) -> Option<NormalForm>,
    /// The kernel between the points: [`Values::new`].
    pub values: fn(&Kernel) -> Result<Values>,
    /// The points: [`sample::points`].
    pub points: fn(Design, Dimension, usize, u64) -> Result<Points>,
    /// A user's own points and labels: `sample::data::read`.
    pub data: fn(Source<'_>, &Reading) -> Result<Data>,
    /// The target at the points: `target::harmonic`.
    pub harmonic: Target,
    /// The noise on the labels: `target::noise`.
    pub noise: fn(usize, f64, u64) -> Vec<f64>,
    /// The network that is trained: [`Model::network`].
    pub network: fn(&Model, &Points, u64) -> Result<Box<dyn Network>>,
}

impl Pipeline {
    /// Each stage as it should be.
    pub const SOUND: Self = Self {
        spectrum,
        null_space: null_space::null_space,
        normal_form: NormalForm::of,
        values: Values::new,
        points: sample::points,
        data: sample::data::read,
        harmonic: target::harmonic,
        noise: target::noise,
        network: Model::network,
    };
}
