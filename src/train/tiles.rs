//! Points in the order in which a unit reads them: tiles of as many points as there are lanes.

use super::real::Real;

/// Points computed side by side. Sixteen: with eight the compiler keeps the sums of the f64 loop out of vector registers.
pub const LANES: usize = 16;

/// One number a point, for the points of a tile.
pub type Lane<T> = [T; LANES];

/// Network inputs, tile by tile and axis by axis within a tile; points that fill up the last tile are zero.
#[derive(Clone, Debug)]
pub struct Tiles<T> {
    count: usize,
    axes: usize,
    lanes: Vec<Lane<T>>,
}

impl<T: Real> Tiles<T> {
    /// The inputs of a network at points, `n x (d+1)` row by row: `x`, or with `bias` `(x, 1) / sqrt 2`.
    pub fn inputs(coordinates: &[f64], width: usize, bias: bool) -> Self {
        let axes = width + usize::from(bias);
        let scale = if bias { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        let count = coordinates.len() / width;
        let mut lanes = vec![[T::ZERO; LANES]; count.div_ceil(LANES) * axes];
        for (i, point) in coordinates.chunks_exact(width).enumerate() {
            let tile = &mut lanes[i / LANES * axes..][..axes];
            let constant = bias.then_some(1.0);
            for (axis, x) in tile.iter_mut().zip(point.iter().copied().chain(constant)) {
                axis[i % LANES] = T::of(scale * x);
            }
        }
        Self { count, axes, lanes }
    }

    /// How many points.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many inputs a point has.
    pub fn axes(&self) -> usize {
        self.axes
    }

    /// How many tiles.
    pub fn tiles(&self) -> usize {
        self.count.div_ceil(LANES)
    }

    /// The lanes: those of tile `t` are `t * axes..(t+1) * axes`.
    pub fn lanes(&self) -> &[Lane<T>] {
        &self.lanes
    }

    /// The inputs of point `i`.
    pub fn point(&self, i: usize) -> impl Iterator<Item = T> {
        self.lanes[i / LANES * self.axes..][..self.axes].iter().map(move |axis| axis[i % LANES])
    }
}
