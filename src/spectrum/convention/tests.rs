use super::*;
use crate::math::units::Bits;
use std::f64::consts::PI;

fn factor(convention: &Convention, d: u32, degree: u64) -> f64 {
    let one = |n: u32| Ball::from_rational(Bits(80), &Rational::from(n));
    let setting = Setting { points: Some(7), diagonal: one(3) };
    let sphere = convention.sphere(d).unwrap();
    convention.write(one(1), sphere, degree, &setting).unwrap().midpoint().to_f64()
}

/// Against the integrals and sums that define them, written out by hand.
#[test]
fn scales_are_what_they_are_called() {
    let at = |factor_: Factor, d, k| {
        factor(&Convention { scales: vec![Scale::by(factor_)], ..Convention::OURS }, d, k)
    };
    for (found, expected) in [
        (at(Factor::Area, 1, 0), 2.0 * PI),
        (at(Factor::Area, 2, 5), 4.0 * PI),
        (at(Factor::Area, 3, 1), 2.0 * PI * PI),
        (at(Factor::Integral, 1, 0), PI),
        (at(Factor::Integral, 2, 0), 2.0),
        (at(Factor::Integral, 3, 0), PI / 2.0),
        (at(Factor::Multiplicity, 1, 0), 1.0),
        (at(Factor::Multiplicity, 1, 4), 2.0),
        (at(Factor::Multiplicity, 2, 4), 9.0),
        (at(Factor::Gegenbauer, 2, 4), 9.0),
        (at(Factor::Gegenbauer, 3, 4), 5.0),
        (at(Factor::Coordinates, 3, 4), 4.0),
        (at(Factor::Points, 3, 4), 7.0),
        (at(Factor::Diagonal, 3, 4), 3.0),
        (factor(&named("paper", 1).unwrap(), 1, 3), 2.0),
        (factor(&named("paper", 4).unwrap(), 4, 3), 8.0 * PI * PI / 3.0 / 4.0),
        (factor(&named("yang-salman", 4).unwrap(), 4, 3), 1.0 / 3.0),
        (factor(&named("pehlevan", 3).unwrap(), 3, 2), 5.0),
    ] {
        assert!((found / expected - 1.0).abs() < 1e-14, "{found} {expected}");
    }
}

/// The exact product against the one in balls, for every convention; without an exact `K(1)` there is none.
#[test]
fn exact_products_are_those_in_balls() {
    let one = |n: u32| Ball::from_rational(Bits(80), &Rational::from(n));
    for known in NAMED {
        for (d, degree) in [(2, 0), (2, 5), (3, 4), (9, 2)] {
            let convention = named(known.name, d).unwrap();
            let sphere = convention.sphere(d).unwrap();
            let setting = Setting { points: None, diagonal: one(3) };
            let (rational, power) = convention.exact(sphere, degree, &setting).unwrap();
            let value = rational.to_f64() * PI.powi(power);
            assert!((value / factor(&convention, d, degree) - 1.0).abs() < 1e-14, "{}", known.name);
            let inexact = Setting { points: None, diagonal: one(1) / one(3) };
            let found = convention.exact(sphere, degree, &inexact);
            assert_eq!(found.is_none(), convention.divides_by_diagonal(), "{}", known.name);
        }
    }
}

#[test]
fn names_find_their_conventions_again() {
    for known in NAMED {
        for d in [2, 3, 7] {
            let convention = named(known.name, d).unwrap();
            assert!(names(&convention, d).iter().any(|name| name == known.name), "{}", known.name);
        }
    }
    assert!(named("basri", 2).is_err());
    assert_eq!(named("Yang-Salman", 4).unwrap(), named("yang-salman", 4).unwrap());
    assert!(named("simon", 1).unwrap().sphere(1).is_err());
    assert_eq!(Convention::OURS.factor(), "1");
    assert_eq!(named("paper", 2).unwrap().factor(), "|S^d|/d");
}

#[test]
fn shifts_are_told() {
    let of = |index_shift| Convention { index_shift, ..Convention::OURS }.to_string();
    assert!(of(1).ends_with("index k holds degree k+1") && of(-2).ends_with("index k holds degree k-2"));
    assert!(!of(0).contains("index"));
}
