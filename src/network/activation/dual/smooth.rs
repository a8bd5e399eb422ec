//! Duals that are exponentials or polynomials in the covariance.

use super::{Dual, Smooth, integer};
use crate::math::scalar::Scalar;
use rug::Rational;
use std::sync::Arc;

/// `F = x e^(r (S - q)) + y e^(-r (S + q))`.
#[derive(Debug)]
pub struct Exponentials<T> {
    q: T,
    rate: T,
    /// `x` and `y`.
    weights: [T; 2],
}

impl<T: Scalar> Exponentials<T> {
    /// The dual of these rate and weights.
    pub fn dual(q: &T, rate: T, weights: [T; 2]) -> Dual<T> {
        Dual::Smooth(Arc::new(Self { q: q.clone(), rate, weights }))
    }

    /// The two terms, for the covariance `s` and `gap = q - s`.
    fn terms(&self, s: &T, gap: T) -> [T; 2] {
        let [x, y] = &self.weights;
        let sum = self.q.clone() + s.clone();
        let term = |weight: &T, gap: T| {
            if weight.is_zero() {
                weight.clone()
            } else {
                weight.clone() * (-(self.rate.clone() * gap)).exp()
            }
        };
        [term(x, gap), term(y, sum)]
    }
}

impl<T: Scalar> Smooth<T> for Exponentials<T> {
    fn at(&self, s: &T, gap: Option<&T>) -> [T; 2] {
        let gap = gap.map_or_else(|| self.q.clone() - s.clone(), T::clone);
        let [rising, falling] = self.terms(s, gap);
        [rising.clone() + falling.clone(), self.rate.clone() * (rising - falling)]
    }

    /// With `h = r (q - S)/2`: the terms at `q` and at `S` differ by `x (1 - e^(-2h))` and `y e^(-2 r q) (1 - e^(2h))`, which are
    /// `2 sinh h e^(-h)` times `x` and `-2 sinh h e^h` times `y e^(-2 r q)`.
    fn secant(&self, s: &T, gap: &T, _: &T) -> T {
        let half = (self.rate.clone() * gap.clone()).half();
        let sine = half.clone().sinh().div_regular(gap.clone()).times(2);
        let [x, y] = &self.weights;
        let rising = x.clone() * (-half.clone()).exp();
        // e^(-2 r q) e^h = e^(-r (q + S)) e^(-h)
        let sum = self.q.clone() + s.clone();
        let falling =
            if y.is_zero() { y.clone() } else { y.clone() * (-(self.rate.clone() * sum + half)).exp() };
        sine * (rising - falling)
    }
}

/// `F = sum_l c_l S^l`.
#[derive(Debug)]
pub struct PowerSeries<T> {
    /// The coefficients `c_l`.
    pub coefficients: Vec<T>,
    /// `q`.
    pub q: T,
}

impl<T: Scalar> Smooth<T> for PowerSeries<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let zero = self.q.constant(&Rational::new());
        let step = |[value, slope]: [T; 2], c: &T| {
            [value.clone() * s.clone() + c.clone(), slope * s.clone() + value]
        };
        self.coefficients.iter().rev().fold([zero.clone(), zero], step)
    }

    /// `(q^l - s^l)/(q - s) = sum_j q^j s^(l-1-j)`, by Horner's rule: with `p_l` the polynomial's tail `sum_(i >= l) c_i q^(i-l)`, the quotient is
    /// `sum_(l >= 1) p_l s^(l-1)`.
    fn secant(&self, s: &T, _: &T, _: &T) -> T {
        let zero = self.q.constant(&Rational::new());
        let mut tail = zero.clone();
        let tails: Vec<T> = self
            .coefficients
            .iter()
            .skip(1)
            .rev()
            .map(|c| {
                tail = tail.clone() * self.q.clone() + c.clone();
                tail.clone()
            })
            .collect();
        tails.into_iter().fold(zero, |sum, p| sum * s.clone() + p)
    }
}

/// `F = sum_l r_l^2 S^l/l!` of the polynomial `sum_n c_n u^n` over the root of `divisor`, with
/// `r_l = sum_i c_(l+2i) (l+2i)! q^i/(2^i i!)`; the coefficients of `F` and the mean `r_0`.
pub fn polynomial<T: Scalar>(q: &T, coefficients: &[Rational], divisor: &Rational) -> (Vec<T>, T) {
    let count = coefficients.len();
    let mut factorials = vec![Rational::from(1)];
    for n in 1..=count {
        let next = Rational::from(&factorials[n - 1] * n as u32);
        factorials.push(next);
    }
    let moment = |l: usize| {
        let mut power = integer(q, 1);
        let mut sum = integer(q, 0);
        for (i, n) in (l..count).step_by(2).enumerate() {
            let weight = (Rational::from(&coefficients[n] * &factorials[n]) / &factorials[i]) >> i as u32;
            if !weight.is_zero() {
                sum = sum + power.clone() * q.constant(&weight);
            }
            power = power * q.clone();
        }
        sum
    };
    let moments: Vec<T> = (0..count).map(moment).collect();
    let squared = |(l, r): (usize, &T)| {
        let scale = Rational::from(&factorials[l] * divisor).recip();
        r.clone() * r.clone() * q.constant(&scale)
    };
    let squares = moments.iter().enumerate().map(squared).collect();
    (squares, moments.into_iter().next().unwrap_or_else(|| integer(q, 0)))
}
