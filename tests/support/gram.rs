//! Kernels, points and predictions for the tests of the sampled check.

#![allow(clippy::unwrap_used)]
#![allow(dead_code, reason = "each test file uses some of it")]

use hinf::{
    compare::prediction::Prediction,
    dynamics::Mode,
    gram::{Sites, Values},
    kernel::{Angle, Kernel},
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Bits, Digits, Dimension},
    },
    sample::{Design, Points, points},
    spectrum::{Eigenvalue, Goal, spectrum},
};

pub fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

pub fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

pub fn uniform(d: u32, n: usize, seed: u64) -> Points {
    points(Design::Uniform, dim(d), n, seed).unwrap()
}

pub fn ready(spec: &str, sample: &Points) -> (Values, Sites) {
    (Values::new(&kernel(spec)).unwrap(), Sites::new(sample))
}

/// Degrees `0..=top` with their multiplicities.
pub fn degrees(d: u32, top: u32) -> Vec<(u32, usize)> {
    (0..=top).map(|k| (k, multiplicity(dim(d), k).to_usize().unwrap())).collect()
}

pub fn prediction(spec: &str, d: u32, top: u32) -> Prediction {
    let list = Degrees::up_to(top).unwrap();
    let found = spectrum(&kernel(spec), dim(d), &list, &Goal::digits(Digits::new(14).unwrap())).unwrap();
    let mode = |x: &Eigenvalue| Mode {
        degree: x.degree,
        eigenvalue: x.to_f64(),
        multiplicity: multiplicity(dim(d), x.degree).to_f64(),
    };
    Prediction {
        modes: found.eigenvalues.iter().map(mode).collect(),
        at_one: kernel(spec).at_one(Bits(64)).midpoint().to_f64(),
        at_minus_one: kernel(spec).evaluator().at(&Angle::from_radians(std::f64::consts::PI)),
        proved_positive: kernel(spec).is_positive_definite(),
    }
}

pub const KERNELS: [&str; 12] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1",
    "ntk:depth=3,b=1/2",
    "nngp:depth=2",
    "resnet:depth=2,alpha=1/2",
    "ntk:depth=2,activation=erf",
    "arc-cosine:order=2",
    "laplace:c=2",
    "gaussian:length=1/2",
    "matern:nu=2.5",
    "expr:exp(t)*(2+t)",
];

/// A dimension for each of [`KERNELS`]: all from 1 to 9.
pub const DIMENSIONS: [u32; 12] = [1, 2, 3, 1, 2, 4, 5, 8, 9, 2, 7, 6];
