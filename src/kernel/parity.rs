//! Proofs that a formula is an even or an odd function of `t`, and so lacks degrees.

use super::{
    expression::{Function, Tree},
    positivity::half_pi,
};
use crate::network::powers::{Extent, Powers};
use rug::Rational;

/// How a function of `t` behaves under `t -> -t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parity {
    Constant,
    Even,
    Odd,
}

impl Parity {
    fn plus(self, other: Self) -> Option<Self> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Self::Constant, Self::Even) | (Self::Even, Self::Constant) => Some(Self::Even),
            _ => None,
        }
    }

    fn times(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Constant, x) | (x, Self::Constant) => Some(x),
            (Self::Even, Self::Even) | (Self::Odd, Self::Odd) => Some(Self::Even),
            (Self::Even, Self::Odd) | (Self::Odd, Self::Even) => Some(Self::Odd),
        }
    }
}

/// The powers that the symmetry of a formula leaves.
pub(super) fn of(tree: &Tree<Rational>) -> Powers {
    match of_tree(tree) {
        None => Powers::ALL,
        Some(Parity::Constant) => Powers::CONSTANT,
        Some(Parity::Even) => Powers { odd: Extent::None, ..Powers::ALL },
        Some(Parity::Odd) => Powers { even: Extent::None, ..Powers::ALL },
    }
}

fn of_tree(tree: &Tree<Rational>) -> Option<Parity> {
    match tree {
        Tree::Number(_) | Tree::Pi => Some(Parity::Constant),
        Tree::Cosine => Some(Parity::Odd),
        Tree::Angle | Tree::Arc(_) => None,
        Tree::Neg(a) => of_tree(a),
        // pi/2 - theta = asin t.
        Tree::Sub(a, b) if half_pi(a) && **b == Tree::Angle => Some(Parity::Odd),
        Tree::Add(a, b) | Tree::Sub(a, b) => of_tree(a)?.plus(of_tree(b)?),
        Tree::Mul(a, b) | Tree::Div(a, b) => of_tree(a)?.times(of_tree(b)?),
        Tree::Power(_, 0) => Some(Parity::Constant),
        Tree::Power(a, n) if n % 2 == 1 => of_tree(a),
        Tree::Power(a, _) => of_tree(a)?.times(of_tree(a)?),
        Tree::Call(Function::Sin, a) if **a == Tree::Angle => Some(Parity::Even),
        Tree::Call(function, a) => match (of_tree(a)?, function) {
            (Parity::Constant, _) => Some(Parity::Constant),
            (Parity::Even, _) => Some(Parity::Even),
            (Parity::Odd, Function::Cos | Function::Cosh | Function::Abs) => Some(Parity::Even),
            (Parity::Odd, Function::Sin | Function::Tan | Function::Asin | Function::Atan) => {
                Some(Parity::Odd)
            }
            (Parity::Odd, Function::Sinh | Function::Tanh) => Some(Parity::Odd),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::expression::parse;

    #[test]
    fn sums_keep_the_parity_that_their_terms_share() {
        let even = Powers { odd: Extent::None, ..Powers::ALL };
        let odd = Powers { even: Extent::None, ..Powers::ALL };
        for (text, powers) in [
            ("t^2+t^4", even),
            ("2+t^2", even),
            ("abs(t)-3", even),
            ("t+t^3", odd),
            ("t-sin(t)", odd),
            ("2+pi", Powers::CONSTANT),
            ("t+t^2", Powers::ALL),
            ("1+t", Powers::ALL),
        ] {
            assert_eq!(of(&parse(text).unwrap()), powers, "{text}");
        }
    }
}
