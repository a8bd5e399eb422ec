//! The tangent Gram matrix of a network at its current parameters.

use super::{
    pass::{Pass, tile},
    tape::{Step, Tape},
};
use crate::train::real::Real;
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

/// `H_ij = sum_p lr_p df(x_i)/dp df(x_j)/dp`, `n x n`, from a backward pass with all slopes 1.
///
/// The gradient by a layer's weights is an outer product of `delta` and `a`, so that
/// `H = sum over layers of (lr weight^2 A^T A + lr_bias bias^2) o (D^T D)`. The lower half is computed, and mirrored.
pub(super) fn gram<T: Real>(tape: &Tape, pass: &Pass<T>) -> Vec<f64> {
    let n = pass.count();
    let mut gram = vec![0.0; n * n];
    let block_columns = tile(n);
    gram.par_chunks_mut(n * block_columns).enumerate().for_each(|(c, block)| {
        let (first, columns) = (c * block_columns, block.len() / n);
        let mut inputs = vec![T::ZERO; (n - first) * columns];
        let mut deltas = inputs.clone();
        for step in &tape.steps {
            let Step::Dense { map, input, output, .. } = step else { continue };
            let map = &tape.maps[*map];
            if !map.is_trained() {
                continue;
            }
            products(pass.values(*input), map.inputs, first, columns, &mut inputs);
            products(pass.deltas(*output), map.outputs, first, columns, &mut deltas);
            let (weight, bias) = (map.lr[0] * map.weight * map.weight, map.lr[1] * map.bias * map.bias);
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
