//! The largest even and odd power of `t` in a power series with coefficients that are not negative.
//!
//! Covariances and tangent kernels of networks are such series, and do not cancel when they are added, multiplied and composed. So the
//! eigenvalue of degree `k` is 0 if and only if `k` is beyond the largest power of its parity.

/// How far the powers of one parity go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// There are none.
    None,
    /// To this power.
    Degree(u64),
    /// Without end.
    Unbounded,
}

impl Extent {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::Degree(a), Self::Degree(b)) => a.checked_add(b).map_or(Self::Unbounded, Self::Degree),
            _ => Self::Unbounded,
        }
    }

    /// The extent of the `n`th power, for an extent that the other parity does not enter.
    fn times(self, n: u64) -> Self {
        match self {
            _ if n == 0 => Self::Degree(0),
            Self::Degree(a) => a.checked_mul(n).map_or(Self::Unbounded, Self::Degree),
            other => other,
        }
    }

    /// One less; none if that is below `least`.
    fn lowered(self, least: u64) -> Self {
        match self {
            Self::Degree(a) => a.checked_sub(1).filter(|a| *a >= least).map_or(Self::None, Self::Degree),
            other => other,
        }
    }
}

/// Powers of both parities: of `t` in a kernel, or of the Hermite expansion of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Powers {
    /// The largest even power.
    pub even: Extent,
    /// The largest odd power.
    pub odd: Extent,
}

/// Whether a function of `u` is even or odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// `phi(-u) = phi(u)`.
    Even,
    /// `phi(-u) = -phi(u)`.
    Odd,
}

impl Powers {
    /// No powers at all.
    pub const NONE: Self = Self { even: Extent::None, odd: Extent::None };
    /// A constant.
    pub const CONSTANT: Self = Self { even: Extent::Degree(0), odd: Extent::None };
    /// `t`.
    pub const LINEAR: Self = Self { even: Extent::None, odd: Extent::Degree(1) };
    /// Every power.
    pub const ALL: Self = Self { even: Extent::Unbounded, odd: Extent::Unbounded };

    /// The powers of a sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { even: self.even.max(other.even), odd: self.odd.max(other.odd) }
    }

    /// The powers of a product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self {
            even: self.even.plus(other.even).max(self.odd.plus(other.odd)),
            odd: self.even.plus(other.odd).max(self.odd.plus(other.even)),
        }
    }

    /// The powers of `sum_n c_n s^n` with `c_n > 0` up to the powers of `self` and `s` a series with the powers `inner`.
    #[must_use]
    pub fn of(self, inner: Self) -> Self {
        Self::NONE.plus(Self::raised(self.even, 0, inner)).plus(Self::raised(self.odd, 1, inner))
    }

    /// The powers of `s^n` for the largest `n` of a parity.
    fn raised(n: Extent, parity: u64, inner: Self) -> Self {
        match n {
            Extent::None => Self::NONE,
            // s^n = sum_j C(n, j) even^(n-j) odd^j has the parity of j.
            Extent::Degree(n) => {
                let term = |j: u64| {
                    let extent = inner.even.times(n - j).plus(inner.odd.times(j));
                    if j.is_multiple_of(2) {
                        Self { even: extent, ..Self::NONE }
                    } else {
                        Self { odd: extent, ..Self::NONE }
                    }
                };
                [0, 1, n.saturating_sub(1), n]
                    .into_iter()
                    .filter(|j| *j <= n)
                    .map(term)
                    .fold(Self::NONE, Self::plus)
            }
            Extent::Unbounded => {
                if inner.odd == Extent::None {
                    let even = if inner.even == Extent::Degree(0) {
                        inner.even
                    } else {
                        inner.even.times(2).plus(Extent::Unbounded)
                    };
                    return Self { even, odd: Extent::None };
                }
                let mixed = if inner.even == Extent::None { Extent::None } else { Extent::Unbounded };
                let own = Extent::Unbounded;
                if parity == 0 { Self { even: own, odd: mixed } } else { Self { even: mixed, odd: own } }
            }
        }
    }

    /// The powers of the derivative.
    #[must_use]
    pub fn derivative(self) -> Self {
        Self { even: self.odd.lowered(0), odd: self.even.lowered(1) }
    }

    /// Does the eigenvalue of this degree vanish?
    pub fn annihilates(self, degree: u64) -> bool {
        (if degree.is_multiple_of(2) { self.even } else { self.odd }) < Extent::Degree(degree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The largest powers of a polynomial with coefficients that are not negative, by writing it out.
    fn written(coefficients: &[u64]) -> Powers {
        let last = |parity: usize| {
            let degrees = (0..coefficients.len()).filter(|n| n % 2 == parity && coefficients[*n] > 0);
            degrees.max().map_or(Extent::None, |n| Extent::Degree(n as u64))
        };
        Powers { even: last(0), odd: last(1) }
    }

    fn product(a: &[u64], b: &[u64]) -> Vec<u64> {
        let mut all = vec![0; (a.len() + b.len()).max(1)];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                all[i + j] += u64::from(*x > 0 && *y > 0);
            }
        }
        all
    }

    proptest! {
        #[test]
        fn powers_are_those_of_polynomials_written_out(a in prop::collection::vec(0u64..2, 0..6), b in prop::collection::vec(0u64..2, 0..6)) {
            // A covariance is not 0.
            prop_assume!(b.contains(&1));
            let (x, y) = (written(&a), written(&b));
            prop_assert_eq!(x.times(y), written(&product(&a, &b)));
            let mut power = vec![1];
            let mut sum = vec![0; 64];
            for c in &a {
                for (total, term) in sum.iter_mut().zip(&power) {
                    *total += c * term;
                }
                power = product(&power, &b);
            }
            prop_assert_eq!(x.of(y), written(&sum));
            let slope: Vec<u64> = a.iter().enumerate().skip(1).map(|(n, c)| n as u64 * c).collect();
            prop_assert_eq!(x.derivative(), written(&slope));
        }
    }

    #[test]
    fn unbounded_powers_stay_apart_where_nothing_mixes_them() {
        let odd = Powers { even: Extent::None, odd: Extent::Unbounded };
        let even = Powers { even: Extent::Unbounded, odd: Extent::None };
        assert_eq!(odd.of(Powers::LINEAR), odd);
        assert_eq!(even.of(odd), even);
        assert_eq!(odd.of(even), even);
        assert_eq!(odd.of(Powers { even: Extent::Degree(0), ..odd }), Powers::ALL);
        assert_eq!(even.of(Powers::CONSTANT), Powers::CONSTANT);
        assert!(
            Powers::CONSTANT.annihilates(1)
                && !Powers::CONSTANT.annihilates(0)
                && Powers::NONE.annihilates(0)
        );
    }
}
