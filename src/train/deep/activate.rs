//! Activation functions and their derivatives, element by element.

use super::architecture::Activation;
use crate::train::real::Real;
use std::f64::consts::FRAC_2_SQRT_PI;

/// `active = phi(z)` and `derivatives = phi'(z)`; without an activation `z` and 1.
pub(super) fn activate<T: Real>(phi: Option<Activation>, z: &[T], active: &mut [T], derivatives: &mut [T]) {
    let targets = active.iter_mut().zip(derivatives).zip(z);
    match phi {
        None => targets.for_each(|((a, d), z)| (*a, *d) = (*z, T::ONE)),
        Some(Activation::LeakyRelu { slope }) => {
            let slope = T::of(slope);
            targets.for_each(|((a, d), z)| {
                *d = if *z > T::ZERO { T::ONE } else { slope };
                *a = *d * *z;
            });
        }
        Some(Activation::Erf) => {
            let peak = T::of(FRAC_2_SQRT_PI);
            targets.for_each(|((a, d), z)| (*a, *d) = (z.erf(), peak * Real::exp(-*z * *z)));
        }
    }
}
