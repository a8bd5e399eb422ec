//! Arc cosines and arc sines whose argument touches the edge of its domain at an end of `[0, pi]`.

use super::{Formula, horner, number, opens, over, polynomial, root, symbol, times};
use crate::{
    kernel::{
        expression::{Arc, Function, Tree},
        symbolic::Symbol,
    },
    math::polynomial::Polynomial,
};
use rug::Rational;

/// `arccos u`.
pub(super) fn arc_cosine(u: Formula) -> Formula {
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
    let [(below, near), (above, far)] = [gap(u, false)?, gap(u, true)?];
    let orders = [near, far];
    let even = orders.iter().flatten().all(|order| order % 2 == 0);
    let touches = orders.iter().flatten().any(|order| *order > 0);
    if !even || !touches {
        return None;
    }
    let powers = orders.map(|ends| ends.map(|order| order as u32 / 2));
    Some(Tree::Arc(Box::new(Arc { gaps: [below, above], powers })))
}

/// `1 - u`, or `1 + u` where it is the gap `above`, with the powers of `sin(theta/2)` and `cos(theta/2)` with which it begins at the ends.
///
/// `1 - exp v = 2 sinh(-v/2) exp(v/2)` begins like `v`, `1 + exp v` never vanishes, and `1 - a/b = (b - a)/b`.
fn gap(u: &Formula, above: bool) -> Option<(Formula, [usize; 2])> {
    let orders = |tree: &Formula| {
        let value = symbol(tree);
        Some([value.order_at(false)?, value.order_at(true)?])
    };
    let sum = |a: Formula, b: Formula| {
        let (a, b) = (Box::new(a), Box::new(b));
        if above { Tree::Add(a, b) } else { Tree::Sub(a, b) }
    };
    match u {
        Tree::Neg(v) => gap(v, !above),
        Tree::Call(Function::Exp, _) if above => Some((sum(number(1), u.clone()), [0, 0])),
        Tree::Call(Function::Exp, v) => {
            let half = || Box::new(over((**v).clone(), number(2)));
            let sine = Tree::Call(Function::Sinh, Box::new(Tree::Neg(half())));
            let gap = times(number(2), times(sine, Tree::Call(Function::Exp, half())));
            Some((gap, orders(v)?))
        }
        Tree::Div(a, b) if orders(b)? == [0, 0] => {
            let rest = sum((**b).clone(), (**a).clone());
            let orders = orders(&rest)?;
            Some((over(rest, (**b).clone()), orders))
        }
        _ => {
            let rest = sum(number(1), u.clone());
            let orders = orders(&rest)?;
            Some((rest, orders))
        }
    }
}

/// `arcsin u`.
pub(super) fn arc_sine(u: Formula) -> Formula {
    match arc_cosine(u) {
        Tree::Call(Function::Acos, u) => Tree::Call(Function::Asin, u),
        cosine => Tree::Sub(Box::new(over(Tree::Pi, number(2))), Box::new(cosine)),
    }
}
