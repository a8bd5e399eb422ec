//! Eigenvalues at high degrees, from the kernel's behaviour at the two ends of `[0, pi]`: a few products a degree, with a proved error.
//!
//! With the chords `x = 2 sin(theta/2)` and `y = 2 cos(theta/2)` let `K = sum tau_j x^j` at `theta = 0`, analytic with `|K| <= M_0` on `|x| <= r`, and
//! `K = sum tau~_j y^j` at `theta = pi`, with `|K| <= M_pi` on `|y| <= r`; let `K` be analytic in a neighbourhood of the rectangle `[0, pi] x [-Y, Y]` in
//! `theta`, with `|K| <= M_Y` on its upper edge, and `xi = 2 sinh(Y/2) < r`. With the eigenvalues `E_j(k)` of `x^j` ([`chord`](crate::math::chord)), for
//! `1 <= n <= k-1`
//!
//! ```text
//! | lambda_k - sum_{i<n} [ tau_(2i+1) + (-1)^k tau~_(2i+1) ] E_(2i+1)(k) |  <=  ( C_n(tau, M_0) + C_n(tau~, M_pi) ) |E_(2n+1)(k)| + R
//! C_n(tau, M) = M r^(-2n-1) / (1 - (xi/r)^2) + sum_{i<n} |tau_(2i+1)| xi^(2i-2n),      0 if all odd coefficients vanish
//! R = M_Y (1 + e^(-2Y)) e^(-kY) k!/((d+1)/2)_k S_d(e^(-2Y))
//! S_1(v) = 1/(1-v),  S_2 = (1-v)^(-1/2),  S_d = (1+v)^((d-3)/2) for odd d >= 3,  (1+v)^n + v^(n+1)/(1-v) with n = d/2-1 for even d >= 4
//! ```
//!
//! *Proof.* Let `q_k(z)` be the eigenvalue of `1/(z-t)`. With `z = cosh y`, `r = e^-y`, `q_k = 2 r^(k+1) k!/((d+1)/2)_k 2F1(k+1, (3-d)/2; k+(d+1)/2; r^2)`; by
//! Rodrigues' formula it is positive for `z > 1`, and `q_k(-z) = (-1)^(k+1) q_k(z)`. Cauchy's formula for `K` as a function of `t`, on the ellipse
//! `cos(. + iY)` slit along `t > 1` and `t < -1`, tested against `P_k`, gives
//!
//! ```text
//! lambda_k = -(1/pi) Int_0^Y [ Im K(iy) - (-1)^k Im K(pi+iy) ] q_k(cosh y) sinh y dy + R',      |R'| <= R:
//! ```
//!
//! `t > 1` is `theta = -+iy` above and below the cut, `t < -1` is `pi -+ iy`; on the ellipse `|dt| <= cosh Y |d theta|`, and in the 2F1
//! `(k+1)_j/(k+(d+1)/2)_j <= 1`, while the rest is the binomial series of `(1-r^2)^((d-3)/2)` in absolute value. On the cut `x = i xi'`, so that
//! `Im K = sum (-1)^i tau_(2i+1) xi'^(2i+1)`, and `y = -i xi'` at `pi`. For `K = x^(2i+1)` and `Y -> inf` the same formula says
//! `(1/pi) Int_1^inf xi'^(2i+1) q_k dt = |E_(2i+1)(k)|` for `k > i + 1/2`: a positive measure. For `xi' <= xi` the Taylor remainder is at most the first part
//! of `C_n` times `xi'^(2n+1)`, by Cauchy's bounds `|tau_j| <= M r^-j`; beyond `xi` the terms kept are at most the second part times `xi'^(2n+1)`. Integrate.
//!
//! **Tails.** The bound holds at every degree from `k` on. So `sum_{j>=k} lambda_j N(d,j)` is the sum of the tails of the terms
//! ([`ChordPowers::tail`](crate::math::chord::ChordPowers::tail), and for the far end alternating ones), up to
//! `(C_n(tau, M_0) + C_n(tau~, M_pi)) sum_{j>=k} N(d,j) |E_(2n+1)(j)|` and the tail of `N R`, each term of which is at most `e^-Y N(d,k+1)/N(d,k)` of the
//! one before, as `N(d,j+1)/N(d,j)` falls with `j`.
//!
//! The parts: [`region`] proves `r`, `Y` and the bounds; [`coefficients`] finds `tau` and `tau~` from the kernel's own formula; [`error`] has the
//! constants of the bound, `sum` adds the terms, and `run` adds them at many degrees.
//! All but `E` is independent of `k` and `d`, and is kept in an [`Expansion`].

mod absence;
pub mod coefficients;
pub mod error;
mod plan;
pub mod reach;
pub mod region;
mod run;
pub mod sum;

use crate::{
    kernel::{Extent, Kernel},
    math::{
        ball::Ball,
        bound::Bound,
        decimal::known_digits,
        units::{Bits, Digits, Dimension},
    },
};
pub use absence::Absence;
use coefficients::Coefficients;
use error::Constants;
use reach::TRIED_TO;
use region::{LADDER, Region, SMALLEST};
use sum::{Outcome, Quantity, sum};

/// Digits computed beyond those asked, so that rounding to them is right.
const EXTRA_DIGITS: i64 = 2;
/// Guard bits of the first try.
const GUARD_BITS: u32 = 64;
/// Terms of the first try, and the most.
const FIRST_TERMS: usize = 16;
const MOST_TERMS: usize = 400;
/// So many more are found than are asked for: the next degree may take one more.
const MORE_TERMS: usize = 3;
/// The highest precision of coefficients.
const MOST_BITS: u32 = 60_000;
/// Deeper kernels are left to quadrature: each layer costs an order of the series, and the square of the orders.
pub const MOST_LAYERS: u32 = 128;

/// What is known of a kernel at its ends: regions, coefficients and constants, found when they are first needed, and kept.
#[derive(Clone, Debug)]
pub struct Expansion {
    kernel: Kernel,
    /// The sign of `K(-t)` against `K(t)`, for kernels that are even or odd.
    mirror: Option<i32>,
    /// Known from the formula alone.
    absence: Option<Absence>,
    /// Proved regions, radii rising.
    regions: Vec<Region>,
    /// Is there none beyond them?
    exhausted: bool,
    coefficients: Option<Coefficients>,
    /// By region, the constants of the bound for the coefficients held.
    constants: Vec<Constants>,
}

/// A number by the expansion.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// The enclosure.
    pub enclosure: Ball,
    /// How many terms were summed.
    pub terms: usize,
    /// What they leave is at most this; counted in the enclosure.
    pub bound: Bound,
}

impl Expanded {
    /// How many digits are computed: more than asked, so that rounding to those is right.
    fn wanted(digits: Digits) -> i64 {
        i64::from(digits.get()) + EXTRA_DIGITS
    }

    fn has(&self, digits: Digits) -> bool {
        known_digits(&self.enclosure) >= Self::wanted(digits)
    }
}

impl Expansion {
    /// The expansion of `kernel`; everything is proved when it is wanted.
    pub fn of(kernel: &Kernel) -> Self {
        let powers = kernel.powers();
        let mirror = match (powers.even, powers.odd) {
            (_, Extent::None) => Some(1),
            (Extent::None, _) => Some(-1),
            _ => None,
        };
        let absence = if kernel.has_series() {
            Some(Absence::Series)
        } else if kernel.layers() > MOST_LAYERS {
            Some(Absence::Layers)
        } else {
            kernel.kinks(Bits(64)).first().map(|kink| Absence::Kink(kink.to_f64()))
        };
        Self {
            kernel: kernel.clone(),
            mirror,
            absence,
            regions: vec![],
            exhausted: absence.is_some(),
            coefficients: None,
            constants: vec![],
        }
    }

    /// Why there is no expansion; none if there is one: a region is proved, and the kernel is not proved analytic in `t` at both ends.
    pub fn absence(&mut self) -> Option<Absence> {
        if self.absence.is_none() {
            let odd = self.region(0).is_some().then(|| self.coefficients(FIRST_TERMS, Bits(128)));
            self.absence = match odd.flatten() {
                None => Some(Absence::Singular),
                Some(coefficients) => (!coefficients.any()).then_some(Absence::Analytic),
            };
        }
        self.absence
    }

    /// Is there an expansion at all? See [`Expansion::absence`].
    pub fn exists(&mut self) -> bool {
        self.absence().is_none()
    }

    /// `tau_1, tau_3, ...` at `theta = 0` and `tau~_1, tau~_3, ...` at `theta = pi`: at least `terms` of each, at least at `precision`; none where there is no
    /// expansion.
    pub fn coefficients_at_ends(&mut self, terms: usize, precision: Bits) -> Option<&Coefficients> {
        if self.exists() { self.coefficients(terms, precision) } else { None }
    }

    /// The eigenvalue of degree `k` on `S^d` to `digits` significant digits; none where the bound does not give them.
    ///
    /// The first region that is foretold to do it with few terms is taken; larger ones are proved as long as they are needed and can be.
    pub fn eigenvalue(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        if digits.get() > TRIED_TO && self.reach(dim, degree) < digits.get() {
            return None;
        }
        self.best(dim, degree, digits).filter(|found| found.has(digits))
    }

    /// The same to as many digits as the bound gives, at most `digits`; none where nothing is proved.
    pub fn best(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        self.summed(Quantity::Eigenvalue(degree), dim, digits)
    }

    /// `sum_{j>=k} lambda_j N(d,j)` on `S^d`, `k >= 1`, to as many digits as the bound gives, at most `digits`; none where nothing is proved.
    pub fn tail(&mut self, dim: Dimension, from: u64, digits: Digits) -> Option<Expanded> {
        self.summed(Quantity::Tail(from.max(1)), dim, digits)
    }

    fn summed(&mut self, quantity: Quantity, dim: Dimension, digits: Digits) -> Option<Expanded> {
        let mut best: Option<Expanded> = None;
        let more = digits > Digits::FEW;
        let plan = if more { self.plan(dim, quantity.first(), digits) } else { None };
        let (first, terms) = plan.map_or((0, FIRST_TERMS), |plan| (plan.region, plan.terms.max(FIRST_TERMS)));
        for index in first.. {
            let Some(found) = self.within(index, terms, dim, quantity, digits) else { break };
            let known = |found: &Expanded| known_digits(&found.enclosure);
            if best.as_ref().is_none_or(|best| known(&found) > known(best)) {
                best = Some(found);
            }
            if best.as_ref().is_some_and(|best| best.has(digits)) {
                break;
            }
        }
        best
    }

    /// The sum by the region of this index, with `terms` at the start.
    fn within(
        &mut self,
        index: usize,
        mut terms: usize,
        dim: Dimension,
        quantity: Quantity,
        digits: Digits,
    ) -> Option<Expanded> {
        self.region(index)?;
        let goal = digits.bits();
        let mut precision = goal.plus(GUARD_BITS);
        loop {
            if !self.coefficients(terms, precision)?.any() {
                return None;
            }
            let (region, coefficients) = (&self.regions[index], self.coefficients.as_ref()?);
            let (terms_had, precision_had) = (coefficients.terms(), coefficients.precision());
            let outcome = sum(region, self.constants.get(index)?, coefficients, dim, quantity, goal)?;
            if outcome.wants_terms && terms_had < MOST_TERMS && terms_had as u64 + 1 < quantity.first() {
                terms = (2 * terms_had).min(MOST_TERMS);
            } else if outcome.lost_bits > 0 && precision_had.0 + outcome.lost_bits <= MOST_BITS {
                precision = precision_had.plus(outcome.lost_bits);
            } else {
                return Some(outcome.into());
            }
        }
    }

    /// The region of this index, proved if it can be.
    fn region(&mut self, index: usize) -> Option<&Region> {
        while self.regions.len() <= index && !self.exhausted {
            let prove = |radius: f64| Region::prove(&self.kernel, radius, self.mirror.is_some());
            let found = match self.regions.last() {
                None => std::iter::successors(Some(LADDER[0]), |r| Some(0.5 * r))
                    .take_while(|r| *r >= SMALLEST)
                    .find_map(prove),
                Some(last) => LADDER.into_iter().find(|r| *r > last.radius).and_then(|next| {
                    // Where the next rung fails, one between is tried.
                    prove(next).or_else(|| prove(0.5 * (last.radius + next)))
                }),
            };
            let rung = |region: &Region| LADDER.contains(&region.radius);
            self.exhausted = found.as_ref().is_none_or(|region| !rung(region));
            self.regions.extend(found);
        }
        self.regions.get(index)
    }

    /// At least so many odd coefficients at both ends, at this precision or a higher one.
    fn coefficients(&mut self, terms: usize, precision: Bits) -> Option<&Coefficients> {
        let had = self.coefficients.as_ref();
        let enough = had.is_some_and(|c| c.terms() >= terms && c.precision() >= precision);
        if !enough {
            let (terms, precision) =
                had.map_or((terms, precision), |c| (terms.max(c.terms()), precision.max(c.precision())));
            let found = Coefficients::find(&self.kernel, terms + MORE_TERMS, precision, self.mirror)?;
            self.coefficients = Some(found);
            self.constants.clear();
        }
        let coefficients = self.coefficients.as_ref()?;
        for region in self.regions.iter().skip(self.constants.len()) {
            self.constants.push(Constants::of(region, coefficients)?);
        }
        Some(coefficients)
    }
}

impl From<Outcome> for Expanded {
    fn from(outcome: Outcome) -> Self {
        Self { enclosure: outcome.enclosure, terms: outcome.terms, bound: outcome.bound }
    }
}

#[cfg(test)]
mod tests;
