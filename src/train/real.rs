//! The two machine precisions in which networks are trained.

use std::{
    fmt::Debug,
    ops::{Add, AddAssign, Mul},
};

/// `f32` or `f64`.
///
/// Products and sums are fused ([`Real::fma`]), which every machine rounds the same way: a run gives the same bytes whatever vector
/// instructions the machine has.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Mul<Output = Self>
    + 'static
{
    /// Zero.
    const ZERO: Self;
    /// The distance from 1 to the next number.
    const EPSILON: f64;
    /// The name, as on the command line.
    const NAME: &'static str;
    /// Bytes of one number.
    const BYTES: usize;

    /// The nearest number.
    fn of(x: f64) -> Self;
    /// The same number in f64.
    fn to_f64(self) -> f64;
    /// `self * b + c`, rounded once.
    #[must_use]
    fn fma(self, b: Self, c: Self) -> Self;
    /// Appends the number, least byte first.
    fn write(self, bytes: &mut Vec<u8>);
    /// The number of these `BYTES` bytes, least first.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! real {
    ($t:ident, $bytes:literal) => {
        impl Real for $t {
            const ZERO: Self = 0.0;
            const EPSILON: f64 = $t::EPSILON as f64;
            const NAME: &'static str = stringify!($t);
            const BYTES: usize = $bytes;

            #[inline(always)]
            fn of(x: f64) -> Self {
                x as $t
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn fma(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }

            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Self {
                let mut own = [0; $bytes];
                own.copy_from_slice(&bytes[..$bytes]);
                Self::from_le_bytes(own)
            }
        }
    };
}

real!(f32, 4);
real!(f64, 8);
