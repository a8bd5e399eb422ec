//! One interface to the solvers, and the choice among them.

use super::{dense, lanczos::Wanted};
use crate::{
    error::{Error, Result},
    sample::Design,
};

/// Eigenvalues and leading eigenvectors of a Gram matrix.
#[derive(Clone, Debug)]
pub struct Eigenpairs {
    /// Eigenvalues, falling: all of them from the dense solver, the leading ones from the iteration.
    pub values: Vec<f64>,
    /// How many eigenvectors there are.
    pub count: usize,
    /// The eigenvectors of the leading values, `n x count` row by row, orthonormal.
    pub vectors: Vec<f64>,
    /// The least eigenvalue, or from the iteration a number that is at least that.
    pub lowest: f64,
    /// The largest residual of the pairs; 0 from the dense solver.
    pub residual: f64,
    /// Products with the matrix that the iteration took; 0 from the dense solver.
    pub products: usize,
}

/// A way to diagonalise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// The whole matrix.
    Dense,
    /// Block Lanczos without the matrix.
    Lanczos,
    /// The Fourier transform, for the equispaced circle.
    Circulant,
}

/// The iteration serves while at least this many points stand against one wanted eigenpair; its basis is several times as wide.
const POINTS_A_PAIR: usize = 16;

impl Solver {
    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Lanczos => "lanczos",
            Self::Circulant => "circulant",
        }
    }

    /// The solver for `wanted` leading eigenpairs of `n` points, and why.
    pub fn choose(design: Design, n: usize, wanted: usize) -> (Self, String) {
        if design == Design::Equispaced {
            return (Self::Circulant, "equal steps make the matrix circulant".into());
        }
        if n >= POINTS_A_PAIR * wanted && n > 256 {
            return (Self::Lanczos, format!("{wanted} leading eigenpairs of {n}: no need for the matrix"));
        }
        (
            Self::Dense,
            format!("{wanted} of {n} eigenpairs: a basis for the iteration would be as large as the matrix"),
        )
    }

    /// The memory that the solver takes beside the points, in bytes.
    pub fn memory(self, n: usize, wanted: Wanted) -> u64 {
        match self {
            Self::Dense => dense::memory(n, wanted.pairs > 0),
            Self::Lanczos => wanted.memory(n),
            Self::Circulant => 56 * n as u64,
        }
    }

    /// Refuses work that would take more than `limit` bytes.
    ///
    /// # Errors
    /// With the figure.
    pub fn within(self, n: usize, wanted: Wanted, limit: u64) -> Result<()> {
        let needed = self.memory(n, wanted);
        if needed <= limit {
            return Ok(());
        }
        let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
        let subject = format!("{} solver on {n} points", self.name());
        Err(Error::too_large(subject, gib(needed), format!("{}: fewer points or degrees", gib(limit))))
    }
}
