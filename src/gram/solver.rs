//! One interface to the solvers, and the choice among them.

use super::{dense, eigenpairs::EigenRequest, lanczos};
use crate::{
    error::{Error, Result},
    sample::Design,
};

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
    pub fn memory(self, n: usize, wanted: EigenRequest) -> u64 {
        match self {
            Self::Dense => dense::memory(n, wanted.pairs > 0),
            Self::Lanczos => lanczos::memory(wanted, n),
            Self::Circulant => 56 * n as u64,
        }
    }

    /// Refuses work that would take more than `limit` bytes.
    ///
    /// # Errors
    /// With the figure.
    pub fn within(self, n: usize, wanted: EigenRequest, limit: u64) -> Result<()> {
        let needed = self.memory(n, wanted);
        if needed <= limit {
            return Ok(());
        }
        let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
        let subject = format!("{} solver on {n} points", self.name());
        Err(Error::too_large(subject, gib(needed), format!("{}: fewer points or degrees", gib(limit))))
    }
}
