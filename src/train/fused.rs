//! The loop of a two-layer network: the backward pass of a step and the forward pass of the next one, unit by unit.
//!
//! A unit's inputs stay in the nearest cache between the two passes, and nothing of size `n x m` is ever stored: whether a unit is active
//! at a point is found again from its weights, which costs less than reading it.

use super::{
    optimizer::Motion,
    real::Real,
    tiles::{LANES, Lane, Tiles},
};
use pulp::{Simd, WithSimd};

/// The step that one pass over some units makes before it adds up their outputs.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// The derivative of the loss in the output at each point; 0 at points that fill up the last tile.
    pub slopes: &'a [Lane<T>],
    /// The step size `eta`.
    pub step: f64,
    /// The step size over `sqrt m`.
    pub scaled: T,
    /// How weights move.
    pub motion: Motion<T>,
    /// The velocities of these units, if they have any.
    pub velocity: &'a mut [T],
    /// Their weights at the start, if they are drawn back to them.
    pub anchor: &'a [T],
}

/// A pass of some units over all points.
struct Pass<'a, T> {
    inputs: &'a Tiles<T>,
    units: &'a mut [T],
    signs: &'a [T],
    backward: Option<Backward<'a, T>>,
    out: &'a mut [Lane<T>],
}

/// Takes `units` (weights, `axes` each) with `signs` through a step if there is a `backward`, and adds `sum_r a_r relu(w_r . x)` to `out`.
///
/// Vector instructions are those of the machine; the numbers do not depend on them.
pub fn pass<T: Real>(
    inputs: &Tiles<T>,
    units: &mut [T],
    signs: &[T],
    backward: Option<Backward<'_, T>>,
    out: &mut [Lane<T>],
) {
    pulp::Arch::new().dispatch(Pass { inputs, units, signs, backward, out });
}

impl<T: Real> WithSimd for Pass<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // With the number of axes known to the compiler, sums stay in registers.
        match self.inputs.axes() {
            2 => self.all(simd, 2, &mut [[T::splat(simd, T::ZERO); LANES]; 2]),
            3 => self.all(simd, 3, &mut [[T::splat(simd, T::ZERO); LANES]; 3]),
            4 => self.all(simd, 4, &mut [[T::splat(simd, T::ZERO); LANES]; 4]),
            axes => self.all(simd, axes, &mut vec![[T::splat(simd, T::ZERO); LANES]; axes]),
        }
    }
}

impl<T: Real> Pass<'_, T> {
    /// The pass, with scratch `sums` for each axis: of each, as many registers are used as make up a tile.
    #[inline(always)]
    fn all<S: Simd>(mut self, simd: S, axes: usize, sums: &mut [[T::Register<S>; LANES]]) {
        let registers = LANES * size_of::<T>() / size_of::<T::Register<S>>();
        let zero = T::splat(simd, T::ZERO);
        let lanes = T::registers::<S>(self.inputs.lanes().as_flattened());
        let out = T::registers_mut::<S>(self.out.as_flattened_mut());
        let tiles = || lanes.chunks_exact(axes * registers);
        for (r, (unit, sign)) in self.units.chunks_exact_mut(axes).zip(self.signs).enumerate() {
            if let Some(backward) = &mut self.backward {
                for sum in sums[..axes].iter_mut() {
                    sum.fill(zero);
                }
                let slopes = T::registers::<S>(backward.slopes.as_flattened());
                for (tile, slopes) in tiles().zip(slopes.chunks_exact(registers)) {
                    for lane in 0..registers {
                        let z = preactivation::<T, S>(simd, &unit[..axes], tile, registers, lane);
                        let active = T::unless_negative(simd, z, slopes[lane]);
                        for axis in 0..axes {
                            let sum = &mut sums[axis][lane];
                            *sum = T::fused(simd, active, tile[axis * registers + lane], *sum);
                        }
                    }
                }
                let minus = T::of(-1.0) * backward.scaled * *sign;
                let own = r * axes..(r + 1) * axes;
                let velocity = backward.velocity.get_mut(own.clone()).unwrap_or_default();
                let anchor = backward.anchor.get(own).unwrap_or_default();
                backward.motion.step(unit, velocity, anchor, backward.step, |target| {
                    for (w, sum) in target.iter_mut().zip(sums.iter()) {
                        *w = minus.fma(total::<T, S>(&sum[..registers]), *w);
                    }
                });
            }
            let sign = T::splat(simd, *sign);
            for (tile, out) in tiles().zip(out.chunks_exact_mut(registers)) {
                for (lane, out) in out.iter_mut().enumerate() {
                    let z = preactivation::<T, S>(simd, &unit[..axes], tile, registers, lane);
                    *out = T::fused(simd, sign, T::unless_negative(simd, z, z), *out);
                }
            }
        }
    }
}

/// `w . x` at the points of one register of a tile.
#[inline(always)]
fn preactivation<T: Real, S: Simd>(
    simd: S,
    unit: &[T],
    tile: &[T::Register<S>],
    registers: usize,
    lane: usize,
) -> T::Register<S> {
    let mut z = T::splat(simd, T::ZERO);
    for (axis, w) in unit.iter().enumerate() {
        z = T::fused(simd, T::splat(simd, *w), tile[axis * registers + lane], z);
    }
    z
}

/// The sum of the lanes, in halves: one order for every width of registers.
#[inline(always)]
fn total<T: Real, S: Simd>(sum: &[T::Register<S>]) -> T {
    let mut lanes = [T::ZERO; LANES];
    T::registers_mut::<S>(&mut lanes).copy_from_slice(sum);
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}
