//! Forms against the formulas as they are written.

use super::super::{Kernel, expression::parse};
use super::*;
use crate::{
    math::units::{Digits, Dimension},
    spectrum::{Goal, Kind, spectrum},
};

fn arc_cosine_of_relu(t: f64) -> f64 {
    let (theta, pi) = (t.acos(), std::f64::consts::PI);
    // Rounding may carry it beyond 1.
    ((theta.sin() + (pi - theta) * t) / pi).min(1.0)
}

/// The form is the formula, at points of the interval and at its ends.
#[test]
fn nothing_changes_in_value() {
    type Plain = fn(f64) -> f64;
    let cases: [(&str, Plain); 26] = [
        ("acos(exp(t-1))", |t| (t - 1.0).exp().acos()),
        ("asin(-exp(-(1-t)^2/3))", |t| -(-(1.0 - t).powi(2) / 3.0).exp().asin()),
        ("acos((1+t)/(3-t))", |t| ((1.0 + t) / (3.0 - t)).acos()),
        ("asin(sqrt((1-t)/2))", |t| t.acos() / 2.0),
        ("acos(cos(theta/2))", |t| t.acos() / 2.0),
        ("acos(-sin(theta/2))", |t| std::f64::consts::FRAC_PI_2 + t.acos() / 2.0),
        ("acos((sin(theta)+(pi-theta)*t)/pi)", |t| arc_cosine_of_relu(t).acos()),
        ("asin((sqrt(1-t^2)+(pi-acos(t))*t)/pi)", |t| arc_cosine_of_relu(t).asin()),
        ("acos(1-theta^2/10)", |t| (1.0 - t.acos().powi(2) / 10.0).acos()),
        ("sqrt(pi*(1-t))", |t| (std::f64::consts::PI * (1.0 - t)).sqrt()),
        ("sqrt(sqrt(3)*exp(1/2)*(1+t)^3/2)", |t| {
            (3f64.sqrt() * 0.5f64.exp() * (1.0 + t).powi(3) / 2.0).sqrt()
        }),
        ("acos(t*pi/4)", |t| (t * std::f64::consts::FRAC_PI_4).acos()),
        ("sqrt(1-t^2)", |t| (1.0 - t * t).sqrt()),
        ("sqrt(2-2*t)", |t| (2.0 - 2.0 * t).sqrt()),
        ("sqrt((1+t)/2)", |t| ((1.0 + t) / 2.0).sqrt()),
        ("sqrt((1-t)*(3+t))", |t| ((1.0 - t) * (3.0 + t)).sqrt()),
        ("sqrt((1-t)^3)", |t| (1.0 - t).powi(3).sqrt()),
        ("sqrt((t-1/3)^2*(2+t))", |t| (t - 1.0 / 3.0).abs() * (2.0 + t).sqrt()),
        ("asin(t)", f64::asin),
        ("asin(-t)", |t| (-t).asin()),
        ("acos((1+t)/2)", |t| ((1.0 + t) / 2.0).acos()),
        ("acos(t^3)", |t| t.powi(3).acos()),
        ("acos(2*t^2-1)", |t| (2.0 * t * t - 1.0).acos()),
        ("asin((t-1)/2)", |t| ((t - 1.0) / 2.0).asin()),
        ("acos(t/2)", |t| (t / 2.0).acos()),
        ("t/((t-2)^3*(t-3))-1/(-2-t)", |t| t / ((t - 2.0).powi(3) * (t - 3.0)) - 1.0 / (-2.0 - t)),
    ];
    for (text, plain) in cases {
        let tree = form(parse(text).unwrap()).convert(&0.0);
        for i in 0..=40 {
            let theta = std::f64::consts::PI * f64::from(i) / 40.0;
            let angle = match i {
                0 => Angle::new(0.0, 0.0, 1.0),
                40 => Angle::new(theta, 1.0, 0.0),
                _ => Angle::from_radians(theta),
            };
            let (found, expected) = (tree.at(&angle), plain(angle.cos()));
            assert!((found - expected).abs() < 3e-8, "{text} at {theta}: {found} {expected}");
        }
    }
}

/// Roots that touch their edge and quotients by negative numbers are certified; values by hand: `pi^2/8` and `pi/8` are integrals of `asin`.
#[test]
fn touching_roots_are_certified() {
    let pi = std::f64::consts::PI;
    let sphere = Dimension::SPHERE;
    let values = |text: &str| {
        spectrum(
            &format!("expr:{text}").parse::<Kernel>().unwrap(),
            sphere,
            &"0..3".parse().unwrap(),
            &Goal::digits(Digits::FEW),
        )
        .unwrap()
    };
    for (text, expected) in [
        ("asin(t)", [0.0, pi / 8.0, 0.0, 0.024_543_692_606_170_26]),
        ("acos(t)+asin(t)", [pi / 2.0, 0.0, 0.0, 0.0]),
        ("sqrt(2-2*t)", [4.0 / 3.0, -4.0 / 15.0, -4.0 / 105.0, -4.0 / 315.0]),
    ] {
        let found = values(text);
        for (value, expected) in found.eigenvalues.iter().zip(expected) {
            assert!((value.to_f64() - expected).abs() < 1e-8, "{text}, {}: {}", value.degree, value.to_f64());
        }
    }
    // int_0^1 log((2-t)/(2+t)) ... : 1/(t-2) has eigenvalue -ln(3)/2 at degree 0.
    let found = values("1/(t-2)");
    assert!((found.eigenvalues[0].to_f64() + 3f64.ln() / 2.0).abs() < 1e-12);
    for text in [
        "1/(t-2)",
        "1/(t-2)^3",
        "1/((t-2)*(t-3))",
        "acos((1+t)/2)",
        "exp(-sqrt(2-2*t))",
        "sqrt(1-t^2)*exp(t)",
        "acos(t^3)",
        "asin(sqrt((1-t)/2))*exp(t)",
        "acos((sin(theta)+(pi-theta)*t)/pi)",
        "t*(pi-acos((sqrt(1-t^2)+(pi-acos(t))*t)/pi))",
        "acos(1-theta^2/10)",
        "acos(exp(t-1))",
        "acos((1+t)/(3-t))",
    ] {
        let found = values(text);
        assert!(
            found.eigenvalues.iter().all(|value| value.kind != Kind::Estimate),
            "{text}: {:?}",
            found.obstacle
        );
    }
    // A deep network, written out by hand.
    let layer = "(sin(theta)+(pi-theta)*t)/pi";
    let by_hand = format!("(sin(acos({layer}))+(pi-acos({layer}))*{layer})/pi");
    let network = spectrum(
        &"nngp:depth=2".parse().unwrap(),
        sphere,
        &"0..3".parse().unwrap(),
        &Goal::digits(Digits::FEW),
    )
    .unwrap();
    for (a, b) in values(&by_hand).eigenvalues.iter().zip(&network.eigenvalues) {
        assert!(
            a.kind == Kind::Certified && (a.to_f64() / b.to_f64() - 1.0).abs() < 1e-6,
            "{} {}",
            a.to_f64(),
            b.to_f64()
        );
    }
    let laplace =
        spectrum(&"laplace".parse().unwrap(), sphere, &"0..3".parse().unwrap(), &Goal::digits(Digits::FEW))
            .unwrap();
    for (a, b) in values("exp(-sqrt(2-2*t))").eigenvalues.iter().zip(&laplace.eigenvalues) {
        assert!((a.to_f64() / b.to_f64() - 1.0).abs() < 1e-6);
    }
}

#[test]
fn squares_are_found() {
    let poly = |c: &[i32]| Polynomial::new(c.iter().map(|c| Rational::from(*c)).collect());
    let (a, b) = (poly(&[-1, 3]), poly(&[1, 0, 2]));
    let p = a.times(&a).times(&a).times(&b).times(&b);
    let (square, rest) = square_part(&p);
    assert_eq!(square.times(&square).times(&rest), p);
    assert_eq!((square.coefficients().len(), rest.coefficients().len()), (4, 2));
    assert_eq!(square_part(&b).0.coefficients().len(), 1);
}

/// Whole powers under a root come out of it whole: `pi^4 (1-t)/2` is the square of `pi^2 sin(theta/2)`.
#[test]
fn squares_of_constants_leave_the_root() {
    let roots = |text: &str| format!("{:?}", form(parse(text).unwrap())).matches("Sqrt").count();
    assert_eq!((roots("sqrt(pi^4*(1-t)/2)"), roots("sqrt(pi^3*(1-t)/2)")), (0, 1));
}
