//! Eigenvalues against values made by independent programs (`tests/data/*.py`).

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    kernel::Kernel,
    math::{
        ball::Ball,
        decimal::known_digits,
        degrees::Degrees,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{Goal, Kind, Predictor, spectrum},
};
use rug::{Float, Rational, ops::Pow};
use std::collections::BTreeMap;

/// Held values as `(kernel, dim) -> [(degree, text)]`.
fn held(text: &str) -> BTreeMap<(String, u32), Vec<(u64, String)>> {
    let mut cases: BTreeMap<(String, u32), Vec<(u64, String)>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split(';').collect();
        let [kernel, dim, degree, value] = fields[..] else { panic!("{line}") };
        let case = (kernel.to_owned(), dim.parse().unwrap());
        cases.entry(case).or_default().push((degree.parse().unwrap(), value.to_owned()));
    }
    cases
}

/// Checks every value to `digits` significant digits, and that the enclosure is as narrow as was asked.
///
/// All are proved, but for those of the kernels in `estimated`, and there are at least `least`.
fn compare(text: &str, digits: u32, least: u32, estimated: &[&str]) {
    let mut compared = 0;
    for ((spec, d), mut values) in held(text) {
        let is_estimated = estimated.contains(&spec.as_str());
        values.sort();
        let kernel: Kernel = spec.parse().unwrap();
        let degrees = Degrees::new(values.iter().map(|(k, _)| *k)).unwrap();
        let goal = Goal::digits(Digits::new(digits + 2).unwrap());
        let found = spectrum(&kernel, Dimension::new(d).unwrap(), &degrees, &goal).unwrap();
        for (value, (k, text)) in found.eigenvalues.iter().zip(&values) {
            let name = format!("{spec}, d = {d}, k = {k}");
            assert_eq!(value.kind == Kind::Estimate, is_estimated, "{name}: {}", value.kind.name());
            if text == "0" {
                assert_eq!(value.kind, Kind::Zero, "{name}: held zero, found {:?}", value.enclosure);
                continue;
            }
            let expected = Float::with_val(400, Float::parse(text).unwrap());
            let allowed =
                Float::with_val(64, expected.abs_ref()) * Float::with_val(64, 10).pow(-(digits as i32));
            let gap = Float::with_val(400, value.enclosure.midpoint() - &expected).abs();
            assert!(gap <= allowed, "{name}: {} against {text}", value.enclosure.midpoint());
            // Inside the enclosure, but for the rounding of the held text, which has 40 digits or more.
            let rounding = Float::with_val(64, expected.abs_ref()) * Float::with_val(64, 10).pow(-39);
            assert!(
                gap <= Float::with_val(64, &value.enclosure.radius() + rounding),
                "{name}: outside its enclosure"
            );
            assert!(value.enclosure.radius() <= allowed, "{name}: radius {}", value.enclosure.radius());
            compared += 1;
        }
    }
    assert!(compared >= least, "only {compared} values");
}

#[test]
fn every_held_value_agrees_to_38_digits() {
    compare(include_str!("../data/spectra.csv"), 38, 81, &[]);
}

/// Networks of every layer and activation: per-layer variances, frozen layers, rates, skips, sums, products, norms, means.
#[test]
fn composed_networks_agree_to_38_digits() {
    compare(include_str!("../data/networks.csv"), 38, 81, &[]);
}

/// Activations with kinks after ones that are known by series: what cutting these costs is proved.
#[test]
fn kinks_after_series_agree_to_38_digits() {
    compare(include_str!("../data/kinked_networks.csv"), 38, 50, &[]);
}

/// Other networks: elu and selu, formulas, kinks after one and two jumps, products, norms; d to 783 and k to 100.
#[test]
fn unseen_networks_agree_to_38_digits() {
    // Its angle is graded twice, and no ellipse is proved.
    let estimated = ["nngp:dense step dense sign dense relu dense"];
    compare(include_str!("../data/unseen_networks.csv"), 38, 81, &estimated);
}

#[test]
fn deep_biased_residual_and_high_dimensional_values_agree_to_40_digits() {
    compare(include_str!("../data/unseen.csv"), 40, 81, &[]);
}

/// A kernel, a dimension, and for degrees from 0 the numerators and denominators of the rational part and of the part over pi^2.
type Printed = (&'static str, u32, &'static [(i64, i64, i64, i64)]);

/// Values printed in the paper and in its follow-ups, as closed forms.
#[test]
fn closed_forms_are_the_printed_ones() {
    let cases: [Printed; 5] = [
        (
            "two-layer",
            1,
            &[(0, 1, 1, 1), (1, 8, 0, 1), (0, 1, 5, 9), (0, 1, 0, 1), (0, 1, 17, 225), (0, 1, 0, 1)],
        ),
        (
            "two-layer:bias=true",
            1,
            &[(1, 8, 1, 2), (1, 16, 1, 2), (0, 1, 5, 18), (0, 1, 1, 18), (0, 1, 17, 450), (0, 1, 1, 50)],
        ),
        ("two-layer", 2, &[(1, 16, 0, 1), (1, 12, 0, 1), (7, 256, 0, 1), (0, 1, 0, 1), (7, 3072, 0, 1)]),
        (
            "two-layer:bias=true",
            2,
            &[(5, 32, 0, 1), (7, 96, 0, 1), (7, 512, 0, 1), (1, 512, 0, 1), (7, 6144, 0, 1), (1, 2048, 0, 1)],
        ),
        ("two-layer", 3, &[(0, 1, 4, 9), (1, 16, 0, 1), (0, 1, 4, 25), (0, 1, 0, 1), (0, 1, 4, 441)]),
    ];
    for (spec, d, printed) in cases {
        let kernel: Kernel = spec.parse().unwrap();
        let degrees = Degrees::up_to(printed.len() as u32 - 1).unwrap();
        let found =
            spectrum(&kernel, Dimension::new(d).unwrap(), &degrees, &Goal::digits(Digits::new(30).unwrap()))
                .unwrap();
        for (value, &(a, b, p, q)) in found.eigenvalues.iter().zip(printed) {
            let closed = value.closed.as_ref().unwrap();
            let expected = (Rational::from((a, b)), Rational::from((p, q)));
            assert_eq!(
                (closed.rational.clone(), closed.over_pi_squared.clone()),
                expected,
                "{spec} d={d} k={}",
                value.degree
            );
            let pi = Ball::pi_at(Bits(128));
            let by_hand = Ball::from_rational(Bits(128), &expected.0)
                + Ball::from_rational(Bits(128), &expected.1) / (pi.clone() * pi);
            assert!((value.enclosure.clone() - by_hand).contains_zero());
        }
    }
}

/// A list in any order is asked in rising order, so that every value is that of its own degree.
#[test]
fn the_order_in_which_degrees_are_named_does_not_matter() {
    let kernel: Kernel = "two-layer".parse().unwrap();
    let goal = Goal::digits(Digits::new(20).unwrap());
    let of = |degrees: &Degrees| spectrum(&kernel, Dimension::SPHERE, degrees, &goal).unwrap().eigenvalues;
    let together = of(&Degrees::new([6u32, 4, 2, 4]).unwrap());
    assert_eq!(together.iter().map(|value| value.degree).collect::<Vec<_>>(), [2, 4, 6]);
    for value in &together {
        assert_eq!(value.closed, of(&Degrees::new([value.degree]).unwrap())[0].closed, "{}", value.degree);
    }
}

/// Every value at large degrees, to 38 digits, each proved.
#[test]
fn large_degrees_agree_with_an_integral_along_the_cuts() {
    let text = include_str!("../data/formulas.csv");
    let mut compared = 0;
    let mut predictors: BTreeMap<String, Predictor> = BTreeMap::new();
    for ((spec, d), mut values) in held(text) {
        values.sort();
        let kernel: Kernel = spec.parse().unwrap();
        let predictor = predictors.entry(spec.clone()).or_insert_with(|| Predictor::of(&kernel));
        let degrees = Degrees::new(values.iter().map(|(k, _)| *k)).unwrap();
        let goal = Goal::digits(Digits::new(40).unwrap());
        let found = predictor.spectrum(Dimension::new(d).unwrap(), &degrees, &goal).unwrap();
        for (value, (k, text)) in found.eigenvalues.iter().zip(&values) {
            let name = format!("{spec}, d = {d}, k = {k} by {}", value.route.name());
            assert_ne!(value.kind, Kind::Estimate, "{name}: not proved");
            if text == "0" {
                assert_eq!(value.kind, Kind::Zero, "{name}: held zero, found {:?}", value.enclosure);
            } else {
                let expected = Float::with_val(400, Float::parse(text).unwrap());
                let relative = Float::with_val(64, value.enclosure.midpoint() / &expected) - 1u32;
                let gap = Float::with_val(400, value.enclosure.midpoint() - &expected).abs();
                let allowed = Float::with_val(64, expected.abs_ref()) * Float::with_val(64, 1e-38);
                assert!(gap <= allowed, "{name}: off by {relative:.3e}");
                assert!(known_digits(&value.enclosure) >= 40, "{name}");
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 676);
}
