//! Activations.

use super::{
    super::{
        Expand, Expansion,
        edge::Edge,
        state::{Lead, State},
    },
    Diagonal,
};
use crate::{
    kernel::Angle,
    math::scalar::Scalar,
    network::activation::{
        Activation, Parity,
        dual::{Angular, AtAngle, Dual, Smooth},
    },
};
use rug::Rational;
use std::sync::Arc;

/// The dual of an activation, and what of it does not depend on the points.
#[derive(Clone, Debug)]
pub struct Phi<T> {
    dual: Dual<T>,
    /// `F(q)` and `(E phi)^2`.
    peak: T,
    mean_square: T,
    parity: Option<Parity>,
    /// Is `Fdot` 0?
    flat: bool,
    carry: bool,
}

impl<T: Scalar> Phi<T> {
    /// The step of an activation, and the diagonal after it; none where its dual is not known.
    pub fn new(
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
            Dual::Angular(dual) => dual.at(&Angle::new(number(0), number(0), number(1)), None, false).value,
        };
        let peak = whole.unwrap_or_else(own_peak);
        let flat = matches!(&dual, Dual::Angular(dual) if dual.jump().is_some());
        let step = Self {
            dual,
            peak: peak.clone(),
            mean_square: mean.square.clone(),
            parity: phi.parity(),
            flat,
            carry,
        };
        *diagonal = Diagonal { q: peak, mean, same: false, held: diagonal.held };
        Some(step)
    }

    /// What comes out of the activation.
    pub fn run(&self, state: State<T>) -> State<T> {
        match &self.dual {
            Dual::Smooth(dual) => self.run_smooth(dual, state),
            Dual::Angular(dual) => self.run_angular(dual, state),
        }
    }

    fn run_smooth(&self, dual: &Arc<dyn Smooth<T>>, mut state: State<T>) -> State<T> {
        let lead = state.lead.take();
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
        state.lead = lead.map(|lead| lead.followed(Some(&slope), |centre| self.run_smooth(dual, centre)));
        state.covariance = value;
        state.tangent = state.tangent.map(|t| t * slope);
        state
    }

    /// `F(q) + F - 2 (E phi)^2`, where it does not vanish.
    fn far(&self, value: T) -> Edge<T> {
        Edge::plain(self.peak.clone() + value - self.mean_square.clone().times(2))
    }

    /// The base angle is that between the inputs.
    fn run_angular(&self, dual: &Arc<dyn Angular<T>>, mut state: State<T>) -> State<T> {
        let angle = state.base.clone();
        let (centre, before) = match state.lead.take() {
            Some(lead) => (Some(lead.centre.base), Some(lead.slope)),
            None => (angle.centre(), None),
        };
        let AtAngle { value, slope, fall } = dual.at(&angle, centre.as_ref(), self.carry);
        (state.near, state.far) = (None, None);
        if self.carry {
            let (near, far) = self.edges(dual, &angle, value.clone(), fall);
            (state.near, state.far) = (Some(near), Some(far));
            state.lead = centre.filter(|_| !self.flat).map(|centre| Lead {
                centre: Box::new(self.at_centre(dual, centre)),
                slope: before.map_or(slope.clone(), |before| before * slope.clone()),
            });
        }
        state.covariance = value;
        state.tangent = state.tangent.filter(|_| !self.flat).map(|t| t * slope);
        state
    }

    /// The state after the activation at the centre of an angle.
    fn at_centre(&self, dual: &Arc<dyn Angular<T>>, centre: Angle<T>) -> State<T> {
        let AtAngle { value, fall, .. } = dual.at(&centre, None, true);
        let (near, far) = self.edges(dual, &centre, value.clone(), fall);
        State { covariance: value, near: Some(near), far: Some(far), ..State::input(&centre, false) }
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
