//! Eigenvalues of odd powers of the chords, as `W_d R(e) Y_n(k)` for every degree.
//!
//! **Theorem.** With `x = 2 sin(theta/2)`, `y = 2 cos(theta/2)`, polynomials `S, T` over Q and `e = k(k+d-1)`, for each parity of `k` there are `n` and `R` in
//! `Q[e]` such that the eigenvalues of `S(t) sin(theta/2) + T(t) cos(theta/2)` are, for every `k >= 0` of that parity,
//!
//! ```text
//! W_d R(e) Y_n(k),     Y_n(k) = Gamma(k-n-1/2) / Gamma(k+d+n+1/2) = 1 / prod_{m=0}^{d+2n} (k-n-1/2+m),     W_d = 2^(d-1) Gamma((d+1)/2)^2 / pi
//! ```
//!
//! *Proof.* `t = 1 - x^2/2 = -1 + y^2/2` makes them odd polynomials in `x` and in `y`. By Rodrigues' formula `(1-t)^s` has the eigenvalue
//! `omega_d 2^(s+d-1) Gamma(s+d/2) Gamma(d/2) (-s)_k / Gamma(s+d+k)`, which at `s = i + 1/2` says
//!
//! ```text
//! x^(2i+1)  ->  (-1)^(i+1) 4^i ((d+1)/2)_i (3/2)_i W_d Y_i(k),          y^(2i+1)  ->  (-1)^k times that
//! ```
//!
//! and `Y_(n-1) / Y_n = (k-n-1/2)(k+d+n-1/2) = e - a(a+d-1)`, `a = n + 1/2`. No factor of the product is ever 0, as `k` is a whole number. QED
//!
//! For even `d` the value is a rational number, for odd `d` one over `pi`.

use super::{
    Coefficients,
    expression::{Expression, energy, multiplicity},
    tail::{Fraction, Tail},
};
use crate::math::{
    harmonics::gamma_squared_over_pi, polynomial::Polynomial, rational_function::RationalFunction,
    units::Dimension,
};
use rug::{Integer, Rational};

/// The eigenvalues `W_d R(e) Y_n(k)` of all degrees of one parity.
#[derive(Clone, Debug, PartialEq)]
pub struct Chord<C = Rational> {
    /// The index `n`.
    pub order: u32,
    /// The polynomial `R` in `e`.
    pub factor: Polynomial<C>,
}

impl<C> Default for Chord<C> {
    fn default() -> Self {
        Self { order: 0, factor: Polynomial::default() }
    }
}

impl<C: Coefficients> Chord<C> {
    /// The eigenvalues of `sine(t) sin(theta/2) + cosine(t) cos(theta/2)`, for even and for odd `k`.
    pub fn pair(sine: &Polynomial, cosine: &Polynomial, sphere: C::Sphere) -> [Self; 2] {
        let half = Rational::from((1, 2));
        let at_end = |p: &Polynomial, end: i32| {
            let t = Polynomial::new(vec![Rational::from(end), Rational::from((-end, 2))]);
            p.composed(&t).scaled(&half)
        };
        let (near, far) = (at_end(sine, 1), at_end(cosine, -1));
        [near.plus(&far), near.minus(&far)].map(|powers| Self::of_powers(&powers, sphere))
    }

    /// The eigenvalues of `sum_i c_i x^(2i+1)`, the `c_i` being the coefficients of `powers`.
    fn of_powers(powers: &Polynomial, sphere: C::Sphere) -> Self {
        let d = C::dimension(sphere);
        let mut sum = Self::default();
        // (-1)^(i+1) 4^i ((d+1)/2)_i (3/2)_i, two factors 2 going into each rising factorial.
        let mut weight = C::from_rational(&Rational::from(-1));
        for (i, c) in (0u32..).zip(powers.coefficients()) {
            if i > 0 {
                sum.order = i;
                sum.factor = sum.factor.times(&Self::step(i, &d));
                let rising = d.plus(&C::from_rational(&Rational::from(2 * i - 1)));
                weight = weight.times(&rising).scaled(&Rational::from(-(2 * i64::from(i) + 1)));
            }
            sum.factor = sum.factor.plus(&Polynomial::constant(weight.scaled(c)));
        }
        sum.lowered(&d)
    }

    /// `Y_(n-1) / Y_n`.
    fn step(order: u32, d: &C) -> Polynomial<C> {
        let a = Rational::from((2 * order + 1, 2));
        let shifted = d.plus(&C::from_rational(&(a.clone() - 1u32)));
        Polynomial::shifted_variable(shifted.scaled(&-a))
    }

    /// The same eigenvalues over the `Y_n` of lowest order.
    pub fn lowered(mut self, d: &C) -> Self {
        if self.vanishes() {
            return Self::default();
        }
        while self.order > 0
            && let Some(lower) = self.factor.divided_by_monic(&Self::step(self.order, d))
        {
            (self.factor, self.order) = (lower, self.order - 1);
        }
        self
    }

    /// Do all of them vanish?
    pub fn vanishes(&self) -> bool {
        self.factor.is_zero()
    }
}

impl Chord<Rational> {
    /// `W_d 2^(d+2n+1)`, as a rational or one over `pi`, and the odd whole numbers `a` of the factors `2k + a` below.
    fn parts(&self, dim: Dimension) -> (Rational, Vec<i64>) {
        let (d, n) = (i64::from(dim.get()), i64::from(self.order));
        let (square, _) = gamma_squared_over_pi(dim);
        let scale = square << (2 * dim.get() + 2 * self.order);
        (scale, (0..=d + 2 * n).map(|m| 2 * m - 2 * n - 1).collect())
    }

    /// `R(e)` as a polynomial in `k`.
    pub fn factor_in_degree(&self, dim: Dimension) -> Polynomial {
        self.factor.composed(&energy(dim))
    }

    /// The value at `k` as a rational number, over `pi` for odd `d`. The number of operations does not depend on `k`.
    pub fn at(&self, dim: Dimension, degree: u64) -> Rational {
        if self.vanishes() {
            return Rational::new();
        }
        let k = Integer::from(degree);
        let e = Rational::from(&k * Integer::from(&k + (dim.get() - 1)));
        let (scale, shifts) = self.parts(dim);
        let below =
            shifts.iter().fold(Integer::from(1), |product, a| product * (Integer::from(&k * 2u32) + *a));
        self.factor.at(&e) * scale / Rational::from(below)
    }

    /// The formula in `k`.
    pub fn expression(&self, dim: Dimension) -> Expression {
        self.times_polynomial(dim, &self.factor_in_degree(dim))
    }

    /// `W_d p(k) Y_n(k)` as a formula in `k`.
    fn times_polynomial(&self, dim: Dimension, p: &Polynomial) -> Expression {
        let (scale, shifts) = self.parts(dim);
        let start = RationalFunction::constant(scale).times_power(p, 1);
        let rational = shifts.iter().fold(start, |product, a| product.times_power(&doubled(*a), -1));
        Expression { rational, over_pi: (dim.get() % 2) as i32, beta: None }
    }

    /// `lambda_(k+2) / lambda_k`; `None` where all vanish, or if the formula in `k` does not have this ratio.
    pub fn ratio(&self, dim: Dimension, formula: &Expression) -> Option<RationalFunction> {
        if self.vanishes() {
            return None;
        }
        let (d, n) = (i64::from(dim.get()), i64::from(self.order));
        let here = self.factor_in_degree(dim);
        let next = here.composed(&Polynomial::shifted_variable(Rational::from(2)));
        let ratio = [(-2 * n - 1, 1), (-2 * n + 1, 1), (2 * d + 2 * n + 1, -1), (2 * d + 2 * n + 3, -1)]
            .into_iter()
            .fold(RationalFunction::power(&next, 1).times_power(&here, -1), |ratio, (a, power)| {
                ratio.times_power(&doubled(a), power)
            });
        (formula.two_on() == ratio.clone().times(&formula.rational)).then_some(ratio)
    }

    /// The exponent that the local one tends to: `d + 1 + 2n - 2 deg R`.
    pub fn exponent(&self, dim: Dimension) -> Option<i64> {
        let degree = self.factor.degree()? as i64;
        Some(i64::from(dim.get()) + 1 + 2 * i64::from(self.order) - 2 * degree)
    }

    /// The tail of the trace; `None` where all vanish, or if the identity behind it does not hold.
    ///
    /// `N W_d R(e) Y_n = sum_a A_a/(2k+a)` over odd `a`, `sum A = 0`. Moved to `a = 1` or `-1`, whichever is `a` modulo 4, with finitely many fractions
    /// left over, they sum to
    ///
    /// ```text
    /// T(k) = (A/4) [ psi((2k-1)/4) - psi((2k+1)/4) ] + fractions,          A = sum of A_a over a = 1 modulo 4
    /// ```
    ///
    /// with the digamma function, as `sum_(j>=0) [ 1/(2k+4j+1) - 1/(2k+4j-1) ]` is the bracket over 4.
    pub fn tail(&self, dim: Dimension) -> Option<Tail> {
        if self.vanishes() {
            return None;
        }
        let (scale, shifts) = self.parts(dim);
        let numerator = multiplicity(dim).times(&self.factor_in_degree(dim)).scaled(&scale);
        let mut fractions: std::collections::BTreeMap<i64, Rational> = Default::default();
        let mut totals = [Rational::new(), Rational::new()];
        for &a in &shifts {
            let below = shifts.iter().filter(|b| **b != a).map(|b| Rational::from(b - a));
            let at = Rational::from((-a, 2));
            let residue = numerator.at(&at) / below.fold(Rational::from(1), |product, gap| product * gap);
            let class = a.rem_euclid(4);
            let start = if class == 1 { 1 } else { -1 };
            // The sum from a on is that from the start on, less what lies between.
            let (first, last, sign) = if a > start { (start, a, -1) } else { (a, start, 1) };
            for between in (first..last).step_by(4) {
                *fractions.entry(between).or_default() += Rational::from(&residue * sign);
            }
            totals[usize::from(class == 1)] += residue;
        }
        let [other, coefficient] = totals;
        let fractions: Vec<Fraction> = fractions
            .into_iter()
            .filter(|(_, coefficient)| !coefficient.is_zero())
            .map(|(shift, coefficient)| Fraction { coefficient, shift, power: 1 })
            .collect();
        // T(k) - T(k+2) = N lambda_k, as psi(x+1) - psi(x) = 1/x.
        let start = [(1, 1), (-1, -1)].map(|(a, sign)| {
            RationalFunction::power(&doubled(a), -1).scaled(&Rational::from(&coefficient * sign))
        });
        let sum = fractions.iter().fold(start[0].plus(&start[1]), |sum, fraction| {
            let [here, next] = [(0, 1), (4, -1)].map(|(step, sign)| {
                RationalFunction::power(&doubled(fraction.shift + step), -1)
                    .scaled(&Rational::from(&fraction.coefficient * sign))
            });
            sum.plus(&here).plus(&next)
        });
        let term = self.times_polynomial(dim, &multiplicity(dim).times(&self.factor_in_degree(dim)));
        let converges = (other + &coefficient).is_zero();
        let over_pi = term.over_pi;
        (converges && sum == term.rational).then_some(Tail::Digamma {
            coefficient: coefficient / 4u32,
            fractions,
            over_pi,
        })
    }
}

/// `2k + a`.
fn doubled(a: i64) -> Polynomial {
    Polynomial::new(vec![Rational::from(a), Rational::from(2)])
}
