//! Exact and certified spectra of neural tangent kernels on the sphere.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod cli;
pub mod error;
pub mod kernel;
pub mod math;
pub mod report;
pub mod spectrum;

pub use error::{Error, ErrorKind, Result};
