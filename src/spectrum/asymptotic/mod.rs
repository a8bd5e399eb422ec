//! Eigenvalues at high degrees, from the kernel's behaviour at the two ends of `[0, pi]`: a few products a degree, with a proved error.
//!
//! With the chords `x = 2 sin(theta/2)` and `y = 2 cos(theta/2)` let `K = sum tau_j x^j` at `theta = 0`, analytic with `|K| <= M_0` on `|x| <= r`, and
//! `K = sum tau~_j y^j` at `theta = pi`, with `|K| <= M_pi` on `|y| <= r`; let `K` be analytic in a neighbourhood of the rectangle `[0, pi] x [-Y, Y]` in `theta`,
//! with `|K| <= M_Y` on its upper edge, and `xi = 2 sinh(Y/2) < r`. With the eigenvalues `E_j(k)` of `x^j` ([`chord`](crate::math::chord)), for `1 <= n <= k-1`
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
//! The parts: [`region`] proves `r`, `Y` and the bounds; [`coefficients`] finds `tau` and `tau~` from the kernel's own formula; [`error`] has the bound.
//! All but `E` is independent of `k` and `d`, and is kept in an [`Expansion`].

pub mod coefficients;
pub mod error;
pub mod region;

use crate::{
    kernel::{Extent, Kernel},
    math::{
        ball::Ball,
        bound::Bound,
        chord::ChordPowers,
        decimal::known_digits,
        units::{Bits, Digits, Dimension},
    },
};
use coefficients::Coefficients;
use error::Constants;
use region::{LADDER, Region, SMALLEST};

/// Digits computed beyond those asked, so that rounding to them is right.
const EXTRA_DIGITS: i64 = 2;
/// Guard bits of the first try.
const GUARD_BITS: u32 = 64;
/// Terms of the first try, and the most.
const FIRST_TERMS: usize = 16;
const MOST_TERMS: usize = 400;
/// The highest precision of coefficients.
const MOST_BITS: u32 = 60_000;
/// Deeper kernels are left to quadrature: each layer costs an order of the series, and the square of the orders.
pub const MOST_LAYERS: u32 = 128;
/// The bound may rise for so many terms before it is given up.
const PATIENCE: usize = 2;

/// What is known of a kernel at its ends: regions, coefficients and constants, found when they are first needed, and kept.
#[derive(Clone, Debug)]
pub struct Expansion {
    kernel: Kernel,
    /// The sign of `K(-t)` against `K(t)`, for kernels that are even or odd.
    mirror: Option<i32>,
    /// Proved regions, radii rising; the next one to try, unless it failed.
    regions: Vec<Region>,
    exhausted: bool,
    coefficients: Option<Coefficients>,
    /// By region, the constants of the bound for the coefficients held.
    constants: Vec<Constants>,
}

/// One eigenvalue by the expansion.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// The enclosure.
    pub enclosure: Ball,
    /// How many terms were summed.
    pub terms: usize,
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
        let exhausted =
            kernel.has_series() || kernel.layers() > MOST_LAYERS || !kernel.kinks(Bits(64)).is_empty();
        Self {
            kernel: kernel.clone(),
            mirror,
            regions: vec![],
            exhausted,
            coefficients: None,
            constants: vec![],
        }
    }

    /// Is there an expansion at all: is a region proved, and is the kernel not analytic in `t` at both ends?
    pub fn exists(&mut self) -> bool {
        self.region(0).is_some() && self.coefficients(FIRST_TERMS, Bits(128)).is_some_and(Coefficients::any)
    }

    /// The eigenvalue of degree `k` on `S^d` to `digits` significant digits; none where the bound does not give them.
    ///
    /// The smallest region that serves is taken; larger ones are proved as long as they are needed and can be.
    pub fn eigenvalue(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        let wanted = i64::from(digits.get()) + EXTRA_DIGITS;
        self.best(dim, degree, digits).filter(|found| known_digits(&found.enclosure) >= wanted)
    }

    /// The same to as many digits as the bound gives, at most `digits`; none where nothing is proved.
    pub fn best(&mut self, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        let wanted = i64::from(digits.get()) + EXTRA_DIGITS;
        let mut best: Option<Expanded> = None;
        for index in 0.. {
            let Some(found) = self.within(index, dim, degree, digits) else { break };
            let better = best
                .as_ref()
                .is_none_or(|best| known_digits(&found.enclosure) > known_digits(&best.enclosure));
            if better {
                best = Some(found);
            }
            if best.as_ref().is_some_and(|best| known_digits(&best.enclosure) >= wanted) {
                break;
            }
        }
        best
    }

    /// The same from what is held already, so that many degrees can be asked for at once.
    pub fn held(&self, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        let wanted = i64::from(digits.get()) + EXTRA_DIGITS;
        let coefficients = self.coefficients.as_ref()?;
        let by = |(region, constants)| {
            Some(sum(region, constants, coefficients, dim, degree, digits.bits())?.found)
        };
        let mut found = self.regions.iter().zip(&self.constants).filter_map(by);
        found.find(|found| known_digits(&found.enclosure) >= wanted)
    }

    /// The eigenvalue by the region of this index.
    fn within(&mut self, index: usize, dim: Dimension, degree: u64, digits: Digits) -> Option<Expanded> {
        self.region(index)?;
        let goal = digits.bits();
        let (mut terms, mut precision) = (FIRST_TERMS, goal.plus(GUARD_BITS));
        loop {
            if !self.coefficients(terms, precision)?.any() {
                return None;
            }
            let (region, coefficients) = (&self.regions[index], self.coefficients.as_ref()?);
            let (terms_had, precision_had) = (coefficients.terms(), coefficients.precision());
            let outcome = sum(region, self.constants.get(index)?, coefficients, dim, degree, goal)?;
            let (more_terms, more_bits) = (outcome.wants_terms, outcome.lost_bits);
            if more_terms && 2 * terms_had <= MOST_TERMS && terms_had as u64 + 1 < degree {
                terms = 2 * terms_had;
            } else if more_bits > 0 && precision_had.0 + more_bits <= MOST_BITS {
                precision = precision_had.plus(more_bits);
            } else {
                return Some(outcome.found);
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
            self.coefficients = Some(Coefficients::find(&self.kernel, terms, precision, self.mirror)?);
            self.constants.clear();
        }
        let coefficients = self.coefficients.as_ref()?;
        for region in self.regions.iter().skip(self.constants.len()) {
            self.constants.push(Constants::of(region, coefficients)?);
        }
        Some(coefficients)
    }
}

/// What a sum came to.
struct Outcome {
    found: Expanded,
    /// Was the bound still falling when the coefficients ended?
    wants_terms: bool,
    /// Bits that the coefficients' errors cost beyond the goal.
    lost_bits: u32,
}

/// Sums until the bound is below the goal, or rises.
fn sum(
    region: &Region,
    constants: &Constants,
    coefficients: &Coefficients,
    dim: Dimension,
    degree: u64,
    goal: Bits,
) -> Option<Outcome> {
    let parity = (degree % 2) as usize;
    let beyond = region::beyond_the_cut(region, dim.get(), degree);
    let goal_bits = i64::from(goal.0) + GOAL_MARGIN;
    let precision = coefficients.precision();
    let mut powers = ChordPowers::new(dim, degree, precision);
    let mut total = Ball::exact(rug::Float::new(precision.0));
    let mut best: Option<(Ball, Bound, usize)> = None;
    let mut risen = 0;
    let mut wants_terms = true;
    for n in 1..=coefficients.terms() {
        if n as u64 + 1 > degree {
            wants_terms = false;
            break;
        }
        total = total + coefficients.at(parity, n - 1).clone() * powers.value().clone();
        powers.advance();
        let bound = constants.after(n).times(Bound::above(&powers.value().magnitude())).plus(beyond);
        if best.as_ref().is_none_or(|(_, least, _)| bound < *least) {
            best = Some((total.clone(), bound, n));
            risen = 0;
        } else {
            risen += 1;
        }
        let size = Bound::below(total.midpoint());
        if risen > PATIENCE || (!size.is_zero() && bound <= size.scaled_by(-(goal_bits as i32))) {
            wants_terms = false;
            break;
        }
    }
    let (total, bound, terms) = best?;
    let size = Bound::below(total.midpoint());
    let own = Bound::above(&total.radius());
    // The coefficients' own errors should not matter beside the bound, nor beside the goal.
    let allowed = bound.plus(size.scaled_by(-(goal_bits as i32)));
    let lost_bits = if own <= allowed || size.is_zero() && bound >= own {
        0
    } else {
        own.over(allowed).log2_above().clamp(16, 4096) as u32 + 16
    };
    Some(Outcome {
        found: Expanded { enclosure: total.widened(&bound.to_float()), terms },
        wants_terms,
        lost_bits,
    })
}

/// Bits by which an error is to be below the goal, for the extra digits.
const GOAL_MARGIN: i64 = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        math::{degrees::Degrees, scalar::Scalar},
        spectrum::precise,
    };

    const KERNELS: [&str; 10] = [
        "ntk:depth=2",
        "ntk:depth=3",
        "ntk:depth=5",
        "nngp:depth=3",
        "resnet:depth=3,alpha=1",
        "ntk:depth=2,activation=leaky-relu,slope=0.25",
        "ntk:depth=2,b=0.5",
        "ntk:depth=2,b=0.5,bias-init=gaussian",
        "laplace:c=1",
        "matern:nu=1.5,length=1",
    ];
    const DEGREES: [u64; 6] = [7, 8, 20, 21, 60, 101];

    /// What a wrong step would do to the bound.
    #[derive(Clone, Copy, PartialEq)]
    enum Flaw {
        None,
        /// The radius is taken as larger than what was proved, with the same bounds.
        Radius,
        /// The coefficients at the far end are left out.
        FarEnd,
        /// Coefficients of even powers are taken for odd ones.
        EvenPowers,
    }

    /// How many of the bounds hold, at every number of terms, and how many there are.
    fn bounds_that_hold(spec: &str, flaw: Flaw) -> (usize, usize) {
        let kernel: Kernel = spec.parse().unwrap();
        let mut expansion = Expansion::of(&kernel);
        assert!(expansion.exists(), "{spec}");
        for index in 0..6 {
            expansion.region(index);
        }
        let mut region = expansion.regions.last().cloned().unwrap();
        let coefficients = expansion.coefficients(30, Bits(700)).unwrap().clone();
        if flaw == Flaw::Radius {
            region.radius = 2.5;
            region.height = 2.0 * (0.45f64 * region.radius).asinh();
            region.bounds = region.bounds.map(|bound| bound.scaled_by(-6));
        }
        let constants = Constants::of(&region, &coefficients).unwrap();
        let (mut hold, mut all) = (0, 0);
        for d in [1, 2, 3, 10] {
            let dim = Dimension::new(d).unwrap();
            let degrees = Degrees::new(DEGREES).unwrap();
            let (truth, _) = precise::eigenvalues(&kernel, dim, &degrees, Digits::new(60).unwrap()).unwrap();
            for (degree, truth) in degrees.iter().zip(&truth) {
                assert!(truth.certified, "{spec}");
                let beyond = region::beyond_the_cut(&region, d, degree);
                let mut powers = ChordPowers::new(dim, degree, Bits(700));
                let mut total = truth.enclosure.constant(&rug::Rational::new());
                for n in 1..=coefficients.terms().min(degree as usize - 1) {
                    let coefficient = match flaw {
                        Flaw::FarEnd => &coefficients.end(false)[n - 1],
                        Flaw::EvenPowers if n > 1 => coefficients.at(0, n - 2),
                        _ => coefficients.at((degree % 2) as usize, n - 1),
                    };
                    total = total + coefficient.clone() * powers.value().clone();
                    powers.advance();
                    let bound =
                        constants.after(n).times(Bound::above(&powers.value().magnitude())).plus(beyond);
                    let gap = total.clone().widened(&bound.to_float()) - truth.enclosure.clone();
                    all += 1;
                    hold += usize::from(gap.contains_zero());
                }
            }
        }
        (hold, all)
    }

    #[test]
    fn bounds_hold_at_every_number_of_terms() {
        let mut total = 0;
        for spec in KERNELS {
            let (hold, all) = bounds_that_hold(spec, Flaw::None);
            assert_eq!(hold, all, "{spec}");
            total += all;
        }
        assert!(total > 4000, "{total}");
    }

    #[test]
    fn a_wrong_step_breaks_bounds() {
        for flaw in [Flaw::Radius, Flaw::FarEnd, Flaw::EvenPowers] {
            let (hold, all) = bounds_that_hold("ntk:depth=3", flaw);
            assert!(hold < all);
        }
    }

    /// `tau_j` of two networks as polynomials in `1/pi`, and those at the far end of the second.
    #[test]
    fn coefficients_are_those_worked_out_by_hand() {
        let close = |found: &Ball, expected: f64| {
            assert!((found.midpoint().to_f64() - expected).abs() < 1e-14, "{found:?} {expected}");
        };
        let p = std::f64::consts::FRAC_1_PI;
        let of = |spec: &str| Coefficients::find(&spec.parse().unwrap(), 3, Bits(100), None).unwrap();
        let two = of("ntk:depth=2");
        let near = [
            -3.0 * p,
            p * (171.0 - 16.0 * p * p) / 72.0,
            p * (3807.0 + 10656.0 * p * p - 160.0 * p.powi(4)) / 51840.0,
        ];
        let far = [-p / 2.0, 9.0 * p / 16.0, 21.0 * p / 1280.0];
        for i in 0..3 {
            close(&two.end(false)[i], near[i]);
            close(&two.end(true)[i], far[i]);
        }
        let process = of("nngp:depth=3");
        close(&process.end(false)[0], 0.0);
        close(&process.end(false)[1], p);
        let drawn = of("ntk:depth=2,b=0.5,bias-init=gaussian");
        assert!(drawn.vanish(true) && !drawn.vanish(false), "analytic in t at -1");
        let smooth = of("gaussian");
        assert!(!smooth.any());
    }
}
