//! The weights and signs with which a two-layer network starts.

use crate::{
    error::{Error, Result},
    math::units::Dimension,
    sample::designs,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use rand_distr::{Distribution, StandardNormal};

/// Whether units come alone or in pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// Every unit `(w, a)` with a twin `(w, -a)`: the output at the start is exactly 0.
    Paired,
    /// Units on their own; signs by chance, or alternating over even directions.
    Independent,
}

/// How the directions of the units are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directions {
    /// Equal angles on the circle, the Fibonacci spiral on `S^2`; every weight vector has norm `kappa sqrt(d+1)`.
    Even,
    /// Weights drawn from `N(0, kappa^2 I)`.
    Random,
}

/// Initial weights without the bias, `m x (d+1)` row by row, and signs, `m`.
#[derive(Clone, Debug)]
pub struct Units {
    /// The weights.
    pub weights: Vec<f64>,
    /// The signs, 1 or -1.
    pub signs: Vec<f64>,
}

/// The stream of the signs, away from those of the points.
const SIGNS: u64 = 1 << 40;
/// The stream of the weights.
const WEIGHTS: u64 = (1 << 40) + 1;

/// `width` units on `S^d`.
///
/// # Errors
/// When `width` is 0, or odd for pairs; for even directions on `S^3` and above, which have no such layout.
pub fn units(
    dim: Dimension,
    width: usize,
    init: Init,
    directions: Directions,
    kappa: f64,
    seed: u64,
) -> Result<Units> {
    if width == 0 {
        return Err(Error::invalid("width", width, "at least 1"));
    }
    if init == Init::Paired && width % 2 == 1 {
        return Err(Error::invalid("width", width, "an even number, since units come in pairs"));
    }
    let copies = if init == Init::Paired { 2 } else { 1 };
    let count = width / copies;
    let single = match directions {
        Directions::Random => random(dim, count, kappa, seed),
        Directions::Even => even(dim, count, kappa)?,
    };
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(SIGNS);
    let by_chance = init == Init::Independent && directions == Directions::Random;
    let mut sign = |r: usize| {
        let plus = if by_chance { random.next_u32() % 2 == 0 } else { r.is_multiple_of(2) };
        if plus { 1.0 } else { -1.0 }
    };
    let signs = (0..width).map(&mut sign).collect();
    let axes = dim.get() as usize + 1;
    let weights = single.chunks_exact(axes).flat_map(|w| w.repeat(copies)).collect();
    Ok(Units { weights, signs })
}

fn random(dim: Dimension, count: usize, kappa: f64, seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(WEIGHTS);
    let normal = |_| -> f64 { StandardNormal.sample(&mut random) };
    (0..count * (dim.get() as usize + 1)).map(normal).map(|x| kappa * x).collect()
}

fn even(dim: Dimension, count: usize, kappa: f64) -> Result<Vec<f64>> {
    let layout = match dim.get() {
        1 => designs::equispaced(count),
        2 => designs::fibonacci(count),
        d => {
            let expected = format!("random on S^{d}: even directions are known on S^1 and S^2 only");
            return Err(Error::invalid("directions", "even", expected));
        }
    };
    let norm = kappa * f64::from(dim.get() + 1).sqrt();
    Ok(layout.coordinates().iter().map(|x| norm * x).collect())
}
