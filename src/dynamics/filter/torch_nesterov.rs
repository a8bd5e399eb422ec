//! Nesterov's method as torch writes it: the same recurrence, seen at the points where the gradient is taken, so that `r_1 = 1 - (1+beta) g`.

use super::{Factors, nesterov};

pub(super) fn factors(beta: f64, g: f64) -> Factors {
    Factors { fall: (1.0 + beta) * g, ..nesterov::factors(beta, g) }
}
