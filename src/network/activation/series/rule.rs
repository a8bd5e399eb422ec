//! Hermite coefficients of a function that is analytic in a strip, by the trapezoidal rule, with every error.
//!
//! Let `|phi(sqrt q z)| <= B e^(g |Re z|)` on `|Im z| <= alpha`. As `h_n(x + i alpha) = sum_j sqrt(C(n,j)/j!) (i alpha)^j h_(n-j)(x)`, its root mean
//! square over `x` is at most `e^(alpha sqrt n)`; that of `e^(g |x|)` is at most `sqrt 2 e^(g^2)`. So the rule with step `h` is off by at most
//!
//! ```text
//! 2 sqrt 2 B e^(g^2 + alpha^2/2 + alpha sqrt n)/(e^(2 pi alpha/h) - 1)          for a_n,
//! 4 B^2 e^(2 g^2 + alpha^2/2)/(e^(2 pi alpha/h) - 1)                            for E phi^2
//! ```
//!
//! (Trefethen and Weideman 2014, theorem 5.1). Leaving out `|z| > L` costs at most `(2/sqrt(2 pi)) 1.0865 B e^(g^2) (2/v) e^(-v^2/4)` with
//! `v = L - h - 2 g`, by Cramer's `|h_n| <= 1.0865 e^(z^2/4)`, and less for `E phi^2`.
//!
//! *Rounding.* `He_(n+1) = z He_n - n He_(n-1)` in floating point of precision `p`: over `sqrt((n+1)!)`, each step adds an error of at most
//! `2^-p 1.0865 e^(z^2/4) (|z| + 2)`, and an error grows by at most `1 + |z|/sqrt(n+1)` a step, so to at most `e^(2 |z| sqrt N)` altogether. With
//! `S = sum_j 1.0865 e^(z_j^2/4) |w_j phi_j|`, found beside the sums, all nodes together cost `S` times `N (L + 2) e^(2 |z| sqrt N) 2^-p`, which the
//! precision of each node makes less than `(L + 2) 2^-(accuracy + 40)`. Terms and their sums, at the precision of the result, cost `S` times two units
//! a node; what the weights do not know is added as it is.

use crate::{
    math::{ball::Ball, bound::Bound, scalar::Scalar, units::Bits},
    network::activation::Parity,
};
use rayon::prelude::*;
use rug::{
    Float,
    float::Round,
    ops::{AddAssignRound, MulAssignRound},
};
use std::f64::consts::{LN_2, LOG2_E, PI, SQRT_2};

/// Bits of the sums beyond their accuracy.
const GUARD: u32 = 64;
/// Nodes of one task.
const CHUNK: usize = 16;
/// Steps are multiples of `2^-STEP_BITS`.
const STEP_BITS: i32 = 20;

/// `|phi(sqrt q z)| <= e^growth e^(rate |Re z|)` on `|Im z| <= alpha`, for a function and its derivatives as far as they are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    /// `alpha`.
    pub alpha: f64,
    /// `ln B`.
    pub growth: f64,
    /// `g`.
    pub rate: f64,
}

/// The nodes `h, 2h, ..., count h` of a rule, `h = step 2^-20`.
pub struct Rule {
    step: u32,
    count: u32,
    /// A bound on the errors from discretisation and from cutting, of a coefficient and of an expectation.
    pub lost: Ball,
    accuracy: Bits,
    precision: u32,
}

/// Sums over a rule.
pub struct Sums<const M: usize> {
    /// `a_n` for `n = 0..=terms`.
    pub coefficients: Vec<Ball>,
    /// `E phi^2`, `E phi'^2` and so on, for as many derivatives as there are.
    pub moments: [Ball; M],
}

impl Strip {
    /// `2 pi alpha/h` for errors below `e^-wanted`.
    fn decay(&self, terms: u32, wanted: f64) -> f64 {
        let Self { alpha, growth, rate } = *self;
        let shared = wanted + 0.5 * alpha * alpha + 4.0;
        let coefficient = (2.0 * SQRT_2).ln() + growth + rate * rate + alpha * f64::from(terms).sqrt();
        let moment = 4.0f64.ln() + 2.0 * growth + 2.0 * rate * rate;
        shared + coefficient.max(moment)
    }

    /// The step of a rule for coefficients up to `terms` with errors of about `2^-accuracy`.
    pub fn step(&self, terms: u32, accuracy: Bits) -> f64 {
        2.0 * PI * self.alpha / self.decay(terms, f64::from(accuracy.0) * LN_2)
    }
}

impl Rule {
    /// A rule for coefficients up to `terms`, to `2^-accuracy`.
    pub fn new(strip: &Strip, terms: u32, accuracy: Bits) -> Self {
        let wanted = f64::from(accuracy.0) * LN_2;
        let most = f64::from(1 << STEP_BITS);
        let step = (strip.step(terms, accuracy) * most).floor().clamp(1.0, most) as u32;
        let h = f64::from(step) / most;
        let size = strip.growth.max(0.0) + strip.rate * strip.rate;
        let reach = 2.0 * (wanted + 4.0 + size).sqrt() + 2.0 * strip.rate + h;
        let count = (reach / h).ceil() as u32 + 1;
        // Both errors are below e^(-wanted - 3), less than half of 2^-accuracy with room for the rounding of these few operations in f64.
        let lost = Ball::exact(Float::new(64)).widened(&(Float::with_val(64, 1) >> accuracy.0));
        let precision = accuracy.0 + GUARD + (size * LOG2_E).ceil() as u32;
        Self { step, count, lost, accuracy, precision }
    }

    /// The node `j h`.
    pub fn node(&self, j: u32, precision: u32) -> Float {
        Float::with_val(precision.max(64), u64::from(self.step) * u64::from(j)) >> STEP_BITS
    }

    /// `h e^(-z^2/2)/sqrt(2 pi)` at the node.
    fn weight(&self, j: u32, precision: u32) -> Ball {
        let z = Ball::exact(self.node(j, precision));
        let h = Ball::exact(self.node(1, precision));
        let root = z.pi().times(2).sqrt();
        h * (-(z.clone() * z).half()).exp() / root
    }

    /// Coefficients up to `terms` of the function whose value and derivatives at `u` are `parts(u)`, at inputs of variance `q`.
    pub fn sums<const M: usize>(
        &self,
        q: &Ball,
        terms: u32,
        parity: Option<Parity>,
        parts: impl Fn(&Ball) -> [Ball; M] + Sync,
    ) -> Sums<M> {
        let zero = || Ball::exact(Float::new(self.precision));
        let root = Ball::exact(Float::with_val(self.precision, q.midpoint())).widened(&q.radius()).sqrt();
        let all: Vec<u32> = (0..=self.count).collect();
        let of_chunk = |nodes: &[u32]| {
            let mut total = Total::new(terms, self.precision);
            let mut moments = [(); M].map(|()| zero());
            for &j in nodes {
                let u = root.clone() * Ball::exact(self.node(j, self.precision));
                let weight = self.weight(j, self.precision);
                let near = parts(&u);
                // Values at -u, up to the sign of each.
                let far = match (j, parity) {
                    (0, _) => None,
                    (_, None) => Some(parts(&-u)),
                    (_, Some(_)) => Some(near.clone()),
                };
                for ((moment, x), i) in moments.iter_mut().zip(&near).zip(0..) {
                    let mut square = x.clone() * x.clone();
                    if let Some(far) = &far {
                        square = square + far[i].clone() * far[i].clone();
                    }
                    *moment = moment.clone() + weight.clone() * square;
                }
                let value = near[0].clone();
                let whole = |x: Ball| Some(weight.clone() * x);
                let folded = match (far.map(|far| far[0].clone()), parity) {
                    (None, Some(Parity::Odd)) => [None, None],
                    (None, _) => [whole(value), None],
                    (Some(_), Some(Parity::Even)) => [whole(value.times(2)), None],
                    (Some(_), Some(Parity::Odd)) => [None, whole(value.times(2))],
                    (Some(other), None) => [whole(value.clone() + other.clone()), whole(value - other)],
                };
                total.add(self, j, &folded);
            }
            (total, moments)
        };
        let parts: Vec<_> = all.par_chunks(CHUNK).map(of_chunk).collect();
        let mut total = Total::new(terms, self.precision);
        let mut moments = [(); M].map(|()| self.lost.clone() + zero());
        for (part, own) in parts {
            total.merge(&part);
            for (moment, own) in moments.iter_mut().zip(own) {
                *moment = own + moment.clone();
            }
        }
        Sums { coefficients: total.coefficients(self, parity), moments }
    }
}

/// Sums of `w_j phi_j He_n(z_j)`, and their errors.
struct Total {
    sums: Vec<Float>,
    /// What the weights do not know, times `1.0865 e^(z^2/4)`.
    unknown: Float,
    /// `S`.
    mass: Float,
}

impl Total {
    fn new(terms: u32, precision: u32) -> Self {
        let sums = vec![Float::new(precision); terms as usize + 1];
        Self { sums, unknown: Float::new(64), mass: Float::new(64) }
    }

    fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, own)| *sum += own);
        self.unknown.add_assign_round(&other.unknown, Round::Up);
        self.mass.add_assign_round(&other.mass, Round::Up);
    }

    /// Adds a node's part, with weighted values for even and for odd degrees.
    fn add(&mut self, rule: &Rule, j: u32, weights: &[Option<Ball>; 2]) {
        let terms = self.sums.len() as u32 - 1;
        let z = rule.node(j, 64);
        // 1.0865 e^(z^2/4), with room for the rounding of z and of these operations.
        let mut cramer = Float::with_val_round(64, z.square_ref(), Round::Up).0 / 4u32;
        cramer.exp_round(Round::Up);
        cramer.mul_assign_round(1.1f64, Round::Up);
        for weight in weights.iter().flatten() {
            let more = |x: &Float| Float::with_val_round(64, x * &cramer, Round::Up).0;
            self.unknown.add_assign_round(&more(&weight.radius()), Round::Up);
            self.mass.add_assign_round(&more(&weight.magnitude()), Round::Up);
        }
        let growth = 2.0 * z.to_f64() * f64::from(terms).sqrt() * LOG2_E;
        let precision = rule.accuracy.0 + 40 + growth.ceil() as u32 + (u32::BITS - terms.leading_zeros());
        let factor = rule.step * j;
        let (mut before, mut last) = (Float::with_val(precision, 1), Float::with_val(precision, &z));
        for n in 0..=terms {
            if let Some(weight) = &weights[n as usize % 2] {
                let value = Float::with_val(rule.precision, &before);
                self.sums[n as usize] += Float::with_val(rule.precision, weight.midpoint() * &value);
            }
            let next = (Float::with_val(precision, &last * factor) >> STEP_BITS)
                - Float::with_val(precision, &before * (n + 1));
            (before, last) = (last, next);
        }
    }

    /// The sums over `sqrt(n!)` with their errors; those that the parity rules out are exactly 0.
    fn coefficients(self, rule: &Rule, parity: Option<Parity>) -> Vec<Ball> {
        let Self { sums, unknown, mass } = self;
        let reach = Bound::above(&rule.node(rule.count, 64)).plus(Bound::power_of_two(2));
        let mass = Bound::above(&mass);
        let recurrence = mass.times(reach).times(Bound::power_of_two(-i64::from(rule.accuracy.0) - 38));
        let adds = Bound::above(&Float::with_val(64, 4 * (u64::from(rule.count) + 2)));
        let roundings = mass.times(adds).times(Bound::power_of_two(-i64::from(rule.precision)));
        let lost = Bound::above(&rule.lost.magnitude());
        let error = Bound::above(&unknown).plus(recurrence).plus(roundings).plus(lost).to_float();
        let mut factorial = Ball::exact(Float::with_val(rule.precision, 1));
        let odd_one = |n: usize| match parity {
            Some(Parity::Even) => n % 2 == 1,
            Some(Parity::Odd) => n.is_multiple_of(2),
            None => false,
        };
        let coefficient = |(n, sum): (usize, Float)| {
            if n > 1 {
                factorial = factorial.clone().times(n as i32);
            }
            if odd_one(n) {
                return Ball::exact(Float::new(rule.precision));
            }
            (Ball::exact(sum) / factorial.clone().sqrt()).widened(&error)
        };
        sums.into_iter().enumerate().map(coefficient).collect()
    }
}
