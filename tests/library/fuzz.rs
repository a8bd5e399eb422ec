//! Any text is an answer or a one-line error: never a panic, never a hang.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    kernel::Kernel,
    math::{
        degrees::Degrees,
        units::{Bits, Digits, Dimension},
    },
    spectrum::{Goal, Kind, spectrum},
};
use proptest::prelude::*;

/// A formula of small size; some are undefined, some have kinks, some are not analytic at an end.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("t".to_owned()),
        Just("theta".to_owned()),
        Just("pi".to_owned()),
        (1u32..9).prop_map(|n| n.to_string()),
        (1u32..9, 1u32..9).prop_map(|(a, b)| format!("{a}/{b}")),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*"), Just("/")], inner.clone())
                .prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            (
                prop_oneof![Just("exp"), Just("cos"), Just("sqrt"), Just("abs"), Just("acos"), Just("ln")],
                inner.clone()
            )
                .prop_map(|(f, a)| format!("{f}({a})")),
            (inner, 0u32..4).prop_map(|(a, n)| format!("({a})^{n}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_formula_gives_numbers_or_an_error(text in formula(), d in 1u32..5) {
        let Ok(kernel) = format!("expr:{text}").parse::<Kernel>() else { return Ok(()) };
        let dim = Dimension::new(d).unwrap();
        let goal = |n| Goal::digits(Digits::new(n).unwrap());
        let degrees = Degrees::up_to(2u32).unwrap();
        let (Ok(few), Ok(more)) = (spectrum(&kernel, dim, &degrees, &goal(6)), spectrum(&kernel, dim, &degrees, &goal(12))) else {
            return Ok(());
        };
        for (a, b) in few.eigenvalues.iter().zip(&more.eigenvalues) {
            prop_assert!(a.enclosure.is_finite(), "{}", text);
            if a.kind != Kind::Estimate && b.kind != Kind::Estimate {
                let gap = a.enclosure.clone() - b.enclosure.clone();
                prop_assert!(gap.contains_zero(), "{} k={}: {:?} {:?}", text, a.degree, a.enclosure, b.enclosure);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_parses_or_says_why_in_a_line(text in prop_oneof![
        "\\PC{0,60}",
        "(ntk|nngp|resnet|laplace|expr|matern|gaussian|two-layer|arc-cosine)(:[a-z-]{0,12}=[-0-9./e]{0,12}(,[a-z-]{0,8}=[-0-9./a-z]{0,6}){0,2})?",
        "expr:[t0-9a-z()+*/^., -]{0,40}",
    ]) {
        match text.parse::<Kernel>() {
            Ok(kernel) => {
                kernel.at_one(Bits(64));
                prop_assert_eq!(kernel.to_string().parse::<Kernel>().unwrap(), kernel);
            }
            Err(error) => prop_assert!(!error.to_string().contains('\n'), "{}", error),
        }
    }
}

#[test]
fn deep_nesting_and_huge_numbers_are_refused() {
    for text in [
        format!("expr:{}t{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("expr:{}", "-".repeat(100_000) + "t"),
        "expr:t^999999999999".to_owned(),
        "ntk:depth=99999999999".to_owned(),
        "ntk:depth=1000000000".to_owned(),
        "laplace:c=1e999999999".to_owned(),
        format!("laplace:c={}", "9".repeat(1_000_000)),
    ] {
        let error = text.parse::<Kernel>().unwrap_err().to_string();
        assert!(!error.contains('\n') && error.len() < 400, "{} characters", error.len());
    }
}
