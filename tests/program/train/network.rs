//! The two-layer network against finite differences and its kernel, threads, resuming, targets.

use hinf::{
    math::{harmonics::multiplicity, units::Dimension},
    optimizer::Optimizer,
    sample::{Design, points},
    train::{
        Network,
        descent::{Labels, Loss, Progress, Rule, Threshold},
        real::Real,
        target::{Harmonic, energies, harmonic, noise},
        two_layer::{Shape, TwoLayer},
        units::{Directions, Init},
    },
};

const GD: Optimizer = Optimizer::GRADIENT_DESCENT;

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

fn shape(bias: bool, width: usize, init: Init) -> Shape {
    Shape { bias, width, init, directions: Directions::Random, kappa: 1.0, seed: 7 }
}

/// `f` of a two-layer network, written down from its definition.
fn by_definition(weights: &[f64], signs: &[f64], x: &[f64], bias: bool) -> f64 {
    let scale = if bias { 0.5_f64.sqrt() } else { 1.0 };
    let input: Vec<f64> = x.iter().copied().chain(bias.then_some(1.0)).map(|x| scale * x).collect();
    let unit = |w: &[f64]| w.iter().zip(&input).map(|(w, x)| w * x).sum::<f64>().max(0.0);
    let sum: f64 = weights.chunks(input.len()).zip(signs).map(|(w, a)| a * unit(w)).sum();
    sum / (signs.len() as f64).sqrt()
}

/// The gradient that a step follows, against central differences of the loss; biases and dimensions to both sides of the unrolled loops.
#[test]
fn a_step_follows_the_gradient() {
    for (d, bias) in [(1, false), (1, true), (2, true), (3, true), (4, true), (9, false)] {
        let x = points(Design::Uniform, dim(d), 21, 3).unwrap();
        let paired = shape(bias, 130, Init::Paired);
        let mut network = TwoLayer::<f64>::new(dim(d), x.coordinates(), &paired).unwrap();
        let signs: Vec<f64> = (0..130).map(|r| if r % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let y = noise(21, 1.0, 5);
        let before = network.weights().to_vec();
        assert!(network.outputs().iter().all(|f| *f == 0.0), "pairs cancel exactly");
        let slopes: Vec<f64> = network.outputs().iter().zip(&y).map(|(f, y)| f - y).collect();
        network.descend(&slopes, 1.0);
        let loss = |weights: &[f64]| -> f64 {
            let f = |i: usize| by_definition(weights, &signs, x.point(i), bias);
            (0..21).map(|i| 0.5 * (f(i) - y[i]).powi(2)).sum()
        };
        for at in (0..before.len()).step_by(7) {
            let h = 1e-5;
            let mut moved = before.clone();
            moved[at] = before[at] + h;
            let up = loss(&moved);
            moved[at] = before[at] - h;
            let slope = (up - loss(&moved)) / (2.0 * h);
            let step = before[at] - network.weights()[at];
            assert!((step - slope).abs() < 1e-7, "d={d} weight {at}: {step} {slope}");
        }
        for i in 0..21 {
            let expected = by_definition(network.weights(), &signs, x.point(i), bias);
            assert!((network.outputs()[i] - expected).abs() < 1e-12);
            assert_eq!(network.predict(x.point(i))[0], network.outputs()[i]);
        }
    }
}

/// A small step moves the outputs by `-eta H slopes`.
#[test]
fn the_tangent_gram_matrix_moves_the_outputs() {
    let x = points(Design::Uniform, dim(2), 33, 1).unwrap();
    let mut network =
        TwoLayer::<f64>::new(dim(2), x.coordinates(), &shape(true, 200, Init::Independent)).unwrap();
    let gram = network.tangent_gram();
    let before = network.outputs().to_vec();
    let slopes = noise(33, 1.0, 2);
    network.descend(&slopes, 1e-7);
    for i in 0..33 {
        let moved: f64 = (0..33).map(|j| gram[i * 33 + j] * slopes[j]).sum();
        assert!(((before[i] - network.outputs()[i]) / 1e-7 - moved).abs() < 1e-6, "{i}");
    }
}

/// The wide network's tangent Gram matrix tends to the paper's kernel, `(t+1)(pi-theta)/(4 pi)`, at the rate `m^-1/2`.
#[test]
fn the_tangent_gram_matrix_tends_to_the_kernel() {
    let x = points(Design::Uniform, dim(3), 20, 1).unwrap();
    let far = |width: usize| {
        let network =
            TwoLayer::<f64>::new(dim(3), x.coordinates(), &shape(true, width, Init::Independent)).unwrap();
        let gram = network.tangent_gram();
        let off = |k: usize| {
            let t: f64 = x.point(k / 20).iter().zip(x.point(k % 20)).map(|(a, b)| a * b).sum();
            let t = t.clamp(-1.0, 1.0);
            gram[k] - (t + 1.0) * (std::f64::consts::PI - t.acos()) / (4.0 * std::f64::consts::PI)
        };
        ((0..400).map(|k| off(k).powi(2)).sum::<f64>() / 400.0).sqrt()
    };
    assert!(far(100) < 0.5 / 10.0 && far(40_000) < 0.5 / 200.0, "{} {}", far(100), far(40_000));
}

/// Without bias `f(x) - f(-x)` is the linear function of the weights to the proved rounding, also after training on an odd target, and what is off by
/// a few times that is seen to be.
fn odd_part_of<T: Real>(kappa: f64, width: usize) {
    let x = points(Design::Uniform, dim(2), 60, 1).unwrap();
    let other: Vec<f64> = x.coordinates().iter().map(|x| -x).collect();
    let y = harmonic(dim(2), 3, Harmonic::Zonal, x.coordinates()).unwrap();
    let start = Shape { kappa, ..shape(false, width, Init::Independent) };
    let mut network = TwoLayer::<T>::new(dim(2), x.coordinates(), &start).unwrap();
    for _ in 0..50 {
        let slopes: Vec<f64> = network.outputs().iter().zip(&y).map(|(f, y)| f - y).collect();
        network.descend(&slopes, 0.01);
    }
    let part = network.odd_part().unwrap();
    let antipodes = network.predict(&other);
    let departure = |outputs: &[f64]| part.departure(x.coordinates(), outputs, &antipodes);
    let found = departure(network.outputs());
    assert!(found.is_rounding() && found.distance > 0.0, "{found:?}");
    // Hundreds of roundings of terms of the size of the weights, not more: the bound says something.
    assert!(found.rounding < 2000.0 * T::UNIT * kappa * (width as f64).sqrt(), "{found:?}");
    let mut moved = network.outputs().to_vec();
    moved[31] += 3.0 * part.rounding;
    assert!(!departure(&moved).is_rounding() && found.worse(departure(&moved)) == departure(&moved));
    moved[31] = f64::NAN;
    assert!(!departure(&moved).is_rounding());
}

#[test]
fn the_odd_part_stays_linear_to_rounding() {
    for (kappa, width) in [(1.0, 7), (1.0, 300), (100.0, 2000)] {
        odd_part_of::<f64>(kappa, width);
        odd_part_of::<f32>(kappa, width);
    }
    let x = points(Design::Uniform, dim(2), 60, 1).unwrap();
    let biased = TwoLayer::<f64>::new(dim(2), x.coordinates(), &shape(true, 100, Init::Paired)).unwrap();
    assert_eq!(biased.odd_part(), None);
}

fn trained<T: Real>(threads: usize) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let x = points(Design::Fibonacci, dim(2), 77, 0).unwrap();
        let mut network =
            TwoLayer::<T>::new(dim(2), x.coordinates(), &shape(true, 1000, Init::Independent)).unwrap();
        for _ in 0..5 {
            let slopes = network.outputs().to_vec();
            network.descend(&slopes, 0.01);
        }
        network.state()
    })
}

#[test]
fn threads_do_not_change_a_bit() {
    assert_eq!(trained::<f64>(1), trained::<f64>(3));
    assert_eq!(trained::<f32>(1), trained::<f32>(4));
}

/// Stopped at a step and taken up again, a run ends with the same bits.
#[test]
fn a_run_taken_up_again_ends_the_same() {
    let x = points(Design::Equispaced, dim(1), 51, 0).unwrap();
    let y = harmonic(dim(1), 3, Harmonic::Zonal, x.coordinates()).unwrap();
    let labels = Labels { values: y.clone(), weights: vec![1.0; 51], parts: vec![y] };
    let rule = Rule {
        loss: Loss::MeanSquare,
        optimizer: GD,
        seed: 0,
        step_size: 0.1,
        learned: Threshold::Share(0.05),
        beyond_stable: false,
        max_steps: 80,
        to_the_end: false,
    };
    let fresh = || TwoLayer::<f32>::new(dim(1), x.coordinates(), &shape(true, 400, Init::Paired)).unwrap();
    let mut network = fresh();
    let mut progress = Progress::start(&network, &labels, &rule).unwrap();
    let mut kept = None;
    while !progress.ended(&rule) {
        progress.advance(&mut network, &labels, &rule).unwrap();
        if progress.step == 23 {
            kept = Some((postcard::to_stdvec(&progress).unwrap(), network.state()));
        }
    }
    let (bytes, state) = kept.unwrap();
    let mut again = fresh();
    again.restore(&state).unwrap();
    let mut resumed: Progress = postcard::from_bytes(&bytes).unwrap();
    while !resumed.ended(&rule) {
        resumed.advance(&mut again, &labels, &rule).unwrap();
    }
    assert_eq!((resumed, again.state()), (progress, network.state()));
    assert!(fresh().restore(&state[1..]).is_err());
}

#[test]
fn divergence_stops_the_run() {
    let x = points(Design::Equispaced, dim(1), 51, 0).unwrap();
    let y = harmonic(dim(1), 1, Harmonic::Zonal, x.coordinates()).unwrap();
    let labels = Labels { values: y.clone(), weights: vec![1.0; 51], parts: vec![y] };
    let rule = Rule {
        loss: Loss::MeanSquare,
        optimizer: GD,
        seed: 0,
        step_size: 1.0,
        learned: Threshold::Share(0.05),
        beyond_stable: false,
        max_steps: 1000,
        to_the_end: false,
    };
    let lazy = Shape { kappa: 100.0, ..shape(true, 400, Init::Paired) };
    let mut network = TwoLayer::<f64>::new(dim(1), x.coordinates(), &lazy).unwrap();
    let mut progress = Progress::start(&network, &labels, &rule).unwrap();
    let failed = (0..100).find_map(|_| progress.advance(&mut network, &labels, &rule).err()).unwrap();
    assert!(progress.step < 10 && failed.to_string().contains("step"), "{failed}");
}

/// Harmonics have mean square 1, are orthogonal across degrees, and all their energy is in their degree.
#[test]
fn targets_are_harmonics() {
    for (d, n) in [(1, 40), (2, 800), (3, 2000)] {
        let x = points(Design::Quadrature, dim(d), n, 0).unwrap();
        for which in [Harmonic::Zonal, Harmonic::Random(4)] {
            let y = harmonic(dim(d), 3, which, x.coordinates()).unwrap();
            let energy = energies(dim(d), x.coordinates(), x.weights(), &y, 5);
            for (k, energy) in energy.iter().enumerate() {
                let expected = if k == 3 { 1.0 } else { 0.0 };
                assert!((energy - expected).abs() < 1e-10, "d={d} k={k}: {energy}");
            }
        }
    }
    let pole = harmonic(dim(2), 4, Harmonic::Zonal, &[0.0, 0.0, 1.0]).unwrap();
    assert!((pole[0].powi(2) - multiplicity(dim(2), 4u64).to_f64()).abs() < 1e-12);
}
