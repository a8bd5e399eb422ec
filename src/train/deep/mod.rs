//! Plain and residual networks of any depth, all layers trained, in the NTK parametrisation.
//!
//! * [`architecture`] — what a network is made of
//! * `weights` — parameters, drawn or given; `state` — as bytes
//! * `pass` — forward, backward and the step; `activate` — activations; `tangent` — the tangent Gram matrix
//! * `network` — all of it as a [`Network`]; `odd` — its odd part where that is linear

mod activate;
pub mod architecture;
mod network;
mod odd;
mod pass;
mod state;
mod tangent;
mod weights;

pub use architecture::{Activation, Architecture, Precision};
pub use weights::Layer;

use super::{Network, real::Real};
use crate::{error::Result, sample::Points};
use network::Deep;

/// A network on `points` with parameters drawn from `seed`.
///
/// Outputs are the same to the bit for any number of threads; the numbers drawn are the same in both precisions.
///
/// # Errors
/// When the architecture is outside its domain, or would not fit in memory.
pub fn drawn(architecture: &Architecture, points: &Points, seed: u64) -> Result<Box<dyn Network>> {
    network(architecture, points, Start::Seed(seed))
}

/// A network on `points` with the parameters given, first layer to read-out: `L + 1` layers if plain, `L + 2` if residual.
///
/// Biases are as many as a layer's outputs; none where the architecture has no bias, and none at the read-out of a residual
/// network.
///
/// # Errors
/// As [`drawn`], and when the layers are not of the architecture's shape.
pub fn given(architecture: &Architecture, points: &Points, layers: &[Layer]) -> Result<Box<dyn Network>> {
    network(architecture, points, Start::Layers(layers))
}

/// Where the parameters at the start come from.
enum Start<'a> {
    Seed(u64),
    Layers(&'a [Layer]),
}

fn network(architecture: &Architecture, points: &Points, start: Start<'_>) -> Result<Box<dyn Network>> {
    match architecture.precision {
        Precision::Single => in_precision::<f32>(architecture, points, start),
        Precision::Double => in_precision::<f64>(architecture, points, start),
    }
}

fn in_precision<T: Real + 'static>(
    architecture: &Architecture,
    points: &Points,
    start: Start<'_>,
) -> Result<Box<dyn Network>> {
    let inputs = points.dim().get() as usize + 1;
    architecture.check(points.len(), inputs)?;
    let maps = architecture.maps(inputs);
    let layers = match start {
        Start::Seed(seed) => weights::draw(architecture, &maps, seed),
        Start::Layers(layers) => weights::given(&maps, layers)?,
    };
    Ok(Box::new(Deep::<T>::new(architecture, maps, layers, points)))
}
