//! What is asked of a solver, and what it gives.

/// What is wanted of a Gram matrix's spectrum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EigenRequest {
    /// Leading eigenpairs.
    pub pairs: usize,
    /// How many times an eigenvalue may be repeated exactly: on a quadrature the multiplicity of a degree.
    pub multiplicity: usize,
}

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
    /// What the iteration took; `None` from the dense solver.
    pub iteration: Option<Iteration>,
}

/// What an iteration took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Iteration {
    /// Products with the matrix, ...
    pub products: usize,
    /// ... of so many columns each.
    pub width: usize,
    /// The largest residual `|H y - theta y|` of the leading pairs.
    pub residual: f64,
}
