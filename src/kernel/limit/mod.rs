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
mod join;
pub mod series;
pub mod state;

use super::Angle;
use crate::{
    math::scalar::Scalar,
    network::{
        Dense, Layer, Network, Series,
        activation::{
            self, Activation, Class, Parity,
            dual::{Angular, AtAngle, Dual, HermiteSeries, Mean, Smooth},
        },
    },
};
use edge::Edge;
use rug::Rational;
use state::{Lead, State};
use std::sync::Arc;

/// What a series activation is at one variance of its inputs.
pub struct Expansion<T> {
    /// The dual.
    pub series: HermiteSeries<T>,
    /// The mean of a unit.
    pub mean: Mean<T>,
    /// `F(q)`, with what a cut leaves out.
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
    steps: Steps<T>,
}

/// Steps in series.
#[derive(Clone, Debug)]
struct Steps<T>(Vec<Step<T>>);

#[derive(Clone, Debug)]
enum Step<T> {
    Dense(Affine<T>),
    Activation(Phi<T>),
    /// Everything times `c^2`.
    Scale(T),
    /// `(S - shift)/divisor`.
    Norm {
        shift: Option<T>,
        divisor: T,
    },
    Sum(join::Sum<T>),
    Product(join::Product<T>),
}

#[derive(Clone, Debug)]
struct Affine<T> {
    w: Option<T>,
    /// The variance of drawn biases.
    shift: Option<T>,
    /// `lr w` and `lr_bias b`.
    rates: [Option<T>; 2],
    /// `2 w m^2 + 2 g`, which is added to `q + S - 2 m^2`.
    far_shift: Option<T>,
}

#[derive(Clone, Debug)]
struct Phi<T> {
    dual: Dual<T>,
    q: T,
    /// `F(q)` and `(E phi)^2`.
    peak: T,
    mean_square: T,
    parity: Option<Parity>,
    /// Is the angle between the inputs the base angle?
    same: bool,
    /// Is `Fdot` 0?
    flat: bool,
    carry: bool,
}

/// The diagonal: variance and mean of a unit, and whether its angle is the base angle.
#[derive(Clone, Debug)]
struct Diagonal<T> {
    q: T,
    mean: Mean<T>,
    same: bool,
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

/// The name of an activation in the series whose dual is not known.
pub fn without_dual(series: &Series) -> Option<&'static str> {
    let unknown = |phi: &Activation| phi.class() != Class::Series && phi.dual(&1.0).is_none();
    let names = activation::CATALOGUE.iter().map(|entry| entry.name);
    names.into_iter().find(|name| any(series, &|phi| phi.name() == *name && unknown(phi)))
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
        let one = like.constant(&Rational::from(1));
        let input = Diagonal { mean: Mean::zero(like), q: one, same: true };
        let carry = needs_angle(network.series());
        let (steps, _) = Steps::new(network.series(), input, false, expand)?;
        Some(Self { readout, carry, steps })
    }

    /// The kernel's value at points an angle `x` apart.
    pub fn at(&self, x: &Angle<T>) -> T {
        let end = self.steps.run(State::input(x, self.carry));
        match self.readout {
            Readout::Process => end.covariance,
            Readout::Tangent => end.tangent.unwrap_or_else(|| x.sin_half().constant(&Rational::new())),
        }
    }
}

impl<T: Scalar> Steps<T> {
    /// The series after a layer with this diagonal; `carry` says whether what follows needs the angle.
    fn new(
        series: &Series,
        mut diagonal: Diagonal<T>,
        carry: bool,
        expand: &mut Expand<'_, T>,
    ) -> Option<(Self, Diagonal<T>)> {
        let layers = flat(series);
        let last_kink = layers.iter().rposition(|layer| needs_angle_in(layer));
        let mut steps = Vec::with_capacity(layers.len());
        for (i, layer) in layers.into_iter().enumerate() {
            let carry = carry || last_kink.is_some_and(|last| i < last);
            if let Some(step) = Step::new(layer, &mut diagonal, carry, expand)? {
                steps.push(step);
            }
        }
        Some((Self(steps), diagonal))
    }

    fn run(&self, mut state: State<T>) -> State<T> {
        for step in &self.0 {
            state = step.run(state);
        }
        state
    }
}

/// A factor, unless it is 1.
fn factor<T: Scalar>(like: &T, value: &Rational) -> Option<T> {
    (*value != 1).then(|| like.constant(value))
}

/// A term, unless it is 0.
fn term<T: Scalar>(like: &T, value: &Rational) -> Option<T> {
    (!value.is_zero()).then(|| like.constant(value))
}

impl<T: Scalar> Step<T> {
    /// The step of a layer, none where it does nothing, and the diagonal after it; `None` where a dual is not known.
    fn new(
        layer: &Layer,
        diagonal: &mut Diagonal<T>,
        carry: bool,
        expand: &mut Expand<'_, T>,
    ) -> Option<Option<Self>> {
        let like = diagonal.q.clone();
        let step = match layer {
            Layer::Identity => return Some(None),
            Layer::Dense(dense) => Self::Dense(Affine::new(dense, diagonal)),
            Layer::Activation(phi) => Self::Activation(Phi::new(phi, diagonal, carry, expand)?),
            Layer::Scale(c) => {
                let square = like.constant(&Rational::from(c.square_ref()));
                diagonal.q = diagonal.q.clone() * square.clone();
                if !diagonal.mean.square.is_zero() {
                    diagonal.mean = Mean {
                        value: diagonal.mean.value.clone() * like.constant(c),
                        square: diagonal.mean.square.clone() * square.clone(),
                    };
                }
                Self::Scale(square)
            }
            Layer::LayerNorm => {
                let square = diagonal.mean.square.clone();
                let divisor = diagonal.q.clone() - square.clone();
                diagonal.same &= square.is_zero();
                diagonal.mean = Mean::zero(&like);
                diagonal.q = like.constant(&Rational::from(1));
                Self::Norm { shift: (!square.is_zero()).then_some(square), divisor }
            }
            Layer::RmsNorm => {
                let divisor = diagonal.q.clone();
                if !diagonal.mean.square.is_zero() {
                    diagonal.mean = Mean {
                        value: diagonal.mean.value.clone() / divisor.clone().sqrt(),
                        square: diagonal.mean.square.clone() / divisor.clone(),
                    };
                }
                diagonal.q = like.constant(&Rational::from(1));
                Self::Norm { shift: None, divisor }
            }
            Layer::Skip(skip) => {
                let scaled = |series: &[Layer], c: &Rational| {
                    let mut layers = series.to_vec();
                    if *c != 1 {
                        layers.push(Layer::Scale(c.clone()));
                    }
                    Series(layers)
                };
                let all = [(&[][..], &skip.beta), (&skip.branch.0[..], &skip.alpha)];
                let kept: Vec<Series> = all
                    .into_iter()
                    .filter(|(_, c)| !c.is_zero())
                    .map(|(series, c)| scaled(series, c))
                    .collect();
                join::Sum::step(&kept, diagonal, carry, expand)?
            }
            Layer::Sum(all) => join::Sum::step(all, diagonal, carry, expand)?,
            Layer::Product(all) => join::Product::step(all, diagonal, carry, expand)?,
            Layer::Repeat(_, body) => join::Sum::step(std::slice::from_ref(body), diagonal, carry, expand)?,
        };
        Some(Some(step))
    }

    fn run(&self, mut state: State<T>) -> State<T> {
        let lead = match self {
            // These give the state a lead of their own.
            Self::Sum(sum) => return sum.run(state),
            Self::Product(product) => return product.run(state),
            Self::Activation(phi) if matches!(phi.dual, Dual::Angular(_)) => return phi.run(state),
            _ => state.lead.take(),
        };
        let follow = |slope: T, lead: Lead<T>| Lead {
            centre: Box::new(self.run(*lead.centre)),
            slope: lead.slope * slope,
        };
        match self {
            Self::Dense(affine) => {
                let slope = affine.w.clone();
                state.lead = lead.map(|lead| Lead {
                    slope: slope.map_or(lead.slope.clone(), |w| lead.slope * w),
                    centre: Box::new(self.run(*lead.centre)),
                });
                affine.run(state)
            }
            Self::Scale(square) => {
                state.lead = lead.map(|lead| follow(square.clone(), lead));
                state.scaled(square)
            }
            Self::Norm { shift, divisor } => {
                let inverse = divisor.constant(&Rational::from(1)) / divisor.clone();
                state.lead = lead.map(|lead| follow(inverse, lead));
                if let Some(shift) = shift {
                    state.covariance = state.covariance - shift.clone();
                }
                state.divided(divisor)
            }
            Self::Activation(phi) => {
                let slope = phi.slope(&state);
                state.lead = lead.map(|lead| follow(slope, lead));
                phi.run(state)
            }
            Self::Sum(_) | Self::Product(_) => state,
        }
    }
}

impl<T: Scalar> State<T> {
    fn scaled(mut self, x: &T) -> Self {
        self.covariance = self.covariance * x.clone();
        self.tangent = self.tangent.map(|t| t * x.clone());
        self.near = self.near.map(|edge| edge.scaled(x));
        self.far = self.far.map(|edge| edge.scaled(x));
        self
    }

    fn divided(mut self, x: &T) -> Self {
        let over = |edge: Edge<T>| Edge { factor: edge.factor / x.clone(), ..edge };
        self.covariance = self.covariance / x.clone();
        self.tangent = self.tangent.map(|t| t / x.clone());
        self.near = self.near.map(over);
        self.far = self.far.map(over);
        self
    }
}

impl<T: Scalar> Affine<T> {
    fn new(dense: &Dense, diagonal: &mut Diagonal<T>) -> Self {
        let like = diagonal.q.clone();
        let drawn = dense.drawn_bias();
        let w = factor(&like, &dense.weight);
        let scaled = |x: T| w.as_ref().map_or(x.clone(), |w| x * w.clone());
        let shift = term(&like, &drawn);
        let square = diagonal.mean.square.clone();
        let far_shift = match (square.is_zero(), &shift) {
            (true, None) => None,
            (true, Some(g)) => Some(g.clone().times(2)),
            (false, None) => Some(scaled(square).times(2)),
            (false, Some(g)) => Some((scaled(square) + g.clone()).times(2)),
        };
        let q = scaled(diagonal.q.clone());
        let q = shift.as_ref().map_or(q.clone(), |g| q + g.clone());
        *diagonal = Diagonal { q, mean: Mean::zero(&like), same: diagonal.same && shift.is_none() };
        let rates = [Rational::from(&dense.lr * &dense.weight), Rational::from(&dense.lr_bias * &dense.bias)];
        Self { w, shift, rates: rates.map(|rate| term(&like, &rate)), far_shift }
    }

    fn run(&self, mut state: State<T>) -> State<T> {
        let [rate, constant] = &self.rates;
        let learned = match (rate, constant) {
            (Some(rate), Some(b)) => Some(rate.clone() * state.covariance.clone() + b.clone()),
            (Some(rate), None) => Some(rate.clone() * state.covariance.clone()),
            (None, Some(b)) => Some(b.clone()),
            (None, None) => None,
        };
        if let Some(w) = &self.w {
            state = state.scaled(w);
        }
        state.tangent = match (state.tangent, learned) {
            (Some(old), Some(new)) => Some(old + new),
            (old, new) => old.or(new),
        };
        if let Some(g) = &self.shift {
            state.covariance = state.covariance + g.clone();
        }
        if let (Some(shift), Some(far)) = (&self.far_shift, &state.far) {
            state.far = Some(far.plus(&Edge::plain(shift.clone()), &state.base));
        }
        state
    }
}

impl<T: Scalar> Phi<T> {
    fn new(
        phi: &Activation,
        diagonal: &mut Diagonal<T>,
        carry: bool,
        expand: &mut Expand<'_, T>,
    ) -> Option<Self> {
        let q = diagonal.q.clone();
        let (dual, mean, whole) = match phi.dual(&q) {
            Some(dual) => (dual, phi.mean(&q), None),
            None => {
                let Expansion { series, mean, peak } = expand(phi, &q)?;
                (Dual::Smooth(Arc::new(series)), mean, Some(peak))
            }
        };
        let number = |n: i32| q.constant(&Rational::from(n));
        let own_peak = || match &dual {
            Dual::Smooth(dual) => dual.at(&q, None)[0].clone(),
            Dual::Angular(dual) => dual.at(&Angle::new(number(0), number(0), number(1)), false).value,
        };
        // Before a kink the angle between equal points must be 0: there the variance is that of the cut series.
        let peak = whole.filter(|_| !carry).unwrap_or_else(own_peak);
        let flat = matches!(&dual, Dual::Angular(dual) if dual.jump().is_some());
        let step = Self {
            dual,
            q: q.clone(),
            peak: peak.clone(),
            mean_square: mean.square.clone(),
            parity: phi.parity(),
            same: diagonal.same,
            flat,
            carry,
        };
        *diagonal = Diagonal { q: peak, mean, same: false };
        Some(step)
    }

    /// `Fdot` at the state, for smooth duals.
    fn slope(&self, state: &State<T>) -> T {
        match &self.dual {
            Dual::Smooth(dual) => {
                let [_, slope] = dual.at(&state.covariance, None);
                slope
            }
            Dual::Angular(_) => self.q.clone(),
        }
    }

    fn run(&self, state: State<T>) -> State<T> {
        match &self.dual {
            Dual::Smooth(dual) => self.run_smooth(dual, state),
            Dual::Angular(dual) => self.run_angular(dual, state),
        }
    }

    fn run_smooth(&self, dual: &Arc<dyn Smooth<T>>, mut state: State<T>) -> State<T> {
        let s = state.covariance.clone();
        let gap = state.near.as_ref().map(|near| near.value(&state.base));
        let [mut value, slope] = dual.at(&s, gap.as_ref());
        if s.is_wide() {
            let centre = s.centre();
            let [middle, _] = dual.at(&centre, None);
            value = middle + slope.clone() * (s.clone() - centre);
        }
        if let (true, Some(near), Some(far), Some(gap)) = (self.carry, &state.near, &state.far, gap) {
            let sum = far.value(&state.base);
            // At an end itself any factor gives the value 0.
            let secant = |s: &T, gap: &T| {
                if gap.is_zero() { gap.constant(&Rational::from(1)) } else { dual.secant(s, gap, &self.peak) }
            };
            let rate = secant(&s, &gap);
            let next_near = match self.parity {
                // F(q) - F is a multiple of (q - S) (q + S).
                Some(Parity::Even) => {
                    let rate = if sum.is_zero() {
                        sum.constant(&Rational::from(1))
                    } else {
                        rate.div_regular(sum.clone())
                    };
                    near.times(far).scaled(&rate)
                }
                _ => near.clone().scaled(&rate),
            };
            let next_far = match self.parity {
                Some(Parity::Odd) => far.clone().scaled(&secant(&-s.clone(), &sum)),
                _ => self.far(value.clone()),
            };
            (state.near, state.far) = (Some(next_near), Some(next_far));
        } else {
            (state.near, state.far) = (None, None);
        }
        state.covariance = value;
        state.tangent = state.tangent.map(|t| t * slope);
        state
    }

    /// `F(q) + F - 2 (E phi)^2`, where it does not vanish.
    fn far(&self, value: T) -> Edge<T> {
        Edge::plain(self.peak.clone() + value - self.mean_square.clone().times(2))
    }

    fn run_angular(&self, dual: &Arc<dyn Angular<T>>, mut state: State<T>) -> State<T> {
        let angle = if self.same { Some(state.base.clone()) } else { state.angle(&self.q) };
        // Only where a layer that needs the angle was not seen when the network was compiled.
        let Some(angle) = angle.map(Angle::resolved) else { return state };
        state = state.rebased(angle.clone(), &self.q);
        let AtAngle { value, slope, fall } = dual.at(&angle, self.carry);
        if self.carry {
            let (near, far) = self.edges(dual, &angle, value.clone(), fall);
            (state.near, state.far) = (Some(near), Some(far));
            let radians = angle.radians();
            if radians.is_wide() && !self.flat {
                state.lead =
                    Some(Lead { centre: Box::new(self.at_centre(dual, radians)), slope: slope.clone() });
            }
        }
        state.covariance = value;
        state.tangent = state.tangent.filter(|_| !self.flat).map(|t| t * slope);
        state
    }

    /// The state after the activation at the centre of an angle.
    fn at_centre(&self, dual: &Arc<dyn Angular<T>>, radians: T) -> State<T> {
        let centre = Angle::from_radians(radians.centre());
        let AtAngle { value, fall, .. } = dual.at(&centre, true);
        let (near, far) = self.edges(dual, &centre, value.clone(), fall);
        let input = State::input(&centre, false);
        State { covariance: value, near: Some(near), far: Some(far), base_variance: self.q.clone(), ..input }
    }

    /// `F(q) - F` and `F(q) + F - 2 (E phi)^2` at the angle.
    fn edges(
        &self,
        dual: &Arc<dyn Angular<T>>,
        angle: &Angle<T>,
        value: T,
        fall: Option<T>,
    ) -> (Edge<T>, Edge<T>) {
        let (s, c) = (angle.sin_half(), angle.cos_half());
        // At an end itself any factor gives the value 0.
        let one = || s.constant(&Rational::from(1));
        let over = |x: T, end: &T| if end.is_zero() { one() } else { x.div_regular(end.clone()) };
        if let Some(rate) = dual.jump() {
            let near = over(rate.clone() * angle.radians(), s);
            let far = over(rate * angle.supplement().radians(), c);
            return (Edge { factor: near, sin: 1.0, cos: 0.0 }, Edge { factor: far, sin: 0.0, cos: 1.0 });
        }
        let fall = fall.unwrap_or_else(one);
        match self.parity {
            Some(Parity::Even) => {
                let factor = over(fall, &(c.clone() * c.clone()));
                (Edge { factor, sin: 2.0, cos: 2.0 }, self.far(value))
            }
            // Only a multiple of u is odd among these.
            Some(Parity::Odd) => {
                let twice = self.peak.clone().times(2);
                (
                    Edge { factor: twice.clone(), sin: 2.0, cos: 0.0 },
                    Edge { factor: twice, sin: 0.0, cos: 2.0 },
                )
            }
            None => (Edge { factor: fall, sin: 2.0, cos: 0.0 }, self.far(value)),
        }
    }
}
