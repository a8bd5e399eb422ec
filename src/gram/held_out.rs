//! Kernel regression on some of the rows, its error on the others, from the eigenpairs of all.
//!
//! Of `N` rows with `H = K/N = sum_i lambda_i v_i v_i^T` and labels `y`, let `n` be drawn without replacement, and `k(x)^T (K_n + ridge I)^-1 y_n` be fitted
//! to them. If the eigenvectors are spread over the rows like random ones (drawing is then free of `H`), with `z = ridge/N`, `a = n/N`:
//!
//! ```text
//! n = sum_i ( lambda_i + z ) / ( lambda_i + kappa )        (kappa >= z)
//! L_i = lambda_i / (lambda_i + kappa),   s = (1/N) sum 1/(lambda_i + kappa),   s_2 = (1/N) sum 1/(lambda_i + kappa)^2,   q = (1/N) sum L_i^2
//! kappa' = s / ( s - (kappa - z) s_2 ),   B = sum_i (1 - L_i)^2 (v_i.y)^2
//! training error = kappa' (z/kappa)^2 B / n
//! held-out error = ( 1 + kappa' ((kappa - z) q / s - z^2) / kappa^2 ) B / (N - n)
//! ```
//!
//! For `n << N` these are the equations of Bordelon, Canatar, Pehlevan (2020), whose `n` points are drawn from infinitely many; here `kappa` follows
//! from the law of a random compression (Voiculescu's R-transform: `R(g) -> R(a g)`), and the errors from
//! its derivatives along `z` and along `H + t H^2`. An **estimate**: eigenvectors of points on a low-dimensional sphere are not random, and
//! labels without noise under a vanishing ridge are then fitted worse than it says.

use super::labels::Projections;
use crate::error::{Error, Result};

/// The expected errors of regression on `n` of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// The number of rows fitted.
    pub rows: usize,
    /// The signal capture threshold `kappa`: directions with `lambda_i > kappa` are mostly learned.
    pub kappa: f64,
    /// Mean square error on the rows fitted.
    pub training: f64,
    /// Mean square error on the rows held out.
    pub held_out: f64,
}

/// The expected errors of regression with `ridge` on `rows` of the `N > rows > 0` rows whose labels' projections are given. An estimate.
///
/// # Errors
/// When there is no ridge and the matrix has no more directions above rounding (`N 2^-52` of the largest) than rows are fitted.
pub fn errors(labels: &Projections, ridge: f64, rows: usize) -> Result<Errors> {
    let all = labels.modes.len() as f64;
    let (n, z) = (rows as f64, ridge / all);
    let largest = labels.modes.first().map_or(0.0, |(value, _)| *value);
    let rounding = all * f64::EPSILON * largest;
    // What is not above rounding counts as the zero it is indistinguishable from.
    let modes: Vec<(f64, f64)> = labels
        .modes
        .iter()
        .map(|(value, energy)| (if *value > rounding { *value } else { 0.0 }, *energy))
        .collect();
    let kappa = threshold(&modes, n, z)?;
    let mean = |f: &dyn Fn(f64) -> f64| modes.iter().map(|(value, _)| f(*value)).sum::<f64>() / all;
    let s = mean(&|x| 1.0 / (x + kappa));
    let squares = mean(&|x| 1.0 / (x + kappa).powi(2));
    let learned = mean(&|x| (x / (x + kappa)).powi(2));
    let slope = s / (s - (kappa - z) * squares);
    let missed: f64 =
        modes.iter().map(|(value, energy)| (kappa / (value + kappa)).powi(2) * energy * all).sum();
    let spread = slope * ((kappa - z) * learned / s - z * z) / (kappa * kappa);
    Ok(Errors {
        rows,
        kappa,
        training: slope * (z / kappa).powi(2) * missed / n,
        held_out: (1.0 + spread) * missed / (all - n),
    })
}

/// Solves `n = sum_i (lambda_i + z)/(lambda_i + kappa)` for `kappa >= z`, to rounding: the right side falls from `N` towards 0.
fn threshold(modes: &[(f64, f64)], n: f64, z: f64) -> Result<f64> {
    let excess = |kappa: f64| modes.iter().map(|(value, _)| (value + z) / (value + kappa)).sum::<f64>() - n;
    let rank = modes.iter().filter(|(value, _)| *value > 0.0).count();
    if z == 0.0 && rank as f64 <= n {
        let reached = format!("rank {rank} of the matrix for {n} fitted rows");
        return Err(Error::numerical("learning curve", reached, "--ridge above 0, or fewer rows"));
    }
    // Above this the sum is at most n: every term is below (lambda_i + z)/kappa.
    let sum: f64 = modes.iter().map(|(value, _)| value + z).sum();
    let (mut low, mut high) = (z.max(f64::MIN_POSITIVE).ln(), (sum / n).ln());
    while high - low > 4.0 * f64::EPSILON * low.abs().max(high.abs()) {
        let middle = 0.5 * (low + high);
        if excess(middle.exp()) > 0.0 { low = middle } else { high = middle }
    }
    Ok((0.5 * (low + high)).exp())
}
