//! A network of finite width on its training points.

use super::{
    odd,
    pass::{Pass, tile},
    state, tangent,
    tape::Tape,
    update,
    weights::{Layer, LayerPast, at_rest},
};
use crate::{
    error::Result,
    optimizer::Optimizer,
    sample::Points,
    train::{Network, odd::OddPart, optimizer::Motion, real::Real},
};

/// Tiles that are predicted at a time: whole ones, so that training points are predicted as they are trained.
const BATCH: usize = 4;

/// A network in one precision.
pub(super) struct Finite<T> {
    tape: Tape,
    layers: Vec<Layer<T>>,
    /// The parameters and outputs at the start, if those are subtracted.
    start: Option<(Vec<Layer<T>>, Vec<f64>)>,
    pass: Pass<T>,
    motion: Motion<T>,
    pasts: Vec<LayerPast<T>>,
    outputs: Vec<f64>,
}

impl<T: Real> Finite<T> {
    /// The network of these parameters on `points`.
    pub fn new(tape: Tape, layers: Vec<Layer<T>>, subtract_start: bool, points: &Points) -> Self {
        let mut pass = Pass::new(&tape, points.coordinates(), tile(points.len()));
        let mut outputs = pass.forward(&tape, &layers);
        let start = subtract_start.then(|| {
            let zeros = vec![0.0; outputs.len()];
            (layers.clone(), std::mem::replace(&mut outputs, zeros))
        });
        let motion = Motion::of(&Optimizer::GRADIENT_DESCENT);
        let pasts = at_rest(&motion, &layers);
        Self { tape, layers, start, pass, motion, pasts, outputs }
    }

    fn forward(&mut self) {
        self.outputs = self.pass.forward(&self.tape, &self.layers);
        if let Some((_, start)) = &self.start {
            subtract(&mut self.outputs, start);
        }
    }
}

impl<T: Real> Network for Finite<T> {
    fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    fn descend(&mut self, slopes: &[f64], step: f64) {
        self.pass.backward(&self.tape, &self.layers, slopes);
        update::update(&self.tape, &self.pass, &mut self.layers, &self.motion, &mut self.pasts, step);
        self.forward();
    }

    fn train_by(&mut self, optimizer: &Optimizer) {
        self.motion = Motion::of(optimizer);
        self.pasts = at_rest(&self.motion, &self.layers);
    }

    fn look_ahead(&mut self) {
        if self.motion.looks_ahead() {
            for (layer, [weights, biases]) in self.layers.iter_mut().zip(&mut self.pasts) {
                self.motion.look_ahead(&mut layer.weights, &mut weights.velocity);
                self.motion.look_ahead(&mut layer.biases, &mut biases.velocity);
            }
            self.forward();
        }
    }

    fn tangent_gram(&self) -> Vec<f64> {
        let mut pass = self.pass.clone();
        pass.backward(&self.tape, &self.layers, &vec![1.0; self.outputs.len()]);
        tangent::gram(&self.tape, &pass)
    }

    fn predict(&self, coordinates: &[f64]) -> Vec<f64> {
        let batches = coordinates.chunks(BATCH * self.pass.tile * self.tape.rows[0]);
        let predict = |batch: &[f64]| {
            let mut pass = Pass::new(&self.tape, batch, self.pass.tile);
            let mut outputs = pass.forward(&self.tape, &self.layers);
            if let Some((start, _)) = &self.start {
                subtract(&mut outputs, &pass.forward(&self.tape, start));
            }
            outputs
        };
        batches.flat_map(predict).collect()
    }

    fn odd_part(&self) -> Option<OddPart> {
        let mut part = odd::odd_part(&self.tape, &self.layers)?;
        if let Some((start, _)) = &self.start {
            let start = odd::odd_part(&self.tape, start)?;
            subtract(&mut part.coefficients, &start.coefficients);
            part.rounding += start.rounding;
        }
        Some(part)
    }

    fn state(&self) -> Vec<u8> {
        state::write(&self.tape.maps, &self.layers, &self.pasts)
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        self.layers = state::read(&self.tape.maps, state, &mut self.pasts)?;
        self.forward();
        Ok(())
    }
}

fn subtract(outputs: &mut [f64], start: &[f64]) {
    outputs.iter_mut().zip(start).for_each(|(f, start)| *f -= start);
}
