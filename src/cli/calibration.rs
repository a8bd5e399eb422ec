//! How fast this machine is: short runs of the work that a plan has to foresee.

use crate::{
    kernel::{Angle, Kernel},
    math::units::Dimension,
};
use faer::{Mat, Side};
use rayon::prelude::*;
use std::{hint::black_box, time::Instant};

/// What the machine needs, measured in a fraction of a second; good to a factor of about two.
#[derive(Clone, Copy, Debug)]
pub struct Calibration {
    /// Seconds a value of the kernel.
    pub kernel_value: f64,
    /// Seconds a point and unit in one step of gradient descent, forward and backward.
    pub step_unit: f64,
    /// Seconds of all eigenvalues and vectors of an `n x n` matrix, over `n^3`.
    pub eigen_cubed: f64,
}

/// The sizes of the runs.
const ANGLES: u32 = 20_000;
const POINTS: usize = 400;
const UNITS: usize = 1024;
const MATRIX: usize = 384;

impl Calibration {
    /// Measures, on the threads there are.
    pub fn measure(kernel: &Kernel, dim: Dimension) -> Self {
        let values = kernel.evaluator();
        let angle =
            |i: u32| Angle::from_radians(std::f64::consts::PI * (f64::from(i) + 0.5) / f64::from(ANGLES));
        let kernel_value = best_of_three(|| {
            let sum: f64 = (0..ANGLES).into_par_iter().with_min_len(1000).map(|i| values.at(&angle(i))).sum();
            black_box(sum);
        }) / f64::from(ANGLES);
        let width = dim.get() as usize + 1;
        let number = |i: usize| ((i * 37 + 11) % 101) as f64 / 101.0 - 0.5;
        let (points, units): (Vec<f64>, Vec<f64>) =
            ((0..POINTS * width).map(number).collect(), (0..UNITS * width).map(|i| number(i + 5)).collect());
        let step_unit = best_of_three(|| {
            black_box(step(&points, &units, width));
        }) / (POINTS * UNITS) as f64;
        let matrix = Mat::from_fn(MATRIX, MATRIX, |i, j| number(i.max(j) * 7 + i.min(j)));
        let eigen_cubed = best_of_three(|| {
            black_box(matrix.self_adjoint_eigen(Side::Lower).is_ok());
        }) / (MATRIX as f64).powi(3);
        Self { kernel_value, step_unit, eigen_cubed }
    }
}

/// The work of a step: every point through every unit, and back to the unit's weights.
fn step(points: &[f64], units: &[f64], width: usize) -> f64 {
    let one = |unit: &[f64]| {
        let mut gradient = vec![0.0; width];
        for point in points.chunks_exact(width) {
            let input: f64 = unit.iter().zip(point).map(|(w, x)| w * x).sum();
            if input > 0.0 {
                gradient.iter_mut().zip(point).for_each(|(g, x)| *g += input * x);
            }
        }
        gradient.iter().sum::<f64>()
    };
    units.par_chunks(64 * width).map(|chunk| chunk.chunks_exact(width).map(one).sum::<f64>()).sum()
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
