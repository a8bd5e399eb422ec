//! Nesterov's method: `r' = (1-g) ((1+beta) r - beta r_old)`.

use super::{Factors, gradient_descent, roots::Roots};

/// The least `g` that is not stable.
pub(super) fn bound(beta: f64) -> f64 {
    2.0 * (1.0 + beta) / (1.0 + 2.0 * beta)
}

pub(super) fn factors(beta: f64, g: f64) -> Factors {
    if beta == 0.0 {
        return gradient_descent::factors(g);
    }
    let log_modulus = 0.5 * (beta.ln() + (-g).ln_1p());
    Factors {
        trace: (1.0 - g) * (1.0 + beta),
        determinant: beta * (1.0 - g),
        fall: g,
        roots: Roots::of(1.0 - beta + g * (1.0 + beta), g, log_modulus),
    }
}
