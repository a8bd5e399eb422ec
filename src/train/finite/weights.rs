//! The parameters of a network: drawn, or given.

use super::tape::Map;
use crate::{
    error::{Error, Result},
    train::{
        optimizer::{Motion, Past},
        real::Real,
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// The parameters of one dense layer, before the factors of the NTK parametrisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<T = f64> {
    /// `W`; `outputs x inputs`, row-major.
    pub weights: Vec<T>,
    /// `b`; as many as outputs, or none.
    pub biases: Vec<T>,
}

/// Parameters at the start: standard normal, each dense layer with streams of its own, and the same numbers in both precisions. Biases are
/// normal, or 0 where the layer says so.
pub(super) fn draw<T: Real>(maps: &[Map], seed: u64) -> Vec<Layer<T>> {
    let normals = |count: usize, stream: usize| -> Vec<T> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream as u64);
        (0..count).map(|_| T::of(random.sample(StandardNormal))).collect()
    };
    let layer = |(l, map): (usize, &Map)| Layer {
        weights: normals(map.weights(), 2 * l),
        biases: match map.gaussian_bias {
            true => normals(map.biases(), 2 * l + 1),
            false => vec![T::ZERO; map.biases()],
        },
    };
    maps.par_iter().enumerate().map(layer).collect()
}

/// The given parameters in the network's own precision.
///
/// # Errors
/// Unless there is one layer a map, of its size.
pub(super) fn given<T: Real>(maps: &[Map], layers: &[Layer]) -> Result<Vec<Layer<T>>> {
    if layers.len() != maps.len() {
        return Err(Error::invalid("layers", layers.len(), format!("{}", maps.len())));
    }
    for (l, (layer, map)) in layers.iter().zip(maps).enumerate() {
        let (weights, biases) = (layer.weights.len(), layer.biases.len());
        if (weights, biases) != (map.weights(), map.biases()) {
            let right = format!("{} weights and {} biases", map.weights(), map.biases());
            return Err(Error::invalid(format!("layer {l}"), format!("{weights} and {biases}"), right));
        }
    }
    let convert = |values: &[f64]| values.iter().map(|x| T::of(*x)).collect();
    Ok(layers.iter().map(|x| Layer { weights: convert(&x.weights), biases: convert(&x.biases) }).collect())
}

/// The past of a layer's weights and that of its biases.
pub(super) type LayerPast<T> = [Past<T>; 2];

/// That of layers at rest.
pub(super) fn at_rest<T: Real>(motion: &Motion<T>, layers: &[Layer<T>]) -> Vec<LayerPast<T>> {
    layers.iter().map(|layer| [motion.at_rest(&layer.weights), motion.at_rest(&layer.biases)]).collect()
}
