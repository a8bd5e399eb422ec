//! What an experiment needs for the prediction to hold: points, width, steps.
//!
//! A finite sample of points, and a finite number of units, change the rate at which a degree is learned. To second order in
//! perturbation theory the relative change of the learning time is
//!
//! ```text
//! b/sqrt(n) + D/n         n uniform points,          b^2 = <Y^4> - 1
//! a/sqrt(m) + D/m         m independent units,       a^2 = Var q(w) / lambda_k^2
//! D = sum_i lambda_i/(lambda_i + lambda_k) + tail/lambda_k
//! ```
//!
//! The first term is one standard deviation of the quadratic form of the target `Y = sqrt(N(d,k)) P_k(x.e)`, the second, of either
//! sign, is the mixing with all other harmonics, whose number is the effective dimension `D` at `lambda_k`. `q(w)` is
//! the squared norm of the mean of `Y` times the gradient features of one unit with direction `w`; its mean is `lambda_k`, and for
//! the paper's two-layer model
//!
//! ```text
//! q = alpha_k (Y^2 + |grad Y|^2) / (1 + k(k+d-1))                    without bias
//! q = ( rho_k Y^2 + alpha_k (Y^2 + |grad Y|^2)/(1 + k(k+d-1)) ) / 2  with bias
//! ```
//!
//! at `w`, since the mean of `Y relu(w.x)` is `r_k |w| Y(w/|w|)` and its gradient in `w` is what the unit's weights see. These are
//! **estimates**, leading orders for a lazily trained network; tests hold them to sampled kernels. Source: theory.md, sections 2 and 5.

use super::{Modes, filter::Filter};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::{
        degrees::Degrees,
        gauss,
        harmonics::{funk_hecke_constant, multiplicity, zonal_polynomials},
        units::Dimension,
    },
};
use std::f64::consts::PI;

/// How the learning time of a degree depends on a finite number: its relative change is `first/sqrt(number) + second/number`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// The coefficient of `number^(-1/2)`: `a` or `b`.
    pub first: f64,
    /// The coefficient of `1/number`: the effective dimension.
    pub second: f64,
}

impl Deviation {
    /// The relative change at `number`.
    pub fn at(&self, number: f64) -> f64 {
        self.first / number.sqrt() + self.second / number
    }

    /// The least number at which the relative change is at most `tolerance`.
    pub fn number_for(&self, tolerance: f64) -> f64 {
        let root = (self.first.powi(2) + 4.0 * self.second * tolerance).sqrt();
        // The larger of two equal forms of 1/x^2, without cancellation: x = (root - first)/(2 second).
        ((root + self.first) / (2.0 * tolerance)).powi(2).ceil()
    }
}

/// What one degree needs.
#[derive(Clone, Debug, PartialEq)]
pub struct DegreePlan {
    /// The degree.
    pub degree: u64,
    /// Its eigenvalue; zero in the null space.
    pub eigenvalue: f64,
    /// Steps until it is learned; `None` when it never is.
    pub steps: Option<f64>,
    /// Steps from which on it stays so: more than those, where momentum overshoots.
    pub settled: Option<f64>,
    /// What a finite number of points does; `None` in the null space.
    pub points: Option<Deviation>,
    /// What a finite width does; `None` in the null space and for networks where it is not known.
    pub width: Option<Deviation>,
}

/// The plan of each degree for an optimizer on `points` points, until the fraction `delta` is left.
///
/// Points and units are foreseen for degrees that the modes reach without a gap. The steps are those of many points, of which only the number counts, and
/// infinitely many units.
///
/// # Errors
/// When a degree is not among the modes or past any spectrum's last, or the spectrum of the two-layer model cannot be found.
pub fn plan(
    kernel: &Kernel,
    modes: &Modes,
    degrees: &Degrees,
    points: f64,
    filter: &Filter,
    delta: f64,
) -> Result<Vec<DegreePlan>> {
    if let Some(unknown) = degrees.iter().find(|k| modes.eigenvalue(*k).is_none()) {
        return Err(Error::invalid("degrees", unknown, "degrees that the spectrum handed in reaches"));
    }
    let reached = modes.modes().len() as u64 - 1;
    let highest = degrees.filtered(|k| k <= reached).map_or(0, |near| near.top()) as u32;
    let of_points = spreads(modes.dim(), highest, |_| (1.0, 0.0));
    let of_units = match trained_first_layer(kernel)? {
        None => None,
        Some(false) => Some(spreads(modes.dim(), highest, |_| (0.0, 1.0))),
        Some(true) => {
            let unbiased = Modes::of(&"two-layer".parse()?, modes.dim(), highest)?;
            let share = |k| 0.5 * unbiased.eigenvalue(k).unwrap_or(0.0) / modes.eigenvalue(k).unwrap_or(1.0);
            Some(spreads(modes.dim(), highest, |k| (1.0 - share(k), share(k))))
        }
    };
    let one = |degree: u64| {
        let eigenvalue = modes.eigenvalue(degree).unwrap_or(0.0);
        let near = eigenvalue > 0.0 && degree <= u64::from(highest);
        let second = near.then(|| effective_dimension(modes, eigenvalue));
        let deviation =
            |spreads: &Vec<f64>| Some(Deviation { first: *spreads.get(degree as usize)?, second: second? });
        let passage = filter.mode_on(points, eigenvalue).passage(delta);
        DegreePlan {
            degree,
            eigenvalue,
            steps: passage.first,
            settled: passage.settled,
            points: deviation(&of_points),
            width: of_units.as_ref().and_then(deviation),
        }
    };
    Ok(degrees.iter().map(one).collect())
}

/// Is this the kernel of the paper's two-layer model, and if so, with bias?
fn trained_first_layer(kernel: &Kernel) -> Result<Option<bool>> {
    let form = kernel.closed_form();
    for (spec, bias) in [("two-layer", false), ("two-layer:bias=true", true)] {
        if form.is_some() && form == spec.parse::<Kernel>()?.closed_form() {
            return Ok(Some(bias));
        }
    }
    Ok(None)
}

/// `D(kappa) = sum_i lambda_i/(lambda_i + kappa) + tail/kappa`, `kappa > 0`.
pub fn effective_dimension(modes: &Modes, kappa: f64) -> f64 {
    let sum: f64 = modes.modes().iter().map(|m| m.multiplicity * m.eigenvalue / (m.eigenvalue + kappa)).sum();
    sum + modes.tail() / kappa
}

/// For each degree `k = 0..=highest` the standard deviation over the sphere of
/// `x Y^2 + y (Y^2 + |grad Y|^2)/(1 + k(k+d-1))`, where `(x, y) = parts(k)` and `Y` is the zonal harmonic of mean square 1.
///
/// Both parts have mean 1. By a Gauss rule in `theta`: the integrands are entire, and the rule converges faster than geometrically. An estimate.
fn spreads(dim: Dimension, highest: u32, parts: impl Fn(u32) -> (f64, f64)) -> Vec<f64> {
    let (omega, over_pi) = funk_hecke_constant(dim);
    let omega = omega.to_f64() / PI.powi(over_pi as i32);
    let d = f64::from(dim.get());
    let degrees: Vec<_> =
        (0..=highest).map(|k| (f64::from(k), multiplicity(dim, k).to_f64(), parts(k))).collect();
    let mut variances = vec![0.0; degrees.len()];
    for (node, weight) in gauss::legendre_f64(2 * highest + dim.get() + 32) {
        // Both parts are even in t: the near half of the rule counts twice.
        let (sine, cosine) = (0.5 * PI * (1.0 - node)).sin_cos();
        let scale = omega * weight * PI * sine.powi(dim.get() as i32 - 1);
        let mut before = 0.0;
        zonal_polynomials(dim, cosine, highest, |degree, value| {
            let (k, count, (x, y)) = degrees[degree as usize];
            // (1-t^2) P_k' = k (P_{k-1} - t P_k)
            let slope = k * (before - cosine * value) / sine;
            let square = count * value * value;
            let gradient = (square + count * slope * slope) / (1.0 + k * (k + d - 1.0));
            variances[degree as usize] += scale * (x * (square - 1.0) + y * (gradient - 1.0)).powi(2);
            before = value;
        });
    }
    variances.into_iter().map(f64::sqrt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Y^2 = 1 + cos(2 k theta)`, and `Y^2 + |grad Y|^2 = 1 + k^2 - (k^2 - 1) cos(2 k theta)` on the circle.
    #[test]
    fn spreads_on_the_circle_are_those_of_the_cosine() {
        let circle = Dimension::new(1).unwrap();
        for k in [1, 2, 9] {
            let c = (f64::from(k).powi(2) - 1.0) / (f64::from(k).powi(2) + 1.0);
            for (x, y) in [(1.0, 0.0), (0.0, 1.0), (0.4, 0.6)] {
                let expected = 0.5_f64.sqrt() * (x - y * c).abs();
                assert!((spreads(circle, k, |_| (x, y))[k as usize] - expected).abs() < 1e-12, "{k} {x} {y}");
            }
        }
    }

    /// `<Y_1^4> = 3 (d+1)/(d+3)`; with `Y_1^2 + |grad Y_1|^2 = (d+1)` the second part is constant.
    #[test]
    fn spreads_of_degree_one_are_those_of_a_coordinate() {
        for d in 1..8 {
            let dim = Dimension::new(d).unwrap();
            let variance = 3.0 * f64::from(d + 1) / f64::from(d + 3) - 1.0;
            assert!((spreads(dim, 1, |_| (1.0, 0.0))[1] - variance.sqrt()).abs() < 1e-12, "{d}");
            assert!(spreads(dim, 1, |_| (0.0, 1.0))[1] < 1e-12, "{d}");
            assert!(spreads(dim, 3, |_| (0.3, 0.7))[0] < 1e-12, "{d}");
        }
    }

    #[test]
    fn the_number_needed_gives_the_tolerance() {
        for (first, second) in [(0.7, 5.0), (0.0, 40.0), (1.3, 0.5)] {
            let deviation = Deviation { first, second };
            for tolerance in [0.5, 0.05, 1e-3] {
                let number = deviation.number_for(tolerance);
                assert!(deviation.at(number) <= tolerance * (1.0 + 1e-12), "{deviation:?} {tolerance}");
                assert!(
                    number < 2.0 || deviation.at(number - 1.0) > tolerance * (1.0 - 1e-9),
                    "{deviation:?} {tolerance}"
                );
            }
        }
    }
}
