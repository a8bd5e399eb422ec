//! The parameters of a network as bytes: the shape, then every number, little end first.

use super::{
    tape::Map,
    weights::{Layer, LayerPast},
};
use crate::{
    error::{Error, Result},
    train::real::Real,
};

/// What a state starts with.
const MARK: &[u8; 8] = b"hinfdeep";

/// The mark, the bytes of a number, how many maps, and the sizes of each.
fn header<T: Real>(maps: &[Map]) -> Vec<u8> {
    let mut header = MARK.to_vec();
    let sizes = maps.iter().flat_map(|map| [map.inputs, map.outputs, map.biases()]);
    for count in [T::BYTES, maps.len()].into_iter().chain(sizes) {
        header.extend_from_slice(&(count as u64).to_le_bytes());
    }
    header
}

/// The state of a network.
pub(super) fn write<T: Real>(maps: &[Map], layers: &[Layer<T>], pasts: &[LayerPast<T>]) -> Vec<u8> {
    let mut state = header::<T>(maps);
    let numbers = layers.iter().flat_map(|layer| layer.weights.iter().chain(&layer.biases));
    let velocities = pasts.iter().flatten().flat_map(|past| &past.velocity);
    numbers.chain(velocities).for_each(|x| x.write(&mut state));
    state
}

/// The parameters in a state; velocities go where they were.
///
/// # Errors
/// Unless it is one of a network of this shape, precision and optimizer.
pub(super) fn read<T: Real>(maps: &[Map], state: &[u8], pasts: &mut [LayerPast<T>]) -> Result<Vec<Layer<T>>> {
    let header = header::<T>(maps);
    let parameters = maps.iter().map(|map| map.weights() + map.biases()).sum::<usize>();
    let velocities = pasts.iter().flatten().map(|past| past.velocity.len()).sum::<usize>();
    let size = header.len() + T::BYTES * (parameters + velocities);
    let Some(bytes) = state.strip_prefix(header.as_slice()) else {
        let right = "that of a deep network of the same shape and precision";
        return Err(Error::invalid("state of the network", "another network's", right));
    };
    if state.len() != size {
        return Err(Error::invalid(
            "state of the network",
            format!("{} bytes", state.len()),
            format!("{size} bytes"),
        ));
    }
    let mut numbers = bytes.chunks_exact(T::BYTES).map(T::read);
    let mut take = |count: usize| numbers.by_ref().take(count).collect();
    let layers =
        maps.iter().map(|map| Layer { weights: take(map.weights()), biases: take(map.biases()) }).collect();
    for past in pasts.iter_mut().flatten() {
        past.velocity = take(past.velocity.len());
    }
    Ok(layers)
}
