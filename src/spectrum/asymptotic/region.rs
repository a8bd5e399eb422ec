//! Where a kernel is proved to be analytic around the two ends of `[0, pi]`, and how large it is there.
//!
//! [`Disc`] says why finite enclosures along the boundary of a region prove the kernel's formula analytic inside. Three boundaries are followed, by
//! their upper halves, as conjugation gives the others:
//!
//! * `|x| = r` with `theta = 2 arcsin(x/2)`, `r < 2`: in the chord `x` around `theta = 0`;
//! * `|y| = r` with `theta = pi - 2 arcsin(y/2)`: around `theta = pi`;
//! * the rectangle `[-r/2, pi] x [-Y, Y]` in `theta`, which contains the one of the theorem; its left edge keeps off the removable 0/0 at `theta = 0`.
//!
//! The quotient `(sin a - a cos a)/sin(a/2)^2` of relu networks is covered as for the ellipses of quadrature: each layer multiplies `sin(a/2)` by
//! a function without zeros, so its only zeros are those of `sin(theta/2)`, that is `theta = 0` in these regions, where the numerator vanishes to
//! third order.
//!
//! A kernel that is even or odd in `t` is its own mirror image: then the regions around `theta = 0` and to the left of `pi/2` give the others.

use crate::{
    kernel::{Angle, Evaluator, Kernel},
    math::{
        arcs::bound_along, ball::Ball, bound::Bound, disc::Disc, harmonics::multiplicity, scalar::Scalar,
        units::Dimension,
    },
};
use rug::{Float, Rational};
use std::f64::consts::{FRAC_PI_2, PI};

/// Arcs of a boundary's upper half at the start, and how often one may be halved.
const FIRST_ARCS: u32 = 8;
const DEEPEST_ARC: u32 = 9;
/// The height of the rectangle reaches `xi_Y = 2 sinh(Y/2)` of about this share of the radius.
const HEIGHT_SHARE: f64 = 0.9;
/// More than the relative rounding of a boundary point in f64.
const POINT_ROUNDING: f64 = 1e-15;

/// Regions around both ends and the rectangle between, with bounds on the kernel.
#[derive(Clone, Debug)]
pub struct Region {
    /// The radius `r` of the discs `|x| <= r` and `|y| <= r`; exactly representable.
    pub radius: f64,
    /// The height `Y` of the rectangle; exactly representable.
    pub height: f64,
    /// `|K|` on `|x| <= r` and on `|y| <= r` is at most this.
    pub bounds: [Bound; 2],
    /// `|K|` on `Im theta = Y`, `0 <= Re theta <= pi`, is at most this.
    pub on_top: Bound,
}

impl Region {
    /// Proves the kernel analytic on the regions of radius `r < 2`, and bounds it; none when the proof fails. `mirrored`: the kernel is even or odd in `t`.
    pub fn prove(kernel: &Kernel, radius: f64, mirrored: bool) -> Option<Self> {
        let values = kernel.evaluator_in(&Disc::point(0.0, 0.0));
        let height = 2.0 * (0.5 * HEIGHT_SHARE * radius).asinh();
        let near = circle(&values, radius, false)?;
        let far = if mirrored { near } else { circle(&values, radius, true)? };
        let left = -0.5 * radius;
        let right = if mirrored { FRAC_PI_2 } else { PI };
        let side = |re: f64| segment(&values, height, |v| (re, v));
        side(left)?;
        side(right)?;
        let on_top = segment(&values, right - left, |u| (left + u, height))?;
        let region = Self { radius, height, bounds: [near, far].map(bound), on_top: bound(on_top) };
        region.cut_end(64).is_some().then_some(region)
    }

    /// `xi_Y = 2 sinh(Y/2)`, the end of the cut, where it is proved to be below the radius.
    pub fn cut_end(&self, precision: u32) -> Option<Ball> {
        let end = Ball::exact(Float::with_val(precision.max(64), self.height)).half().sinh().times(2);
        (end.upper() < self.radius).then_some(end)
    }

    /// For `n = 1, 2, ...` an upper bound on `C_n(tau, M_0) + C_n(tau~, M_pi)` whatever the coefficients are: by Cauchy's `|tau_j| <= M r^-j` the terms kept
    /// add up to at most `M xi^(-2n) / [ r (1 - (xi/r)^2) ]`. Nothing where the cut's end is not inside.
    pub fn cauchy_constants(&self) -> impl Iterator<Item = Bound> {
        let above = |x: Ball| Bound::above(&x.magnitude());
        let parts = self.cut_end(64).map(|end| {
            let one = end.constant(&Rational::from(1));
            let radius = Ball::exact(Float::with_val(64, self.radius));
            let squares = [radius.clone() * radius.clone(), end.clone() * end];
            let gap = one.clone() - squares[1].clone() / squares[0].clone();
            let front = self.bounds[0].plus(self.bounds[1]).times(above(one.clone() / (radius * gap)));
            (front, squares.map(|square| above(one.clone() / square)))
        });
        let powers = |ratio: Bound| std::iter::successors(Some(ratio), move |power| Some(power.times(ratio)));
        parts.into_iter().flat_map(move |(front, [near, far])| {
            powers(near).zip(powers(far)).map(move |(near, far)| front.times(near.plus(far)))
        })
    }

    /// An upper bound on the remainder beyond the cut,
    /// `M_Y (1 + e^(-2Y)) e^(-kY) k!/((d+1)/2)_k S_d(e^(-2Y))` (see the module above).
    pub fn beyond_the_cut(&self, dim: Dimension, degree: u64) -> Bound {
        let dim = dim.get();
        let precision = 64;
        let v = (-Ball::exact(Float::with_val(precision, self.height)).times(2)).exp();
        let one = v.constant(&Rational::from(1));
        let rest = one.clone() - v.clone();
        let sum = match dim {
            1 => one.clone() / rest,
            2 => one.clone() / rest.sqrt(),
            d if d % 2 == 1 => (one.clone() + v.clone()).powi((d - 3) / 2),
            d => (one.clone() + v.clone()).powi(d / 2 - 1) + v.clone().powi(d / 2) / rest,
        };
        // k!/((d+1)/2)_k <= k!/(m+1)_k = m!/((k+1)...(k+m)) with m the whole part of (d-1)/2.
        let ratio = (1..=(dim - 1) / 2).fold(one.clone(), |product, j| {
            product * one.constant(&Rational::from((u64::from(j), degree + u64::from(j))))
        });
        // e^(-kY) <= 2^-n with n below k Y log2(e) in spite of rounding.
        let halvings = degree as f64 * self.height * std::f64::consts::LOG2_E * (1.0 - 1e-12);
        let factor = Bound::above(&((one + v) * sum * ratio).magnitude());
        self.on_top.times(factor).times(Bound::power_of_two(-(halvings.floor() as i64)))
    }

    /// An upper bound on `sum_{j>=k} N(d,j) R_j`, where `R_j` is that remainder; `k >= 1`. Infinite where the first terms do not fall.
    pub fn tail_beyond_the_cut(&self, dim: Dimension, degree: u64) -> Bound {
        let counts = [degree, degree + 1].map(|k| multiplicity(dim, k));
        let count = Bound::above(&Float::with_val(64, &counts[0]));
        let growth = Rational::from((counts[1].clone(), counts[0].clone()));
        let decay = (-Ball::exact(Float::with_val(64, self.height))).exp();
        let one = decay.constant(&Rational::from(1));
        let gap = one.clone() - decay * one.constant(&growth);
        if !gap.is_positive() {
            return Bound::INFINITE;
        }
        self.beyond_the_cut(dim, degree).times(count).times(Bound::above(&(one / gap).magnitude()))
    }
}

fn bound(x: f64) -> Bound {
    Bound::above(&Float::with_val(53, x))
}

/// A bound over `|x| = r`, or over `|y| = r` for the far end.
fn circle(values: &Evaluator<Disc>, radius: f64, far: bool) -> Option<f64> {
    bound_along(PI, FIRST_ARCS, DEEPEST_ARC, |phi, reach| {
        let (sin, cos) = Disc::point(phi, 0.0).sin_cos();
        let size = Disc::point(0.5 * radius, 0.0);
        let half = (cos * size + sin * size * Disc::point(0.0, 1.0))
            .widened(0.5 * radius * (reach + POINT_ROUNDING));
        let theta = half.asin().times(2);
        values.at(&Angle::from_radians(if far { theta.pi() - theta } else { theta })).magnitude()
    })
}

/// A bound over the straight line `point(v)`, `0 <= v <= length`, which moves at unit speed.
fn segment(values: &Evaluator<Disc>, length: f64, point: impl Fn(f64) -> (f64, f64) + Sync) -> Option<f64> {
    bound_along(length, FIRST_ARCS, DEEPEST_ARC, |v, reach| {
        let (re, im) = point(v);
        let theta = Disc::point(re, im).widened(reach + POINT_ROUNDING * (re.abs() + im.abs() + length));
        values.at(&Angle::from_radians(theta)).magnitude()
    })
}

/// The radii tried first to last where a small one will do: `r` decides how fast terms fall, and what a proof costs.
pub const LADDER: [f64; 9] = [0.25, 0.5, 0.75, 1.0, 1.2, 1.4, 1.6, 1.75, 1.9];
/// The smallest radius tried: networks with small residual branches have singularities near the ends.
pub const SMALLEST: f64 = 1.0 / 4096.0;
