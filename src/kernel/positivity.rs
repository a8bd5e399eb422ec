//! Proofs that a formula is positive definite on every sphere.
//!
//! Such functions of `t` form a cone that holds the constants, `t`, sums, products and limits (Schoenberg 1942): a power series with
//! coefficients that are not negative, in a function of the cone, lies in the cone again. A formula that is not built so may still be
//! positive; nothing is said of it.

use super::expression::{Function, Tree};
use rug::Rational;

/// Is the formula in the cone, by its form?
pub(super) fn proved(tree: &Tree<Rational>) -> bool {
    match tree {
        Tree::Number(q) => *q >= 0,
        Tree::Pi | Tree::Cosine => true,
        Tree::Add(a, b) | Tree::Mul(a, b) => proved(a) && proved(b),
        // pi/2 - theta = asin t has no negative coefficient, and pi - theta has pi/2 more.
        Tree::Sub(a, b) => (**a == Tree::Pi || half_pi(a)) && **b == Tree::Angle,
        Tree::Div(a, b) => proved(a) && (positive_constant(b) || geometric(b)),
        Tree::Power(a, n) => *n == 0 || proved(a),
        Tree::Call(Function::Exp, a) => up_to_a_constant(a),
        // Finite, so that the argument does not exceed 1, which is where the series of asin converges.
        Tree::Call(Function::Sinh | Function::Cosh | Function::Asin, a) => proved(a),
        Tree::Angle | Tree::Neg(_) | Tree::Call(..) | Tree::Arc(_) => false,
    }
}

/// Is it `pi/2`, as `asin` is rewritten?
pub(super) fn half_pi(tree: &Tree<Rational>) -> bool {
    matches!(tree, Tree::Div(a, b) if **a == Tree::Pi && matches!(&**b, Tree::Number(q) if *q == 2))
}

/// Is it a function of the cone plus a constant of either sign? Then its exponential is one times a positive constant.
fn up_to_a_constant(tree: &Tree<Rational>) -> bool {
    match tree {
        Tree::Add(a, b) => up_to_a_constant(a) && up_to_a_constant(b),
        Tree::Sub(a, b) => up_to_a_constant(a) && (constant(b) || **b == Tree::Angle),
        Tree::Neg(a) => constant(a) || **a == Tree::Angle,
        Tree::Mul(a, b) => {
            (positive_constant(a) && up_to_a_constant(b))
                || (positive_constant(b) && up_to_a_constant(a))
                || proved(tree)
        }
        Tree::Div(a, b) => positive_constant(b) && up_to_a_constant(a),
        other => constant(other) || proved(other),
    }
}

/// Is it `c - t` with `c > 1`, whose inverse is a geometric series?
fn geometric(tree: &Tree<Rational>) -> bool {
    matches!(tree, Tree::Sub(a, b) if matches!(&**a, Tree::Number(c) if *c > 1) && **b == Tree::Cosine)
}

/// Does neither `t` nor `theta` occur?
fn constant(tree: &Tree<Rational>) -> bool {
    match tree {
        Tree::Number(_) | Tree::Pi => true,
        Tree::Cosine | Tree::Angle | Tree::Arc(_) => false,
        Tree::Neg(a) | Tree::Power(a, _) | Tree::Call(_, a) => constant(a),
        Tree::Add(a, b) | Tree::Sub(a, b) | Tree::Mul(a, b) | Tree::Div(a, b) => constant(a) && constant(b),
    }
}

/// Is it a constant that is positive by its form?
fn positive_constant(tree: &Tree<Rational>) -> bool {
    match tree {
        Tree::Number(q) => *q > 0,
        Tree::Pi => true,
        Tree::Add(a, b) | Tree::Mul(a, b) | Tree::Div(a, b) => positive_constant(a) && positive_constant(b),
        Tree::Power(a, _) => positive_constant(a),
        Tree::Call(Function::Exp, a) => constant(a),
        Tree::Call(Function::Sqrt, a) => positive_constant(a),
        Tree::Cosine | Tree::Angle | Tree::Neg(_) | Tree::Sub(..) | Tree::Call(..) | Tree::Arc(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::kernel::Kernel;

    fn proved(formula: &str) -> bool {
        format!("expr:{formula}").parse::<Kernel>().unwrap().is_positive_definite()
    }

    #[test]
    fn sums_products_and_series_are_proved() {
        for formula in [
            "1",
            "t",
            "1+t+t^4",
            "exp(t)*(2+t)",
            "1.01*(t+1)*(pi-theta)/(4*pi)",
            "exp((t-1)/0.25)",
            "1/(2-t)",
            "sinh(t)*cosh(t)/3",
            "asin(t)",
            "exp(3*(t-1)+pi-theta)",
            "exp(-theta)",
            "(1+t)^5/2^5",
        ] {
            assert!(proved(formula), "{formula}");
        }
    }

    /// Each has a negative eigenvalue, or is not built so.
    #[test]
    fn what_is_not_positive_is_not_proved() {
        for formula in [
            "t-0.5",
            "-t",
            "tanh(4*t)",
            "theta",
            "exp(-t)",
            "exp(2*theta)",
            "1-t^2",
            "0-theta",
            "pi/2-theta*2",
            "(1+sqrt(3)*theta*2)*exp(-sqrt(3)*theta*2)",
            "t*(-1)",
            "t/(0-2)",
            "exp((-2)*t)",
            "1/(2+t)",
            "sin(t)",
        ] {
            assert!(!proved(formula), "{formula}");
        }
    }
}
