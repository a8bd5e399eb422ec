//! `v' = beta v - eta g(y)`, `y' = y - eta g(y) + beta v'`, which is `y - beta v + (1+beta) v'`.

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
    for (y, v) in parameters.iter_mut().zip(velocity.iter_mut()) {
        *v *= beta;
        *y += -*v;
    }
    if let Some(ridge) = ridge {
        ridge.push_ahead(velocity, parameters);
    }
    add(velocity);
    let factor = T::ONE + beta;
    parameters.iter_mut().zip(velocity).for_each(|(y, v)| *y = factor.fma(*v, *y));
}
