//! Exact and certified spectra of neural tangent kernels on the sphere.

pub mod error;

pub use error::{Error, ErrorKind, Result};
