//! Duals that are known by the Hermite series of the function.

use super::{super::series::Table, Smooth, integer};
use crate::math::{ball::Ball, scalar::Scalar};
use std::sync::Arc;

/// `F = sum_n c_n rho^n` with `rho = S/q`, to a finite length; for power series in another variable, the whole `F`.
#[derive(Debug)]
pub struct HermiteSeries<T> {
    q: T,
    table: Arc<Table>,
    /// `c_n` of even and of odd `n`.
    coefficients: [Vec<T>; 2],
    /// `sum_(n>=l) c_n` for `l = 1, 2, ...`.
    sums: Vec<T>,
}

impl<T: Scalar> HermiteSeries<T> {
    /// The cut series of a table in the arithmetic of `q`, with `F(q)` the whole one's ([`Table::conserving`]).
    pub fn conserving(q: &T, table: &Arc<Table>) -> Self {
        Self::of(q, table, &table.conserving())
    }

    /// The cut series of a table in the arithmetic of `q`.
    pub fn cut(q: &T, table: &Arc<Table>) -> Self {
        Self::of(q, table, &table.squares)
    }

    fn of(q: &T, table: &Arc<Table>, coefficients: &[Ball]) -> Self {
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
        Self { q: q.clone(), table: table.clone(), coefficients: [part(0), part(1)], sums }
    }
}

impl<T: Scalar> HermiteSeries<T> {
    /// `[F, Fdot]` with nothing left out, where `s` is a power series in another variable: by way of `gap = q - s` if that is given, of which it is known with
    /// what power it begins.
    fn whole(&self, s: &T, gap: Option<&T>) -> Option<[T; 2]> {
        let Some(gap) = gap else { return s.composed(|s| self.table.taylor(s)) };
        let [value, slope] = gap.composed(|gap| {
            let taylor = self.table.taylor(&(self.table.q.clone() - gap.clone()));
            taylor.into_iter().zip(0..).map(|(c, n)| if n % 2 == 0 { c } else { -c }).collect()
        })?;
        Some([value, -slope])
    }
}

impl<T: Scalar> Smooth<T> for HermiteSeries<T> {
    fn at(&self, s: &T, gap: Option<&T>) -> [T; 2] {
        let zero = integer(&self.q, 0);
        if let Some(found) = self.whole(s, gap) {
            return found;
        }
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
    fn secant(&self, s: &T, gap: &T, peak: &T) -> T {
        if let Some([value, _]) = self.whole(s, Some(gap)) {
            return (peak.clone() - value).div_regular(gap.clone());
        }
        let rho = s.clone() / self.q.clone();
        let sum = self.sums.iter().rev().fold(integer(&self.q, 0), |sum, c| sum * rho.clone() + c.clone());
        sum / self.q.clone()
    }
}
