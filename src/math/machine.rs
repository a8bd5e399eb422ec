//! The functions that activations of trained networks need, in the two machine precisions.
//!
//! They come from `libm`, in software, so that a run gives the same bytes on every machine.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// `f32` or `f64` with elementary functions, each right to a few units in the last place (an estimate).
pub trait Machine:
    Copy
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// The nearest number.
    fn near(x: f64) -> Self;
    /// The square root.
    #[must_use]
    fn root(self) -> Self;
    /// The exponential.
    #[must_use]
    fn exponential(self) -> Self;
    /// `e^self - 1`.
    #[must_use]
    fn exponential_minus_one(self) -> Self;
    /// `ln(1 + self)`.
    #[must_use]
    fn log_one_plus(self) -> Self;
    /// The natural logarithm.
    #[must_use]
    fn logarithm(self) -> Self;
    /// The sine.
    #[must_use]
    fn sine(self) -> Self;
    /// The cosine.
    #[must_use]
    fn cosine(self) -> Self;
    /// The arc tangent.
    #[must_use]
    fn arc_tangent(self) -> Self;
    /// The hyperbolic tangent.
    #[must_use]
    fn tangent_h(self) -> Self;
    /// The error function.
    #[must_use]
    fn error_function(self) -> Self;

    /// `self^n` by repeated squaring.
    #[must_use]
    fn power(self, n: u32) -> Self {
        let mut power = Self::near(1.0);
        for bit in (0..u32::BITS - n.leading_zeros()).rev() {
            power = power * power;
            if n >> bit & 1 == 1 {
                power = power * self;
            }
        }
        power
    }
}

macro_rules! machine {
    ($number:ty: $($name:ident = $function:path),*) => {
        impl Machine for $number {
            fn near(x: f64) -> Self {
                x as Self
            }
            $(fn $name(self) -> Self {
                $function(self)
            })*
        }
    };
}

machine!(f64: root = libm::sqrt, exponential = libm::exp, exponential_minus_one = libm::expm1, log_one_plus = libm::log1p,
    logarithm = libm::log, sine = libm::sin, cosine = libm::cos, arc_tangent = libm::atan, tangent_h = libm::tanh,
    error_function = libm::erf);
machine!(f32: root = libm::sqrtf, exponential = libm::expf, exponential_minus_one = libm::expm1f, log_one_plus = libm::log1pf,
    logarithm = libm::logf, sine = libm::sinf, cosine = libm::cosf, arc_tangent = libm::atanf, tangent_h = libm::tanhf,
    error_function = libm::erff);
