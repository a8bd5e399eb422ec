//! The designs: uniform, equispaced, Fibonacci, quadrature.

use super::{Points, gegenbauer};
use crate::{
    error::{Error, Result},
    math::units::Dimension,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use std::f64::consts::TAU;

/// Points drawn from one stream of the generator; fixed, so that the points do not depend on the number of threads.
const CHUNK: usize = 1024;

/// The golden ratio less 1.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// `n` independent uniform points on `S^d`: normal vectors over their norms, chunk `c` of 1024 from stream `c` of ChaCha8.
pub fn uniform(dim: Dimension, n: usize, seed: u64) -> Points {
    let width = dim.get() as usize + 1;
    let mut coordinates = vec![0.0; n * width];
    coordinates.par_chunks_mut(CHUNK * width).enumerate().for_each(|(c, chunk)| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(c as u64);
        chunk.chunks_exact_mut(width).for_each(|point| direction(&mut random, point));
    });
    Points::equal(dim, coordinates, None)
}

/// Fills `point` with a uniform direction.
fn direction(random: &mut impl Rng, point: &mut [f64]) {
    let mut norm: f64 = 0.0;
    while norm == 0.0 {
        point.iter_mut().for_each(|x| *x = StandardNormal.sample(random));
        norm = point.iter().map(|x| x * x).sum::<f64>().sqrt();
    }
    point.iter_mut().for_each(|x| *x /= norm);
}

/// `n` equal steps around the circle, from `(1, 0)`: exact to degree `n - 1`.
pub fn equispaced(n: usize) -> Points {
    let coordinates = (0..n).flat_map(|i| on_circle(i as f64 / n as f64)).collect();
    let exact_to = u32::try_from(n - 1).ok();
    Points { exact_to, ..Points::equal(Dimension::CIRCLE, coordinates, None) }
}

/// `n` points of the Fibonacci spiral on `S^2`: heights `1 - (2i+1)/n`, longitudes `2 pi i / golden ratio`.
pub fn fibonacci(n: usize) -> Points {
    let point = |i: usize| {
        // 1 - z and 1 + z are formed without cancellation, for points near the poles.
        let (below, above) = ((2 * i + 1) as f64 / n as f64, (2 * (n - i) - 1) as f64 / n as f64);
        let radius = (below * above).sqrt();
        let [x, y] = on_circle((i as f64 * GOLDEN).fract());
        [radius * x, radius * y, 0.5 * (above - below)]
    };
    Points::equal(Dimension::SPHERE, (0..n).flat_map(point).collect(), None)
}

/// The largest product rule of at most `n` points on `S^d`, exact to degree `2m - 1`: `m` Gauss nodes in each of the `d - 1` polar angles and
/// `2m` equal steps around the last circle, `2 m^d` points in all; on the circle `n` equal steps.
///
/// # Errors
/// When `n` is too small for `m = 2`.
pub fn quadrature(dim: Dimension, n: usize) -> Result<Points> {
    let d = dim.get();
    if d == 1 {
        return Ok(equispaced(n));
    }
    let fits = |m: usize| m.checked_pow(d).and_then(|all| all.checked_mul(2)).is_some_and(|all| all <= n);
    if !fits(2) {
        let expected = format!("at least 2^{} for a product rule on S^{d}, or --design uniform", d + 1);
        return Err(Error::invalid("points", n, expected));
    }
    let mut m = (n as f64 / 2.0).powf(1.0 / f64::from(d)) as usize;
    // The root in f64 may be off by one either way.
    m += usize::from(fits(m + 1));
    m -= usize::from(!fits(m));
    let mut sphere = equispaced(2 * m);
    for level in 2..=d {
        sphere = suspended(&sphere, Dimension::new(level)?, m as u32);
    }
    Ok(Points { exact_to: u32::try_from(2 * m - 1).ok(), ..sphere })
}

/// The rule on `S^d` from one on `S^(d-1)`: its copies on the parallels at the `m` nodes of the last coordinate.
fn suspended(equator: &Points, dim: Dimension, m: u32) -> Points {
    let rule = gegenbauer::rule(dim, m);
    let mass: f64 = rule.iter().map(|(_, w)| w).sum();
    let count = rule.len() * equator.len();
    let (mut coordinates, mut weights) =
        (Vec::with_capacity(count * (dim.get() as usize + 1)), Vec::with_capacity(count));
    for (height, weight) in rule {
        let radius = ((1.0 - height) * (1.0 + height)).sqrt();
        for i in 0..equator.len() {
            coordinates.extend(equator.point(i).iter().map(|x| radius * x));
            coordinates.push(height);
            weights.push(equator.weights[i] * weight / mass);
        }
    }
    Points { dim, coordinates, weights, exact_to: None }
}

/// The point `turns` turns around the circle.
fn on_circle(turns: f64) -> [f64; 2] {
    let (y, x) = (TAU * turns).sin_cos();
    [x, y]
}
