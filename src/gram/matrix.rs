//! The kernel between points, as a whole matrix or as a product with one; no weights, no `1/n`.

use super::{
    block::Block,
    dense,
    eigenpairs::EigenRequest,
    lanczos,
    operator::{self, Operator},
    solver::Solver,
    values::{Sites, Values},
};
use crate::{
    error::{Error, Result},
    progress::Progress,
    sample::{Design, Points},
};
use rayon::prelude::*;
use std::sync::Arc;

/// Rows and columns of a tile that is transposed at a time: it stays in the first cache.
const TILE: usize = 32;
/// Rows that a thread makes at a time.
const BAND: usize = 16;

/// Entries of the matrix between `rows` and `columns`, of the points among themselves without `columns`.
///
/// # Errors
/// When they would take more than `limit` bytes.
pub fn size(rows: &Points, columns: Option<&Points>, limit: u64) -> Result<[usize; 2]> {
    let n = rows.len();
    let m = columns.map_or(n, Points::len);
    let bytes = 8u64.saturating_mul(n as u64).saturating_mul(m as u64);
    if bytes > limit {
        let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
        let needed = format!("{} for {n} x {m} entries", gib(bytes));
        return Err(Error::too_large(
            "kernel matrix",
            needed,
            format!("{}; products need no matrix", gib(limit)),
        ));
    }
    Ok([n, m])
}

/// Fills `entries` with the matrix `K(x_i . y_j)`, row-major `n x m`; of the points among themselves without `columns`.
///
/// Every entry is the value that [`Values`] gives for the pair, to about `1e-13 K(1)` (an estimate), and does not depend on the number of
/// threads. Without `columns` the matrix is symmetric to the bit; where entries take longer than copies, half of it is computed.
///
/// # Errors
/// When the points lie on different spheres, `entries` is not of [`size`], or the work was cancelled.
pub fn fill(
    values: &Values,
    rows: &Points,
    columns: Option<&Points>,
    entries: &mut [f64],
    progress: &dyn Progress,
) -> Result<()> {
    let [n, m] = size(rows, columns, u64::MAX)?;
    if entries.len() != n * m {
        let expected = format!("{n} x {m}, one a pair of points");
        return Err(Error::invalid("entries of the kernel matrix", entries.len(), expected));
    }
    let sites = match columns {
        Some(columns) => Sites::new(&rows.followed_by(columns)?),
        None => Sites::new(rows),
    };
    let first = sites.len() - m;
    if columns.is_some() || values.outruns_copies() {
        entries.par_chunks_mut(BAND * m.max(1)).enumerate().for_each(|(band, out)| {
            if !progress.cancelled() {
                let start = band * BAND;
                values.tile(&sites, start..start + out.len() / m, first..first + m, out);
            }
        });
    } else {
        entries.par_chunks_mut(n.max(1)).enumerate().for_each(|(i, row)| {
            if !progress.cancelled() {
                values.row(&sites, i, i, &mut row[i..]);
            }
        });
        mirror(entries, n, 0);
    }
    progress.go_on()
}

/// Makes the square of `rows`, those from `first` on of a matrix of `n` columns, symmetric: what is below the diagonal is what is above.
fn mirror(rows: &mut [f64], n: usize, first: usize) {
    let height = rows.len() / n.max(1);
    if height <= TILE {
        for i in 1..height {
            for j in 0..i {
                rows[i * n + first + j] = rows[j * n + first + i];
            }
        }
        return;
    }
    let half = height / 2;
    let (above, below) = rows.split_at_mut(half * n);
    let source = &*above;
    below.par_chunks_mut(TILE * n).enumerate().for_each(|(band, rows)| {
        let start = first + half + band * TILE;
        for j in (0..half).step_by(TILE) {
            for (k, row) in rows.chunks_exact_mut(n).enumerate() {
                let target = &mut row[first + j..first + half.min(j + TILE)];
                target.iter_mut().enumerate().for_each(|(at, x)| *x = source[(j + at) * n + start + k]);
            }
        }
    });
    rayon::join(|| mirror(above, n, first), || mirror(below, n, first + half));
}

/// The diagonal of the matrix of `points` among themselves: the kernel at coinciding points, as [`fill`] gives it.
pub fn diagonal(values: &Values, points: &Points) -> Vec<f64> {
    let sites = Sites::new(points);
    let one = |i: usize| {
        let mut value = [0.0];
        values.row(&sites, i, i, &mut value);
        value[0]
    };
    (0..points.len()).map(one).collect()
}

/// The `count` largest eigenvalues of the matrix of `points` among themselves, rising, and their eigenvectors, row-major `n x count`, orthonormal.
///
/// From the whole matrix where it is small, else by block Lanczos whose block is wider than `count`, so that no copy of a multiple
/// eigenvalue is missed. The residual of each pair is at most `1e-6` of its value, or `1e-13` of the largest.
///
/// # Errors
/// When `count` is 0 or more than there are points, the work takes more than `limit` bytes, does not converge, or was cancelled.
pub fn largest(
    values: &Values,
    points: &Points,
    count: usize,
    limit: u64,
    progress: &dyn Progress,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let n = points.len();
    if !(1..=n).contains(&count) {
        return Err(Error::invalid("k", count, format!("a number of eigenvalues from 1 to the {n} points")));
    }
    let wanted = EigenRequest { pairs: count, multiplicity: count };
    let (solver, _) = Solver::choose(Design::Uniform, n, count);
    solver.within(n, wanted, limit)?;
    let sites = Sites::new(points);
    let found = match solver {
        Solver::Lanczos => lanczos::eigenpairs(values, &sites, wanted, progress)?,
        _ => dense::eigenpairs(dense::assemble(values, &sites), n, count)?,
    };
    let rising = found.values[..count].iter().rev().map(|value| value * n as f64).collect();
    let vectors = found.vectors.chunks_exact(count).flat_map(|row| row.iter().rev().copied()).collect();
    Ok((rising, vectors))
}

/// The matrix of points among themselves, ready for products; kept whole while it is small.
#[derive(Clone, Debug)]
pub struct Kept {
    values: Arc<Values>,
    sites: Sites,
    whole: Option<Vec<f64>>,
}

impl Kept {
    /// Lays out the points, and computes what is kept.
    pub fn new(values: Arc<Values>, points: &Points) -> Self {
        let sites = Sites::new(points);
        let whole = operator::whole(&values, &sites);
        Self { values, sites, whole }
    }

    /// The matrix times `v`, row-major with `width` columns.
    ///
    /// # Errors
    /// When `v` has not as many rows as there are points, or the work was cancelled.
    pub fn times(&self, v: Vec<f64>, width: usize, progress: &dyn Progress) -> Result<Vec<f64>> {
        let n = self.sites.len();
        if v.len() != n * width {
            let rows = v.len().checked_div(width).unwrap_or(0);
            return Err(Error::invalid(
                "v",
                format!("{rows} rows"),
                format!("{n} rows, as many as there are points"),
            ));
        }
        if width == 0 {
            return Ok(vec![]);
        }
        let operator = Operator::around(&self.values, &self.sites, self.whole.as_deref());
        let found = operator.apply(&Block::new(width, v), progress)?;
        progress.go_on()?;
        Ok(found.into_data().into_iter().map(|x| x * n as f64).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel::Kernel, progress::Unwatched};

    fn between(values: &Values, rows: &Points, columns: Option<&Points>) -> Vec<f64> {
        let [n, m] = size(rows, columns, u64::MAX).unwrap();
        let mut entries = vec![0.0; n * m];
        fill(values, rows, columns, &mut entries, &Unwatched).unwrap();
        entries
    }

    fn spiral(n: usize) -> Points {
        let rows: Vec<f64> = (0..n)
            .flat_map(|i| {
                let x = i as f64;
                [(0.7 * x).cos() * (1.0 + x), (0.7 * x).sin(), 0.3 - 0.01 * x]
            })
            .collect();
        Points::from_rows(&rows, 3).unwrap()
    }

    #[test]
    fn halves_mirror_and_parts_are_the_same_to_the_bit() {
        let values = Values::new(&"ntk:depth=2".parse::<Kernel>().unwrap()).unwrap();
        for n in [1, 2, 31, 33, 64, 101, 257] {
            let points = spiral(n);
            let whole = between(&values, &points, None);
            let full = between(&values, &points, Some(&points));
            assert_eq!(whole, full, "{n} points");
            let diagonal = diagonal(&values, &points);
            assert!((0..n).all(|i| diagonal[i] == whole[i * n + i]));
        }
    }

    #[test]
    fn other_points_are_a_block_of_all_of_them() {
        // One kernel whose table may be held in registers, and one that has a finer table.
        for spec in ["ntk:depth=2", "laplace:c=20"] {
            let values = Values::new(&spec.parse::<Kernel>().unwrap()).unwrap();
            let (rows, columns) = (spiral(37), spiral(53));
            let columns = columns.chosen(&(37..53).collect::<Vec<_>>());
            let all = between(&values, &spiral(53), None);
            let block: Vec<f64> = (0..37).flat_map(|i| all[53 * i + 37..53 * (i + 1)].to_vec()).collect();
            assert_eq!(between(&values, &rows, Some(&columns)), block, "{spec}");
        }
    }

    #[test]
    fn largest_eigenpairs_and_products_are_those_of_the_matrix() {
        let values = Arc::new(Values::new(&"laplace".parse::<Kernel>().unwrap()).unwrap());
        let points = spiral(300);
        let whole = between(&values, &points, None);
        let (found, vectors) = largest(&values, &points, 3, u64::MAX, &Unwatched).unwrap();
        let product = Kept::new(Arc::clone(&values), &points).times(vectors.clone(), 3, &Unwatched).unwrap();
        assert!(found[0] <= found[1] && found[1] <= found[2]);
        for i in 0..300 {
            for j in 0..3 {
                let direct: f64 = (0..300).map(|k| whole[i * 300 + k] * vectors[3 * k + j]).sum();
                assert!((direct - product[3 * i + j]).abs() < 1e-11);
                assert!((direct - found[j] * vectors[3 * i + j]).abs() < 1e-5 * found[2]);
            }
        }
        for wrong in [0, 301] {
            assert!(largest(&values, &points, wrong, u64::MAX, &Unwatched).is_err());
        }
        assert!(size(&points, None, 1000).unwrap_err().to_string().contains("300 x 300"));
        let small = fill(&values, &points, None, &mut [0.0; 9], &Unwatched).unwrap_err();
        assert!(small.to_string().contains("300 x 300"), "{small}");
    }
}
