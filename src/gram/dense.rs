//! The whole matrix: assembled by columns, diagonalised by faer.

use super::{
    eigenpairs::Eigenpairs,
    values::{Sites, Values},
};
use crate::error::{Error, Result};
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::{
    Mat, MatRef, Par, Spec,
    diag::DiagMut,
    linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch},
};
use rayon::prelude::*;

/// Parts into which the solver splits its work: fixed, so that its sums do not depend on the number of threads.
const PARTS: usize = 8;

/// The lower triangle of `H`, column by column: `n x n` with zeros above the diagonal, of which only half is computed.
pub fn assemble(values: &Values, sites: &Sites) -> Vec<f64> {
    let n = sites.len();
    let mut matrix = vec![0.0; n * n];
    matrix.par_chunks_mut(n.max(1)).enumerate().for_each(|(j, column)| {
        values.weighted_row(sites, j, j..n, &mut column[j..]);
    });
    matrix
}

/// The memory that [`assemble`] and [`eigenpairs`] take together, in bytes.
pub fn memory(n: usize, vectors: bool) -> u64 {
    let square = (n as u64).saturating_mul(n as u64).saturating_mul(8);
    // Past this size the scratch of the solver is that of its squares: the copy it reduces, and two for the vectors' merging.
    if n > 100_000 {
        return square.saturating_mul(if vectors { 6 } else { 2 });
    }
    let scratch = self_adjoint_evd_scratch::<f64>(n, wanted(vectors), Par::rayon(PARTS), Spec::default());
    square * if vectors { 2 } else { 1 } + scratch.unaligned_bytes_required() as u64
}

fn wanted(vectors: bool) -> ComputeEigenvectors {
    if vectors { ComputeEigenvectors::Yes } else { ComputeEigenvectors::No }
}

/// All eigenvalues of the matrix whose lower triangle is given, falling, and the leading `vectors` eigenvectors.
///
/// The error of each value is about `n 2^-53` times the largest: backward stability, an estimate.
///
/// # Errors
/// When the iteration does not converge, as on a matrix that is not finite.
pub fn eigenpairs(matrix: Vec<f64>, n: usize, vectors: usize) -> Result<Eigenpairs> {
    if matrix.par_iter().any(|x| !x.is_finite()) {
        return Err(no_convergence());
    }
    let (mut found, basis) = whole(matrix, n, vectors > 0)?;
    found.reverse();
    let mut leading = vec![0.0; n * vectors];
    for (i, row) in leading.chunks_exact_mut(vectors.max(1)).enumerate() {
        row.iter_mut().enumerate().for_each(|(j, x)| *x = basis(i, n - 1 - j));
    }
    let lowest = found.last().copied().unwrap_or(0.0);
    Ok(Eigenpairs { values: found, count: vectors, vectors: leading, lowest, iteration: None })
}

/// All eigenvalues, rising, and the entries of the matrix whose columns are the eigenvectors.
#[cfg(not(feature = "openblas"))]
fn whole(matrix: Vec<f64>, n: usize, vectors: bool) -> Result<(Vec<f64>, impl Fn(usize, usize) -> f64)> {
    let lower = MatRef::from_column_major_slice(&matrix, n, n);
    let (values, basis) = eigen(lower, vectors, Par::rayon(PARTS))?;
    Ok((values, move |i, j| basis[(i, j)]))
}

/// All eigenvalues, rising, and the entries of the matrix whose columns are the eigenvectors.
#[cfg(feature = "openblas")]
fn whole(mut matrix: Vec<f64>, n: usize, vectors: bool) -> Result<(Vec<f64>, impl Fn(usize, usize) -> f64)> {
    let values = super::lapack::eigen(&mut matrix, n, vectors)?;
    Ok((values, move |i, j| matrix[j * n + i]))
}

/// Eigenvalues, rising, and if wanted the eigenvectors (else an empty matrix), from the lower triangle of a symmetric matrix.
///
/// # Errors
/// When there is no memory or no convergence.
pub fn eigen(lower: MatRef<'_, f64>, vectors: bool, par: Par) -> Result<(Vec<f64>, Mat<f64>)> {
    let n = lower.nrows();
    let mut values = vec![0.0; n];
    let size = if vectors { n } else { 0 };
    let mut basis = Mat::<f64>::zeros(size, size);
    let scratch = self_adjoint_evd_scratch::<f64>(n, wanted(vectors), par, Spec::default());
    let mut memory = MemBuffer::try_new(scratch).map_err(|_| {
        Error::too_large("dense eigensolver", format!("{} bytes", scratch.unaligned_bytes_required()), "less")
    })?;
    let target = vectors.then(|| basis.as_mut());
    let diagonal = DiagMut::from_slice_mut(&mut values);
    self_adjoint_evd(lower, diagonal, target, par, MemStack::new(&mut memory), Spec::default())
        .map_err(|_| no_convergence())?;
    Ok((values, basis))
}

fn no_convergence() -> Error {
    Error::numerical("dense eigensolver", "no convergence", "a finite symmetric matrix")
}
