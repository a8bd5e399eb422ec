//! How long spectra take, and how far that is from the multiplications they need.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use hinf::{
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{Goal, ellipse::Ellipses, exact::ExactSpectrum, precise, spectrum},
};
use rug::{Assign, Integer};
use std::{hint::black_box, time::Instant};

fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

fn precise_degrees(spec: &str, top: u32) {
    let degrees = Degrees::up_to(top).unwrap();
    let digits = Digits::new(50).unwrap();
    black_box(precise::eigenvalues(&kernel(spec), Dimension::SPHERE, &degrees, digits).unwrap());
}

/// Prints the median of `runs` runs, after one that warms up.
fn timed(name: &str, runs: usize, work: impl Fn()) {
    work();
    let mut seconds: Vec<f64> = (0..runs).map(|_| seconds(&work)).collect();
    seconds.sort_by(f64::total_cmp);
    println!("{name}: {:.3} ms, the median of {runs}", seconds[runs / 2] * 1e3);
}

fn seconds(work: &dyn Fn()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn main() {
    let degrees = Degrees::up_to(1000u32).unwrap();
    let two_layer = ExactSpectrum::of(&kernel("two-layer:bias=true"), Dimension::SPHERE).unwrap();
    timed("two-layer 0..1000, rationals", 101, || {
        drop(black_box(two_layer.eigenvalues(&degrees, Bits(170), usize::MAX)));
    });
    let goal = Goal::digits(Digits::new(20).unwrap());
    timed("two-layer degree 100000 on S^7", 101, || {
        let high = Degrees::new([100_000u32]).unwrap();
        drop(black_box(spectrum(&kernel("two-layer:bias=true"), Dimension::new(7).unwrap(), &high, &goal)));
    });
    timed("ntk:depth=3 0..60, 50 digits", 51, || precise_degrees("ntk:depth=3", 60));
    timed("ntk:depth=3 0..1000, 50 digits", 11, || precise_degrees("ntk:depth=3", 1000));
    limit();
    high_degrees();
}

/// The time of degrees 0..1000 over that of its multiplications alone, single-threaded both.
///
/// The sums take three a node pair and degree (two of the recurrence, one to accumulate); the nodes take two a root and degree.
fn limit() {
    let top = 1000u32;
    let mut ellipses = Ellipses::of(&kernel("ntk:depth=3"));
    // 50 digits, and the size of the smallest eigenvalue: 2^-30 at k = 1000, with the reserve the route takes.
    let accuracy = Bits(169 + 11 + 20 + 8);
    let nodes =
        ellipses.best(u32::MAX, |ellipse| ellipse.nodes(accuracy, top, 2)).unwrap().nodes(accuracy, top, 2);
    let bits = (accuracy.0 + 3 * 11 + 24).div_ceil(64) * 64;
    let half = u64::from(nodes / 2);
    let sums = multiplying(half * u64::from(top) * 3, bits);
    let multiplications = sums + multiplying(half * u64::from(nodes) * 2, bits);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let whole = pool.install(|| seconds(&|| precise_degrees("ntk:depth=3", top)));
    println!(
        "0..1000: {nodes} nodes at {bits} bits; multiplications {:.0} ms (sums {:.0}), the whole {:.0} ms, {:.1} times that",
        multiplications * 1e3,
        sums * 1e3,
        whole * 1e3,
        whole / multiplications
    );
}

/// The time of degrees 0..10000 by quadrature alone over that of all routes, and of one degree at 10^6 with its set-up.
fn high_degrees() {
    let (kernel, digits) = (kernel("ntk:depth=3"), Digits::new(50).unwrap());
    let by_routes = |degrees: &Degrees| {
        drop(black_box(spectrum(&kernel, Dimension::SPHERE, degrees, &Goal::digits(digits)).unwrap()));
    };
    let range = Degrees::up_to(10_000u32).unwrap();
    let routes = seconds(&|| by_routes(&range));
    let quadrature = seconds(&|| {
        drop(black_box(precise::eigenvalues(&kernel, Dimension::SPHERE, &range, digits).unwrap()));
    });
    let single = seconds(&|| by_routes(&Degrees::new([1_000_000u64]).unwrap()));
    println!(
        "ntk:depth=3, 50 digits: 0..10000 in {routes:.3} s, by quadrature {quadrature:.2} s, {:.0} times that; k = 10^6 {single:.3} s",
        quadrature / routes
    );
}

/// Seconds that `count` multiplications of `bits` bits take.
fn multiplying(count: u64, bits: u32) -> f64 {
    let [x, y] = [3u32, 7].map(|n| (Integer::from(1) << bits) / n);
    let mut product = Integer::with_capacity(2 * bits as usize);
    let start = Instant::now();
    for _ in 0..count {
        product.assign(black_box(&x) * black_box(&y));
    }
    start.elapsed().as_secs_f64()
}
