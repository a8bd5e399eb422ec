//! `K(t) = sum_n a_n t^n` with all `a_n >= 0`: positive terms, without the cancellation that costs quadrature `k log10(rho)` digits.
//!
//! ```text
//! lambda_k = sum_j a_(k+2j) mu_j,      mu_0 = k! / prod_{i=1}^k (d-1+2i),      mu_(j+1)/mu_j = (n+1)(n+2) / [ 2 (j+1) (2k+2j+d+1) ],  n = k+2j
//! ```
//!
//! where `mu_j` is the eigenvalue of degree `k` of `t^(k+2j)`. Kernels that are positive definite on spheres of every dimension have `a_n >= 0`
//! (Schoenberg 1942); the coefficients come from the kernel's own formula in power series.
//!
//! **Tail.** Let the formula be analytic on the real interval `[0, R]`, `R > 1`; by Pringsheim's theorem the series then converges beyond `R`, and
//! `a_n <= K(R) R^-n`. The ratio of the bounds `R^-n mu_j` is `f(j)/(4 R^2)` with
//! `f(j) = 2 (n+1)(n+2) / [ (j+1)(2k+2j+d+1) ] = 4 + (A - B j)/[(j+1)(k+j+a)]`, `a = (d+1)/2`, `B = 4a - 2 > 0`: it falls while it is above 4 and stays below 4
//! afterwards. So from `J` on the terms add up to at most `K(R) R^-(k+2J) mu_J / (1 - q)` with `q = max(f(J), 4)/(4 R^2)`, where `q < 1`.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        arcs::bound_along,
        ball::Ball,
        bound::Bound,
        degrees::Degrees,
        disc::Disc,
        truncated::Series,
        units::{Bits, Dimension},
    },
};
use rayon::prelude::*;
use rug::{Float, Rational};

/// Below this degree quadrature is as fast.
pub const LEAST_DEGREE: u64 = 256;
/// The cost of the coefficients is the square of the degree: about a minute at 10^4 and a quarter of an hour at this one.
pub const HIGHEST_DEGREE: u64 = 30_000;
/// The radii `R` tried; between the largest that is proved and the next one, some more.
const LADDER: [f64; 15] =
    [1.015625, 1.03125, 1.0625, 1.125, 1.25, 1.5, 2.0, 3.0, 5.0, 9.0, 17.0, 33.0, 65.0, 129.0, 257.0];
const BISECTIONS: u32 = 6;
/// Pieces of `[0, R]` at the start, and how often one may be halved.
const FIRST_PIECES: u32 = 8;
const DEEPEST_PIECE: u32 = 8;
/// Larger bounds are of no use.
const LARGEST_BOUND: f64 = 1e200;
/// So many coefficients for each degree, at most.
const MOST_ORDERS: usize = 4;

/// A kernel with nonnegative Taylor coefficients, where they are known to fall.
#[derive(Clone, Debug)]
pub struct Taylor {
    kernel: Kernel,
    /// Radii `R > 1`, rising, with bounds on `K(R)`.
    radii: Vec<(f64, Bound)>,
    coefficients: Vec<Ball>,
    precision: Bits,
}

impl Taylor {
    /// The series of `kernel`, if its coefficients are nonnegative and it is proved to be analytic beyond `t = 1`.
    pub fn of(kernel: &Kernel) -> Option<Self> {
        if !kernel.is_power_series() || kernel.has_series() {
            return None;
        }
        let prove = |radius: f64| Some((radius, bound_at(kernel, radius)?));
        let mut radii: Vec<(f64, Bound)> = LADDER.into_iter().map_while(prove).collect();
        let (mut low, _) = *radii.last()?;
        if let Some(mut high) = LADDER.get(radii.len()).copied() {
            for _ in 0..BISECTIONS {
                let middle = 0.5 * (low + high);
                match prove(middle) {
                    Some(found) => {
                        radii.push(found);
                        low = middle;
                    }
                    None => high = middle,
                }
            }
        }
        Some(Self { kernel: kernel.clone(), radii, coefficients: vec![], precision: Bits(0) })
    }

    /// The eigenvalues at `degrees`, with tails about `2^-goal` of the sums.
    pub fn eigenvalues(
        &mut self,
        dim: Dimension,
        degrees: &Degrees,
        goal: Bits,
        precision: Bits,
    ) -> Vec<Ball> {
        let mut order = degrees.iter().map(|k| self.terms(dim, k, goal)).max().unwrap_or(0) as usize;
        let most = MOST_ORDERS * (degrees.top() as usize + LEAST_DEGREE as usize);
        loop {
            if self.coefficients.len() < order || self.precision < precision {
                self.precision = self.precision.max(precision);
                self.coefficients = self.found(order.max(self.coefficients.len()));
            }
            let found: Vec<(Ball, bool)> =
                degrees.as_slice().par_iter().map(|k| self.eigenvalue(dim, *k, goal)).collect();
            // The bound on a tail may be far above the terms, which an entire kernel's fall faster than any power.
            if order >= most || found.iter().all(|(_, settled)| *settled) {
                return found.into_iter().map(|(value, _)| value).collect();
            }
            order = (order + order / 2).min(most);
        }
    }

    /// The first `order` coefficients.
    fn found(&self, order: usize) -> Vec<Ball> {
        let variable = Series::variable(order, self.precision);
        let value = self.kernel.evaluator_in(&variable).at(&Angle::from_cosine(variable));
        (0..order).map_while(|n| value.coefficient(n)).collect()
    }

    /// The number of coefficients after which the bounds on the terms have fallen to `2^-goal` of the largest one, and some more.
    pub fn terms(&self, dim: Dimension, degree: u64, goal: Bits) -> u64 {
        let Some((radius, _)) = self.radii.last() else { return 0 };
        let (mut log2, mut most) = (0.0f64, 0.0f64);
        let bits = f64::from(goal.0) + MARGIN_BITS;
        for j in 0u64.. {
            if log2 < most - bits {
                return degree + 2 * j + 2;
            }
            log2 += (ratio(dim, degree, j) / (radius * radius)).log2();
            most = most.max(log2);
        }
        0
    }

    /// The value, and whether its tail is below `2^-goal` of it.
    fn eigenvalue(&self, dim: Dimension, degree: u64, goal: Bits) -> (Ball, bool) {
        let d = u64::from(dim.get());
        let ball = |q: Rational| Ball::from_rational(self.precision, &q);
        let mut mu = (1..=degree)
            .fold(ball(Rational::from(1)), |product, i| product * ball(Rational::from((i, d - 1 + 2 * i))));
        let mut sum = ball(Rational::new());
        let mut j = 0u64;
        let mut tail = self.tail(dim, degree, 0, &mu);
        while let Some(a) = self.coefficients.get((degree + 2 * j) as usize) {
            sum = sum + a.clone() * mu.clone();
            let n = degree + 2 * j;
            let above = Rational::from((n + 1, 2 * (j + 1)));
            mu = mu * ball(above * Rational::from((n + 2, 2 * degree + 2 * j + d + 1)));
            j += 1;
            tail = self.tail(dim, degree, j, &mu);
            if tail <= Bound::below(sum.midpoint()).scaled_by(-(goal.0 as i32)) {
                return (sum.widened(&tail.to_float()), true);
            }
        }
        (sum.widened(&tail.to_float()), false)
    }

    /// The bound on all terms from `j` on, the least over the radii; `mu` is `mu_j`.
    fn tail(&self, dim: Dimension, degree: u64, j: u64, mu: &Ball) -> Bound {
        let power = i64::try_from(degree + 2 * j).unwrap_or(i64::MAX);
        let mu = Bound::above(&mu.magnitude());
        let at = |(radius, bound): &(f64, Bound)| {
            // In f64, from ratios far from 1 by more than their rounding.
            let q = ratio(dim, degree, j).max(1.0) / (radius * radius) * (1.0 + SLACK);
            if q >= 1.0 - SLACK {
                return Bound::INFINITE;
            }
            let sum = Bound::above(&Float::with_val(53, (1.0 + SLACK) / (1.0 - q)));
            let halvings = (power as f64 * radius.log2() * (1.0 - SLACK)).floor() as i64;
            bound.times(mu).times(sum).times(Bound::power_of_two(-halvings))
        };
        let least = |a: Bound, b: Bound| if b < a { b } else { a };
        self.radii.iter().map(at).fold(Bound::INFINITE, least)
    }
}

/// `f(j)/4`, the ratio of `mu_(j+1)` and `mu_j`.
fn ratio(dim: Dimension, degree: u64, j: u64) -> f64 {
    let n = (degree + 2 * j) as f64;
    (n + 1.0) * (n + 2.0) / (2.0 * (j + 1) as f64 * (2 * degree + 2 * j + u64::from(dim.get()) + 1) as f64)
}

/// More than the rounding of a few operations in f64.
const SLACK: f64 = 1e-12;
/// Bits by which the terms left out are to be smaller than the goal.
const MARGIN_BITS: f64 = 24.0;

/// A bound on `K(R)`, with proof that the formula is analytic on `[0, R]`.
///
/// The formula is enclosed on discs that cover the interval, so that each of its steps is analytic on each of them.
fn bound_at(kernel: &Kernel, radius: f64) -> Option<Bound> {
    let values = kernel.evaluator_in(&Disc::point(0.0, 0.0));
    let bound = bound_along(radius, FIRST_PIECES, DEEPEST_PIECE, |t, reach| {
        values
            .at(&Angle::from_cosine(Disc::point(t, 0.0).widened(reach + POINT_ROUNDING * radius)))
            .magnitude()
    })?;
    (bound <= LARGEST_BOUND).then(|| Bound::above(&Float::with_val(53, bound)))
}

/// More than the relative rounding of a point in f64.
const POINT_ROUNDING: f64 = 1e-15;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::scalar::Scalar;

    /// The means of `t^n P_k`: `1/(n+1)` on `S^2` for `k = 0` and even `n`, `1/(n+2)` for `k = 1` and odd `n`; `C(n, n/2) 2^-n` on the circle.
    #[test]
    fn ratios_are_those_of_means_of_powers() {
        let (sphere, circle) = (Dimension::SPHERE, Dimension::CIRCLE);
        for j in 0u64..20 {
            let x = 2.0 * j as f64;
            for (found, expected) in [
                (ratio(sphere, 0, j), (x + 1.0) / (x + 3.0)),
                (ratio(sphere, 1, j), (x + 3.0) / (x + 5.0)),
                (ratio(circle, 0, j), (x + 1.0) / (x + 2.0)),
            ] {
                assert!((found / expected - 1.0).abs() < 1e-14, "{j}: {found} {expected}");
            }
        }
    }

    /// At the first term the tail is the whole, also where the terms still rise.
    #[test]
    fn the_tail_bounds_what_is_left() {
        let mut series = Taylor::of(&"nngp:depth=2,activation=erf".parse().unwrap()).unwrap();
        let degrees: Degrees = "60,100".parse().unwrap();
        let values = series.eigenvalues(Dimension::SPHERE, &degrees, Bits(80), Bits(300));
        for (k, value) in degrees.iter().zip(values) {
            let one = Ball::exact(Float::with_val(300, 1));
            let mu = (1..=k)
                .fold(one.clone(), |product, i| product * one.constant(&Rational::from((i, 1 + 2 * i))));
            let whole = series.tail(Dimension::SPHERE, k, 0, &mu);
            assert!(Bound::below(value.midpoint()) <= whole, "{k}");
        }
    }

    /// More coefficients are found when higher degrees want them, at the same precision too.
    #[test]
    fn higher_degrees_bring_more_coefficients() {
        let mut series = Taylor::of(&"nngp:depth=2,activation=erf".parse().unwrap()).unwrap();
        for degree in ["11", "151"] {
            let value = series.eigenvalues(Dimension::SPHERE, &degree.parse().unwrap(), Bits(60), Bits(300));
            assert!(Bound::above(&value[0].radius()) <= Bound::below(value[0].midpoint()).scaled_by(-59));
        }
    }

    /// A kernel with this radius alone, and `K(R)` taken to be 1.
    fn of_radius(radius: f64) -> Taylor {
        let kernel = "nngp:depth=2,activation=erf".parse().unwrap();
        Taylor {
            kernel,
            radii: vec![(radius, Bound::power_of_two(0))],
            coefficients: vec![],
            precision: Bits(64),
        }
    }

    /// Where the bounds on the terms rise there is no bound on what is left.
    #[test]
    fn terms_that_rise_have_no_tail() {
        let series = of_radius(1.25);
        let mu = Ball::exact(Float::with_val(64, 1));
        // f(0)/4 = 61 . 62 / 246 is 15.4, and 1.25^2 = 1.5625; f(j)/4 tends to 1.
        assert_eq!(series.tail(Dimension::SPHERE, 60, 0, &mu), Bound::INFINITE);
        assert!(series.tail(Dimension::SPHERE, 60, 10_000, &mu).is_finite());
    }

    /// After the coefficients that are asked for, the bound on a term is below `2^-goal` of the largest; half of them would not do.
    #[test]
    fn terms_end_where_their_bounds_have_fallen() {
        let dim = Dimension::SPHERE;
        for (radius, degree, goal) in [(1.25f64, 0u64, 60), (1.5, 20, 100), (2.0, 300, 200)] {
            let terms = of_radius(radius).terms(dim, degree, Bits(goal));
            let last = ((terms - degree) / 2 - 1) as usize;
            let mut bounds = vec![0.0];
            for j in 0..last as u64 {
                bounds.push(bounds[j as usize] + (ratio(dim, degree, j) / (radius * radius)).log2());
            }
            let enough = bounds.iter().copied().fold(0.0, f64::max) - f64::from(goal);
            assert!(bounds[last] < enough && bounds[last / 2] > enough, "{degree}");
        }
    }
}
