//! How many digits the expansion gives at a degree, and from which degree on it gives so many.

use super::{EXTRA_DIGITS, Expanded, Expansion, MOST_TERMS};
use crate::math::{
    bound::Bound,
    chord::ChordPowers,
    decimal::known_digits,
    units::{Bits, Digits, Dimension},
};

/// To so many digits a sum is tried before it is asked what can be reached.
pub const TRIED_TO: u32 = 100;
/// The last degree from which on an expansion is looked for, a power of two.
pub const LAST_START: u64 = 1 << 39;

/// How digits beyond [`TRIED_TO`] are had at a degree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// The index of the region that takes the fewest terms.
    pub(super) region: usize,
    /// So many.
    pub(super) terms: usize,
}

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
        let mut most = 0.0f64;
        self.visit_bounds(dim, degree, &tried, |_, _, digits| most = most.max(digits));
        (most as u32).clamp(known, Digits::MAX)
    }

    /// Orders of the power series at the ends that give `digits` digits, beyond [`TRIED_TO`]; none where they are not had.
    pub fn orders(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<usize> {
        Some(2 * self.plan(dim, degree, digits)?.terms)
    }

    /// The region and the number of terms that give `digits` digits by the bounds on the regions alone; none where these do not.
    pub(super) fn plan(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Plan> {
        let tried = Digits::new(TRIED_TO).ok().and_then(|digits| self.best(dim, degree, digits))?;
        let mut plan: Option<Plan> = None;
        self.visit_bounds(dim, degree, &tried, |region, terms, reached| {
            let fewer = plan.is_none_or(|plan| terms < plan.terms);
            if reached >= f64::from(digits.get()) && fewer {
                plan = Some(Plan { region, terms });
            }
        });
        plan
    }

    /// Visits every region and number of terms with the digits that their bound gives.
    fn visit_bounds(
        &mut self,
        dim: Dimension,
        degree: u64,
        value: &Expanded,
        mut visit: impl FnMut(usize, usize, f64),
    ) {
        let size = Bound::above(value.enclosure.midpoint()).log2_above() - 1;
        for index in 0.. {
            let Some(region) = self.region(index) else { break };
            let mut powers = ChordPowers::new(dim, degree, Bits(64));
            let beyond = region.beyond_the_cut(dim, degree);
            for n in 1..=(degree - 1).min(MOST_TERMS as u64) {
                powers.advance();
                let scale = Bound::above(&powers.value().magnitude());
                let error = region.cauchy_constant(n).times(scale).plus(beyond).log2_above();
                let digits = (size - error) as f64 * std::f64::consts::LOG10_2 - EXTRA_DIGITS as f64 - 1.0;
                visit(index, n as usize, digits);
            }
        }
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
