//! Coefficients against those worked out by hand, and against series in balls.

use super::*;
use crate::{math::units::Bits, spectrum::asymptotic::coefficients::Coefficients};

/// The polynomials in `P = 1/pi` worked out by hand, for `x`, `x^3`, `x^5`.
#[test]
fn coefficients_are_those_worked_out_by_hand() {
    let p = |all: &[(i32, i32, i32)]| {
        all.iter().fold(PiPolynomial::default(), |sum, (n, d, power)| {
            sum.plus(&PiPolynomial::monomial(Rational::from((*n, *d)), -power))
        })
    };
    for (spec, expected) in [
        ("ntk:depth=1", [p(&[(-1, 1, 1)]), p(&[(19, 24, 1)]), p(&[(47, 1920, 1)])]),
        (
            "ntk:depth=2",
            [
                p(&[(-3, 1, 1)]),
                p(&[(171, 72, 1), (-16, 72, 3)]),
                p(&[(3807, 51840, 1), (10656, 51840, 3), (-160, 51840, 5)]),
            ],
        ),
        (
            "ntk:depth=3",
            [
                p(&[(-6, 1, 1)]),
                p(&[(171, 36, 1), (-152, 36, 3)]),
                p(&[(3807, 25920, 1), (84816, 25920, 3), (-6800, 25920, 5)]),
            ],
        ),
        ("nngp:depth=2", [p(&[]), p(&[(2, 3, 1)]), p(&[(3, 180, 1), (10, 180, 3)])]),
        ("nngp:depth=3", [p(&[]), p(&[(1, 1, 1)]), p(&[(9, 360, 1), (220, 360, 3)])]),
        ("laplace:c=2", [p(&[(-2, 1, 0)]), p(&[(-8, 6, 0)]), p(&[(-32, 120, 0)])]),
    ] {
        assert_eq!(odd_coefficients(&spec.parse().unwrap(), 3).expect(spec), expected, "{spec}");
    }
}

/// Against the same formula in balls, further out and for other networks.
#[test]
fn coefficients_are_those_of_the_series_in_balls() {
    for spec in [
        "ntk:depth=4",
        "resnet:depth=3,alpha=1/2",
        "nngp:depth=2,activation=leaky-relu,slope=-1/3",
        "expr:theta*exp(t-1)",
        "matern:nu=1.5,length=1/2",
    ] {
        let kernel: Kernel = spec.parse().unwrap();
        let Some(exact) = odd_coefficients(&kernel, 6) else {
            assert!(spec.starts_with("matern"), "{spec}");
            continue;
        };
        let balls = Coefficients::find(&kernel, 6, Bits(300), None).unwrap();
        for (i, exact) in exact.iter().enumerate() {
            let gap = exact.enclosure(Bits(300)) - balls.end(false)[i].clone();
            assert!(gap.contains_zero() && gap.radius() < 1e-40, "{spec}, x^{}", 2 * i + 1);
        }
    }
}

/// `(1-x)/(1+x)`, `ln(1+x)` and `|x-1|` by hand; what is divided by `x` is known one term less far.
#[test]
fn quotients_logarithms_and_absolute_values_are_series() {
    let number = |n: i32, d: i32| PiPolynomial::monomial(Rational::from((n, d)), 0);
    let zero = PiPolynomial::default;
    let x = Series { terms: vec![zero(), number(1, 1)], known: 6, order: 6 };
    let x = x.of(x.terms.clone(), 6);
    let one = x.constant(&Rational::from(1));
    let quotient = (one.clone() - x.clone()) / (one.clone() + x.clone());
    assert_eq!(
        quotient.terms,
        [(1, 1), (-2, 1), (2, 1), (-2, 1), (2, 1), (-2, 1)].map(|(n, d)| number(n, d))
    );
    let logarithm = (one.clone() + x.clone()).ln();
    let by_hand = [number(1, 1), number(-1, 2), number(1, 3), number(-1, 4)];
    assert!(logarithm.terms[0].is_zero() && logarithm.terms[1..5] == by_hand, "{logarithm:?}");
    assert_eq!((x.clone() - one.clone()).abs().terms[..2], [number(1, 1), number(-1, 1)]);
    assert_eq!((one.clone() - x.clone()).abs().terms[..2], [number(1, 1), number(-1, 1)]);
    assert_eq!(x.clone().abs().known, 0);
    let square = x.clone() * x.clone();
    assert_eq!(((square.clone() / x.clone()).known, (x / square).known), (5, 0));
}
