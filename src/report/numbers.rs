//! Numbers as text, in as many digits as they deserve.

pub use crate::math::decimal::{short, shown};

/// A figure of the tables: about four digits, more than most samples can tell.
pub fn figure(x: f64) -> String {
    if x != 0.0 && !(1e-2..1e4).contains(&x.abs()) { format!("{x:.3e}") } else { format!("{x:.5}") }
}
