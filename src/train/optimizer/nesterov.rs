//! `y = w + beta v`, `v' = beta v - eta g(y)`, `w' = w + v'`.

use super::ridge::Ridge;
use crate::train::real::Real;

/// From `w` and `v` to `y` and `beta v`.
pub(super) fn look_ahead<T: Real>(parameters: &mut [T], velocity: &mut [T], beta: T) {
    for (w, v) in parameters.iter_mut().zip(velocity) {
        *v *= beta;
        *w += *v;
    }
}

/// From there to `w'` and `v'`.
#[inline(always)]
pub(super) fn step<T: Real>(
    parameters: &mut [T],
    velocity: &mut [T],
    ridge: Option<Ridge<'_, T>>,
    add: impl FnOnce(&mut [T]),
) {
    parameters.iter_mut().zip(velocity.iter()).for_each(|(y, v)| *y += -*v);
    if let Some(ridge) = ridge {
        // Of y, which is w and the velocity that is already scaled.
        ridge.push_ahead(velocity, parameters);
    }
    add(velocity);
    parameters.iter_mut().zip(velocity).for_each(|(w, v)| *w += *v);
}
