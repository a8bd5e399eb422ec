//! The pull `-eta mu (w - w(0))` of a ridge towards the start.

use crate::train::real::Real;

/// The pull on a group of parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ridge<'a, T> {
    /// `w(0)`.
    pub anchor: &'a [T],
    /// `-eta mu`.
    pub pull: T,
}

impl<T: Real> Ridge<'_, T> {
    /// Adds the pull to the parameters themselves.
    pub fn draw(&self, parameters: &mut [T]) {
        parameters.iter_mut().zip(self.anchor).for_each(|(w, start)| *w = self.pull.fma(*w + -*start, *w));
    }

    /// Adds it to the velocity.
    pub fn push(&self, velocity: &mut [T], parameters: &[T]) {
        for ((v, w), start) in velocity.iter_mut().zip(parameters).zip(self.anchor) {
            *v = self.pull.fma(*w + -*start, *v);
        }
    }

    /// Adds that at the parameters moved by the velocity.
    pub fn push_ahead(&self, velocity: &mut [T], parameters: &[T]) {
        for ((v, w), start) in velocity.iter_mut().zip(parameters).zip(self.anchor) {
            *v = self.pull.fma(*w + *v + -*start, *v);
        }
    }
}
