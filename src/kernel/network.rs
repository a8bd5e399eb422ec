//! Infinitely wide networks of any depth: neural tangent and Gaussian process kernels, plain and residual.
//!
//! For `L` hidden layers (formulas and conventions: [`crate::theory`], section 3), with `g = b` for Gaussian biases and
//! `g = 0` for biases that start at zero,
//!
//! ```text
//! plain      Sigma' = w F(Sigma) + g                      Theta' = w (Theta Fdot + F) + b
//! residual   Sigma' = Sigma + alpha^2 (w F + g)           Theta' = Theta + alpha^2 (w (Theta Fdot + F) + b)
//! ```
//!
//! from `Sigma = w_in t + g`, `Theta = w_in t + b`. One recursion serves both: `keep` is 0 or 1 and the other
//! coefficients are scaled.

use super::{
    activation::{Activation, Affine, AngleMap, Correlation},
    angle::Angle,
};
use crate::math::scalar::Scalar;
use rug::Rational;

/// Which kernel of the network is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readout {
    /// The neural tangent kernel `Theta` of a plain network.
    Tangent,
    /// The Gaussian process kernel `Sigma` of a plain network.
    Process,
    /// `Theta + Sigma` of a residual network with a read-out of variance 1 and no bias.
    Residual,
}

/// The infinitely wide network, with exact parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Which kernel.
    pub readout: Readout,
    /// The number of hidden layers `L >= 1`.
    pub depth: u32,
    /// The activation function.
    pub activation: Activation<Rational>,
    /// The variance `w` of hidden and read-out weights; positive.
    pub weight: Rational,
    /// The variance `w_in` of first-layer weights; positive.
    pub first_weight: Rational,
    /// The variance (or squared scale) `b` of the biases; not negative.
    pub bias: Rational,
    /// Are biases drawn (`g = b`) or do they start at zero (`g = 0`)?
    pub gaussian_bias: bool,
    /// The factor `alpha` of a residual branch; 1 and without effect for plain networks.
    pub branch: Rational,
}

/// The network's recursion in one arithmetic, ready to be evaluated at any angle.
#[derive(Clone, Debug)]
pub struct Layers<T> {
    readout: Readout,
    activation: Activation<T>,
    first_weight: T,
    first_bias: T,
    first_shift: Option<T>,
    gain: T,
    bias: T,
    shift: T,
    /// `q_1, ..., q_{L+1}`: the variance of each layer's inputs, and of the output.
    variances: Vec<T>,
}

impl Network {
    /// See [`Kernel::singular_order`](super::Kernel::singular_order).
    pub fn singular_order(&self) -> Option<u32> {
        let kinked = matches!(&self.activation, Activation::LeakyRelu { slope } if *slope != 1);
        kinked.then_some(if self.readout == Readout::Process { 3 } else { 1 })
    }

    /// The recursion in the arithmetic of `like`.
    pub fn layers<T: Scalar>(&self, like: &T) -> Layers<T> {
        let squared = Rational::from(self.branch.square_ref());
        let branch = if self.readout == Readout::Residual { squared } else { Rational::from(1) };
        let drawn = if self.gaussian_bias { self.bias.clone() } else { Rational::new() };
        let scaled = |x: &Rational| like.constant(&Rational::from(x * &branch));
        let mut layers = Layers {
            readout: self.readout,
            activation: self.activation.convert(like),
            first_weight: like.constant(&self.first_weight),
            first_bias: like.constant(&self.bias),
            first_shift: (!drawn.is_zero()).then(|| like.constant(&drawn)),
            gain: scaled(&self.weight),
            bias: scaled(&self.bias),
            shift: scaled(&drawn),
            variances: vec![like.constant(&Rational::from(&self.first_weight + &drawn))],
        };
        for l in 0..self.depth as usize {
            let q = layers.variances[l].clone();
            let next = layers.step().apply(q.clone(), layers.activation.variance(&q));
            layers.variances.push(next);
        }
        layers
    }
}

impl<T: Scalar> Layers<T> {
    fn step(&self) -> Affine<'_, T> {
        Affine { keep: self.readout == Readout::Residual, gain: &self.gain, shift: &self.shift }
    }

    /// The correlation of the first layer's inputs at points `x` apart.
    fn first(&self, x: &Angle<T>) -> Correlation<T> {
        let scaled = self.first_weight.clone() * x.cos();
        let is_angle = matches!(self.activation, Activation::LeakyRelu { .. });
        let Some(shift) = &self.first_shift else {
            return Correlation { covariance: scaled, angle: is_angle.then(|| x.clone()) };
        };
        let angle = is_angle.then(|| {
            let q = &self.variances[0];
            let share = self.first_weight.clone() / q.clone();
            let cos_squared = x.cos_half().clone() * x.cos_half().clone();
            let cos_half = (share.clone() * cos_squared + shift.clone() / q.clone()).sqrt();
            Angle::from_halves(share.sqrt() * x.sin_half().clone(), cos_half)
        });
        Correlation { covariance: scaled + shift.clone(), angle }
    }

    /// The kernel's value at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        let step = self.step();
        let tangent_step = Affine { shift: &self.bias, ..step };
        let mut correlation = self.first(x);
        let mut tangent = self.first_weight.clone() * x.cos() + self.first_bias.clone();
        let last = self.variances.len() - 2;
        for (l, pair) in self.variances.windows(2).enumerate() {
            let dual = self.activation.dual(&correlation, &pair[0]);
            if self.readout != Readout::Process {
                let fed = tangent.clone() * dual.derivative.clone() + dual.value.clone();
                tangent = tangent_step.apply(tangent, fed);
            }
            let angle = match (&self.activation, &correlation.angle, &dual.excess) {
                (Activation::LeakyRelu { slope }, Some(angle), Some(excess)) if l < last => {
                    let map = AngleMap { slope, step, variances: (&pair[0], &pair[1]) };
                    Some(map.apply(angle, excess, &dual.derivative))
                }
                _ => None,
            };
            correlation = Correlation { covariance: step.apply(correlation.covariance, dual.value), angle };
        }
        match self.readout {
            Readout::Tangent => tangent,
            Readout::Process => correlation.covariance,
            Readout::Residual => tangent + correlation.covariance,
        }
    }
}
