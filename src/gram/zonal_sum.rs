//! A finite sum of zonal harmonics between points, row by row: as polynomials in the half chord, with a proved bound.

use super::{
    pieces::{Interpolation, nodes, scale},
    sites::Sites,
    zonal::Zonal,
};
use crate::math::units::Dimension;
use rayon::prelude::*;
use std::f64::consts::FRAC_1_SQRT_2;

/// Coefficients of a polynomial.
const TERMS: usize = 12;
/// Pieces a side, at least; otherwise one for each degree of the sum.
const LEAST_PIECES: usize = 32;
/// Pieces made at a time.
const CHUNK: usize = 16;
/// Entries computed at a time, on the stack.
const STRIP: usize = 256;

/// `M(x.x') = sum_l a_l P_l(x.x')` on `S^d`, `P_l` the zonal harmonic that is 1 at `t = 1`.
#[derive(Clone, Debug)]
pub struct ZonalSum {
    /// Those of the near side, then those of the far.
    polynomials: Vec<[f64; TERMS]>,
    per_side: usize,
    at_one: f64,
    error: f64,
}

impl ZonalSum {
    /// The sum with these `a_l`, from degree 0 on.
    pub fn new(dim: Dimension, weights: &[f64]) -> Self {
        Self::of_pieces(dim, weights, weights.len().max(LEAST_PIECES))
    }

    fn of_pieces(dim: Dimension, weights: &[f64], per_side: usize) -> Self {
        let interpolation = Interpolation::<TERMS>::new();
        let places: Vec<f64> = nodes::<TERMS>().into_iter().chain([0.0]).collect();
        let starts: Vec<usize> = (0..per_side).step_by(CHUNK).collect();
        let both: Vec<_> = starts
            .into_par_iter()
            .flat_map_iter(|start| {
                let pieces = start..(start + CHUNK).min(per_side);
                let halves = pieces
                    .flat_map(|piece| places.iter().map(move |u| (piece as f64 + 0.5 + u) / scale(per_side)));
                let t: Vec<f64> = halves.map(|v| 1.0 - 2.0 * v * v).collect();
                let (even, odd) = pulp::Arch::new().dispatch(|| parts(dim, weights, &t));
                let one = |even: &[f64], odd: &[f64], sign: f64| {
                    let value = |at: usize| even[at] + sign * odd[at];
                    interpolation.polynomial(value(TERMS), &std::array::from_fn(value))
                };
                let made: Vec<_> = even
                    .chunks_exact(places.len())
                    .zip(odd.chunks_exact(places.len()))
                    .map(|(even, odd)| [one(even, odd, 1.0), one(even, odd, -1.0)])
                    .collect();
                made
            })
            .collect();
        let side = |which: usize| both.iter().map(move |pair| pair[which]);
        Self {
            polynomials: side(0).chain(side(1)).collect(),
            per_side,
            at_one: weights.iter().sum(),
            error: interpolation_error(weights, per_side),
        }
    }

    /// How far a value may be from the sum, rounding aside: a bound.
    ///
    /// In the half chord `v = sin(theta/2)` a piece of half width `w` lies in the ellipse with foci at its ends and parameter `r`, where
    /// `|Im v| <= y = w (r - 1/r)/2` and `|Re v| <= x = sqrt(1/2) + w ((r + 1/r)/2 - 1)`, so that `|Im theta| <= b = 2 asinh(y / sqrt(1 - x^2))`. `P_l(cos
    /// theta)` is a mean of `cos j theta`, `j <= l`, so there the sum is at most `sum_l |a_l| cosh(l b)`. A polynomial through `n` Chebyshev points is off
    /// by at most `4 r^(1-n) / (r - 1)` of that (Trefethen, Approximation Theory and Approximation Practice, theorem 8.2). The least of several `r`.
    pub fn error(&self) -> f64 {
        self.error
    }
}

fn interpolation_error(weights: &[f64], per_side: usize) -> f64 {
    let half_width = 0.5 / scale(per_side);
    let on_ellipse = |r: f64| {
        let y = half_width * (r - 1.0 / r) / 2.0;
        let x = FRAC_1_SQRT_2 + half_width * ((r + 1.0 / r) / 2.0 - 1.0);
        if x >= 1.0 {
            return f64::INFINITY;
        }
        let b = 2.0 * (y / (1.0 - x * x).sqrt()).asinh();
        let largest: f64 = weights.iter().enumerate().map(|(l, a)| a.abs() * (l as f64 * b).cosh()).sum();
        4.0 * largest * r.powi(1 - TERMS as i32) / (r - 1.0)
    };
    (1..12).map(|power| on_ellipse(2f64.powi(power))).fold(f64::INFINITY, f64::min)
}

/// The parts of the sum of even and of odd degree at each `t`.
#[inline(always)]
fn parts(dim: Dimension, weights: &[f64], t: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let d = f64::from(dim.get());
    let (mut even, mut odd) = (vec![0.0; t.len()], vec![0.0; t.len()]);
    let (mut previous, mut current) = (vec![0.0; t.len()], vec![1.0; t.len()]);
    for (k, weight) in weights.iter().enumerate() {
        let part = if k % 2 == 0 { &mut even } else { &mut odd };
        let ratio = if k == 0 { 0.0 } else { k as f64 / (k as f64 + d - 1.0) };
        for (((sum, t), previous), current) in part.iter_mut().zip(t).zip(&mut previous).zip(&mut current) {
            *sum += weight * *current;
            let shifted = t * *current;
            (*previous, *current) = (*current, shifted + ratio * (shifted - *previous));
        }
    }
    (even, odd)
}

impl Zonal for ZonalSum {
    fn row(&self, sites: &Sites, i: usize, start: usize, out: &mut [f64]) {
        pulp::Arch::new().dispatch(|| {
            let (mut half, mut side) = ([0.0; STRIP], [0; STRIP]);
            for (strip, out) in out.chunks_mut(STRIP).enumerate() {
                let (half, side) = (&mut half[..out.len()], &mut side[..out.len()]);
                sites.chords(i, start + strip * STRIP, half, side);
                for ((out, v), side) in out.iter_mut().zip(half).zip(side) {
                    let place = *v * scale(self.per_side);
                    let piece = (place as usize).min(self.per_side - 1);
                    let u = place - piece as f64 - 0.5;
                    let polynomial = &self.polynomials[piece + *side as usize * self.per_side];
                    *out = polynomial.iter().rev().fold(0.0, |sum, c| sum * u + c);
                }
            }
        });
    }

    fn at_one(&self) -> f64 {
        self.at_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{math::harmonics::zonal_polynomials, sample::designs};

    /// Between points near, far and in the middle the table is the sum itself to its bound and rounding, on the circle and beyond.
    #[test]
    fn a_table_is_the_sum_to_its_bound() {
        for (d, top) in [(1, 40), (2, 0), (2, 900), (5, 300)] {
            let dim = Dimension::new(d).unwrap();
            let weights: Vec<f64> = (0..=top).map(|l| 1.0 / f64::from((l + 1) * (l + 1))).collect();
            let sum = ZonalSum::new(dim, &weights);
            let sample = designs::uniform(dim, 300, 1);
            let mut row = vec![0.0; 300];
            for i in [0, 299] {
                sum.row(&Sites::new(&sample), i, 0, &mut row);
                for (j, found) in row.iter().enumerate() {
                    let t = sample.point(i).iter().zip(sample.point(j)).map(|(a, b)| a * b).sum();
                    let mut right = 0.0;
                    zonal_polynomials(dim, t, top, |l, p| right += weights[l as usize] * p);
                    let off = (found - right).abs();
                    assert!(off <= sum.error() + 1e-12, "{d} {top}: {off:e} at {t}, bound {:e}", sum.error());
                }
            }
            assert!(sum.error() < 1e-9, "{d} {top}: {:e}", sum.error());
        }
    }

    /// With pieces so wide that interpolation is what is seen, the bound holds and is not far from it.
    #[test]
    fn the_bound_is_of_the_size_of_what_it_bounds() {
        let top = 200;
        let mut weights = vec![0.0; top + 1];
        weights[top] = 1.0;
        let sum = ZonalSum::of_pieces(Dimension::CIRCLE, &weights, 32);
        let sample = designs::uniform(Dimension::CIRCLE, 300, 1);
        let sites = Sites::new(&sample);
        let mut row = vec![0.0; 300];
        let mut most: f64 = 0.0;
        for i in 0..300 {
            sum.row(&sites, i, 0, &mut row);
            for (found, other) in row.iter().zip(sample.coordinates().chunks_exact(2)) {
                let (x, y) = (sample.point(i), other);
                let angle = (x[0] * y[1] - x[1] * y[0]).atan2(x[0] * y[0] + x[1] * y[1]);
                most = most.max((found - (top as f64 * angle).cos()).abs());
            }
        }
        assert!(most <= sum.error() && sum.error() < 100.0 * most, "{most:e} {:e}", sum.error());
    }
}
