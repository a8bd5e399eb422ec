//! The rank of a kernel on even and on odd functions against the degrees that do not vanish.
//!
//! With `H = sum_k lambda_k (harmonics of degree k)` on the points, all terms positive: no more eigenvalues exceed `tau` than there are harmonics of
//! degrees that do not vanish, up to where the trace of all others is below `tau` (Weyl); and no fewer than the harmonics of degrees that the
//! points resolve easily and whose `lambda_k` is far above `tau` (Ostrowski). A null space makes the first number small.

use super::gram::Prediction;
use crate::gram::range::{Part, Range};

/// Points that stand against one harmonic of the degrees counted from below: their harmonics are then close to orthonormal.
const POINTS_A_HARMONIC: f64 = 8.0;
/// How far above the threshold an eigenvalue is counted from below: what the harmonics' distortion may take.
const FAR_ABOVE: f64 = 1e3;
/// Relative to `K(1)`: an eigenvalue up to this is none.
const VANISHES: f64 = 1e-15;

/// What the spectrum allows for the rank of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The least.
    pub low: usize,
    /// The most.
    pub high: usize,
}

impl Rank {
    /// Is it so?
    pub fn allows(&self, rank: usize) -> bool {
        (self.low..=self.high).contains(&rank)
    }
}

/// The rank that the spectrum allows for a part; `None` for a kernel with a negative eigenvalue or trace, of which these bounds say nothing.
///
/// `at_minus_one` is `K(-1)`: the even and the odd degrees have the traces `(K(1) +- K(-1))/2`.
pub fn rank(prediction: &Prediction, at_minus_one: f64, range: &Range, part: &Part) -> Option<Rank> {
    let sign = if part.odd { -1.0 } else { 1.0 };
    let trace = 0.5 * (prediction.at_one + sign * at_minus_one);
    let m = range.lines as f64;
    let (mut all, mut own, mut low, mut rest) = (0.0, 0.0, 0.0, trace);
    if prediction.negative().is_some() || trace < -range.threshold {
        return None;
    }
    for (_, (value, count)) in prediction.degrees.iter().enumerate().filter(|(k, _)| (k % 2 == 1) == part.odd)
    {
        if rest <= range.threshold {
            break;
        }
        all += count;
        if *value > VANISHES * prediction.at_one {
            own += count;
        }
        if all * POINTS_A_HARMONIC <= m && *value > FAR_ABOVE * range.threshold {
            low += count;
        }
        rest -= value * count;
    }
    let spent = rest <= range.threshold;
    Some(Rank { low: low as usize, high: if spent { own.min(m) as usize } else { range.lines } })
}
