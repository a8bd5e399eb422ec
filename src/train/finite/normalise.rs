//! Layer norm and rms norm of the columns of a matrix: `y = (h - mean)/deviation`, without a mean for the latter.
//!
//! Sums are in f64. With `s` the inverse of the deviation, `dL/dh = s (g - mean(g) - y mean(g y))` for `g = dL/dy`, the mean left out for the latter.

use crate::train::real::Real;

fn mean(terms: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = terms.len() as f64;
    terms.sum::<f64>() / count
}

/// `y` and, one a column, `s`.
pub(super) fn forward<T: Real>(centred: bool, rows: usize, h: &[T], y: &mut [T], scales: &mut [T]) {
    for ((h, y), scale) in h.chunks_exact(rows).zip(y.chunks_exact_mut(rows)).zip(scales) {
        let middle = if centred { mean(h.iter().map(|h| h.to_f64())) } else { 0.0 };
        let variance = mean(h.iter().map(|h| (h.to_f64() - middle).powi(2)));
        let factor = 1.0 / variance.sqrt();
        *scale = T::of(factor);
        y.iter_mut().zip(h).for_each(|(y, h)| *y = T::of(factor * (h.to_f64() - middle)));
    }
}

/// `dL/dh` from `dL/dy`, set or added.
pub(super) fn backward<T: Real>(
    centred: bool,
    rows: usize,
    y: &[T],
    scales: &[T],
    source: &[T],
    first: bool,
    target: &mut [T],
) {
    let columns = y.chunks_exact(rows).zip(source.chunks_exact(rows)).zip(target.chunks_exact_mut(rows));
    for (((y, g), target), scale) in columns.zip(scales) {
        let middle = if centred { mean(g.iter().map(|g| g.to_f64())) } else { 0.0 };
        let along = mean(g.iter().zip(y).map(|(g, y)| g.to_f64() * y.to_f64()));
        for ((t, g), y) in target.iter_mut().zip(g).zip(y) {
            let slope = T::of(scale.to_f64() * (g.to_f64() - middle - y.to_f64() * along));
            *t = if first { slope } else { *t + slope };
        }
    }
}
