//! How fast eigenvalues fall: `lambda_k ~ C (k + (d-1)/2)^-(d+beta)`.
//!
//! `beta` is the order of the kernel's singularity at coinciding points ([`Kernel::singular_orders`]); the shift `(d-1)/2`
//! removes the term of relative size `1/k`. For the two-layer model `C` is known.

use crate::{
    kernel::Kernel,
    math::units::{Bits, Dimension},
};
use rug::{Float, float::Constant, ops::Pow};

/// The exponents `d + beta` of the laws of even and odd degrees, where the kernel's eigenvalues follow a power.
pub fn exponents(kernel: &Kernel, dim: Dimension) -> [Option<f64>; 2] {
    kernel.singular_orders().map(|order| Some(f64::from(dim.get()) + order?))
}

/// The constant `C = 2^(d-2) Gamma((d+1)/2)^2 / pi^2` of the two-layer model with bias; without bias, even degrees have twice
/// that and odd ones from 3 on vanish.
///
/// To about `precision` bits. The constant follows from `h_k` of theory.md, section 2, by Stirling's formula.
pub fn two_layer_constant(dim: Dimension, precision: Bits) -> Float {
    let d = dim.get();
    let gamma = (Float::with_val(precision.0, d + 1) / 2u32).gamma();
    let pi = Float::with_val(precision.0, Constant::Pi);
    (gamma / pi).square() * Float::with_val(precision.0, 2).pow(d as i32 - 2)
}

/// `(k + (d-1)/2)^exponent`.
pub fn shifted_power(dim: Dimension, degree: u32, exponent: u32, precision: Bits) -> Float {
    let shifted = Float::with_val(precision.0, 2 * degree + dim.get() - 1) / 2u32;
    shifted.pow(exponent)
}
