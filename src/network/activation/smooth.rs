//! Duals with arc sines and roots, and the difference that two of them share.

use super::dual::{Smooth, integer};
use crate::math::scalar::Scalar;

/// `(arcsin(q/c) - arcsin(s/c))/gap` with `gap = q - s`, which is known precisely and is not 0.
///
/// With `x = q/c`, `y = s/c` the difference has the sine `(x-y) [x (x+y)/(sqrt(1-x^2) + sqrt(1-y^2)) + sqrt(1-x^2)]`, without cancellation.
fn arc_secant<T: Scalar>(c: &T, q: &T, s: &T, gap: &T) -> T {
    let one = integer(c, 1);
    let [x, y] = [q, s].map(|v| v.clone() / c.clone());
    let [p, r] = [&x, &y].map(|v| (one.clone() - v.clone() * v.clone()).sqrt());
    let rate = x.clone() * (x.clone() + y.clone()) / (p.clone() + r.clone()) + p.clone();
    let sin = gap.clone() / c.clone() * rate;
    sin.angle(p * r + x * y).div_regular(gap.clone())
}

/// `F = (2/pi) arcsin(2S/(1+2q))`, `Fdot = (4/pi)/sqrt((1+2q)^2 - 4S^2)`.
#[derive(Debug)]
pub(super) struct Arcsine<T> {
    q: T,
    /// `q + 1/2`.
    radius: T,
    two_over_pi: T,
}

impl<T: Scalar> Arcsine<T> {
    /// The dual of `erf`.
    pub fn new(q: &T) -> Self {
        let radius = q.clone() + integer(q, 1).half();
        Self { q: q.clone(), radius, two_over_pi: integer(q, 2) / q.pi() }
    }
}

impl<T: Scalar> Smooth<T> for Arcsine<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let root = (self.radius.clone() * self.radius.clone() - s.clone() * s.clone()).sqrt();
        let value = self.two_over_pi.clone() * (s.clone() / self.radius.clone()).asin();
        [value, self.two_over_pi.clone() / root]
    }

    fn secant(&self, s: &T, gap: &T, _: &T) -> T {
        self.two_over_pi.clone() * arc_secant(&self.radius, &self.q, s, gap)
    }
}

/// `u P(u)`, by Stein's lemma: with `r^2 = (1+q)^2 - S^2` and `N = q^2 + S^2 (1-q)/(1+q)`,
///
/// ```text
/// F    = S/4 + [N/r + S arcsin(S/(1+q))]/(2 pi)
/// Fdot = 1/4 + [arcsin(S/(1+q)) + S/r + 2 S (1-q)/((1+q) r) + S N/r^3]/(2 pi)
/// ```
#[derive(Debug)]
pub(super) struct Gated<T> {
    q: T,
    /// `1 + q`.
    radius: T,
    /// `(1-q)/(1+q)`.
    rest: T,
    quarter: T,
    /// `1/(2 pi)`.
    weight: T,
}

impl<T: Scalar> Gated<T> {
    /// The dual of gelu.
    pub fn new(q: &T) -> Self {
        let one = integer(q, 1);
        let radius = one.clone() + q.clone();
        let rest = (one.clone() - q.clone()) / radius.clone();
        let weight = one.clone() / q.pi().times(2);
        Self { q: q.clone(), radius, rest, quarter: one.half().half(), weight }
    }

    /// `r` and `N`.
    fn parts(&self, s: &T) -> (T, T) {
        let square = s.clone() * s.clone();
        let root = (self.radius.clone() * self.radius.clone() - square.clone()).sqrt();
        (root, self.q.clone() * self.q.clone() + square * self.rest.clone())
    }
}

impl<T: Scalar> Smooth<T> for Gated<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let (root, numerator) = self.parts(s);
        let arc = (s.clone() / self.radius.clone()).asin();
        let head = numerator / root.clone();
        let value = head.clone() + s.clone() * arc.clone();
        let share = s.clone() / root.clone();
        let slope = arc + share.clone() + (share.clone() * self.rest.clone()).times(2) + share * head / root;
        [
            self.quarter.clone() * s.clone() + self.weight.clone() * value,
            self.quarter.clone() + self.weight.clone() * slope,
        ]
    }

    /// From `N(q)/r(q) - N/r = (q^2 - S^2) [rest/r(q) + N/(r(q) r (r(q) + r))]`.
    fn secant(&self, s: &T, gap: &T, _: &T) -> T {
        let (root, numerator) = self.parts(s);
        let (peak_root, _) = self.parts(&self.q);
        let product = peak_root.clone() * root.clone() * (peak_root.clone() + root);
        let algebraic = (self.q.clone() + s.clone()) * (self.rest.clone() / peak_root + numerator / product);
        let arc = (self.q.clone() / self.radius.clone()).asin();
        let difference = s.clone() * arc_secant(&self.radius, &self.q, s, gap);
        self.quarter.clone() + self.weight.clone() * (algebraic + arc + difference)
    }
}

/// `a e^(-b u^2)`: with `R = ((1+2bq)^2 - 4 b^2 S^2)^(-1/2)`, `F = a^2 R` and `Fdot = 4 a^2 b^2 S R^3`.
#[derive(Debug)]
pub(super) struct Bell<T> {
    q: T,
    /// `1 + 2 b q`.
    scale: T,
    /// `2 b`.
    rate: T,
    /// `a^2`.
    height: T,
}

impl<T: Scalar> Bell<T> {
    /// The dual of `a e^(-b u^2)`.
    pub fn new(q: &T, a: &T, b: &T) -> Self {
        let rate = b.clone().times(2);
        let scale = integer(q, 1) + rate.clone() * q.clone();
        Self { q: q.clone(), scale, rate, height: a.clone() * a.clone() }
    }

    /// `1/R`.
    fn root(&self, s: &T) -> T {
        let shift = self.rate.clone() * s.clone();
        (self.scale.clone() * self.scale.clone() - shift.clone() * shift).sqrt()
    }
}

impl<T: Scalar> Smooth<T> for Bell<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let root = self.root(s);
        let value = self.height.clone() / root.clone();
        let slope = self.rate.clone() * self.rate.clone() * s.clone() * value.clone();
        [value, slope / root.clone() / root]
    }

    /// `4 b^2 (q + S)` over `r(q) r (r(q) + r)`, `r = 1/R`.
    fn secant(&self, s: &T, _: &T, _: &T) -> T {
        let (peak, root) = (self.root(&self.q), self.root(s));
        let sum = self.q.clone() + s.clone();
        let product = peak.clone() * root.clone() * (peak + root);
        self.height.clone() * self.rate.clone() * self.rate.clone() * sum / product
    }
}
