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

use super::{
    fixed::{Arithmetic, Big, Limbs, MOST_LIMBS},
    units::{Bits, Dimension},
};
use rayon::prelude::*;
use rug::Integer;

/// Bound on the rounding error of one step of the recurrence, in units of `2^-p`: `2 + 2 + 1`, and one for the
/// excess of computed values over 1 and of products over their rounding.
pub const STEP_ULPS: u32 = 6;

/// Nodes a parallel task handles at least; below it, tasks cost more than they save.
const NODES_A_TASK: usize = 16;
/// Tasks for each thread, so that none waits long for the last one.
const TASKS_A_THREAD: usize = 8;

/// The recurrence of `P_0 .. P_K` on `S^d` at `p` fractional bits.
pub struct Recurrence {
    precision: Bits,
    degrees: usize,
    engine: Box<dyn Engine>,
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
    /// The coefficients for degrees up to `max_degree` on `S^d`, at `precision` fractional bits or up to 63 more.
    pub fn new(dim: Dimension, max_degree: u32, precision: Bits) -> Self {
        let limbs = (precision.0 + 2).div_ceil(64);
        let whole = Bits(64 * limbs - 2);
        macro_rules! by_limbs {
            ($($count:literal)*) => {
                match limbs {
                    $($count => (whole, Box::new(Table::new(Limbs::<$count>, dim, max_degree, whole)) as _),)*
                    _ => (precision, Box::new(Table::new(Big(precision), dim, max_degree, precision)) as _),
                }
            };
        }
        const { assert!(MOST_LIMBS == 12) };
        let (precision, engine) = by_limbs!(1 2 3 4 5 6 7 8 9 10 11 12);
        Self { precision, degrees: max_degree as usize + 1, engine }
    }

    /// The fractional bits `p` of all numbers.
    pub fn precision(&self) -> Bits {
        self.precision
    }

    /// `(2^p P_{n-1}(t), 2^p P_n(t))` for the largest degree `n`, each within `STEP_ULPS n (n+1)/2`; `t` is times `2^p`.
    pub fn last_two(&self, t: &Integer) -> (Integer, Integer) {
        self.engine.last_two(t)
    }

    /// `2^p sum_k c_k P_k(t)` over the even and over the odd `k <= K`, at each `t`; `0 <= t <= 1` and the coefficients are times `2^p`, and
    /// `sum_k |c_k| <= 1`.
    ///
    /// Beside the errors of `c` and `t`, each is within `STEP_ULPS K (K+1)/2 + 2 (K+1)` units of `2^-p`.
    pub fn series(&self, at: &[Integer], coefficients: &[Integer]) -> Vec<[Integer; 2]> {
        let parts = at.par_chunks(task(at.len())).map(|part| self.engine.series(part, coefficients));
        parts.flatten_iter().collect()
    }

    /// `2^p sum_j f_j P_k(t_j)` for `k = 0..=K`, over `J` folded nodes, where `sum_j |f_j| <= 1`. Memory: `O(K)` a thread.
    ///
    /// Beside the errors of `f` and `t`, degree `k` is within `STEP_ULPS k (k+1)/2 + 2 J` units of `2^-p`.
    pub fn sums(&self, nodes: &[FoldedNode]) -> Vec<Integer> {
        let zeros = || vec![Integer::new(); self.degrees];
        let add = |mut a: Vec<Integer>, b: Vec<Integer>| {
            a.iter_mut().zip(&b).for_each(|(x, y)| *x += y);
            a
        };
        nodes.par_chunks(task(nodes.len())).map(|part| self.engine.sums(part)).reduce(zeros, add)
    }
}

/// Nodes a parallel task handles.
fn task(nodes: usize) -> usize {
    nodes.div_ceil(TASKS_A_THREAD * rayon::current_num_threads()).max(NODES_A_TASK)
}

/// A [`Recurrence`] in one arithmetic, on one thread.
trait Engine: Send + Sync {
    fn series(&self, at: &[Integer], coefficients: &[Integer]) -> Vec<[Integer; 2]>;
    fn last_two(&self, t: &Integer) -> (Integer, Integer);
    fn sums(&self, nodes: &[FoldedNode]) -> Vec<Integer>;
}

/// The coefficients `B_0 .. B_{K-1}`.
struct Table<A: Arithmetic> {
    arithmetic: A,
    one: A::Number,
    ratios: Vec<A::Number>,
}

impl<A: Arithmetic> Table<A> {
    fn new(arithmetic: A, dim: Dimension, max_degree: u32, precision: Bits) -> Self {
        let ratio = |k: u32| match k {
            0 => arithmetic.zero(),
            k => arithmetic.number(&((Integer::from(k) << precision.0) / (k + dim.get() - 1))),
        };
        let ratios = (0..max_degree).map(ratio).collect();
        let one = arithmetic.number(&(Integer::from(1) << precision.0));
        Self { arithmetic, one, ratios }
    }

    /// Calls `visit(k, p_k)` for `k = 0..=K`, with `p_k` within `STEP_ULPS k (k+1)/2` of `2^p P_k(t)`.
    #[inline(always)]
    fn run(&self, t: &A::Number, mut visit: impl FnMut(usize, &A::Number)) {
        let number = &self.arithmetic;
        let (mut previous, mut current) = (number.zero(), self.one.clone());
        let (mut shifted, mut change) = (number.zero(), number.zero());
        visit(0, &current);
        for (k, ratio) in self.ratios.iter().enumerate() {
            number.multiply(t, &current, &mut shifted);
            number.subtract(&mut previous, &shifted);
            number.multiply(ratio, &previous, &mut change);
            number.subtract(&mut shifted, &change);
            std::mem::swap(&mut previous, &mut current);
            std::mem::swap(&mut current, &mut shifted);
            visit(k + 1, &current);
        }
    }

    /// The size of `x`, and whether it is negative.
    fn signed(&self, x: &Integer) -> Signed<A> {
        (self.arithmetic.number(&x.clone().abs()), x.is_negative())
    }

    /// `sum += factor value`, with `term` as scratch.
    #[inline(always)]
    fn add_product(&self, sum: &mut A::Number, factor: &Signed<A>, value: &A::Number, term: &mut A::Number) {
        let (size, negative) = factor;
        self.arithmetic.multiply(size, value, term);
        if *negative {
            self.arithmetic.subtract(sum, term);
        } else {
            self.arithmetic.add(sum, term);
        }
    }
}

/// A number as its size and its sign.
type Signed<A> = (<A as Arithmetic>::Number, bool);

impl<A: Arithmetic> Engine for Table<A> {
    fn last_two(&self, t: &Integer) -> (Integer, Integer) {
        let number = &self.arithmetic;
        let top = self.ratios.len();
        let (mut before, mut last) = (number.zero(), number.zero());
        self.run(&number.number(t), |k, value| {
            if k + 1 == top {
                before = value.clone();
            } else if k == top {
                last = value.clone();
            }
        });
        (number.integer(&before), number.integer(&last))
    }

    fn series(&self, at: &[Integer], coefficients: &[Integer]) -> Vec<[Integer; 2]> {
        let number = &self.arithmetic;
        let coefficients: Vec<Signed<A>> = coefficients.iter().map(|c| self.signed(c)).collect();
        let parts = |t: &Integer| {
            let (mut sums, mut term) = ([number.zero(), number.zero()], number.zero());
            self.run(&number.number(t), |k, value| {
                if let Some(coefficient) = coefficients.get(k) {
                    self.add_product(&mut sums[k % 2], coefficient, value, &mut term);
                }
            });
            sums.map(|sum| number.integer(&sum))
        };
        at.iter().map(parts).collect()
    }

    fn sums(&self, nodes: &[FoldedNode]) -> Vec<Integer> {
        let number = &self.arithmetic;
        let mut sums = vec![number.zero(); self.ratios.len() + 1];
        for node in nodes {
            let (parts, mut term) = ([&node.even, &node.odd].map(|x| self.signed(x)), number.zero());
            self.run(&number.number(&node.t), |k, value| {
                self.add_product(&mut sums[k], &parts[k % 2], value, &mut term);
            });
        }
        sums.iter().map(|sum| number.integer(sum)).collect()
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
            let within = |k: usize, value: Integer, p: u32| {
                let error = (Rational::from(value) - Rational::from(&values[k] << p)).abs();
                assert!(error <= STEP_ULPS * k as u32 * (k as u32 + 1) / 2);
            };
            let dim = Dimension::new(d).unwrap();
            Table::new(Big(Bits(p)), dim, top, Bits(p)).run(&t, |k, value| within(k, value.clone(), p));
            let limbs = Limbs::<2>;
            let t = limbs.number(&(t << (126 - p)));
            Table::new(limbs, dim, top, Bits(126)).run(&t, |k, value| within(k, limbs.integer(value), 126));
        }
    }

    /// `x 2^p`, rounded down.
    fn scaled(x: f64, p: Bits) -> Integer {
        Integer::from((Rational::from_f64(x).unwrap() << p.0).floor_ref())
    }

    /// At precisions on both sides of the change from limbs to GMP's integers.
    #[test]
    fn folded_sums_and_series_agree_with_plain_ones() {
        let dim = Dimension::new(3).unwrap();
        let samples: Vec<(f64, f64, f64)> = (0..100)
            .map(|j| (f64::from(j) / 100.0, f64::from(j).sin() / 200.0, f64::from(3 * j).cos() / 200.0))
            .collect();
        let plain = |t: f64, visit: &mut dyn FnMut(usize, f64)| {
            zonal_polynomials(dim, t, 20, |k, value| visit(k as usize, value));
        };
        for bits in [62, 300, 64 * MOST_LIMBS - 2, 64 * MOST_LIMBS - 1] {
            let recurrence = Recurrence::new(dim, 20, Bits(bits));
            let p = recurrence.precision();
            assert!(p.0 >= bits);
            let folded = |&(t, a, b): &(f64, f64, f64)| FoldedNode {
                t: scaled(t, p),
                even: scaled(a + b, p),
                odd: scaled(a - b, p),
            };
            let nodes: Vec<FoldedNode> = samples.iter().map(folded).collect();
            let mut expected = [0.0; 21];
            for &(t, a, b) in &samples {
                plain(t, &mut |k, value| expected[k] += a * value);
                plain(-t, &mut |k, value| expected[k] += b * value);
            }
            let close = |sum: &Integer, value: f64| {
                assert!(((Rational::from(sum) >> p.0).to_f64() - value).abs() < 1e-12, "{bits}");
            };
            recurrence.sums(&nodes).iter().zip(expected).for_each(|(sum, value)| close(sum, value));
            let coefficients: Vec<f64> = samples[..21].iter().map(|sample| sample.1).collect();
            let whole: Vec<Integer> = coefficients.iter().map(|c| scaled(*c, p)).collect();
            let at: Vec<Integer> = nodes.iter().map(|node| node.t.clone()).collect();
            for (sums, &(t, _, _)) in recurrence.series(&at, &whole).iter().zip(&samples) {
                let mut parts = [0.0; 2];
                plain(t, &mut |k, value| parts[k % 2] += coefficients[k] * value);
                sums.iter().zip(parts).for_each(|(sum, value)| close(sum, value));
            }
        }
    }
}
