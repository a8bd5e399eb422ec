//! Eigenvalues of polynomials in `t`, for one sphere or for all at once.

use crate::math::polynomial::{Polynomial, Ring};
use rug::{Integer, Rational};

/// The eigenvalues of a polynomial `p(t)` of the kernel: `a_k`, zero for `k > deg p`.
///
/// ```text
/// t^n  ->  n! / (2^n j! ((d+1)/2)_m),     j = (n-k)/2,  m = (n+k)/2,          for n - k even and >= 0, else 0
/// ```
///
/// with the rising factorial `(x)_m`. Source: Funk-Hecke with Rodrigues' formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments(Polynomial);

/// A rational function of `d`: a polynomial over the product of `d+1, d+3, ..., d+1+2(m-1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment<C> {
    /// The numerator, at `d`.
    pub numerator: C,
    /// How many factors the denominator has: `m`.
    pub factors: u32,
}

impl Moments {
    /// The eigenvalues of `p`.
    pub fn new(p: Polynomial) -> Self {
        Self(p)
    }

    /// The first degree from which on nothing is added.
    pub fn end(&self) -> u64 {
        self.0.coefficients().len() as u64
    }

    /// `a_k` on the sphere of dimension `dim`; `None` beyond the polynomial's degree.
    ///
    /// All terms are brought over the denominator of the highest power.
    pub fn at<C: Ring>(&self, degree: u64, dim: &C) -> Option<Moment<C>> {
        let k = usize::try_from(degree).ok().filter(|k| *k < self.0.coefficients().len())?;
        let terms = self.0.coefficients().iter().enumerate().skip(k).step_by(2);
        let top = terms.clone().next_back().map_or(k, |(n, _)| n);
        let factors = (top + k) / 2;
        let mut numerator = C::default();
        for (n, coefficient) in terms {
            let (j, m) = ((n - k) / 2, (n + k) / 2);
            // n! / (2^n j!), and 2^m / ((d+1)(d+3)...) for the rising factorial.
            let ratio = Rational::from((factorial(n), factorial(j))) * (Rational::from(1) >> j as u32);
            let missing = (m..factors).fold(C::from_rational(&ratio), |product, i| {
                product.times(&dim.plus(&C::from_rational(&Rational::from(2 * i + 1))))
            });
            numerator = numerator.plus(&missing.scaled(coefficient));
        }
        Some(Moment { numerator, factors: factors as u32 })
    }

    /// `a_k` as a number.
    pub fn rational(&self, degree: u64, dim: &Rational) -> Rational {
        self.at(degree, dim).map_or_else(Rational::new, |moment| {
            (0..moment.factors).fold(moment.numerator, |value, i| value / Rational::from(dim + (2 * i + 1)))
        })
    }
}

fn factorial(n: usize) -> Integer {
    Integer::from(Integer::factorial(n as u32))
}
