//! A user's own function of `u`, written as a formula.
//!
//! Admissible are `u` and exact numbers with `+`, `-`, `*`, whole powers, and exp, sin, cos, sinh, cosh, tanh, sigmoid, softplus, erf and atan of
//! affine arguments, exp of quadratic ones that fall on both sides, and quotients by numbers and by quadratic polynomials without real zeros: each is
//! analytic in a strip that is known, and its size there too (`strip`), so that its Hermite series is proved.

mod formula;
mod parser;
mod print;
mod split;
mod strip;
mod values;

use super::{
    Class, Definition, Extent, Key, Parity, Powers,
    dual::{Dual, Mean, PowerSeries, polynomial},
    last_powers,
    series::{GUARD, MOST_TERMS, Table, roots, rule, usable},
};
use crate::math::{ball::Ball, machine::Machine, scalar::Scalar, units::Bits};
use formula::Formula;
use rug::{Float, Rational};
use split::{Part, Split};
use std::{f64::consts::LN_2, fmt, sync::Arc};

/// A function of `u`, written as a formula; prints as one that parses back to an equal function.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    formula: Formula,
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.formula.fmt(f)
    }
}

/// Terms tried first for functions without a singularity, and what they grow by.
const FIRST_TERMS: f64 = 48.0;
const MORE_TERMS: f64 = 1.4;

impl Expr {
    /// The function that `text` writes.
    ///
    /// # Errors
    /// What was found, and what would be right, where it is no admissible formula.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        parser::parse(text).map(|formula| Self { formula })
    }

    /// Is it certain which Hermite coefficients vanish for all inputs? Not where parts may cancel, as in `sin(u)^2 + cos(u)^2`.
    pub fn is_plain(&self) -> bool {
        let Split { even, odd } = Split::of(&self.formula);
        [even, odd].iter().all(|part| !matches!(part, Part::Unknown))
    }

    /// Is the function 0, and is it a constant, as far as its form tells?
    pub fn degenerate(&self) -> (bool, bool) {
        let coefficients = self.polynomial();
        let all =
            |from: usize| coefficients.as_ref().is_some_and(|all| all.iter().skip(from).all(|c| c.is_zero()));
        (all(0), all(1))
    }

    fn polynomial(&self) -> Option<Vec<Rational>> {
        self.formula.polynomial()
    }

    /// The series of `terms` at variance `q`, on the best of a few strips.
    fn expanded(&self, q: &Ball, terms: u32, accuracy: Bits) -> Option<Table> {
        let slope = self.formula.derivative();
        let [root, least] = roots(q);
        let strips = strip::candidates(&[&self.formula, &slope], root, least);
        let step = |strip: &rule::Strip| strip.step(terms, accuracy.plus(GUARD));
        let best = strips.into_iter().max_by(|a, b| step(a).total_cmp(&step(b)))?;
        let rule = rule::Rule::new(&best, terms, accuracy.plus(GUARD));
        let parts = |u: &Ball| [self.formula.enclosed(u), slope.enclosed(u)];
        let rule::Sums { coefficients, moments: [value, steepness] } =
            rule.sums(q, terms, self.parity(), parts);
        let mean = coefficients[0].clone();
        Some(Table::new(q, coefficients, [value, steepness * q.clone()], mean))
    }
}

impl Definition for Expr {
    const NAME: &'static str = "expr";
    const FORMULA: &'static str = "a formula in u with + - * / ^, exp sin cos sinh cosh tanh sigmoid softplus erf atan of affine arguments";
    const CLASS: Class = Class::Series;
    const KEYS: &'static [Key] = &[Key::needed("formula")];

    fn new(_: Vec<Rational>) -> Result<Self, String> {
        Err("a formula in u, as in expr(u*tanh(u))".into())
    }

    fn function<R: Machine>(&self) -> impl Fn(R) -> [R; 2] + Send + Sync {
        let formula = self.formula.clone();
        move |u| formula.with_slope(u)
    }

    fn class(&self) -> Class {
        if self.polynomial().is_some() { Class::Entire } else { Class::Series }
    }

    fn dual<T: Scalar>(&self, q: &T) -> Option<Dual<T>> {
        let (coefficients, _) = polynomial(q, &self.polynomial()?, &Rational::from(1));
        Some(Dual::Smooth(Arc::new(PowerSeries { coefficients, q: q.clone() })))
    }

    fn mean<T: Scalar>(&self, q: &T) -> Mean<T> {
        match self.polynomial() {
            Some(coefficients) => Mean::of(polynomial(q, &coefficients, &Rational::from(1)).1),
            None => Mean::zero(q),
        }
    }

    fn series(&self, q: &Ball, accuracy: Bits) -> Option<Table> {
        let [root, _] = usable(q)?;
        let wanted = f64::from(accuracy.0) * LN_2;
        let width = self.formula.half_width();
        // a_n^2 falls like e^(-2 width sqrt(n/q)), and faster where there is no singularity.
        let law = ((wanted + 2.0 * (wanted * root + 10.0).ln()) * root / (2.0 * width)).powi(2);
        let mut terms = law.max(FIRST_TERMS);
        loop {
            if terms > MOST_TERMS {
                return None;
            }
            let table = self.expanded(q, terms as u32 | 1, accuracy)?;
            let scale = table.squares.iter().fold(0.0, |sum: f64, square| sum + square.magnitude().to_f64());
            let most = Float::with_val(64, scale.max(1e-300)) >> accuracy.0;
            if table.tails.iter().all(|tail| tail.magnitude() <= most) {
                return Some(table);
            }
            terms *= MORE_TERMS;
        }
    }

    fn parity(&self) -> Option<Parity> {
        let Split { even, odd } = Split::of(&self.formula);
        if even.is_zero() {
            return Some(Parity::Odd);
        }
        odd.is_zero().then_some(Parity::Even)
    }

    fn constant(&self) -> Option<Rational> {
        match Split::of(&self.formula).even {
            Part::Polynomial(coefficients) if coefficients.len() < 2 => {
                Some(coefficients.into_iter().next().unwrap_or_default())
            }
            _ => None,
        }
    }

    fn indices(&self) -> Powers {
        let Split { even, odd } = Split::of(&self.formula);
        let extent = |part: &Part, of: fn(&Powers) -> Extent| match part {
            Part::Polynomial(coefficients) => of(&last_powers(coefficients)),
            _ => Extent::Unbounded,
        };
        Powers { even: extent(&even, |powers| powers.even), odd: extent(&odd, |powers| powers.odd) }
    }
}

#[cfg(test)]
mod tests;
