//! Networks in the language: the known ones in two spellings, what is refused, rates and frozen layers.

use super::*;

/// A small run of `options`, on seed 3.
fn small(options: Options) -> Options {
    Options {
        dim: 1.into(),
        degrees: Some("1,2".into()),
        points: Some(17.into()),
        width: Some(32.into()),
        max_steps: Some(40.into()),
        seed: 3.into(),
        ..options
    }
}

fn described(network: &str) -> Options {
    small(Options { network: Some(network.into()), ..Options::default() })
}

#[test]
fn a_known_network_and_its_description_are_the_same_to_the_bit() {
    let known = |model: &str| Options { model: model.into(), ..Options::default() };
    let of_depth_two = |model: &str| Options { depth: Some(2.into()), ..known(model) };
    for (known, network) in [
        (known("two-layer"), "dense relu dense(train=no)"),
        (Options { bias: true, ..known("two-layer") }, "Dense(w=1/2, b=0.5) ReLU Dense(train=no)"),
        (of_depth_two("mlp"), "dense 2*(relu dense(w=2))"),
        (
            Options { bias: true, activation: Some("erf".into()), ..of_depth_two("mlp") },
            "dense(b=1) erf dense(b=1) erf dense(b=1)",
        ),
        (
            Options {
                activation: Some("leaky-relu".into()),
                slope: Some("0.2".into()),
                ..of_depth_two("mlp")
            },
            "dense 2*(leaky-relu(0.2) dense(w=2))",
        ),
        (
            Options { alpha: Some("0.5".into()), bias: true, ..of_depth_two("resnet") },
            "dense(b=1) 2*skip(alpha=1/2, relu dense(w=2, b=1)) dense",
        ),
    ] {
        let (named, written) = (run(&small(known)).unwrap(), run(&described(network)).unwrap());
        assert_eq!(named.rows, written.rows, "{network}");
        assert_eq!(named.hyper_parameters.bias, written.hyper_parameters.bias, "{network}");
        assert_eq!(named.hyper_parameters.lr, written.hyper_parameters.lr, "{network}");
        // The loop of the paper's model is chosen by what the network is.
        let two_layer = named.hyper_parameters.model == "two-layer";
        assert_eq!(written.hyper_parameters.model, if two_layer { "two-layer" } else { "network" });
        let read: Report = serde_json::from_value(serde_json::to_value(&written).unwrap()).unwrap();
        assert_eq!(read.hyper_parameters, written.hyper_parameters);
    }
}

#[test]
fn a_network_that_cannot_be_trained_as_asked_is_refused_with_the_reason() {
    let network = "dense relu dense";
    let beside = |alter: fn(&mut Options)| {
        let mut options = described(network);
        alter(&mut options);
        options
    };
    for (options, expected) in [
        (described("dense relu tanh dense"), "network, column 12: got 'tanh'"),
        (
            described("dense step dense(train=no)"),
            "network, column 7: got 'step', expected a trained layer after step",
        ),
        (
            described("dense(train=no) relu dense(lr=0)"),
            "network, column 22: got 'dense', expected a trained layer that moves the output: all are frozen",
        ),
        (described("ntk:depth=3"), "network, column"),
        (
            beside(|o| o.model = "mlp".into()),
            "network: got 'dense relu dense', expected no `model` beside it",
        ),
        (beside(|o| o.bias = true), "bias: got 'true', expected no `network` beside it"),
        (beside(|o| o.depth = Some(2.into())), "depth: got '2', expected no `network` beside it"),
        (beside(|o| o.activation = Some("erf".into())), "activation: got 'erf', expected no `network`"),
        (beside(|o| o.kappa = Some(2.into())), "kappa: got '2', expected `model` two-layer beside it"),
        (
            beside(|o| o.network = None),
            "model: got 'nothing', expected two-layer, mlp or resnet, or a `network`",
        ),
    ] {
        let refused = options.build().unwrap_err();
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
    let deepest = Options { width: Some(512.into()), ..described("dense 9999*(relu dense(w=2))") };
    let refused = run(&deepest).unwrap_err().to_string();
    assert!(
        refused.starts_with("network: would need") && refused.contains("GiB for 10000 layers of 512"),
        "{refused}"
    );
    let mut flags = small(Options { model: "mlp".into(), depth: Some(2.into()), ..Options::default() });
    flags.activation = Some("relu,b=3".into());
    assert!(flags.build().unwrap_err().to_string().starts_with("activation: got 'relu,b=3'"));
    flags.activation = Some("leaky-relu".into());
    assert!(flags.build().unwrap_err().to_string().starts_with("slope: got 'none'"));
}

/// A rate of all layers is a step size, to rounding; one layer's own rate changes kernel and run together.
#[test]
fn rates_of_layers_reach_prediction_and_run() {
    let whole = |rate: &str| {
        let network = format!("dense(lr={rate}, b=1/2) tanh dense(lr={rate})");
        run(&Options { max_steps: None, width: Some(256.into()), ..described(&network) }).unwrap()
    };
    let (one, quarter) = (whole("1"), whole("1/4"));
    assert!((quarter.hyper_parameters.lr / one.hyper_parameters.lr - 4.0).abs() < 1e-9);
    for (a, b) in one.rows.iter().zip(&quarter.rows) {
        assert_eq!(a.measured_steps(), b.measured_steps());
        assert!((b.eigenvalue / a.eigenvalue - 0.25).abs() < 1e-11);
        assert!((b.trials[0].network_eigenvalue / a.trials[0].network_eigenvalue - 0.25).abs() < 1e-9);
    }
    let frozen = Options {
        degrees: Some(1.into()),
        max_steps: Some(4000.into()),
        width: Some(512.into()),
        ..described("dense(train=no, b=1/2) tanh dense")
    };
    for row in run(&frozen).unwrap().rows {
        let (steps, own) =
            (row.measured_steps().unwrap(), row.trials[0].predicted_steps_finite.unwrap() as f64);
        // A read-out alone is a linear model: its own kernel never changes.
        assert_eq!(steps, own, "{row:?}");
        assert!((row.trials[0].network_eigenvalue / row.eigenvalue - 1.0).abs() < 0.3, "{row:?}");
    }
}
