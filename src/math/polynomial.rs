//! Polynomials in one variable over an exact commutative ring: Q, or again polynomials over Q.

use rug::{Integer, Rational};
use std::fmt::Debug;

/// A commutative ring with exact arithmetic that contains the rationals and has no zero divisors.
pub trait Ring: Clone + Debug + Default + PartialEq {
    /// The rational `value` as an element.
    fn from_rational(value: &Rational) -> Self;
    /// Is this zero?
    fn is_zero(&self) -> bool;
    /// The sum.
    fn plus(&self, other: &Self) -> Self;
    /// The product.
    fn times(&self, other: &Self) -> Self;
    /// The element times a rational.
    fn scaled(&self, factor: &Rational) -> Self;
}

impl Ring for Rational {
    fn from_rational(value: &Rational) -> Self {
        value.clone()
    }
    fn is_zero(&self) -> bool {
        Rational::is_zero(self)
    }
    fn plus(&self, other: &Self) -> Self {
        Rational::from(self + other)
    }
    fn times(&self, other: &Self) -> Self {
        Rational::from(self * other)
    }
    fn scaled(&self, factor: &Rational) -> Self {
        self.times(factor)
    }
}

/// A polynomial: coefficients of rising powers, the last one not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Polynomial<C = Rational>(Vec<C>);

impl<C> Default for Polynomial<C> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<C: Ring> Polynomial<C> {
    /// The polynomial with these coefficients of the powers 0, 1, ...
    pub fn new(mut coefficients: Vec<C>) -> Self {
        while coefficients.last().is_some_and(C::is_zero) {
            coefficients.pop();
        }
        Self(coefficients)
    }

    /// The constant `value`.
    pub fn constant(value: C) -> Self {
        Self::new(vec![value])
    }

    /// The variable `x` plus `shift`.
    pub fn shifted_variable(shift: C) -> Self {
        Self::new(vec![shift, C::from_rational(&Rational::from(1))])
    }

    /// Coefficients of rising powers.
    pub fn coefficients(&self) -> &[C] {
        &self.0
    }

    /// The degree; `None` for zero.
    pub fn degree(&self) -> Option<usize> {
        self.0.len().checked_sub(1)
    }

    /// The coefficient of the highest power; zero for zero.
    pub fn leading(&self) -> C {
        self.0.last().cloned().unwrap_or_default()
    }

    /// Is this the zero polynomial?
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() { (other, self) } else { (self, other) };
        let mut sum = long.0.clone();
        for (slot, c) in sum.iter_mut().zip(&short.0) {
            *slot = slot.plus(c);
        }
        Self::new(sum)
    }

    /// The difference.
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.scaled(&Rational::from(-1)))
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::default();
        }
        let mut product = vec![C::default(); self.0.len() + other.0.len() - 1];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                let term = a.times(b);
                let slot = &mut product[i + j];
                *slot = if slot.is_zero() { term } else { slot.plus(&term) };
            }
        }
        Self::new(product)
    }

    /// The polynomial times an element of the ring.
    pub fn times_constant(&self, factor: &C) -> Self {
        Self::new(self.0.iter().map(|c| c.times(factor)).collect())
    }

    /// The polynomial times a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        Self::new(self.0.iter().map(|c| c.scaled(factor)).collect())
    }

    /// The value at `x`.
    pub fn at(&self, x: &C) -> C {
        self.0.iter().rev().fold(C::default(), |sum, c| sum.times(x).plus(c))
    }

    /// The polynomial with `inner` for its variable.
    pub fn composed(&self, inner: &Self) -> Self {
        let step = |sum: Self, c: &C| sum.times(inner).plus(&Self::constant(c.clone()));
        self.0.iter().rev().fold(Self::default(), step)
    }

    /// The derivative.
    pub fn derivative(&self) -> Self {
        let terms = self.0.iter().enumerate().skip(1);
        Self::new(terms.map(|(i, c)| c.scaled(&Rational::from(i))).collect())
    }

    /// Quotient and remainder by `divisor`, whose leading coefficient is 1; by zero, no quotient and everything left.
    pub fn divided(&self, divisor: &Self) -> (Self, Self) {
        let Some(n) = divisor.degree() else { return (Self::default(), self.clone()) };
        let mut rest = self.0.clone();
        let mut quotient = Vec::new();
        while rest.len() > n
            && let Some(factor) = rest.pop()
        {
            let low = rest.len() - n;
            for (slot, c) in rest[low..].iter_mut().zip(&divisor.0) {
                *slot = slot.plus(&c.times(&factor).scaled(&Rational::from(-1)));
            }
            quotient.push(factor);
        }
        quotient.reverse();
        (Self::new(quotient), Self::new(rest))
    }

    /// The quotient by `divisor`, whose leading coefficient is 1, if it leaves no remainder.
    pub fn divided_by_monic(&self, divisor: &Self) -> Option<Self> {
        let (quotient, rest) = self.divided(divisor);
        (rest.is_zero() && !divisor.is_zero()).then_some(quotient)
    }
}

impl<C: Ring> Ring for Polynomial<C> {
    fn from_rational(value: &Rational) -> Self {
        Self::constant(C::from_rational(value))
    }
    fn is_zero(&self) -> bool {
        self.is_zero()
    }
    fn plus(&self, other: &Self) -> Self {
        self.plus(other)
    }
    fn times(&self, other: &Self) -> Self {
        self.times(other)
    }
    fn scaled(&self, factor: &Rational) -> Self {
        self.scaled(factor)
    }
}

impl Polynomial<Rational> {
    /// `(c, P)` with `self = c P`, where `P` has integer coefficients without a common factor and a positive leading one; zero
    /// gives `(0, 0)`.
    pub fn content_and_primitive(&self) -> (Rational, Self) {
        let Some(leading) = self.0.last() else { return (Rational::new(), Self::default()) };
        let nonzero = || self.0.iter().filter(|c| !c.is_zero());
        let numerator = nonzero().fold(Integer::new(), |gcd, c| gcd.gcd(c.numer()));
        let denominator = nonzero().fold(Integer::from(1), |lcm, c| lcm.lcm(c.denom()));
        let mut content = Rational::from((numerator, denominator));
        if *leading < 0 {
            content = -content;
        }
        let primitive = self.scaled(&Rational::from(content.recip_ref()));
        (content, primitive)
    }
}

/// `p` without its factors `x - root`, and how many there were.
pub fn without_roots(mut p: Polynomial, root: i32) -> (Polynomial, u32) {
    let divisor = Polynomial::shifted_variable(Rational::from(-root));
    let mut count = 0;
    while !p.is_zero()
        && let Some(quotient) = p.divided_by_monic(&divisor)
    {
        (p, count) = (quotient, count + 1);
    }
    (p, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> impl Strategy<Value = Polynomial> {
        proptest::collection::vec((-9i32..10, 1i32..5), 0..6)
            .prop_map(|all| Polynomial::new(all.into_iter().map(Rational::from).collect()))
    }

    proptest! {
        #[test]
        fn operations_are_those_of_the_values(p in small(), q in small(), x in -7i32..8) {
            let x = Rational::from((x, 3));
            let value = |r: &Polynomial| r.at(&x);
            prop_assert_eq!(value(&p.plus(&q)), value(&p) + value(&q));
            prop_assert_eq!(value(&p.minus(&q)), value(&p) - value(&q));
            prop_assert_eq!(value(&p.times(&q)), value(&p) * value(&q));
            prop_assert_eq!(value(&p.composed(&q)), p.at(&value(&q)));
            let product = p.times(&q).derivative();
            prop_assert_eq!(product, p.derivative().times(&q).plus(&p.times(&q.derivative())));
        }

        #[test]
        fn division_undoes_multiplication_and_sees_a_remainder(p in small(), q in small()) {
            let monic = q.times(&Polynomial::shifted_variable(Rational::new())).plus(&Polynomial::constant(1.into()));
            let monic = monic.scaled(&monic.leading().recip());
            let product = p.times(&monic);
            prop_assert_eq!(product.divided_by_monic(&monic), Some(p.clone()));
            if monic.degree() > Some(0) {
                let off = product.plus(&Polynomial::constant(1.into()));
                prop_assert_eq!(off.divided_by_monic(&monic), None);
            }
        }

        #[test]
        fn the_primitive_part_has_coprime_integers(p in small()) {
            let (content, primitive) = p.content_and_primitive();
            prop_assert_eq!(primitive.scaled(&content), p.clone());
            if !p.is_zero() {
                prop_assert!(primitive.coefficients().iter().all(Rational::is_integer) && primitive.leading() > 0);
                let gcd = primitive.coefficients().iter().fold(Integer::new(), |g, c| g.gcd(c.numer()));
                prop_assert_eq!(gcd, 1);
            }
        }
    }

    #[test]
    fn coefficients_may_be_polynomials_again() {
        // (d + x)^2 at x = 2d is 9 d^2.
        let d = Polynomial::shifted_variable(Rational::new());
        let sum = Polynomial::shifted_variable(d.clone());
        let square = sum.times(&sum).at(&d.scaled(&2.into()));
        assert_eq!(square, d.times(&d).scaled(&9.into()));
    }
}
