//! The odd part of a network where it is linear whatever the weights, and what rounding may add to it.

use serde::{Deserialize, Serialize};

/// `f(x) - f(-x)` as the weights of a bias-free network with one hidden layer of (leaky) relu units give it, for any width and after any step.
///
/// `f(x) = sum_r c_r phi(w_r . x)` with `phi(u) - phi(-u) = (1 + s) u` has `f(x) - f(-x) = b . x` with `b = (1 + s) sum_r c_r w_r`.
///
/// Computed with unit roundoff `u`, and `gamma_k = k u / (1 - k u)`, it is off. Let `S = (1 + |s|) sum_r |c_r| |w_r|` and `|x| = 1`. If each term of
/// `w_r . x` goes through at most `p` roundings (that of `x` among them), `w_r . x` is off by at most `gamma_p |w_r|`, and `phi` makes that
/// at most `max(1, |s|)` times larger. If each term of the sum over `r` goes through at most `k`, in any order, that sum is off by at most
/// `gamma_k` times the sizes of its terms, which at `x` and `-x` together come to at most `(1 + 2 gamma_p) S`. So the computed difference is within
/// `(gamma_k + 2 gamma_p + 2 gamma_k gamma_p) S <= gamma_{k + 2p} S` of `b . x`. Underflow is left out.
/// Source: Higham (2002), lemmas 3.1 and 3.3.
#[derive(Clone, Debug, PartialEq)]
pub struct OddPart {
    /// `b`, with `d+1` entries.
    pub coefficients: Vec<f64>,
    /// The most that the computed difference may be off `b . x` by rounding, at any point; the rounding of `b` itself is in it.
    pub rounding: f64,
}

/// How far a measured odd part is from the linear function that it is, and what rounding allows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    /// The largest `|f(x) - f(-x) - b . x|` over the points.
    pub distance: f64,
    /// The bound on it.
    pub rounding: f64,
}

impl OddPart {
    /// The departure of the outputs at points, `n x (d+1)` row by row, and at their antipodes.
    pub fn departure(&self, points: &[f64], outputs: &[f64], antipodes: &[f64]) -> Departure {
        let linear = |x: &[f64]| -> f64 { self.coefficients.iter().zip(x).map(|(b, x)| b * x).sum() };
        let rows = points.chunks_exact(self.coefficients.len()).zip(outputs.iter().zip(antipodes));
        let distances = rows.map(|(x, (f, g))| (f - g - linear(x)).abs());
        // A distance that is no number counts as infinite: nothing is shown by it.
        let distance =
            distances.fold(0.0, |most: f64, far| if far.is_nan() { f64::INFINITY } else { most.max(far) });
        Departure { distance, rounding: self.rounding }
    }
}

impl Departure {
    /// Is the distance within what rounding allows?
    pub fn is_rounding(&self) -> bool {
        self.distance <= self.rounding
    }

    /// Of two, the one that takes up more of its bound.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        if other.distance * self.rounding > self.distance * other.rounding { other } else { self }
    }
}

/// `gamma_k = k u / (1 - k u)`, the relative error of `k` roundings of unit roundoff `u`.
pub fn gamma(roundings: usize, unit: f64) -> f64 {
    let product = roundings as f64 * unit;
    if product < 1.0 { product / (1.0 - product) } else { f64::INFINITY }
}
