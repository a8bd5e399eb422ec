//! All degrees of a quadrature sum at once: `S_k = sum_j f_j P_k(t_j)` for `k = 0..=K`, in fixed point.
//!
//! Since `|P_k| <= 1` on `[-1, 1]`, numbers are integers times `2^-p`, with one rounding (down) an operation. Sums of
//! integers do not depend on their order, so results are the same to the bit for any number of threads.
//!
//! The recurrence, with `B_k = k/(k+d-1)`, is `P_{k+1} = t P_k + B_k (t P_k - P_{k-1})`.
//!
//! **Rounding.** A step computes `u = t p_k`, `B_k` and `B_k (u - p_{k-1})`, each rounded down by less than
//! `u_p = 2^-p`; together its error is below [`STEP_ULPS`]` u_p`. Errors obey the same recurrence. For a solution `e` of
//! it started as `e_{m-1} = 0, e_m = 1`, put `V_k = (e_{k+1} - t e_k)^2 + (1-t^2) e_k^2`. As
//! `e_{k+1} - t e_k = B_k (t e_k - e_{k-1})`, `0 <= B_k <= 1`, and
//! `V_{k-1} = (e_{k-1} - t e_k)^2 + (1-t^2) e_k^2`, we have `V_k <= V_{k-1} <= ... <= V_{m-1} = 1`. Hence
//! `|e_{k+1}| <= |e_k| + 1`, so `|e_n| <= n-m+1`, and summing over the steps
//!
//! ```text
//! |p_n - P_n(t)| <= STEP_ULPS n (n+1) / 2 * 2^-p          for every d >= 1, |t| <= 1, n >= 0
//! ```
//!
//! (Johansson and Mezzarobba 2018 have the case d = 2.) A node known to within `e` moves `P_n` by `n^2 e` at most, for
//! `|P_n'| <= n (n+d-1) / d <= n^2`.

use super::units::{Bits, Dimension};
use rayon::prelude::*;
use rug::{Assign, Integer};

/// Bound on the rounding error of one step of the recurrence, in units of `2^-p`: `2 + 2 + 1`, and one for the
/// excess of computed values over 1.
pub const STEP_ULPS: u32 = 6;

/// Nodes a parallel task handles at least; below it, tasks cost more than they save.
const NODES_A_TASK: usize = 16;

/// The recurrence of `P_0 .. P_K` on `S^d` at `p` fractional bits.
#[derive(Clone, Debug)]
pub struct Recurrence {
    precision: Bits,
    ratios: Vec<Integer>,
}

/// A pair of nodes `t, -t` with `0 <= t <= 1`, all numbers times `2^p`.
///
/// As `P_k(-t) = (-1)^k P_k(t)`, even degrees need only the sum of the two values and odd ones the difference.
#[derive(Clone, Debug)]
pub struct FoldedNode {
    /// The node `t`.
    pub t: Integer,
    /// `f(t) + f(-t)`.
    pub even: Integer,
    /// `f(t) - f(-t)`.
    pub odd: Integer,
}

impl Recurrence {
    /// The coefficients for degrees up to `max_degree` on `S^d` at `precision` fractional bits.
    pub fn new(dim: Dimension, max_degree: u32, precision: Bits) -> Self {
        let ratio = |k: u32| {
            if k == 0 {
                return Integer::new();
            }
            (Integer::from(k) << precision.0) / (k + dim.get() - 1)
        };
        Self { precision, ratios: (0..max_degree).map(ratio).collect() }
    }

    /// Calls `visit(k, p_k)` for `k = 0..=K`, with `p_k` within `STEP_ULPS k (k+1)/2` of `2^p P_k(t)`.
    fn run(&self, t: &Integer, mut visit: impl FnMut(usize, &Integer)) {
        let p = self.precision.0;
        let mut previous = Integer::new();
        let mut current = Integer::from(1) << p;
        let (mut shifted, mut change) = (Integer::new(), Integer::new());
        visit(0, &current);
        for (k, ratio) in self.ratios.iter().enumerate() {
            shifted.assign(t * &current);
            shifted >>= p;
            previous -= &shifted;
            change.assign(&previous * ratio);
            change >>= p;
            shifted -= &change;
            std::mem::swap(&mut previous, &mut current);
            std::mem::swap(&mut current, &mut shifted);
            visit(k + 1, &current);
        }
    }

    /// `(2^p P_{n-1}(t), 2^p P_n(t))` for the largest degree `n`, each within `STEP_ULPS n (n+1)/2`.
    pub fn last_two(&self, t: &Integer) -> (Integer, Integer) {
        let mut last = (Integer::new(), Integer::new());
        let top = self.ratios.len();
        self.run(t, |k, value| {
            if k + 1 == top {
                last.0.assign(value);
            } else if k == top {
                last.1.assign(value);
            }
        });
        last
    }

    /// `2^(2p) sum_j f_j P_k(t_j)` for `k = 0..=K`, over folded nodes. Memory: `O(K)` a thread.
    ///
    /// Beside the errors of `f` and `t`, degree `k` is within `STEP_ULPS k (k+1)/2 sum_j |f_j|` units of `2^-p`.
    pub fn sums(&self, nodes: &[FoldedNode]) -> Vec<Integer> {
        let zeros = || vec![Integer::new(); self.ratios.len() + 1];
        let accumulate = |mut sums: Vec<Integer>, node: &FoldedNode| {
            let parts = [&node.even, &node.odd];
            self.run(&node.t, |k, value| sums[k] += parts[k % 2] * value);
            sums
        };
        let add = |mut a: Vec<Integer>, b: Vec<Integer>| {
            a.iter_mut().zip(b).for_each(|(x, y)| *x += y);
            a
        };
        nodes.par_iter().with_min_len(NODES_A_TASK).fold(zeros, accumulate).reduce(zeros, add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::harmonics::zonal_polynomials;
    use proptest::prelude::*;
    use rug::Rational;

    /// `P_k(t)` exactly, for rational `t`.
    fn exact(d: u32, t: &Rational, top: u32) -> Vec<Rational> {
        let mut values = vec![Rational::from(1), t.clone()];
        for k in 1..top as usize {
            let (a, b) = (2 * k as u32 + d - 1, k as u32 + d - 1);
            let next = (Rational::from(a) * t * &values[k] - Rational::from(k) * &values[k - 1]) / b;
            values.push(next);
        }
        values
    }

    proptest! {
        #[test]
        fn rounding_stays_within_its_bound(d in 1u32..40, raw in 0u64..=1 << 32, p in 32u32..90) {
            let t = Integer::from(raw) << (p - 32);
            let top = 60;
            let values = exact(d, &Rational::from((t.clone(), Integer::from(1) << p)), top);
            Recurrence::new(Dimension::new(d).unwrap(), top, Bits(p)).run(&t, |k, value| {
                let error = (Rational::from(value) - Rational::from(&values[k] << p)).abs();
                assert!(error <= STEP_ULPS * k as u32 * (k as u32 + 1) / 2);
            });
        }
    }

    #[test]
    fn folded_sums_agree_with_plain_ones() {
        let (dim, p) = (Dimension::new(3).unwrap(), 60u32);
        let fixed = |x: f64| Rational::from_f64(x).unwrap();
        let scale = |x: f64| Integer::from((fixed(x) << p).floor_ref());
        let samples: Vec<(f64, f64, f64)> = (0..100)
            .map(|j| (f64::from(j) / 100.0, (f64::from(j)).sin(), (f64::from(3 * j)).cos()))
            .collect();
        let nodes: Vec<FoldedNode> = samples
            .iter()
            .map(|&(t, a, b)| FoldedNode { t: scale(t), even: scale(a + b), odd: scale(a - b) })
            .collect();
        let sums = Recurrence::new(dim, 20, Bits(p)).sums(&nodes);
        let mut plain = [0.0; 21];
        for &(t, a, b) in &samples {
            zonal_polynomials(dim, t, 20, |k, value| plain[k as usize] += a * value);
            zonal_polynomials(dim, -t, 20, |k, value| plain[k as usize] += b * value);
        }
        for (sum, value) in sums.iter().zip(plain) {
            assert!(((Rational::from(sum) >> (2 * p)).to_f64() - value).abs() < 1e-12);
        }
    }
}
