//! Forward and backward through the layers, for all points at once, in buffers that are kept.
//!
//! Points are columns. They are split into tiles of fixed size, and each product of a tile runs on one thread: so sums do not
//! depend on the number of threads, and a tile's elementwise work finds its numbers in the cache.

use super::{
    activate::activate,
    architecture::Map,
    weights::{Layer, LayerPast},
};
use crate::train::{optimizer::Motion, real::Real};
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

/// Columns or rows of `n` that one thread takes at a time: a quarter of them, between 128 and 256.
///
/// Each product lays out its other factor anew, which counts in small tiles; large ones leave threads without work.
pub(super) fn tile(n: usize) -> usize {
    n.div_ceil(4).next_multiple_of(16).clamp(128, 256)
}

/// The numbers of one pass over `n` points; every matrix is column-major, one column a point.
#[derive(Clone, Debug)]
pub(super) struct Pass<T> {
    /// `a` of each map, `inputs x n`; the first holds the points.
    pub active: Vec<Vec<T>>,
    /// For each map, `outputs x n`: after [`Pass::forward`] the activation's derivatives at `z`; after [`Pass::backward`] the
    /// derivatives of the loss by `z`.
    pub deltas: Vec<Vec<T>>,
    scratch: Vec<T>,
    /// Points in a tile.
    pub tile: usize,
}

impl<T: Real> Pass<T> {
    /// Buffers for the points of the given coordinates, row-major, in tiles of so many.
    pub fn new(maps: &[Map], coordinates: &[f64], tile: usize) -> Self {
        let n = coordinates.len() / maps[0].inputs;
        let mut active: Vec<_> = maps.iter().map(|map| vec![T::ZERO; map.inputs * n]).collect();
        active[0] = coordinates.iter().map(|x| T::of(*x)).collect();
        let deltas: Vec<_> = maps.iter().map(|map| vec![T::ZERO; map.outputs * n]).collect();
        let widest = deltas.iter().map(Vec::len).max().unwrap_or(0);
        Self { active, deltas, scratch: vec![T::ZERO; widest], tile }
    }

    /// The network's output at every point.
    pub fn forward(&mut self, maps: &[Map], layers: &[Layer<T>]) -> Vec<f64> {
        for (l, (map, layer)) in maps.iter().zip(layers).enumerate() {
            let (before, after) = self.active.split_at_mut(l + 1);
            let z = self.scratch.par_chunks_mut(map.outputs * self.tile);
            let inputs = before[l].par_chunks(map.inputs * self.tile);
            let derivatives = self.deltas[l].par_chunks_mut(map.outputs * self.tile);
            match after.first_mut() {
                Some(active) => {
                    let active = active.par_chunks_mut(map.outputs * self.tile);
                    z.zip(inputs).zip(active.zip(derivatives)).for_each(|((z, a), (active, derivatives))| {
                        let z = &mut z[..active.len()];
                        apply(map, layer, a, z);
                        activate(map.then, z, active, derivatives);
                    });
                }
                None => z.zip(inputs).zip(derivatives).for_each(|((z, a), derivatives)| {
                    apply(map, layer, a, &mut z[..derivatives.len()]);
                }),
            }
        }
        let n = self.deltas.last().map_or(0, Vec::len);
        self.scratch[..n].iter().map(|z| z.to_f64()).collect()
    }

    /// The derivatives of `sum_i slopes_i f(x_i)` by every `z`, into [`Pass::deltas`], which must be those of a forward pass.
    pub fn backward(&mut self, maps: &[Map], layers: &[Layer<T>], slopes: &[f64]) {
        if let Some(last) = self.deltas.last_mut() {
            last.iter_mut().zip(slopes).for_each(|(delta, slope)| *delta = T::of(*slope));
        }
        for (l, (map, layer)) in maps.iter().zip(layers).enumerate().skip(1).rev() {
            let (below, above) = self.deltas.split_at_mut(l);
            let weights = MatRef::from_row_major_slice(&layer.weights, map.outputs, map.inputs).transpose();
            let scratch = self.scratch.par_chunks_mut(map.inputs * self.tile);
            let targets = below[l - 1].par_chunks_mut(map.inputs * self.tile);
            let sources = above[0].par_chunks(map.outputs * self.tile);
            scratch.zip(targets.zip(sources)).for_each(|(scratch, (target, source))| {
                let columns = target.len() / map.inputs;
                let scratch = &mut scratch[..target.len()];
                let product = MatMut::from_column_major_slice_mut(scratch, map.inputs, columns);
                let source_columns = MatRef::from_column_major_slice(source, map.outputs, columns);
                matmul(product, Accum::Replace, weights, source_columns, T::of(map.weight), Par::Seq);
                if map.skip {
                    let pairs = scratch.iter().zip(source);
                    target.iter_mut().zip(pairs).for_each(|(t, (s, above))| *t = *t * *s + *above);
                } else {
                    target.iter_mut().zip(scratch.iter()).for_each(|(t, s)| *t *= *s);
                }
            });
        }
    }

    /// One step of the optimizer, from a backward pass.
    pub fn update(
        &self,
        maps: &[Map],
        layers: &mut [Layer<T>],
        motion: &Motion<T>,
        pasts: &mut [LayerPast<T>],
        step: f64,
    ) {
        for (l, (map, (layer, [weights, biases]))) in
            maps.iter().zip(layers.iter_mut().zip(pasts)).enumerate()
        {
            let n = self.deltas[l].len() / map.outputs;
            let block = tile(map.outputs);
            let deltas = MatRef::from_column_major_slice(&self.deltas[l], map.outputs, n);
            let inputs = MatRef::from_column_major_slice(&self.active[l], map.inputs, n).transpose();
            let factor = T::of(-step * map.weight);
            motion.step_in_parts(&mut layer.weights, weights, step, block * map.inputs, |c, rows| {
                let height = rows.len() / map.inputs;
                let target = MatMut::from_row_major_slice_mut(rows, height, map.inputs);
                matmul(target, Accum::Add, deltas.subrows(c * block, height), inputs, factor, Par::Seq);
            });
            let factor = T::of(-step * map.bias);
            motion.step_in_parts(&mut layer.biases, biases, step, block, |c, biases| {
                for column in self.deltas[l].chunks_exact(map.outputs) {
                    biases.iter_mut().zip(&column[c * block..]).for_each(|(b, delta)| *b += factor * *delta);
                }
            });
        }
    }
}

/// `z = [z +] weight * W a + bias * b` for the columns of `a`.
fn apply<T: Real>(map: &Map, layer: &Layer<T>, a: &[T], z: &mut [T]) {
    let columns = z.len() / map.outputs;
    let accumulate = if map.skip { Accum::Add } else { Accum::Replace };
    let weights = MatRef::from_row_major_slice(&layer.weights, map.outputs, map.inputs);
    let inputs = MatRef::from_column_major_slice(a, map.inputs, columns);
    let target = MatMut::from_column_major_slice_mut(z, map.outputs, columns);
    matmul(target, accumulate, weights, inputs, T::of(map.weight), Par::Seq);
    if !layer.biases.is_empty() {
        let factor = T::of(map.bias);
        for column in z.chunks_exact_mut(map.outputs) {
            column.iter_mut().zip(&layer.biases).for_each(|(z, b)| *z += factor * *b);
        }
    }
}
