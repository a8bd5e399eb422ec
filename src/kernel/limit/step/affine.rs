//! Dense layers.

use super::{
    super::{edge::Edge, state::State},
    Diagonal,
};
use crate::{
    math::scalar::Scalar,
    network::{Dense, activation::dual::Mean},
};
use rug::Rational;

/// `w S + g`, with what is learned.
#[derive(Clone, Debug)]
pub struct Affine<T> {
    /// `w`, unless it is 1.
    w: Option<T>,
    /// The variance of drawn biases.
    shift: Option<T>,
    /// `lr w` and `lr_bias b`.
    rates: [Option<T>; 2],
    /// `2 w m^2 + 2 g`, which is added to `q + S - 2 m^2`.
    far_shift: Option<T>,
}

/// A factor, unless it is 1.
fn factor<T: Scalar>(like: &T, value: &Rational) -> Option<T> {
    (*value != 1).then(|| like.constant(value))
}

/// A term, unless it is 0.
fn term<T: Scalar>(like: &T, value: &Rational) -> Option<T> {
    (!value.is_zero()).then(|| like.constant(value))
}

impl<T: Scalar> Affine<T> {
    /// The step of a dense layer, and the diagonal after it.
    pub fn new(dense: &Dense, diagonal: &mut Diagonal<T>) -> Self {
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
        *diagonal = Diagonal {
            q,
            mean: Mean::zero(&like),
            same: diagonal.same && shift.is_none(),
            held: diagonal.held,
        };
        let rates = [Rational::from(&dense.lr * &dense.weight), Rational::from(&dense.lr_bias * &dense.bias)];
        Self { w, shift, rates: rates.map(|rate| term(&like, &rate)), far_shift }
    }

    /// The rate at which the covariance after the layer follows the one before, unless it is 1.
    pub fn slope(&self) -> Option<&T> {
        self.w.as_ref()
    }

    /// What comes out of the layer, but for the lead.
    pub fn run(&self, mut state: State<T>) -> State<T> {
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
