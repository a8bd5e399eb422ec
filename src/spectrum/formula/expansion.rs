//! The expansion of a class in powers of `1/kappa`, `kappa = k + (d-1)/2`.
//!
//! With `p = (d+1)/2 + s` and the Bernoulli polynomials `B_n`,
//!
//! ```text
//! log X_s = -2p log(kappa/2) + sum_{j>=1} 4 B_(2j+1)((1+p)/2) / (2j (2j+1)) (2/kappa)^(2j)
//! ```
//!
//! (for chords `2 log Y_n(kappa)` is the same at `2 kappa`, with `2p = d+1+2n` for `p`), and `e = kappa^2 - (d-1)^2/4`, so `lambda_k`
//! expands in even powers of `1/kappa`: convergent for odd `d`, asymptotic for even `d`.
//! Source: the expansion of log Gamma(z + a), DLMF 5.11.8.

use super::{Coefficients, chord::Chord, class::Class};
use crate::math::polynomial::{Polynomial, Ring};
use rug::{Integer, Rational};

/// `lambda_k = (front) kappa^-(d+1+2 order-2 degree) [c_0 + c_1/kappa^2 + ... + c_M/kappa^(2M) + ...]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion<C> {
    /// The coefficients `c_0, ..., c_M`.
    pub coefficients: Vec<C>,
    /// The order `s` of the class, or `n` of the chord.
    pub order: u32,
    /// The degree of `Q`, or of `R`.
    pub degree: usize,
    /// What stands in front.
    pub front: Front,
}

/// What stands in front of an expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// `C_d 4^p = 2^(d-1+2s) Gamma((d+1)/2)^2 / pi^2`.
    Class,
    /// `W_d = 2^(d-1) Gamma((d+1)/2)^2 / pi`.
    Chord,
}

impl<C: Coefficients> Class<C> {
    /// The expansion to the term `kappa^(-2 order)`; `None` for a class that vanishes, or if the series of `log X_s` does not
    /// satisfy its difference equation to that order.
    pub fn expansion(&self, sphere: C::Sphere, order: usize) -> Option<Expansion<C>> {
        let d = C::dimension(sphere);
        let p = half(&d.plus(&number(1))).plus(&number(i64::from(self.order)));
        let logarithm = proved_logarithm(&p, order)?;
        let (coefficients, degree) = expanded(&self.factor, &d, &logarithm)?;
        Some(Expansion { coefficients, order: self.order, degree, front: Front::Class })
    }
}

impl<C: Coefficients> Chord<C> {
    /// The expansion to the term `kappa^(-2 order)`; `None` for a chord that vanishes, or if the series of `log Y_n` does not
    /// satisfy its difference equation to that order.
    ///
    /// `2 log Y_n(kappa) = log X(2 kappa)` with `2p = d+1+2n` for `p` there.
    pub fn expansion(&self, sphere: C::Sphere, order: usize) -> Option<Expansion<C>> {
        let d = C::dimension(sphere);
        let p = d.plus(&number(1 + 2 * i64::from(self.order)));
        let logarithm: Vec<C> = (1u32..)
            .zip(proved_logarithm(&p, order)?)
            .map(|(j, c)| c.scaled(&(Rational::from(1) >> (2 * j + 1))))
            .collect();
        let (coefficients, degree) = expanded(&self.factor, &d, &logarithm)?;
        Some(Expansion { coefficients, order: self.order, degree, front: Front::Chord })
    }
}

fn half<C: Ring>(x: &C) -> C {
    x.scaled(&Rational::from((1, 2)))
}

fn proved_logarithm<C: Ring>(p: &C, order: usize) -> Option<Vec<C>> {
    Some(logarithm(p, order)).filter(|series| satisfies_difference_equation(p, series))
}

/// `Q(kappa^2 - c^2) / kappa^(2n)` times the exponential of a series in `1/kappa^2`, and `n`; none for `Q = 0`.
fn expanded<C: Ring>(factor: &Polynomial<C>, d: &C, logarithm: &[C]) -> Option<(Vec<C>, usize)> {
    let degree = factor.degree()?;
    let series = exponential(logarithm);
    let c = half(&d.plus(&number(-1)));
    let energy = Polynomial::shifted_variable(c.times(&c).scaled(&Rational::from(-1)));
    let mut reversed = factor.composed(&energy).coefficients().to_vec();
    reversed.reverse();
    let coefficients = (0..series.len())
        .map(|m| {
            let terms = reversed.iter().take(m + 1).enumerate();
            terms.fold(C::default(), |sum, (i, q)| sum.plus(&q.times(&series[m - i])))
        })
        .collect();
    Some((coefficients, degree))
}

fn number<C: Ring>(n: i64) -> C {
    C::from_rational(&Rational::from(n))
}

/// The coefficients of `kappa^-2, kappa^-4, ...` in `log X_s + 2p log(kappa/2)`.
fn logarithm<C: Ring>(p: &C, order: usize) -> Vec<C> {
    let at = p.plus(&number(1)).scaled(&Rational::from((1, 2)));
    let bernoulli = bernoulli_polynomials(2 * order + 1);
    let term = |j: usize| {
        let scale = Rational::from((Integer::from(4) << (2 * j as u32), 2 * j * (2 * j + 1)));
        let terms = bernoulli[2 * j + 1].coefficients().iter().rev();
        terms.fold(C::default(), |sum, b| sum.times(&at).plus(&C::from_rational(b))).scaled(&scale)
    };
    (1..=order).map(term).collect()
}

/// `B_0(x), ..., B_n(x)`: each is `n` times the integral of the one before, with mean 0 on `[0, 1]`.
fn bernoulli_polynomials(n: usize) -> Vec<Polynomial> {
    let mut all = vec![Polynomial::constant(Rational::from(1))];
    for m in 1..=n {
        let mut coefficients = vec![Rational::new()];
        let previous = all[m - 1].coefficients();
        coefficients.extend(previous.iter().enumerate().map(|(i, b)| b * Rational::from((m, i + 1))));
        let mean = coefficients.iter().enumerate().map(|(i, b)| b / Rational::from(i + 1));
        coefficients[0] = -mean.sum::<Rational>();
        all.push(Polynomial::new(coefficients));
    }
    all
}

/// Does the series `L` have `L(x+1) - L(x-1) = 2 log((x-p)/(x+p)) + 2p log((x+1)/(x-1))`, which is `log X_s(k+2) - log X_s(k)` at
/// `kappa = x - 1`, to its order? Only one series in `1/kappa` without constant term does.
fn satisfies_difference_equation<C: Ring>(p: &C, series: &[C]) -> bool {
    // Odd powers x^-(2m+1); on the left (x+1)^-n - (x-1)^-n = -2 sum over odd i of binom(n-1+i, i) x^-(n+i).
    (0..=series.len()).all(|m| {
        let left = series.iter().enumerate().take(m).fold(C::default(), |sum, (index, b)| {
            let n = 2 * (index as u32 + 1);
            let i = 2 * m as u32 + 1 - n;
            sum.plus(&b.scaled(&Rational::from(Integer::from(n - 1 + i).binomial(i) * -2)))
        });
        let n = 2 * m as u32 + 1;
        let power = (0..n).fold(number::<C>(1), |product, _| product.times(p));
        let right = power.scaled(&Rational::from((-4, n))).plus(&p.scaled(&Rational::from((4, n))));
        left == right
    })
}

/// `1, a_1, ...` with `1 + a_1 x + ... = exp(b_1 x + b_2 x^2 + ...)`: `m a_m = sum_j j b_j a_(m-j)`.
fn exponential<C: Ring>(series: &[C]) -> Vec<C> {
    let mut all = vec![number::<C>(1)];
    for m in 1..=series.len() {
        let sum = (1..=m).fold(C::default(), |sum, j| {
            sum.plus(&series[j - 1].times(&all[m - j]).scaled(&Rational::from(j)))
        });
        all.push(sum.scaled(&Rational::from((1, m))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_coefficients_are_those_of_the_textbook() {
        for p in [Rational::from((3, 2)), Rational::from(2), Rational::from(7)] {
            let found = logarithm(&p, 2);
            let square = Rational::from(p.square_ref());
            let common = p.clone() * (square.clone() - 1u32);
            assert_eq!(found[0], common.clone() / 3u32);
            assert_eq!(found[1], common * (square * 3u32 - 7u32) / 30u32);
            assert!(satisfies_difference_equation(&p, &logarithm(&p, 12)));
            for wrong in 0..3 {
                let mut series = logarithm(&p, 3);
                series[wrong] += 1;
                assert!(!satisfies_difference_equation(&p, &series), "coefficient {wrong}");
            }
        }
    }
}
