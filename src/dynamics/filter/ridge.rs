//! A ridge towards the start, around any method: `r_t = r_inf + (1 - r_inf) q_t`, with `q` the method's own recurrence at `g = h + eta mu`.
//!
//! The gradient `h r + eta mu (r - 1)` of the mode is `g (r - r_inf)` with `r_inf = mu/(Lambda + mu)`: about `r_inf` the method moves as it does
//! about 0 without a ridge, at the rate `g`. The limit is kernel ridge regression with ridge `mu`.

/// `1 - r_inf = h/(h + eta mu)`; 1 where nothing moves, so that nothing is lost without a ridge.
pub(super) fn reach(rate: f64, pull: f64) -> f64 {
    if pull == 0.0 { 1.0 } else { rate / (rate + pull) }
}
