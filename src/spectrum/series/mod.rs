//! Eigenvalues of smooth kernels, and of those in the chord, by series with proved tails, at any degree.
//!
//! * [`chord`] — kernels that are a known power series in the chord: Laplace, Matern of half-integer order
//! * [`bessel`] — `exp(zt)`: the Gaussian kernel
//! * [`taylor`] — kernels whose Taylor coefficients in `t` are nonnegative, and that are analytic beyond `t = 1`: networks of smooth activations
//!
//! Which kernels these are is asked of the kernel.

pub mod bessel;
pub mod chord;
pub mod taylor;

use crate::{
    error::Result,
    kernel::Kernel,
    math::{
        ball::Ball,
        decimal::known_digits,
        degrees::Degrees,
        units::{Bits, Digits, Dimension},
    },
};
use bessel::Bessel;
use chord::ChordSeries;
use taylor::Taylor;

/// Digits computed beyond those asked, so that rounding to them is right.
const EXTRA_DIGITS: i64 = 2;
/// Guard bits of the first try, and the highest precision.
const GUARD_BITS: u32 = 40;
const MOST_BITS: u32 = 200_000;

/// Bits of the sums, by which tails are to be below them.
fn goal(digits: Digits) -> Bits {
    digits.bits().plus(8)
}

/// The series of a kernel.
#[derive(Clone, Debug)]
pub enum KernelSeries {
    /// In the chord.
    Chord(ChordSeries),
    /// Of a modified Bessel function.
    Bessel(Bessel),
    /// In `t`.
    Taylor(Taylor),
}

impl KernelSeries {
    /// The series of `kernel`, if it has one that is worth summing.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        let chord = || ChordSeries::of(kernel).map(Self::Chord);
        let bessel = || Bessel::of(kernel).map(Self::Bessel);
        chord().or_else(bessel).or_else(|| Taylor::of(kernel).map(Self::Taylor))
    }

    /// Is this the way to such degrees? Quadrature is as good at low degrees of smooth networks.
    pub fn serves(&self, top: u64) -> bool {
        match self {
            Self::Chord(_) => true,
            Self::Bessel(series) => series.serves(top),
            Self::Taylor(_) => (taylor::LEAST_DEGREE..=taylor::HIGHEST_DEGREE).contains(&top),
        }
    }

    /// How many coefficients of a power series degrees to `top` take; none where there is none to be found, or none is used.
    pub fn orders(&self, dim: Dimension, top: u64, digits: Digits) -> Option<usize> {
        let Self::Taylor(series) = self else { return None };
        self.serves(top).then(|| series.terms(dim, top, goal(digits)) as usize)
    }

    /// The eigenvalues on `S^d` at `degrees` to `digits` significant digits, certified.
    ///
    /// # Errors
    /// When the precision needed is beyond all limits.
    pub fn eigenvalues(&mut self, dim: Dimension, degrees: &Degrees, digits: Digits) -> Result<Vec<Ball>> {
        let wanted = i64::from(digits.get()) + EXTRA_DIGITS;
        let goal = goal(digits);
        let log2_top = u64::BITS - degrees.top().leading_zeros();
        let mut precision = goal.plus(GUARD_BITS + 2 * log2_top);
        if let Self::Chord(series) = self {
            precision = precision.plus(series.cancelled_bits());
        }
        let mut before = i64::MIN;
        loop {
            let found = match self {
                Self::Chord(series) => series.eigenvalues(dim, degrees, goal, precision),
                Self::Bessel(series) => series.eigenvalues(dim, degrees, goal, precision),
                Self::Taylor(series) => series.eigenvalues(dim, degrees, goal, precision),
            };
            let least = found.iter().map(known_digits).min().unwrap_or(0);
            if least >= wanted {
                return Ok(found);
            }
            // More bits that bring no more digits are of no use.
            if precision.0 >= MOST_BITS || least <= before {
                let subject = format!("series at degree {} on S^{dim}", degrees.top());
                return Err(crate::Error::numerical(
                    subject,
                    format!("{least} digits"),
                    format!("{digits} digits"),
                ));
            }
            before = least;
            precision = Bits((2 * precision.0).min(MOST_BITS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::precise;

    /// Narrow kernels on spheres of many dimensions, whose terms cancel by more than is foretold: one more pass has the digits.
    #[test]
    fn what_cancels_more_than_foretold_is_summed_once_more() {
        let dim = Dimension::new(100).unwrap();
        let degrees: Degrees = "0,1".parse().unwrap();
        let digits = Digits::new(20).unwrap();
        for spec in ["laplace:c=50", "matern:nu=1.5,length=1/50"] {
            let kernel: Kernel = spec.parse().unwrap();
            let found = KernelSeries::of(&kernel).unwrap().eigenvalues(dim, &degrees, digits).unwrap();
            let (other, _) = precise::eigenvalues(&kernel, dim, &degrees, digits).unwrap();
            for (found, other) in found.into_iter().zip(other) {
                assert!(known_digits(&found) >= 20 && other.certified, "{spec}: {found:?}");
                assert!((found - other.enclosure).contains_zero(), "{spec}");
            }
        }
    }
}
