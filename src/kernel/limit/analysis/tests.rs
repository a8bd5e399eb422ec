use super::*;
use crate::{
    kernel::Kernel,
    math::{
        angle::Angle,
        degrees::Degrees,
        scalar::Scalar,
        truncated::Series as PowerSeries,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{Goal, spectrum},
};

/// The last even and odd power of a network of polynomials, by its own formula on power series in `t`.
#[test]
fn powers_are_those_of_the_kernel_written_out() {
    for spec in [
        "nngp:dense polynomial(1,1) layer-norm dense",
        "nngp:dense polynomial(1,1) dense layer-norm dense",
        "nngp:dense product(dense polynomial(1,1), dense polynomial(1)) layer-norm dense",
        "nngp:dense product(dense polynomial(1,1), dense polynomial(1) dense) layer-norm dense",
        "nngp:dense product(dense polynomial(1) dense, dense) dense polynomial(1,1) layer-norm dense",
        "nngp:dense product(dense polynomial(1,1) dense, dense polynomial(2) dense) layer-norm dense",
        "nngp:dense sum(dense polynomial(1,1), dense polynomial(2)) layer-norm dense",
        "ntk:dense(train=no) sum(dense polynomial(1,1) dense, dense monomial(3)) dense(train=no)",
        "ntk:dense product(dense monomial(3), dense polynomial(1,0,1)) dense",
        "ntk:dense(b=1) product(dense(train=no) monomial(2), dense(train=no) monomial(3)) dense(train=no)",
        "ntk:dense monomial(3) dense polynomial(-15,0,1) dense",
        "nngp:sum(dense polynomial(1/2,1), dense polynomial(-1/2,0,0,1)) dense",
        "nngp:sum(dense polynomial(1/2,1), dense polynomial(1,0,0,1) scale(-1/3)) dense",
        "nngp:sum(dense polynomial(1/2,1) dense, dense polynomial(-1/2,0,0,1)) dense",
        "nngp:product(sum(dense polynomial(1,1), dense polynomial(-1,0,0,1)), dense) dense",
        "nngp:sum(dense product(dense polynomial(1,1), dense monomial(0)), dense polynomial(-1,0,0,1)) dense",
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let variable = PowerSeries::variable(40, Bits(300));
        let value = kernel.evaluator_in(&variable).at(&Angle::from_cosine(variable));
        let present = |n: &usize| !value.coefficient(*n).unwrap().contains_zero();
        let last = |parity: usize| (0..40).rev().filter(|n| n % 2 == parity).find(present);
        let written = [0, 1].map(|parity| last(parity).map_or(Extent::None, |n| Extent::Degree(n as u64)));
        let powers = kernel.powers();
        assert_eq!([powers.even, powers.odd], written, "{spec}");
    }
}

/// Means of sigmoids, steps and formulas cancel in a sum as those of polynomials do. Where one is not known, nothing is claimed.
#[test]
fn opposite_means_leave_no_constant() {
    for (spec, even, odd) in [
        ("nngp:sum(dense sigmoid, dense sigmoid scale(-1)) dense", Extent::None, Extent::Unbounded),
        ("nngp:sum(dense sigmoid, dense step scale(-1)) dense", Extent::None, Extent::Unbounded),
        ("nngp:sum(dense sigmoid, dense polynomial(-1/2,1)) dense", Extent::None, Extent::Unbounded),
        ("nngp:sum(dense expr(1+tanh(u)), dense expr(tanh(u)-1)) dense", Extent::None, Extent::Unbounded),
        ("ntk:sum(dense sigmoid, dense sigmoid scale(-1)) dense tanh dense", Extent::None, Extent::Unbounded),
        (
            "nngp:product(sum(dense sigmoid, dense sigmoid scale(-1)), dense) dense",
            Extent::Unbounded,
            Extent::None,
        ),
        ("nngp:sum(dense sigmoid, dense sigmoid scale(-1/2)) dense", Extent::Degree(0), Extent::Unbounded),
        (
            "nngp:sum(dense sigmoid dense, dense sigmoid scale(-1)) dense",
            Extent::Degree(0),
            Extent::Unbounded,
        ),
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let powers = kernel.powers();
        assert_eq!((powers.even, powers.odd), (even, odd), "{spec}");
        assert!(kernel.powers_are_exact(), "{spec}");
    }
    let unknown = "nngp:sum(dense sigmoid rms-norm, dense sigmoid rms-norm scale(-1)) dense";
    assert!(!unknown.parse::<Kernel>().unwrap().powers_are_exact());
}

/// `lambda_2000` against `lambda_8000`, exactly known ones and those of the expansion. None where they vanish.
#[test]
fn eigenvalues_fall_with_the_singular_orders() {
    for (spec, orders) in [
        ("arc-cosine:order=0", [None, Some(1.0)]),
        ("arc-cosine:order=1", [Some(3.0), None]),
        ("arc-cosine:order=2", [None, Some(5.0)]),
        ("nngp:dense abs dense", [Some(3.0), None]),
        ("ntk:depth=1", [Some(1.0), None]),
        ("two-layer:bias=true", [Some(1.0); 2]),
        ("ntk:dense(train=no) relu dense", [Some(3.0), None]),
        ("ntk:dense(train=no) relu dense(train=no) relu dense", [Some(3.0); 2]),
        ("nngp:depth=2", [Some(3.0); 2]),
        ("ntk:depth=3", [Some(1.0); 2]),
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        assert_eq!(kernel.singular_orders(), orders, "{spec}");
        let degrees = Degrees::new([2000u32, 2001, 8000, 8001]).unwrap();
        let goal = Goal::digits(Digits::FEW);
        let values = spectrum(&kernel, Dimension::SPHERE, &degrees, &goal).unwrap().eigenvalues;
        for (parity, order) in orders.into_iter().enumerate() {
            let (here, there) = (&values[parity], &values[parity + 2]);
            let Some(order) = order else {
                assert!(here.enclosure.is_zero() && there.enclosure.is_zero(), "{spec} {parity}");
                continue;
            };
            let size = |x: &crate::math::ball::Ball| x.midpoint().to_f64().ln();
            let apart = ((there.degree as f64 + 0.5) / (here.degree as f64 + 0.5)).ln();
            let slope = (size(&here.enclosure) - size(&there.enclosure)) / apart;
            assert!((slope - 2.0 - order).abs() < 0.01, "{spec} {parity}: {slope}");
        }
    }
}

/// Orders below 2 are those of `K(1) - K` next to coinciding points. Jumps make it fall like the angle, and what follows like the root of it.
#[test]
fn kernels_leave_the_diagonal_with_the_singular_orders() {
    for (spec, order) in [
        ("ntk:depth=2", 1.0),
        ("nngp:dense step dense", 1.0),
        ("nngp:dense step dense relu dense", 1.0),
        ("nngp:dense step dense step dense", 0.5),
        ("ntk:dense step dense relu dense", 0.5),
        ("nngp:dense sign dense abs dense step dense", 0.5),
        ("nngp:dense sum(dense relu, dense step) dense step dense", 0.5),
        ("nngp:dense product(dense step, dense relu) dense step dense", 0.5),
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let least = kernel.singular_orders().into_iter().flatten().reduce(f64::min);
        assert_eq!(least, Some(order), "{spec}");
        let at = |theta: f64| kernel.evaluator().at(&Angle::from_radians(theta));
        let fall = |theta: f64| (at(0.0) - at(theta)).ln();
        let slope = (fall(1e-4) - fall(1e-6)) / 100f64.ln();
        assert!((slope - order).abs() < 0.02, "{spec}: {slope}");
    }
}

/// An even part with a kink beside an odd one that is entire, times an even function: odd eigenvalues follow no power.
#[test]
fn what_is_smooth_in_one_parity_stays_so_in_products() {
    let kernel: Kernel = "nngp:product(sum(dense abs, dense sin), dense cos) dense".parse().unwrap();
    assert_eq!(kernel.singular_orders(), [Some(3.0), None]);
    let degrees = Degrees::new([40u32, 41]).unwrap();
    let goal = Goal::digits(Digits::FEW);
    let values = spectrum(&kernel, Dimension::SPHERE, &degrees, &goal).unwrap().eigenvalues;
    assert!(values[1].to_f64() > 0.0 && values[1].to_f64() < 1e-20 * values[0].to_f64());
}
