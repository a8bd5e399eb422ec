//! A bound along a curve, from bounds on arcs that are halved until each is finite.

use rayon::prelude::*;

/// The largest of `bound(middle, reach)` over arcs that cover the parameters `0..=length`; none when an arc that was halved `deepest` times has no finite
/// bound.
///
/// `bound(p, h)` must hold for all parameters within `h` of `p`; `h` is a little more than half an arc, so that neighbours overlap in spite of rounding.
pub fn bound_along(
    length: f64,
    first_arcs: u32,
    deepest: u32,
    bound: impl Fn(f64, f64) -> f64 + Sync,
) -> Option<f64> {
    (0..first_arcs)
        .into_par_iter()
        .map(|i| arc(length / f64::from(first_arcs), i, deepest, &bound))
        .try_reduce(|| 0.0, |a, b| Some(a.max(b)))
}

fn arc(width: f64, index: u32, deepest: u32, bound: &(impl Fn(f64, f64) -> f64 + Sync)) -> Option<f64> {
    let size = bound((f64::from(index) + 0.5) * width, 0.5001 * width);
    if size.is_finite() {
        return Some(size);
    }
    let deepest = deepest.checked_sub(1)?;
    let first = arc(0.5 * width, 2 * index, deepest, bound)?;
    Some(first.max(arc(0.5 * width, 2 * index + 1, deepest, bound)?))
}
