//! What a run relies on: threads, states, optimizers, the start, precisions, the odd part.

use super::*;
use crate::{
    ErrorKind,
    optimizer::{Method, Momentum, Optimizer},
    train,
};

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

fn train(network: &mut dyn train::Network, steps: usize) {
    for _ in 0..steps {
        network.look_ahead();
        let slopes: Vec<_> =
            network.outputs().iter().enumerate().map(|(i, f)| f - (i as f64).sin()).collect();
        network.descend(&slopes, 1e-3);
    }
}

fn optimizers() -> Vec<Optimizer> {
    let beta = Momentum::new(0.7).unwrap();
    let methods = [
        Method::GradientDescent,
        Method::HeavyBall(beta),
        Method::Nesterov(beta),
        Method::TorchNesterov(beta),
    ];
    let plain = methods.map(Optimizer::new);
    plain.into_iter().chain(plain.map(|optimizer| optimizer.with_ridge(2.0).unwrap())).collect()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let sample = on_sphere(150);
    for precision in [Precision::Single, Precision::Double] {
        for text in LAYERS {
            let run = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| {
                    let mut trained =
                        drawn(&net(text), &Options { precision, ..wide(130) }, &sample, 7).unwrap();
                    train(&mut *trained, 3);
                    let predicted = trained.predict(sample.coordinates());
                    (
                        trained.state(),
                        bits(trained.outputs()),
                        bits(&trained.tangent_gram()),
                        bits(&predicted),
                    )
                })
            };
            let one = run(1);
            assert_eq!(one.1, one.3, "training points are predicted as they are trained");
            assert!(one == run(3) && one == run(8));
        }
    }
}

#[test]
fn a_state_taken_back_continues_to_the_bit() {
    let sample = on_sphere(20);
    for precision in [Precision::Single, Precision::Double] {
        for (text, optimizer) in LAYERS.iter().zip(optimizers().iter().cycle()) {
            let options = Options { precision, subtract_start: true, width: 9 };
            let fresh = || {
                let mut trained = drawn(&net(text), &options, &sample, 7).unwrap();
                trained.train_by(optimizer);
                trained
            };
            let mut whole = fresh();
            assert!(whole.outputs().iter().all(|f| *f == 0.0));
            assert!(whole.predict(&[0.0, 0.6, 0.8])[0] == 0.0);
            train(&mut *whole, 3);
            let state = whole.state();
            let mut resumed = fresh();
            resumed.restore(&state).unwrap();
            assert_eq!(bits(resumed.outputs()), bits(whole.outputs()));
            train(&mut *whole, 3);
            train(&mut *resumed, 3);
            assert_eq!(bits(resumed.outputs()), bits(whole.outputs()), "{text} {optimizer:?}");
            assert_eq!(resumed.state(), whole.state());
            let before = bits(whole.outputs());
            for wrong in [&state[..state.len() - 1], &[state.clone(), vec![0]].concat(), b"", b"hinfdeep"] {
                assert_eq!(whole.restore(wrong).unwrap_err().kind(), ErrorKind::Invalid);
            }
            let other = drawn(&net(text), &Options { width: 10, ..options }, &sample, 7).unwrap();
            assert_eq!(whole.restore(&other.state()).unwrap_err().kind(), ErrorKind::Invalid);
            assert_eq!(bits(whole.outputs()), before);
        }
    }
}

/// Small steps of the network are those of the optimizer on its linearisation.
#[test]
fn optimizers_move_outputs_as_they_move_a_linear_model() {
    let (n, step) = (12, 1e-5);
    let sample = on_sphere(n);
    for optimizer in optimizers() {
        let mut trained =
            drawn(&net("dense(b=0.2) tanh dense(lr=0.5, b=0.1) erf dense"), &wide(40), &sample, 2).unwrap();
        trained.train_by(&optimizer);
        let gram = trained.tangent_gram();
        let start = trained.outputs().to_vec();
        let beta = optimizer.method().momentum().map_or(0.0, Momentum::get);
        let (mut now, mut before) = (start.clone(), start.clone());
        let beyond = |now: &[f64], before: &[f64]| -> Vec<f64> {
            now.iter().zip(before).map(|(u, old)| u + beta * (u - old)).collect()
        };
        let mut shown = start.clone();
        for _ in 0..6 {
            let mut next = beyond(&now, &before);
            let at =
                if matches!(optimizer.method(), Method::HeavyBall(_)) { now.clone() } else { next.clone() };
            for i in 0..n {
                let pushed: f64 = (0..n).map(|j| gram[i * n + j] * (at[j] - (j as f64).sin())).sum();
                next[i] -= step * (pushed + optimizer.ridge() * (at[i] - start[i]));
            }
            before = std::mem::replace(&mut now, next);
            shown = match optimizer.method() {
                Method::TorchNesterov(_) => beyond(&now, &before),
                _ => now.clone(),
            };
            trained.look_ahead();
            let slopes: Vec<_> =
                trained.outputs().iter().enumerate().map(|(i, f)| f - (i as f64).sin()).collect();
            trained.descend(&slopes, step);
        }
        let change =
            |values: &[f64]| -> Vec<f64> { values.iter().zip(&start).map(|(f, start)| f - start).collect() };
        // To first order in the size of the steps.
        assert_close(&change(trained.outputs()), &change(&shown), 2e-3);
    }
}

#[test]
fn frozen_parameters_stay_and_rates_multiply_steps() {
    let sample = on_sphere(10);
    let start = |text: &str| sines(&net(text), 6, 3);
    let text = "dense(train=no, b=1) tanh dense(train=bias, b=1) tanh dense(lr=3, b=1, lr-bias=1/2)";
    let network = net(text);
    let layers = start(text);
    for optimizer in optimizers() {
        let mut trained = given(&network, &wide(6), &sample, &layers).unwrap();
        trained.train_by(&optimizer);
        let fresh = trained.state();
        train(&mut *trained, 4);
        let state = trained.state();
        // Numbers of f64 after the mark and the sizes: 6 x 3 + 6 frozen, 6 x 6 frozen, then 6 biases that move.
        let header = 8 + 8 * (2 + 3 * 3);
        let frozen = header + 8 * (6 * 3 + 6 + 6 * 6);
        assert_eq!(state[..frozen], fresh[..frozen]);
        assert_ne!(state[frozen..frozen + 8], fresh[frozen..frozen + 8]);
    }
}

#[test]
fn the_output_at_the_start_is_subtracted_everywhere_and_from_nothing_else() {
    let sample = on_sphere(12);
    for text in LAYERS {
        let start = drawn(&net(text), &wide(9), &sample, 5).unwrap();
        let mut shifted =
            drawn(&net(text), &Options { subtract_start: true, ..wide(9) }, &sample, 5).unwrap();
        let mut plain = drawn(&net(text), &wide(9), &sample, 5).unwrap();
        assert_eq!(plain.tangent_gram(), shifted.tangent_gram());
        let slopes: Vec<_> = (0..12).map(f64::from).map(f64::cos).collect();
        plain.descend(&slopes, 0.01);
        shifted.descend(&slopes, 0.01);
        let less = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>();
        assert_eq!(shifted.outputs(), less(plain.outputs(), start.outputs()));
        let elsewhere = [0.6, 0.0, 0.8, 0.0, -1.0, 0.0];
        let expected = less(&plain.predict(&elsewhere), &start.predict(&elsewhere));
        assert_eq!(shifted.predict(&elsewhere), expected);
    }
}

/// One hidden layer of leaky relu without bias: `f(x) - f(-x)` is the linear function of the weights, to the proved rounding; of nothing else.
#[test]
fn the_odd_part_of_one_hidden_layer_is_linear_to_rounding() {
    let sample = on_sphere(40);
    let other: Vec<f64> = sample.coordinates().iter().map(|x| -x).collect();
    for (text, subtract_start) in [
        ("dense(w=0.7) relu dense(w=2)", false),
        ("dense(w=0.7) leaky-relu(0.3) dense(w=2)", true),
        ("dense scale(-0.5) relu dense scale(-3)", false),
    ] {
        for (precision, unit) in [(Precision::Single, f32::EPSILON.into()), (Precision::Double, f64::EPSILON)]
        {
            let options = Options { width: 150, subtract_start, precision };
            let mut trained = drawn(&net(text), &options, &sample, 7).unwrap();
            train(&mut *trained, 5);
            let part = trained.odd_part().unwrap();
            let found = part.departure(sample.coordinates(), trained.outputs(), &trained.predict(&other));
            assert!(found.is_rounding() && found.distance > 0.0, "{text} {found:?}");
            assert!(found.rounding < 1e5 * unit, "{found:?}");
        }
    }
    for text in [
        "dense(b=1) relu dense",
        "dense relu dense(b=1)",
        "dense erf dense",
        "dense skip(relu dense) dense",
        "dense relu dense relu dense",
    ] {
        assert!(drawn(&net(text), &wide(9), &sample, 7).unwrap().odd_part().is_none(), "{text}");
    }
}

#[test]
fn single_precision_follows_double() {
    let sample = on_sphere(40);
    for text in LAYERS {
        let run = |precision| {
            let mut trained = drawn(&net(text), &Options { precision, ..wide(50) }, &sample, 7).unwrap();
            train(&mut *trained, 5);
            (trained.outputs().to_vec(), trained.tangent_gram())
        };
        let (single, double) = (run(Precision::Single), run(Precision::Double));
        assert_close(&single.0, &double.0, 3e-5);
        assert_close(&single.1, &double.1, 3e-5);
        assert_ne!(single.0, double.0);
    }
}

#[test]
fn what_is_outside_the_domain_is_refused() {
    let sample = on_sphere(12);
    let refused = |text: &str, width| drawn(&net(text), &wide(width), &sample, 0).err().unwrap();
    assert_eq!(refused("dense relu dense", 0).kind(), ErrorKind::Invalid);
    for text in ["dense(train=no) relu dense(train=no)", "dense step dense(train=no)"] {
        assert!(refused(text, 5).to_string().contains("reaches the output"), "{text}");
    }
    for (text, width) in [
        ("dense 2*(relu dense)", 1 << 20),
        ("dense 9000*(relu dense)", 1000),
        ("dense relu dense", usize::MAX / 8),
    ] {
        let error = refused(text, width);
        assert!(error.kind() == ErrorKind::TooLarge && error.to_string().contains("GiB"), "{error}");
    }
    let network = net("dense 2*(relu dense)");
    let layers = sines(&network, 5, 3);
    for wrong in [&layers[1..], &sines(&network, 6, 3), &sines(&net("dense(b=1) 2*(relu dense)"), 5, 3)] {
        assert_eq!(given(&network, &wide(5), &sample, wrong).err().unwrap().kind(), ErrorKind::Invalid);
    }
}
