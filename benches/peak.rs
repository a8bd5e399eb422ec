//! The most operations a second that the machine does, for the scripts in `benches/peers`: fused multiply-adds in registers, on all threads.
//!
//! `cargo bench --bench peak -- run` prints Gflop/s in f32 and in f64, the fastest of 20 rounds.

#![allow(clippy::print_stdout)]

use hinf::train::real::Real;
use pulp::{Simd, WithSimd};
use std::{hint::black_box, marker::PhantomData, time::Instant};

/// Sums that do not wait for one another: more than the latency times the units of any machine.
const SUMS: usize = 16;
const STEPS: usize = 2_000_000;
const ROUNDS: usize = 20;

struct Loop<T>(PhantomData<T>);

impl<T: Real> WithSimd for Loop<T> {
    /// Operations done.
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let (factor, term) = (T::splat(simd, T::of(0.999)), T::splat(simd, T::of(0.001)));
        let mut sums = [black_box(term); SUMS];
        for _ in 0..STEPS {
            for sum in &mut sums {
                *sum = T::fused(simd, *sum, factor, term);
            }
        }
        black_box(sums);
        2 * STEPS * SUMS * size_of::<T::Register<S>>() / size_of::<T>()
    }
}

fn peak<T: Real>() -> f64 {
    let round = || {
        let begun = Instant::now();
        let done = rayon::broadcast(|_| pulp::Arch::new().dispatch(Loop::<T>(PhantomData)));
        done.iter().sum::<usize>() as f64 / begun.elapsed().as_secs_f64() / 1e9
    };
    (0..ROUNDS).map(|_| round()).fold(0.0, f64::max)
}

fn main() {
    if std::env::args().any(|word| word == "run") {
        println!("{:.1} {:.1}", peak::<f32>(), peak::<f64>());
    }
}
