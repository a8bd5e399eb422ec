//! What Python sees of hinf: conversions, and nothing else.
//!
//! Every experiment goes through `hinf::experiment::call`, the door that all fronts use; options and reports cross as JSON. Kernel
//! matrices cross as numpy arrays, computed without the interpreter's lock. Panics end here, as errors.

mod calls;
mod errors;
mod kernel;
mod pools;
mod work;

use pyo3::prelude::*;

/// The compiled part of the package.
#[pymodule]
mod _hinf {
    use super::*;
    #[pymodule_export]
    use super::{
        calls::{call, command, commands, described},
        kernel::{Kernel, Operator},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
