//! The tangent Gram matrix of a network at its current parameters.

use super::{
    architecture::Map,
    pass::{Pass, tile},
};
use crate::train::real::Real;
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

/// `H_ij = grad f(x_i) . grad f(x_j)`, `n x n`, from a backward pass with all slopes 1.
///
/// The gradient by a map's weights is an outer product of `delta` and `a`, so that
/// `H = sum over maps of (weight^2 A^T A + bias^2) o (D^T D)`. The lower half is computed, and mirrored.
pub(super) fn gram<T: Real>(maps: &[Map], pass: &Pass<T>) -> Vec<f64> {
    let n = pass.deltas.last().map_or(0, Vec::len);
    let mut gram = vec![0.0; n * n];
    let block_columns = tile(n);
    gram.par_chunks_mut(n * block_columns).enumerate().for_each(|(c, block)| {
        let (first, columns) = (c * block_columns, block.len() / n);
        let mut inputs = vec![T::ZERO; (n - first) * columns];
        let mut deltas = inputs.clone();
        for (l, map) in maps.iter().enumerate() {
            products(&pass.active[l], map.inputs, first, columns, &mut inputs);
            products(&pass.deltas[l], map.outputs, first, columns, &mut deltas);
            let (weight, bias) = (map.weight * map.weight, map.bias * map.bias);
            for (j, column) in block.chunks_exact_mut(n).enumerate() {
                let at = j * (n - first);
                let pairs = inputs[at..].iter().zip(&deltas[at..]);
                column[first..].iter_mut().zip(pairs).for_each(|(h, (a, delta))| {
                    *h += (weight * a.to_f64() + bias) * delta.to_f64();
                });
            }
        }
    });
    for j in 0..n {
        for i in 0..j {
            gram[j * n + i] = gram[i * n + j];
        }
    }
    gram
}

/// The inner products of columns `first..` with columns `first..first + count`.
fn products<T: Real>(matrix: &[T], height: usize, first: usize, count: usize, target: &mut [T]) {
    let rest = MatRef::from_column_major_slice(matrix, height, matrix.len() / height);
    let rest = rest.subcols(first, rest.ncols() - first);
    let target = MatMut::from_column_major_slice_mut(target, rest.ncols(), count);
    matmul(target, Accum::Replace, rest.transpose(), rest.subcols(0, count), T::ONE, Par::Seq);
}
