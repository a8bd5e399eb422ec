//! Which powers of `t` the kernel of a network has, and how fast its eigenvalues fall: [`Powers`] and [`Singularity`] through every layer.

use super::{Readout, flat};
use crate::network::{
    Dense, Layer, Network, Series,
    activation::{Activation, Class},
    powers::{Extent, Powers},
};
use rug::Rational;

#[derive(Clone, Debug)]
struct State {
    covariance: Powers,
    tangent: Powers,
    /// Is the constant term of the covariance larger than the squared mean of a unit?
    excess: bool,
    /// The mean of a unit, where it is a rational number at every variance. What is not known may be 0 at one variance, but only where the even part is no
    /// constant alone, and then nothing hangs on it.
    mean: Option<Rational>,
    /// Do the powers say exactly which eigenvalues vanish?
    exact: bool,
    /// Where the covariance and the tangent kernel stop being smooth.
    rough: [Singularity; 2],
    /// The power of the angle between the inputs of the network that `q - S` falls with.
    contact: f64,
}

/// The exponents `s` of the leading terms `theta^s`, or `(pi - theta)^s`, that are not smooth, in the even and the odd part: then eigenvalues of
/// that parity fall like `k^-(d+s)`. Infinite where there is none.
///
/// An activation whose derivative of order `j` is the first that jumps gives `F` a term of order `p (j + 1/2)` and `Fdot` one of `p (j - 1/2)`,
/// where `q - S` is of order `theta^p`; a jump of `phi` itself halves `p` (networks.md, section 7; Bietti and Bach 2021).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Singularity {
    /// Of the even part.
    pub even: f64,
    /// Of the odd part.
    pub odd: f64,
}

impl Singularity {
    const NONE: Self = Self { even: f64::INFINITY, odd: f64::INFINITY };

    fn plus(self, other: Self) -> Self {
        Self { even: self.even.min(other.even), odd: self.odd.min(other.odd) }
    }

    /// That of a product of two functions with these powers.
    fn times(self, powers: Powers, other: Self, others: Powers) -> Self {
        let part = |s: f64, extent: Extent| if extent == Extent::None { f64::INFINITY } else { s };
        let one = |a: Self, b: Powers| Self {
            even: part(a.even, b.even).min(part(a.odd, b.odd)),
            odd: part(a.even, b.odd).min(part(a.odd, b.even)),
        };
        one(self, others).plus(one(other, powers))
    }

    fn least(self) -> f64 {
        self.even.min(self.odd)
    }
}

/// What the form of a network proves of its kernel.
#[derive(Clone, Copy, Debug)]
pub struct Analysis {
    /// Its powers: eigenvalues beyond them vanish.
    pub powers: Powers,
    /// Where it is not smooth.
    pub rough: Singularity,
    /// Is every other eigenvalue positive? Not certain where parts of a formula, or means that are not known, may cancel.
    pub exact: bool,
}

impl State {
    /// Nothing at all.
    fn zero() -> Self {
        Self {
            covariance: Powers::NONE,
            tangent: Powers::NONE,
            excess: false,
            mean: Some(Rational::new()),
            exact: true,
            rough: [Singularity::NONE; 2],
            contact: 2.0,
        }
    }

    /// Is it certain that a unit has no mean?
    fn is_centred(&self) -> bool {
        self.mean.as_ref().is_some_and(|mean| mean.is_zero())
    }

    /// Has the covariance a constant term? It is at least the squared mean.
    fn has_constant(&self) -> bool {
        self.excess || !self.is_centred()
    }
}

/// The powers of the kernel and its singularity.
pub fn of(network: &Network, readout: Readout) -> Analysis {
    let end = run(network.series(), State { covariance: Powers::LINEAR, ..State::zero() });
    let State { covariance, tangent, exact, rough: [rough, rough_tangent], .. } = end;
    match readout {
        Readout::Process => Analysis { powers: covariance, rough, exact },
        Readout::Tangent => Analysis { powers: tangent, rough: rough_tangent, exact },
    }
}

fn run(series: &Series, state: State) -> State {
    flat(series).into_iter().fold(state, |state, layer| step(layer, state))
}

fn step(layer: &Layer, state: State) -> State {
    match layer {
        Layer::Identity => state,
        Layer::RmsNorm => State { mean: state.mean.filter(|mean| mean.is_zero()), ..state },
        Layer::Dense(layer) => dense(layer, state),
        Layer::Activation(phi) => activation(phi, state),
        Layer::Scale(c) => scaled(state, c),
        Layer::LayerNorm => {
            let mut state = State { mean: Some(Rational::new()), ..state };
            if state.covariance.even == Extent::Degree(0) && !state.excess {
                state.covariance.even = Extent::None;
            }
            state
        }
        Layer::Skip(skip) => {
            let stream = scaled(state.clone(), &skip.beta);
            let branch = scaled(run(&skip.branch, state), &skip.alpha);
            sum(&[stream, branch])
        }
        Layer::Sum(all) => sum(&all.iter().map(|branch| run(branch, state.clone())).collect::<Vec<_>>()),
        Layer::Product(all) => {
            product(&all.iter().map(|branch| run(branch, state.clone())).collect::<Vec<_>>())
        }
        Layer::Repeat(_, body) => run(body, state),
    }
}

fn scaled(state: State, c: &Rational) -> State {
    if c.is_zero() {
        return State::zero();
    }
    State { mean: state.mean.map(|mean| mean * c), ..state }
}

fn dense(layer: &Dense, state: State) -> State {
    let constant = |value: &Rational| if value.is_zero() { Powers::NONE } else { Powers::CONSTANT };
    let drawn = layer.drawn_bias();
    let mut tangent = state.tangent;
    let [rough, mut rough_tangent] = state.rough;
    if !layer.lr.is_zero() {
        tangent = tangent.plus(state.covariance);
        rough_tangent = rough_tangent.plus(rough);
    }
    if !layer.lr_bias.is_zero() {
        tangent = tangent.plus(constant(&layer.bias));
    }
    let covariance = state.covariance.plus(constant(&drawn));
    let excess = state.has_constant() || !drawn.is_zero();
    let mean = Some(Rational::new());
    State { covariance, tangent, excess, mean, rough: [rough, rough_tangent], ..state }
}

fn activation(phi: &Activation, state: State) -> State {
    let indices = phi.indices();
    let jumps = phi.jumps();
    let flat = phi.class() == Class::Kink(0);
    let slope = indices.derivative().of(state.covariance);
    let [rough, rough_tangent] = state.rough;
    // What was not smooth stays so, in both parities unless the powers say otherwise.
    let both = |s: f64| Singularity { even: s, odd: s };
    let (mut value, mut derivative) = (both(rough.least()), both(rough.least()));
    // Where S = -q at antipodes a jump of order j shows in the parity of j + 1 alone.
    let antipodal = state.covariance.even == Extent::None;
    for j in jumps {
        let order = f64::from(j);
        let at = |s: f64, parity: u32| match (antipodal, parity % 2) {
            (false, _) => both(s),
            (true, 0) => Singularity { even: s, ..Singularity::NONE },
            (true, _) => Singularity { odd: s, ..Singularity::NONE },
        };
        value = value.plus(at(state.contact * (order + 0.5), j + 1));
        derivative = derivative.plus(at(state.contact * (order - 0.5), j));
    }
    let tangent = if flat { Powers::NONE } else { slope.times(state.tangent) };
    let moved = tangent != Powers::NONE;
    let rough_tangent =
        if moved { derivative.times(slope, rough_tangent, state.tangent) } else { Singularity::NONE };
    State {
        covariance: indices.of(state.covariance),
        tangent,
        excess: state.excess && indices != Powers::CONSTANT,
        mean: phi.constant(),
        exact: state.exact && !matches!(phi, Activation::Expr(phi) if !phi.is_plain()),
        rough: [value, rough_tangent],
        contact: if flat { state.contact / 2.0 } else { state.contact },
    }
}

fn sum(ends: &[State]) -> State {
    let mut covariance = ends.iter().fold(Powers::NONE, |powers, end| powers.plus(end.covariance));
    let excess = ends.iter().any(|end| end.excess);
    let means: Vec<&Option<Rational>> =
        ends.iter().filter(|end| !end.is_centred()).map(|end| &end.mean).collect();
    let mean = means.iter().try_fold(Rational::new(), |sum, mean| mean.as_ref().map(|mean| sum + mean));
    // The constant term is (sum m_i)^2 and what branches have beside their squared means.
    let only = covariance.even == Extent::Degree(0) && !excess;
    if only && mean.as_ref().is_some_and(|mean| mean.is_zero()) {
        covariance.even = Extent::None;
    }
    State {
        covariance,
        exact: ends.iter().all(|end| end.exact) && !(only && mean.is_none() && means.len() > 1),
        tangent: ends.iter().fold(Powers::NONE, |powers, end| powers.plus(end.tangent)),
        excess,
        mean,
        rough: [0, 1].map(|i| ends.iter().fold(Singularity::NONE, |all, end| all.plus(end.rough[i]))),
        contact: contact(ends),
    }
}

fn contact(ends: &[State]) -> f64 {
    ends.iter().map(|end| end.contact).fold(2.0, f64::min)
}

fn product(ends: &[State]) -> State {
    // Powers and singularity of `own` times the covariances of all branches but the one left out.
    let times = |own: (Powers, Singularity), left_out: Option<usize>| {
        let rest = ends.iter().enumerate().filter(|(j, _)| Some(*j) != left_out);
        rest.fold(own, |(powers, rough), (_, end)| {
            (powers.times(end.covariance), rough.times(powers, end.rough[0], end.covariance))
        })
    };
    let (covariance, rough) = times((Powers::CONSTANT, Singularity::NONE), None);
    let tangents = ends.iter().enumerate().map(|(i, end)| times((end.tangent, end.rough[1]), Some(i)));
    let (tangent, rough_tangent) = tangents
        .fold((Powers::NONE, Singularity::NONE), |(powers, rough), (p, r)| (powers.plus(p), rough.plus(r)));
    State {
        covariance,
        tangent,
        excess: ends.iter().any(|end| end.excess) && ends.iter().all(State::has_constant),
        mean: if ends.iter().any(State::is_centred) {
            Some(Rational::new())
        } else {
            ends.iter().try_fold(Rational::from(1), |mean, end| end.mean.as_ref().map(|own| mean * own))
        },
        exact: ends.iter().all(|end| end.exact),
        rough: [rough, rough_tangent],
        contact: contact(ends),
    }
}

#[cfg(test)]
mod tests;
