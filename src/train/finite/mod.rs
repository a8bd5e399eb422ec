//! A network of finite width, made from the same description as its kernel: `n` units in every layer, one output, NTK parametrisation.
//!
//! Dense: `z = sqrt(w/n_in) W a + sqrt(b) b'` with `n_in = 1` where `a` is the input `x`, else `n`. `W` starts standard normal, `b'` standard
//! normal or 0; frozen layers are drawn and not updated. A step of gradient descent is `theta_p -= eta lr_p dPhi/dtheta_p`. Where a layer ends
//! in a sum that is the output, only the unit that is read is made.
//!
//! * `tape` — the description as steps on matrices; `places` — where those lie
//! * `weights` — parameters, drawn or given; `state` — as bytes
//! * `pass` — forward and backward; `normalise` — norms in them; `update` — the optimizer's step; `tangent` — the tangent Gram matrix
//! * `network` — all of it as a [`Network`](super::Network); `odd` — its odd part where that is linear

mod network;
mod normalise;
mod odd;
mod pass;
mod places;
mod state;
mod tangent;
mod tape;
mod update;
mod weights;

pub use weights::Layer;

use super::real::Real;
use crate::{
    error::{Error, Result},
    network::Network,
    sample::Points,
};
use network::Finite;
use tape::{Step, Tape};

/// The most memory that a network and its training points may take, in bytes.
const MOST_BYTES: u64 = 8 << 30;

/// The arithmetic in which a network is kept and trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

/// What a description leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// `n >= 1`: units in every layer.
    pub width: usize,
    /// Is the output at the start subtracted from every output?
    pub subtract_start: bool,
    /// The arithmetic.
    pub precision: Precision,
}

/// A network on `points` with parameters drawn from `seed`.
///
/// Outputs are the same to the bit for any number of threads; the numbers drawn are the same in both precisions.
///
/// # Errors
/// When nothing that is trained reaches the output, or it would not fit in memory.
pub fn drawn(
    network: &Network,
    options: &Options,
    points: &Points,
    seed: u64,
) -> Result<Box<dyn super::Network>> {
    made(network, options, points, Start::Seed(seed))
}

/// A network on `points` with the parameters given: one layer for each dense layer of the description, in its order, repeats written out.
///
/// Biases are as many as a layer's outputs; none where it has no bias.
///
/// # Errors
/// As [`drawn`], and when the layers are not of the network's shape.
pub fn given(
    network: &Network,
    options: &Options,
    points: &Points,
    layers: &[Layer],
) -> Result<Box<dyn super::Network>> {
    made(network, options, points, Start::Layers(layers))
}

/// The sizes of the dense layers of a network on points of `inputs` coordinates: outputs, inputs and biases.
pub fn sizes(network: &Network, width: usize, inputs: usize) -> Vec<[usize; 3]> {
    Tape::new(network, width, inputs).maps.iter().map(|map| [map.outputs, map.inputs, map.biases()]).collect()
}

/// What a network takes: a step's products of two numbers, and bytes in double precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Products of numbers in one step of gradient descent: forward, backward, and of the update.
    pub products: f64,
    /// Bytes, the points' matrices left out.
    pub bytes: f64,
}

/// What a network of this width takes on points of so many coordinates; none of it is made.
pub fn work(network: &Network, width: f64, inputs: f64, points: f64) -> Work {
    // Layers are counted as they are in a small network, whose numbers of rows tell which of the two sizes each has.
    let (narrow, few) = (2, 1);
    let tape = Tape::new(network, narrow, few);
    let size = |rows: usize, is_input: bool| match rows {
        _ if is_input => inputs,
        1 => 1.0,
        _ => width,
    };
    let mut work = Work { products: 0.0, bytes: 0.0 };
    for step in &tape.steps {
        let Step::Dense { map, input, .. } = step else { continue };
        let map = &tape.maps[*map];
        let weights = size(map.inputs, *input == 0) * size(map.outputs, false);
        work.products += 3.0 * weights * points;
        work.bytes += 5.0 * 8.0 * (weights + size(map.outputs, false));
    }
    let rows = places::Places::of(&tape).rows;
    let numbers: f64 = rows.iter().enumerate().map(|(at, rows)| size(*rows, at == 0)).sum();
    work.bytes += 2.0 * 8.0 * numbers * points;
    work
}

/// Where the parameters at the start come from.
enum Start<'a> {
    Seed(u64),
    Layers(&'a [Layer]),
}

fn made(
    network: &Network,
    options: &Options,
    points: &Points,
    start: Start<'_>,
) -> Result<Box<dyn super::Network>> {
    for (name, count) in [("width", options.width), ("points", points.len())] {
        if count == 0 {
            return Err(Error::invalid(name, count, "at least 1"));
        }
    }
    if !network.is_trained() {
        let right = "a network of which something trained reaches the output";
        return Err(Error::invalid("network", network, right));
    }
    match options.precision {
        Precision::Single => in_precision::<f32>(network, options, points, start),
        Precision::Double => in_precision::<f64>(network, options, points, start),
    }
}

fn in_precision<T: Real>(
    network: &Network,
    options: &Options,
    points: &Points,
    start: Start<'_>,
) -> Result<Box<dyn super::Network>> {
    let tape = Tape::new(network, options.width, points.dim().get() as usize + 1);
    within_memory(&tape, options, points.len())?;
    let layers = match start {
        Start::Seed(seed) => weights::draw(&tape.maps, seed),
        Start::Layers(layers) => weights::given(&tape.maps, layers)?,
    };
    Ok(Box::new(Finite::<T>::new(tape, layers, options.subtract_start, points)))
}

/// Refuses a network on so many points of so many coordinates that would not fit in memory; none of it is made.
///
/// # Errors
/// With what it would take.
pub fn fits(network: &Network, options: &Options, points: usize, inputs: usize) -> Result<()> {
    within_memory(&Tape::new(network, options.width, inputs), options, points)
}

fn within_memory(tape: &Tape, options: &Options, points: usize) -> Result<()> {
    let number = match options.precision {
        Precision::Single => f32::BYTES,
        Precision::Double => f64::BYTES,
    };
    let bytes = memory(tape, points, number);
    if bytes > MOST_BYTES {
        let gib = bytes as f64 / (1u64 << 30) as f64;
        let layers = tape.maps.len();
        let needed = format!("{gib:.1} GiB for {layers} layers of {} on {points} points", options.width);
        return Err(Error::too_large("network", needed, "8 GiB: fewer points, layers or units"));
    }
    Ok(())
}

/// The memory that a network takes: parameters in use, at the start, as a state and in an optimizer, the buffers on the points, twice for the
/// tangent Gram matrix, and that matrix.
fn memory(tape: &Tape, points: usize, number: usize) -> u64 {
    let (n, number) = (points as u64, number as u64);
    let size = |map: &tape::Map| (map.inputs as u64 + 1).saturating_mul(map.outputs as u64);
    let parameters = tape.maps.iter().map(size).fold(0, u64::saturating_add);
    let rows =
        places::Places::of(tape).rows.iter().fold(0, |sum: u64, rows| sum.saturating_add(*rows as u64));
    let gram = n.saturating_mul(n).saturating_mul(8);
    let copies = parameters.saturating_mul(5).saturating_add(rows.saturating_mul(n).saturating_mul(2));
    copies.saturating_mul(number).saturating_add(gram)
}

#[cfg(test)]
mod tests;
