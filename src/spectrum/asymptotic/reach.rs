//! How many digits the expansion gives at a degree, and from which degree on it gives so many.

use super::{EXTRA_DIGITS, Expansion};
use crate::math::{
    decimal::known_digits,
    units::{Digits, Dimension},
};

/// To so many digits a sum is tried before it is asked what can be reached.
pub const TRIED_TO: u32 = 100;
/// The last degree from which on an expansion is looked for, a power of two.
pub const LAST_START: u64 = 1 << 39;

impl Expansion {
    /// So many digits of the eigenvalue of degree `k` on `S^d` can be asked for; 0 where there are none.
    ///
    /// To [`TRIED_TO`] digits by trying. Beyond, from the bounds on the regions alone, as `|tau_j| <= M r^-j`, so that nothing is computed in vain; some more
    /// may be had.
    pub fn reach(&mut self, dim: Dimension, degree: u64) -> u32 {
        let tried = Digits::new(TRIED_TO).ok().and_then(|digits| self.best(dim, degree, digits));
        let Some(tried) = tried else { return 0 };
        let known = (known_digits(&tried.enclosure) - EXTRA_DIGITS).clamp(0, i64::from(TRIED_TO)) as u32;
        if known < TRIED_TO {
            return known;
        }
        self.most_digits(dim, degree).map_or(known, |most| (most as u32).clamp(known, Digits::MAX))
    }

    /// Orders of the power series at the ends that give `digits` digits; none where the bounds on the regions do not show it.
    pub fn orders(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<usize> {
        Some(2 * self.plan(dim, degree, digits)?.terms)
    }

    /// The least even degree, to [`LAST_START`], that with its odd neighbour gets `digits` significant digits on `S^d`, found by bisection: the bound
    /// falls against the value as degrees rise. None where there is no such degree. A parity that is not `asked` for needs none.
    pub fn first_degree(&mut self, dim: Dimension, digits: Digits, asked: [bool; 2]) -> Option<u64> {
        let mut serves = |k: u64| {
            [k, k + 1]
                .into_iter()
                .zip(asked)
                .all(|(k, asked)| !asked || self.eigenvalue(dim, k, digits).is_some())
        };
        let mut high = std::iter::successors(Some(2), |k| Some(2 * k))
            .take_while(|k| *k <= LAST_START)
            .find(|k| serves(*k))?;
        let mut low = high / 2;
        while high - low > 2 {
            let middle = (low + high) / 4 * 2;
            *(if serves(middle) { &mut high } else { &mut low }) = middle;
        }
        Some(high)
    }
}
