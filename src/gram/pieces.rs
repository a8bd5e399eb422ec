//! A kernel as polynomials in the half chord, piece by piece, on the side of a point and on that of its antipode.
//!
//! The polynomial of a piece interpolates at Chebyshev points. How far it is off in between is looked at, not proved.

use crate::kernel::{Angle, Evaluator};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Where in a piece, from -1/2 to 1/2, the polynomials are checked: near its ends, ...
const ENDS: [f64; 2] = [-0.485, 0.485];
/// ... and at so many places a side, so that a large piece hides nothing narrow.
const CHECKS: usize = 1536;

/// Polynomials of [`TERMS`](Self) coefficients in the place within a piece, from -1/2 to 1/2, the constant first: those of the near side, then those of the
/// far.
pub struct Pieces<const TERMS: usize> {
    pub polynomials: Vec<[f64; TERMS]>,
    /// The largest difference seen from the kernel, relative to its largest value.
    pub error: f64,
    /// The largest value seen; not finite if any was not.
    pub largest: f64,
}

/// Pieces a unit of the half chord, short of the full side so that the largest half chord falls into the last piece.
pub const fn scale(per_side: usize) -> f64 {
    per_side as f64 / FRAC_1_SQRT_2 * (1.0 - 1e-12)
}

impl<const TERMS: usize> Pieces<TERMS> {
    /// Those of a kernel, so many a side.
    pub fn of(exact: &Evaluator<f64>, per_side: usize) -> Self {
        let (nodes, interpolation) = (nodes::<TERMS>(), Interpolation::new());
        let at = |piece: usize, u: f64| {
            let half = ((piece % per_side) as f64 + 0.5 + u) / scale(per_side);
            exact.at(&halves(half, piece >= per_side))
        };
        let mut largest: f64 = 0.0;
        let mut polynomial = |piece: usize| {
            let values = nodes.map(|u| at(piece, u));
            values.iter().for_each(|value| {
                largest = if value.is_finite() { largest.max(value.abs()) } else { f64::INFINITY }
            });
            interpolation.polynomial(at(piece, 0.0), &values)
        };
        let polynomials: Vec<_> = (0..2 * per_side).map(&mut polynomial).collect();
        let off = |(piece, coefficients): (usize, &[f64; TERMS])| {
            let value = |u: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * u + c);
            let count = CHECKS / per_side;
            let between = (0..count).map(|k| (k as f64 + 0.5) / count as f64 - 0.5);
            let off = |u: f64| (value(u) - at(piece, u)).abs() / largest;
            between.chain(ENDS).map(off).fold(0.0, |most, off| if off <= most { most } else { off })
        };
        // Not a number is more than any.
        let error = polynomials
            .iter()
            .enumerate()
            .map(off)
            .fold(0.0, |most, off| if off <= most { most } else { off });
        Self { polynomials, error, largest }
    }
}

/// The angle whose half chord is `v`, to the point itself or (`far`) to its antipode.
pub fn halves(v: f64, far: bool) -> Angle<f64> {
    let other = ((1.0 - v) * (1.0 + v)).sqrt();
    if far { Angle::from_halves(other, v) } else { Angle::from_halves(v, other) }
}

/// The Chebyshev points of a piece, from -1/2 to 1/2.
pub fn nodes<const TERMS: usize>() -> [f64; TERMS] {
    angles::<TERMS>().map(|angle| 0.5 * angle.cos())
}

fn angles<const TERMS: usize>() -> [f64; TERMS] {
    std::array::from_fn(|i| (i as f64 + 0.5) / TERMS as f64 * PI)
}

/// What makes a polynomial of the values at the [`nodes`].
pub struct Interpolation<const TERMS: usize> {
    angles: [f64; TERMS],
    /// The coefficients, from the constant up, of the Chebyshev polynomials of `2 u`, by degree.
    powers: [[f64; TERMS]; TERMS],
}

impl<const TERMS: usize> Interpolation<TERMS> {
    pub fn new() -> Self {
        // T_{j+1} = 4 u T_j - T_{j-1}.
        let mut powers = [[0.0; TERMS]; TERMS];
        for j in 0..TERMS {
            for power in 0..=j {
                powers[j][power] = match j {
                    0 => 1.0,
                    1 => 2.0 * power as f64,
                    _ => 4.0 * if power > 0 { powers[j - 1][power - 1] } else { 0.0 } - powers[j - 2][power],
                };
            }
        }
        Self { angles: angles(), powers }
    }

    /// The polynomial through `values`, its constant first. Interpolated is the difference from the value at the centre, whose rounding is that of the
    /// variation, not of the value.
    pub fn polynomial(&self, centre: f64, values: &[f64; TERMS]) -> [f64; TERMS] {
        let mut coefficients = [0.0; TERMS];
        coefficients[0] = centre;
        for (j, powers) in self.powers.iter().enumerate() {
            // The share of each Chebyshev polynomial, which falls fast with its degree: its large coefficients do no harm.
            let sum: f64 = values
                .iter()
                .zip(&self.angles)
                .map(|(value, angle)| (value - centre) * (j as f64 * angle).cos())
                .sum();
            let share = if j == 0 { 1.0 } else { 2.0 } / TERMS as f64 * sum;
            coefficients.iter_mut().zip(powers).for_each(|(c, power)| *c += share * power);
        }
        coefficients
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kernel;

    #[test]
    fn few_pieces_hide_nothing_narrow() {
        let error = |kernel: &str| Pieces::<13>::of(&kernel.parse::<Kernel>().unwrap().evaluator(), 8).error;
        assert!(error("ntk:depth=3") < 4e-15);
        assert!(error("expr:1+exp(-1000000*(t-3/10)^2)") > 0.1);
    }
}
