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
    /// The angle between the units where it was last needed, or between the inputs of the network.
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

impl<T: Scalar> Lead<T> {
    /// The lead after a layer that `run` evaluates, and that multiplies the slope unless by 1.
    pub fn followed(self, slope: Option<&T>, run: impl FnOnce(State<T>) -> State<T>) -> Self {
        let slope = match slope {
            Some(own) => self.slope * own.clone(),
            None => self.slope,
        };
        Self { centre: Box::new(run(*self.centre)), slope }
    }
}

impl<T: Scalar> State<T> {
    /// The state of units times the root of `x`, but for the lead.
    pub fn scaled(mut self, x: &T) -> Self {
        self.covariance = self.covariance * x.clone();
        self.tangent = self.tangent.map(|t| t * x.clone());
        self.near = self.near.map(|edge| edge.scaled(x));
        self.far = self.far.map(|edge| edge.scaled(x));
        self
    }

    /// The input: unit vectors an angle `x` apart.
    pub fn input(x: &Angle<T>, carry: bool) -> Self {
        Self::at(x.clone(), &x.sin_half().constant(&Rational::from(1)), carry)
    }

    /// The input at points the angle apart that [`Angle::graded`], so many times, makes of `x`; that stays the base.
    ///
    /// With `s = sin(x/2)` and `c = cos(x/2)`, one step gives the half-angle functions `sin(pi s^2/2)` and `sin(pi c^2/2)`: `s^2` and `c^2` times regular
    /// factors without zeros.
    pub fn graded(x: &Angle<T>, grading: u32) -> Self {
        let one = x.sin_half().constant(&Rational::from(1));
        // At an end itself any factor gives the value 0.
        let over = |value: &T, below: &T| {
            if below.is_zero() {
                one.clone()
            } else {
                value.clone().div_regular(below.clone() * below.clone())
            }
        };
        let (mut angle, mut factors) = (x.clone(), [one.clone(), one.clone()]);
        for _ in 0..grading {
            let next = angle.graded();
            let own = [over(next.sin_half(), angle.sin_half()), over(next.cos_half(), angle.cos_half())];
            let mut own = own.into_iter();
            factors = factors.map(|before| {
                let square = before.clone() * before;
                own.next().map_or(square.clone(), |own| own * square)
            });
            angle = next;
        }
        let exponent = f64::from(grading).exp2();
        let [near, far] = factors.map(|factor| (factor.clone() * factor).times(2));
        let near = Some(Edge { factor: near, sin: 2.0 * exponent, cos: 0.0 });
        let far = Some(Edge { factor: far, sin: 0.0, cos: 2.0 * exponent });
        Self { covariance: angle.cos(), near, far, ..Self::exactly_at(x.clone(), &one, false) }
    }

    /// Units of variance `q` whose angle is the base; with the differences from the diagonal and the lead where a later layer needs them.
    fn at(base: Angle<T>, q: &T, carry: bool) -> Self {
        let centre = if carry { base.centre() } else { None };
        let lead = centre.map(|centre| {
            let slope = q.constant(&Rational::from(1));
            Lead { centre: Box::new(Self::exactly_at(centre, q, true)), slope }
        });
        Self { lead, ..Self::exactly_at(base, q, carry) }
    }

    fn exactly_at(base: Angle<T>, q: &T, carry: bool) -> Self {
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

    /// The same state with the angle between its units, of variance `q` and no mean, as the base. `forks` says whether branches start from here, and
    /// not the one activation that needs the angle.
    #[must_use]
    pub fn rebased(mut self, q: &T, forks: bool) -> Self {
        // Only where a layer that needs the angle was not seen when the network was compiled.
        let Some(angle) = self.angle(q).map(Angle::resolved) else { return self };
        if let (Some(link), Some(near), Some(far)) = (&mut self.link, &self.near, &self.far) {
            link.step(near, far, self.lead.as_ref().map(|lead| &lead.slope));
        }
        if !forks {
            return Self { base: angle, base_variance: q.clone(), near: None, far: None, lead: None, ..self };
        }
        let fresh = Self::at(angle, q, true);
        // An enclosure of a neighbourhood is narrower by way of the angle.
        let covariance = if fresh.lead.is_some() { fresh.covariance } else { self.covariance };
        Self { covariance, tangent: self.tangent, link: self.link, ..fresh }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// `theta -> pi sin(theta/2)^2`, so many times, in plain numbers.
    #[test]
    fn a_graded_input_has_the_differences_of_its_own_angle() {
        for grading in 1..=3 {
            for psi in [0.05f64, 0.4, 1.3, 2.5] {
                let theta = (0..grading).fold(psi, |theta, _| PI * (theta / 2.0).sin().powi(2));
                let x = Angle::from_radians(psi);
                let state = State::graded(&x, grading);
                let (sin, cos) = (theta / 2.0).sin_cos();
                for (edge, half) in [(state.near, sin), (state.far, cos)] {
                    let found = edge.unwrap().value(&x) / (2.0 * half * half);
                    assert!((found - 1.0).abs() < 1e-11, "{grading} {psi}: {found}");
                }
                assert!((state.covariance - theta.cos()).abs() < 1e-14, "{grading} {psi}");
            }
        }
    }
}
