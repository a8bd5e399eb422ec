//! The loop of a two-layer network: the backward pass of a step and the forward pass of the next one, unit by unit.
//!
//! A unit's inputs stay in the nearest cache between the two passes, and nothing of size `n x m` is ever stored: whether a unit is active
//! at a point is found again from its weights, which costs less than reading it.

use super::{
    real::Real,
    tiles::{LANES, Lane, Tiles},
};

/// What one pass over some units does before it adds up their outputs.
#[derive(Clone, Copy, Debug)]
pub struct Backward<'a, T> {
    /// The derivative of the loss in the output at each point; 0 at points that fill up the last tile.
    pub slopes: &'a [Lane<T>],
    /// Step size over `sqrt m`.
    pub step: T,
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

// A type of its own and not a closure: calls of closures are not always inlined, and only what is inlined gets the vector instructions.
impl<T: Real> pulp::NullaryFnOnce for Pass<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.inputs.axes() {
            2 => unrolled::<T, 2>(self),
            3 => unrolled::<T, 3>(self),
            4 => unrolled::<T, 4>(self),
            axes => {
                let mut sums = vec![[T::ZERO; LANES]; axes];
                all(self, axes, &mut sums);
            }
        }
    }
}

/// With the number of axes known to the compiler, which then keeps `sums` in registers.
#[inline(always)]
fn unrolled<T: Real, const AXES: usize>(pass: Pass<'_, T>) {
    let mut sums = [[T::ZERO; LANES]; AXES];
    all(pass, AXES, &mut sums);
}

#[inline(always)]
fn all<T: Real>(pass: Pass<'_, T>, axes: usize, sums: &mut [Lane<T>]) {
    let Pass { inputs, units, signs, backward, out } = pass;
    for (unit, sign) in units.chunks_exact_mut(axes).zip(signs) {
        if let Some(backward) = backward {
            sums.fill([T::ZERO; LANES]);
            for (tile, slope) in inputs.lanes().chunks_exact(axes).zip(backward.slopes) {
                let active = preactivation(unit, tile);
                let mut masked = [T::ZERO; LANES];
                for l in 0..LANES {
                    masked[l] = if active[l] >= T::ZERO { slope[l] } else { T::ZERO };
                }
                for (sum, x) in sums.iter_mut().zip(tile) {
                    for l in 0..LANES {
                        sum[l] = masked[l].fma(x[l], sum[l]);
                    }
                }
            }
            let minus = T::of(-1.0) * backward.step * *sign;
            for (w, sum) in unit.iter_mut().zip(sums.iter()) {
                *w = minus.fma(total(sum), *w);
            }
        }
        for (tile, out) in inputs.lanes().chunks_exact(axes).zip(out.iter_mut()) {
            let z = preactivation(unit, tile);
            for l in 0..LANES {
                let relu = if z[l] > T::ZERO { z[l] } else { T::ZERO };
                out[l] = sign.fma(relu, out[l]);
            }
        }
    }
}

/// `w . x` at the points of a tile.
#[inline(always)]
fn preactivation<T: Real>(unit: &[T], tile: &[Lane<T>]) -> Lane<T> {
    let mut z = [T::ZERO; LANES];
    for (w, x) in unit.iter().zip(tile) {
        for l in 0..LANES {
            z[l] = w.fma(x[l], z[l]);
        }
    }
    z
}

/// The sum of the lanes, in halves.
#[inline(always)]
fn total<T: Real>(lane: &Lane<T>) -> T {
    let mut sums = *lane;
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            sums[l] = sums[l] + sums[l + half];
        }
        half /= 2;
    }
    sums[0]
}
