//! Tall matrices, `n x b` with `b` small against `n`, whose products are the same for any number of threads.

use super::dense;
use crate::error::{Error, Result};
use faer::{Accum, Mat, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;

/// Rows handled at a time; fixed, so that sums have one order.
const ROWS: usize = 1024;
/// Directions of a Gram matrix below this share of the largest are rounding.
const RANK_TOLERANCE: f64 = 1e-13;

/// An `n x b` matrix, row by row.
#[derive(Clone, Debug)]
pub struct Block {
    cols: usize,
    data: Vec<f64>,
}

impl Block {
    /// The matrix of these rows, `cols` numbers each.
    pub fn new(cols: usize, data: Vec<f64>) -> Self {
        Self { cols, data }
    }

    /// How many columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The numbers, row by row.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// The numbers, row by row.
    pub fn into_data(self) -> Vec<f64> {
        self.data
    }

    /// The rows from `start`, as many as `count`.
    pub fn rows(&self, start: usize, count: usize) -> MatRef<'_, f64> {
        rows(&self.data[start * self.cols..(start + count) * self.cols], self.cols)
    }

    /// `self^T other`.
    pub fn cross(&self, other: &Self) -> Mat<f64> {
        let part = |(a, b): (&[f64], &[f64])| {
            let mut product = Mat::zeros(self.cols, other.cols);
            let (a, b) = (rows(a, self.cols), rows(b, other.cols));
            matmul(&mut product, Accum::Replace, a.transpose(), b, 1.0, Par::Seq);
            product
        };
        let size = |block: &Self| (ROWS * block.cols).max(1);
        let parts: Vec<Mat<f64>> =
            self.data.par_chunks(size(self)).zip(other.data.par_chunks(size(other))).map(part).collect();
        parts.into_iter().fold(Mat::zeros(self.cols, other.cols), |sum, part| sum + part)
    }

    /// `self += scale other c`.
    pub fn add_product(&mut self, scale: f64, other: &Self, c: MatRef<'_, f64>) {
        let cols = self.cols;
        let chunks = other.data.par_chunks((ROWS * other.cols).max(1));
        self.data.par_chunks_mut((ROWS * cols).max(1)).zip(chunks).for_each(|(own, chunk)| {
            let target = rows_mut(own, cols);
            matmul(target, Accum::Add, rows(chunk, other.cols), c, scale, Par::Seq);
        });
    }

    /// `self c`.
    pub fn times(&self, c: MatRef<'_, f64>) -> Self {
        let n = self.data.len() / self.cols.max(1);
        let mut product = Self { cols: c.ncols(), data: vec![0.0; n * c.ncols()] };
        product.add_product(1.0, self, c);
        product
    }

    /// An orthonormal basis of the columns' span; directions that are rounding are dropped, so it may have fewer columns.
    ///
    /// # Errors
    /// When the columns are not finite.
    pub fn orthonormal(&self) -> Result<Self> {
        let gram = self.cross(self);
        let factor = inverse_root(&gram)?;
        Ok(self.times(factor.as_ref()))
    }
}

/// Eigenvalues, rising, and eigenvectors of a small symmetric matrix.
///
/// # Errors
/// When it is not finite.
pub fn small_eigen(matrix: MatRef<'_, f64>) -> Result<(Vec<f64>, Mat<f64>)> {
    if matrix.ncols() == 0 {
        return Ok((vec![], Mat::zeros(0, 0)));
    }
    if !matrix.is_all_finite() {
        let needed = "a kernel with finite values";
        return Err(Error::numerical("eigensolver", "numbers that are not finite", needed));
    }
    dense::eigen(matrix, true, Par::Seq)
}

/// `F` with `F^T G F = 1` on the directions of the positive semidefinite `G` that are not rounding.
///
/// # Errors
/// When `G` is not finite.
pub fn inverse_root(gram: &Mat<f64>) -> Result<Mat<f64>> {
    let (values, vectors) = small_eigen(gram.as_ref())?;
    let most = values.last().copied().unwrap_or(0.0);
    let kept: Vec<usize> = (0..values.len())
        .filter(|&i| values[i] > RANK_TOLERANCE * most && values[i] > f64::MIN_POSITIVE)
        .collect();
    Ok(Mat::from_fn(gram.nrows(), kept.len(), |i, j| vectors[(i, kept[j])] / values[kept[j]].sqrt()))
}

/// A view of rows of `cols` numbers.
pub fn rows(data: &[f64], cols: usize) -> MatRef<'_, f64> {
    MatRef::from_row_major_slice(data, data.len() / cols.max(1), cols)
}

/// A mutable view of rows of `cols` numbers.
pub fn rows_mut(data: &mut [f64], cols: usize) -> MatMut<'_, f64> {
    let count = data.len() / cols.max(1);
    MatMut::from_row_major_slice_mut(data, count, cols)
}
