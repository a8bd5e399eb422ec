//! Truncated power series in one real variable `x`, with coefficients in [`Ball`].
//!
//! A kernel's own formula, evaluated in [`Series`], gives the Taylor coefficients of the kernel. What is known of a series is its coefficients below
//! some power; each is enclosed. Two facts are kept exactly, beside the numbers: that a coefficient is 0, and that the function is even or odd in `x`.
//! Both come from the formula alone: a sum of even functions is even, a function of an even one is even, and so on; so a series marked as even
//! has no odd term of *any* order, which no finite list of numbers could show.
//!
//! Functions are found from their differential equations, at a cost of the square of the number of terms. A quotient by a series that begins with `x^v` is
//! known to `v` terms less.

mod elementary;

use super::{ball::Ball, scalar::Scalar, units::Bits};
use rayon::prelude::*;
use rug::Float;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What the formula proves of a function under `x -> -x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symmetry {
    /// `f(-x) = f(x)`.
    Even,
    /// `f(-x) = -f(x)`.
    Odd,
    /// Nothing is proved.
    Unknown,
}

impl Symmetry {
    /// That of a product.
    fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ if self == other => Self::Even,
            _ => Self::Odd,
        }
    }

    /// That of a derivative.
    fn flipped(self) -> Self {
        self.times(Self::Odd)
    }

    /// Does it make the coefficient of `x^power` vanish?
    fn excludes(self, power: usize) -> bool {
        match self {
            Self::Even => power % 2 == 1,
            Self::Odd => power.is_multiple_of(2),
            Self::Unknown => false,
        }
    }
}

/// `terms[0] + terms[1] x + ... + O(x^known)`.
///
/// Invariants: `terms.len() <= known`; coefficients from `terms.len()` to `known` are exactly 0; those that the symmetry excludes are exactly 0. No terms
/// at all, with `known > 0`, is the function 0. With `known = 0` the series is undefined.
#[derive(Clone, Debug)]
pub struct Series {
    terms: Vec<Ball>,
    known: usize,
    /// The number of terms to which constants are taken as known.
    order: usize,
    precision: Bits,
    symmetry: Symmetry,
}

impl Series {
    /// The variable `x`, known to `order` terms, with coefficients at `precision`.
    pub fn variable(order: usize, precision: Bits) -> Self {
        let [zero, one] = [0, 1].map(|n| Ball::exact(Float::with_val(precision.0, n)));
        Self { terms: vec![zero, one], known: order, order, precision, symmetry: Symmetry::Odd }.shaped()
    }

    /// How many coefficients are known; 0 if the series is undefined.
    pub fn known(&self) -> usize {
        self.known
    }

    /// The coefficient of `x^power`; none where it is not known.
    pub fn coefficient(&self, power: usize) -> Option<Ball> {
        let zero = || Ball::exact(Float::new(self.precision.0));
        (power < self.known).then(|| self.terms.get(power).cloned().unwrap_or_else(zero))
    }

    /// What the formula proves under `x -> -x`.
    pub fn symmetry(&self) -> Symmetry {
        self.symmetry
    }

    fn zero_ball(&self) -> Ball {
        Ball::exact(Float::new(self.precision.0))
    }

    /// The series with these terms, known to `known`, of the order and precision of `self`.
    fn with(&self, terms: Vec<Ball>, known: usize, symmetry: Symmetry) -> Self {
        Self { terms, known, symmetry, ..*self }.shaped()
    }

    fn undefined(&self) -> Self {
        Self { terms: vec![], known: 0, symmetry: Symmetry::Unknown, ..*self }
    }

    /// Restores the invariants.
    fn shaped(mut self) -> Self {
        self.terms.truncate(self.known);
        let precision = self.precision.0;
        for (power, term) in self.terms.iter_mut().enumerate() {
            if self.symmetry.excludes(power) {
                *term = Ball::exact(Float::new(precision));
            }
        }
        self
    }

    /// The number of leading coefficients that are exactly 0; none for the function 0.
    fn valuation(&self) -> Option<usize> {
        if self.is_zero() {
            return None;
        }
        Some(self.terms.iter().position(|term| !term.is_zero()).unwrap_or(self.terms.len()))
    }

    /// The same times `x^-v`; its first `v` coefficients must be 0.
    fn lowered(&self, v: usize) -> Self {
        let symmetry = if v.is_multiple_of(2) { self.symmetry } else { self.symmetry.flipped() };
        let terms = self.terms.iter().skip(v).cloned().collect();
        self.with(terms, self.known.saturating_sub(v), symmetry)
    }

    /// The same times `x^v`.
    fn raised(&self, v: usize) -> Self {
        let symmetry = if v.is_multiple_of(2) { self.symmetry } else { self.symmetry.flipped() };
        let zeros = std::iter::repeat_n(self.zero_ball(), v);
        self.with(zeros.chain(self.terms.iter().cloned()).collect(), self.known + v, symmetry)
    }

    /// The derivative.
    fn derivative(&self) -> Self {
        if self.is_zero() {
            return self.clone();
        }
        let terms = self.terms.iter().zip(0..).skip(1).map(|(term, n)| term.clone().times(n)).collect();
        self.with(terms, self.known.saturating_sub(1), self.symmetry.flipped())
    }

    /// The integral that starts at `constant`.
    fn integral(&self, constant: Ball) -> Self {
        if self.known == 0 {
            return self.undefined();
        }
        let symmetry = match self.symmetry {
            _ if self.is_zero() => Symmetry::Even,
            Symmetry::Odd => Symmetry::Even,
            Symmetry::Even if constant.is_zero() => Symmetry::Odd,
            _ => Symmetry::Unknown,
        };
        let terms =
            std::iter::once(constant).chain(self.terms.iter().zip(1..).map(|(term, n)| term.clone().over(n)));
        self.with(terms.collect(), self.known + 1, symmetry)
    }

    /// The quotient; with `regular` the numerator is known to begin with the power of the denominator.
    fn quotient(&self, other: &Self, regular: bool) -> Self {
        let known = self.known.min(other.known);
        let Some(v) = other.valuation().filter(|v| *v < known) else { return self.undefined() };
        if self.is_zero() {
            return self.clone();
        }
        let leading = self.valuation().unwrap_or(0);
        if leading < v && !regular {
            return self.undefined();
        }
        let (above, below) = (self.lowered(v), other.lowered(v));
        let Some((head, tail)) = below.terms.split_first() else { return self.undefined() };
        let length = if tail.is_empty() { above.terms.len() } else { known - v };
        let mut terms: Vec<Ball> = Vec::with_capacity(length);
        let symmetry = self.symmetry.times(other.symmetry);
        for k in 0..length {
            if symmetry.excludes(k) {
                terms.push(self.zero_ball());
                continue;
            }
            let start = above.terms.get(k).cloned().unwrap_or_else(|| self.zero_ball());
            let rest = -(-start).plus_products(products(tail.iter(), terms.iter().rev()));
            terms.push(rest / head.clone());
        }
        self.with(terms, known - v, symmetry)
    }
}

/// So many coefficients of a product are found by one thread.
const SHORTEST_PART: usize = 128;

/// The pairs in which no factor is exactly 0.
fn products<'a>(
    a: impl Iterator<Item = &'a Ball>,
    b: impl Iterator<Item = &'a Ball>,
) -> impl Iterator<Item = (&'a Ball, &'a Ball)> {
    a.zip(b).filter(|(a, b)| !a.is_zero() && !b.is_zero())
}

impl Neg for Series {
    type Output = Self;
    fn neg(self) -> Self {
        let terms = self.terms.iter().map(|term| -term.clone()).collect();
        self.with(terms, self.known, self.symmetry)
    }
}

impl Add for Series {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let symmetry = match (self.is_zero(), other.is_zero()) {
            (true, _) => other.symmetry,
            (_, true) => self.symmetry,
            _ if self.symmetry == other.symmetry => self.symmetry,
            _ => Symmetry::Unknown,
        };
        let known = self.known.min(other.known);
        let (mut long, short) = if self.terms.len() >= other.terms.len() {
            (self.terms.clone(), &other.terms)
        } else {
            (other.terms.clone(), &self.terms)
        };
        for (sum, term) in long.iter_mut().zip(short) {
            *sum = sum.clone() + term.clone();
        }
        self.with(long, known, symmetry)
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
        let (Some(v), Some(w)) = (self.valuation(), other.valuation()) else {
            let known = self.known.min(other.known);
            return self.with(vec![], known, Symmetry::Even);
        };
        // An error of O(x^n) in one factor becomes O(x^(n+v)), v the first power of the other.
        let known = (self.known + w).min(other.known + v).min(self.order.max(other.order));
        let length = (self.terms.len() + other.terms.len()).saturating_sub(1).min(known);
        let symmetry = self.symmetry.times(other.symmetry);
        let term = |k: usize| {
            if symmetry.excludes(k) {
                return self.zero_ball();
            }
            let first = (k + 1).saturating_sub(other.terms.len());
            let (a, b) = (self.terms.iter().skip(first), &other.terms[..=(k - first)]);
            self.zero_ball().plus_products(products(a, b.iter().rev()))
        };
        let terms = (0..length).into_par_iter().with_min_len(SHORTEST_PART).map(term).collect();
        self.with(terms, known, symmetry)
    }
}

impl Div for Series {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.quotient(&other, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::Rational;

    /// `sqrt(x^2 + x^3) = x (1 + x/2 - x^2/8 + ...)`: of nine coefficients below a square two are lost, and one comes back.
    #[test]
    fn roots_of_squares_lose_one_term() {
        let x = Series::variable(10, Bits(80));
        let one = x.constant(&Rational::from(1));
        let root = (x.clone() * x.clone() * (one + x)).sqrt();
        assert_eq!(root.known(), 9);
        for (power, right) in [0.0, 1.0, 0.5, -0.125].into_iter().enumerate() {
            assert!((root.coefficient(power).unwrap().midpoint().to_f64() - right).abs() < 1e-15, "{power}");
        }
    }

    /// A polynomial over a short series: what is known ends where that does.
    #[test]
    fn quotients_are_known_as_far_as_both() {
        let [long, short] = [12, 5].map(|order| Series::variable(order, Bits(80)));
        let quotient = (long.clone() * long.clone() * long.clone()) / short;
        assert_eq!((quotient.known(), quotient.terms.len()), (4, 3));
        assert_eq!(quotient.coefficient(2).unwrap().midpoint().to_f64(), 1.0);
    }

    /// What is exactly 0 makes a coefficient that is no number count for nothing.
    #[test]
    fn nothing_times_the_unknown_is_nothing() {
        let x = Series::variable(4, Bits(80));
        let [zero, one] = [0, 1].map(|n| Ball::exact(Float::with_val(80, n)));
        let unknown = one.clone() / zero.clone();
        let a = x.with(vec![one.clone(), unknown], 4, Symmetry::Unknown);
        let b = x.with(vec![one.clone(), zero, one], 4, Symmetry::Unknown);
        let product = a * b;
        assert!(!product.coefficient(1).unwrap().is_finite());
        assert!(product.coefficient(2).unwrap().is_finite());
        assert_eq!(product.coefficient(2).unwrap().midpoint().to_f64(), 1.0);
    }

    /// The exponential by three of its coefficients, of a series that starts with a square: to five powers, and its derivative to three.
    #[test]
    fn a_function_is_known_as_far_as_its_coefficients_tell() {
        let x = Series::variable(12, Bits(80));
        let argument = x.constant(&Rational::from(1)) + x.clone() * x.clone() + x.clone() * x.clone() * x;
        let taylor = |at: &Ball| {
            let value = at.clone().exp();
            vec![value.clone(), value.clone(), value.half()]
        };
        let [value, slope] = argument.composed(taylor).unwrap();
        assert_eq!((value.known(), slope.known()), (6, 4));
        let right = argument.exp();
        for (found, known) in [(value, 6), (slope, 4)] {
            for power in 0..known {
                let [a, b] = [&found, &right].map(|series| series.coefficient(power).unwrap());
                assert!((a.clone() - b).contains_zero() && a.radius() < 1e-20, "{power}");
            }
        }
    }

    /// `sin a - a cos a` by its derivative: the same numbers, and what cancels is exactly 0.
    #[test]
    fn the_excess_of_a_short_angle_starts_with_its_cube() {
        let x = Series::variable(8, Bits(80));
        let angle = x.clone() + x.clone() * x.clone();
        let (sin, cos) = angle.clone().sin_cos();
        let plain = sin.clone() - angle.clone() * cos.clone();
        let found = angle.excess(sin, cos);
        assert!((0..3).all(|power| found.coefficient(power).unwrap().is_zero()));
        assert!((found.coefficient(3).unwrap().midpoint().to_f64() - 1.0 / 3.0).abs() < 1e-20);
        let nothing = x.constant(&Rational::new());
        assert_eq!(nothing.clone().excess(nothing.clone(), nothing).symmetry(), Symmetry::Even);
        for power in 3..8 {
            let [a, b] = [&found, &plain].map(|series| series.coefficient(power).unwrap());
            assert!((a - b).contains_zero(), "{power}");
        }
    }
}
