//! Functions against their slopes and textbook values.

use super::*;

/// One activation of each kind, with parameters that are not the defaults.
fn samples() -> Vec<Activation> {
    let number = |text: &&str| number::parse(text).unwrap();
    let make = |entry: &Entry| {
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
