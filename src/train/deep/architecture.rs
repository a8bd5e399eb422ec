//! What a network is made of, and the affine maps that follow from it.

use crate::error::{Error, Result};

/// The most memory that a network and its training points may take, in bytes.
const MOST_BYTES: u64 = 8 << 30;

/// An activation function `phi`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `max(u, 0) + slope * min(u, 0)`, with derivative `slope` at 0: relu for slope 0.
    LeakyRelu {
        /// The slope for negative arguments; finite.
        slope: f64,
    },
    /// The error function.
    Erf,
}

impl Activation {
    /// `max(u, 0)`.
    pub const RELU: Self = Self::LeakyRelu { slope: 0.0 };
}

/// The arithmetic in which a network is kept and trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

/// A fully connected network on `S^d` with all layers trained, in the NTK parametrisation: every weight starts standard normal.
///
/// Plain, with `L` hidden layers of `n` units: `z^1 = sqrt(w_in) W^1 x + sqrt(b) b^1`,
/// `z^{l+1} = sqrt(w/n) W^{l+1} phi(z^l) + sqrt(b) b^{l+1}` for `l = 1..L`, and `f = z^{L+1}`.
/// Residual: `z^{l+1} = z^l + alpha (sqrt(w/n) W^{l+1} phi(z^l) + sqrt(b) b^{l+1})` for `l = 1..L`, all `n` wide, and
/// `f = n^{-1/2} W^{L+2} z^{L+1}`. Their tangent kernels at infinite width are `ntk:depth=L` and `resnet:depth=L,alpha=A`.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    /// Residual, or plain?
    pub residual: bool,
    /// `L >= 1`: hidden layers of a plain network, branches of a residual one.
    pub depth: usize,
    /// `n >= 1`: units in every hidden layer.
    pub width: usize,
    /// `phi`.
    pub activation: Activation,
    /// The variance `w` of hidden weights, and of the read-out of a plain network; positive.
    pub w: f64,
    /// The variance `w_in` of the first layer's weights; positive.
    pub w_in: f64,
    /// The squared scale `b` of the biases; 0 for a network without any.
    pub bias: f64,
    /// Do biases start standard normal, or at 0?
    pub gaussian_bias: bool,
    /// The factor `alpha` of a residual branch; without effect on plain networks.
    pub alpha: f64,
    /// Is the output at the start subtracted from every output?
    pub subtract_start: bool,
    /// The arithmetic.
    pub precision: Precision,
}

/// One affine map of a network, `z = [z_before +] weight * W a + bias * b`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Map {
    /// The length of `a`.
    pub inputs: usize,
    /// The length of `z`.
    pub outputs: usize,
    /// The factor of `W`.
    pub weight: f64,
    /// The factor of `b`; 0 when there is none.
    pub bias: f64,
    /// Is the result added to the `z` before?
    pub skip: bool,
    /// What follows: an activation, or nothing.
    pub then: Option<Activation>,
}

impl Map {
    /// How many weights.
    pub fn weights(&self) -> usize {
        self.inputs * self.outputs
    }

    /// How many biases.
    pub fn biases(&self) -> usize {
        if self.bias == 0.0 { 0 } else { self.outputs }
    }
}

impl Architecture {
    /// The maps from a point of `inputs` coordinates to the output, first to last.
    pub(super) fn maps(&self, inputs: usize) -> Vec<Map> {
        let width = self.width;
        let branch = if self.residual { self.alpha } else { 1.0 };
        let (spread, bias) = ((self.w / width as f64).sqrt(), self.bias.sqrt());
        let hidden = self.depth - usize::from(!self.residual);
        let active = |l: usize| (!self.residual || l < hidden).then_some(self.activation);
        let mut maps = vec![Map {
            inputs,
            outputs: width,
            weight: self.w_in.sqrt(),
            bias,
            skip: false,
            then: active(0),
        }];
        maps.extend((1..=hidden).map(|l| Map {
            inputs: width,
            outputs: width,
            weight: branch * spread,
            bias: branch * bias,
            skip: self.residual,
            then: active(l),
        }));
        let (weight, bias) =
            if self.residual { ((width as f64).recip().sqrt(), 0.0) } else { (spread, bias) };
        maps.push(Map { inputs: width, outputs: 1, weight, bias, skip: false, then: None });
        maps
    }

    /// The memory that the network, its buffers on `points` points and its tangent Gram matrix take, in bytes.
    pub fn memory(&self, points: usize, inputs: usize) -> u64 {
        let number = if self.precision == Precision::Single { 4 } else { 8 };
        let (n, depth, width) = (points as u64, self.depth as u64, self.width as u64);
        let square = width.saturating_mul(width).saturating_mul(depth);
        let weights = square.saturating_add(width.saturating_mul((inputs as u64 + 3).saturating_add(depth)));
        // In use, as a state, and at the start.
        let copies = if self.subtract_start { 3 } else { 2 };
        // Activations, derivatives and a scratch layer; the tangent Gram matrix has its own.
        let pass = depth.saturating_add(1).saturating_mul(2).saturating_add(1);
        let layers = width.saturating_mul(n).saturating_mul(pass.saturating_mul(2));
        let gram = n.saturating_mul(n).saturating_mul(8);
        weights.saturating_mul(copies).saturating_add(layers).saturating_mul(number).saturating_add(gram)
    }

    /// Refuses what is outside the domain, or would not fit in memory.
    pub(super) fn check(&self, points: usize, inputs: usize) -> Result<()> {
        let positive = |name, x: f64| {
            let fine = x > 0.0 && x.is_finite();
            if fine { Ok(()) } else { Err(Error::invalid(name, x, "a positive number")) }
        };
        for (name, count) in [("depth", self.depth), ("width", self.width), ("points", points)] {
            if count == 0 {
                return Err(Error::invalid(name, count, "at least 1"));
            }
        }
        positive("weight variance w", self.w)?;
        positive("first-layer weight variance w_in", self.w_in)?;
        if self.bias != 0.0 {
            positive("bias variance b", self.bias)
                .map_err(|_| Error::invalid("bias variance b", self.bias, "0 or a positive number"))?;
        }
        if !self.alpha.is_finite() {
            return Err(Error::invalid("branch factor alpha", self.alpha, "a finite number"));
        }
        if let Activation::LeakyRelu { slope } = self.activation
            && !slope.is_finite()
        {
            return Err(Error::invalid("slope of leaky-relu", slope, "a finite number"));
        }
        let bytes = self.memory(points, inputs);
        if bytes > MOST_BYTES {
            let gib = bytes as f64 / (1u64 << 30) as f64;
            let needed =
                format!("{gib:.1} GiB for {} layers of {} on {points} points", self.depth, self.width);
            return Err(Error::too_large("network", needed, "8 GiB: fewer points, layers or units"));
        }
        Ok(())
    }
}
