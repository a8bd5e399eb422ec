//! The identities hold, and each of them can fail: a table of sabotaged spectra.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    kernel::Kernel,
    math::{
        ball::Ball,
        degrees::Degrees,
        scalar::Scalar,
        units::{Digits, Dimension},
    },
    progress::Unwatched,
    spectrum::{
        Eigenvalue, Goal, Kind, Spectrum,
        identities::{self, Check, Scope, Status},
        spectrum,
    },
};
use rug::{Float, Rational};

fn scope(dims: &[u32], max_degree: u32) -> Scope {
    let dims = dims.iter().map(|&d| Dimension::new(d).unwrap()).collect();
    Scope { dims, max_degree, highest: 0, digits: Digits::new(30).unwrap() }
}

fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

#[test]
fn every_identity_holds_of_the_true_spectrum() {
    let kernels = [
        "two-layer",
        "two-layer:bias=true",
        "ntk:depth=1",
        "ntk:depth=2,b=1/2",
        "nngp:depth=3",
        "resnet:depth=3,alpha=1/2",
        "arc-cosine:order=0",
        "arc-cosine:order=2",
        "laplace",
        "matern:nu=2.5",
        "gaussian",
        "ntk:depth=2,activation=erf",
        "ntk:depth=1,activation=gelu",
    ]
    .map(kernel);
    let checks = identities::check(&kernels, &scope(&[1, 2, 3, 6], 40), &spectrum, &Unwatched).unwrap();
    for check in &checks {
        assert!(matches!(check.status, Status::Proved | Status::Holds), "{check:?}");
    }
    for name in
        ["paper's sums", "circle table", "null space", "odd part", "trace", "local slopes", "decay constant"]
    {
        assert!(checks.iter().any(|check| check.identity == name), "{name} was not checked");
    }
}

/// A spectrum with one eigenvalue replaced.
fn with(found: Spectrum, degree: u64, change: impl Fn(&Eigenvalue) -> Eigenvalue) -> Spectrum {
    let eigenvalues =
        found.eigenvalues.iter().map(|v| if v.degree == degree { change(v) } else { v.clone() });
    Spectrum { eigenvalues: eigenvalues.collect(), ..found }
}

/// The value, and its closed form, times a rational.
fn times(value: &Eigenvalue, factor: &Rational) -> Eigenvalue {
    let enclosure = value.enclosure.clone() * value.enclosure.constant(factor);
    let closed = value.closed.as_ref().map(|closed| closed.scaled(factor));
    Eigenvalue { enclosure, closed, ..value.clone() }
}

/// To the last degree there is: closed forms and series against the expansion, the law of the others, and what a wrong value does.
#[test]
fn high_degrees_are_checked_by_another_route_and_the_law() {
    let to_the_last = Scope { highest: Degrees::MAX, ..scope(&[1, 2, 3], 12) };
    let of = |spec: &str, predict: &identities::Predict<'_>| {
        let checks = identities::check(&[kernel(spec)], &to_the_last, predict, &Unwatched).unwrap();
        checks.into_iter().filter(|check| check.identity == "high degrees").collect::<Vec<_>>()
    };
    for (spec, status) in [
        ("two-layer:bias=true", Status::Proved),
        ("two-layer", Status::Proved),
        ("laplace", Status::Proved),
        ("ntk:depth=3", Status::Holds),
        ("expr:abs(t-1/3)", Status::Skipped),
    ] {
        let checks = of(spec, &spectrum);
        assert!(checks.len() == 3 && checks.iter().all(|check| check.status == status), "{checks:?}");
    }
    let off = |spec: &str, by: Rational| {
        let predict = |kernel: &Kernel, dim: Dimension, degrees: &Degrees, goal: &Goal| {
            Ok(with(spectrum(kernel, dim, degrees, goal)?, 1_000_000_000, |v| times(v, &by)))
        };
        of(spec, &predict).iter().all(|check| check.status == Status::Fails)
    };
    assert!(off("two-layer", Rational::from((1_000_000_001, 1_000_000_000))));
    assert!(off("ntk:depth=3", Rational::from(2)));
}

/// A law that sets in later than the degrees asked for is not judged by them.
#[test]
fn a_law_is_not_judged_before_it_sets_in() {
    let checks =
        identities::check(&[kernel("laplace:c=1000")], &scope(&[1], 10), &spectrum, &Unwatched).unwrap();
    let decay = checks.iter().find(|check| check.identity == "decay exponent").unwrap();
    assert!(decay.status == Status::Skipped && decay.detail.contains("seen from about k ="), "{decay:?}");
}

/// Identities that the sabotaged spectrum of `spec` on `S^d` fails.
fn failures(spec: &str, d: u32, sabotage: &dyn Fn(Spectrum) -> Spectrum) -> Vec<&'static str> {
    let predict = |kernel: &Kernel, dim: Dimension, degrees: &Degrees, goal: &Goal| {
        spectrum(kernel, dim, degrees, goal).map(sabotage)
    };
    let checks = identities::check(&[kernel(spec)], &scope(&[d], 30), &predict, &Unwatched).unwrap();
    let failed = |check: &Check| (check.status == Status::Fails).then_some(check.identity);
    checks.iter().filter_map(failed).collect()
}

#[test]
fn a_wrong_spectrum_is_caught() {
    let half = || Rational::from((1, 2));
    let twice = |k: u64| move |s: Spectrum| with(s, k, |v| times(v, &Rational::from(2)));
    assert!(failures("two-layer", 2, &|s| s).is_empty());

    let caught = failures("two-layer", 2, &twice(4));
    assert!(caught.contains(&"paper's sums") && caught.contains(&"quadrature against exact"), "{caught:?}");
    assert!(failures("two-layer:bias=true", 1, &twice(7)).contains(&"circle table"));
    assert!(failures("ntk:depth=2", 2, &twice(0)).contains(&"trace"));
    assert!(failures("ntk:depth=2", 2, &twice(9)).contains(&"f64 against spectrum"));
    // A millionth of one value is seen in what the sum leaves.
    let off = |s: Spectrum| with(s, 9, |v| times(v, &Rational::from((1_000_001, 1_000_000))));
    assert!(failures("ntk:depth=3", 2, &off).contains(&"trace"));
    // Half of everything leaves more of K(1) than the higher degrees can hold.
    let halved = |s: Spectrum| {
        let eigenvalues = s.eigenvalues.iter().map(|v| times(v, &half())).collect();
        Spectrum { eigenvalues, ..s }
    };
    assert!(failures("ntk:depth=3", 1, &halved).contains(&"trace"));
    assert!(failures("two-layer", 3, &halved).contains(&"decay constant"));

    // The bias swapped: odd degrees appear, or vanish.
    let filled = |s: Spectrum| {
        with(s, 5, |v| Eigenvalue {
            kind: Kind::Certified,
            enclosure: Ball::exact(Float::with_val(64, 0.01)),
            ..v.clone()
        })
    };
    let caught = failures("two-layer", 2, &filled);
    assert!(caught.contains(&"null space") && caught.contains(&"odd part"), "{caught:?}");
    let emptied = |s: Spectrum| with(s, 5, |v| Eigenvalue { kind: Kind::Zero, ..v.clone() });
    assert!(failures("two-layer:bias=true", 2, &emptied).contains(&"null space"));

    let negative = |s: Spectrum| with(s, 3, |v| times(v, &Rational::from(-1)));
    assert!(failures("ntk:depth=2", 2, &negative).contains(&"positivity"));

    // One factor of k too many: the exponent of the law is off by one.
    let steeper = |s: Spectrum| {
        let eigenvalues =
            s.eigenvalues.iter().map(|v| times(v, &Rational::from((1, v.degree.max(1))))).collect();
        Spectrum { eigenvalues, ..s }
    };
    let caught = failures("two-layer:bias=true", 2, &steeper);
    assert!(caught.contains(&"decay exponent") && caught.contains(&"local slopes"), "{caught:?}");
}

#[test]
fn a_kernel_that_is_not_positive_definite_fails() {
    let checks =
        identities::check(&[kernel("expr:t - t^2")], &scope(&[2], 5), &spectrum, &Unwatched).unwrap();
    let positivity = checks.iter().find(|check| check.identity == "positivity").unwrap();
    assert_eq!(positivity.status, Status::Fails, "{positivity:?}");
    let trace = checks.iter().find(|check| check.identity == "trace").unwrap();
    assert_eq!(trace.status, Status::Skipped);
}
