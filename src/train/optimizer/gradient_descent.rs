//! `w' = w - eta g(w)`.

use super::ridge::Ridge;
use crate::train::real::Real;

#[inline(always)]
pub(super) fn step<T: Real>(parameters: &mut [T], ridge: Option<Ridge<'_, T>>, add: impl FnOnce(&mut [T])) {
    if let Some(ridge) = ridge {
        ridge.draw(parameters);
    }
    add(parameters);
}
