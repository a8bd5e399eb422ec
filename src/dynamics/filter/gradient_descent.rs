//! Gradient descent: `r' = (1-g) r`.

use super::{Factors, roots::Roots};

/// The least `g` that is not stable.
pub(super) const BOUND: f64 = 2.0;

pub(super) fn factors(g: f64) -> Factors {
    Factors { trace: 1.0 - g, determinant: 0.0, fall: g, roots: Roots::single(g) }
}
