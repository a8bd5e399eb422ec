mod gradients;
mod limit;
mod runs;

use super::{Layer, Options, Precision, drawn, given, sizes};
use crate::{
    math::units::Dimension,
    network::Network,
    sample::{Design, Points, points},
};

fn net(text: &str) -> Network {
    text.parse().unwrap()
}

fn wide(width: usize) -> Options {
    Options { width, subtract_start: false, precision: Precision::Double }
}

fn on_sphere(n: usize) -> Points {
    points(Design::Fibonacci, Dimension::SPHERE, n, 0).unwrap()
}

/// Parameters by the formula of `tests/data/autograd.py`.
fn sines(network: &Network, width: usize, inputs: usize) -> Vec<Layer> {
    let mut values = (0..).map(|i| 1.7 * (f64::from(i) + 0.5).sin());
    let mut take = |count| values.by_ref().take(count).collect();
    let layer = |[outputs, inputs, biases]: [usize; 3]| Layer {
        weights: take(outputs * inputs),
        biases: take(biases),
    };
    sizes(network, width, inputs).into_iter().map(layer).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-300, |scale: f64, x| scale.max(x.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "entry {i}: {f} against {e}");
    }
}

/// Networks that use every layer of the language, in the places where it can stand.
const LAYERS: [&str; 16] = [
    "dense(b=0.3) 2*(erf dense(w=1.5, b=0.3)) erf dense",
    "dense(w=0.7) leaky-relu(0.3) dense(w=2)",
    "dense(b=0.3, bias-init=gaussian) 2*skip(alpha=0.6, leaky-relu(0.3) dense(w=2, b=0.3, bias-init=gaussian)) dense",
    "dense 3*skip(alpha=-0.5, beta=0.8, erf dense(w=1.5)) dense",
    "dense layer-norm tanh dense rms-norm sin dense",
    "dense skip(layer-norm relu dense) erf dense",
    "dense skip(relu dense) layer-norm silu dense(b=0.2)",
    "dense product(gelu dense, dense) dense",
    "dense product(silu dense, tanh dense(b=0.5), dense) dense",
    "dense(b=0.1) sum(relu dense(w=1/2), tanh dense(w=1/2)) erf dense scale(0.3)",
    "sum(dense, dense(b=0.2) erf dense(w=2)) gelu dense",
    "dense(train=no) relu dense",
    "dense(lr=0.3, b=0.7, lr-bias=2) tanh dense(train=bias, b=0.5) tanh dense(train=weights, b=1)",
    "dense erf sum(dense, dense(b=0.4)) scale(1/2)",
    "dense tanh dense skip(alpha=2, erf dense) dense",
    "dense identity scale(-1.5) gelu dense layer-norm relu dense 2*(sum(relu dense, skip(relu dense))) dense",
];

/// One hidden layer of each activation, on either side of another.
fn activations() -> Vec<String> {
    let spec = |entry: &crate::network::activation::Entry| match entry.name {
        "polynomial" => "polynomial(0.5, 1, -0.3, 0.1)".to_owned(),
        "rectified-monomial" | "monomial" | "hermite" => format!("{}(3)", entry.name),
        "leaky-relu" => "leaky-relu(0.3)".to_owned(),
        "expr" => "expr(u*tanh(u)+u^2/3)".to_owned(),
        name => name.to_owned(),
    };
    let all = crate::network::activation::CATALOGUE.iter().map(spec);
    all.map(|phi| format!("dense(b=0.3) tanh dense(w=0.6, b=0.2) {phi} dense(w=2)")).collect()
}
