//! `v' = beta v - eta g(w)`, `w' = w + v'`.

use super::ridge::Ridge;
use crate::train::real::Real;

#[inline(always)]
pub(super) fn step<T: Real>(
    parameters: &mut [T],
    velocity: &mut [T],
    beta: T,
    ridge: Option<Ridge<'_, T>>,
    add: impl FnOnce(&mut [T]),
) {
    velocity.iter_mut().for_each(|v| *v *= beta);
    if let Some(ridge) = ridge {
        ridge.push(velocity, parameters);
    }
    add(velocity);
    parameters.iter_mut().zip(velocity).for_each(|(w, v)| *w += *v);
}
