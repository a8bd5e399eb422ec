//! LAPACK's divide and conquer over OpenBLAS, behind the feature `openblas`.

// A foreign function; its safety is argued below.
#![allow(unsafe_code)]

use crate::error::{Error, Result};
use lapack_sys::dsyevd_;
use std::ffi::{c_char, c_int};

/// Eigenvalues, rising, of the symmetric matrix whose lower triangle `matrix` holds, `n x n` column by column; with `vectors` the matrix
/// becomes that of the eigenvectors, a column each.
///
/// # Errors
/// When `n` is beyond LAPACK's integers, there is no memory, or the iteration does not converge.
pub fn eigen(matrix: &mut [f64], n: usize, vectors: bool) -> Result<Vec<f64>> {
    let large =
        || Error::too_large("dense eigensolver", format!("{n} points"), "less than 2^31 numbers of scratch");
    let order = c_int::try_from(n).map_err(|_| large())?;
    debug_assert_eq!(matrix.len(), n * n);
    let mut values = vec![0.0; n];
    let job = if vectors { b'V' } else { b'N' } as c_char;
    let triangle = b'L' as c_char;
    let mut call = |work: &mut [f64], lwork: c_int, iwork: &mut [c_int], liwork: c_int| {
        let mut info = 0;
        // SAFETY: `matrix` has n^2 numbers with leading dimension n, `values` n; the scratch slices are at least as long as said, and with a
        // length of -1 LAPACK only writes their first element, the length it wants.
        unsafe {
            dsyevd_(
                &job,
                &triangle,
                &order,
                matrix.as_mut_ptr(),
                &order,
                values.as_mut_ptr(),
                work.as_mut_ptr(),
                &lwork,
                iwork.as_mut_ptr(),
                &liwork,
                &mut info,
            );
        }
        info
    };
    let (mut size, mut integers) = ([0.0], [0]);
    call(&mut size, -1, &mut integers, -1);
    let length = size[0] as usize;
    let wanted = c_int::try_from(length).map_err(|_| large())?;
    let (mut work, mut iwork) = (vec![0.0; length], vec![0; integers[0] as usize]);
    match call(&mut work, wanted, &mut iwork, integers[0]) {
        0 => Ok(values),
        _ => Err(Error::numerical("dense eigensolver", "no convergence", "a finite symmetric matrix")),
    }
}
