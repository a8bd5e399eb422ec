//! The two machine precisions in which networks are trained.

use crate::math::machine::Machine;
use faer::traits::RealField;
use pulp::Simd;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg};

/// `f32` or `f64`.
///
/// Products and sums are fused ([`Real::fma`]), which every machine rounds the same way: a run gives the same bytes whatever vector
/// instructions the machine has.
pub trait Real:
    RealField
    + Machine
    + Copy
    + PartialOrd
    + Add<Output = Self>
    + AddAssign
    + Mul<Output = Self>
    + MulAssign
    + Neg<Output = Self>
    + 'static
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// The unit roundoff: half the distance from 1 to the next number.
    const UNIT: f64;
    /// Bytes of one number.
    const BYTES: usize = size_of::<Self>();

    /// The nearest number.
    fn of(x: f64) -> Self;
    /// The same number in f64.
    fn to_f64(self) -> f64;
    /// `self * b + c`, rounded once.
    #[must_use]
    fn fma(self, b: Self, c: Self) -> Self;
    /// As many numbers as a register of the machine holds.
    type Register<S: Simd>: Copy;
    /// The same number in every place.
    fn splat<S: Simd>(simd: S, x: Self) -> Self::Register<S>;
    /// The numbers as registers; their count is a multiple of the register's.
    fn registers<S: Simd>(numbers: &[Self]) -> &[Self::Register<S>];
    /// The numbers as registers, to be changed.
    fn registers_mut<S: Simd>(numbers: &mut [Self]) -> &mut [Self::Register<S>];
    /// `a b + c` in each place, rounded once.
    fn fused<S: Simd>(
        simd: S,
        a: Self::Register<S>,
        b: Self::Register<S>,
        c: Self::Register<S>,
    ) -> Self::Register<S>;
    /// 0 where `z < 0`, else `x`.
    fn unless_negative<S: Simd>(simd: S, z: Self::Register<S>, x: Self::Register<S>) -> Self::Register<S>;
    /// Appends the number, least byte first.
    fn write(self, bytes: &mut Vec<u8>);
    /// The number of these `BYTES` bytes, least first.
    fn read(bytes: &[u8]) -> Self;
}

macro_rules! real {
    ($t:ident, $register:ident, $splat:ident, $as:ident, $as_mut:ident, $fma:ident, $less:ident, $select:ident) => {
        impl Real for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const UNIT: f64 = 0.5 * $t::EPSILON as f64;

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

            type Register<S: Simd> = S::$register;

            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: Self) -> S::$register {
                simd.$splat(x)
            }

            #[inline(always)]
            fn registers<S: Simd>(numbers: &[Self]) -> &[S::$register] {
                S::$as(numbers).0
            }

            #[inline(always)]
            fn registers_mut<S: Simd>(numbers: &mut [Self]) -> &mut [S::$register] {
                S::$as_mut(numbers).0
            }

            #[inline(always)]
            fn fused<S: Simd>(simd: S, a: S::$register, b: S::$register, c: S::$register) -> S::$register {
                simd.$fma(a, b, c)
            }

            #[inline(always)]
            fn unless_negative<S: Simd>(simd: S, z: S::$register, x: S::$register) -> S::$register {
                let zero = simd.$splat(0.0);
                simd.$select(simd.$less(z, zero), zero, x)
            }

            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            fn read(bytes: &[u8]) -> Self {
                let mut own = [0; Self::BYTES];
                own.copy_from_slice(bytes);
                Self::from_le_bytes(own)
            }
        }
    };
}

real!(f32, f32s, splat_f32s, as_simd_f32s, as_mut_simd_f32s, mul_add_f32s, less_than_f32s, select_f32s);
real!(f64, f64s, splat_f64s, as_simd_f64s, as_mut_simd_f64s, mul_add_f64s, less_than_f64s, select_f64s);
