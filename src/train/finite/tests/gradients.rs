//! Gradients of every layer and activation, by two other routes.

use super::*;

#[test]
fn outputs_gradients_and_a_step_are_those_of_automatic_differentiation() {
    let five = points(Design::Equispaced, Dimension::CIRCLE, 5, 0).unwrap();
    let mut rows = csv::Reader::from_reader(&include_bytes!("../../../../tests/data/autograd.csv")[..]);
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let (depth, bias, alpha) = (&row[1], &row[3], &row[4]);
        let phi = if &row[2] == "leaky-relu" { "leaky-relu(0.3)" } else { &row[2] };
        let numbers = |at: usize| row[at].split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
        let network = net(&match &row[0] {
            "1" => format!(
                "dense(w=0.8, b={bias}) {depth}*skip(alpha={alpha}, {phi} dense(w=1.5, b={bias})) dense"
            ),
            _ => format!("dense(w=0.8, b={bias}) {depth}*({phi} dense(w=1.5, b={bias}))"),
        });
        let mut trained = given(&network, &wide(7), &five, &sines(&network, 7, 2)).unwrap();
        assert_close(trained.outputs(), &numbers(5), 1e-12);
        assert_close(&trained.tangent_gram(), &numbers(6), 1e-12);
        let slopes: Vec<_> =
            trained.outputs().iter().enumerate().map(|(i, f)| f - (i as f64).cos()).collect();
        trained.descend(&slopes, 0.01);
        assert_close(trained.outputs(), &numbers(7), 1e-12);
        count += 1;
    }
    assert_eq!(count, 36);
}

/// The rates of the weights and biases of each dense layer, by the text.
fn rates(network: &Network) -> Vec<[f64; 2]> {
    fn of(series: &crate::network::Series, all: &mut Vec<[f64; 2]>) {
        use crate::network::Layer;
        for layer in &series.0 {
            match layer {
                Layer::Dense(dense) => all.push([dense.lr.to_f64(), dense.lr_bias.to_f64()]),
                Layer::Skip(skip) => of(&skip.branch, all),
                Layer::Sum(branches) | Layer::Product(branches) => {
                    branches.iter().for_each(|branch| of(branch, all))
                }
                Layer::Repeat(count, body) => (0..*count).for_each(|_| of(body, all)),
                _ => {}
            }
        }
    }
    let mut all = vec![];
    of(network.series(), &mut all);
    all
}

#[test]
fn the_gradient_is_that_of_finite_differences_of_every_parameter() {
    let (n, width, h) = (6, 5, 1e-4);
    let sample = on_sphere(n);
    for text in LAYERS.iter().map(|text| (*text).to_owned()).chain(activations()) {
        let network = net(&text);
        let start = sines(&network, width, 3);
        let outputs =
            |layers: &[Layer]| given(&network, &wide(width), &sample, layers).unwrap().outputs().to_vec();
        let slopes: Vec<_> = (0..n).map(|i| (i as f64 + 0.3).cos()).collect();
        let step = 0.01;
        let mut gram = vec![0.0; n * n];
        let mut moved = start.clone();
        // Nothing passes through a step, whose derivative counts as 0; the layers below it have no gradient.
        let dead = ["step", "sign"].iter().any(|phi| text.contains(phi));
        let live = if dead { start.len() - 1 } else { 0 };
        for (l, (layer, rates)) in start.iter().zip(rates(&network)).enumerate().skip(live) {
            for p in 0..layer.weights.len() + layer.biases.len() {
                let at = |layers: &mut Vec<Layer>, by: f64| {
                    let Layer { weights, biases } = &mut layers[l];
                    *weights.iter_mut().chain(biases).nth(p).unwrap() += by;
                };
                let shifted = |by: f64| {
                    let mut layers = start.clone();
                    at(&mut layers, by);
                    outputs(&layers)
                };
                // Of fourth order.
                let [a, b, c, d] = [2.0, 1.0, -1.0, -2.0].map(|k| shifted(k * h));
                let gradient: Vec<_> =
                    (0..n).map(|i| (8.0 * (b[i] - c[i]) - (a[i] - d[i])) / (12.0 * h)).collect();
                let rate = rates[usize::from(p >= layer.weights.len())];
                for i in 0..n {
                    (0..n).for_each(|j| gram[i * n + j] += rate * gradient[i] * gradient[j]);
                }
                at(&mut moved, -step * rate * gradient.iter().zip(&slopes).map(|(g, s)| g * s).sum::<f64>());
            }
        }
        let mut trained = given(&network, &wide(width), &sample, &start).unwrap();
        assert_close(&trained.tangent_gram(), &gram, 1e-7);
        trained.descend(&slopes, step);
        assert_close(trained.outputs(), &outputs(&moved), 1e-7);
    }
}

#[test]
fn the_same_network_in_two_writings_is_the_same() {
    let sample = on_sphere(9);
    for (one, other) in [
        (
            "dense skip(alpha=0.4, beta=0.7, erf dense) dense",
            "dense sum(scale(0.7), erf dense scale(0.4)) dense",
        ),
        ("dense 3*(erf dense(w=2))", "dense erf dense(w=2) erf dense(w=2) erf dense(w=2)"),
        ("dense identity erf scale(0.5) dense(w=4)", "dense erf dense"),
        ("dense skip(tanh dense) dense", "dense sum(identity, tanh dense) dense"),
        ("dense(b=2) scale(3) tanh dense", "dense(w=9, b=18) tanh dense"),
        ("dense rms-norm tanh dense", "dense scale(7) rms-norm tanh dense"),
    ] {
        let [one, other] = [one, other].map(|text| {
            let network = net(text);
            let mut trained = given(&network, &wide(8), &sample, &sines(&network, 8, 3)).unwrap();
            let gram = trained.tangent_gram();
            trained.descend(&[0.1; 9], 0.05);
            (trained.outputs().to_vec(), gram)
        });
        // A scale before a dense layer multiplies its output, not its rate: gradients of that layer differ, outputs at the start do not.
        assert_close(&one.0, &other.0, 1e-12);
        assert_close(&one.1, &other.1, 1e-12);
    }
}

#[test]
fn a_step_moves_outputs_by_the_tangent_gram_matrix_on_many_points_and_units() {
    // More points and units than one thread takes at a time, and not a whole number of such parts.
    let n = 150;
    let sample = on_sphere(n);
    for text in [
        "dense(b=0.3) 2*skip(erf dense(b=0.3)) dense",
        "dense product(tanh dense, layer-norm sin dense) dense",
    ] {
        let mut trained = drawn(&net(text), &wide(140), &sample, 3).unwrap();
        let (gram, state) = (trained.tangent_gram(), trained.state());
        let slopes: Vec<_> = (0..n).map(|i| (1.7 * i as f64).sin() / n as f64).collect();
        let mut after = |step: f64| {
            trained.restore(&state).unwrap();
            trained.descend(&slopes, step);
            trained.outputs().to_vec()
        };
        let h = 1e-4;
        let (up, down) = (after(h), after(-h));
        let moved: Vec<_> = up.iter().zip(&down).map(|(u, d)| (d - u) / (2.0 * h)).collect();
        let product = |row: &[f64]| row.iter().zip(&slopes).map(|(g, s)| g * s).sum::<f64>();
        let expected: Vec<_> = gram.chunks_exact(n).map(product).collect();
        assert_close(&moved, &expected, 1e-7);
        // Point by point, so that no tile is shared.
        trained.restore(&state).unwrap();
        let alone: Vec<_> = (0..n).flat_map(|i| trained.predict(sample.point(i))).collect();
        assert_close(&alone, trained.outputs(), 1e-13);
    }
}
