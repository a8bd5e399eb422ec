//! Duals that are known by the Hermite series of the function.

use super::{super::series::Table, Smooth, integer};
use crate::math::{ball::Ball, scalar::Scalar};

/// `F = sum_n a_n^2 rho^n` with `rho = S/q`, cut; or, with what was cut, an enclosure of the whole.
#[derive(Debug)]
pub struct HermiteSeries<T> {
    q: T,
    /// `a_n^2` of even and of odd `n`.
    squares: [Vec<T>; 2],
    /// Enclosures of what the cut leaves out of `F` and `q Fdot`.
    tails: Option<[T; 2]>,
}

impl<T: Scalar> HermiteSeries<T> {
    /// The series of a table in the arithmetic of `q`; with the tails or without.
    pub fn new(q: &T, table: &Table, with_tails: bool) -> Self {
        let part = |parity: usize| -> Vec<T> {
            let squares: Vec<&Ball> = table.squares.iter().skip(parity).step_by(2).collect();
            let known = squares.iter().rposition(|square| !square.is_zero()).map_or(0, |last| last + 1);
            squares[..known].iter().map(|square| q.enclosing(square)).collect()
        };
        let tails = with_tails.then(|| table.tails.each_ref().map(|tail| q.enclosing(tail)));
        Self { q: q.clone(), squares: [part(0), part(1)], tails }
    }
}

impl<T: Scalar> Smooth<T> for HermiteSeries<T> {
    fn at(&self, s: &T, _: Option<&T>) -> [T; 2] {
        let zero = integer(&self.q, 0);
        let rho = s.clone() / self.q.clone();
        let square = rho.clone() * rho.clone();
        // `[p(x), p'(x)]` at `x = rho^2`.
        let [even, odd] = self.squares.each_ref().map(|coefficients| {
            let step = |[value, slope]: [T; 2], c: &T| {
                [value.clone() * square.clone() + c.clone(), slope * square.clone() + value]
            };
            coefficients.iter().rev().fold([zero.clone(), zero.clone()], step)
        });
        let value = even[0].clone() + rho.clone() * odd[0].clone();
        let slope = odd[0].clone() + (square * odd[1].clone() + rho * even[1].clone()).times(2);
        match &self.tails {
            None => [value, slope / self.q.clone()],
            Some([more, steeper]) => [value + more.clone(), (slope + steeper.clone()) / self.q.clone()],
        }
    }
}
