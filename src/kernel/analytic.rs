//! Formulas in a form that shows where they are analytic in the angle.
//!
//! `sqrt(1-t^2)`, `sqrt(2-2t)` and `acos((1+t)/2)` are analytic in `theta` on `[0, pi]`, ends included, but in the form in which they are written the
//! argument of the root touches the edge of its domain, where no enclosure can follow it; and `1/(t-2)` divides by a number that is negative, where
//! proofs look for one off the negative axis. These identities mend that:
//!
//! ```text
//! 1 - t = 2 sin(theta/2)^2                 1 + t = 2 cos(theta/2)^2
//! sqrt(r^2 q) = |r| sqrt(q)                acos(u) = 4 asin( a / sqrt(2 + 2 c) ),  a = sqrt((1-u)/2),  c = sqrt((1+u)/2)
//! asin(u) = pi/2 - acos(u)                 x / (y z^n) = (x / y) (1/z)^n            x / y = (-x) / (-y)
//! ```
//!
//! Where `u` is not a polynomial in `t`, but `1 - u` or `1 + u` begins with an even power of `sin(theta/2)` at 0 or of `cos(theta/2)` at `pi`, as in the
//! recursion of a deep network, that power is taken out of the root ([`Arc`](super::expression::Arc)); which power it is is found in exact numbers.
//!
//! The fourth is `acos(u) = 2 phi` with `cos phi = c`, `sin phi = a`, and `sin(phi/2) = sin phi / (2 cos(phi/2))` with
//! `2 cos(phi/2) = sqrt(2 + 2 c)`: of its four roots the first two touch 0 only where `u` touches an edge, and are opened by the third.

mod arc;

use super::{
    Angle,
    expression::{Function, Tree},
    symbolic::Symbol,
};
use crate::math::{
    constant::{Base, Constant},
    polynomial::{Polynomial, without_roots},
};
use arc::{arc_cosine, arc_sine};
use rug::Rational;

type Formula = Tree<Rational>;

/// The same formula; it must be real and finite on `[0, pi]`.
pub fn form(tree: Formula) -> Formula {
    let go = |tree: Box<Formula>| Box::new(form(*tree));
    match tree {
        Tree::Neg(a) => Tree::Neg(go(a)),
        Tree::Add(a, b) => Tree::Add(go(a), go(b)),
        Tree::Sub(a, b) => Tree::Sub(go(a), go(b)),
        Tree::Mul(a, b) => Tree::Mul(go(a), go(b)),
        Tree::Div(a, b) => quotient(*go(a), *go(b)),
        Tree::Power(a, n) => Tree::Power(go(a), n),
        Tree::Call(Function::Sqrt, a) => root(*go(a)),
        Tree::Call(Function::Acos, a) => arc_cosine(*go(a)),
        Tree::Call(Function::Asin, a) => arc_sine(*go(a)),
        Tree::Call(f, a) => Tree::Call(f, go(a)),
        leaf => leaf,
    }
}

fn number(value: impl Into<Rational>) -> Formula {
    Tree::Number(value.into())
}

fn times(a: Formula, b: Formula) -> Formula {
    match a {
        Tree::Number(one) if one == 1 => b,
        a => Tree::Mul(Box::new(a), Box::new(b)),
    }
}

fn power(a: Formula, n: u32) -> Formula {
    if n == 1 { a } else { Tree::Power(Box::new(a), n) }
}

fn over(a: Formula, b: Formula) -> Formula {
    Tree::Div(Box::new(a), Box::new(b))
}

/// `a / b`, factor by factor, each of them positive on `[0, pi]`: it has no zero there, hence one sign.
fn quotient(a: Formula, b: Formula) -> Formula {
    match b {
        Tree::Neg(b) => Tree::Neg(Box::new(quotient(a, *b))),
        Tree::Mul(b, c) => quotient(quotient(a, *b), *c),
        Tree::Power(b, n) => times(a, power(quotient(number(1), *b), n)),
        b => {
            let middle = b.convert(&0.0).at(&Angle::from_radians(1.0));
            if middle < 0.0 { over(Tree::Neg(Box::new(a)), Tree::Neg(Box::new(b))) } else { over(a, b) }
        }
    }
}

/// `(c, p)` for a formula that is `c p(t)` with a positive constant `c` and a polynomial over the rationals.
fn multiple_of_polynomial(tree: &Formula) -> Option<(Constant, Polynomial)> {
    let angle = Symbol::angle();
    let form = tree.convert(angle.sin_half()).at(&angle).closed_form()?;
    form.as_polynomial().map(|(factor, p)| (factor.clone(), p.clone()))
}

/// The polynomial in `t` over the rationals that a formula is, if it is one.
pub(super) fn polynomial(tree: &Formula) -> Option<Polynomial> {
    multiple_of_polynomial(tree).filter(|(factor, _)| factor.is_one()).map(|(_, p)| p)
}

/// `sqrt(a)`; opened where `a` is a constant times a polynomial in `t` with factors `1 - t`, `1 + t` or squares.
fn root(a: Formula) -> Formula {
    let opened = multiple_of_polynomial(&a).and_then(|(factor, p)| {
        let (rational, root) = factor.to_power(&Rational::from((1, 2)))?;
        Some(times(times(number(rational), constant(&root)), Opened::of(&p)?.formula()))
    });
    opened.unwrap_or_else(|| Tree::Call(Function::Sqrt, Box::new(a)))
}

/// A constant as a formula: whole powers and square roots by themselves, other powers of a number through its logarithm.
fn constant(value: &Constant) -> Formula {
    value.powers().fold(number(1), |product, (base, exponent)| {
        let call = |function, a| Tree::Call(function, Box::new(a));
        let base = match base {
            Base::E => return times(product, call(Function::Exp, number(exponent.clone()))),
            Base::Pi => Tree::Pi,
            Base::Prime(prime) => number(prime.clone()),
        };
        let doubled = Rational::from(exponent * 2u32);
        let count = doubled.numer().to_u32().filter(|_| doubled.is_integer());
        let own = match count {
            Some(n) if n % 2 == 0 => power(base, n / 2),
            Some(n) => power(call(Function::Sqrt, base), n),
            None => call(Function::Exp, times(number(exponent.clone()), call(Function::Log, base))),
        };
        times(product, own)
    })
}

/// Does a square root of this polynomial open?
fn opens(p: &Polynomial) -> bool {
    Opened::of(p).is_some()
}

fn symbol(tree: &Formula) -> Symbol {
    let angle = Symbol::angle();
    tree.convert(angle.sin_half()).at(&angle)
}

/// A polynomial as a formula, by Horner's rule.
fn horner(p: &Polynomial) -> Formula {
    let mut coefficients = p.coefficients().iter().rev().cloned();
    let first = number(coefficients.next().unwrap_or_default());
    coefficients.fold(first, |sum, c| {
        let product =
            if sum == number(1) { Tree::Cosine } else { Tree::Mul(Box::new(sum), Box::new(Tree::Cosine)) };
        if c.is_zero() { product } else { Tree::Add(Box::new(product), Box::new(number(c))) }
    })
}

/// `rest(t) (1-t)^minus (1+t)^plus square(t)^2`.
struct Opened {
    rest: Polynomial,
    minus: u32,
    plus: u32,
    square: Polynomial,
}

impl Opened {
    /// The factors of `p`; `None` where its square root has nothing to open.
    fn of(p: &Polynomial) -> Option<Self> {
        if p.is_zero() {
            return None;
        }
        let (p, minus) = without_roots(p.clone(), 1);
        let (p, plus) = without_roots(p, -1);
        let sign = if minus % 2 == 1 { -1 } else { 1 };
        let p = p.scaled(&Rational::from(sign));
        let (square, rest) = square_part(&p);
        (minus + plus > 0 || square.coefficients().len() > 1).then_some(Self { rest, minus, plus, square })
    }

    /// The square root.
    fn formula(self) -> Formula {
        let scale = Rational::from(rug::Integer::from(1) << (self.minus + self.plus));
        let rest = self.rest.scaled(&scale);
        let mut all = match rest.coefficients() {
            [one] if *one == 1 => number(1),
            _ => Tree::Call(Function::Sqrt, Box::new(horner(&rest))),
        };
        let half = || Box::new(over(Tree::Angle, number(2)));
        for (function, n) in [(Function::Sin, self.minus), (Function::Cos, self.plus)] {
            if n > 0 {
                all = times(all, power(Tree::Call(function, half()), n));
            }
        }
        if self.square.coefficients().len() > 1 {
            all = times(all, Tree::Call(Function::Abs, Box::new(horner(&self.square))));
        }
        all
    }
}

/// `(s, q)` with `p = s^2 q`, `s` as large as can be: Yun's decomposition into square-free factors.
fn square_part(p: &Polynomial) -> (Polynomial, Polynomial) {
    let over = |a: &Polynomial, b: &Polynomial| a.divided(b).0;
    let slope = p.derivative();
    let common = gcd(p, &slope);
    let (mut b, mut d) = (over(p, &common), over(&slope, &common));
    d = d.minus(&b.derivative());
    let (mut square, mut order) = (Polynomial::constant(Rational::from(1)), 1u32);
    while b.degree() > Some(0) {
        let factor = gcd(&b, &d);
        for _ in 0..order / 2 {
            square = square.times(&factor);
        }
        b = over(&b, &factor);
        d = over(&d, &factor).minus(&b.derivative());
        order += 1;
    }
    let rest = over(p, &square.times(&square));
    (square, rest)
}

/// The greatest common divisor with leading coefficient 1: Euclid's algorithm.
fn gcd(a: &Polynomial, b: &Polynomial) -> Polynomial {
    let monic = |p: &Polynomial| {
        if p.is_zero() { p.clone() } else { p.scaled(&Rational::from(p.leading().recip_ref())) }
    };
    let (mut a, mut b) = (monic(a), monic(b));
    while !b.is_zero() {
        let rest = monic(&a.divided(&b).1);
        (a, b) = (b, rest);
    }
    a
}

#[cfg(test)]
mod tests;
