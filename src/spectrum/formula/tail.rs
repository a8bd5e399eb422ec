//! The tail of the trace, summed: `T(k) = lambda_k N(d,k) + lambda_(k+2) N(d,k+2) + ...`, where nothing is added any more.
//!
//! **Even `d`.** With `z = kappa/2`, `p = (d+1)/2 + s` and `alpha = (p-1)/2`, `F = N(d,k) Q(e)` is an odd polynomial in `z`. There is one
//! even polynomial `q` with
//!
//! ```text
//! q(z+1/2) (z-alpha)^2 - q(z-1/2) (z+alpha)^2 = F(z),        and        T(k) = -C_d q(z-1/2) (z+alpha)^2 X_s(k)
//! ```
//!
//! *Proof.* `X_s(k+2) / X_s(k) = [(z-alpha)/(z+alpha+1)]^2`, so the right-hand side telescopes to `T(k) - T(k+2) = N lambda_k`, and it tends to 0.
//! `q` is found from the top: `z^(2m)` contributes `(2m - 4 alpha) z^(2m+1) + ...`, and `4 alpha = d-1+2s` is odd.
//!
//! **Odd `d`.** `pi^2 N lambda_k` is a sum of partial fractions `A_a/(k+a)^2 + B_a/(k+a)` with all `a` of one parity and `sum B = 0`. Moved
//! to one `a = j`, which leaves finitely many fractions, they sum to
//!
//! ```text
//! T(k) = (1/pi^2) [ (sum A / 4) psi'((k+j)/2) + R(k) ],      j = 0 for odd k, 1 for even k
//! ```
//!
//! with the trigamma function `psi'` and a rational function `R`. Chords have a third kind ([`Chord::tail`](super::chord::Chord::tail)). All identities are
//! checked as such before a tail is given.

use super::{
    class::Class,
    expression::{Expression, multiplicity},
    value::Factors,
};
use crate::math::{polynomial::Polynomial, rational_function::RationalFunction, units::Dimension};
use rug::Rational;
use std::collections::BTreeMap;

/// `coefficient / (k + shift)^power`, or over `(2k + shift)^power` for chords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// The numerator.
    pub coefficient: Rational,
    /// What is added to `k`, or to `2k`.
    pub shift: i64,
    /// 1 or 2.
    pub power: i32,
}

/// The tail of the trace from degree `k` on, over the degrees of one parity, each with its multiplicity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tail {
    /// A formula like that of the eigenvalue, for even `d`.
    Closed(Expression),
    /// `(1/pi^2) [coefficient psi'((k + offset)/2) + fractions]`, for odd `d`.
    Trigamma {
        /// The factor of the trigamma function.
        coefficient: Rational,
        /// 0 for odd `k`, 1 for even `k`.
        offset: i64,
        /// The rational rest.
        fractions: Vec<Fraction>,
    },
    /// `(1/pi^over_pi) [coefficient (psi((2k-1)/4) - psi((2k+1)/4)) + fractions in 2k]`, for chords.
    Digamma {
        /// The factor of the difference of digamma functions.
        coefficient: Rational,
        /// The rational rest.
        fractions: Vec<Fraction>,
        /// 1 for odd `d`, 0 for even.
        over_pi: i32,
    },
}

impl Class<Rational> {
    /// The tail; `None` for a class that vanishes, where the sum diverges, or if the identity behind it does not hold.
    pub fn tail(&self, dim: Dimension) -> Option<Tail> {
        if self.vanishes() || self.exponent(dim)? <= i64::from(dim.get()) {
            return None;
        }
        if dim.get().is_multiple_of(2) { self.closed_tail(dim) } else { self.trigamma_tail(dim) }
    }

    fn closed_tail(&self, dim: Dimension) -> Option<Tail> {
        let (d, s) = (dim.get(), self.order);
        let half = Rational::from((1, 2));
        let alpha = Rational::from((d - 1 + 2 * s, 4));
        // k = 2z - (d-1)/2.
        let degree = Polynomial::new(vec![-Rational::from((d - 1, 2)), Rational::from(2)]);
        let wanted = multiplicity(dim).times(&self.factor_in_degree(dim)).composed(&degree);
        let square = |shift: &Rational| {
            let linear = Polynomial::shifted_variable(shift.clone());
            linear.times(&linear)
        };
        let (below, above) = (square(&-alpha.clone()), square(&alpha));
        let [up, down] = [half.clone(), -half.clone()].map(Polynomial::shifted_variable);
        let image = |q: &Polynomial| q.composed(&up).times(&below).minus(&q.composed(&down).times(&above));
        let (mut q, mut rest) = (Polynomial::default(), wanted);
        while let Some(top) = rest.degree() {
            let m = top.checked_sub(1)?;
            let slope = Rational::from(m) - Rational::from(&alpha * 4u32);
            let mut term = vec![Rational::new(); m];
            term.push(rest.leading() / slope);
            let term = Polynomial::new(term);
            let next = rest.minus(&image(&term));
            if next.degree() >= rest.degree() {
                return None;
            }
            (q, rest) = (q.plus(&term), next);
        }
        // -q(z-1/2) (z+alpha)^2 in k, with z = (k + (d-1)/2) / 2.
        let z = Polynomial::new(vec![Rational::from((d - 1, 4)), half]);
        let factor = q.composed(&down).times(&above).composed(&z).scaled(&Rational::from(-1));
        let tail = self.times_polynomial(dim, &factor);
        // T(k) - T(k+2) = N lambda_k, and T tends to 0.
        let term = self.times_polynomial(dim, &multiplicity(dim).times(&self.factor_in_degree(dim)));
        let telescopes = tail.rational.plus(&tail.two_on().scaled(&Rational::from(-1))) == term.rational;
        // beta^2 falls like 1/k.
        (telescopes && tail.rational.degree() < 1).then_some(Tail::Closed(tail))
    }

    fn trigamma_tail(&self, dim: Dimension) -> Option<Tail> {
        let Factors { coefficient, shifts, .. } = Factors::of(dim, self.order);
        let numerator = multiplicity(dim).times(&self.factor_in_degree(dim)).scaled(&coefficient);
        let slope = numerator.derivative();
        let offset = i64::from(self.order % 2);
        let mut total = Rational::new();
        let mut rest: BTreeMap<(i64, i32), Rational> = BTreeMap::new();
        for &a in &shifts {
            let others = || shifts.iter().filter(|b| **b != a).map(|b| Rational::from(b - a));
            let below = others().fold(Rational::from(1), |product, gap| product * gap).square();
            let at = Rational::from(-a);
            let value = numerator.at(&at);
            let harmonic: Rational = others().map(|gap| Rational::from(2) / gap).sum();
            let double = Rational::from(&value / &below);
            let single = (slope.at(&at) - value * harmonic) / below;
            // The sum from a on is that from j on, less what lies between.
            let (first, last, sign) = if a > offset { (offset, a, -1) } else { (a, offset, 1) };
            for between in (first..last).step_by(2) {
                *rest.entry((between, 1)).or_default() += Rational::from(&single * sign);
                *rest.entry((between, 2)).or_default() += Rational::from(&double * sign);
            }
            total += double;
        }
        let fractions: Vec<Fraction> = rest
            .into_iter()
            .filter(|(_, coefficient)| !coefficient.is_zero())
            .map(|((shift, power), coefficient)| Fraction { coefficient, shift, power })
            .collect();
        // T(k) - T(k+2) = N lambda_k, as psi'(x) - psi'(x+1) = 1/x^2.
        let single = RationalFunction::linear(offset, -2).scaled(&total);
        let sum = fractions.iter().fold(single, |sum, fraction| {
            let here = RationalFunction::linear(fraction.shift, -fraction.power);
            let next = RationalFunction::linear(fraction.shift + 2, -fraction.power);
            sum.plus(&here.scaled(&fraction.coefficient)).plus(&next.scaled(&-fraction.coefficient.clone()))
        });
        let term = self.times_polynomial(dim, &multiplicity(dim).times(&self.factor_in_degree(dim)));
        (sum == term.rational).then_some(Tail::Trigamma { coefficient: total / 4u32, offset, fractions })
    }
}
