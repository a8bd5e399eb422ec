//! What a sum over pairs of points is of.

use super::sites::Sites;

/// A function of the angle between points, evaluated row by row.
pub trait Zonal: Sync {
    /// `out[j] = K(x_i . x_(start+j))`.
    fn row(&self, sites: &Sites, i: usize, start: usize, out: &mut [f64]);

    /// `K(1)`.
    fn at_one(&self) -> f64;
}
