//! Differences from the diagonal, kept so that no digits are lost at either end.

use crate::math::{angle::Angle, scalar::Scalar};
use rug::Rational;

/// A difference `q - S` or `q + S - 2 m^2` as `sin(a/2)^sin cos(a/2)^cos factor` at the base angle `a`, with a factor that has no zero at
/// either end.
///
/// Exponents are halves, quarters and so on of whole numbers, exact in f64: each jump of an activation halves those of the angle after it.
#[derive(Clone, Debug)]
pub struct Edge<T> {
    /// The regular factor.
    pub factor: T,
    /// The exponent of `sin(a/2)`.
    pub sin: f64,
    /// The exponent of `cos(a/2)`.
    pub cos: f64,
}

/// `x^exponent` for an exponent that is a multiple of a power of 1/2, by products and square roots.
pub fn power<T: Scalar>(x: &T, exponent: f64) -> T {
    if exponent == 1.0 {
        return x.clone();
    }
    if exponent == 2.0 {
        return x.clone() * x.clone();
    }
    let mut result = x.clone().powi(exponent as u32);
    let (mut rest, mut root) = (exponent.fract(), x.clone());
    while rest > 0.0 {
        root = root.sqrt();
        rest *= 2.0;
        if rest >= 1.0 {
            result = result * root.clone();
            rest -= 1.0;
        }
    }
    result
}

impl<T: Scalar> Edge<T> {
    /// The number itself, which does not vanish.
    pub fn plain(factor: T) -> Self {
        Self { factor, sin: 0.0, cos: 0.0 }
    }

    /// The value at the base angle.
    pub fn value(&self, base: &Angle<T>) -> T {
        self.lowered(base, 0.0, 0.0).factor
    }

    /// `x` times the edge.
    pub fn scaled(self, x: &T) -> Self {
        Self { factor: self.factor * x.clone(), ..self }
    }

    /// The product of two.
    pub fn times(&self, other: &Self) -> Self {
        let factor = self.factor.clone() * other.factor.clone();
        Self { factor, sin: self.sin + other.sin, cos: self.cos + other.cos }
    }

    /// The same with smaller exponents.
    fn lowered(&self, base: &Angle<T>, sin: f64, cos: f64) -> Self {
        let mut factor = self.factor.clone();
        for (half, exponent) in [(base.sin_half(), self.sin - sin), (base.cos_half(), self.cos - cos)] {
            if exponent > 0.0 {
                factor = power(half, exponent) * factor;
            }
        }
        Self { factor, sin, cos }
    }

    /// The sum of two.
    pub fn plus(&self, other: &Self, base: &Angle<T>) -> Self {
        let (sin, cos) = (self.sin.min(other.sin), self.cos.min(other.cos));
        let [a, b] = [self, other].map(|edge| edge.lowered(base, sin, cos).factor);
        Self { factor: a + b, sin, cos }
    }

    /// `sqrt(self/(2 q))` without its powers of sine and cosine: half-angle functions of an angle are these times the powers of half the exponents.
    pub fn root(&self, q: &T) -> T {
        (self.factor.clone() / q.clone().times(2)).sqrt()
    }
}

/// How the half-angle functions of a base angle vanish where those of an earlier one do: `sin(a/2)` like `sin(a_0/2)^sin cos(a_0/2)^cos`, and
/// `cos(a/2)` like `cos(a_0/2)^far`.
#[derive(Clone, Debug)]
pub struct Link<T> {
    sin: f64,
    cos: f64,
    far: f64,
    /// Is the base angle another one than the earlier one?
    pub moved: bool,
    /// The rate `dS/dS_0` at which the covariance follows that of the earlier angle.
    pub slope: T,
}

impl<T: Scalar> Link<T> {
    /// The base angle is the earlier one.
    pub fn identity(like: &T) -> Self {
        let slope = like.constant(&Rational::from(1));
        Self { sin: 1.0, cos: 0.0, far: 1.0, moved: false, slope }
    }

    /// The base angle becomes one whose half-angle functions have these squares, where its covariance has followed at the rate `slope`.
    pub fn step(&mut self, near: &Edge<T>, far: &Edge<T>, slope: Option<&T>) {
        let (sin, cos) = self.exponents(near);
        self.far *= far.cos / 2.0;
        (self.sin, self.cos) = (sin / 2.0, cos / 2.0);
        self.moved = true;
        if let Some(slope) = slope {
            self.slope = self.slope.clone() * slope.clone();
        }
    }

    fn exponents(&self, edge: &Edge<T>) -> (f64, f64) {
        (edge.sin * self.sin, edge.sin * self.cos + edge.cos * self.far)
    }

    /// An edge over `base` as one over the `earlier` angle.
    pub fn back(&self, edge: &Edge<T>, base: &Angle<T>, earlier: &Angle<T>) -> Edge<T> {
        let (sin, cos) = self.exponents(edge);
        if sin == 0.0 && cos == 0.0 {
            return Edge::plain(edge.value(base));
        }
        let mut powers = power(earlier.sin_half(), sin);
        if cos > 0.0 {
            powers = powers * power(earlier.cos_half(), cos);
        }
        // At an end itself any factor gives the value 0.
        let factor = if powers.is_zero() {
            powers.constant(&Rational::from(1))
        } else {
            edge.value(base).div_regular(powers)
        };
        Edge { factor, sin, cos }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice an angle is zero next to opposite points, where the square of its half sine is `4 sin^2(a/2) cos^2(a/2)`: the factor 4 is left over the earlier
    /// angle too, not a number as small as the square.
    #[test]
    fn a_factor_over_an_earlier_angle_has_no_zero_left_at_either_end() {
        for (s, c) in [(1.0, 1e-100), (1e-100, 1.0)] {
            let earlier = Angle::from_halves(s, c);
            let base = Angle::from_halves(2.0 * s * c, 1.0);
            let mut link = Link::identity(&1.0);
            let [near, far] =
                [(4.0, 2.0, 2.0), (1.0, 0.0, 0.0)].map(|(factor, sin, cos)| Edge { factor, sin, cos });
            link.step(&near, &far, None);
            let back = link.back(&Edge { factor: 1.0, sin: 2.0, cos: 0.0 }, &base, &earlier);
            assert_eq!((back.sin, back.cos), (2.0, 2.0));
            assert!((back.factor - 4.0f64).abs() < 1e-14, "{s} {c}: {}", back.factor);
        }
    }
}
