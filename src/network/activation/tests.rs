//! Functions against their slopes and textbook values, and duals against Gaussian integrals of the functions.

use super::{dual::Smooth, *};
use crate::math::{angle::Angle, gauss, number};
use rug::Float;
use std::sync::Arc;

/// One activation of each kind, with parameters that are not the defaults.
fn samples() -> Vec<Activation> {
    let number = |text: &&str| number::parse(text).unwrap();
    let make = |entry: &Entry| {
        if entry.name == "expr" {
            return Activation::Expr(Expr::parse("u*tanh(u+1/2) - 0.3*sin(u)/(u^2+u+2)").unwrap());
        }
        let values: &[&str] = match entry.name {
            "polynomial" => &["0.5", "1", "-0.3", "0.1"],
            "rectified-monomial" | "hermite" | "monomial" => &["3"],
            _ => &["0.7", "1.2", "0.4"][..entry.keys.len()],
        };
        entry.make(values.iter().map(number).collect()).unwrap()
    };
    CATALOGUE.iter().map(make).collect()
}

#[test]
fn slopes_are_those_of_finite_differences() {
    for phi in samples() {
        for u in [-3.1, -1.0, -0.2, 0.3, 0.9, 2.7f64] {
            let h = 1e-5;
            let value = |x: f64| phi.at(x)[0];
            // Of fourth order.
            let slope = (8.0 * (value(u + h) - value(u - h)) - (value(u + 2.0 * h) - value(u - 2.0 * h)))
                / (12.0 * h);
            let [value, found] = phi.at(u);
            assert!(
                (found - slope).abs() < 1e-8 * (1.0 + slope.abs()),
                "{phi:?} at {u}: {found} against {slope}"
            );
            let [single, slope] = phi.at(u as f32).map(f64::from);
            assert!((single - value).abs() < 1e-5 * (1.0 + value.abs()), "{phi:?} at {u} in f32");
            assert!((slope - found).abs() < 1e-5 * (1.0 + found.abs()), "{phi:?} at {u} in f32");
        }
    }
}

#[test]
fn large_arguments_overflow_nowhere() {
    for name in ["elu", "selu", "gelu", "gaussian", "tanh", "sigmoid", "silu", "softplus", "erf"] {
        let entry = CATALOGUE.iter().find(|entry| entry.name == name).unwrap();
        let defaults = entry.keys.iter().map(|key| number::parse(key.default.unwrap()).unwrap()).collect();
        let phi = entry.make(defaults).unwrap();
        for u in [-1e30f32, -200.0, 200.0, 1e30] {
            assert!(phi.at(u).iter().all(|x| x.is_finite()), "{name} at {u}");
        }
    }
}

#[test]
fn values_are_the_textbook_ones() {
    let value = |name: &str, numbers: &[&str], u: f64| {
        let entry = CATALOGUE.iter().find(|entry| entry.name == name).unwrap();
        entry.make(numbers.iter().map(|text| number::parse(text).unwrap()).collect()).unwrap().at(u)[0]
    };
    for (found, expected) in [
        (value("relu", &[], -2.0), 0.0),
        (value("leaky-relu", &["0.1"], -2.0), -0.2),
        (value("step", &[], 2.0), 1.0),
        (value("sign", &[], -2.0), -1.0),
        (value("rectified-monomial", &["2"], 3.0), 9.0),
        (value("elu", &["2"], -1.0), 2.0 * ((-1f64).exp() - 1.0)),
        (value("hermite", &["3"], 2.0), (8.0 - 6.0) / 6f64.sqrt()),
        (value("hermite", &["2"], 3.0), 8.0 / 2f64.sqrt()),
        (value("softplus", &[], 0.0), 2f64.ln()),
        (value("silu", &[], 1.0), 1.0 / (1.0 + (-1f64).exp())),
        (value("rbf", &["0.5"], 1.0), 2f64.sqrt() * (1.0 + std::f64::consts::FRAC_PI_4).sin()),
        (value("gelu", &[], 1.0), 0.841_344_746_068_542_9),
    ] {
        assert!((found - expected).abs() < 1e-14, "{found} against {expected}");
    }
}

/// `Int f dN` over the line cut at `kink` and at 9, by Gauss-Legendre rules on each side.
fn expectation(kink: f64, f: impl Fn(f64) -> f64) -> f64 {
    let rule = gauss::legendre_f64(30);
    let side = |a: f64, b: f64| -> f64 {
        if b <= a {
            return 0.0;
        }
        let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
        let at = |x: f64| f(x) * (-0.5 * x * x).exp();
        rule.iter().map(|(x, w)| w * half * (at(middle + half * x) + at(middle - half * x))).sum()
    };
    (side(-9.0, kink.max(-9.0)) + side(kink.min(9.0), 9.0)) / (2.0 * std::f64::consts::PI).sqrt()
}

/// `E[f(u) f(v)]` for a pair with variances `q` and covariance `s`, where `f` may have a kink at 0.
fn pair(f: impl Fn(f64) -> f64, s: f64, q: f64) -> f64 {
    let (root, rho) = (q.sqrt(), s / q);
    let rest = (1.0 - rho * rho).sqrt();
    expectation(0.0, |x| f(root * x) * expectation(-rho * x / rest, |y| f(root * (rho * x + rest * y))))
}

/// `[F, Fdot]`, what is left of `F(q)` over `q - s`, and the mean, of a dual in f64.
fn dual_of(phi: &Activation, s: f64, q: f64) -> ([f64; 2], f64, f64) {
    match phi.dual(&q) {
        Some(Dual::Smooth(dual)) => {
            let [peak, _] = dual.at(&q, None);
            (dual.at(&s, None), dual.secant(&s, &(q - s), &peak), phi.mean(&q).value)
        }
        Some(Dual::Angular(dual)) => {
            let angle = Angle::from_radians((s / q).acos());
            let at = dual.at(&angle, None, true);
            let square = angle.sin_half().powi(2);
            // F(q) - F over q - s = 2 q sin(a/2)^2.
            let jump = dual.jump().map(|rate| rate * angle.radians() / square);
            let fall = at.fall.or(jump).unwrap();
            ([at.value, at.slope], fall / (2.0 * q), phi.mean(&q).value)
        }
        None => {
            let variance = Ball::exact(Float::with_val(200, q));
            let table = Arc::new(phi.series(&variance, Bits(64)).unwrap());
            let series = dual::HermiteSeries::conserving(&q, &table);
            let [peak, _] = series.at(&q, None);
            (series.at(&s, None), series.secant(&s, &(q - s), &peak), table.mean.midpoint().to_f64())
        }
    }
}

/// Layers give an activation the angle between its inputs where it has a kink: so the dual is a function of that there and nowhere else.
#[test]
fn duals_of_the_angle_are_those_of_kinks() {
    let bent = |slope: &str| Activation::LeakyRelu(LeakyRelu { slope: number::parse(slope).unwrap() });
    let more = ["1", "-1", "0"].map(bent);
    for phi in samples().into_iter().chain(more) {
        let angular = matches!(phi.dual(&0.7), Some(Dual::Angular(_)));
        assert_eq!(angular, matches!(phi.class(), Class::Kink(_)), "{phi:?}");
    }
}

/// A constant beside an odd function is the mean at every variance.
#[test]
fn constants_are_means() {
    let more = ["1/2+sin(u)*cosh(u)", "u^3-2"].map(|text| Activation::Expr(Expr::parse(text).unwrap()));
    for phi in samples().into_iter().chain(more) {
        let Some(constant) = phi.constant() else { continue };
        for q in [0.4, 1.7] {
            let (_, _, mean) = dual_of(&phi, 0.1, q);
            assert!((mean - constant.to_f64()).abs() < 1e-12, "{phi:?}: {mean} {constant}");
        }
    }
}

#[test]
fn duals_are_gaussian_integrals_of_the_functions() {
    for phi in samples() {
        for (s, q) in [(0.3, 1.0), (-0.7, 1.1), (0.5, 0.6), (1.2, 1.7)] {
            let ([value, slope], secant, mean) = dual_of(&phi, s, q);
            let near = |found: f64, expected: f64, what: &str| {
                assert!(
                    (found - expected).abs() < 1e-8 * (1.0 + expected.abs()),
                    "{phi:?} at {s}, {q}: {what} {found} against {expected}"
                );
            };
            near(value, pair(|u| phi.at(u)[0], s, q), "F");
            near(slope, pair(|u| phi.at(u)[1], s, q), "Fdot");
            near(mean, expectation(0.0, |z| phi.at(q.sqrt() * z)[0]), "mean");
            let peak = expectation(0.0, |z| phi.at(q.sqrt() * z)[0].powi(2));
            near(secant * (q - s), peak - value, "F(q) - F");
        }
    }
}

/// The indices are those beyond which the Hermite coefficients vanish.
#[test]
fn indices_are_those_of_the_hermite_expansion() {
    for phi in samples() {
        let powers = phi.indices();
        for n in 0..8u32 {
            let hermite = hermite::Hermite { degree: n };
            let coefficient =
                expectation(0.0, |z| phi.at(z)[0] * Definition::function::<f64>(&hermite)(z)[0]);
            let vanishes = powers.annihilates(u64::from(n));
            assert!(!vanishes || coefficient.abs() < 1e-9, "{phi:?}: a_{n} = {coefficient}, {powers:?}");
        }
    }
    for (phi, powers) in [
        (Activation::Relu(Relu), Powers { even: Extent::Unbounded, odd: Extent::Degree(1) }),
        (Activation::Tanh(Tanh), Powers { even: Extent::None, odd: Extent::Unbounded }),
        (Activation::Hermite(Hermite { degree: 3 }), Powers { even: Extent::None, odd: Extent::Degree(3) }),
    ] {
        assert_eq!(phi.indices(), powers);
    }
}
