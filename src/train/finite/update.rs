//! A step of the optimizer on all layers, from a backward pass.

use super::{
    pass::{Pass, tile},
    tape::{Step, Tape},
    weights::{Layer, LayerPast},
};
use crate::train::{optimizer::Motion, real::Real};
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};

/// Moves every layer by its rates; frozen parameters are left as they are.
pub(super) fn update<T: Real>(
    tape: &Tape,
    pass: &Pass<T>,
    layers: &mut [Layer<T>],
    motion: &Motion<T>,
    pasts: &mut [LayerPast<T>],
    step: f64,
) {
    for at in &tape.steps {
        let Step::Dense { map, input, output, .. } = *at else { continue };
        let (layer, [weights, biases]) = (&mut layers[map], &mut pasts[map]);
        let map = &tape.maps[map];
        if !map.is_trained() {
            continue;
        }
        let (all, n, block) = (pass.deltas(output), pass.count(), tile(map.outputs));
        let deltas = MatRef::from_column_major_slice(all, map.outputs, n);
        let inputs = MatRef::from_column_major_slice(pass.values(input), map.inputs, n).transpose();
        if map.lr[0] > 0.0 {
            let factor = T::of(-step * map.lr[0] * map.weight);
            motion.step_in_parts(&mut layer.weights, weights, step, block * map.inputs, |c, rows| {
                let height = rows.len() / map.inputs;
                let target = MatMut::from_row_major_slice_mut(rows, height, map.inputs);
                matmul(target, Accum::Add, deltas.subrows(c * block, height), inputs, factor, Par::Seq);
            });
        }
        if map.lr[1] > 0.0 {
            let factor = T::of(-step * map.lr[1] * map.bias);
            motion.step_in_parts(&mut layer.biases, biases, step, block, |c, biases| {
                for column in all.chunks_exact(map.outputs) {
                    biases.iter_mut().zip(&column[c * block..]).for_each(|(b, delta)| *b += factor * *delta);
                }
            });
        }
    }
}
