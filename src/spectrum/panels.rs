//! What one rule on the panels of a cover gives, with its truncation.

use super::{cover::Cover, ellipse::Ellipse, nodes::Integrand};
use crate::{
    error::Result,
    math::{ball::Ball, units::Dimension},
};
use rug::Float;

/// A computed eigenvalue: an enclosure of it, by a theorem or by an estimate.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The value and its error.
    pub enclosure: Ball,
    /// Is the error a proved bound? Otherwise it is an estimate.
    pub certified: bool,
}

/// The part of the eigenvalues that comes from the panels of a cover.
pub fn on_panels(
    integrand: &Integrand<'_>,
    cover: &Cover,
    dim: Dimension,
    top: u32,
) -> Result<Vec<Computed>> {
    let panels: Vec<_> = cover.panels.iter().map(|(ellipse, nodes)| (ellipse.panel, *nodes)).collect();
    Ok(certified(integrand.panel_sums(dim, &panels, top)?, &cover.panels, dim))
}

/// The sums with the truncation of each panel's rule in the radius.
pub fn certified(sums: Vec<Ball>, rules: &[(Ellipse, u32)], dim: Dimension) -> Vec<Computed> {
    let omega = omega_bound(dim);
    let widen = |(ball, k): (Ball, u32)| {
        let cut = |(ellipse, nodes): &(Ellipse, u32)| {
            power_of_two_above(ellipse.log2_truncation(*nodes, k, dim.get()) + omega)
        };
        let enclosure = rules.iter().map(cut).fold(ball, |ball, cut| ball.widened(&cut));
        Computed { enclosure, certified: true }
    };
    sums.into_iter().zip(0..).map(widen).collect()
}

/// `log2 omega_d`, rounded up: `omega_d <= sqrt(d)`, since `Gamma(x + 1/2) <= sqrt(x) Gamma(x)` at `x = d/2`.
fn omega_bound(dim: Dimension) -> f64 {
    0.5 * f64::from(dim.get()).log2()
}

/// A power of two that is at least `2^log2`.
pub fn power_of_two_above(log2: f64) -> Float {
    let exponent = log2.ceil().clamp(-1e9, 1e9) as i32;
    Float::with_val(32, Float::i_exp(1, exponent))
}
