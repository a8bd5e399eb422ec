//! The rank of a kernel on even and on odd functions against the degrees that do not vanish.
//!
//! With `H = sum_k lambda_k (harmonics of degree k)` on the points, all terms positive: no more eigenvalues exceed `tau` than there are harmonics of
//! degrees that do not vanish, up to where the trace of all others is below `tau` (Weyl); and no fewer than the harmonics of degrees that the
//! points resolve easily and whose `lambda_k` is far above `tau` (Ostrowski). A null space makes the first number small.

use super::prediction::Prediction;
use crate::gram::range::{Part, Range};

/// Points that stand against one harmonic of the degrees counted from below: their harmonics are then close to orthonormal.
const POINTS_A_HARMONIC: f64 = 8.0;
/// How far above the threshold an eigenvalue is counted from below: what the harmonics' distortion may take.
const FAR_ABOVE: f64 = 1e3;
/// Relative to `K(1)`: an eigenvalue up to this is none.
const VANISHES: f64 = 1e-15;

/// What the spectrum allows for the rank of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParityRank {
    /// The least.
    pub low: usize,
    /// The most.
    pub high: usize,
}

impl ParityRank {
    /// Is it so?
    pub fn allows(&self, rank: usize) -> bool {
        (self.low..=self.high).contains(&rank)
    }
}

/// The rank that the spectrum allows for a part; `None` for a kernel that is not known to be positive, of which these bounds say
/// nothing: what is left of its trace may be small because large parts cancel.
pub fn rank(prediction: &Prediction, range: &Range, part: &Part) -> Option<ParityRank> {
    let sign = if part.odd { -1.0 } else { 1.0 };
    let trace = 0.5 * (prediction.at_one + sign * prediction.at_minus_one);
    let m = range.lines as f64;
    let (mut all, mut own, mut low, mut rest) = (0.0, 0.0, 0.0, trace);
    if !prediction.is_positive() || trace < -range.threshold {
        return None;
    }
    for mode in prediction.modes.iter().filter(|mode| (mode.degree % 2 == 1) == part.odd) {
        let (value, count) = (mode.eigenvalue, mode.multiplicity);
        if rest <= range.threshold {
            break;
        }
        all += count;
        if value > VANISHES * prediction.at_one {
            own += count;
        }
        if all * POINTS_A_HARMONIC <= m && value > FAR_ABOVE * range.threshold {
            low += count;
        }
        rest -= value * count;
    }
    let spent = rest <= range.threshold;
    Some(ParityRank { low: low as usize, high: if spent { own.min(m) as usize } else { range.lines } })
}
