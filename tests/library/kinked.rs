//! Networks whose activations are known by series: kinks after them, many layers, and two precisions.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Digits, Dimension},
    },
    spectrum::{Eigenvalue, Goal, Kind, spectrum},
};

/// Kinks, jumps and other closed forms after series; variances that shrink, stay and grow.
const NETWORKS: [&str; 9] = [
    "ntk:dense tanh dense elu dense",
    "ntk:dense(b=0.2) sigmoid dense selu dense(lr=0.1) relu dense",
    "nngp:dense tanh dense rbf(gamma=0.4) dense abs dense",
    "ntk:dense silu dense gelu dense relu dense",
    "nngp:dense softplus dense(w=0.3) sign dense",
    "ntk:dense expr(u/(2+u^2)) dense(w=3) rectified-monomial(3) dense",
    "ntk:dense 100*(tanh dense)",
    "ntk:dense 40*(silu dense)",
    "nngp:dense 30*(softplus dense)",
];

fn found(kernel: &Kernel, digits: u32) -> Vec<Eigenvalue> {
    let goal = Goal::digits(Digits::new(digits).unwrap());
    spectrum(kernel, Dimension::SPHERE, &Degrees::up_to(3u32).unwrap(), &goal).unwrap().eigenvalues
}

#[test]
fn enclosures_at_two_precisions_overlap() {
    for spec in NETWORKS {
        let kernel: Kernel = spec.parse().unwrap();
        let [low, high] = [8, 20].map(|digits| found(&kernel, digits));
        for (a, b) in low.iter().zip(&high) {
            assert!(matches!(b.kind, Kind::Certified | Kind::Zero), "{spec}: {b:?}");
            assert!((a.enclosure.clone() - b.enclosure.clone()).contains_zero(), "{spec}: {a:?} {b:?}");
            assert!(b.kind == Kind::Zero || b.enclosure.radius() < a.enclosure.radius(), "{spec}: {b:?}");
        }
    }
}
