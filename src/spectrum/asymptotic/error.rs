//! The constants `C_n` of the bound.

use super::{coefficients::Coefficients, region::Region};
use crate::math::{ball::Ball, bound::Bound, scalar::Scalar};
use rug::{Float, Rational};

/// Precision of the constants: they are rounded up.
const PRECISION: u32 = 64;

/// `C_n(tau, M_0) + C_n(tau~, M_pi)` for `n = 1, 2, ...`.
#[derive(Clone, Debug)]
pub struct Constants(Vec<Bound>);

impl Constants {
    /// Those of a region, for as many terms as there are coefficients; none where the cut's end is not inside the region.
    pub fn of(region: &Region, coefficients: &Coefficients) -> Option<Self> {
        let number = |x: f64| Ball::exact(Float::with_val(PRECISION, x));
        let end = region.cut_end(PRECISION)?;
        let per_term = Bound::above(&(number(1.0) / (end.clone() * end.clone())).magnitude());
        let radius = number(region.radius);
        let ratio = end / radius.clone();
        let one = ratio.constant(&Rational::from(1));
        let gap = one.clone() - ratio.clone() * ratio;
        let inverse_square = Bound::above(&(one.clone() / (radius.clone() * radius.clone())).magnitude());
        let first = Bound::above(&(one / (radius * gap)).magnitude());
        let of_end = |far: bool| -> Vec<Bound> {
            if coefficients.vanish(far) {
                return vec![Bound::ZERO; coefficients.terms()];
            }
            let mut remainder = region.bounds[usize::from(far)].times(first);
            let mut kept = Bound::ZERO;
            let step = |tau: &Ball| {
                remainder = remainder.times(inverse_square);
                kept = kept.plus(Bound::above(&tau.magnitude())).times(per_term);
                remainder.plus(kept)
            };
            coefficients.end(far).iter().map(step).collect()
        };
        Some(Self(of_end(false).into_iter().zip(of_end(true)).map(|(near, far)| near.plus(far)).collect()))
    }

    /// The constant after `n >= 1` terms.
    pub fn after(&self, n: usize) -> Bound {
        self.0.get(n - 1).copied().unwrap_or(Bound::INFINITE)
    }
}
