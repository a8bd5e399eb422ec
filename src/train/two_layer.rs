//! The two-layer network of the paper, first layer trained.

use super::{
    Network,
    fused::{self, Backward},
    odd::{OddPart, gamma},
    optimizer::{Motion, Past},
    real::Real,
    tiles::{LANES, Lane, Tiles},
    units::{Directions, Init, units},
};
use crate::{
    error::{Error, Result},
    math::units::Dimension,
    optimizer::Optimizer,
};
use rayon::prelude::*;

/// Units of one part of the work; fixed, so that sums have one order. Even, so that no pair is parted.
const CHUNK: usize = 64;
/// The unit roundoff of f64.
const WIDE: f64 = <f64 as Real>::UNIT;
/// The most memory a network may take, in bytes.
const MOST_BYTES: u64 = 4 << 30;

/// What a two-layer network is made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Inputs `(x, 1) / sqrt 2` instead of `x`; the last weight starts at 0 and is trained.
    pub bias: bool,
    /// How many hidden units.
    pub width: usize,
    /// Pairs or not.
    pub init: Init,
    /// The layout of the directions.
    pub directions: Directions,
    /// The scale of the weights.
    pub kappa: f64,
    /// The seed of weights and signs.
    pub seed: u64,
}

/// `f(x) = m^(-1/2) sum_r a_r relu(w_r . x)` at fixed points: the `w_r` are trained, the signs `a_r` are not.
///
/// Outputs and weights are the same bytes for any number of threads.
#[derive(Clone, Debug)]
pub struct TwoLayer<T> {
    bias: bool,
    inputs: Tiles<T>,
    weights: Vec<T>,
    signs: Vec<T>,
    motion: Motion<T>,
    past: Past<T>,
    outputs: Vec<f64>,
}

impl<T: Real> TwoLayer<T> {
    /// A network on `S^d` at `points`, `n x (d+1)` row by row.
    ///
    /// # Errors
    /// Those of [`units`]; when kappa is not a positive finite number; when it would not fit in memory.
    pub fn new(dim: Dimension, points: &[f64], shape: &Shape) -> Result<Self> {
        if !(shape.kappa > 0.0 && shape.kappa.is_finite() && T::of(shape.kappa).to_f64().is_finite()) {
            return Err(Error::invalid("kappa", shape.kappa, "a finite number above 0"));
        }
        let width = dim.get() as usize + 1;
        let axes = width + usize::from(shape.bias);
        let parts = shape.width.div_ceil(CHUNK) as u64;
        let n = (points.len() / width) as u64;
        let bytes = (shape.width as u64)
            .saturating_mul(8 * (4 * axes as u64 + 1))
            .saturating_add(parts.saturating_mul(n + LANES as u64).saturating_mul(T::BYTES as u64))
            // The bits of which unit is active where, for the tangent Gram matrix.
            .saturating_add((shape.width as u64).saturating_mul(n) / 8);
        if bytes > MOST_BYTES {
            let needed = format!(
                "{:.1} GiB for {} units and {n} points",
                bytes as f64 / f64::from(1 << 30),
                shape.width
            );
            return Err(Error::too_large("network", needed, "4 GiB"));
        }
        let start = units(dim, shape.width, shape.init, shape.directions, shape.kappa, shape.seed)?;
        let mut weights = vec![T::ZERO; shape.width * axes];
        for (unit, w) in weights.chunks_exact_mut(axes).zip(start.weights.chunks_exact(width)) {
            unit.iter_mut().zip(w).for_each(|(target, w)| *target = T::of(*w));
        }
        let signs = start.signs.into_iter().map(T::of).collect();
        let inputs = Tiles::inputs(points, width, shape.bias);
        let motion = Motion::of(&Optimizer::GRADIENT_DESCENT);
        let past = motion.at_rest(&weights);
        let mut network = Self { bias: shape.bias, inputs, weights, signs, motion, past, outputs: vec![] };
        network.outputs = network.pass(None);
        Ok(network)
    }

    /// The weights, `m x axes` row by row; with bias the last of each row is the bias weight.
    pub fn weights(&self) -> &[T] {
        &self.weights
    }

    /// The weights, to be changed; the outputs are then stale until the next step.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// A step, if there are slopes, and the outputs after it.
    fn pass(&mut self, backward: Option<(&[Lane<T>], f64)>) -> Vec<f64> {
        let (inputs, axes, motion) = (&self.inputs, self.inputs.axes(), self.motion);
        let root = (self.signs.len() as f64).sqrt();
        let mut velocities = self.past.velocity.chunks_mut(CHUNK * axes);
        let mut anchors = self.past.anchor.chunks(CHUNK * axes);
        let pasts: Vec<(&mut [T], &[T])> = (0..self.signs.len().div_ceil(CHUNK))
            .map(|_| (velocities.next().unwrap_or_default(), anchors.next().unwrap_or_default()))
            .collect();
        let chunks = self.weights.par_chunks_mut(CHUNK * axes).zip(self.signs.par_chunks(CHUNK)).zip(pasts);
        let parts: Vec<Vec<Lane<T>>> = chunks
            .map(|((units, signs), (velocity, anchor))| {
                let backward = backward.map(|(slopes, step)| {
                    let scaled = T::of(step / root);
                    Backward { slopes, step, scaled, motion, velocity, anchor }
                });
                let mut out = vec![[T::ZERO; LANES]; inputs.tiles()];
                fused::pass(inputs, units, signs, backward, &mut out);
                out
            })
            .collect();
        joined(&parts, inputs.count(), self.signs.len())
    }

    /// Which units are active at each point: a row of bits a point.
    fn activity(&self) -> Vec<Vec<u64>> {
        let axes = self.inputs.axes();
        let active = |i: usize| {
            let x: Vec<T> = self.inputs.point(i).collect();
            let on = |w: &[T]| w.iter().zip(&x).fold(T::ZERO, |z, (w, x)| w.fma(*x, z)) >= T::ZERO;
            let word =
                |units: &[T]| units.chunks_exact(axes).rev().fold(0, |bits, w| bits << 1 | u64::from(on(w)));
            self.weights.chunks(64 * axes).map(word).collect()
        };
        (0..self.inputs.count()).into_par_iter().map(active).collect()
    }
}

/// `m^-1/2` times the sum of the parts, in their order.
fn joined<T: Real>(parts: &[Vec<Lane<T>>], n: usize, width: usize) -> Vec<f64> {
    let scale = 1.0 / (width as f64).sqrt();
    let sum = |i: usize| parts.iter().map(|part| part[i / LANES][i % LANES].to_f64()).sum::<f64>();
    (0..n).map(|i| scale * sum(i)).collect()
}

impl<T: Real> Network for TwoLayer<T> {
    fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    fn descend(&mut self, slopes: &[f64], step: f64) {
        let mut lanes = vec![[T::ZERO; LANES]; self.inputs.tiles()];
        for (i, slope) in slopes.iter().enumerate() {
            lanes[i / LANES][i % LANES] = T::of(*slope);
        }
        self.outputs = self.pass(Some((&lanes, step)));
    }

    fn train_by(&mut self, optimizer: &Optimizer) {
        self.motion = Motion::of(optimizer);
        self.past = self.motion.at_rest(&self.weights);
    }

    fn look_ahead(&mut self) {
        if self.motion.looks_ahead() {
            self.motion.look_ahead(&mut self.weights, &mut self.past.velocity);
            self.outputs = self.pass(None);
        }
    }

    fn tangent_gram(&self) -> Vec<f64> {
        let n = self.inputs.count();
        let active = self.activity();
        let points: Vec<Vec<f64>> =
            (0..n).map(|i| self.inputs.point(i).map(Real::to_f64).collect()).collect();
        let scale = 1.0 / self.signs.len() as f64;
        let mut gram = vec![0.0; n * n];
        gram.par_chunks_mut(n.max(1)).enumerate().for_each(|(i, row)| {
            for (j, value) in row.iter_mut().enumerate() {
                let both: u32 = active[i].iter().zip(&active[j]).map(|(a, b)| (a & b).count_ones()).sum();
                let t: f64 = points[i].iter().zip(&points[j]).map(|(a, b)| a * b).sum();
                *value = f64::from(both) * scale * t;
            }
        });
        gram
    }

    fn predict(&self, coordinates: &[f64]) -> Vec<f64> {
        let axes = self.inputs.axes();
        let inputs = Tiles::<T>::inputs(coordinates, axes - usize::from(self.bias), self.bias);
        let chunks = self.weights.par_chunks(CHUNK * axes).zip(self.signs.par_chunks(CHUNK));
        let parts: Vec<Vec<Lane<T>>> = chunks
            .map(|(units, signs)| {
                let mut out = vec![[T::ZERO; LANES]; inputs.tiles()];
                fused::pass(&inputs, &mut units.to_vec(), signs, None, &mut out);
                out
            })
            .collect();
        joined(&parts, inputs.count(), self.signs.len())
    }

    /// `b = m^-1/2 sum_r a_r w_r`; every product is fused into its sum.
    fn odd_part(&self) -> Option<OddPart> {
        if self.bias {
            return None;
        }
        let axes = self.inputs.axes();
        let (mut sum, mut size) = (vec![0.0; axes], 0.0);
        let chunks = self.weights.chunks(CHUNK * axes).zip(self.signs.chunks(CHUNK));
        for (units, signs) in chunks {
            let mut part = vec![0.0; axes];
            for (w, a) in units.chunks_exact(axes).zip(signs) {
                part.iter_mut().zip(w).for_each(|(part, w)| *part += a.to_f64() * w.to_f64());
                size += w.iter().map(|w| w.to_f64() * w.to_f64()).sum::<f64>().sqrt();
            }
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let scale = 1.0 / (self.signs.len() as f64).sqrt();
        // In the network's precision: a part's sum, and twice a pre-activation with its point. One more for all products of errors.
        let own = gamma(CHUNK + 2 * (axes + 1) + 1, T::UNIT);
        // In f64: the sum of parts and its scale; b the same way; b . x, the two differences, and this bound.
        let wide = gamma(2 * (self.signs.len().div_ceil(CHUNK) + 3) + CHUNK + axes + 4, WIDE);
        let coefficients = sum.iter().map(|x| scale * x).collect();
        Some(OddPart { coefficients, rounding: scale * size * (own + wide) })
    }

    fn state(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.weights.len() * T::BYTES + self.outputs.len() * 8);
        self.weights.iter().chain(&self.past.velocity).for_each(|w| w.write(&mut bytes));
        self.outputs.iter().for_each(|f| f.write(&mut bytes));
        bytes
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let split = (self.weights.len() + self.past.velocity.len()) * T::BYTES;
        let expected = split + self.outputs.len() * 8;
        if state.len() != expected {
            let right = format!("{expected}, the state of this network");
            return Err(Error::invalid("checkpoint", format!("{} bytes of state", state.len()), right));
        }
        let (weights, outputs) = state.split_at(split);
        let own = self.weights.iter_mut().chain(&mut self.past.velocity);
        own.zip(weights.chunks_exact(T::BYTES)).for_each(|(w, b)| *w = T::read(b));
        self.outputs.iter_mut().zip(outputs.chunks_exact(8)).for_each(|(f, b)| *f = f64::read(b));
        Ok(())
    }
}
