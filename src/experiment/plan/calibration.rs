//! How fast this machine is: short runs of the work that a plan has to foresee.

use crate::{
    error::Result,
    gram::{
        dense,
        values::{Sites, Values},
    },
    kernel::{Kernel, limit::Readout},
    math::units::Dimension,
    progress::Progress,
    sample::designs,
    train::{
        Network,
        finite::{self, Precision},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};
use serde::{Deserialize, Serialize};
use std::{hint::black_box, time::Instant};

/// What the machine needs, measured in a fraction of a second; good to a factor of about two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calibration {
    /// Seconds an entry of the Gram matrix, of which half are computed.
    #[serde(rename = "seconds_per_gram_entry")]
    pub gram_entry: f64,
    /// Seconds a point and unit in one step of gradient descent on a two-layer network, forward and backward.
    #[serde(rename = "seconds_per_point_and_unit")]
    pub step_unit: f64,
    /// Seconds a multiplication in one step of gradient descent on the kernel's own network, where it is another.
    #[serde(rename = "seconds_per_product", default, skip_serializing_if = "Option::is_none")]
    pub step_product: Option<f64>,
    /// Seconds of all eigenvalues and vectors of an `n x n` matrix, over `n^3`.
    #[serde(rename = "seconds_of_eigenvectors_over_n_cubed")]
    pub eigen_cubed: f64,
}

/// The sizes of the runs.
const MATRIX: usize = 512;
const POINTS: usize = 400;
const UNITS: usize = 8192;
const STEPS: usize = 16;
const DEEP_POINTS: usize = 256;
const DEEP_WIDTHS: [usize; 7] = [512, 256, 128, 64, 32, 8, 2];
/// The most products of a step of a deep network that is timed.
const MOST_PRODUCTS: f64 = 5e8;

impl Calibration {
    /// A faster machine than there is: what would be quick on it needs no measurement.
    pub(in crate::experiment) const FAST: Self =
        Self { gram_entry: 1e-10, step_unit: 0.0, step_product: None, eigen_cubed: 1e-11 };

    /// Measures, on the threads there are.
    ///
    /// # Errors
    /// When the kernel is not finite somewhere on the sphere, and when the work is cancelled.
    pub fn measure(kernel: &Kernel, dim: Dimension, progress: &dyn Progress) -> Result<Self> {
        let (values, sites) = (Values::new(kernel)?, Sites::new(&designs::uniform(dim, MATRIX, 0)));
        let gram_entry =
            best_of_three(|| drop(black_box(dense::assemble(&values, &sites)))) / (MATRIX as f64).powi(2);
        progress.go_on()?;
        let eigen_cubed = eigen_cubed(&values, &sites);
        progress.go_on()?;
        let shape = Shape {
            bias: kernel.two_layer_bias().unwrap_or(false),
            width: UNITS,
            init: Init::Paired,
            directions: Directions::Random,
            kappa: 1.0,
            seed: 0,
        };
        let points = designs::uniform(dim, POINTS, 1);
        let network = TwoLayer::<f64>::new(dim, points.coordinates(), &shape)?;
        let descend = || {
            let mut network = network.clone();
            (0..STEPS).for_each(|_| network.descend(&[0.0; POINTS], 0.0));
            drop(black_box(network));
        };
        let step_unit = best_of_three(descend) / (STEPS * POINTS * UNITS) as f64;
        progress.go_on()?;
        let step_product = step_product(kernel, dim)?;
        Ok(Self { gram_entry, eigen_cubed, step_unit, step_product })
    }
}

/// Seconds of all eigenvalues and vectors of an `n x n` matrix, over `n^3`: of any kernel's, on the threads there are.
///
/// # Errors
/// None that can be expected.
pub(in crate::experiment) fn seconds_of_eigenvectors() -> Result<f64> {
    let values = Values::new(&"two-layer:bias=true".parse()?)?;
    Ok(eigen_cubed(&values, &Sites::new(&designs::uniform(Dimension::SPHERE, MATRIX, 0))))
}

fn eigen_cubed(values: &Values, sites: &Sites) -> f64 {
    let matrix = dense::assemble(values, sites);
    let diagonalise = || drop(black_box(dense::eigenpairs(matrix.clone(), MATRIX, MATRIX)));
    best_of_three(diagonalise) / (MATRIX as f64).powi(3)
}

/// Seconds a multiplication in a step of a deep network: its own layers, as wide as a fraction of a second allows.
fn step_product(kernel: &Kernel, dim: Dimension) -> Result<Option<f64>> {
    let Some((network, Readout::Tangent)) = kernel.network().filter(|_| kernel.two_layer_bias().is_none())
    else {
        return Ok(None);
    };
    let inputs = f64::from(dim.get()) + 1.0;
    let work = |width: usize| finite::work(network, width as f64, inputs, DEEP_POINTS as f64);
    let fits = |width: &usize| work(*width).products <= MOST_PRODUCTS;
    let width = DEEP_WIDTHS.into_iter().find(fits).unwrap_or(1);
    let options = finite::Options { width, subtract_start: false, precision: Precision::Double };
    let points = designs::uniform(dim, DEEP_POINTS, 1);
    let mut network = finite::drawn(network, &options, &points, 0)?;
    let descend = |network: &mut Box<dyn Network>| {
        let start = Instant::now();
        network.descend(&[0.0; DEEP_POINTS], 0.0);
        start.elapsed().as_secs_f64()
    };
    let seconds = (0..3).map(|_| descend(&mut network)).fold(f64::INFINITY, f64::min);
    Ok(Some(seconds / work(width).products))
}

/// The shortest of three runs, in seconds; the first one warms up.
fn best_of_three(work: impl Fn()) -> f64 {
    let run = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    (0..3).map(run).fold(f64::INFINITY, f64::min)
}
