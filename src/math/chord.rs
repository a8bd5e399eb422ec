//! Eigenvalues of odd powers of the chord `x = 2 sin(theta/2)`, and their sums with multiplicities.
//!
//! On `S^d`, with `(a)_n` the rising factorial,
//!
//! ```text
//! E_(2i+1)(k) = (-1)^(i+1) 2^(2i+d-1) Gamma((d+1)/2)^2 ((d+1)/2)_i (3/2)_i / ( pi prod_{m=0}^{d+2i} (k - i - 1/2 + m) )
//! E_(2i+3)/E_(2i+1) = -4 (2i+d+1)(2i+3) / [ (2k-2i-3)(2k+2d+2i+1) ]
//! ```
//!
//! rational for even `d` and over `pi` for odd `d`, from the eigenvalue
//! `omega_d 2^(s+d-1) Gamma(s+d/2) Gamma(d/2) (-s)_k / Gamma(s+d+k)` of `(1-t)^s`. For `k > i` all `E_(2i+1)(k)` of one `i` have the sign `(-1)^(i+1)`.
//!
//! **Sums.** `sum_{j>=k} N(d,j) E_(2i+1)(j) = N(d,k) E_(2i+1)(k) 2k (2k+2i+2d-1) / [ 2 (2i+1) (2k+d-1) ]` for `k >= 1`. *Proof.* Call the right side
//! `T(k)`. From the ratio of `E` at `k+1` and `k`, and `N(d,k+1)/N(d,k) = (2k+d+1)(k+d-1) / [(2k+d-1)(k+1)]`,
//! `T(k+1)/T(k) = (k+d-1)(2k-2i-1) / [k (2k+2i+2d-1)]`, so that `T(k) - T(k+1) = N(d,k) E_(2i+1)(k)`; and `T` tends to 0 like `k^(-2i-1)`.
//!
//! **Alternating sums.** For `j > i + 1/2`, `a_j = N(d,j) |E_(2i+1)(j)|` is completely monotone: but for a constant it is
//! `(j + (d-1)/2)(j+1)...(j+d-2) / prod_{m=-i}^{d+i} (j + m - 1/2)` (1 above for `d = 1`), each factor above is larger than one below, and
//! `(x+a)/(x+b) = 1 + (a-b)/(x+b)` with `a >= b` is completely monotone, as is `1/(x+b)`. So `a_(k+m) = Int_0^1 s^m dmu(s)` with a positive measure
//! (Hausdorff), the differences `D_p = sum_m (-1)^m binom(p,m) a_(k+m) = Int (1-s)^p dmu` are positive, and from
//! `1/(1+s) = sum_{p<P} (1-s)^p / 2^(p+1) + ((1-s)/2)^P / (1+s)`
//!
//! ```text
//! sum_{j>=k} (-1)^(j-k) a_j = sum_{p<P} D_p / 2^(p+1) + R,      0 <= R <= D_P / 2^P
//! ```

use super::{
    ball::Ball,
    bound::Bound,
    harmonics::{gamma_squared_over_pi, multiplicity},
    scalar::Scalar,
    units::{Bits, Dimension},
};
use rug::{Float, Integer, Rational};

/// `E_1(k), E_3(k), ...` of one degree, one after the other.
#[derive(Clone, Debug)]
pub struct ChordPowers {
    dim: Dimension,
    degree: u64,
    index: u64,
    value: Ball,
}

impl ChordPowers {
    /// The eigenvalue of `x` of degree `k` on `S^d`, with rounding errors at `precision`.
    pub fn new(dim: Dimension, degree: u64, precision: Bits) -> Self {
        let below = denominator(dim, 0, degree);
        let bits = below.significant_bits();
        let value = numerator(dim, 0, precision) / Ball::exact(Float::with_val(bits, below));
        Self { dim, degree, index: 0, value }
    }

    /// The eigenvalue of `x^(2i+1)`, `i` being how often [`Self::advance`] was called.
    pub fn value(&self) -> &Ball {
        &self.value
    }

    /// Goes on to the next odd power.
    pub fn advance(&mut self) {
        let (d, k, i) = (i128::from(self.dim.get()), i128::from(self.degree), i128::from(self.index));
        let above = -4 * (2 * i + d + 1) * (2 * i + 3);
        let below = [2 * k - 2 * i - 3, 2 * k + 2 * d + 2 * i + 1];
        let whole = |n: i128| Ball::exact(Float::with_val(128, n));
        self.value = self.value.clone() * whole(above) / (whole(below[0]) * whole(below[1]));
        self.index += 1;
    }

    /// `sum_{j>=k} N(d,j) E_(2i+1)(j)` for the present `i`; `k >= 1`.
    pub fn tail(&self) -> Ball {
        let (d, k, i) = (u64::from(self.dim.get()), self.degree, self.index);
        let factor = Integer::from(k) * (2 * (k + i + d) - 1);
        let below = Integer::from(2 * i + 1) * (2 * k + d - 1);
        let scale = Rational::from((multiplicity(self.dim, k) * factor, below));
        self.value.clone() * self.value.constant(&scale)
    }

    /// `sum_{j>=k} (-1)^j N(d,j) E_(2i+1)(j)` for the present `i`, with a truncation of `2^-goal` of its first term; `k > i` and `k >= 1`.
    pub fn alternating_tail(&self, goal: Bits) -> Ball {
        let mut term = self.value.clone() * self.value.constant(&multiplicity(self.dim, self.degree).into());
        let negligible = Bound::above(&term.magnitude()).scaled_by(-(goal.0 as i32));
        let mut sum = self.value.constant(&Rational::new());
        // differences[p] is D_p of the sequence that starts p terms before the last one.
        let mut differences: Vec<Ball> = vec![];
        for p in 0u32.. {
            let mut newest = term.clone();
            for difference in &mut differences {
                let next = difference.clone() - newest.clone();
                *difference = std::mem::replace(&mut newest, next);
            }
            differences.push(newest.clone());
            let share = newest.scaled(-(p as i32));
            let rest = Bound::above(&share.magnitude());
            if rest <= negligible {
                sum = sum.widened(&rest.to_float());
                break;
            }
            sum = sum + share.half();
            term = term * self.ratio(u64::from(p));
        }
        if self.degree.is_multiple_of(2) { sum } else { -sum }
    }

    /// `N(d,j+1) E(j+1) / ( N(d,j) E(j) )` at `j = k + ahead`.
    fn ratio(&self, ahead: u64) -> Ball {
        let (d, j, i) = (i128::from(self.dim.get()), i128::from(self.degree + ahead), i128::from(self.index));
        let whole = |n: i128| Ball::exact(Float::with_val(128, n));
        let above = [2 * j + d + 1, j + d - 1, 2 * j - 2 * i - 1];
        let below = [2 * j + d - 1, j + 1, 2 * j + 2 * d + 2 * i + 1];
        let one = self.value.constant(&Rational::from(1));
        let product = above.into_iter().fold(one, |product, factor| product * whole(factor));
        below.into_iter().fold(product, |quotient, factor| quotient / whole(factor))
    }
}

/// `(-1)^(i+1) 4^(2i+d) Gamma((d+1)/2)^2 ((d+1)/2)_i (3/2)_i / pi`: `E_(2i+1)(k)` is this over [`denominator`].
pub fn numerator(dim: Dimension, i: u64, precision: Bits) -> Ball {
    let (square, over_pi) = gamma_squared_over_pi(dim);
    let d = dim.get();
    let product = (1..=i).fold(-(square << (2 * d)), |product, j| {
        product * -Integer::from(4 * (u64::from(d) + 2 * j - 1) * (2 * j + 1))
    });
    let value = Ball::from_rational(precision, &product);
    if over_pi { value / Ball::pi_at(precision) } else { value }
}

/// `prod_{m=0}^{d+2i} (2k - 2i - 1 + 2m)`.
pub fn denominator(dim: Dimension, i: u64, degree: u64) -> Integer {
    let last = u64::from(dim.get()) + 2 * i;
    (0..=last).fold(Integer::from(1), |product, m| product * (Integer::from(2 * (degree + m)) - (2 * i + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dim(d: u32) -> Dimension {
        Dimension::new(d).unwrap()
    }

    /// The chord itself has `sum_k lambda_k N(d,k) = 0` at coinciding points, and on the circle `-(1/pi)/(k^2 - 1/4)`.
    #[test]
    fn the_chord_on_the_circle_and_its_sum() {
        for k in [0u64, 1, 7, 1_000_000_000_000] {
            let found = ChordPowers::new(Dimension::CIRCLE, k, Bits(200));
            let square = Rational::from(k).square() - Rational::from((1, 4));
            let expected = -Ball::from_rational(Bits(200), &square.recip()) / Ball::pi_at(Bits(200));
            assert!((found.value().clone() - expected).contains_zero(), "{k}");
        }
        for d in [1, 2, 3, 10] {
            for powers in 0..4 {
                let at = |k: u64| {
                    let mut found = ChordPowers::new(dim(d), k, Bits(300));
                    (0..powers).for_each(|_| found.advance());
                    found
                };
                let first = Ball::from_rational(Bits(300), &Rational::from(multiplicity(dim(d), 0u64)))
                    * at(0).value().clone();
                assert!(
                    (first + at(1).tail()).contains_zero(),
                    "x^{} sums to its value 0 at 0, d = {d}",
                    2 * powers + 1
                );
                for k in [1u64, 5, 100] {
                    let own = at(k).value().clone()
                        * Ball::from_rational(Bits(300), &Rational::from(multiplicity(dim(d), k)));
                    assert!((at(k).tail() - at(k + 1).tail() - own).contains_zero(), "{d} {powers} {k}");
                }
            }
        }
    }

    /// The sum over all degrees is the value at `theta = pi`, `2^(2i+1)`: the tail is what the first terms leave of it.
    #[test]
    fn alternating_tails_are_what_is_left_at_the_antipode() {
        for (d, i, from) in
            [(1u32, 0u64, 1u64), (1, 3, 9), (2, 0, 4), (2, 5, 30), (3, 1, 7), (10, 2, 40), (11, 0, 1)]
        {
            let at = |k: u64| {
                let mut found = ChordPowers::new(dim(d), k, Bits(400));
                (0..i).for_each(|_| found.advance());
                found
            };
            let sign = |k: u64| if k.is_multiple_of(2) { 1 } else { -1 };
            let term = |k: u64| {
                (at(k).value().clone() * at(k).value().constant(&multiplicity(dim(d), k).into()))
                    .times(sign(k))
            };
            let whole = Ball::exact(Float::with_val(400, 1) << (2 * i + 1) as u32);
            let rest = (0..from).fold(whole, |rest, k| rest - term(k));
            let found = at(from).alternating_tail(Bits(200));
            assert!((rest - found.clone()).contains_zero(), "{d} {i} {from}");
            assert!(crate::math::decimal::known_digits(&found) > 50, "{d} {i} {from}: {found:?}");
        }
    }

    /// The eigenvalues of `x^3 = 2 (1 - t) x` by the recurrence of multiplication by `t`.
    #[test]
    fn powers_follow_from_one_another_by_multiplication() {
        for d in [1u32, 2, 3, 10] {
            let power = |k: u64, i: u32| {
                let mut found = ChordPowers::new(dim(d), k, Bits(300));
                (0..i).for_each(|_| found.advance());
                found.value().clone()
            };
            for (k, i) in [(1u64, 0u32), (2, 0), (9, 2), (40, 3)] {
                let share =
                    |above: u64| power(0, 0).constant(&Rational::from((above, 2 * k + u64::from(d) - 1)));
                let shifted = share(k) * power(k - 1, i) + share(k + u64::from(d) - 1) * power(k + 1, i);
                let expected = (power(k, i) - shifted).times(2);
                assert!((power(k, i + 1) - expected).contains_zero(), "{d} {k} {i}");
            }
        }
    }
}
