//! The language: what is understood, what is refused and where, and that printing and parsing are inverse.

use super::{
    builder::{self, Part, dense, identity, layer_norm, product, relu, repeat, scale, skip, sum, tanh},
    *,
};
use proptest::prelude::*;

fn network(text: &str) -> Network {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn text_and_builder_give_equal_trees() {
    let tenth = || Rational::from((1, 10));
    for (text, built) in [
        (
            "dense(b=0.1) 3*(relu dense(w=2)) tanh dense",
            vec![dense().b(tenth()), repeat(3, [relu(), dense().w(2)]), tanh(), dense()],
        ),
        (
            "dense 4*skip(alpha=0.5, relu dense(w=2)) dense(train=no)",
            vec![
                dense(),
                repeat(4, [skip([relu(), dense().w(2)]).set("alpha", Rational::from((1, 2)))]),
                dense().frozen(),
            ],
        ),
        (
            "dense product(relu dense, identity) layer-norm dense",
            vec![dense(), product([vec![relu(), dense()], vec![identity()]]), layer_norm(), dense()],
        ),
        (
            "sum(dense scale(1/3), dense)",
            vec![sum([vec![dense(), scale(Rational::from((1, 3)))], vec![dense()]])],
        ),
    ] {
        assert_eq!(network(text), Network::serial(built).unwrap(), "{text}");
        assert_eq!(network(text).to_string(), text);
    }
    let error = Network::serial([dense(), relu().w(2), dense()]).unwrap_err().to_string();
    assert!(error.contains("relu") && error.contains("'w'"), "{error}");
    let error = Network::serial([dense(), relu(), relu(), dense()]).unwrap_err().to_string();
    assert!(error.contains("layer 3") && error.contains("a dense between relu and relu"), "{error}");
}

#[test]
fn spelling_does_not_matter() {
    let spaced = network(
        "  dense ( w = 2 , b=1/10 )  2 * ( relu\tdense(w=2) ) skip( relu dense , alpha = 0.5 ) dense()  ",
    );
    assert_eq!(spaced, network("dense(w=2,b=0.1)2*(relu dense(w=2))skip(alpha=1/2,relu dense)dense"));
    for (one, other) in [
        ("dense(train=no)", "dense(lr=0, lr-bias=0)"),
        ("dense(train=weights, lr=3)", "dense(lr=3, lr-bias=0)"),
        ("dense(train=bias, lr=3)", "dense(lr=0, lr-bias=3)"),
        ("dense(lr=1/2)", "dense(lr=0.5, lr-bias=0.5)"),
        ("2*dense", "2*(dense)"),
        ("dense sin(c=0.4) dense", "dense sin(1, 1, 0.4) dense"),
        ("dense leaky-relu(0.2) dense", "dense leaky-relu(slope=1/5) dense"),
    ] {
        assert_eq!(network(one), network(other), "{one}");
    }
}

/// A network, where its mistake stands, what is named, and a part of what would be right.
const REFUSED: [(&str, usize, &str, &str); 50] = [
    ("dense tanh relu dense", 12, "relu", "a dense between tanh and relu"),
    ("dense relu relu dense", 12, "relu", "a dense between relu and relu"),
    ("dense 3*relu dense", 9, "relu", "a dense between relu and relu"),
    ("relu dense", 1, "relu", "applied to the input x"),
    ("dense skip(dense relu) relu", 24, "relu", "a dense between skip and relu"),
    ("dense skip(relu) dense", 7, "skip", "a dense in the branch"),
    ("skip(relu dense)", 1, "skip", "a dense before skip"),
    ("dense sum(relu, tanh) dense", 7, "sum", "a dense in all branches of sum but one"),
    ("product(dense, identity) dense", 1, "product", "a dense in every branch"),
    ("layer-norm dense", 1, "layer-norm", "a dense before layer-norm"),
    ("scale(2) rms-norm dense", 10, "rms-norm", "applied to the input x"),
    ("dense hermite(0) layer-norm dense", 18, "layer-norm", "something to divide by"),
    ("dense polynomial(0) rms-norm dense", 21, "rms-norm", "something to divide by"),
    ("dense scale(0) relu dense", 16, "relu", "not 0"),
    ("dense relu", 7, "relu", "a dense after relu"),
    ("dense relu dense layer-norm", 18, "layer-norm", "a dense after layer-norm"),
    ("dense product(dense, dense)", 7, "product", "a dense after product"),
    ("dense skip(relu dense)", 7, "skip", "a dense after skip"),
    ("dense sum(identity, relu dense)", 11, "identity", "a dense in every branch"),
    ("dense(w=0)", 7, "w=0", "w > 0"),
    ("dense(b=-1)", 7, "b=-1", "b >= 0"),
    ("dense(lr=-1)", 7, "lr=-1", "lr >= 0"),
    ("dense(w=1e300)", 7, "w=1000", "a size between"),
    ("dense(wide=2)", 7, "wide", "nearest: w"),
    ("dense(w=1, w=2)", 12, "w", "each key once"),
    ("dense(2)", 7, "2", "key=value"),
    ("dense(train=maybe)", 7, "train=maybe", "yes|no|weights|bias"),
    ("dense leaky-relu dense", 7, "leaky-relu", "leaky-relu(slope)"),
    ("dense relu(1) dense", 12, "1", "no numbers in relu"),
    ("dense hermite(65) dense", 7, "hermite(65)", "a whole degree from 0 to 64"),
    ("dense rbf(gamma=0) dense", 7, "rbf(0)", "gamma > 0"),
    ("dense tahn dense", 7, "tahn", "nearest: tanh"),
    ("dense 0*(relu dense)", 7, "0", "a count from 1 to 10000"),
    ("dense 99999*(relu dense)", 7, "99999", "a count from 1 to 10000"),
    ("dense 10000*(relu dense) relu dense", 1, "10001 layers", "at most 10000 hidden layers"),
    ("dense 100000*(relu dense)", 7, "100000", "a count from 1 to 10000"),
    ("dense 10000*(10*(relu dense))", 1, "100000 layers", "at most 10000 hidden layers"),
    ("dense expr(abs(u)) dense", 12, "abs", "the layer abs, at character 1"),
    ("dense expr() dense", 12, "the end", "u, a number or a function"),
    ("dense expr(tanh(u) dense", 25, "", "closes the one at column 11"),
    ("dense expr(0) rms-norm dense", 15, "rms-norm", "something to divide by"),
    ("dense 2*(relu dense", 20, "", "closes the one at column 9"),
    ("dense (relu dense)", 13, "d", "closes the one at column 7"),
    ("3*(dense) (relu dense)", 11, "(", "a count before a group"),
    ("dense relu) dense", 11, ")", "a bracket that was opened"),
    ("dense 2*() dense", 10, ")", "a layer before it"),
    ("dense sum(dense, ) dense", 18, ")", "an argument after the comma"),
    ("dense(w=1/0) relu dense", 9, "1/0", "the second not 0"),
    ("", 1, "", "a layer"),
    ("dense sum(dense) dense", 7, "1 branches", "at least two"),
];

#[test]
fn every_broken_rule_names_the_layer_and_its_column() {
    for (text, column, value, expected) in REFUSED {
        let error = text.parse::<Network>().expect_err(text).to_string();
        assert!(error.starts_with(&format!("network, column {column}: got '{value}")), "{text}: {error}");
        assert!(error.contains(expected), "{text}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn limits_hold_without_a_stack_overflow_or_an_allocation() {
    let nested =
        |depth: usize| format!("dense {}relu dense{} dense", "skip(dense ".repeat(depth), ")".repeat(depth));
    assert!(nested(32).parse::<Network>().is_ok());
    assert!(nested(33).parse::<Network>().unwrap_err().to_string().contains("at most 32 deep"));
    assert!(nested(10_000).parse::<Network>().is_err());
    let tower = format!("dense {}relu dense{}", "10000*(".repeat(20), ")".repeat(20));
    assert!(tower.parse::<Network>().unwrap_err().to_string().contains("at most 10000 hidden layers"));
    let built = (0..40).fold(relu(), |part, _| repeat(1, [part]));
    let error = Network::serial([dense(), built, dense()]).unwrap_err().to_string();
    assert!(error.contains("at most 32 deep"), "{error}");
    assert!("dense ".repeat(60_000).parse::<Network>().is_err());
}

#[test]
fn what_is_trained_reaches_the_output() {
    for (text, trained) in [
        ("dense relu dense", true),
        ("dense(train=no) relu dense(train=no)", false),
        ("dense step dense(train=no)", false),
        ("dense step dense relu dense(train=no)", true),
        ("dense(train=no, b=1) relu dense(train=bias)", false),
        ("dense(train=no) relu dense(train=bias, b=1)", true),
        ("dense(train=no) 2*(relu dense sign dense(train=no))", false),
        ("dense(train=no) 2*(sign dense(train=no) relu dense)", true),
        ("dense skip(alpha=0, relu dense) dense(train=no)", true),
    ] {
        assert_eq!(network(text).is_trained(), trained, "{text}");
    }
}

/// Where nothing is trained, the layer that stops it is named: the last of them, or the last dense where all are frozen.
#[test]
fn what_stops_training_is_named() {
    for (text, column, layer) in [
        ("dense(train=no) relu dense(train=no)", 22, "dense"),
        ("dense step dense(train=no)", 7, "step"),
        ("dense step dense(train=no) relu dense(train=no)", 7, "step"),
        ("dense relu dense sign dense(train=no)", 18, "sign"),
        ("dense scale(0) dense(train=no, b=1)", 7, "scale"),
        ("dense skip(alpha=0, beta=0, relu dense) dense(train=no)", 7, "skip"),
        ("dense(train=no) 2*(relu dense sign dense(train=no))", 31, "sign"),
        ("sum(dense step dense(train=no), dense sign dense(train=no))", 39, "sign"),
        ("dense(train=no) skip(relu dense(train=no)) dense(train=no)", 44, "dense"),
        ("dense(train=no) 2*(relu dense(train=no))", 25, "dense"),
    ] {
        assert!(text.parse::<Network>().is_ok(), "{text}");
        let error = grammar::parse_trained(text, 0).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("network, column {column}: got '{layer}', expected a trained layer")),
            "{text}: {error}"
        );
        assert!(error.contains("nothing is trained"), "{error}");
    }
}

fn rational() -> impl Strategy<Value = Rational> {
    prop_oneof![(1i32..40, 1u32..40).prop_map(|(p, q)| Rational::from((p, q))), Just(Rational::from(1))]
}

fn dense_part() -> impl Strategy<Value = Part> {
    let train = prop_oneof![Just(None), Just(Some("no")), Just(Some("weights")), Just(Some("bias"))];
    (rational(), rational(), any::<[bool; 3]>(), rational(), train).prop_map(
        |(w, b, [drawn, own, biased], lr, train)| {
            let mut part = dense().w(w);
            if biased {
                part = part.b(b);
            }
            if drawn {
                part = part.gaussian_bias();
            }
            if own {
                part = part.lr(lr.clone()).lr_bias(lr * 2);
            }
            train.map_or(part.clone(), |word| part.word("train", word))
        },
    )
}

fn phi() -> impl Strategy<Value = Part> {
    (0..activation::CATALOGUE.len(), prop::collection::vec(rational(), 3), 0u32..5).prop_map(
        |(i, values, degree)| {
            let entry = activation::CATALOGUE[i];
            if entry.name == "expr" {
                let formula = format!("{}*u - softplus(u/{})^2", values[0], degree + 1);
                return builder::expr(&formula);
            }
            let part = Part::named(entry.name);
            if entry.keys.iter().any(|key| key.name == "degree") {
                return part.number(degree + 1);
            }
            values.into_iter().take(entry.keys.len()).fold(part, Part::number)
        },
    )
}

/// Blocks that may follow a dense layer and end in one.
fn block() -> impl Strategy<Value = Vec<Part>> {
    let leaf = || (phi(), dense_part()).prop_map(|(phi, dense)| vec![phi, dense]);
    leaf().prop_recursive(3, 20, 3, move |inner| {
        // A skip alone does not make its branch one with a dense layer.
        let inner = (leaf(), inner).prop_map(|(first, rest)| [first, rest].concat()).boxed();
        prop_oneof![
            (1u32..5, inner.clone()).prop_map(|(n, body)| vec![repeat(n, body)]),
            (rational(), inner.clone()).prop_map(|(alpha, body)| vec![skip(body).set("alpha", alpha)]),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| vec![sum([a, b])]),
            (inner.clone(), dense_part()).prop_map(|(a, b)| vec![product([a, vec![identity()]]), b]),
            (rational(), inner).prop_map(|(c, body)| [vec![scale(c), layer_norm()], body].concat()),
        ]
    })
}

proptest! {
    #[test]
    fn random_trees_print_and_parse_back_equal(first in dense_part(), body in block(), last in dense_part()) {
        let built = Network::serial([vec![first], body, vec![last]].concat()).unwrap();
        let text = built.to_string();
        prop_assert_eq!(&network(&text), &built, "{}", text);
        prop_assert_eq!(network(&text).to_string(), text);
    }

    #[test]
    fn any_text_is_a_network_or_a_one_line_error(text in ".{0,80}") {
        if let Err(error) = text.parse::<Network>() {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn texts_of_the_languages_own_words_too(words in prop::collection::vec(
        prop::sample::select(vec!["dense", "relu", "(", ")", ",", "=", "*", "3", "skip", "sum", "w", "1/2", " ", "-", "scale", "layer-norm", "é"]),
        0..30,
    )) {
        let text = words.concat();
        match text.parse::<Network>() {
            Ok(parsed) => prop_assert_eq!(network(&parsed.to_string()), parsed),
            Err(error) => prop_assert!(!error.to_string().contains('\n')),
        }
    }
}

#[test]
fn every_layer_has_its_builder() {
    let text = "dense step dense sign dense elu(0.5) dense selu dense erf dense gelu dense gaussian dense sin dense cos dense \
        rbf dense exp dense sigmoid dense silu dense softplus dense abs dense rms-norm hermite(2) dense monomial(3) dense \
        rectified-monomial(2) dense leaky-relu(-1) dense polynomial(1, 2) dense";
    let activations = [
        builder::step(),
        builder::sign(),
        builder::elu().number(Rational::from((1, 2))),
        builder::selu(),
        builder::erf(),
        builder::gelu(),
        builder::gaussian(),
        builder::sin(),
        builder::cos(),
        builder::rbf(),
        builder::exp(),
        builder::sigmoid(),
        builder::silu(),
        builder::softplus(),
        builder::abs(),
    ];
    let mut parts = vec![dense()];
    parts.extend(activations.into_iter().flat_map(|phi| [phi, dense()]));
    parts.push(builder::rms_norm());
    for phi in [
        builder::hermite(2),
        builder::monomial(3),
        builder::rectified_monomial(2),
        builder::leaky_relu(-1),
        builder::polynomial([1, 2]),
    ] {
        parts.extend([phi, dense()]);
    }
    assert_eq!(network(text), Network::serial(parts).unwrap());
}

/// The page of the language has a row for everything that can be written, with its defaults.
#[test]
fn every_layer_and_activation_has_its_row_in_the_page() {
    let page = include_str!("../network.md");
    for entry in activation::CATALOGUE {
        let keys = if entry.many { "(c0, c1, ...)".into() } else { entry.spec().replacen(entry.name, "", 1) };
        assert!(page.contains(&format!("| `{}{keys}` |", entry.name)), "no row for {}", entry.spec());
    }
    for entry in layers::CATALOGUE {
        assert!(page.contains(&format!("| `{}", entry.name)), "no row for {}", entry.name);
    }
}
