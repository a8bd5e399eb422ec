//! Eigenvalues in f64, each with a status: for plots and sweeps.
//!
//! A Gauss-Legendre rule in `theta` and the recurrence of the zonal polynomials, as in the precise route but in machine
//! numbers. As `lambda_k` falls like `k^-(d+1)` and rounding noise does not, every value comes with an error: the bound on
//! the recurrence's rounding, `3 k (k+1) 2^-53` times the total weight, plus the difference between two rules. The error is an
//! **estimate**, since the kernel's own rounding is charged at a fixed rate.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        gauss,
        harmonics::{funk_hecke_constant, zonal_polynomials},
        units::Dimension,
    },
};
use std::f64::consts::PI;

/// What a kernel value in f64 may be off, relative to `K(1)`.
const VALUE_ERROR: f64 = 32.0 * f64::EPSILON;
/// Nodes beyond the highest degree: enough for a kernel analytic on a Bernstein ellipse of parameter 1.5.
const EXTRA_NODES: u32 = 48;

/// A value in f64 with an estimate of its error.
#[derive(Clone, Copy, Debug)]
pub struct FastValue {
    /// The eigenvalue.
    pub value: f64,
    /// An estimate of `|error|`.
    pub error: f64,
}

impl FastValue {
    /// Is the error below `tolerance * |value|`?
    pub fn holds(&self, tolerance: f64) -> bool {
        self.error < tolerance * self.value.abs()
    }
}

/// Eigenvalues of degrees `0..=max_degree` of `kernel` on `S^d` in f64; those that f64 cannot hold say so in their error.
pub fn eigenvalues(kernel: &Kernel, dim: Dimension, max_degree: u32) -> Vec<FastValue> {
    let half = (max_degree + EXTRA_NODES).div_ceil(2);
    let (coarse, _) = sums(kernel, dim, max_degree, half);
    let (fine, mass) = sums(kernel, dim, max_degree, half + half / 2);
    let value = |((a, b), k): ((f64, f64), u32)| {
        let recurrence = 3.0 * f64::from(k) * f64::from(k + 1) * f64::EPSILON / 2.0;
        FastValue { value: b, error: (a - b).abs() + mass * (recurrence + VALUE_ERROR) }
    };
    coarse.into_iter().zip(fine).zip(0..).map(value).collect()
}

/// The rule's sums with `2 half` nodes, and the sum of the sizes of their terms.
fn sums(kernel: &Kernel, dim: Dimension, max_degree: u32, half: u32) -> (Vec<f64>, f64) {
    let values = kernel.evaluator();
    let (omega, over_pi) = funk_hecke_constant(dim);
    let omega = omega.to_f64() / PI.powi(over_pi as i32);
    let power = dim.get() as i32 - 1;
    let mut sums = vec![0.0; max_degree as usize + 1];
    let mut mass = 0.0;
    for (x, weight) in gauss::legendre_f64(half) {
        let (s, c) = (0.25 * PI * (1.0 - x)).sin_cos();
        let angles = [Angle::from_halves(s, c), Angle::from_halves(c, s)];
        let scale = omega * weight * 0.5 * PI * (2.0 * s * c).powi(power);
        let [near, far] = angles.map(|angle| scale * values.at(&angle));
        mass += near.abs() + far.abs();
        zonal_polynomials(dim, (c - s) * (c + s), max_degree, |k, p| {
            sums[k as usize] += p * if k % 2 == 0 { near + far } else { near - far };
        });
    }
    (sums, mass)
}
