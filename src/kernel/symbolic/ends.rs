//! How an element of the ring begins at the two ends of `[0, pi]`.

use super::{Half, Symbol};
use crate::math::constant::Constant;
use rug::{Integer, Rational};
use std::collections::BTreeMap;

/// Powers below this one are looked at.
const POWERS: usize = 6;

type Powers = [Rational; POWERS];

fn powers(terms: &[(usize, i32, u32)]) -> Powers {
    let mut all: Powers = Default::default();
    for (power, above, below) in terms {
        all[*power] = Rational::from((*above, *below));
    }
    all
}

fn times(a: &Powers, b: &Powers) -> Powers {
    let mut product: Powers = Default::default();
    for (i, x) in a.iter().enumerate() {
        for (sum, y) in product[i..].iter_mut().zip(b) {
            *sum += Rational::from(x * y);
        }
    }
    product
}

impl Symbol {
    /// The power of `z = sin(theta/2)` with which this begins at `theta = 0`, or of `z = cos(theta/2)` at `theta = pi`; none where it is undefined, or begins
    /// with a power that is not looked at.
    ///
    /// Exact: a coefficient is 0 where its multiple of every constant is. With `asin z = z + z^3/6 + 3 z^5/40 + ...`, `theta = 2 asin z` or `pi - 2 asin z`.
    pub fn order_at(&self, far: bool) -> Option<usize> {
        let one = powers(&[(0, 1, 1)]);
        let z = powers(&[(1, 1, 1)]);
        let root = powers(&[(0, 1, 1), (2, -1, 2), (4, -1, 8)]);
        let double_arc = powers(&[(1, 2, 1), (3, 1, 3), (5, 3, 20)]);
        let cosine = if far { powers(&[(0, -1, 1), (2, 2, 1)]) } else { powers(&[(0, 1, 1), (2, -2, 1)]) };
        let (sin, cos) = if far { (&root, &z) } else { (&z, &root) };
        let mut sums: BTreeMap<Constant, Powers> = BTreeMap::new();
        for (key, p) in self.0.as_ref()? {
            let half = match key.half {
                Half::One => one.clone(),
                Half::Sin => sin.clone(),
                Half::Cos => cos.clone(),
                Half::SinCos => times(sin, cos),
            };
            let polynomial = p.coefficients().iter().rev().fold(Powers::default(), |sum, c| {
                let mut next = times(&sum, &cosine);
                next[0] += c;
                next
            });
            let mut rest = times(&half, &polynomial);
            // theta^n = (pi - A)^n at the far end, A^n at the near one.
            for j in 0..=key.theta {
                if far || j == key.theta {
                    let (carried, constant) = key.constant.times(&Constant::pi(key.theta - j));
                    let sign = if far && j % 2 == 1 { -1 } else { 1 };
                    let factor = carried * Integer::from(key.theta).binomial(j) * sign;
                    let sum = sums.entry(constant).or_default();
                    for (sum, c) in sum.iter_mut().zip(&rest) {
                        *sum += Rational::from(c * &factor);
                    }
                }
                rest = times(&rest, &double_arc);
            }
        }
        (0..POWERS).find(|power| sums.values().any(|sum| !sum[*power].is_zero()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::scalar::Scalar;

    /// `(theta - pi)^n` at `pi`, `theta^n` at 0, and what is known of `theta - sin theta` and `1 - t - theta^2/2`.
    #[test]
    fn orders_are_those_of_the_power_series() {
        let angle = Symbol::angle();
        let (theta, t) = (angle.radians(), angle.cos());
        let one = Symbol::rational(&Rational::from(1));
        let from_pi = theta.clone() - theta.pi();
        for n in 1..=4u32 {
            let [near, far] = [&theta, &from_pi].map(|x| x.clone().powi(n));
            assert_eq!((near.order_at(false), near.order_at(true)), (Some(n as usize), Some(0)));
            assert_eq!((far.order_at(false), far.order_at(true)), (Some(0), Some(n as usize)));
        }
        assert_eq!((theta.clone() - angle.sin()).order_at(false), Some(3));
        assert_eq!((one - t - (theta.clone() * theta).half()).order_at(false), Some(4));
    }

    #[test]
    fn the_arc_sine_of_the_cosine_is_odd() {
        let t = Symbol::angle().cos();
        let quarter = t.pi().half() - Symbol::angle().radians();
        assert_eq!((t.clone().asin(), (-t).asin()), (quarter.clone(), -quarter));
    }
}
