//! Products with a matrix that is never stored, against the fastest product of large matrices: `cargo bench --bench gram -- run [POINTS]`.
//!
//! Prints, for blocks of several widths, seconds and Gflop/s, and the share that this is of what large matrices reach on the same threads in the same run.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use faer::{Accum, Mat, Par, linalg::matmul::matmul};
use hinf::{
    gram::{
        block::Block,
        operator::Operator,
        values::{Sites, Values},
    },
    kernel::Kernel,
    math::units::Dimension,
    progress::Unwatched,
    sample::designs,
};
use std::time::Instant;

/// The side of the large matrices.
const SIDE: usize = 4096;
/// Of so many rounds the fastest counts.
const ROUNDS: usize = 3;
const POINTS: usize = 20_000;
/// Columns of a block.
const WIDTHS: [usize; 6] = [16, 32, 48, 64, 72, 96];

/// Operations a second, in units of 10^9.
fn fastest(operations: f64, mut work: impl FnMut()) -> f64 {
    let mut round = || {
        let begun = Instant::now();
        work();
        operations / begun.elapsed().as_secs_f64() / 1e9
    };
    (0..ROUNDS).map(|_| round()).fold(0.0, f64::max)
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let Some(at) = words.iter().position(|word| word == "run") else { return };
    let n = words.get(at + 1).and_then(|word| word.parse().ok()).unwrap_or(POINTS);
    let (a, mut c) = (Mat::from_fn(SIDE, SIDE, |i, j| ((i + 3 * j) % 7) as f64), Mat::zeros(SIDE, SIDE));
    let mut large = || {
        fastest(2.0 * (SIDE as f64).powi(3), || {
            matmul(&mut c, Accum::Replace, &a, &a, 1.0, Par::rayon(0));
        })
    };
    let kernel: Kernel = "two-layer:bias=true".parse().unwrap();
    let (values, points) =
        (Values::new(&kernel).unwrap(), designs::uniform(Dimension::new(2).unwrap(), n, 1));
    let sites = Sites::new(&points);
    let operator = Operator::around(&values, &sites, None);
    for b in WIDTHS {
        let v = Block::new(b, (0..n * b).map(|i| ((i * 37 % 101) as f64 - 50.0) / 7.0).collect());
        let operations = 2.0 * (n as f64).powi(2) * b as f64;
        let (peak, rate) = (large(), fastest(operations, || drop(operator.apply(&v, &Unwatched).unwrap())));
        println!(
            "{n} points, {b} columns: {:.3} s, {rate:.1} Gflop/s, {:.0} % of the {peak:.1} of {SIDE} x {SIDE} matrices",
            operations / rate / 1e9,
            100.0 * rate / peak
        );
    }
}
