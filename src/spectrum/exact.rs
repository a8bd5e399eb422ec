//! Exact eigenvalues of kernels with a closed form, by a recurrence in rationals.
//!
//! In the basis of [`ClosedForm`], `K = A + B g + C f`. The odd-degree eigenvalues of `g` are `rho_m = h_m^2`, where
//!
//! ```text
//! h_1 = omega_d / d,        h_{m+2} = -h_m m/(m+d+1)                      (odd m)
//! ```
//!
//! are the coefficients of the step function; the even-degree ones of `f` are `(d+1) rho_{k+1} / (k-1)^2`; and
//! multiplication by `t` sends a sequence of eigenvalues `x` to `[k x_{k-1} + (k+d-1) x_{k+1}] / (2k+d-1)` (to `x_1` at
//! `k = 0`). All ratios of the `rho` are rational, so with `m = k` for odd `k` and `k+1` for even `k`
//!
//! ```text
//! lambda_k = a_k + r_k rho_m,      a_k and r_k small rationals,      a_k = 0 for k > deg A
//! ```
//!
//! which costs `O(1)` rational operations a degree, proves zeros, and separates the rational part from the part over
//! `pi^2` (odd `d`). The half angles have
//!
//! ```text
//! sin(theta/2):  s_k = - 2^(d-2) Gamma((d+1)/2)^2 / ( pi prod_{m=0}^{d} (k - 1/2 + m) )            cos(theta/2):  (-1)^k s_k
//! ```
//!
//! (from the eigenvalues of `(1-t)^(1/2)`, by Rodrigues' formula), and polynomials times them follow by the same map. Source: theory.md, section 2; Basri et
//! al. 2019; Cho and Saul 2009 for `f`.

use super::exact_value::ExactValue;
use crate::{
    kernel::{Kernel, symbolic::ClosedForm},
    math::{
        ball::Ball,
        constant::Constant,
        degrees::Degrees,
        harmonics::{funk_hecke_constant, gamma_squared_over_pi},
        polynomial::Polynomial,
        scalar::Scalar,
        units::{Bits, Dimension},
    },
};
use rug::{Integer, Rational};

/// One exact eigenvalue.
#[derive(Clone, Debug)]
pub struct ExactEigenvalue {
    /// The degree `k`.
    pub degree: u64,
    /// The value, enclosed at the precision asked; exactly zero when it is proved to vanish.
    pub enclosure: Ball,
    /// The closed form, unless it is longer than was asked for.
    pub closed: Option<ExactValue>,
}

/// The spectrum of a kernel with a closed form.
#[derive(Clone, Debug)]
pub struct ExactSpectrum {
    form: ClosedForm,
    dim: Dimension,
    /// Eigenvalues of the polynomial part, for degrees up to its own.
    polynomial: Vec<Rational>,
}

impl ExactSpectrum {
    /// The spectrum of `kernel` on `S^d`, if the kernel has a closed form.
    pub fn of(kernel: &Kernel, dim: Dimension) -> Option<Self> {
        kernel.closed_form().map(|form| Self::of_closed_form(form, dim))
    }

    /// The spectrum on `S^d` of the kernel given by its closed form.
    pub fn of_closed_form(form: ClosedForm, dim: Dimension) -> Self {
        let degree = form.polynomial.coefficients().len();
        let unit = |j: u64| Rational::from(u32::from(j == 0));
        let polynomial = (0..degree as u64).map(|k| applied(&form.polynomial, dim, k, unit)).collect();
        Self { form, dim, polynomial }
    }

    /// What the half angles add at degree `k`: a rational number times a constant.
    fn halves(&self, k: u64) -> (Constant, Rational) {
        let halves = &self.form.halves;
        if halves.is_zero() {
            return (Constant::default(), Rational::new());
        }
        let d = self.dim.get();
        let (square, over_pi) = gamma_squared_over_pi(self.dim);
        let scale = square << (2 * d - 1);
        let half = |j: u64| {
            // prod (2j - 1 + 2m), with 2^(d+1) above.
            let odd = |m: u32| Integer::from(2 * (j + u64::from(m))) - 1u32;
            let below = (0..=d).fold(Integer::from(1), |product, m| product * odd(m));
            -(&scale / Rational::from(below))
        };
        let alternating = |j: u64| if j.is_multiple_of(2) { half(j) } else { -half(j) };
        let sum =
            applied(&halves.sine, self.dim, k, half) + applied(&halves.cosine, self.dim, k, alternating);
        let (_, factor) = halves.factor.times(&Constant::pi(if over_pi { -1 } else { 0 }));
        (factor, sum)
    }

    /// `(a_k, r_k, m)` of the module's formula.
    fn parts(&self, k: u64) -> (Rational, Rational, u64) {
        let m = k | 1;
        let d = self.dim.get();
        let step = |j: u64| if j % 2 == 1 { self.ratio(j, m) } else { Rational::new() };
        let ramp = |j: u64| {
            if j % 2 == 1 {
                return Rational::new();
            }
            let gap = i128::from(j) - 1;
            self.ratio(j + 1, m) * Rational::from((i128::from(d) + 1, gap * gap))
        };
        let r = applied(&self.form.step, self.dim, k, step) + applied(&self.form.ramp, self.dim, k, ramp);
        (self.polynomial.get(k as usize).cloned().unwrap_or_default(), r, m)
    }

    /// `rho_j / rho_m` for odd `j` and `m`.
    fn ratio(&self, j: u64, m: u64) -> Rational {
        let d = u64::from(self.dim.get());
        let quotient = (j.min(m)..j.max(m))
            .step_by(2)
            .fold(Rational::from(1), |product, i| product * Rational::from((i, i + d + 1)));
        let squared = quotient.square();
        if j >= m { squared } else { squared.recip() }
    }

    /// Is the eigenvalue of degree `k` proved to vanish? Exact, at any degree.
    pub fn vanishes(&self, k: u64) -> bool {
        let (a, r, _) = self.parts(k);
        let (_, h) = self.halves(k);
        let parts = [a, r, h].iter().filter(|part| !part.is_zero()).count();
        if parts < 2 {
            return parts == 0;
        }
        let Ok(degrees) = Degrees::new([k]) else { return false };
        self.eigenvalues(&degrees, Bits(64), usize::MAX)[0].enclosure.is_zero()
    }

    /// Eigenvalues of the degrees asked.
    ///
    /// Enclosures have about `precision` correct bits. Closed forms are given as far as they have at most `longest`
    /// characters. Cost: a few operations a degree up to the largest one.
    pub fn eigenvalues(&self, degrees: &Degrees, precision: Bits, longest: usize) -> Vec<ExactEigenvalue> {
        let work = precision.plus(2 * (u64::BITS - degrees.top().leading_zeros()) + 16);
        let d = u64::from(self.dim.get());
        let (omega, over_pi) = funk_hecke_constant(self.dim);
        let start = omega / d;
        let pi = Ball::pi_at(work);
        let scale =
            if over_pi == 1 { pi.clone() * pi } else { Ball::from_rational(work, &Rational::from(1)) };
        let constant = self.form.factor.enclosure(work);
        let mut m = 1u64;
        let mut h = Ball::from_rational(work, &start);
        let mut rational = Some(start);
        let mut found = Vec::with_capacity(degrees.len());
        for k in degrees.iter() {
            let (a, r, base) = self.parts(k);
            while m < base {
                let factor = Rational::from((m, m + d + 1));
                h = h * Ball::from_rational(work, &factor);
                rational =
                    rational.map(|q| q * factor).filter(|q| fits(q, longest) || m < LARGEST_POLYNOMIAL);
                m += 2;
            }
            let halves = self.halves(k);
            let closed = rational.as_ref().map(|h| {
                let rho = Rational::from(h.square_ref()) * &r;
                let (rational, over) =
                    if over_pi == 1 { (a.clone(), rho) } else { (a.clone() + rho, Rational::new()) };
                ExactValue::new(self.form.factor.clone(), rational, over, halves.clone())
            });
            let enclosure = match &closed {
                Some(value) if !a.is_zero() || !halves.1.is_zero() => value.enclosure(work),
                _ => {
                    let rho = h.clone() * h.clone() / scale.clone();
                    let value = Ball::from_rational(work, &a) + Ball::from_rational(work, &r) * rho;
                    let value = if self.form.factor.is_one() { value } else { value * constant.clone() };
                    match halves.1.is_zero() {
                        true => value,
                        false => value + Ball::from_rational(work, &halves.1) * halves.0.enclosure(work),
                    }
                }
            };
            let closed = closed.filter(|value| value.length() <= longest);
            found.push(ExactEigenvalue { degree: k, enclosure, closed });
        }
        found
    }
}

/// Beyond this degree no polynomial part reaches (the ring stops there), so rationals may be dropped.
const LARGEST_POLYNOMIAL: u64 = 80;

/// May `rho = h^2` still fit into `longest` characters?
fn fits(h: &Rational, longest: usize) -> bool {
    let bits = (h.numer().significant_bits() + h.denom().significant_bits()) as usize;
    bits * 6 / 10 <= longest.saturating_mul(2).saturating_add(64)
}

/// The eigenvalue of degree `k` of `p(t) X`, where `X` has the eigenvalues `x(j)`: Horner's rule on a shrinking window.
fn applied(p: &Polynomial, dim: Dimension, k: u64, x: impl Fn(u64) -> Rational) -> Rational {
    let Some(n) = p.coefficients().len().checked_sub(1) else { return Rational::new() };
    let n = n as u64;
    let low = k.saturating_sub(n);
    let values: Vec<Rational> = (low..=k + n).map(x).collect();
    let d = u64::from(dim.get());
    let mut sum: Vec<Rational> = vec![Rational::new(); values.len()];
    for (power, coefficient) in p.coefficients().iter().enumerate().rev() {
        if power < n as usize {
            sum = (0..sum.len())
                .map(|i| {
                    let j = low + i as u64;
                    let zero = Rational::new();
                    let above = sum.get(i + 1).unwrap_or(&zero);
                    if j == 0 {
                        return above.clone();
                    }
                    let below = if i == 0 { &zero } else { &sum[i - 1] };
                    (Rational::from(below * j) + Rational::from(above * (j + d - 1))) / (2 * j + d - 1)
                })
                .collect();
        }
        for (total, value) in sum.iter_mut().zip(&values) {
            *total += Rational::from(value * coefficient);
        }
    }
    sum.swap_remove((k - low) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of `sin(theta)/(3 pi)` over the sphere is 1/12: less that, degree 0 vanishes, and no other even degree does.
    #[test]
    fn parts_that_cancel_are_exactly_zero() {
        let exact =
            ExactSpectrum::of(&"expr:sin(theta)/(3*pi)-1/12".parse().unwrap(), Dimension::SPHERE).unwrap();
        let found = exact.eigenvalues(&Degrees::up_to(4u32).unwrap(), Bits(64), usize::MAX);
        for (k, value) in (0..).zip(&found) {
            let zero = k == 0 || k % 2 == 1;
            assert_eq!((value.enclosure.is_zero(), exact.vanishes(k)), (zero, zero), "{k}");
        }
    }
}
