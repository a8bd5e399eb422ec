//! The heavy ball: `r' = (1+beta-g) r - beta r_old`.

use super::{Factors, gradient_descent, roots::Roots};

/// The least `g` that is not stable.
pub(super) fn bound(beta: f64) -> f64 {
    2.0 * (1.0 + beta)
}

pub(super) fn factors(beta: f64, g: f64) -> Factors {
    if beta == 0.0 {
        return gradient_descent::factors(g);
    }
    Factors {
        trace: 1.0 + beta - g,
        determinant: beta,
        fall: g,
        roots: Roots::of(1.0 - beta + g, g, 0.5 * beta.ln()),
    }
}
