//! Kernels of networks against neural-tangents, at single angles (`benches/peers/networks.py`).

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::kernel::{Angle, Kernel};
use std::collections::BTreeSet;

/// Means of branches, biases that start at 0, frozen layers and the other norms are beyond it; values are good to 1e-12 where it integrates.
#[test]
fn kernels_are_those_of_neural_tangents() {
    let text = include_str!("../data/neural_tangents.csv");
    let mut specs = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let [spec, theta, value] = line.split(';').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let [theta, value]: [f64; 2] = [theta, value].map(|text| text.parse().unwrap());
        let kernel: Kernel = spec.parse().unwrap_or_else(|error| panic!("{spec}: {error}"));
        let found = kernel.evaluator().at(&Angle::from_radians(theta));
        assert!(
            (found - value).abs() <= 1e-12 * value.abs().max(1.0),
            "{spec} at {theta}: {found} against {value}"
        );
        specs.insert(spec.to_owned());
    }
    assert_eq!(specs.len(), 54);
}
