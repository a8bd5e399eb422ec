//! Points laid out for the rows of a matrix, and how far they are from one another.

use crate::sample::Points;

/// Coordinates by axis, `(d+1) x n`, with the square roots of the weights, and the norms that points off the sphere have.
#[derive(Clone, Debug)]
pub struct Sites {
    count: usize,
    width: usize,
    by_axis: Vec<f64>,
    roots: Vec<f64>,
    norms: Option<Vec<f64>>,
}

impl Sites {
    /// The points laid out for row evaluation.
    pub fn new(points: &Points) -> Self {
        let (count, width) = (points.len(), points.dim().get() as usize + 1);
        let mut by_axis = vec![0.0; count * width];
        for (i, point) in points.coordinates().chunks_exact(width).enumerate() {
            point.iter().enumerate().for_each(|(axis, x)| by_axis[axis * count + i] = *x);
        }
        let roots = points.weights().iter().map(|w| w.sqrt()).collect();
        Self { count, width, by_axis, roots, norms: None }
    }

    /// The points times `norms`, one each.
    #[must_use]
    pub fn with_norms(self, norms: Vec<f64>) -> Self {
        Self { norms: Some(norms), ..self }
    }

    /// The norm of a point.
    pub fn norm(&self, i: usize) -> f64 {
        self.norms.as_ref().map_or(1.0, |norms| norms[i])
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The square root of each point's weight.
    pub fn roots(&self) -> &[f64] {
        &self.roots
    }

    /// The coordinates of all points on each axis.
    pub fn axes(&self) -> impl Iterator<Item = &[f64]> {
        self.by_axis.chunks_exact(self.count.max(1))
    }

    /// Half chords and sides of point `i` against the points from `start` on: `side` is 0 where `t >= 0` and 1 elsewhere.
    #[inline(always)]
    pub fn chords(&self, i: usize, start: usize, half: &mut [f64], side: &mut [u64]) {
        let axis = |k: usize| &self.by_axis[k * self.count..(k + 1) * self.count];
        half.fill(0.0);
        for k in 0..self.width {
            let x = axis(k)[i];
            for (t, y) in half.iter_mut().zip(&axis(k)[start..]) {
                *t += x * y;
            }
        }
        for (t, s) in half.iter_mut().zip(side.iter_mut()) {
            *s = t.to_bits() >> 63;
            *t = 0.0;
        }
        for k in 0..self.width {
            let x = axis(k)[i];
            for ((sum, y), s) in half.iter_mut().zip(&axis(k)[start..]).zip(side.iter()) {
                let nearer = f64::from_bits(y.to_bits() ^ (s << 63));
                let step = x - nearer;
                *sum += step * step;
            }
        }
        half.iter_mut().for_each(|sum| *sum = 0.5 * sum.sqrt());
    }
}
