//! Rational functions of one variable over Q, kept in coprime factors.

use super::polynomial::Polynomial;
use rug::{Rational, ops::Pow};
use std::collections::BTreeMap;

/// `content * prod p^n`: primitive polynomials `p`, pairwise coprime, with nonzero exponents; no factors for zero.
///
/// Linear factors with small integer roots stand by themselves, so that what cancels has cancelled and what is written is short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RationalFunction {
    content: Rational,
    factors: BTreeMap<Polynomial, i32>,
}

/// Integer roots up to this size are split off.
const LARGEST_ROOT: i32 = 64;

impl RationalFunction {
    /// A constant.
    pub fn constant(content: Rational) -> Self {
        Self { content, factors: BTreeMap::new() }
    }

    /// A polynomial to an integer power.
    pub fn power(p: &Polynomial, exponent: i32) -> Self {
        Self::constant(Rational::from(1)).times_power(p, exponent)
    }

    /// `x + shift` to an integer power.
    pub fn linear(shift: i64, exponent: i32) -> Self {
        Self::power(&Polynomial::shifted_variable(Rational::from(shift)), exponent)
    }

    /// The rational number in front.
    pub fn content(&self) -> &Rational {
        &self.content
    }

    /// The primitive factors with their exponents, by degree and then by rising constant term.
    pub fn factors(&self) -> Vec<(&Polynomial, i32)> {
        let mut all: Vec<_> = self.factors.iter().map(|(p, n)| (p, *n)).collect();
        all.sort_by(|(p, _), (q, _)| p.degree().cmp(&q.degree()).then_with(|| p.cmp(q)));
        all
    }

    /// Is this zero?
    pub fn is_zero(&self) -> bool {
        self.content.is_zero()
    }

    /// Degree of the numerator less that of the denominator.
    pub fn degree(&self) -> i64 {
        self.factors.iter().map(|(p, n)| p.degree().unwrap_or(0) as i64 * i64::from(*n)).sum()
    }

    /// The value at `x`; `None` at a pole.
    pub fn at(&self, x: &Rational) -> Option<Rational> {
        self.factors.iter().try_fold(self.content.clone(), |product, (p, n)| {
            let value = p.at(x);
            (*n > 0 || !value.is_zero()).then(|| product * value.pow(*n))
        })
    }

    /// The product with a rational number.
    pub fn scaled(mut self, factor: &Rational) -> Self {
        self.content *= factor;
        if self.content.is_zero() { Self::constant(Rational::new()) } else { self }
    }

    /// The product with `p^exponent`; a negative power of the zero polynomial counts as zero.
    pub fn times_power(self, p: &Polynomial, exponent: i32) -> Self {
        if exponent == 0 || self.is_zero() {
            return self;
        }
        let (content, mut primitive) = p.content_and_primitive();
        if content.is_zero() {
            return Self::constant(content);
        }
        let mut product = self.scaled(&content.pow(exponent));
        for root in -LARGEST_ROOT..=LARGEST_ROOT {
            let root = Rational::from(root);
            while primitive.degree() > Some(0) && primitive.at(&root).is_zero() {
                let linear = Polynomial::shifted_variable(-root.clone());
                let Some(rest) = primitive.divided_by_monic(&linear) else { break };
                primitive = rest;
                *product.factors.entry(linear).or_default() += exponent;
            }
        }
        product.insert(primitive, exponent);
        product.factors.retain(|_, n| *n != 0);
        product
    }

    /// Brings in a factor, splitting it and those already there until all are coprime.
    fn insert(&mut self, p: Polynomial, exponent: i32) {
        if p.degree() == Some(0) {
            return;
        }
        if let Some(n) = self.factors.get_mut(&p) {
            *n += exponent;
            return;
        }
        let shared = self.factors.keys().map(|q| (q.clone(), gcd(q, &p))).find(|(_, g)| g.degree() > Some(0));
        let Some((q, common)) = shared else {
            self.factors.insert(p, exponent);
            return;
        };
        let n = self.factors.remove(&q).unwrap_or_default();
        let (rest_q, rest_p) = (quotient(&q, &common), quotient(&p, &common));
        for (factor, power) in [(rest_q, n), (rest_p, exponent), (common, n + exponent)] {
            if power != 0 {
                self.insert(factor, power);
            }
        }
    }

    /// The product.
    pub fn times(self, other: &Self) -> Self {
        let start = self.scaled(&other.content);
        other.factors.iter().fold(start, |product, (p, n)| product.times_power(p, *n))
    }

    /// Numerator and denominator, multiplied out: `content * numerator / denominator`.
    pub fn multiplied_out(&self) -> (Polynomial, Polynomial) {
        let side = |sign: i32| {
            let powers = self.factors.iter().filter(|(_, n)| **n * sign > 0);
            powers.fold(Polynomial::constant(Rational::from(1)), |product, (p, n)| {
                (0..n.abs()).fold(product, |product, _| product.times(p))
            })
        };
        (side(1), side(-1))
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        let ((a, b), (c, d)) = (self.multiplied_out(), other.multiplied_out());
        let numerator = a.times(&d).scaled(&self.content).plus(&c.times(&b).scaled(&other.content));
        let mut sum = Self::power(&numerator, 1);
        for parts in [self, other] {
            for (p, n) in parts.factors.iter().filter(|(_, n)| **n < 0) {
                sum = sum.times_power(p, *n);
            }
        }
        sum
    }

    /// The function of `inner(x)`.
    pub fn composed(&self, inner: &Polynomial) -> Self {
        let start = Self::constant(self.content.clone());
        self.factors.iter().fold(start, |product, (p, n)| product.times_power(&p.composed(inner), *n))
    }
}

/// The greatest common divisor as a primitive polynomial: Euclid's algorithm.
fn gcd(p: &Polynomial, q: &Polynomial) -> Polynomial {
    let (mut p, mut q) = (p.clone(), q.clone());
    while !q.is_zero() {
        let rest = remainder(&p, &q);
        (p, q) = (q, rest.content_and_primitive().1);
    }
    p.content_and_primitive().1
}

fn monic(p: &Polynomial) -> Polynomial {
    p.scaled(&p.leading().recip())
}

fn remainder(p: &Polynomial, q: &Polynomial) -> Polynomial {
    p.divided(&monic(q)).1
}

/// `p / q` for primitive `p` and `q` that divides it: again primitive.
fn quotient(p: &Polynomial, q: &Polynomial) -> Polynomial {
    p.divided(&monic(q)).0.content_and_primitive().1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> impl Strategy<Value = RationalFunction> {
        let factor = (proptest::collection::vec(-4i32..5, 1..4), -2i32..3);
        proptest::collection::vec(factor, 0..4).prop_map(|all| {
            all.into_iter().fold(RationalFunction::constant(Rational::from((2, 3))), |product, (c, n)| {
                let p = Polynomial::new(c.into_iter().map(Rational::from).collect());
                if p.is_zero() { product } else { product.times_power(&p, n) }
            })
        })
    }

    proptest! {
        #[test]
        fn operations_are_those_of_the_values(f in small(), g in small(), x in -20i32..21) {
            let x = Rational::from((x, 7));
            let (Some(a), Some(b)) = (f.at(&x), g.at(&x)) else { return Ok(()) };
            prop_assert_eq!(f.clone().times(&g).at(&x), Some(a.clone() * b.clone()));
            prop_assert_eq!(f.plus(&g).at(&x), Some(a + b));
            let moved = f.composed(&Polynomial::shifted_variable(Rational::from((1, 7))));
            if let Some(value) = f.at(&(x.clone() + Rational::from((1, 7)))) {
                prop_assert_eq!(moved.at(&x), Some(value));
            }
        }

        #[test]
        fn factors_are_coprime_and_cancel(f in small()) {
            for (i, (p, _)) in f.factors().iter().enumerate() {
                for (q, _) in &f.factors()[i + 1..] {
                    prop_assert_eq!(gcd(p, q).degree(), Some(0));
                }
            }
            let inverse = f.factors().iter().fold(RationalFunction::constant(1.into()), |product, (p, n)| product.times_power(p, -n));
            prop_assert_eq!(f.clone().times(&inverse), RationalFunction::constant(f.content().clone()));
        }
    }

    #[test]
    fn common_factors_go_whatever_their_form() {
        // (x^2+1)(x+3)^2 / ((x^2+1)^2 (x+3)(x-1))
        let p = |c: &[i32]| Polynomial::new(c.iter().map(|c| Rational::from(*c)).collect());
        let product = RationalFunction::power(&p(&[1, 0, 1]).times(&p(&[9, 6, 1])), 1)
            .times_power(&p(&[1, 0, 2, 0, 1]), -1)
            .times_power(&p(&[-3, 2, 1]), -1);
        let expected =
            RationalFunction::linear(3, 1).times_power(&p(&[1, 0, 1]), -1).times_power(&p(&[-1, 1]), -1);
        assert_eq!(product, expected);
        assert!(product.plus(&product.clone().scaled(&(-1).into())).is_zero());
    }
}
