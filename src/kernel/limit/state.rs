//! What is known of a pair of points at one place in a network.

use super::edge::{Edge, Link, power};
use crate::{kernel::Angle, math::scalar::Scalar};
use rug::Rational;

/// Covariance and tangent kernel of a unit at a pair of points, and what the angle between the outputs follows from.
///
/// Invariant: `near` and `far` are present exactly where a later layer needs the angle.
#[derive(Clone, Debug)]
pub struct State<T> {
    /// `S`.
    pub covariance: T,
    /// `Theta`; none before the first trained layer.
    pub tangent: Option<T>,
    /// `q - S` over the base angle.
    pub near: Option<Edge<T>>,
    /// `q + S - 2 m^2` over the base angle.
    pub far: Option<Edge<T>>,
    /// The angle between the inputs of the last activation with a kink, or of the network.
    pub base: Angle<T>,
    /// `q` there.
    pub base_variance: T,
    /// For values that stand for neighbourhoods, the same at their centre.
    pub lead: Option<Lead<T>>,
    /// Inside a branch, how the base angle depends on that at the fork.
    pub link: Option<Link<T>>,
}

/// The state at the centre of a neighbourhood, and how the covariance follows that of the base angle: `dS/dS_base` over the neighbourhood.
///
/// Layers shrink angles. A chain of enclosures does not see that: each layer would add its own width. So an angle is enclosed by the mean value
/// theorem, as the angle at the centre plus `da/da_base` times the width of the base angle.
#[derive(Clone, Debug)]
pub struct Lead<T> {
    /// The state at the centre.
    pub centre: Box<State<T>>,
    /// `dS/dS_base`.
    pub slope: T,
}

impl<T: Scalar> State<T> {
    /// The input: unit vectors an angle `x` apart.
    pub fn input(x: &Angle<T>, carry: bool) -> Self {
        let one = x.sin_half().constant(&Rational::from(1));
        let mut state = Self::at(x.clone(), &one, carry);
        if carry && x.radians().is_wide() {
            let centre = Angle::from_radians(x.radians().centre());
            state.lead = Some(Lead { centre: Box::new(Self::at(centre, &one, true)), slope: one });
        }
        state
    }

    /// Units of variance `q` whose angle is the base.
    fn at(base: Angle<T>, q: &T, carry: bool) -> Self {
        let twice = q.clone().times(2);
        let near = carry.then(|| Edge { factor: twice.clone(), sin: 2.0, cos: 0.0 });
        let far = carry.then(|| Edge { factor: twice, sin: 0.0, cos: 2.0 });
        let covariance = q.clone() * base.cos();
        Self { covariance, tangent: None, near, far, base, base_variance: q.clone(), lead: None, link: None }
    }

    /// The angle between units of variance `q` and no mean, with the half-angle functions over the powers that they vanish with.
    fn halves(near: &Edge<T>, far: &Edge<T>, q: &T) -> [T; 2] {
        [near.root(q), far.root(q)]
    }

    fn angle_of(near: &Edge<T>, far: &Edge<T>, base: &Angle<T>, [sin, cos]: [T; 2]) -> Angle<T> {
        let half = |edge: &Edge<T>, root: T| {
            Edge { factor: root, sin: edge.sin / 2.0, cos: edge.cos / 2.0 }.value(base)
        };
        Angle::from_halves(half(near, sin), half(far, cos))
    }

    /// The angle between units of variance `q` and no mean.
    ///
    /// With `sin(a/2) = h sin(a_0/2) cos(a_0/2)^n` and `cos(a/2) = g cos(a_0/2)^f` over the base angle `a_0`,
    /// `da/da_0 = (q_0/q) (dS/dS_0) sin(a_0)/sin(a) = (q_0/q) (dS/dS_0) cos(a_0/2)^(1-n-f)/(h g)`.
    pub fn angle(&self, q: &T) -> Option<Angle<T>> {
        let (near, far) = (self.near.as_ref()?, self.far.as_ref()?);
        if near.sin > 0.0 && self.base.sin_half().is_zero() {
            // Equal points stay equal: exactly, whatever is known of the far end.
            let [zero, one] = [0, 1].map(|n| q.constant(&Rational::from(n)));
            return Some(Angle::new(zero.clone(), zero, one));
        }
        let roots = Self::halves(near, far, q);
        let exponent = 1.0 - (near.cos + far.cos) / 2.0;
        let Some(lead) = self.lead.as_ref().filter(|_| near.sin == 2.0 && exponent >= 0.0) else {
            return Some(Self::angle_of(near, far, &self.base, roots));
        };
        let [h, g] = roots;
        let ratio = self.base_variance.clone() / q.clone();
        let mut rate = ratio * lead.slope.clone() / h / g;
        if exponent > 0.0 {
            rate = rate * power(self.base.cos_half(), exponent);
        }
        let image = lead.centre.angle(q)?.radians();
        let width = self.base.radians() - lead.centre.base.radians();
        Some(Angle::from_radians(image + rate * width))
    }

    /// The state after an activation has been given `angle` between units of variance `q`, but for its outputs.
    pub fn rebased(mut self, angle: Angle<T>, q: &T) -> Self {
        if let (Some(link), Some(near), Some(far)) = (&mut self.link, &self.near, &self.far) {
            link.step(near, far, self.lead.as_ref().map(|lead| &lead.slope));
        }
        Self { base: angle, base_variance: q.clone(), near: None, far: None, lead: None, ..self }
    }
}
