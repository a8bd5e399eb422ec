//! Training: the two-layer network against finite differences and its kernel, threads, resuming, targets, and the command line.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    experiment::{
        Context, Options as _, Request as _,
        train::{Options, Request},
    },
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
use serde_json::Value;
use std::{path::Path, process::Command};

const GD: Optimizer = Optimizer::GRADIENT_DESCENT;

#[path = "../../examples/train.rs"]
mod example;

#[test]
fn the_example_runs() {
    example::main().unwrap();
}

/// In a gigabyte of address space work is done, or refused in one line; it never ends by a signal.
#[cfg(target_os = "linux")]
#[test]
fn a_gigabyte_of_addresses_is_enough_or_refused() {
    let commands = [
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1 --threads 1",
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1",
        "gram --kernel two-layer:bias=true --dim 2 --points 100 --repeats 1 --threads 64",
        "train --model two-layer --bias --dim 1 --degrees 2 --width 64 --points 41 --threads 1",
        "train --model two-layer --bias --dim 1 --degrees 2 --width 64 --points 9000 --threads 1",
        "plan --kernel two-layer --dim 2 --degrees 1,2 --threads 1",
        "plan --kernel two-layer --dim 2 --degrees 1,2 --threads 4",
    ];
    for line in commands {
        let program = env!("CARGO_BIN_EXE_hinf");
        let limited = format!("ulimit -v 1048576; exec {program} {line} --format json");
        let run = Command::new("sh").args(["-c", &limited]).output().unwrap();
        let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
        match run.status.code() {
            Some(0) => assert!(serde_json::from_slice::<Value>(&run.stdout).is_ok(), "{line}"),
            Some(2) => assert_eq!(complaint.lines().count(), 1, "{line}: {complaint}"),
            other => panic!("{line}: {other:?}: {complaint}"),
        }
    }
}

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

fn hinf(arguments: &str) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code().unwrap_or(-1), text(&run.stdout), text(&run.stderr))
}

fn json(arguments: &str) -> Value {
    let (code, out, complaint) = hinf(&format!("{arguments} --format json"));
    assert_eq!(code, 0, "{complaint}");
    let mut value: Value = serde_json::from_str(&out).unwrap();
    value["seconds"] = Value::Null;
    value["seconds_training"] = Value::Null;
    value
}

/// The band of the claim: within 3 % of `lambda_k`'s prediction, or one step.
fn in_band(found: &Value, rows: usize) {
    assert_eq!(found["rows"].as_array().unwrap().len(), rows);
    for row in found["rows"].as_array().unwrap() {
        let (steps, predicted) =
            (row["measured_steps"].as_f64().unwrap(), row["predicted_steps"].as_f64().unwrap());
        assert!((steps - predicted).abs() <= (0.03 * predicted).max(1.0), "{row}");
    }
}

#[test]
fn the_circle_is_learned_when_predicted() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 2..6 --width 4096 --points 201 --kappa 10");
    assert_eq!(found["schema"], "hinf.train/1");
    in_band(&found, 5);
    let fit = &found["fit"];
    let ends = [0, 1].map(|i| fit["slope_ci"][i].as_f64().unwrap());
    assert!(
        ends[0] < fit["predicted_slope"].as_f64().unwrap()
            && fit["predicted_slope"].as_f64().unwrap() < ends[1]
    );
}

#[test]
fn the_sphere_is_learned_when_predicted() {
    in_band(&json("train --model two-layer --bias --dim 2 --degrees 2..4 --points 500"), 3);
}

#[test]
fn the_null_space_is_never_learned() {
    let found =
        json("train --model two-layer --dim 1 --degrees 2..5 --width 512 --points 101 --init independent");
    for row in found["rows"].as_array().unwrap() {
        let odd = row["degree"].as_u64().unwrap() % 2 == 1;
        assert_eq!((row["null_space"].as_bool(), row["learned"].as_bool()), (Some(odd), Some(!odd)), "{row}");
        assert_eq!(row["predicted_steps"].is_null(), odd);
        let bound = row["odd_rounding"].as_f64();
        let linear =
            row["odd_departure"].as_f64().zip(bound).is_some_and(|(far, most)| far <= most && most < 1e-9);
        assert_eq!((linear, bound.is_some()), (odd, odd), "{row}");
    }
}

/// Missing data: low frequencies fill a gap rightly, high ones do not, and the Gram matrix of the points that are left says when.
#[test]
fn low_frequencies_fill_a_gap() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 1,2,8 --width 1024 --points 121 --gap 40");
    let rows = found["rows"].as_array().unwrap();
    let number = |row: &Value, name: &str| row[name].as_f64().unwrap();
    assert!(found["hyper_parameters"]["points"].as_u64().unwrap() < 121);
    let errors: Vec<f64> = rows.iter().map(|row| number(row, "gap_error")).collect();
    assert!(errors[0] < 0.05 && errors[1] < 0.05 && errors[2] > 0.5, "{errors:?}");
    for row in rows {
        let (steps, predicted) = (number(row, "measured_steps"), number(row, "predicted_steps_gram"));
        assert!((steps - predicted).abs() <= (0.03 * predicted).max(1.0), "{row}");
    }
}

/// The slope of the rows from a degree on, by the textbook formula on what the rows say.
#[test]
fn the_fit_begins_where_it_is_told_to() {
    let found =
        json("train --model two-layer --bias --dim 1 --degrees 2..6 --width 512 --fit-from 4 --points 61");
    let rows: Vec<&Value> =
        found["rows"].as_array().unwrap().iter().filter(|row| row["degree"].as_u64().unwrap() >= 4).collect();
    let slope = |y: &dyn Fn(&Value) -> f64| {
        let logs: Vec<(f64, f64)> =
            rows.iter().map(|row| (row["degree"].as_f64().unwrap().ln(), y(row).ln())).collect();
        let sum = |f: &dyn Fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>();
        let (n, x, y) = (logs.len() as f64, sum(&|p| p.0), sum(&|p| p.1));
        (n * sum(&|p| p.0 * p.1) - x * y) / (n * sum(&|p| p.0 * p.0) - x * x)
    };
    let fit = &found["fit"];
    let measured = |row: &Value| row["measured_steps"].as_f64().unwrap();
    assert_eq!(fit["from_degree"], 4);
    assert!((fit["slope"].as_f64().unwrap() - slope(&measured)).abs() < 1e-9, "{fit}");
    for by in ["", "_gram", "_finite"] {
        let predicted = |row: &Value| row[format!("predicted_steps{by}")].as_f64().unwrap();
        let excess = slope(&|row| measured(row) / predicted(row).ceil());
        assert!((fit[format!("predicted_slope{by}")].as_f64().unwrap() - slope(&predicted)).abs() < 1e-9);
        assert!((fit[format!("excess_slope{by}")].as_f64().unwrap() - excess).abs() < 1e-9, "{by}: {fit}");
        let ends = [0, 1].map(|end| fit[format!("excess_slope{by}_ci")][end].as_f64().unwrap());
        assert!(ends[0] <= excess && excess <= ends[1], "{by}: {fit}");
    }
}

/// The sign of a slow target has fast and slow degrees in it: a run is as long as the Gram matrix of the points says, not `lambda_k`.
#[test]
fn cross_entropy_runs_until_it_is_learned() {
    let found = json(
        "train --model two-layer --bias --dim 1 --degrees 1,2 --width 256 --points 65 --loss cross-entropy",
    );
    for row in found["rows"].as_array().unwrap() {
        let steps = |name: &str| row[name].as_f64().unwrap_or(f64::NAN);
        assert!(row["learned"] == true && row["predicted_steps"].is_null(), "{row}");
        assert!((steps("measured_steps") / steps("predicted_steps_gram") - 1.0).abs() < 0.3, "{row}");
    }
    let fit = &found["fit"];
    assert!(fit["predicted_slope"].is_null() && fit["predicted_slope_gram"].is_f64(), "{fit}");
}

/// A leaky network follows its own Gram matrix, and the kernel beside it has its slope.
#[test]
fn a_leaky_network_is_learned_when_predicted() {
    let found = json(
        "train --model mlp --depth 2 --activation leaky-relu --slope 0.2 --dim 1 --degrees 1..3 --width 256 --points 33",
    );
    assert_eq!(found["kernel"], "ntk:depth=2,activation=leaky-relu,slope=0.2");
    for row in found["rows"].as_array().unwrap() {
        let (steps, predicted) =
            (row["measured_steps"].as_f64().unwrap(), row["predicted_steps_finite"].as_f64().unwrap());
        assert!((steps - predicted).abs() <= (0.05 * predicted).max(1.0), "{row}");
    }
}

/// Finished runs are kept, a missing one is done again, and a torn or foreign file is refused.
#[test]
fn runs_are_kept_and_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    let asked = |more: &str| {
        format!(
            "train --model two-layer --bias --dim 1 --degrees 2..3 --width 128 --points 41 {more} --checkpoint {}",
            runs.display()
        )
    };
    let first = json(&asked(""));
    assert_eq!(hinf(&asked("")).0, 2, "without --resume");
    std::fs::remove_file(runs.join("0-1.hinf-run")).unwrap();
    assert_eq!(json(&asked("--resume")), first);
    let (code, _, complaint) = hinf(&asked("--resume --seed 5"));
    assert!(
        code == 2 && complaint.ends_with("got 'a run of seed=0', expected one of seed=5\n"),
        "{complaint}"
    );
    torn(&runs.join("0-0.hinf-run"));
    let (code, _, complaint) = hinf(&asked("--resume"));
    assert!(code == 2 && complaint.contains("torn") && complaint.lines().count() == 1, "{complaint}");
}

/// Killed at any moment and taken up again, as often as it takes, a request ends with the result of an undisturbed one.
#[test]
fn a_killed_run_is_taken_up() {
    let asked = "train --model two-layer --dim 1 --degrees 1..9 --width 512 --points 101";
    let whole = json(asked);
    for milliseconds in [1, 20, 60, 150] {
        let folder = tempfile::tempdir().unwrap();
        let kept = format!("{asked} --checkpoint {} --resume", folder.path().display());
        for _ in 0..3 {
            let mut run = Command::new(env!("CARGO_BIN_EXE_hinf"))
                .args(kept.split_whitespace())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(milliseconds));
            run.kill().unwrap();
            run.wait().unwrap();
        }
        assert_eq!(json(&kept), whole);
    }
}

/// Two that ask for one folder at a time take turns, and both have the result of one that is alone.
#[test]
fn two_runs_share_a_folder() {
    let asked = "train --model two-layer --bias --dim 1 --degrees 2..4 --width 1024 --points 101";
    let alone = json(asked);
    let folder = tempfile::tempdir().unwrap();
    let line = format!("{asked} --checkpoint {} --resume --format json", folder.path().display());
    let both: Vec<_> = (0..2)
        .map(|_| {
            let mut run = Command::new(env!("CARGO_BIN_EXE_hinf"));
            run.args(line.split_whitespace()).stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for run in both {
        let output = run.wait_with_output().unwrap();
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &found["rows"]), (Some(0), &alone["rows"]));
    }
}

fn torn(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let few = "--model two-layer --dim 1 --width 64 --points 41";
    let wrong = [
        ("--degrees 2 --delta 1", "--delta"),
        ("--degrees 2 --delta nan", "--delta"),
        ("--degrees 2 --delta 0", "got '0', expected a number above 0 and below 1"),
        ("--degrees 2 --lr abc", "--lr"),
        ("--degrees 2 --repeats x", "--repeats: got 'x', expected a whole number from 1 to 1000"),
        ("--degrees 2 --fit-from -1", "--fit-from: got '-1', expected a whole number from 0 to 1000"),
        ("--degrees 2 --threads 0", "--threads: got '0', expected a whole number from 1 to 1024"),
        ("--degrees 2 --design grid", "hinf: --design: got 'grid'"),
        ("--degrees 2 --lr 1", "--lr"),
        ("--degrees 2 --lr 0", "--lr"),
        ("--degrees 21", "--degrees"),
        ("--degrees 30", "looks like degree 11"),
        ("--degrees 40", "looks like degree 1"),
        ("--degrees 2 --depth 2", "--depth: got '2', expected --model mlp or resnet"),
        ("--target 1:0", "--target"),
        ("--target 30:1", "--target"),
        ("--degrees 2 --kappa 1e9", "--kappa"),
        ("--degrees 2 --max-steps 0", "--max-steps"),
        ("--degrees 2 --repeats 0", "--repeats"),
        ("--degrees 2 --resume", "--checkpoint"),
        ("--degrees 2 --noise -1", "--noise"),
        ("--degrees 2 --loss hinge", "--loss"),
        ("--degrees 2 --curves /nonexistent/x.csv", "--curves"),
        ("--degrees 2 --seed 18446744073709551615", "--seed"),
        ("--degrees 2 --gap 0", "--gap"),
        ("--degrees 2 --gap 360", "--gap"),
        ("--degrees 2 --gap nan", "--gap"),
        ("--degrees 2 --gap 1e-9", "--gap"),
        ("--degrees 2 --gap 359.9", "--gap"),
        ("--degrees 2 --slope 0.1", "--slope"),
        ("--degrees 2 --keep-start", "--keep-start"),
    ];
    let others = [
        ("--model two-layer --dim 1 --degrees 2 --width 0", "--width"),
        ("--model two-layer --dim 1 --degrees 2 --width 7", "--width"),
        ("--model two-layer --dim 1 --degrees 2 --width 1e3", "--width: got '1e3', expected a whole number"),
        ("--model two-layer --dim 0 --degrees 2", "--dim: got '0', expected a whole number from 1 to 1000"),
        ("--model mlp --depth 3 --alpha 2 --dim 1 --degrees 2", "--alpha: got '2', expected --model resnet"),
        ("--model two-layer --dim 3 --degrees 3 --points 20", "--degrees"),
        ("--model two-layer --dim 3 --degrees 1 --points 60 --directions even", "--directions: got 'even'"),
        ("--model two-layer --dim 2 --degrees 3 --points 17 --design quadrature", "--degrees"),
        ("--model mlp --dim 1 --degrees 1", "--depth"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation leaky-relu", "--slope"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation leaky-relu --slope x", "--slope"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation erf --slope 0.1", "--slope"),
        ("--model two-layer --dim 1 --degrees 12 --points 41 --gap 200", "--degrees"),
        ("--model two-layer --dim 1 --degrees 1 --points 20000", "--points"),
    ];
    let all = wrong.iter().map(|(flags, name)| (format!("{few} {flags}"), name));
    for (flags, name) in all.chain(others.iter().map(|(flags, name)| (String::from(*flags), name))) {
        let (code, out, complaint) = hinf(&format!("train {flags}"));
        assert_eq!((code, out.as_str(), complaint.lines().count()), (2, "", 1), "{flags}: {complaint}");
        assert!(complaint.contains(name), "{flags}: {complaint}");
        // The library says the same, with fields in the place of flags.
        let words: Vec<&str> = flags.split_whitespace().collect();
        if complaint.contains("required") || words.contains(&"--threads") {
            continue;
        }
        let refused = built(&words).and_then(|request| request.run(&Context::default())).unwrap_err();
        let said = refused.to_string().replace('`', "");
        assert_eq!(complaint.trim_end().replacen("hinf: ", "", 1).replace("--", ""), said, "{flags}");
    }
}

/// The request of these flags, by their serde form.
fn built(words: &[&str]) -> hinf::Result<Request> {
    let mut given = serde_json::Map::new();
    let mut rest = words.iter().peekable();
    while let Some(name) = rest.next().map(|word| word.trim_start_matches("--")) {
        let value = match name {
            "bias" | "resume" | "keep-start" => true.into(),
            _ => (*rest.next().unwrap()).into(),
        };
        given.insert(name.into(), value);
    }
    Options::from_value(given.into())?.build()
}
