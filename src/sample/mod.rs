//! Points on the sphere: drawn, laid out, or a user's own.

use crate::math::units::Dimension;

/// Points on `S^d` with the weights of a quadrature over the uniform probability measure.
///
/// Invariants: every row of `coordinates` has norm 1 to rounding; weights are positive and sum to 1.
#[derive(Clone, Debug)]
pub struct Points {
    dim: Dimension,
    coordinates: Vec<f64>,
    weights: Vec<f64>,
}

impl Points {
    /// The sphere.
    pub fn dim(&self) -> Dimension {
        self.dim
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The coordinates, row-major: `n x (d+1)`.
    pub fn coordinates(&self) -> &[f64] {
        &self.coordinates
    }

    /// The weight of each point; `1/n` for every design but quadratures.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The point of index `i`, as `d+1` coordinates.
    pub fn point(&self, i: usize) -> &[f64] {
        let width = self.dim.get() as usize + 1;
        &self.coordinates[i * width..(i + 1) * width]
    }
}
