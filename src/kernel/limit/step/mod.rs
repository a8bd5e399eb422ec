//! Layers in series, compiled: the diagonal runs through them once, points many times.

mod affine;
mod join;
mod phi;

use super::{Expand, flat, needs_angle_in, state::State};
use crate::{
    math::scalar::Scalar,
    network::{
        Layer, Series,
        activation::{Class, dual::Mean},
    },
};
use affine::Affine;
use join::{Product, Sum};
use phi::Phi;
use rug::Rational;

/// Steps in series.
#[derive(Clone, Debug)]
pub struct Steps<T>(Vec<Step<T>>);

/// What a layer does to a pair of points.
#[derive(Clone, Debug)]
pub enum Step<T> {
    /// A dense layer.
    Dense(Affine<T>),
    /// An activation.
    Activation(Phi<T>),
    /// `(S - shift) factor`, and everything else times the factor.
    Scale {
        /// What is taken off, if anything.
        shift: Option<T>,
        /// The factor.
        factor: T,
    },
    /// The angle between units of this variance becomes the base.
    Angle {
        /// The variance.
        q: T,
        /// Do branches start here?
        forks: bool,
    },
    /// Branches, added.
    Sum(Sum<T>),
    /// Branches, multiplied.
    Product(Product<T>),
}

/// The diagonal: variance and mean of a unit, and whether its angle is the base angle.
#[derive(Clone, Debug)]
pub struct Diagonal<T> {
    /// `q`.
    pub q: T,
    /// `m`.
    pub mean: Mean<T>,
    /// Is the angle between the units the base angle?
    pub same: bool,
    /// Does the base angle stay that of the input, after activations too?
    pub held: bool,
}

impl<T: Scalar> Steps<T> {
    /// The series after a layer with this diagonal; `carry` says whether what follows needs the angle.
    pub fn new(
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
            // Where several branches, or one activation, start from the angle.
            let (starts, alone) = (starts_with_angle(layer), matches!(layer, Layer::Activation(_)));
            if diagonal.held && carry && alone && starts {
                // As a branch, from which differences come back over the angle that is held.
                let branch = Series(vec![layer.clone()]);
                let free = Diagonal { held: false, ..diagonal.clone() };
                let (step, end) = Sum::only(&branch, free, expand)?;
                steps.push(step);
                diagonal = Diagonal { same: false, held: true, ..end };
                continue;
            }
            if starts && !diagonal.same && (alone || !diagonal.held) {
                steps.push(Step::Angle { q: diagonal.q.clone(), forks: !alone });
                diagonal.same = true;
            }
            if let Some(step) = Step::new(layer, &mut diagonal, carry, expand)? {
                steps.push(step);
            }
        }
        Some((Self(steps), diagonal))
    }

    /// What comes out of them.
    pub fn run(&self, mut state: State<T>) -> State<T> {
        for step in &self.0 {
            state = step.run(state);
        }
        state
    }
}

/// Is the angle between the units that go into the layer needed first of all? They are centred then.
fn starts_with_angle(layer: &Layer) -> bool {
    let first = |series: &Series| series.0.first().is_some_and(starts_with_angle);
    match layer {
        Layer::Activation(phi) => matches!(phi.class(), Class::Kink(_)),
        Layer::Skip(skip) => first(&skip.branch),
        Layer::Sum(all) | Layer::Product(all) => all.iter().any(first),
        Layer::Repeat(_, body) => first(body),
        _ => false,
    }
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
        let one = || like.constant(&Rational::from(1));
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
                Self::Scale { shift: None, factor: square }
            }
            Layer::LayerNorm => {
                let square = diagonal.mean.square.clone();
                let factor = one() / (diagonal.q.clone() - square.clone());
                diagonal.same &= square.is_zero();
                diagonal.mean = Mean::zero(&like);
                diagonal.q = one();
                Self::Scale { shift: (!square.is_zero()).then_some(square), factor }
            }
            Layer::RmsNorm => {
                let factor = one() / diagonal.q.clone();
                if !diagonal.mean.square.is_zero() {
                    diagonal.mean = Mean {
                        value: diagonal.mean.value.clone() / diagonal.q.clone().sqrt(),
                        square: diagonal.mean.square.clone() * factor.clone(),
                    };
                }
                diagonal.q = one();
                Self::Scale { shift: None, factor }
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
                Sum::step(&kept, diagonal, carry, expand)?
            }
            Layer::Sum(all) => Sum::step(all, diagonal, carry, expand)?,
            Layer::Product(all) => Product::step(all, diagonal, carry, expand)?,
            Layer::Repeat(_, body) => Sum::step(std::slice::from_ref(body), diagonal, carry, expand)?,
        };
        Some(Some(step))
    }

    fn run(&self, mut state: State<T>) -> State<T> {
        match self {
            Self::Activation(phi) => phi.run(state),
            Self::Sum(sum) => sum.run(state),
            Self::Product(product) => product.run(state),
            Self::Angle { q, forks } => state.rebased(q, *forks),
            Self::Dense(affine) => {
                let lead = state.lead.take();
                let mut state = affine.run(state);
                state.lead = lead.map(|lead| lead.followed(affine.slope(), |centre| self.run(centre)));
                state
            }
            Self::Scale { shift, factor } => {
                let lead = state.lead.take();
                if let Some(shift) = shift {
                    state.covariance = state.covariance - shift.clone();
                }
                let mut state = state.scaled(factor);
                state.lead = lead.map(|lead| lead.followed(Some(factor), |centre| self.run(centre)));
                state
            }
        }
    }
}
