//! Training on rows: a linear model follows its predictions to rounding, splits and noise are what was asked for, bad input.

use super::*;
use crate::experiment::{Options as _, Request as _};

fn on(file: &str) -> Options {
    Options {
        network: Some("dense(train=no) relu dense(w=2)".into()),
        data: format!("tests/data/rows-{file}.csv").into(),
        label: "y".into(),
        width: Some(256.into()),
        max_steps: Some(60.into()),
        ..Options::default()
    }
}

fn run(options: &Options) -> Report {
    options.build().unwrap().run(&Context::default()).unwrap()
}

/// Of all labels that a task trains on, how often each occurs.
fn task(options: &Options) -> Task {
    let request = options.build().unwrap();
    let source = Source { path: &request.path, field: "data" };
    Task::new(&request, &crate::sample::data::read(source, &request.reading).unwrap()).unwrap()
}

/// A trained read-out is linear in its parameters: its own kernel at the start predicts every error at every step, on both sides of the split, for both
/// losses and every optimizer.
#[test]
fn a_linear_network_follows_its_own_kernel_to_rounding() {
    let cases = [
        ("cancer", "gd", "mse", 2),
        ("cancer", "torch-nesterov", "cross-entropy", 2),
        ("diabetes", "heavy-ball", "mse", 0),
        ("iris", "nesterov", "mse", 3),
        ("iris", "heavy-ball", "cross-entropy", 3),
        ("digits", "gd", "cross-entropy", 10),
    ];
    for (file, optimizer, loss, classes) in cases {
        let momentum = (optimizer != "gd").then(|| "0.5".into());
        let options = Options {
            optimizer: optimizer.into(),
            momentum,
            loss: loss.into(),
            label_noise: "0.2".into(),
            ..on(file)
        };
        let report = run(&options);
        assert_eq!(report.classes.as_ref().map_or(0, Vec::len), classes, "{file}");
        assert_eq!(report.rows.last().map(|at| at.step), Some(60));
        let first = &report.rows[0].measured;
        assert!((first.training - 1.0).abs() < 1e-12, "{file}: {}", first.training);
        assert!((first.left.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for at in &report.rows {
            let (seen, own) = (&at.measured, &at.by_finite);
            let pairs = [(seen.training, own.training), (seen.test, own.test)];
            for (seen, own) in
                pairs.into_iter().chain(seen.left.iter().copied().zip(own.left.iter().copied()))
            {
                assert!(
                    (seen - own).abs() < 1e-7 * own + 1e-12,
                    "{file} {loss}, step {}: {seen} {own}",
                    at.step
                );
            }
            assert_eq!(
                (seen.training_accuracy, seen.test_accuracy),
                (own.training_accuracy, own.test_accuracy)
            );
            assert_eq!(seen.test_accuracy.is_some(), classes > 0);
            // Bands are an orthogonal decomposition: of the mean squares their sum is the training error.
            if loss == "mse" {
                for side in [seen, &at.by_gram] {
                    assert!((side.left.iter().sum::<f64>() / side.training - 1.0).abs() < 1e-9, "{file}");
                }
            }
        }
        let read: Report = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
        assert_eq!(read.rows, report.rows);
    }
}

/// A wide network follows the Gram matrix of the infinitely wide one, and with labels permuted the test error has its minimum where predicted.
#[test]
fn corrupted_labels_are_learned_late() {
    let options = Options {
        network: Some("dense(w=1/2, b=1/2) relu dense(train=no)".into()),
        width: Some(4096.into()),
        amplitude: Some(0.01.into()),
        label_noise: 0.4.into(),
        max_steps: Some(2000.into()),
        optimizer: "heavy-ball".into(),
        momentum: Some("0.8".into()),
        ..on("wine")
    };
    let report = run(&options);
    for at in &report.rows {
        for (predicted, most) in [(&at.by_gram, 0.15), (&at.by_finite, 0.02)] {
            assert!((at.measured.test / predicted.test - 1.0).abs() < most, "{at:?}");
            assert!((at.measured.training / predicted.training - 1.0).abs() < most, "{at:?}");
        }
    }
    let least = &report.least_test_error;
    assert!(
        least.measured < 1500
            && least.error_by_gram < 1.02 * least.error
            && least.error < 0.95 * least.last_error,
        "{least:?}"
    );
}

#[test]
fn the_split_is_by_seed_and_covers_all_rows() {
    let of =
        |seed: u32, share: f64| task(&Options { seed: seed.into(), test_share: share.into(), ..on("iris") });
    let (one, again, other) = (of(1, 0.3), of(1, 0.3), of(2, 0.3));
    assert_eq!((one.training.len(), one.test.len(), one.permuted), (105, 45, 0));
    assert_eq!((one.training.coordinates(), &one.labels), (again.training.coordinates(), &again.labels));
    assert_ne!(one.training.coordinates(), other.training.coordinates());
    assert_eq!(of(1, 0.1).test.len(), 15);
    // Both parts together are the rows of the file, each once: the same for every seed.
    let rows = |task: &Task| {
        let all = task.all().unwrap();
        let mut rows: Vec<Vec<u64>> =
            (0..all.len()).map(|i| all.point(i).iter().map(|x| x.to_bits()).collect()).collect();
        rows.sort();
        rows
    };
    assert_eq!(rows(&one), rows(&other));
}

#[test]
fn noise_permutes_labels_and_spares_the_test_rows() {
    let of = |noise: f64| task(&Options { label_noise: noise.into(), ..on("iris") });
    let clean = of(0.0);
    let counts = |task: &Task| -> Vec<usize> {
        task.labels.iter().map(|one| one.iter().filter(|y| **y > 0.0).count()).collect()
    };
    let mut last = 0;
    for noise in [0.2, 0.5, 1.0] {
        let noisy = of(noise);
        let differ =
            (0..clean.labels[0].len()).filter(|i| (0..3).any(|c| clean.labels[c][*i] != noisy.labels[c][*i]));
        assert_eq!(differ.count(), noisy.permuted);
        assert_eq!(counts(&noisy), counts(&clean));
        assert_eq!(noisy.test_labels, clean.test_labels);
        // Of a share permuted among three even classes two thirds change.
        let expected = noise * 112.0 * 2.0 / 3.0;
        assert!(
            noisy.permuted > last && (noisy.permuted as f64 - expected).abs() < 0.4 * expected,
            "{}",
            noisy.permuted
        );
        last = noisy.permuted;
    }
}

#[test]
fn labels_are_what_they_are_said_to_be() {
    let quantity = task(&Options { label_kind: "quantity".into(), amplitude: Some(1.into()), ..on("iris") });
    assert_eq!((quantity.classes, quantity.labels.len()), (None, 1));
    let labels = &quantity.labels[0];
    let mean = |f: &dyn Fn(f64) -> f64| labels.iter().map(|y| f(*y)).sum::<f64>() / labels.len() as f64;
    assert!(mean(&|y| y).abs() < 1e-12 && (mean(&|y| y * y) - 1.0).abs() < 1e-12);
    let two = task(&on("cancer"));
    assert!(
        two.labels.len() == 1 && two.labels[0].iter().all(|y| y.abs() == 0.1),
        "deep networks have small labels"
    );
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let refused = |options: Options| -> String {
        let found = options.build().and_then(|request| request.run(&Context::default()));
        found.map(drop).unwrap_err().to_string()
    };
    let network = |text: &str| Options { network: Some(text.into()), ..on("iris") };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Options { data: path.display().to_string().into(), ..on("iris") }
    };
    let rows = |label: fn(u32) -> String| -> String {
        let row = |i: u32| format!("{},{},{}\n", f64::from(i).cos(), f64::from(i).sin(), label(i));
        std::iter::once("a,b,y\n".to_owned()).chain((0..300).map(row)).collect()
    };
    let huge = file("huge.csv", &rows(|i| format!("{}1e200", if i % 2 == 0 { "" } else { "-" })));
    for (options, expected) in [
        (network("dense step dense(train=no)"), "network, column 7: got 'step'"),
        (Options { network: None, ..on("iris") }, "model: got 'nothing'"),
        (Options { label: "".into(), ..on("iris") }, "label: got 'nothing'"),
        (Options { data: "".into(), ..on("iris") }, "data: got 'nothing'"),
        (Options { label: "species".into(), ..on("iris") }, "label: got 'species'"),
        (Options { data: "tests/data/none.csv".into(), ..on("iris") }, ""),
        (
            Options { test_share: 0.001.into(), ..on("iris") },
            "test-share: got '0.001, which is 0 of 150 rows'",
        ),
        (
            Options { test_share: 0.999.into(), ..on("iris") },
            "test-share: got '0.999, which is 150 of 150 rows'",
        ),
        (Options { test_share: 0.into(), ..on("iris") }, "test-share: got '0'"),
        (Options { test_share: 1.into(), ..on("iris") }, "test-share: got '1'"),
        (Options { test_share: "nan".into(), ..on("iris") }, "test-share: got 'nan'"),
        (Options { label_noise: 1.5.into(), ..on("iris") }, "label-noise: got '1.5'"),
        (Options { label_noise: "-0.1".into(), ..on("iris") }, "label-noise: got '-0.1'"),
        (Options { lr: 1e9.into(), ..on("iris") }, "lr: got '1000000000', expected less than"),
        (Options { optimizer: "sgd".into(), batch: Some(1000.into()), ..on("iris") }, "batch: got '1000'"),
        (Options { max_steps: Some(0.into()), ..on("iris") }, "max-steps: got '0'"),
        (Options { loss: "cross-entropy".into(), ..on("diabetes") }, "loss: got 'cross-entropy'"),
        (
            Options { loss: "cross-entropy".into(), amplitude: Some(1.into()), ..on("iris") },
            "amplitude: got '1', expected `loss` mse",
        ),
        (Options { label_kind: "words".into(), ..on("iris") }, "label-kind: got 'words'"),
        (Options { page: Some("none/of/these".into()), ..on("iris") }, "page: got"),
        (Options { curves: Some("none/of/these.csv".into()), ..on("iris") }, "curves: got"),
        (file("one.csv", &rows(|_| "3".into())), "label: got '3 in all of the 225 rows"),
        (file("word.csv", &rows(|_| "red".into())), "label: got 'red in all of the 225 rows"),
        (file("many.csv", &rows(|i| format!("n{i}"))), "label: got '300 classes in column y'"),
        (
            Options { label_kind: "quantity".into(), ..file("names.csv", &rows(|i| format!("n{}", i % 3))) },
            "label-kind: got 'quantity'",
        ),
        (Options { label_kind: "quantity".into(), ..huge }, "label: got 'a standard deviation of inf'"),
    ] {
        let refused = refused(options);
        assert!(refused.starts_with(expected) && !refused.contains('\n'), "{refused}");
    }
}
