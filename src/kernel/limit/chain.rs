//! Chains of relus: what decides the leading constants of their kernels, in exact numbers.

use super::{super::Kernel, Readout};
use crate::network::{Dense, Layer, activation::Activation};
use rug::Rational;

/// A dense layer, then blocks of a relu and a dense layer, each of them plain or beside a stream, then perhaps a read-out; everything is trained
/// at the same rate.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The first layer.
    pub first: Dense,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// The weight variance of a read-out after the last block, 1 without.
    pub readout: Rational,
    /// Is the kernel the tangent kernel, or that of the Gaussian process?
    pub tangent: bool,
}

/// `h -> sqrt(keep) h + sqrt(gain) W phi(h) + bias` for `phi(u) = max(u, 0) + slope min(u, 0)`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The slope of negative inputs.
    pub slope: Rational,
    /// What is kept of the stream's covariance.
    pub keep: Rational,
    /// The weight variance, with that of the branch.
    pub gain: Rational,
    /// What biases add to the tangent kernel.
    pub bias: Rational,
    /// What drawn biases add to the covariance.
    pub drawn: Rational,
}

/// Longer chains are not written out.
const LONGEST: usize = 1000;

impl Chain {
    /// The chain that a kernel's network is, if it is one.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        let (network, readout) = kernel.network()?;
        let mut layers = Vec::new();
        flatten(network.layers(), &mut layers)?;
        let mut layers = layers.into_iter();
        let Layer::Dense(first) = layers.next()? else { return None };
        let mut blocks = Vec::new();
        let mut last = Rational::from(1);
        let one = || Rational::from(1);
        while let Some(layer) = layers.next() {
            let block = match layer {
                Layer::Activation(phi) => Block::new(phi, layers.next()?, Rational::new(), one())?,
                Layer::Skip(skip) => {
                    let [Layer::Activation(phi), dense] = &skip.branch.0[..] else { return None };
                    let square = |c: &Rational| Rational::from(c.square_ref());
                    Block::new(phi, dense, square(&skip.beta), square(&skip.alpha))?
                }
                // Its biases would add a constant to the kernel and change nothing.
                Layer::Dense(dense) if trained_alike(dense) && layers.len() == 0 => {
                    last = dense.weight.clone();
                    break;
                }
                _ => return None,
            };
            blocks.push(block);
        }
        let chain =
            Self { first: first.clone(), blocks, readout: last, tangent: readout == Readout::Tangent };
        (trained_alike(first) && !chain.blocks.is_empty()).then_some(chain)
    }
}

/// The layers with repeats written out.
fn flatten<'a>(layers: &'a [Layer], all: &mut Vec<&'a Layer>) -> Option<()> {
    for layer in layers {
        match layer {
            Layer::Repeat(count, body) => (0..*count).try_for_each(|_| flatten(&body.0, all))?,
            _ => all.push(layer),
        }
        if all.len() > LONGEST {
            return None;
        }
    }
    Some(())
}

fn trained_alike(dense: &Dense) -> bool {
    dense.lr == 1 && (dense.lr_bias == 1 || dense.bias.is_zero())
}

impl Block {
    fn new(phi: &Activation, dense: &Layer, keep: Rational, square: Rational) -> Option<Self> {
        let slope = match phi.name() {
            "relu" => Rational::new(),
            "leaky-relu" => phi.values().pop()?,
            _ => return None,
        };
        let Layer::Dense(dense) = dense else { return None };
        // Slopes 1 and -1 are those of a linear and of an even activation, which have no angle or a second kink.
        let bent = Rational::from(slope.abs_ref()) != 1;
        (bent && trained_alike(dense) && !square.is_zero()).then(|| Self {
            slope,
            keep,
            gain: Rational::from(&dense.weight * &square),
            bias: Rational::from(&dense.bias * &square),
            drawn: dense.drawn_bias() * square,
        })
    }

    /// `Fdot` at angle 0, and what it loses to angle `pi`: `(1+slope^2)/2` and `(1-slope)^2/2`.
    pub fn mean_and_bend(&self) -> (Rational, Rational) {
        let square = Rational::from(self.slope.square_ref());
        let bend = Rational::from(1u32 - &self.slope).square();
        ((square + 1u32) / 2u32, bend / 2u32)
    }

    /// `keep + gain (1+slope^2)/2`: how the covariance of a point with itself, and slopes at angle 0, grow.
    pub fn growth(&self) -> Rational {
        self.mean_and_bend().0 * &self.gain + &self.keep
    }
}
