//! Functions of elements of the ring.

use super::{Half, Monomial, Symbol};
use crate::math::{ball::Ball, constant::Constant, polynomial::without_roots, scalar::Scalar};
use rug::Rational;
use std::collections::BTreeMap;

impl Scalar for Symbol {
    fn constant(&self, value: &Rational) -> Self {
        Self::rational(value)
    }
    fn enclosing(&self, _: &Ball) -> Self {
        Self(None)
    }
    fn pi(&self) -> Self {
        Self::monomial(Monomial::of_constant(Constant::pi(1)))
    }
    fn is_zero(&self) -> bool {
        self.0.as_ref().is_some_and(BTreeMap::is_empty)
    }
    fn times(self, n: i32) -> Self {
        self.scaled(&Rational::from(n))
    }
    fn half(self) -> Self {
        self.scaled(&Rational::from((1, 2)))
    }
    /// The roots of `c (1-t)^m (1+t)^n` for a positive constant `c`: `sqrt(c 2^(m+n))` times powers of the sine and cosine of the half angle.
    fn sqrt(self) -> Self {
        let Some((key, p)) = self.single().filter(|(key, _)| key.is_constant()) else {
            return if self.is_zero() { self } else { Self(None) };
        };
        let (p, minus) = without_roots(p.clone(), 1);
        let (p, plus) = without_roots(p, -1);
        if p.degree() != Some(0) {
            return Self(None);
        }
        let sign = if minus % 2 == 1 { -1 } else { 1 };
        let scale = Rational::from(rug::Integer::from(1) << (minus + plus)) * sign;
        let constant = Self::term(p.leading() * scale, key.clone());
        let Some(root) = constant.constant_power(&Rational::from((1, 2))) else { return Self(None) };
        let power = |half, n| Self::monomial(Monomial::new(0, half)).powi(n);
        root * power(Half::Sin, minus) * power(Half::Cos, plus)
    }
    fn exp(self) -> Self {
        match self.constant_value() {
            Some((q, constant)) if constant.is_one() => {
                Self::monomial(Monomial::of_constant(Constant::exp(q)))
            }
            _ => self.constant_only(1),
        }
    }
    fn ln(self) -> Self {
        if self == Self::rational(&Rational::from(1)) { self.times(0) } else { Self(None) }
    }
    fn sin(self) -> Self {
        self.turned().map_or(Self(None), |(_, sin)| sin)
    }
    fn cos(self) -> Self {
        self.turned().map_or(Self(None), |(cos, _)| cos)
    }
    fn sinh(self) -> Self {
        self.constant_only(0)
    }
    fn cosh(self) -> Self {
        self.constant_only(1)
    }
    /// `arcsin(+-t) = +-(pi/2 - theta)`.
    fn asin(self) -> Self {
        let t = Self::angle().cos();
        let value = self.pi().half() - Self::monomial(Monomial::theta());
        if self == t {
            value
        } else if self == -t {
            -value
        } else {
            self.constant_only(0)
        }
    }
    fn abs(self) -> Self {
        // Constants are positive.
        match self.constant_value() {
            Some((rational, constant)) => Self::term(rational.abs(), Monomial::of_constant(constant.clone())),
            None => self.constant_only(0),
        }
    }
    fn angle(self, cos: Self) -> Self {
        let (sin_half, cos_half) =
            (Self::monomial(Monomial::sin_half()), Self::monomial(Monomial::cos_half()));
        if self == sin_half && cos == cos_half {
            Self::monomial(Monomial::theta()).half()
        } else {
            Self(None)
        }
    }
}
