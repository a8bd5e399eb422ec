//! A kernel as a polynomial in the angle, so that it need not be evaluated at every node of a large rule.
//!
//! With `theta = (pi/2)(1 - x)`, the polynomial of degree below `n` that agrees with `K` at the Chebyshev points
//! `x_j = cos((j + 1/2) pi/n)` has the coefficients
//!
//! ```text
//! K ~ sum_m c_m T_m(x),   c_m = (2/n) sum_j K(x_j) cos(m (j + 1/2) pi/n),   half of that for m = 0
//! ```
//!
//! *Error.* If `K` is analytic on the ellipse with parameter `r` and `|K| <= M` there, its Chebyshev coefficients are at most `2 M r^-m`. At the
//! points, `T_m` for `m >= n` is 0 or one of the lower ones up to its sign, so that interpolation is off by at most
//! `2 sum_(m >= n) 2 M r^-m = 4 M r^(1-n) / (r - 1)` (Trefethen 2013, theorem 8.2). How many points that takes depends on the kernel and the
//! accuracy, not on the degrees integrated against.

use super::ellipse::Ellipse;
use crate::{
    kernel::{Angle, Evaluator},
    math::{
        ball::Ball,
        bound::Bound,
        scalar::Scalar,
        units::{Bits, Dimension},
        zonal_sums::{Recurrence, STEP_ULPS},
    },
};
use rayon::prelude::*;
use rug::{Float, Integer};

/// The interpolating polynomial, with a bound on its distance from the kernel that counts every rounding.
pub struct Interpolant {
    chebyshev: Recurrence,
    /// `2^(p - scale) c_m`.
    coefficients: Vec<Integer>,
    scale: i32,
    error: Bound,
    /// The mass `sum_m |c_m|`.
    mass: Bound,
}

impl Interpolant {
    /// The polynomial with `points` coefficients, from values at `precision`; `ellipse` is one on which the kernel is proved analytic.
    pub fn new(values: &Evaluator<Ball>, ellipse: &Ellipse, points: u32, precision: Bits) -> Self {
        let zero = Ball::exact(Float::new(precision.0));
        let turn = |i: u32| (zero.pi().times(i as i32)).over(2 * points);
        // cos(i pi / (2n)) for a quarter of the turn.
        let quarter: Vec<Ball> = (0..=points).into_par_iter().map(|i| turn(i).cos()).collect();
        let cosine = |i: u32| {
            let i = i % (4 * points);
            let i = i.min(4 * points - i);
            if i <= points {
                quarter[i as usize].clone()
            } else {
                -quarter[(2 * points - i) as usize].clone()
            }
        };
        let at = |j: u32| {
            // theta / 2 = (pi/2) sin((2j + 1) pi / (4n))^2, from the nearer end.
            let half_turn = turn(2 * j + 1).half();
            let theta = zero.pi() * half_turn.sin().powi(2);
            values.at(&Angle::from_radians(theta))
        };
        let samples: Vec<Ball> = (0..points).into_par_iter().map(at).collect();
        let half = points.div_ceil(2);
        // x_j and x_(n-1-j) are opposite: even coefficients need the sum of their values, odd ones the difference.
        let folded: Vec<[Ball; 2]> = (0..half)
            .map(|j| {
                let (a, b) = (samples[j as usize].clone(), samples[(points - 1 - j) as usize].clone());
                if 2 * j + 1 == points { [a, zero.clone()] } else { [a.clone() + b.clone(), a - b] }
            })
            .collect();
        let coefficient = |m: u32| {
            let term = |j: u32| folded[j as usize][(m % 2) as usize].clone() * cosine(m * (2 * j + 1));
            let sum = (0..half).map(term).fold(zero.clone(), |sum, x| sum + x);
            sum.times(if m == 0 { 1 } else { 2 }).over(points)
        };
        let balls: Vec<Ball> = (0..points).into_par_iter().map(coefficient).collect();
        Self::rounded(&balls, ellipse, precision)
    }

    fn rounded(balls: &[Ball], ellipse: &Ellipse, precision: Bits) -> Self {
        let points = balls.len() as u32;
        let chebyshev = Recurrence::new(Dimension::CIRCLE, points - 1, precision);
        let p = chebyshev.precision();
        let sum = |part: fn(&Ball) -> Float| {
            balls.iter().fold(Bound::ZERO, |sum, ball| sum.plus(Bound::above(&part(ball))))
        };
        let (mass, unknown) = (sum(Ball::magnitude), sum(Ball::radius));
        let scale = mass.to_float().get_exp().unwrap_or(0);
        let fixed = |ball: &Ball| {
            let shifted = Float::with_val(precision.0, ball.midpoint() >> scale) << p.0;
            shifted.to_integer_round(rug::float::Round::Zero).map_or_else(Integer::new, |(value, _)| value)
        };
        let coefficients = if mass.is_finite() { balls.iter().map(fixed).collect() } else { vec![] };
        // Three units a term as in `zonal_sums`: one for the coefficient, two for the product.
        let unit = Bound::power_of_two(-i64::from(p.0));
        let count = |n: u64| Bound::above(&Float::with_val(64, n));
        let terms = count(3 * u64::from(points)).times(unit).times(Bound::power_of_two(i64::from(scale)));
        let steps = count(u64::from(STEP_ULPS) * u64::from(points).pow(2)).times(unit).times(mass);
        let cut = ellipse.log2_interpolation(points).ceil();
        let cut = if cut.is_finite() { Bound::power_of_two(cut as i64) } else { Bound::INFINITE };
        let error = unknown.plus(terms).plus(steps).plus(cut);
        Self { chebyshev, coefficients, scale, error, mass }
    }

    /// `K` at `theta = (pi/2)(1 - x)` and at `pi - theta` for each `x`, `0 <= x <= 1`.
    pub fn at(&self, points: &[Ball]) -> Vec<[Ball; 2]> {
        let p = self.chebyshev.precision();
        let whole = |x: &Ball| {
            let t = Float::with_val(x.precision().0, x.midpoint() << p.0).to_integer().unwrap_or_default();
            Ord::clamp(t, Integer::new(), Integer::from(1) << p.0)
        };
        let sums = self.chebyshev.series(&points.iter().map(whole).collect::<Vec<_>>(), &self.coefficients);
        let value = |sum: Integer| Float::with_val(p.0 + 2, sum) << (self.scale - p.0 as i32);
        let degree = Bound::above(&Float::with_val(32, self.coefficients.len()));
        let pair = |(x, [even, odd]): (&Ball, [Integer; 2])| {
            // |T_m'| <= m^2.
            let moved = Bound::above(&x.radius()).plus(Bound::power_of_two(-i64::from(p.0)));
            let error = self.error.plus(moved.times(degree).times(degree).times(self.mass)).to_float();
            [Integer::from(&even + &odd), even - odd].map(|sum| Ball::new(value(sum), &error))
        };
        points.iter().zip(sums).map(pair).collect()
    }
}
