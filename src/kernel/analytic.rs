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
//! Where `u` is not a polynomial in `t`, but `1 - u` or `1 + u` begins with an even power of `sin(theta/2)` at 0 or of `cos(theta/2)` at `pi`, as in the recursion of a
//! deep network, that power is taken out of the root ([`Arc`]); which power it is is found in exact numbers.
//!
//! The fourth is `acos(u) = 2 phi` with `cos phi = c`, `sin phi = a`, and `sin(phi/2) = sin phi / (2 cos(phi/2))` with
//! `2 cos(phi/2) = sqrt(2 + 2 c)`: of its four roots the first two touch 0 only where `u` touches an edge, and are opened by the third.

use super::{
    Angle,
    expression::{Arc, Function, Tree},
    symbolic::Symbol,
};
use crate::math::{
    constant::{Base, Constant},
    polynomial::{Polynomial, without_roots},
};
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
fn polynomial(tree: &Formula) -> Option<Polynomial> {
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

fn arc_cosine(u: Formula) -> Formula {
    if u == Tree::Cosine {
        return Tree::Angle;
    }
    let half = Rational::from((1, 2));
    let Some(p) = polynomial(&u).filter(|p| p.coefficients().len() > 1) else {
        return half_angle(&u)
            .or_else(|| touching(&u))
            .unwrap_or_else(|| Tree::Call(Function::Acos, Box::new(u)));
    };
    let one = Polynomial::new(vec![half.clone()]);
    let (below, above) = (one.plus(&p.scaled(&Rational::from(-&half))), one.plus(&p.scaled(&half)));
    if !opens(&below) && !opens(&above) {
        return Tree::Call(Function::Acos, Box::new(u));
    }
    let (a, c) = (root(horner(&below)), root(horner(&above)));
    let denominator = Tree::Add(Box::new(number(2)), Box::new(times(number(2), c)));
    let sine = over(a, Tree::Call(Function::Sqrt, Box::new(denominator)));
    times(number(4), Tree::Call(Function::Asin, Box::new(sine)))
}

fn symbol(tree: &Formula) -> Symbol {
    let angle = Symbol::angle();
    tree.convert(angle.sin_half()).at(&angle)
}

/// The arc cosine of `+-cos(theta/2)` or `+-sin(theta/2)`.
fn half_angle(u: &Formula) -> Option<Formula> {
    let (value, angle) = (symbol(u), Symbol::angle());
    let half = || over(Tree::Angle, number(2));
    let sum = |a: Formula, b: Formula| Tree::Add(Box::new(a), Box::new(b));
    let difference = |a: Formula, b: Formula| Tree::Sub(Box::new(a), Box::new(b));
    let (sin, cos) = (angle.sin_half().clone(), angle.cos_half().clone());
    let right = || over(Tree::Pi, number(2));
    let known = [
        (cos.clone(), half()),
        (-cos, difference(Tree::Pi, half())),
        (sin.clone(), difference(right(), half())),
        (-sin, sum(right(), half())),
    ];
    known.into_iter().find(|(candidate, _)| *candidate == value).map(|(_, arc)| arc)
}

/// The arc cosine of an argument that touches 1 or -1 at an end, like an even power of the half-angle function that vanishes there: it is analytic there.
fn touching(u: &Formula) -> Option<Formula> {
    let (value, one) = (symbol(u), symbol(&number(1)));
    let gaps = [one.clone() - value.clone(), one + value];
    let orders = gaps
        .iter()
        .map(|gap| Some([gap.order_at(false)?, gap.order_at(true)?]))
        .collect::<Option<Vec<_>>>()?;
    let even = orders.iter().flatten().all(|order| order % 2 == 0);
    let touches = orders.iter().flatten().any(|order| *order > 0);
    if !even || !touches {
        return None;
    }
    let powers = [0, 1].map(|i: usize| orders[i].map(|order| order as u32 / 2));
    let sides = [
        Tree::Sub(Box::new(number(1)), Box::new(u.clone())),
        Tree::Add(Box::new(number(1)), Box::new(u.clone())),
    ];
    Some(Tree::Arc(Box::new(Arc { gaps: sides, powers })))
}

fn arc_sine(u: Formula) -> Formula {
    match arc_cosine(u) {
        Tree::Call(Function::Acos, u) => Tree::Call(Function::Asin, u),
        cosine => Tree::Sub(Box::new(over(Tree::Pi, number(2))), Box::new(cosine)),
    }
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
mod tests {
    use super::super::{Kernel, expression::parse};
    use super::*;
    use crate::{
        math::units::{Digits, Dimension},
        spectrum::{Goal, Kind, spectrum},
    };

    fn arc_cosine_of_relu(t: f64) -> f64 {
        let (theta, pi) = (t.acos(), std::f64::consts::PI);
        // Rounding may carry it beyond 1.
        ((theta.sin() + (pi - theta) * t) / pi).min(1.0)
    }

    /// The form is the formula, at points of the interval and at its ends.
    #[test]
    fn nothing_changes_in_value() {
        type Plain = fn(f64) -> f64;
        let cases: [(&str, Plain); 23] = [
            ("asin(sqrt((1-t)/2))", |t| t.acos() / 2.0),
            ("acos(cos(theta/2))", |t| t.acos() / 2.0),
            ("acos(-sin(theta/2))", |t| std::f64::consts::FRAC_PI_2 + t.acos() / 2.0),
            ("acos((sin(theta)+(pi-theta)*t)/pi)", |t| arc_cosine_of_relu(t).acos()),
            ("asin((sqrt(1-t^2)+(pi-acos(t))*t)/pi)", |t| arc_cosine_of_relu(t).asin()),
            ("acos(1-theta^2/10)", |t| (1.0 - t.acos().powi(2) / 10.0).acos()),
            ("sqrt(pi*(1-t))", |t| (std::f64::consts::PI * (1.0 - t)).sqrt()),
            ("sqrt(sqrt(3)*exp(1/2)*(1+t)^3/2)", |t| {
                (3f64.sqrt() * 0.5f64.exp() * (1.0 + t).powi(3) / 2.0).sqrt()
            }),
            ("acos(t*pi/4)", |t| (t * std::f64::consts::FRAC_PI_4).acos()),
            ("sqrt(1-t^2)", |t| (1.0 - t * t).sqrt()),
            ("sqrt(2-2*t)", |t| (2.0 - 2.0 * t).sqrt()),
            ("sqrt((1+t)/2)", |t| ((1.0 + t) / 2.0).sqrt()),
            ("sqrt((1-t)*(3+t))", |t| ((1.0 - t) * (3.0 + t)).sqrt()),
            ("sqrt((1-t)^3)", |t| (1.0 - t).powi(3).sqrt()),
            ("sqrt((t-1/3)^2*(2+t))", |t| (t - 1.0 / 3.0).abs() * (2.0 + t).sqrt()),
            ("asin(t)", f64::asin),
            ("asin(-t)", |t| (-t).asin()),
            ("acos((1+t)/2)", |t| ((1.0 + t) / 2.0).acos()),
            ("acos(t^3)", |t| t.powi(3).acos()),
            ("acos(2*t^2-1)", |t| (2.0 * t * t - 1.0).acos()),
            ("asin((t-1)/2)", |t| ((t - 1.0) / 2.0).asin()),
            ("acos(t/2)", |t| (t / 2.0).acos()),
            ("t/((t-2)^3*(t-3))-1/(-2-t)", |t| t / ((t - 2.0).powi(3) * (t - 3.0)) - 1.0 / (-2.0 - t)),
        ];
        for (text, plain) in cases {
            let tree = form(parse(text).unwrap()).convert(&0.0);
            for i in 0..=40 {
                let theta = std::f64::consts::PI * f64::from(i) / 40.0;
                let angle = match i {
                    0 => Angle::new(0.0, 0.0, 1.0),
                    40 => Angle::new(theta, 1.0, 0.0),
                    _ => Angle::from_radians(theta),
                };
                let (found, expected) = (tree.at(&angle), plain(angle.cos()));
                assert!((found - expected).abs() < 3e-8, "{text} at {theta}: {found} {expected}");
            }
        }
    }

    /// Roots that touch their edge and quotients by negative numbers are certified; values by hand: `pi^2/8` and `pi/8` are integrals of `asin`.
    #[test]
    fn touching_roots_are_certified() {
        let pi = std::f64::consts::PI;
        let sphere = Dimension::SPHERE;
        let values = |text: &str| {
            spectrum(
                &format!("expr:{text}").parse::<Kernel>().unwrap(),
                sphere,
                &"0..3".parse().unwrap(),
                &Goal::digits(Digits::FEW),
            )
            .unwrap()
        };
        for (text, expected) in [
            ("asin(t)", [0.0, pi / 8.0, 0.0, 0.024_543_692_606_170_26]),
            ("acos(t)+asin(t)", [pi / 2.0, 0.0, 0.0, 0.0]),
            ("sqrt(2-2*t)", [4.0 / 3.0, -4.0 / 15.0, -4.0 / 105.0, -4.0 / 315.0]),
        ] {
            let found = values(text);
            for (value, expected) in found.eigenvalues.iter().zip(expected) {
                assert!(
                    (value.to_f64() - expected).abs() < 1e-8,
                    "{text}, {}: {}",
                    value.degree,
                    value.to_f64()
                );
            }
        }
        // int_0^1 log((2-t)/(2+t)) ... : 1/(t-2) has eigenvalue -ln(3)/2 at degree 0.
        let found = values("1/(t-2)");
        assert!((found.eigenvalues[0].to_f64() + 3f64.ln() / 2.0).abs() < 1e-12);
        for text in [
            "1/(t-2)",
            "1/(t-2)^3",
            "1/((t-2)*(t-3))",
            "acos((1+t)/2)",
            "exp(-sqrt(2-2*t))",
            "sqrt(1-t^2)*exp(t)",
            "acos(t^3)",
            "asin(sqrt((1-t)/2))*exp(t)",
            "acos((sin(theta)+(pi-theta)*t)/pi)",
            "t*(pi-acos((sqrt(1-t^2)+(pi-acos(t))*t)/pi))",
            "acos(1-theta^2/10)",
        ] {
            let found = values(text);
            assert!(
                found.eigenvalues.iter().all(|value| value.kind != Kind::Estimate),
                "{text}: {:?}",
                found.obstacle
            );
        }
        // A deep network, written out by hand.
        let layer = "(sin(theta)+(pi-theta)*t)/pi";
        let by_hand = format!("(sin(acos({layer}))+(pi-acos({layer}))*{layer})/pi");
        let network = spectrum(
            &"nngp:depth=2".parse().unwrap(),
            sphere,
            &"0..3".parse().unwrap(),
            &Goal::digits(Digits::FEW),
        )
        .unwrap();
        for (a, b) in values(&by_hand).eigenvalues.iter().zip(&network.eigenvalues) {
            assert!(
                a.kind == Kind::Certified && (a.to_f64() / b.to_f64() - 1.0).abs() < 1e-6,
                "{} {}",
                a.to_f64(),
                b.to_f64()
            );
        }
        let laplace = spectrum(
            &"laplace".parse().unwrap(),
            sphere,
            &"0..3".parse().unwrap(),
            &Goal::digits(Digits::FEW),
        )
        .unwrap();
        for (a, b) in values("exp(-sqrt(2-2*t))").eigenvalues.iter().zip(&laplace.eigenvalues) {
            assert!((a.to_f64() / b.to_f64() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn squares_are_found() {
        let poly = |c: &[i32]| Polynomial::new(c.iter().map(|c| Rational::from(*c)).collect());
        let (a, b) = (poly(&[-1, 3]), poly(&[1, 0, 2]));
        let p = a.times(&a).times(&a).times(&b).times(&b);
        let (square, rest) = square_part(&p);
        assert_eq!(square.times(&square).times(&rest), p);
        assert_eq!((square.coefficients().len(), rest.coefficients().len()), (4, 2));
        assert_eq!(square_part(&b).0.coefficients().len(), 1);
    }
}
