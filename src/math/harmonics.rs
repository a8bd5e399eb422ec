//! Spherical harmonics through their two zonal data: multiplicities and zonal polynomials.

use super::units::Dimension;
use rug::{Integer, Rational};

/// The multiplicity `N(d,k)`: how many independent spherical harmonics of degree `k` live on `S^d`.
///
/// `N(d,k) = (2k+d-1) (k+d-2)! / (k! (d-1)!)`, `N(d,0) = 1`, `N(1,k) = 2` for `k >= 1`. Exact.
pub fn multiplicity(dim: Dimension, degree: impl Into<u64>) -> Integer {
    let (d, degree) = (dim.get(), degree.into());
    if degree == 0 {
        return Integer::from(1);
    }
    // N(d,k) = binom(k+d, d) - binom(k+d-2, d): polynomials of degree k modulo those of degree k-2.
    let all = Integer::from(degree + u64::from(d)).binomial(d);
    let lower =
        if degree >= 2 { Integer::from(degree + u64::from(d) - 2).binomial(d) } else { Integer::new() };
    all - lower
}

/// The number of harmonics of degrees `0..=k` on `S^d`: `sum_{j<=k} N(d,j) = binom(k+d, d) + binom(k+d-1, d)`, which is `N(d+1, k)`.
pub fn harmonics_to(dim: Dimension, degree: u64) -> Integer {
    let d = dim.get();
    let lower =
        if degree >= 1 { Integer::from(degree + u64::from(d) - 1).binomial(d) } else { Integer::new() };
    Integer::from(degree + u64::from(d)).binomial(d) + lower
}

/// The constant `omega_d = Gamma((d+1)/2) / (sqrt(pi) Gamma(d/2))` of the Funk-Hecke formula, as `(q, p)` with
/// `omega_d = q / pi^p`.
///
/// `q` is rational and `p` is 1 for odd `d`, 0 for even `d`: `omega_1 = 1/pi`, `omega_2 = 1/2`,
/// `omega_{d+2} = omega_d (d+1)/d`. Exact.
pub fn funk_hecke_constant(dim: Dimension) -> (Rational, u32) {
    let d = dim.get();
    let odd = d % 2;
    let start = if odd == 1 { Rational::from(1) } else { Rational::from((1, 2)) };
    let first = if odd == 1 { 1 } else { 2 };
    let value = (first..d).step_by(2).fold(start, |omega, j| omega * Rational::from((j + 1, j)));
    (value, odd)
}

/// `Gamma((d+1)/2)^2 / pi`, as `q` or, where the second is true (odd `d`), `q / pi`. Exact.
///
/// `Gamma(n + 1/2) = sqrt(pi) (2n-1)!! / 2^n`.
pub fn gamma_squared_over_pi(dim: Dimension) -> (Rational, bool) {
    let d = dim.get();
    if d % 2 == 1 {
        return (Rational::from(Integer::from(Integer::factorial((d - 1) / 2)).square()), true);
    }
    (Rational::from(Integer::from(Integer::factorial_2(d - 1)).square()) >> d, false)
}

/// The area `|S^d| = 2 pi^((d+1)/2) / Gamma((d+1)/2)`, as `(q, p)` with `|S^d| = q pi^p`. Exact.
///
/// `|S^1| = 2 pi`, `|S^2| = 4 pi`, `|S^{d+2}| = |S^d| 2 pi/(d+1)`.
pub fn sphere_area(dim: Dimension) -> (Rational, u32) {
    let d = dim.get();
    let first = if d % 2 == 1 { 1 } else { 2 };
    let value =
        (first..d).step_by(2).fold(Rational::from(2 * first), |area, j| area * Rational::from((2, j + 1)));
    (value, d.div_ceil(2))
}

/// Calls `visit(k, P_k(t))` for `k = 0..=max_degree`, in f64.
///
/// `P_k(t) = C_k^((d-1)/2)(t) / C_k^((d-1)/2)(1)` on `[-1, 1]`, so `P_k(1) = 1`; on the circle
/// `P_k(cos theta) = cos(k theta)`. Three-term recurrence; the error is at most about `3 k (k+1)` units of `2^-53`.
pub fn zonal_polynomials(dim: Dimension, t: f64, max_degree: u32, mut visit: impl FnMut(u32, f64)) {
    let (mut previous, mut current) = (0.0, 1.0);
    for k in 0..=max_degree {
        visit(k, current);
        let b = recurrence_ratio(dim, k);
        let shifted = t * current;
        (previous, current) = (current, shifted + b * (shifted - previous));
    }
}

/// The coefficient `B_k = k/(k+d-1)` of `P_{k+1} = t P_k + B_k (t P_k - P_{k-1})`; 0 at `k = 0`.
fn recurrence_ratio(dim: Dimension, k: u32) -> f64 {
    if k == 0 { 0.0 } else { f64::from(k) / f64::from(k + dim.get() - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmonics_add_up() {
        for d in [1u32, 2, 3, 10] {
            let dim = Dimension::new(d).unwrap();
            let mut sum = Integer::new();
            for k in 0u64..12 {
                sum += multiplicity(dim, k);
                assert_eq!(harmonics_to(dim, k), sum, "{d} {k}");
            }
        }
    }

    #[test]
    fn multiplicities_sum_to_the_dimension_of_all_polynomials() {
        for d in 1..8 {
            let dim = Dimension::new(d).unwrap();
            for top in 1..20 {
                let sum: Integer = (0..=top).map(|k| multiplicity(dim, k)).sum();
                let all = Integer::from(top + d).binomial(d) + Integer::from(top + d - 1).binomial(d);
                assert_eq!(sum, all);
            }
        }
    }

    #[test]
    fn the_multiplicity_agrees_with_the_factorial_formula() {
        let factorial = |n: u32| Integer::from(Integer::factorial(n));
        for d in 2..9u32 {
            for k in 1..12u32 {
                let formula =
                    Integer::from(2 * k + d - 1) * factorial(k + d - 2) / (factorial(k) * factorial(d - 1));
                assert_eq!(multiplicity(Dimension::new(d).unwrap(), k), formula);
            }
        }
        assert_eq!(multiplicity(Dimension::new(1).unwrap(), 7u64), 2);
    }

    #[test]
    fn the_circle_has_cosines_and_the_ends_are_one() {
        let theta = 0.7_f64;
        zonal_polynomials(Dimension::new(1).unwrap(), theta.cos(), 30, |k, p| {
            assert!((p - (f64::from(k) * theta).cos()).abs() < 1e-13);
        });
        zonal_polynomials(Dimension::new(5).unwrap(), -1.0, 30, |k, p| {
            assert!((p - if k % 2 == 0 { 1.0 } else { -1.0 }).abs() < 1e-13);
        });
    }

    #[test]
    fn areas_are_those_of_circle_sphere_and_glome() {
        let area = |d| sphere_area(Dimension::new(d).unwrap());
        assert_eq!([area(1), area(2), area(3)].map(|(q, p)| (q.to_f64(), p)), [(2.0, 1), (4.0, 1), (2.0, 2)]);
        assert_eq!(area(4), (Rational::from((8, 3)), 2));
    }

    #[test]
    fn the_constant_integrates_one_to_one() {
        let value = |d| funk_hecke_constant(Dimension::new(d).unwrap());
        assert_eq!(value(1), (Rational::from(1), 1));
        assert_eq!(value(2), (Rational::from((1, 2)), 0));
        assert_eq!(value(3), (Rational::from(2), 1));
        assert_eq!(value(4), (Rational::from((3, 4)), 0));
    }
}
