//! Proofs that a kernel is an even or an odd function of `t`, or even but for a linear term, and so lacks degrees.

use super::{
    Definition,
    activation::Activation,
    expression::{Function, Tree},
    network::{Network, Readout},
};
use rug::Rational;

/// How a function of `t` behaves under `t -> -t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// `K` is constant: all degrees but 0 vanish.
    Constant,
    /// `K(-t) = K(t)`: odd degrees vanish.
    Even,
    /// `K(-t) = -K(t)`: even degrees vanish.
    Odd,
    /// `K(t) - K(-t)` is a multiple of `t`: odd degrees from 3 on vanish.
    EvenButLinear,
}

impl Parity {
    /// Does this parity make the eigenvalue of `degree` vanish?
    pub fn annihilates(self, degree: u64) -> bool {
        match self {
            Self::Constant => degree > 0,
            Self::Even => degree % 2 == 1,
            Self::Odd => degree.is_multiple_of(2),
            Self::EvenButLinear => degree % 2 == 1 && degree >= 3,
        }
    }

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
            _ => None,
        }
    }
}

/// The parity of a kernel, when its form proves one.
pub(super) fn of(definition: &Definition) -> Option<Parity> {
    match definition {
        Definition::Classical(_) => None,
        Definition::Network(network) => of_network(network),
        Definition::Expression(tree) => of_tree(tree),
    }
}

/// With no constant anywhere, an odd activation keeps `Sigma` odd and `Fdot` even, so `Theta` is odd; an even activation
/// (leaky relu of slope -1, the absolute value) makes a plain network's kernels even. Gelu and leaky relu are `c u` plus an even
/// function, so with one hidden layer `F` is a multiple of `S` plus an even function and `Fdot` a constant plus an odd one: the
/// kernels are even but for a linear term.
fn of_network(network: &Network) -> Option<Parity> {
    let has_constant = match network.readout {
        Readout::Process => network.gaussian_bias && !network.bias.is_zero(),
        _ => !network.bias.is_zero(),
    };
    if has_constant {
        return None;
    }
    match &network.activation {
        Activation::Erf | Activation::Sin => Some(Parity::Odd),
        Activation::LeakyRelu { slope } if *slope == 1 => Some(Parity::Odd),
        Activation::LeakyRelu { slope } if *slope == -1 && network.readout != Readout::Residual => {
            Some(Parity::Even)
        }
        Activation::LeakyRelu { .. } | Activation::Gelu if network.depth == 1 => Some(Parity::EvenButLinear),
        _ => None,
    }
}

fn of_tree(tree: &Tree<Rational>) -> Option<Parity> {
    match tree {
        Tree::Number(_) | Tree::Pi => Some(Parity::Constant),
        Tree::Cosine => Some(Parity::Odd),
        Tree::Angle => None,
        Tree::Neg(a) => of_tree(a),
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
