//! Kernels of networks at infinite width, in any arithmetic.
//!
//! The [`Network`] is compiled into a [`Program`]: what does not depend on the points, the variances `q` and means `m`, is computed once. A pair
//! of points then runs through it with its covariance `S` and tangent kernel `Theta`:
//!
//! | layer | `S` | `Theta` | `m` |
//! | --- | --- | --- | --- |
//! | dense, `g` the variance of drawn biases | `w S + g` | `w Theta + lr w S + lr_bias b` | 0 |
//! | activation | `F(S; q)` | `Fdot(S; q) Theta` | `E phi` |
//! | `scale(c)` | `c^2 S` | `c^2 Theta` | `c m` |
//! | layer-norm | `(S - m^2)/(q - m^2)` | `Theta/(q - m^2)` | 0 |
//! | rms-norm | `S/q` | `Theta/q` | `m/sqrt q` |
//! | sum | `sum S_i + (sum m_i)^2 - sum m_i^2` | `sum Theta_i` | `sum m_i` |
//! | product | `prod S_i` | `sum_i Theta_i prod_(j != i) S_j` | `prod m_i` |
//!
//! from `S = t`, `Theta = 0`, `m = 0`. Where a later layer has a kink, `q - S` and `q + S - 2 m^2` are carried beside `S`, as products of powers
//! of the half-angle functions and a regular factor ([`edge`]), so that the next angle has all digits at both ends and is known to be
//! analytic there.

pub mod analysis;
pub mod chain;
pub mod edge;
pub mod loss;
pub mod series;
pub mod state;
mod step;

use super::Angle;
use crate::{
    math::scalar::Scalar,
    network::{
        Layer, Network, Series,
        activation::{
            Activation, Class,
            dual::{HermiteSeries, Mean},
        },
    },
};
use rug::Rational;
use state::State;
use step::{Diagonal, Steps};

/// What a series activation is at one variance of its inputs.
pub struct Expansion<T> {
    /// The dual.
    pub series: HermiteSeries<T>,
    /// The mean of a unit.
    pub mean: Mean<T>,
    /// `F(q)`.
    pub peak: T,
}

/// Gives the series of activations without a dual in closed form, in the order in which the network meets them.
pub type Expand<'a, T> = dyn FnMut(&Activation, &T) -> Option<Expansion<T>> + 'a;

/// Which kernel of a network is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readout {
    /// The neural tangent kernel `Theta`.
    Tangent,
    /// The Gaussian process kernel `S`.
    Process,
}

/// A network in one arithmetic, ready to be evaluated at any pair of points.
#[derive(Clone, Debug)]
pub struct Program<T> {
    readout: Readout,
    /// Does any layer need the angle between its inputs?
    carry: bool,
    /// How often the angle is graded.
    grading: u32,
    steps: Steps<T>,
}

/// Layers in series, repeats written out.
fn flat(series: &Series) -> Vec<&Layer> {
    let mut all = Vec::new();
    for layer in &series.0 {
        match layer {
            Layer::Repeat(count, body) => {
                let body = flat(body);
                all.extend((0..*count).flat_map(|_| body.iter().copied()));
            }
            _ => all.push(layer),
        }
    }
    all
}

fn needs_angle_in(layer: &Layer) -> bool {
    match layer {
        Layer::Activation(phi) => phi.needs_angle(),
        Layer::Skip(skip) => needs_angle(&skip.branch),
        Layer::Sum(all) | Layer::Product(all) => all.iter().any(needs_angle),
        _ => false,
    }
}

/// How often an angle is needed after jumps: the largest number of jumps on a path that an activation with a kink follows.
///
/// After a jump `q - S` falls like the angle, not like its square, and the next angle is analytic in the root of it only.
pub fn grading(series: &Series) -> u32 {
    graded(series, 0).1
}

/// Jumps on a path through the series after `jumps`, and the most of them before a kink.
fn graded(series: &Series, jumps: u32) -> (u32, u32) {
    flat(series).into_iter().fold((jumps, 0), |(jumps, most), layer| match layer {
        Layer::Activation(phi) => match phi.class() {
            Class::Kink(order) => (jumps + u32::from(order == 0), most.max(jumps)),
            _ => (jumps, most),
        },
        Layer::Skip(skip) => {
            let (end, own) = graded(&skip.branch, jumps);
            (end, most.max(own))
        }
        Layer::Sum(all) | Layer::Product(all) => {
            let ends = all.iter().map(|branch| graded(branch, jumps));
            ends.fold((jumps, most), |(a, b), (end, own)| (a.max(end), b.max(own)))
        }
        _ => (jumps, most),
    })
}

/// Has an activation of the series a kink?
pub fn has_kink(series: &Series) -> bool {
    any(series, &|phi| matches!(phi.class(), Class::Kink(_)))
}

fn any(series: &Series, holds: &dyn Fn(&Activation) -> bool) -> bool {
    series.0.iter().any(|layer| match layer {
        Layer::Activation(phi) => holds(phi),
        Layer::Skip(skip) => any(&skip.branch, holds),
        Layer::Sum(all) | Layer::Product(all) => all.iter().any(|branch| any(branch, holds)),
        Layer::Repeat(_, body) => any(body, holds),
        _ => false,
    })
}

/// Does a layer of the series need the angle between its inputs?
fn needs_angle(series: &Series) -> bool {
    any(series, &Activation::needs_angle)
}

impl<T: Scalar> Program<T> {
    /// The network in the arithmetic of `like`, with series from `expand`; none where one is missing.
    pub fn new(network: &Network, readout: Readout, like: &T, expand: &mut Expand<'_, T>) -> Option<Self> {
        Self::graded(network, readout, like, 0, expand)
    }

    /// The same as a function of the angle `psi` with `theta` the angle of [`Angle::graded`], `grading` times.
    pub fn graded(
        network: &Network,
        readout: Readout,
        like: &T,
        grading: u32,
        expand: &mut Expand<'_, T>,
    ) -> Option<Self> {
        let one = like.constant(&Rational::from(1));
        let (same, held) = (grading == 0, grading > 0);
        let input = Diagonal { mean: Mean::zero(like), q: one, same, held };
        let carry = needs_angle(network.series());
        let (steps, _) = Steps::new(network.series(), input, false, expand)?;
        Some(Self { readout, carry, grading, steps })
    }

    /// The kernel's value at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        let input =
            if self.grading == 0 { State::input(x, self.carry) } else { State::graded(x, self.grading) };
        let end = self.steps.run(input);
        match self.readout {
            Readout::Process => end.covariance,
            Readout::Tangent => end.tangent.unwrap_or_else(|| x.sin_half().constant(&Rational::new())),
        }
    }
}
