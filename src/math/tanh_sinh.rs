//! Tanh-sinh quadrature for integrands that are not analytic at the ends of their interval.
//!
//! The substitution `x = tanh((pi/2) sinh u)` sends `[-1, 1]` to the line, where the trapezoidal rule with step `h`
//! converges like `exp(-c/h)` even when the integrand has algebraic or logarithmic ends (Takahasi and Mori 1974). Errors
//! of this rule are estimates.

use super::units::Bits;
use rug::{Float, float::Constant};

/// One node of the rule: the distances `1-x` and `1+x`, both to full relative accuracy, and the weight.
#[derive(Clone, Debug)]
pub struct Node {
    /// `1 - x`.
    pub from_right: Float,
    /// `1 + x`.
    pub from_left: Float,
    /// The weight, with the step included.
    pub weight: Float,
}

/// The nodes with step `2^-level` that a rule of the next coarser level does not have; all nodes for level 0.
///
/// Halving the step keeps the old nodes with half their weights. Nodes go on until weights fall below `2^-precision`.
pub fn new_nodes(level: u32, precision: Bits) -> Vec<Node> {
    let p = precision.0;
    let half_pi = Float::with_val(p, Constant::Pi) / 2u32;
    let stride = if level == 0 { 1 } else { 2 };
    let start = if level == 0 { 0 } else { 1 };
    let mut nodes = Vec::new();
    let mut index = start;
    loop {
        let u = Float::with_val(p, index) >> level;
        let (sinh, cosh) = u.sinh_cosh(Float::new(p));
        let v = sinh * &half_pi;
        // 1 - tanh v = 2 / (e^(2v) + 1) and weight = (pi/2) cosh(u) / cosh(v)^2 * h.
        let grown = Float::with_val(p, &v * 2u32).exp();
        let from_right = 2u32 / (grown + 1u32);
        let from_left = Float::with_val(p, 2 - &from_right);
        let weight = (Float::with_val(p, &half_pi * &cosh) * &from_right * &from_left) >> level;
        if weight.get_exp().is_none_or(|e| e < -(p as i32)) {
            break;
        }
        if index > 0 {
            nodes.push(Node {
                from_right: from_left.clone(),
                from_left: from_right.clone(),
                weight: weight.clone(),
            });
        }
        nodes.push(Node { from_right, from_left, weight });
        index += stride;
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_end_integrates_to_many_digits() {
        // Int_{-1}^{1} ln(1+x) dx = 2 ln 2 - 2
        let precision = Bits(200);
        let mut sum = Float::new(200);
        for level in 0..8 {
            sum /= 2u32;
            for node in new_nodes(level, precision) {
                sum += node.weight * node.from_left.ln();
            }
        }
        let exact = Float::with_val(200, Constant::Log2) * 2u32 - 2u32;
        assert!(Float::with_val(200, sum - exact).abs() < 1e-50);
    }

    /// `1 - tanh((pi/2) sinh 1)`.
    #[test]
    fn nodes_are_those_of_the_substitution() {
        let nodes = new_nodes(0, Bits(100));
        let right = 2.0 / ((std::f64::consts::PI * 1f64.sinh()).exp() + 1.0);
        for found in [&nodes[2].from_right, &nodes[1].from_left] {
            assert!((found.to_f64() / right - 1.0).abs() < 1e-14, "{found}");
        }
    }
}
