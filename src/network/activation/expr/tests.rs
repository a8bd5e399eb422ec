//! Formulas: what is understood, what is refused, and series against functions that have closed forms.

use super::*;
use crate::network::activation::{Activation, CATALOGUE, dual::Smooth};
use proptest::prelude::*;

fn expr(text: &str) -> Expr {
    Expr::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn named(name: &str) -> Activation {
    CATALOGUE.iter().find(|entry| entry.name == name).unwrap().make(vec![]).unwrap()
}

#[test]
fn text_is_read_as_mathematics_is_written() {
    let value = |text: &str, u: f64| expr(text).function::<f64>()(u)[0];
    for (text, expected) in [
        ("-u^2", -2.25),
        ("2 - u - 1", -0.5),
        ("8/2/2*u", 3.0),
        ("-2*-u", 3.0),
        ("1e-1*u", 0.15),
        ("(u+1)^2 - 1/(u^2+1)", 6.25 - 1.0 / 3.25),
        ("tanh(2*u-1)/2", 2f64.tanh() / 2.0),
        ("u*sigmoid(u)", 1.5 / (1.0 + (-1.5f64).exp())),
        ("softplus(-u/3)", (-0.5f64).exp().ln_1p()),
        ("1/(2*u^2-4*u+4)", 1.0 / (4.5 - 6.0 + 4.0)),
        ("u/(u^2+2)*3", 4.5 / 4.25),
        ("exp(1-u^2/2)*(1+u)", 2.5 * (-0.125f64).exp()),
    ] {
        assert!((value(text, 1.5) - expected).abs() < 1e-14, "{text}: {}", value(text, 1.5));
    }
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    for (text, found, expected) in [
        ("", "the end", "u, a number or a function"),
        ("u+", "the end", "u, a number or a function, at character 3"),
        ("u u", "u", "an operator"),
        ("x", "x", "u, a number, or one of the functions"),
        ("abs(u)", "abs", "the layer abs"),
        ("u*relu(u)", "relu", "the layer relu, at character 3"),
        ("u^0.5", "0.5", "a whole exponent"),
        ("u^-1", "-1", "a whole exponent"),
        ("tanh(u^2)", "u^2", "an argument a u + b"),
        ("tanh(2)", "2", "depends on u"),
        ("1/u", "u", "without real zeros"),
        ("1/(u^2-1)", "u^2-1", "without real zeros"),
        ("1/tanh(u)", "tanh(u)", "without real zeros"),
        ("u/0", "0", "a quotient by a number"),
        ("tanh u", "u", "an argument of tanh in brackets"),
        ("(u", "the end", "a closing bracket"),
        ("1e99*u", "1e99", "a size between"),
        ("99^32*u", "99^32*u", "at most 30 digits"),
    ] {
        let (what, why) = Expr::parse(text).unwrap_err();
        assert!(what == found && why.contains(expected), "{text}: {what}: {why}");
    }
    assert!(Expr::parse(&"(".repeat(900)).is_err() && Expr::parse(&"-".repeat(900)).is_err());
    assert!(Expr::parse(&"u+".repeat(900)).is_err());
}

#[test]
fn which_coefficients_vanish_is_seen_through_sums_and_products() {
    let powers = |text: &str| expr(text).indices();
    let (endless, none) = (Extent::Unbounded, Extent::None);
    for (text, even, odd) in [
        ("u*tanh(u)", endless, none),
        ("u*sigmoid(u)", endless, Extent::Degree(1)),
        ("softplus(3*u) - 2*u", endless, Extent::Degree(1)),
        ("softplus(3*u) - 3/2*u", endless, none),
        ("u^3 - 3*u", none, Extent::Degree(3)),
        ("sigmoid(u)", Extent::Degree(0), endless),
        ("sigmoid(u) - 1/2", none, endless),
        ("u/(u^2+1)", none, endless),
        ("tanh(u)^3", none, endless),
        ("sin(u)^2 + u", endless, Extent::Degree(1)),
        ("exp(u)", endless, endless),
        ("tanh(u+1)", endless, endless),
    ] {
        assert_eq!(powers(text), Powers { even, odd }, "{text}");
    }
    for (text, plain) in [
        ("u*tanh(u)+u^2", true),
        ("sin(u)^2+cos(u)^2", false),
        ("u+sin(u)^2", true),
        ("tanh(u)^3", true),
        ("tanh(u)-tanh(u)", false),
        ("u*(1/(u^2+1))", true),
        ("(u^2+1)*(1/(u^2+1))", false),
        ("tanh(u)*exp(-u^2)", false),
    ] {
        assert_eq!(expr(text).is_plain(), plain, "{text}");
    }
}

fn variance(q: f64) -> Ball {
    Ball::exact(Float::with_val(300, q))
}

/// Formulas of functions that have tables or duals of their own.
#[test]
fn series_are_those_of_the_functions_with_other_routes() {
    for (text, name) in [
        ("tanh(u)", "tanh"),
        ("1/2 + tanh(u/2)/2", "sigmoid"),
        ("u*sigmoid(u)", "silu"),
        ("softplus(u)", "softplus"),
    ] {
        for q in [0.5, 1.5] {
            let own = expr(text).series(&variance(q), Bits(60)).unwrap();
            let other = named(name).series(&variance(q), Bits(60)).unwrap();
            for (n, (a, b)) in own.squares.iter().zip(&other.squares).enumerate() {
                assert!(
                    (a.clone() - b.clone()).contains_zero() && a.radius() < 1e-25,
                    "{text}: a_{n}^2 {a:?} {b:?}"
                );
            }
        }
    }
    for (text, q, dual) in [
        // F of erf, sin(2u+1/2), exp(u/2), cosh.
        (
            "erf(u)",
            1.3,
            (|s, q| 2.0 / std::f64::consts::PI * (2.0 * s / (1.0 + 2.0 * q)).asin()) as fn(f64, f64) -> f64,
        ),
        ("sin(2*u+1/2)", 0.7, |s, q| 0.5 * ((-4.0 * (q - s)).exp() - (-4.0 * (q + s)).exp() * 1f64.cos())),
        ("exp(u/2)", 1.1, |s, q| (0.25 * (q + s)).exp()),
        ("cosh(u)", 0.9, |s, q| q.exp() * s.cosh()),
        ("2*exp(-u^2/4)", 0.8, |s, q| 4.0 / ((1.0 + 0.5 * q).powi(2) - 0.25 * s * s).sqrt()),
        ("3*u^2 - 1", 1.2, |s, q| 9.0 * (q * q + 2.0 * s * s) - 6.0 * q + 1.0),
    ] {
        let phi = expr(text);
        let table = std::sync::Arc::new(phi.series(&variance(q), Bits(60)).unwrap());
        let series = super::super::dual::HermiteSeries::conserving(&q, &table);
        for s in [0.4, -0.6] {
            let [found, _] = series.at(&s, None);
            assert!((found - dual(s, q)).abs() < 1e-13, "{text}: {found} against {}", dual(s, q));
        }
    }
}

/// Two accuracies take other strips, steps, cuts and precisions, and must agree within what both claim; what is left out is below the tail.
#[test]
fn enclosures_hold_at_two_accuracies() {
    for text in [
        "u*tanh(u)",
        "atan(u)",
        "u/(u^2+u+2)",
        "exp(-u)*sin(3*u) + 1",
        "u^3*sigmoid(2*u-1)",
        "exp(-u^2/2)*(1+u)",
    ] {
        let q = variance(0.8);
        let [short, long] = [40, 100].map(|bits| expr(text).series(&q, Bits(bits)).unwrap());
        let left = |power: u32| {
            let rest = long.squares.iter().enumerate().skip(short.squares.len());
            rest.fold(long.tails[power as usize].clone(), |sum, (n, square)| {
                sum + square.clone() * square.constant(&Rational::from(n)).powi(power)
            })
        };
        for (n, (a, b)) in short.squares.iter().zip(&long.squares).enumerate() {
            assert!((a.clone() - b.clone()).contains_zero(), "{text}: a_{n}^2 {a:?} {b:?}");
        }
        for power in [0, 1] {
            assert!(short.tails[power as usize].magnitude() >= left(power).lower(), "{text}");
        }
    }
}

/// The bound on a strip is at least the size at points of it; real ones, where the formula itself is at hand.
#[test]
fn sizes_are_bounded_on_the_line() {
    for text in [
        "u^3",
        "u*tanh(u+1)",
        "softplus(2*u-3)",
        "cosh(u/2)*u^2",
        "erf(3*u)",
        "atan(u)+exp(u)",
        "1/(u^2+1/3)",
        "exp(2*u-3*u^2)",
    ] {
        let phi = expr(text);
        for strip in strip::candidates(&[&phi.formula], 1.0, 1.0) {
            for i in -40..=40 {
                let u = f64::from(i) / 4.0;
                let size = phi.function::<f64>()(u)[0].abs();
                assert!(size <= (strip.growth + strip.rate * u.abs()).exp(), "{text} at {u}: {strip:?}");
            }
        }
    }
}

fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("u".to_owned()),
        (1u32..9).prop_map(|n| n.to_string()),
        (1u32..9, 1u32..9).prop_map(|(a, b)| format!("{a}/{b}")),
        (1u32..5, 0u32..3).prop_map(|(a, b)| format!("tanh({a}*u-{b})")),
        (1u32..5, 0u32..3).prop_map(|(a, b)| format!("exp({b}-{a}*u^2+u)")),
        (1u32..5, 0u32..3).prop_map(|(a, b)| format!("1/(u^2+{b}*u+{})", a + 1)),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*")], inner.clone())
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (inner.clone(), 1u32..9).prop_map(|(a, n)| format!("({a})/{n}")),
            (inner, 0u32..4).prop_map(|(a, n)| format!("-({a})^{n}")),
        ]
    })
}

proptest! {
    #[test]
    fn formulas_print_and_parse_back_equal(text in formula()) {
        let phi = expr(&text);
        prop_assert_eq!(expr(&phi.to_string()), phi, "{}", text);
    }

    #[test]
    fn any_text_is_a_formula_or_a_reason(text in "\\PC{0,40}", own in "[u0-9+*/^(). -]{0,40}") {
        for text in [text, own] {
            if let Ok(phi) = Expr::parse(&text) {
                prop_assert_eq!(expr(&phi.to_string()), phi, "{}", text);
            }
        }
    }
}
