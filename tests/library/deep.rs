//! Deep networks: gradients by two other routes, the limit of large width, and what a run relies on.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    ErrorKind,
    kernel::{Angle, Kernel},
    math::units::Dimension,
    sample::{Design, Points, points},
    train::{
        Network,
        deep::{Activation, Architecture, Layer, Precision, drawn, given},
    },
};

const LEAKY: Activation = Activation::LeakyRelu { slope: 0.3 };

fn plain(depth: usize, width: usize) -> Architecture {
    Architecture {
        residual: false,
        depth,
        width,
        activation: Activation::RELU,
        w: 2.0,
        w_in: 1.0,
        bias: 0.0,
        gaussian_bias: false,
        alpha: 1.0,
        subtract_start: false,
        precision: Precision::Double,
    }
}

fn residual(depth: usize, width: usize, alpha: f64) -> Architecture {
    Architecture { residual: true, alpha, ..plain(depth, width) }
}

/// One of each kind, with every feature used somewhere.
fn kinds(width: usize) -> [Architecture; 4] {
    [
        Architecture { bias: 0.3, activation: Activation::Erf, ..plain(3, width) },
        Architecture { activation: LEAKY, w_in: 0.7, ..plain(1, width) },
        Architecture { bias: 0.3, gaussian_bias: true, activation: LEAKY, ..residual(2, width, 0.6) },
        Architecture { activation: Activation::Erf, w: 1.5, ..residual(3, width, -0.5) },
    ]
}

fn on_sphere(n: usize) -> Points {
    points(Design::Fibonacci, Dimension::SPHERE, n, 0).unwrap()
}

/// The sizes of the layers: outputs, inputs, biases.
fn sizes(a: &Architecture, inputs: usize) -> Vec<(usize, usize, usize)> {
    let hidden = a.depth - usize::from(!a.residual);
    let biases = |count| if a.bias > 0.0 { count } else { 0 };
    let mut sizes = vec![(a.width, inputs, biases(a.width))];
    sizes.extend(vec![(a.width, a.width, biases(a.width)); hidden]);
    sizes.push((1, a.width, if a.residual { 0 } else { biases(1) }));
    sizes
}

/// Parameters by the formula of `tests/data/autograd.py`.
fn sines(a: &Architecture, inputs: usize) -> Vec<Layer> {
    let mut values = (0..).map(|i| 1.7 * (f64::from(i) + 0.5).sin());
    let mut take = |count| values.by_ref().take(count).collect();
    sizes(a, inputs).iter().map(|(m, k, b)| Layer { weights: take(m * k), biases: take(*b) }).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1e-300, |scale: f64, x| scale.max(x.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance * scale, "entry {i}: {f} against {e}");
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn outputs_gradients_and_a_step_are_those_of_automatic_differentiation() {
    let five = points(Design::Equispaced, Dimension::CIRCLE, 5, 0).unwrap();
    let mut rows = csv::Reader::from_path("tests/data/autograd.csv").unwrap();
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let activation = match &row[2] {
            "relu" => Activation::RELU,
            "leaky-relu" => LEAKY,
            _ => Activation::Erf,
        };
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let numbers = |at: usize| row[at].split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
        let a = Architecture {
            residual: &row[0] == "1",
            activation,
            w: 1.5,
            w_in: 0.8,
            bias: number(3),
            alpha: number(4),
            ..plain(row[1].parse().unwrap(), 7)
        };
        let mut network = given(&a, &five, &sines(&a, 2)).unwrap();
        assert_close(network.outputs(), &numbers(5), 1e-12);
        assert_close(&network.tangent_gram(), &numbers(6), 1e-12);
        let slopes: Vec<_> =
            network.outputs().iter().enumerate().map(|(i, f)| f - (i as f64).cos()).collect();
        network.descend(&slopes, 0.01);
        assert_close(network.outputs(), &numbers(7), 1e-12);
        count += 1;
    }
    assert_eq!(count, 36);
}

#[test]
fn the_gradient_is_that_of_finite_differences_of_every_parameter() {
    let (n, h) = (6, 1e-5);
    let sample = on_sphere(n);
    for a in kinds(5) {
        let start = sines(&a, 3);
        let outputs = |layers: &[Layer]| given(&a, &sample, layers).unwrap().outputs().to_vec();
        let slopes: Vec<_> = (0..n).map(|i| (i as f64 + 0.3).cos()).collect();
        let step = 0.01;
        let mut gram = vec![0.0; n * n];
        let mut moved = start.clone();
        for (l, layer) in start.iter().enumerate() {
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
                let (up, down) = (shifted(h), shifted(-h));
                let gradient: Vec<_> = up.iter().zip(&down).map(|(u, d)| (u - d) / (2.0 * h)).collect();
                for i in 0..n {
                    (0..n).for_each(|j| gram[i * n + j] += gradient[i] * gradient[j]);
                }
                at(&mut moved, -step * gradient.iter().zip(&slopes).map(|(g, s)| g * s).sum::<f64>());
            }
        }
        let mut network = given(&a, &sample, &start).unwrap();
        assert_close(&network.tangent_gram(), &gram, 1e-7);
        network.descend(&slopes, step);
        assert_close(network.outputs(), &outputs(&moved), 1e-7);
    }
}

#[test]
fn a_step_moves_outputs_by_the_tangent_gram_matrix_on_many_points_and_units() {
    // More points and units than one thread takes at a time, and not a whole number of such parts.
    let n = 150;
    let sample = on_sphere(n);
    // Smooth activations only: with a kink, central differences are good to 1e-7 only if no unit switches.
    let smooth = kinds(140).into_iter().filter(|a| a.activation == Activation::Erf);
    for a in smooth {
        let mut network = drawn(&a, &sample, 3).unwrap();
        let (gram, state) = (network.tangent_gram(), network.state());
        let slopes: Vec<_> = (0..n).map(|i| (1.7 * i as f64).sin() / n as f64).collect();
        let mut after = |step: f64| {
            network.restore(&state).unwrap();
            network.descend(&slopes, step);
            network.outputs().to_vec()
        };
        let h = 1e-4;
        let (up, down) = (after(h), after(-h));
        let moved: Vec<_> = up.iter().zip(&down).map(|(u, d)| (d - u) / (2.0 * h)).collect();
        let product = |row: &[f64]| row.iter().zip(&slopes).map(|(g, s)| g * s).sum::<f64>();
        let expected: Vec<_> = gram.chunks_exact(n).map(product).collect();
        assert_close(&moved, &expected, 1e-7);
        // Point by point, so that no tile is shared.
        network.restore(&state).unwrap();
        let alone: Vec<_> = (0..n).flat_map(|i| network.predict(sample.point(i))).collect();
        assert_close(&alone, network.outputs(), 1e-13);
    }
}

/// Root mean square difference of the tangent Gram matrix from the kernel's, over seeds, relative to `K(1)`.
fn distance(a: &Architecture, spec: &str, sample: &Points, seeds: u64) -> f64 {
    let kernel = spec.parse::<Kernel>().unwrap().evaluator();
    let n = sample.len();
    let at = |i: usize, j: usize| {
        let t: f64 = sample.point(i).iter().zip(sample.point(j)).map(|(x, y)| x * y).sum();
        kernel.at(&Angle::from_radians(t.clamp(-1.0, 1.0).acos()))
    };
    let expected: Vec<_> = (0..n * n).map(|p| at(p / n, p % n)).collect();
    let squares = (0..seeds).flat_map(|seed| {
        let gram = drawn(a, sample, seed).unwrap().tangent_gram();
        gram.into_iter().zip(&expected).map(|(g, e)| (g - e).powi(2)).collect::<Vec<_>>()
    });
    (squares.sum::<f64>() / (seeds as f64 * (n * n) as f64)).sqrt() / expected[0]
}

#[test]
fn the_tangent_gram_matrix_tends_to_the_kernel_as_the_width_to_the_power_of_minus_one_half() {
    let sample = on_sphere(8);
    let cases = [
        (plain(3, 0), "ntk:depth=3"),
        (plain(1, 0), "ntk:depth=1"),
        (
            Architecture { bias: 0.5, gaussian_bias: true, w_in: 0.8, activation: LEAKY, ..plain(2, 0) },
            "ntk:depth=2,b=1/2,bias-init=gaussian,w-in=4/5,activation=leaky-relu,slope=3/10",
        ),
        (
            Architecture { bias: 0.5, w: 1.5, activation: Activation::Erf, ..plain(2, 0) },
            "ntk:depth=2,b=1/2,bias-init=zero,w=3/2,activation=erf",
        ),
        (residual(2, 0, 0.5), "resnet:depth=2,alpha=1/2"),
        (
            Architecture { bias: 0.5, gaussian_bias: true, ..residual(2, 0, 0.7) },
            "resnet:depth=2,alpha=7/10,b=1/2,bias-init=gaussian",
        ),
    ];
    for (a, spec) in cases {
        let at = |width| distance(&Architecture { width, ..a.clone() }, spec, &sample, 24);
        let (narrow, wide) = (at(64), at(1024));
        assert!(wide < 0.06, "{spec}: {wide}");
        let power = (narrow / wide).ln() / 16f64.ln();
        assert!((power - 0.5).abs() < 0.15, "{spec}: width to the power of -{power}");
    }
}

fn train(network: &mut dyn Network, steps: usize) {
    for _ in 0..steps {
        let slopes: Vec<_> =
            network.outputs().iter().enumerate().map(|(i, f)| f - (i as f64).sin()).collect();
        network.descend(&slopes, 1e-3);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let sample = on_sphere(150);
    for precision in [Precision::Single, Precision::Double] {
        for a in kinds(130) {
            let a = Architecture { precision, ..a };
            let run = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| {
                    let mut network = drawn(&a, &sample, 7).unwrap();
                    train(&mut *network, 3);
                    let predicted = network.predict(sample.coordinates());
                    (
                        network.state(),
                        bits(network.outputs()),
                        bits(&network.tangent_gram()),
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
        for a in kinds(9) {
            let a = Architecture { precision, subtract_start: true, ..a };
            let mut whole = drawn(&a, &sample, 7).unwrap();
            assert!(whole.outputs().iter().all(|f| *f == 0.0));
            assert!(whole.predict(&[0.0, 0.6, 0.8])[0] == 0.0);
            train(&mut *whole, 3);
            let state = whole.state();
            let mut resumed = drawn(&a, &sample, 7).unwrap();
            resumed.restore(&state).unwrap();
            assert_eq!(bits(resumed.outputs()), bits(whole.outputs()));
            train(&mut *whole, 3);
            train(&mut *resumed, 3);
            assert_eq!(bits(resumed.outputs()), bits(whole.outputs()));
            assert_eq!(resumed.state(), whole.state());
            let before = bits(whole.outputs());
            for wrong in [&state[..state.len() - 1], &[state.clone(), vec![0]].concat(), b"", b"hinfdeep"] {
                assert_eq!(whole.restore(wrong).unwrap_err().kind(), ErrorKind::Invalid);
            }
            let other = drawn(&Architecture { width: 10, ..a.clone() }, &sample, 7).unwrap();
            assert_eq!(whole.restore(&other.state()).unwrap_err().kind(), ErrorKind::Invalid);
            assert_eq!(bits(whole.outputs()), before);
        }
    }
}

#[test]
fn the_output_at_the_start_is_subtracted_everywhere_and_from_nothing_else() {
    let sample = on_sphere(12);
    for a in kinds(9) {
        let start = drawn(&a, &sample, 5).unwrap();
        let mut shifted = drawn(&Architecture { subtract_start: true, ..a.clone() }, &sample, 5).unwrap();
        let mut plain = drawn(&a, &sample, 5).unwrap();
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
    for (activation, subtract_start) in [(Activation::RELU, false), (LEAKY, true)] {
        for (precision, unit) in [(Precision::Single, f32::EPSILON.into()), (Precision::Double, f64::EPSILON)]
        {
            let a = Architecture { activation, subtract_start, precision, w_in: 0.7, ..plain(1, 150) };
            let mut network = drawn(&a, &sample, 7).unwrap();
            train(&mut *network, 5);
            let part = network.odd_part().unwrap();
            let found = part.departure(sample.coordinates(), network.outputs(), &network.predict(&other));
            assert!(found.is_rounding() && found.distance > 0.0, "{found:?}");
            assert!(found.rounding < 1e5 * unit, "{found:?}");
        }
    }
    for a in kinds(9).into_iter().chain([plain(2, 9), Architecture { bias: 0.5, ..plain(1, 9) }]) {
        let none = a.depth != 1 || a.residual || a.bias != 0.0 || a.activation == Activation::Erf;
        assert_eq!(drawn(&a, &sample, 7).unwrap().odd_part().is_none(), none, "{a:?}");
    }
}

#[test]
fn single_precision_follows_double() {
    let sample = on_sphere(40);
    for a in kinds(50) {
        let run = |precision| {
            let mut network = drawn(&Architecture { precision, ..a.clone() }, &sample, 7).unwrap();
            train(&mut *network, 5);
            (network.outputs().to_vec(), network.tangent_gram())
        };
        let (single, double) = (run(Precision::Single), run(Precision::Double));
        assert_close(&single.0, &double.0, 1e-5);
        assert_close(&single.1, &double.1, 1e-5);
        assert_ne!(single.0, double.0);
    }
}

#[test]
fn what_is_outside_the_domain_is_refused() {
    let sample = on_sphere(12);
    let nan = f64::NAN;
    let invalid = [
        plain(0, 5),
        plain(2, 0),
        Architecture { w: 0.0, ..plain(2, 5) },
        Architecture { w_in: nan, ..plain(2, 5) },
        Architecture { bias: -1.0, ..plain(2, 5) },
        Architecture { bias: nan, ..plain(2, 5) },
        Architecture { activation: Activation::LeakyRelu { slope: f64::INFINITY }, ..plain(2, 5) },
        residual(2, 5, nan),
    ];
    for a in invalid {
        assert_eq!(drawn(&a, &sample, 0).err().unwrap().kind(), ErrorKind::Invalid, "{a:?}");
    }
    for a in [plain(2, 1 << 20), plain(usize::MAX, usize::MAX), residual(1_000_000, 1000, 1.0)] {
        let error = drawn(&a, &sample, 0).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        assert!(error.to_string().contains("GiB"), "{error}");
    }
    let a = plain(2, 5);
    let layers = sines(&a, 3);
    for wrong in [&layers[1..], &sines(&plain(2, 6), 3), &sines(&Architecture { bias: 1.0, ..a.clone() }, 3)]
    {
        assert_eq!(given(&a, &sample, wrong).err().unwrap().kind(), ErrorKind::Invalid);
    }
}
