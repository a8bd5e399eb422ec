//! Coefficients at `theta = 0` in exact numbers: a kernel's own formula on truncated power series over the Laurent polynomials in `pi`.
//!
//! For networks of relus without biases every coefficient of the chord is a polynomial in `1/pi` over the rationals. Operations that would leave that ring,
//! such as the root of a number that is no square, make the series undefined.

use super::pi_polynomial::PiPolynomial;
use crate::{
    kernel::{Angle, Kernel},
    math::{ball::Ball, scalar::Scalar},
};
use rug::Rational;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// `terms[0] + terms[1] x + ... + O(x^known)`: no terms at all for the function 0, and `known = 0` where undefined.
#[derive(Clone, Debug)]
struct Series {
    terms: Vec<PiPolynomial>,
    known: usize,
    order: usize,
}

impl Series {
    fn of(&self, terms: Vec<PiPolynomial>, known: usize) -> Self {
        let mut series = Self { terms, known, order: self.order };
        if !series.terms.is_empty() {
            series.terms.resize(known, PiPolynomial::default());
        }
        series
    }

    fn undefined(&self) -> Self {
        Self { terms: vec![], known: 0, order: self.order }
    }

    fn number(&self, value: PiPolynomial) -> Self {
        let terms = if value.is_zero() { vec![] } else { vec![value] };
        self.of(terms, self.order)
    }

    fn valuation(&self) -> Option<usize> {
        self.terms.iter().position(|term| !term.is_zero())
    }

    fn start(&self) -> PiPolynomial {
        self.terms.first().cloned().unwrap_or_default()
    }

    fn lowered(&self, v: usize) -> Self {
        self.of(self.terms.iter().skip(v).cloned().collect(), self.known.saturating_sub(v))
    }

    fn derivative(&self) -> Self {
        let terms = (0u32..).zip(&self.terms).skip(1).map(|(n, term)| term.scaled(&Rational::from(n)));
        self.of(terms.collect(), self.known.saturating_sub(1))
    }

    /// The integral that starts at 0.
    fn integral(&self) -> Self {
        if self.known == 0 || self.terms.is_empty() {
            return self.clone();
        }
        let terms = (1u32..).zip(&self.terms).map(|(n, term)| term.scaled(&Rational::from((1, n))));
        self.of(std::iter::once(PiPolynomial::default()).chain(terms).collect(), self.known + 1)
    }

    /// The solution of `f' = self' g`, `g' = sign self' f` that starts at `f = 0`, `g = 1`, where this starts at 0.
    fn pair(&self, sign: i32) -> [Self; 2] {
        if self.known == 0 || !self.start().is_zero() {
            return [self.undefined(), self.undefined()];
        }
        let (mut f, mut g) = (vec![PiPolynomial::default()], vec![PiPolynomial::monomial(1.into(), 0)]);
        for k in 1..self.known {
            let sum = |other: &[PiPolynomial], scale: i32| {
                let terms = (1..=k).map(|j| {
                    let slope = self.terms.get(j).cloned().unwrap_or_default();
                    slope.times(&other[k - j]).scaled(&Rational::from((j as i32 * scale, k as u32)))
                });
                terms.fold(PiPolynomial::default(), |sum, term| sum.plus(&term))
            };
            let (up, down) = (sum(&g, 1), sum(&f, sign));
            f.push(up);
            g.push(down);
        }
        [self.of(f, self.known), self.of(g, self.known)]
    }
}

impl Neg for Series {
    type Output = Self;
    fn neg(self) -> Self {
        self.times(-1)
    }
}

impl Add for Series {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let known = self.known.min(other.known);
        let length = self.terms.len().max(other.terms.len());
        let at = |series: &Self, i: usize| series.terms.get(i).cloned().unwrap_or_default();
        let terms = (0..length).map(|i| at(&self, i).plus(&at(&other, i))).collect();
        self.of(terms, known)
    }
}

impl Sub for Series {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Series {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if self.known == 0 || other.known == 0 {
            return self.undefined();
        }
        if self.terms.is_empty() || other.terms.is_empty() {
            return self.of(vec![], self.known.min(other.known));
        }
        let shift = |series: &Self| series.valuation().unwrap_or(series.known);
        let known = (self.known + shift(&other)).min(other.known + shift(&self)).min(self.order);
        let mut terms = vec![PiPolynomial::default(); known];
        for (i, a) in self.terms.iter().enumerate().filter(|(_, a)| !a.is_zero()) {
            for (sum, b) in terms.iter_mut().skip(i).zip(&other.terms) {
                *sum = sum.plus(&a.times(b));
            }
        }
        self.of(terms, known)
    }
}

impl Div for Series {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let Some(v) = other.valuation() else { return self.undefined() };
        let known = self.known.min(other.known);
        if self.terms.is_empty() {
            return self;
        }
        let (above, below) = (self.lowered(v), other.lowered(v));
        let divides = self.terms.iter().take(v).all(PiPolynomial::is_zero);
        let Some(inverse) = below.start().recip().filter(|_| divides && known > v) else {
            return self.undefined();
        };
        let mut terms: Vec<PiPolynomial> = Vec::with_capacity(known - v);
        for k in 0..known - v {
            let rest = (0..k).fold(above.terms.get(k).cloned().unwrap_or_default(), |rest, i| {
                let product = terms[i].times(&below.terms.get(k - i).cloned().unwrap_or_default());
                rest.plus(&product.scaled(&Rational::from(-1)))
            });
            terms.push(rest.times(&inverse));
        }
        self.of(terms, known - v)
    }
}

impl Scalar for Series {
    fn constant(&self, value: &Rational) -> Self {
        self.number(PiPolynomial::monomial(value.clone(), 0))
    }
    fn enclosing(&self, _: &Ball) -> Self {
        self.undefined()
    }
    fn pi(&self) -> Self {
        self.number(PiPolynomial::monomial(Rational::from(1), 1))
    }
    fn is_zero(&self) -> bool {
        self.terms.is_empty() && self.known > 0
    }
    fn times(self, n: i32) -> Self {
        let factor = Rational::from(n);
        let terms =
            if n == 0 { vec![] } else { self.terms.iter().map(|term| term.scaled(&factor)).collect() };
        self.of(terms, self.known)
    }
    fn half(self) -> Self {
        let factor = Rational::from((1, 2));
        self.of(self.terms.iter().map(|term| term.scaled(&factor)).collect(), self.known)
    }
    fn sqrt(self) -> Self {
        if self.is_zero() {
            return self;
        }
        let Some(twice) = self.valuation().filter(|twice| twice % 2 == 0) else { return self.undefined() };
        let square = self.lowered(twice);
        let Some(first) = square.start().sqrt() else { return self.undefined() };
        let Some(inverse) = first.recip() else { return self.undefined() };
        let halved = inverse.scaled(&Rational::from((1, 2)));
        let mut terms = vec![first];
        for k in 1..square.known {
            let rest = (1..k).fold(square.terms[k].clone(), |rest, i| {
                rest.plus(&terms[i].times(&terms[k - i]).scaled(&Rational::from(-1)))
            });
            terms.push(rest.times(&halved));
        }
        let zeros = std::iter::repeat_n(PiPolynomial::default(), twice / 2);
        self.of(zeros.chain(terms).collect(), square.known + twice / 2)
    }
    fn exp(self) -> Self {
        let [sinh, cosh] = self.pair(1);
        sinh + cosh
    }
    fn ln(self) -> Self {
        let starts_at_one = self.start() == PiPolynomial::monomial(Rational::from(1), 0);
        if starts_at_one { (self.derivative() / self).integral() } else { self.undefined() }
    }
    fn sin(self) -> Self {
        let [sin, _] = self.pair(-1);
        sin
    }
    fn cos(self) -> Self {
        let [_, cos] = self.pair(-1);
        cos
    }
    fn sinh(self) -> Self {
        let [sinh, _] = self.pair(1);
        sinh
    }
    fn cosh(self) -> Self {
        let [_, cosh] = self.pair(1);
        cosh
    }
    fn asin(self) -> Self {
        if !self.start().is_zero() {
            return self.undefined();
        }
        let one = self.constant(&Rational::from(1));
        let root = (one - self.clone() * self.clone()).sqrt();
        (self.derivative() / root).integral()
    }
    fn abs(self) -> Self {
        match self.start().single() {
            Some((_, r)) if *r > 0 => self,
            Some(_) => -self,
            None => self.undefined(),
        }
    }
    fn angle(self, cos: Self) -> Self {
        let straight = cos.start().single().is_some_and(|(_, r)| *r > 0);
        if !self.start().is_zero() || !straight {
            return self.undefined();
        }
        (self.derivative() * cos.clone() - cos.derivative() * self).integral()
    }
}

/// The coefficients of `x, x^3, ..., x^(2 terms - 1)` at `theta = 0`, those that are polynomials in `1/pi` and `pi`; none where the formula leaves that ring.
pub fn odd_coefficients(kernel: &Kernel, terms: usize) -> Option<Vec<PiPolynomial>> {
    if kernel.has_series() {
        return None;
    }
    // Each layer divides by the square of a sine.
    let order = 2 * terms + 2 * kernel.layers() as usize + 2;
    let variable = PiPolynomial::monomial(Rational::from(1), 0);
    let x = Series { terms: vec![PiPolynomial::default(), variable], known: order, order };
    let short = x.of(x.terms.clone(), order).half();
    let one = x.constant(&Rational::from(1));
    let long = (one - short.clone() * short.clone()).sqrt();
    let value = kernel.evaluator_in(&x).at(&Angle::from_halves(short, long));
    let known = value.known >= 2 * terms || value.is_zero();
    known.then(|| (0..terms).map(|i| value.terms.get(2 * i + 1).cloned().unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests;
