//! Closed forms: the ring in which kernels with exact eigenvalues live.
//!
//! A [`Symbol`] is an element of `Q[constants][theta][s, c] / (s^2 + c^2 - 1)` with `s = sin(theta/2)`,
//! `c = cos(theta/2)`, so that `t = c^2 - s^2` and `sin theta = 2 s c`, and constants are products of powers of `pi`, `e` and primes ([`Constant`]); or it is
//! the undefined element, once an operation has left the ring. Evaluating a kernel's formula here answers whether it has the form
//!
//! ```text
//! K = c [A(t) + B(t) theta/pi + C(t) sin(theta)/pi] + c' [S(t) sin(theta/2) + T(t) cos(theta/2)]
//! ```
//!
//! with constants `c`, `c'` and polynomials over Q, which is the form whose eigenvalues are `c (q1 + q2/pi^2)`, with rational `q1`, `q2`, and for the
//! half angles `c'` times a rational number or one over `pi` (see [`ClosedForm`]).

mod ends;
mod scalar;

use super::Angle;
pub use super::closed_form::{ClosedForm, Halves};
use crate::math::{constant::Constant, polynomial::Polynomial, scalar::Scalar};
use rug::Rational;
use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::{Add, Div, Mul, Neg, Sub},
};

/// The half-angle part of a monomial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    One,
    Sin,
    Cos,
    SinCos,
}

impl Half {
    /// The product of two parts: what is left of `s` and `c`, and a polynomial in `t` unless that is 1.
    fn times(self, other: Self) -> (Self, Option<Polynomial>) {
        let poly =
            |c: [i32; 3], den: i32| Some(Polynomial::new(c.map(|c| Rational::from((c, den))).to_vec()));
        match (self.min(other), self.max(other)) {
            (Self::One, part) => (part, None),
            (Self::Sin, Self::Sin) => (Self::One, poly([1, -1, 0], 2)),
            (Self::Sin, Self::Cos) => (Self::SinCos, None),
            (Self::Sin, _) => (Self::Cos, poly([1, -1, 0], 2)),
            (Self::Cos, Self::Cos) => (Self::One, poly([1, 1, 0], 2)),
            (Self::Cos, _) => (Self::Sin, poly([1, 1, 0], 2)),
            (Self::SinCos, _) => (Self::One, poly([1, 0, -1], 4)),
        }
    }
}

/// `constant theta^theta` times a half-angle part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Monomial {
    constant: Constant,
    theta: u32,
    half: Half,
}

impl Monomial {
    fn new(theta: u32, half: Half) -> Self {
        Self { constant: Constant::default(), theta, half }
    }
    fn one() -> Self {
        Self::new(0, Half::One)
    }
    fn theta() -> Self {
        Self::new(1, Half::One)
    }
    fn sin_half() -> Self {
        Self::new(0, Half::Sin)
    }
    fn cos_half() -> Self {
        Self::new(0, Half::Cos)
    }
    fn of_constant(constant: Constant) -> Self {
        Self { constant, ..Self::one() }
    }
    /// Does it depend on neither the angle nor its half?
    fn is_constant(&self) -> bool {
        self.theta == 0 && self.half == Half::One
    }
}

/// The largest size of a power or a multiple angle that stays in the ring; beyond it, "undefined".
const LARGEST: u32 = 64;

/// An element of the ring, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol(Option<BTreeMap<Monomial, Polynomial>>);

impl Symbol {
    fn monomial(key: Monomial) -> Self {
        Self(Some(BTreeMap::from([(key, Polynomial::new(vec![Rational::from(1)]))])))
    }

    fn term(coefficient: Rational, key: Monomial) -> Self {
        Self(Some(BTreeMap::from([(key, Polynomial::new(vec![coefficient]))]))).cleaned()
    }

    fn rational(value: &Rational) -> Self {
        Self::term(value.clone(), Monomial::one())
    }

    fn cleaned(mut self) -> Self {
        if let Some(terms) = &mut self.0 {
            terms.retain(|_, p| !p.is_zero());
        }
        self
    }

    fn scaled(mut self, factor: &Rational) -> Self {
        if let Some(terms) = &mut self.0 {
            terms.values_mut().for_each(|p| *p = p.scaled(factor));
        }
        self.cleaned()
    }

    /// The angle `theta` as a symbol.
    pub fn angle() -> Angle<Self> {
        let all = [Monomial::theta(), Monomial::sin_half(), Monomial::cos_half()];
        let [theta, sin, cos] = all.map(Self::monomial);
        Angle::new(theta, sin, cos)
    }

    /// The single term `coefficient(t) * monomial`, if there is just one.
    fn single(&self) -> Option<(&Monomial, &Polynomial)> {
        let terms = self.0.as_ref()?;
        (terms.len() == 1).then(|| terms.iter().next()).flatten()
    }

    /// The rational `r` with `self = r * monomial`, zero included.
    fn multiple_of(&self, monomial: &Monomial) -> Option<Rational> {
        if self.is_zero() {
            return Some(Rational::new());
        }
        match self.single() {
            Some((key, p)) if key == monomial && p.degree() == Some(0) => Some(p.leading()),
            _ => None,
        }
    }

    /// The rational number that this is, if it is one.
    pub fn as_rational(&self) -> Option<Rational> {
        self.multiple_of(&Monomial::one())
    }

    /// `(r, c)` with `self = r c` for a rational `r` that is not zero and a constant `c`.
    fn constant_value(&self) -> Option<(Rational, &Constant)> {
        let (key, p) = self.single()?;
        (key.is_constant() && p.degree() == Some(0)).then(|| (p.leading(), &key.constant))
    }

    /// The power with a rational exponent of a positive constant.
    fn constant_power(&self, exponent: &Rational) -> Option<Self> {
        let (rational, constant) = self.constant_value()?;
        let (a, root) = Constant::rational_power(&rational, exponent)?;
        let (b, power) = constant.to_power(exponent)?;
        let (c, product) = root.times(&power);
        Some(Self::term(a * b * c, Monomial::of_constant(product)))
    }

    /// The kernel as a closed form, if it is one.
    pub fn closed_form(&self) -> Option<ClosedForm> {
        let terms = self.0.as_ref()?;
        let (mut parts, mut factors) = ([const { None }; 5], [None, None]);
        for (key, p) in terms {
            let (part, over_pi) = match (key.theta, key.half) {
                (0, Half::One) => (0, 0),
                (1, Half::One) => (1, 1),
                (0, Half::SinCos) => (2, 1),
                (0, Half::Sin) => (3, 0),
                (0, Half::Cos) => (4, 0),
                _ => return None,
            };
            let (_, own) = key.constant.times(&Constant::pi(over_pi));
            if factors[part / 3].get_or_insert_with(|| own.clone()) != &own {
                return None;
            }
            parts[part] = Some(p.clone());
        }
        let [factor, halves] = factors.map(Option::unwrap_or_default);
        let [a, b, twice_c, sine, cosine] = parts.map(Option::unwrap_or_default);
        // sin(theta) = 2 s c, so the coefficient of s c / pi is 2 C.
        let t = Polynomial::new(vec![Rational::new(), Rational::from(1)]);
        let minus_two_b = b.scaled(&Rational::from(-2));
        let step = minus_two_b.plus(&t.times(&twice_c).scaled(&Rational::from(-1)));
        let polynomial = a.plus(&b.scaled(&Rational::from((1, 2))));
        let halves = Halves { factor: halves, sine, cosine };
        Some(ClosedForm { factor, polynomial, step, ramp: twice_c, halves }).filter(ClosedForm::is_decidable)
    }

    /// `(cos(n theta/2), sin(n theta/2))` for the rational multiple `n/2` of theta that `self` is.
    fn turned(&self) -> Option<(Self, Self)> {
        let n = self.multiple_of(&Monomial::theta())? * 2u32;
        let count = n.is_integer().then(|| n.numer().to_i32())??;
        if count.unsigned_abs() > 2 * LARGEST {
            return None;
        }
        let (half_cos, half_sin) =
            (Self::monomial(Monomial::cos_half()), Self::monomial(Monomial::sin_half()));
        let (mut cos, mut sin) = (Self::rational(&Rational::from(1)), Self::rational(&Rational::new()));
        for _ in 0..count.unsigned_abs() {
            (cos, sin) = (
                cos.clone() * half_cos.clone() - sin.clone() * half_sin.clone(),
                sin * half_cos.clone() + cos * half_sin.clone(),
            );
        }
        Some((cos, if count < 0 { -sin } else { sin }))
    }

    fn constant_only(self, at_zero: i32) -> Self {
        if self.is_zero() { Self::rational(&Rational::from(at_zero)) } else { Self(None) }
    }
}

/// Adds one term.
fn add(terms: &mut BTreeMap<Monomial, Polynomial>, key: Monomial, term: Polynomial) {
    match terms.entry(key) {
        Entry::Vacant(place) => {
            place.insert(term);
        }
        Entry::Occupied(mut place) => {
            let total = place.get().plus(&term);
            place.insert(total);
        }
    }
}

impl Neg for Symbol {
    type Output = Self;
    fn neg(self) -> Self {
        self.scaled(&Rational::from(-1))
    }
}

impl Add for Symbol {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (Some(mut sum), Some(terms)) = (self.0, other.0) else { return Self(None) };
        for (key, p) in terms {
            add(&mut sum, key, p);
        }
        Self(Some(sum)).cleaned()
    }
}

impl Sub for Symbol {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Symbol {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let (Some(left), Some(right)) = (self.0, other.0) else { return Self(None) };
        let mut product: BTreeMap<Monomial, Polynomial> = BTreeMap::new();
        for (a, p) in &left {
            for (b, q) in &right {
                let (half, factor) = a.half.times(b.half);
                let (rational, constant) = a.constant.times(&b.constant);
                let key = Monomial { constant, theta: a.theta + b.theta, half };
                let mut term = p.times(q);
                if let Some(factor) = factor {
                    term = term.times(&factor);
                }
                if rational != 1 {
                    term = term.scaled(&rational);
                }
                if key.theta > LARGEST || term.coefficients().len() > LARGEST as usize {
                    return Self(None);
                }
                add(&mut product, key, term);
            }
        }
        Self(Some(product)).cleaned()
    }
}

impl Div for Symbol {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let inverse = other.constant_value().and_then(|(rational, constant)| {
            let (carried, constant) = constant.recip()?;
            Some(Self::term(carried / rational, Monomial::of_constant(constant)))
        });
        let inverse = inverse.unwrap_or(Self(None));
        Mul::mul(self, inverse)
    }
}
