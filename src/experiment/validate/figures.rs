//! What the figures of the report show, mostly found for the claims already.

use super::{
    claims::{self, Size},
    evidence::Trained,
    runner::Runner,
};
use crate::{
    error::Result,
    experiment::{curve, sample, table},
};
use std::{path::Path, sync::Arc};

/// The reports behind the figures.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Figures {
    /// Eigenvalues on `S^2` of several kernels.
    pub eigenvalues: Vec<Arc<table::Report>>,
    /// Eigenvalues of the two-layer model on several spheres, at pairs of degrees `k`, `k + 2` up to a million.
    pub exponents: Arc<table::Report>,
    /// Clusters of a sample on `S^2`.
    pub clusters: Arc<sample::Report>,
    /// Training, each with the name of its sphere.
    pub steps: [(Arc<Trained>, &'static str); 2],
    /// Training on a mixture of two frequencies.
    pub mixture: Arc<Trained>,
    /// The expected error of noisy training.
    pub early_stopping: Arc<curve::Report>,
    /// The training.
    pub noisy: Arc<Trained>,
}

impl Figures {
    /// The figures of a validation of this size.
    pub(super) fn of(size: Size, folder: &Path, runner: &Runner<'_>) -> Result<Self> {
        let kernels = ["two-layer:bias=true", "two-layer", "ntk:depth=5", "resnet:depth=5"];
        let table = |kernel: &str| table::Options {
            kernel: kernel.into(),
            dim: 2.into(),
            degrees: "1..60".into(),
            digits: 10.into(),
            ..Default::default()
        };
        let exponents = table::Options {
            kernel: "two-layer:bias=true".into(),
            dim: "1,2,4,10,20,50".into(),
            degrees: pairs().into(),
            digits: 20.into(),
            ..Default::default()
        };
        let noisy = claims::noisy(size);
        let curve = curve::Options {
            kernel: "two-layer:bias=true".into(),
            dim: noisy.dim.clone(),
            // P_3 itself, as in the training: its mean square is 1/2.
            target: format!("3:{}", std::f64::consts::FRAC_1_SQRT_2).into(),
            noise: noisy.noise.clone(),
            points: noisy.points.clone().unwrap_or(curve::Options::default().points),
            ..Default::default()
        };
        Ok(Self {
            eigenvalues: kernels.iter().map(|kernel| runner.found(&table(kernel))).collect::<Result<_>>()?,
            exponents: runner.found(&exponents)?,
            clusters: runner.found(&claims::clusters(size))?,
            steps: [
                (runner.found(&claims::circle(size))?, "S^1"),
                (runner.found(&claims::sphere(size))?, "S^2"),
            ],
            mixture: runner.found(&claims::mixture(size, folder))?,
            early_stopping: runner.found(&curve)?,
            noisy: runner.found(&noisy)?,
        })
    }
}

/// Even degrees in equal ratios from 2 to a million, each with the next even one.
fn pairs() -> String {
    let steps = 40u32;
    let degree = |i: u32| (2.0 * 500_000f64.powf(f64::from(i) / f64::from(steps)) / 2.0).round() as u64 * 2;
    let mut all: Vec<u64> = (0..=steps).map(degree).flat_map(|k| [k, k + 2]).collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}
