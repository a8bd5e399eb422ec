//! Duals that are known by the Hermite series of the function.

use super::{super::series::Table, Smooth, integer};
use crate::math::{ball::Ball, scalar::Scalar};

/// `F = sum_n c_n rho^n` with `rho = S/q`, to a finite length.
#[derive(Debug)]
pub struct HermiteSeries<T> {
    q: T,
    /// `c_n` of even and of odd `n`.
    coefficients: [Vec<T>; 2],
    /// `sum_(n>=l) c_n` for `l = 1, 2, ...`.
    sums: Vec<T>,
}

impl<T: Scalar> HermiteSeries<T> {
    /// The cut series of a table in the arithmetic of `q`, with `F(q)` the whole one's ([`Table::conserving`]).
    pub fn conserving(q: &T, table: &Table) -> Self {
        Self::of(q, &table.conserving())
    }

    /// The cut series of a table in the arithmetic of `q`.
    pub fn cut(q: &T, table: &Table) -> Self {
        Self::of(q, &table.squares)
    }

    fn of(q: &T, coefficients: &[Ball]) -> Self {
        let mut sum = integer(q, 0);
        let mut sums: Vec<T> = coefficients
            .iter()
            .skip(1)
            .rev()
            .map(|c| {
                sum = sum.clone() + q.enclosing(c);
                sum.clone()
            })
            .collect();
        sums.reverse();
        let part = |parity: usize| -> Vec<T> {
            let all: Vec<&Ball> = coefficients.iter().skip(parity).step_by(2).collect();
            let known = all.iter().rposition(|c| !c.is_zero()).map_or(0, |last| last + 1);
            all[..known].iter().map(|c| q.enclosing(c)).collect()
        };
        Self { q: q.clone(), coefficients: [part(0), part(1)], sums }
    }
}

impl<T: Scalar> Smooth<T> for HermiteSeries<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let zero = integer(&self.q, 0);
        let rho = s.clone() / self.q.clone();
        let square = rho.clone() * rho.clone();
        // `[p(x), p'(x)]` at `x = rho^2`.
        let [even, odd] = self.coefficients.each_ref().map(|coefficients| {
            let step = |[value, slope]: [T; 2], c: &T| {
                [value.clone() * square.clone() + c.clone(), slope * square.clone() + value]
            };
            coefficients.iter().rev().fold([zero.clone(), zero.clone()], step)
        });
        let value = even[0].clone() + rho.clone() * odd[0].clone();
        let slope = odd[0].clone() + (square * odd[1].clone() + rho * even[1].clone()).times(2);
        [value, slope / self.q.clone()]
    }

    /// `(1 - rho^n)/(1 - rho) = sum_(l=1)^n rho^(l-1)`, so that with `C_l = sum_(n>=l) c_n` the quotient is `(1/q) sum_(l>=1) C_l rho^(l-1)`: without a
    /// difference, at the same digits everywhere.
    fn secant(&self, s: &T, _: &T, _: &T) -> T {
        let rho = s.clone() / self.q.clone();
        let sum = self.sums.iter().rev().fold(integer(&self.q, 0), |sum, c| sum * rho.clone() + c.clone());
        sum / self.q.clone()
    }
}
