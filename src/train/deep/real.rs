//! The two precisions of a network.

use faer::traits::RealField;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg};

/// A floating-point type that a network can be kept in.
pub(super) trait Real:
    RealField
    + Copy
    + Send
    + Sync
    + PartialOrd
    + Add<Output = Self>
    + Mul<Output = Self>
    + MulAssign
    + Neg<Output = Self>
    + AddAssign
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The length of a value in bytes.
    const BYTES: usize = size_of::<Self>();

    /// The nearest value to `x`.
    fn of(x: f64) -> Self;

    /// The same value in double precision; exact.
    fn wide(self) -> f64;

    /// The error function; to a unit in the last place, an estimate.
    fn erf(self) -> Self;

    /// The exponential function.
    fn exp(self) -> Self;

    /// Its bits, little end first, appended to `out`.
    fn write(self, out: &mut Vec<u8>);

    /// The value of these [`Real::BYTES`] bytes.
    fn read(bytes: &[u8]) -> Option<Self>;
}

macro_rules! real {
    ($type:ty, $erf:path) => {
        impl Real for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            fn of(x: f64) -> Self {
                x as Self
            }

            fn wide(self) -> f64 {
                self.into()
            }

            fn erf(self) -> Self {
                $erf(self)
            }

            fn exp(self) -> Self {
                self.exp()
            }

            fn write(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self::from_le_bytes)
            }
        }
    };
}

real!(f32, libm::erff);
real!(f64, libm::erf);
