//! Points on the sphere: drawn, laid out, or a user's own.
//!
//! * [`designs`] — the four ways to lay points out
//! * [`gegenbauer`] — Gauss rules for the last coordinate of a uniform point
//! * [`table`] — tables of numbers from files; [`data`] — points and labels from a table; [`values`] — a list of numbers

pub mod data;
pub mod designs;
mod duplicates;
pub mod gegenbauer;
pub mod table;
pub mod values;

use crate::{
    error::{Error, Result},
    math::units::Dimension,
};

pub use data::{Data, Norms, from_file};
pub use table::{Header, Labels, Reading, Source};

/// The most memory that points may take, in bytes.
const MOST_BYTES: u64 = 4 << 30;

/// Points on `S^d` with the weights of a quadrature over the uniform probability measure.
///
/// Invariants: every row of `coordinates` has norm 1 to rounding; weights are positive and sum to 1.
#[derive(Clone, Debug)]
pub struct Points {
    dim: Dimension,
    coordinates: Vec<f64>,
    weights: Vec<f64>,
    exact_to: Option<u32>,
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

    /// The highest degree to which the weighted sum over the points integrates every polynomial exactly, where the design
    /// has one: `n - 1` on the equispaced circle, `2m - 1` for the product of `m`-point rules.
    pub fn exact_to(&self) -> Option<u32> {
        self.exact_to
    }

    /// The points for which `keep` holds, with weights scaled to sum to 1 again, and the coordinates of the others, row by row.
    pub fn split(&self, keep: impl Fn(&[f64]) -> bool) -> (Self, Vec<f64>) {
        let (mut coordinates, mut weights, mut others) = (vec![], vec![], vec![]);
        for (i, weight) in self.weights.iter().enumerate() {
            if keep(self.point(i)) {
                coordinates.extend_from_slice(self.point(i));
                weights.push(*weight);
            } else {
                others.extend_from_slice(self.point(i));
            }
        }
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let exact_to = self.exact_to.filter(|_| others.is_empty());
        (Self { dim: self.dim, coordinates, weights, exact_to }, others)
    }

    /// The points of these indices, of equal weight, followed by their antipodes.
    pub fn with_antipodes(&self, indices: &[usize]) -> Self {
        let chosen = || indices.iter().flat_map(|i| self.point(*i));
        Self::equal(self.dim, chosen().copied().chain(chosen().map(|x| -x)).collect(), None)
    }

    /// The points of these indices, of equal weight.
    pub fn chosen(&self, indices: &[usize]) -> Self {
        Self::equal(self.dim, indices.iter().flat_map(|i| self.point(*i)).copied().collect(), None)
    }

    /// Points of equal weight from `rows`, row-major with `width` coordinates each, which are scaled to norm 1 as those of a file are.
    ///
    /// # Errors
    /// When there is no row, a row is not finite or has norm 0 (its index, from 0, is named), or `width` belongs to no sphere.
    pub fn from_rows(rows: &[f64], width: usize) -> Result<Self> {
        let dim = Dimension::of_points(width)?;
        if rows.is_empty() {
            return Err(Error::invalid("rows", 0, "at least one point"));
        }
        within_memory(rows.len() / width, width - 1)?;
        let mut scaled = rows.to_vec();
        for (i, row) in scaled.chunks_exact_mut(width).enumerate() {
            let wrong = |value: &str, right: &str| Error::invalid(format!("row {i}"), value, right);
            if let Some(foreign) = row.iter().find(|x| !x.is_finite()) {
                return Err(wrong(&foreign.to_string(), "finite coordinates"));
            }
            data::normalise(row).map_err(|(value, right)| wrong(value, right))?;
        }
        Ok(Self::equal(dim, scaled, None))
    }

    /// These points, then `others`, all of equal weight.
    ///
    /// # Errors
    /// When the others lie on another sphere.
    pub fn followed_by(&self, others: &Self) -> Result<Self> {
        if others.dim != self.dim {
            let (given, right) = (others.dim.get() + 1, self.dim.get() + 1);
            return Err(Error::invalid("columns", given, format!("{right}, as the first points have")));
        }
        Ok(Self::equal(self.dim, [&self.coordinates[..], &others.coordinates].concat(), None))
    }

    /// Points of equal weight.
    fn equal(dim: Dimension, coordinates: Vec<f64>, exact_to: Option<u32>) -> Self {
        let n = coordinates.len() / (dim.get() as usize + 1);
        Self { dim, coordinates, weights: vec![1.0 / n as f64; n], exact_to }
    }
}

/// How points are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Independent and uniform, from a seed.
    Uniform,
    /// Equal steps around the circle.
    Equispaced,
    /// The Fibonacci spiral on `S^2`.
    Fibonacci,
    /// The product of Gauss rules in the polar angles and equal steps around the last circle, with weights.
    Quadrature,
}

impl Design {
    /// The names in the order of the cases.
    pub const NAMES: [&'static str; 4] = ["uniform", "equispaced", "fibonacci", "quadrature"];
    const ALL: [Self; 4] = [Self::Uniform, Self::Equispaced, Self::Fibonacci, Self::Quadrature];

    /// The design of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn from_name(name: &str) -> Result<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name);
        at.map(|at| Self::ALL[at])
            .ok_or_else(|| Error::invalid("--design", name, format!("one of {}", Self::NAMES.join(", "))))
    }

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// Points on `S^d` laid out by `design`: `n` of them, or for quadratures the largest product rule of at most `n`.
///
/// Only [`Design::Uniform`] uses `seed`; the points are the same for any number of threads.
///
/// # Errors
/// When `n < 2`, when the points would not fit in memory, or when the design does not exist on `S^d` or for so few points.
pub fn points(design: Design, dim: Dimension, n: usize, seed: u64) -> Result<Points> {
    if n < 2 {
        return Err(Error::invalid("points", n, "at least 2"));
    }
    within_memory(n, dim.get() as usize)?;
    let wrong_sphere = |right: &str| Err(Error::invalid("design", design.name(), right));
    match design {
        Design::Uniform => Ok(designs::uniform(dim, n, seed)),
        Design::Equispaced if dim.get() == 1 => Ok(designs::equispaced(n)),
        Design::Equispaced => wrong_sphere(&format!(
            "uniform or quadrature on S^{dim}: equal steps exist on the circle (dim 1) only"
        )),
        Design::Fibonacci if dim == Dimension::SPHERE => Ok(designs::fibonacci(n)),
        Design::Fibonacci => wrong_sphere(&format!(
            "uniform or quadrature on S^{dim}: the Fibonacci spiral lives on S^2 (dim 2) only"
        )),
        Design::Quadrature => designs::quadrature(dim, n),
    }
}

/// Refuses points that would take too much memory.
fn within_memory(n: usize, d: usize) -> Result<()> {
    let bytes = (n as u64).saturating_mul(8 * (d as u64 + 2));
    if bytes > MOST_BYTES {
        let most = MOST_BYTES / (8 * (d as u64 + 2));
        let needed = format!("{:.1} GiB for the coordinates of {n}", bytes as f64 / (1u64 << 30) as f64);
        return Err(Error::too_large("points", needed, format!("4 GiB, which holds {most} on S^{d}")));
    }
    Ok(())
}
