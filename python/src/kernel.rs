//! Kernels and their matrices.

use crate::{errors::raised, work::watched};
use hinf::{
    Error,
    experiment::resources,
    gram::{Values, matrix, matrix::Kept},
    sample::Points,
};
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// A zonal kernel, parsed from its specification.
#[pyclass(frozen, module = "hinf._hinf")]
pub struct Kernel {
    kernel: Arc<hinf::kernel::Kernel>,
    values: OnceLock<Arc<Values>>,
}

type Square<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>);

#[pymethods]
impl Kernel {
    #[new]
    fn new(py: Python<'_>, spec: String) -> PyResult<Self> {
        let parse = move |_: &dyn hinf::progress::Progress| {
            spec.parse().map_err(|error: Error| error.under("kernel"))
        };
        let kernel = watched(py, Some("1"), None, parse)?;
        Ok(Self { kernel: Arc::new(kernel), values: OnceLock::new() })
    }

    /// The specification.
    #[getter]
    fn spec(&self) -> String {
        self.kernel.to_string()
    }

    /// The formula, as in captions.
    #[getter]
    fn formula(&self) -> String {
        self.kernel.formula()
    }

    /// `K` at coinciding points for each of the rows, as in their matrix.
    fn diag<'py>(
        &self,
        py: Python<'py>,
        x: PyReadonlyArray2<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let (rows, values) = (points(py, "X", &x)?, self.values(py)?);
        let entries = watched(py, Some("1"), None, move |_| Ok(matrix::diagonal(&values, &rows)))?;
        Ok(PyArray1::from_vec(py, entries))
    }

    /// The matrix between the rows of two arrays, `n x (d+1)` and `m x (d+1)`; rows are scaled to norm 1.
    #[pyo3(signature = (x, y=None, threads=None))]
    fn matrix<'py>(
        &self,
        py: Python<'py>,
        x: PyReadonlyArray2<'py, f64>,
        y: Option<PyReadonlyArray2<'py, f64>>,
        threads: Option<&str>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let rows = points(py, "X", &x)?;
        let columns = y.map(|y| points(py, "Y", &y)).transpose()?;
        let values = self.values(py)?;
        let shape = matrix::size(&rows, columns.as_ref(), resources::memory());
        let shape = shape.map_err(|error| raised(py, &error))?;
        // In memory of numpy's own, which comes in large pages: to touch so many small ones takes as long as to compute the entries.
        let found = PyArray2::zeros(py, shape, false);
        let filled = found.clone().unbind();
        watched(py, threads, None, move |progress| {
            Python::attach(|py| {
                let mut entries = filled.bind(py).readwrite();
                let entries = entries.as_slice_mut().unwrap_or_default();
                py.detach(|| matrix::fill(&values, &rows, columns.as_ref(), entries, progress))
            })
        })?;
        Ok(found)
    }

    /// The `k` largest eigenvalues of the matrix of the rows of `x`, rising, and their eigenvectors in columns.
    #[pyo3(signature = (x, k, threads=None, watcher=None))]
    fn eigsh<'py>(
        &self,
        py: Python<'py>,
        x: PyReadonlyArray2<'py, f64>,
        k: usize,
        threads: Option<&str>,
        watcher: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Square<'py>> {
        let (rows, values) = (points(py, "X", &x)?, self.values(py)?);
        let n = rows.len();
        let (found, vectors) = watched(py, threads, watcher, move |progress| {
            matrix::largest(&values, &rows, k, resources::memory(), progress)
        })?;
        Ok((PyArray1::from_vec(py, found), PyArray1::from_vec(py, vectors).reshape([n, k])?))
    }

    /// The matrix of the rows of `x` as an operator.
    #[pyo3(signature = (x, threads=None))]
    fn operator(
        &self,
        py: Python<'_>,
        x: PyReadonlyArray2<'_, f64>,
        threads: Option<&str>,
    ) -> PyResult<Operator> {
        let (rows, values) = (points(py, "X", &x)?, self.values(py)?);
        let kept = watched(py, threads, None, move |_| Ok(Kept::new(values, &rows)))?;
        Ok(Operator { kept: Arc::new(kept), threads: threads.map(str::to_owned) })
    }
}

impl Kernel {
    fn values(&self, py: Python<'_>) -> PyResult<Arc<Values>> {
        if let Some(values) = self.values.get() {
            return Ok(Arc::clone(values));
        }
        let kernel = Arc::clone(&self.kernel);
        let values = Arc::new(watched(py, Some("1"), None, move |_| Values::new(&kernel))?);
        // Another thread may have been first: its table is the same.
        Ok(Arc::clone(self.values.get_or_init(|| values)))
    }
}

/// The matrix of points among themselves, which is multiplied and not seen.
#[pyclass(frozen, module = "hinf._hinf")]
pub struct Operator {
    kept: Arc<Kept>,
    threads: Option<String>,
}

#[pymethods]
impl Operator {
    /// The product with the columns of `v`, `n x m`.
    fn product<'py>(
        &self,
        py: Python<'py>,
        v: PyReadonlyArray2<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let (kept, shape) = (Arc::clone(&self.kept), [v.shape()[0], v.shape()[1]]);
        let columns = row_major(&v).into_owned();
        let product = watched(py, self.threads.as_deref(), None, move |progress| {
            kept.times(columns, shape[1], progress)
        })?;
        PyArray1::from_vec(py, product).reshape(shape)
    }
}

/// The entries row by row: of an array that lies so they are read where they are.
fn row_major<'a>(array: &'a PyReadonlyArray2<'_, f64>) -> Cow<'a, [f64]> {
    match array.as_slice() {
        // Columns that lie one after the other are a slice too, in another order.
        Ok(entries) if array.is_c_contiguous() => Cow::Borrowed(entries),
        _ => Cow::Owned(array.as_array().iter().copied().collect()),
    }
}

/// The rows as points.
fn points(py: Python<'_>, name: &str, rows: &PyReadonlyArray2<'_, f64>) -> PyResult<Points> {
    let (width, entries) = (rows.shape()[1], row_major(rows));
    py.detach(|| Points::from_rows(&entries, width).map_err(|error| error.under(name)))
        .map_err(|error| raised(py, &error))
}
