//! Kernel regression's expected error against the number of points, from the spectrum.
//!
//! For `n` points drawn uniformly and the estimator `k(x)^T (K + ridge I)^-1 y`:
//!
//! ```text
//! n = sum_i lambda_i/(lambda_i + kappa) + (ridge + tail)/kappa        (kappa > 0)
//! L_k = lambda_k/(lambda_k + kappa)
//! E = ( sum_k (1-L_k)^2 c_k^2 + s^2 ) / ( 1 - sum_i L_i^2 / n ) - s^2
//! ```
//!
//! with `i` over all harmonics, degree `k` counted `N(d,k)` times. The degrees past the last one act as a ridge of the weight
//! of their trace, [`Modes::tail`]. `E` is the mean square distance to the clean target; on noisy test labels it is `E + s^2`.
//!
//! The formula treats the values of the harmonics at a random point as independent Gaussians: it is an **estimate**. What it neglects shows where few
//! modes carry the sums: then the learned ones take up a large share of the points, `sum_i L_i^2 / n`, and are scattered over many degrees with few
//! harmonics each. Where the product of both, the [`CurvePoint::crowding`], is below [`CROWDED`], the formula was found to hold, on
//! whatever sphere. Sources: Bordelon, Canatar, Pehlevan 2020; Simon et al. 2023.

use super::{Modes, Task};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::units::Dimension,
};

/// How near the formula was found to be to kernel regression itself where it is not [`CurvePoint::doubtful`]: the root mean square of the relative
/// deviations of 86 measured errors that their own standard errors do not explain (two-layer kernel, S^1 to S^20); 130 coarser ones with Gaussian, Laplace
/// and tangent kernels agree.
pub const ACCURACY: f64 = 0.02;
/// The crowding past which the formula was found not to hold.
pub const CROWDED: f64 = 0.155;

/// The expected error at one number of points.
#[derive(Clone, Debug, PartialEq)]
pub struct CurvePoint {
    /// The number of points `n`.
    pub points: u64,
    /// The signal capture threshold `kappa`: degrees with `lambda_k > kappa` are mostly learned.
    pub kappa: f64,
    /// `L_k`, the learned share of each degree of the target, in its order.
    pub learned: Vec<f64>,
    /// The part of the error that the target's unlearned share makes.
    pub bias: f64,
    /// The part of the error that the labels' noise makes.
    pub variance: f64,
    /// `(W/n) (1 - sum_k w_k^2 / W^2)` with `w_k = N(d,k) L_k^2` and `W` their sum, from 0 to 1: the share of the points that learned modes take up,
    /// times how little a single degree holds of them.
    pub crowding: f64,
    /// An estimate of the relative error that cutting the spectrum makes in the equation for `kappa`.
    pub truncation: f64,
}

impl CurvePoint {
    /// The expected mean square distance to the clean target.
    pub fn error(&self) -> f64 {
        self.bias + self.variance
    }

    /// Is this where the formula was found to be off, with a crowding above `CROWDED`?
    pub fn doubtful(&self) -> bool {
        self.crowding > CROWDED
    }
}

/// The expected error of kernel regression with `ridge` on `points` uniform points. An estimate.
///
/// # Errors
/// When the modes are too few for so many points and no ridge: then `kappa` has no positive solution.
pub fn at(modes: &Modes, task: &Task, points: u64, ridge: f64) -> Result<CurvePoint> {
    let n = points as f64;
    let kappa = threshold(modes, n, ridge)?;
    let share = |eigenvalue: f64| eigenvalue / (eigenvalue + kappa);
    let held = || modes.modes().iter().map(|m| m.multiplicity * share(m.eigenvalue).powi(2));
    let squares: f64 = held().sum();
    let scattered = 1.0 - held().map(|w| w * w).sum::<f64>() / (squares * squares);
    let amplification = 1.0 / (1.0 - squares / n);
    let learned: Vec<f64> =
        task.target.iter().map(|(k, _)| modes.eigenvalue(*k).map_or(0.0, share)).collect();
    let missed: f64 = task.target.iter().zip(&learned).map(|((_, c), l)| ((1.0 - l) * c).powi(2)).sum();
    let truncation = modes.last() / kappa * modes.tail() / kappa / n;
    Ok(CurvePoint {
        points,
        kappa,
        learned,
        bias: missed * amplification,
        variance: task.noise.powi(2) * (amplification - 1.0),
        crowding: squares / n * scattered,
        truncation,
    })
}

/// The truncation error of [`modes_for`], relative.
pub const TRUNCATION: f64 = 1e-3;
/// The last degree at which [`modes_for`] begins, and the one past which it gives up.
const FIRST_LAST_DEGREE: u32 = 16;
const HIGHEST_LAST_DEGREE: u32 = 8192;

/// The spectrum of `kernel` on `S^d`, far enough that cutting it makes a relative error of [`TRUNCATION`] for `points` points, or
/// to degree 8192: [`CurvePoint::truncation`] says how far it came.
///
/// # Errors
/// As [`Modes::of`].
pub fn modes_for(kernel: &Kernel, dim: Dimension, task: &Task, points: u64, ridge: f64) -> Result<Modes> {
    let mut last = task.highest().max(FIRST_LAST_DEGREE);
    loop {
        let modes = Modes::of(kernel, dim, last)?;
        let enough = at(&modes, task, points, ridge).is_ok_and(|point| point.truncation <= TRUNCATION);
        if enough || last >= HIGHEST_LAST_DEGREE {
            return Ok(modes);
        }
        last *= 2;
    }
}

/// Solves `n = sum_i lambda_i/(lambda_i + kappa) + (ridge + tail)/kappa` for `kappa > 0`, to rounding.
///
/// The right side falls in `kappa`, and at `(K(1) + ridge)/n` it is below `n`: bisection in `log kappa`.
fn threshold(modes: &Modes, n: f64, ridge: f64) -> Result<f64> {
    let rest = ridge + modes.tail();
    let excess = |kappa: f64| {
        let sum: f64 =
            modes.modes().iter().map(|m| m.multiplicity * m.eigenvalue / (m.eigenvalue + kappa)).sum();
        sum + rest / kappa - n
    };
    let mut high = ((modes.at_one() + ridge) / n).ln();
    let mut low = f64::MIN_POSITIVE.ln();
    if excess(low.exp()) < 0.0 {
        let count: f64 = modes.modes().iter().filter(|m| m.eigenvalue > 0.0).map(|m| m.multiplicity).sum();
        let reached = format!("{count} modes for {n} points without a ridge");
        return Err(Error::numerical("learning curve", reached, "a higher last degree or a ridge"));
    }
    while high - low > 4.0 * f64::EPSILON * low.abs().max(high.abs()) {
        let middle = 0.5 * (low + high);
        if excess(middle.exp()) > 0.0 { low = middle } else { high = middle }
    }
    Ok((0.5 * (low + high)).exp())
}
