//! How far a kernel continues analytically around a panel of `[0, pi]`, and how large it is there.
//!
//! The Bernstein ellipse `E_r` of a panel with middle `m` and half width `h` has the boundary `theta = m + (h/2)(r e^(i phi) + e^(-i phi)/r)`, and
//! `|Im theta| <= b = (h/2)(r - 1/r)` on it. If `K` is analytic on `E_r` with `|K| <= M`, the Gauss-Legendre rule with `N >= 2`
//! nodes in `theta` gives the panel's part of the eigenvalue of degree `k` on `S^d` up to
//!
//! ```text
//! omega_d h (64/15) M cosh(k b) cosh(b)^(d-1) r^(-2N) / (1 - r^-2)
//! ```
//!
//! *Proof.* On `E_r`, `|sin theta| <= cosh b`; and `P_k(cos theta)` is a sum of `cos(j theta)`, `j <= k`, with nonnegative
//! coefficients of sum 1, so `|P_k| <= cosh(k b)`. A function bounded by `M'` on `E_r` has Chebyshev coefficients
//! `|a_j| <= 2 M' r^-j`. The rule is exact below degree `2N`; for an even `j >= 4` the integral of `T_j` is `2/(1-j^2)` and the rule
//! gives at most 2 in size, a difference of at most `32/15`; for odd `j` both vanish. Summing over even `j >= 2N` gives the bound
//! (Trefethen 2013, theorem 19.3). By the maximum principle `M` may be taken on the boundary, and
//! [`Disc`] says why finite enclosures of `K` along the boundary prove `K` analytic
//! inside. For relu networks one quotient is covered otherwise: `(sin a - a cos a)/sin(a/2)^2` in
//! [`AtAngle::fall`](crate::network::activation::dual::AtAngle::fall). Each layer multiplies `sin(a/2)` by a function without zeros, so the
//! only zero of it in `E_r` is the simple one at `theta = 0`, there `a = 0`, and the numerator vanishes to third order. This
//! needs `2 pi` and `-2 pi` outside `E_r`, which holds for `r <=` [`LARGEST`]: as `m + h <= pi` and `h <= pi/2`, `E_r` ends before
//! `m + 3 h <= 2 pi`.

use crate::{
    kernel::{Angle, Evaluator, Kernel},
    math::{arcs::bound_along, disc::Disc, scalar::Scalar, units::Bits},
};
use std::f64::consts::PI;

/// The parameters tried, rising.
const LADDER: [f64; 8] = [1.015625, 1.0625, 1.25, 1.5, 2.0, 2.5, 3.5, 5.75];
/// The largest parameter: `(r + 1/r)/2 < 3`.
pub const LARGEST: f64 = 5.75;
/// For power series, which one evaluation proves: `r - 1` goes up by this factor, so many times, around 1.
const RUNG: f64 = 1.3;
const RUNGS: i32 = 30;
/// Arcs of the upper half of the boundary at the start.
const FIRST_ARCS: u32 = 16;
/// Halvings of an arc after which a proof is given up, for the whole interval and for a panel, which may be halved itself.
const DEEPEST_ARC: [u32; 2] = [9, 3];

/// A panel of `[0, pi]`: the interval `[i, i+1] pi / 2^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The index `i`, below `2^level`.
    pub index: u64,
    /// How often the whole was halved, at most 52.
    pub level: u32,
}

impl Panel {
    /// The whole of `[0, pi]`.
    pub const WHOLE: Self = Self { index: 0, level: 0 };

    /// Half the width.
    pub fn half_width(self) -> f64 {
        PI * 0.5f64.powi(self.level as i32 + 1)
    }

    /// The middle.
    pub fn middle(self) -> f64 {
        (2 * self.index + 1) as f64 * self.half_width()
    }

    /// The two halves.
    pub fn halves(self) -> [Self; 2] {
        [0, 1].map(|i| Self { index: 2 * self.index + i, level: self.level + 1 })
    }
}

/// An ellipse around a panel and a bound on the kernel inside.
///
/// Where the angle is graded, the ellipse is one around `0 <= psi <= pi` with `theta = pi sin(psi/2)^2`. As `theta = (pi/2)(1 - cos psi)`,
/// `|Im theta| <= (pi/2) sinh b` where `|Im psi| <= b`, and `|d theta/d psi| = (pi/2) |sin psi| <= (pi/2) cosh b`, which multiplies the integrand.
#[derive(Clone, Copy, Debug)]
pub struct Ellipse {
    /// The panel.
    pub panel: Panel,
    /// The parameter `r > 1`; exactly representable.
    pub r: f64,
    /// `log2 M`, rounded up.
    pub log2_bound: f64,
    /// How often the angle is graded; never on a panel.
    pub grading: u32,
}

impl Ellipse {
    /// `b`, the largest imaginary part.
    pub fn height(&self) -> f64 {
        0.5 * self.panel.half_width() * (self.r - 1.0 / self.r)
    }

    /// `log2` of the truncation bound divided by `omega_d`, with `N` nodes.
    ///
    /// Computed in f64 from positive terms and enlarged by a thousandth of a bit, far more than its rounding.
    pub fn log2_truncation(&self, nodes: u32, degree: u32, dim: u32) -> f64 {
        let log2 = std::f64::consts::LOG2_E;
        let (mut b, mut grade) = (self.height(), 0.0);
        for _ in 0..self.grading {
            grade += (0.5 * PI * b.cosh()).log2();
            b = 0.5 * PI * b.sinh();
        }
        let growth = log2 * (f64::from(degree) * b) + f64::from(dim - 1) * b.cosh().log2() + grade;
        let rule = (self.panel.half_width() * 64.0 / 15.0 / (1.0 - self.r.powi(-2))).log2();
        self.log2_bound + growth + rule - 2.0 * f64::from(nodes) * self.r.log2() + SLACK_BITS
    }

    /// `log2` of the bound `4 M r^(1-n) / (r - 1)` on the error of interpolation at `n` points; enlarged like [`Ellipse::log2_truncation`].
    pub fn log2_interpolation(&self, points: u32) -> f64 {
        let log2 = self.r.log2();
        self.log2_bound + (4.0 / (self.r - 1.0)).log2() + (1.0 - f64::from(points)) * log2 + SLACK_BITS
    }

    /// The number of points that brings the error of interpolation below `2^-accuracy`.
    pub fn points(&self, accuracy: Bits) -> u32 {
        let excess = self.log2_interpolation(1) + f64::from(accuracy.0);
        (excess / self.r.log2()).ceil().max(1.0) as u32 + 1
    }

    /// The number of nodes that brings the truncation below `2^-accuracy`; even.
    pub fn nodes(&self, accuracy: Bits, degree: u32, dim: u32) -> u32 {
        let excess = self.log2_truncation(0, degree, dim) + f64::from(accuracy.0);
        let nodes = (excess / (2.0 * self.r.log2())).ceil().max(4.0) as u32;
        nodes + nodes % 2
    }
}

/// More than the relative rounding of a panel's middle and semi-axes in f64: a few units of `2^-53`.
const AXIS_ROUNDING: f64 = 1e-15;
/// What f64 arithmetic on exponents below `10^7` may cost, in bits, with room to spare.
const SLACK_BITS: f64 = 0.001;

/// The ellipses on which one kernel is proved to be analytic, with their bounds.
#[derive(Clone, Debug)]
pub struct Ellipses {
    kernel: Kernel,
    /// Rising parameters that have not failed, and whether each is proved; a bound that is not known yet counts as 1.
    ladder: Vec<(Ellipse, bool)>,
}

impl Ellipses {
    /// The ellipses of `kernel`; each is proved when it is wanted.
    pub fn of(kernel: &Kernel) -> Self {
        let parameters = if kernel.is_power_series() {
            (0..RUNGS).map(|i| 1.0 + RUNG.powi(i - RUNGS / 2)).collect()
        } else {
            LADDER.to_vec()
        };
        let grading = kernel.grading();
        let rung = |r: f64| (Ellipse { panel: Panel::WHOLE, r, log2_bound: 0.0, grading }, false);
        Self { kernel: kernel.clone(), ladder: parameters.into_iter().map(rung).collect() }
    }

    /// The proved ellipse with the least `cost`, which rises with its bound; `None` when none is proved whose cost is at most `most`.
    pub fn best(&mut self, most: u32, cost: impl Fn(&Ellipse) -> u32) -> Option<Ellipse> {
        loop {
            let own = |(_, (ellipse, _)): &(usize, &(Ellipse, bool))| cost(ellipse);
            let (at, &(ellipse, proved)) = self.ladder.iter().enumerate().min_by_key(own)?;
            if cost(&ellipse) > most {
                return None;
            }
            if proved {
                return Some(ellipse);
            }
            match bounded(&self.kernel, ellipse) {
                Some(bounded) => self.ladder[at] = (bounded, true),
                // Larger ellipses contain this one.
                None => self.ladder.truncate(at),
            }
        }
    }
}

/// A bound on a power series with coefficients that are not negative where `|Im theta| <= b`: its value at `cosh b`, as `|cos theta| <= cosh b`.
///
/// One evaluation proves it analytic there. Let `S` be the covariance before an activation, a power series with coefficients that are not negative
/// that converges at `cosh b`, and let the dual be one that is analytic for `|S| < c`. At `cosh b` its root is that of a positive number only
/// for `S < c`; otherwise the evaluation fails. So the dual of `S` is a power series that converges at `cosh b` (Pringsheim), with coefficients
/// that are not negative (Schoenberg); sums and products are, too.
fn value_at_cosh(kernel: &Kernel, height: f64) -> f64 {
    let kernel = kernel.evaluator_in(&Disc::point(0.0, 0.0));
    kernel.at(&Angle::from_radians(Disc::point(0.0, height * (1.0 + AXIS_ROUNDING)))).magnitude()
}

/// Proves the kernel analytic on the ellipse of a panel with parameter `r <=` [`LARGEST`] and bounds it there; `None` when the proof fails.
///
/// Arcs of the upper half of the boundary (conjugation covers the lower one) are halved until the kernel is finite on each.
pub fn prove(kernel: &Kernel, panel: Panel, r: f64) -> Option<Ellipse> {
    bounded(kernel, Ellipse { panel, r, log2_bound: 0.0, grading: 0 })
}

/// The ellipse with its bound.
fn bounded(kernel: &Kernel, ellipse: Ellipse) -> Option<Ellipse> {
    let Ellipse { panel, r, .. } = ellipse;
    // On a narrow panel the kernel may be far smaller than at cosh b.
    if kernel.is_power_series() && panel == Panel::WHOLE {
        let bound = value_at_cosh(kernel, ellipse.height());
        return bound.is_finite().then(|| Ellipse { log2_bound: bound.log2() + SLACK_BITS, ..ellipse });
    }
    let values = kernel.graded_in(&Disc::point(0.0, 0.0), ellipse.grading);
    let deepest = DEEPEST_ARC[usize::from(panel.level > 0)];
    let bound =
        bound_along(PI, FIRST_ARCS, deepest, |phi, reach| on_boundary(&values, panel, r, phi, reach))?;
    Some(Ellipse { log2_bound: bound.log2() + SLACK_BITS, ..ellipse })
}

/// A bound on the kernel over the part of the boundary with parameters within `reach` of `phi`.
fn on_boundary(values: &Evaluator<Disc>, panel: Panel, r: f64, phi: f64, reach: f64) -> f64 {
    let (sin, cos) = Disc::point(phi, 0.0).sin_cos();
    let half = 0.5 * panel.half_width();
    let (wide, high) = (half * (r + 1.0 / r), half * (r - 1.0 / r));
    let middle =
        Disc::point(panel.middle(), 0.0) + cos * Disc::point(wide, 0.0) + sin * Disc::point(0.0, high);
    // |d theta / d phi| <= wide; the second term covers the rounding of the middle and of the two semi-axes.
    let theta = middle.widened(wide * reach + AXIS_ROUNDING * (panel.middle() + wide));
    values.at(&Angle::from_radians(theta)).magnitude()
}
