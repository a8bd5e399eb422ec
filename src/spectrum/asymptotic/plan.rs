//! Which region reaches the digits with how few terms, from the bounds on the regions alone.
//!
//! As `|tau_j| <= M r^-j`, a region foretells the bound of the sum before any coefficient is known. Coefficients cost the square of their number, and more
//! with more bits; a region costs some milliseconds once a kernel.

use super::{EXTRA_DIGITS, Expansion, MOST_TERMS, region::Region};
use crate::math::{
    bound::Bound,
    chord::ChordPowers,
    units::{Bits, Digits, Dimension},
};

/// Where terms are as few as this, no larger region is proved to save some.
const FEW_TERMS: usize = 24;

/// How digits are had at a degree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// The index of the region.
    pub(super) region: usize,
    /// So many terms do.
    pub(super) terms: usize,
}

impl Expansion {
    /// The region and the number of terms that give `digits` digits of the eigenvalue of degree `k`; none where the bounds on the regions do not show it.
    pub(super) fn plan(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Plan> {
        let size = self.size(dim, degree)?;
        let mut plan: Option<Plan> = None;
        for index in 0.. {
            let Some(region) = self.region(index) else { break };
            let reached = |error: i64| digits_below(size, error) >= f64::from(digits.get());
            let found = errors(region, dim, degree).find(|(_, error)| reached(*error));
            if let Some((terms, _)) = found.filter(|(terms, _)| plan.is_none_or(|plan| *terms < plan.terms)) {
                plan = Some(Plan { region: index, terms });
            }
            if plan.is_some_and(|plan| plan.terms <= FEW_TERMS) {
                break;
            }
        }
        plan
    }

    /// The most digits that the bounds on all regions show.
    pub(super) fn most_digits(&mut self, dim: Dimension, degree: u64) -> Option<f64> {
        let size = self.size(dim, degree)?;
        let mut most = 0.0f64;
        for index in 0.. {
            let Some(region) = self.region(index) else { break };
            let least = errors(region, dim, degree).map(|(_, error)| error).min();
            most = least.map_or(most, |error| most.max(digits_below(size, error)));
        }
        Some(most)
    }

    /// At most `log2 |lambda_k|`, from its first digits.
    fn size(&mut self, dim: Dimension, degree: u64) -> Option<i64> {
        let found = self.best(dim, degree, Digits::FEW).filter(|found| found.has(Digits::FEW))?;
        Some(Bound::above(found.enclosure.midpoint()).log2_above() - 1)
    }
}

/// Numbers of terms, rising, with `log2` of what they leave at most.
fn errors(region: &Region, dim: Dimension, degree: u64) -> impl Iterator<Item = (usize, i64)> {
    let mut powers = ChordPowers::new(dim, degree, Bits(64));
    let beyond = region.beyond_the_cut(dim, degree);
    let most = degree.saturating_sub(1).min(MOST_TERMS as u64) as usize;
    (1..=most).zip(region.cauchy_constants()).map(move |(n, constant)| {
        powers.advance();
        let scale = Bound::above(&powers.value().magnitude());
        (n, constant.times(scale).plus(beyond).log2_above())
    })
}

/// Digits that can be asked for where the error is `2^error` and the value `2^size`.
fn digits_below(size: i64, error: i64) -> f64 {
    (size - error) as f64 * std::f64::consts::LOG10_2 - EXTRA_DIGITS as f64 - 1.0
}
