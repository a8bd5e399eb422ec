//! Training as a call: the errors, the ends of runs, and what is kept of them.

mod described;
mod protocol;

use super::{Options, Report};
use crate::{
    error::{Error, ErrorKind, Result},
    experiment::{Context, Options as _, Pipeline, Report as _, Request as _, model::Model},
    optimizer::Optimizer,
    progress::{Progress, Unwatched},
    sample::Points,
    train::{Network, odd::OddPart},
};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

fn circle(degrees: &str) -> Options {
    Options {
        model: "two-layer".into(),
        bias: true,
        dim: 1.into(),
        degrees: Some(degrees.into()),
        width: Some(64.into()),
        points: Some(41.into()),
        ..Options::default()
    }
}

fn run(options: &Options) -> Result<Report> {
    options.build()?.run(&Context::default())
}

/// What is wrong with options, and how the error begins.
type Wrong = (fn(&mut Options), &'static str);

#[test]
fn impossible_requests_cannot_be_built() {
    let wrong: [Wrong; 12] = [
        (|o| o.degrees = Some("".into()), "degrees: got ''"),
        (|o| o.degrees = Some("5..1".into()), "degrees: got '5..1'"),
        (|o| o.degrees = Some("1..30".into()), "degrees: got '21', expected degrees below 41/2"),
        (|o| o.degrees = None, "degrees: got 'nothing', expected degrees, or a `target`"),
        (|o| o.target = Some("1:1".into()), "target: got '1:1', expected no `degrees` beside it"),
        (|o| o.lr = (-0.1).into(), "lr: got '-0.1', expected a finite number above 0"),
        (|o| o.delta = f64::NAN.into(), "delta: got 'NaN'"),
        (|o| o.points = Some(1.into()), "points: got '1', expected a whole number from 2 to 20000"),
        (
            |o| o.curves = Some("/nonexistent/x.csv".into()),
            "curves: got '/nonexistent/x.csv', expected a file in",
        ),
        (|o| o.resume = true, "resume: got 'true', expected `checkpoint` beside it"),
        (|o| o.depth = Some(2.into()), "depth: got '2', expected `model` mlp or resnet beside it"),
        (|o| o.model = "cnn".into(), "model: got 'cnn', expected two-layer, mlp or resnet"),
    ];
    for (alter, expected) in wrong {
        let mut options = circle("2");
        alter(&mut options);
        let refused = options.build().unwrap_err();
        assert!(
            refused.to_string().starts_with(expected) && refused.kind() == ErrorKind::Invalid,
            "{refused}"
        );
    }
}

#[test]
fn a_report_is_read_back_from_its_json() {
    let report = run(&Options { repeats: 2.into(), noise: 0.1.into(), ..circle("1..3") }).unwrap();
    let read: Report = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
    assert_eq!((&read.rows, &read.fit), (&report.rows, &report.fit));
    assert_eq!(
        (&read.hyper_parameters, &read.early_stopping),
        (&report.hyper_parameters, &report.early_stopping)
    );
    assert_eq!(report.runs.len(), 6);
}

/// Ends the work after so many reports of progress.
struct Impatient(AtomicU64);

impl Progress for Impatient {
    fn at(&self, _: u64, _: u64) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

/// Cancelled again and again, a request comes to the result of an undisturbed one: nothing that was done is lost or done twice.
#[test]
fn cancelled_work_ends_at_once_and_is_taken_up() {
    let whole = run(&circle("2,3")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kept = Options {
        checkpoint: Some(folder.path().to_string_lossy().as_ref().into()),
        resume: true,
        ..circle("2,3")
    };
    fs::write(folder.path().join(".hinf-left"), "by a killed run").unwrap();
    let most = 3 * whole.rows.iter().filter_map(super::Row::longest).sum::<u64>();
    let mut asked = 0;
    let found = loop {
        // Ten steps at a time, the two reports of where kept runs stand among them.
        let impatient = Impatient(AtomicU64::new(12));
        match kept.build().unwrap().run(&Context::watched(&impatient)) {
            Ok(found) => break found,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Cancelled);
                assert!(error.to_string().contains("are kept in") && !error.expected().is_empty(), "{error}");
                assert!(files(folder.path()).iter().all(|name| name.ends_with(".hinf-run")), "{folder:?}");
            }
        }
        asked += 1;
        assert!(asked < most, "no progress between cancellations");
    };
    assert!(asked > 3);
    assert_eq!(found.rows, whole.rows);
    let unkept =
        circle("2").build().unwrap().run(&Context::watched(&Impatient(AtomicU64::new(5)))).unwrap_err();
    assert!(unkept.to_string().contains("nothing is kept"), "{unkept}");
}

/// Steps that are longer than asked for.
struct Hasty(Box<dyn Network>);

impl Network for Hasty {
    fn outputs(&self) -> &[f64] {
        self.0.outputs()
    }

    fn train_by(&mut self, optimizer: &Optimizer) {
        self.0.train_by(optimizer);
    }

    fn look_ahead(&mut self) {
        self.0.look_ahead();
    }

    fn descend(&mut self, slopes: &[f64], step: f64) {
        self.0.descend(slopes, 2.2 * step);
    }

    fn tangent_gram(&self) -> Vec<f64> {
        self.0.tangent_gram()
    }

    fn predict(&self, coordinates: &[f64]) -> Vec<f64> {
        self.0.predict(coordinates)
    }

    fn odd_part(&self) -> Option<OddPart> {
        self.0.odd_part()
    }

    fn state(&self) -> Vec<u8> {
        self.0.state()
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        self.0.restore(state)
    }
}

/// At 2.2 times `1/(n lambda_0)` degree 0 grows by 1.2 a step, and degree 2, whose eigenvalue is six times smaller, is learned.
#[test]
fn a_divergence_ends_its_own_run_and_no_other() {
    let network = |model: &Model, points: &Points, seed: u64| {
        Ok(Box::new(Hasty(model.network(points, seed)?)) as Box<dyn Network>)
    };
    let pipeline = Pipeline { network, ..Pipeline::SOUND };
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        checkpoint: Some(folder.path().to_string_lossy().as_ref().into()),
        resume: true,
        max_steps: Some(12.into()),
        ..circle("0,2")
    };
    let found =
        || options.build().unwrap().run(&Context { pipeline, ..Context::watched(&Unwatched) }).unwrap();
    let first = found();
    let [grown, learned] = first.rows.as_slice() else { panic!("{:?}", first.rows) };
    let divergence = grown.trials[0].divergence.as_ref().unwrap();
    assert!((4..8).contains(&divergence.step) && !grown.learned() && learned.learned(), "{divergence:?}");
    assert!(!first.passed() && learned.trials[0].divergence.is_none());
    assert!(first.hyper_parameters.largest_lr_at_start.is_some());
    // It is kept as it ended, too.
    assert_eq!(found().rows, first.rows);
}

#[test]
fn errors_of_a_run_name_the_field() {
    let wrong = |options: Options| -> Error { run(&options).unwrap_err() };
    let unstable = wrong(Options { lr: 1.into(), ..circle("2") });
    assert!(unstable.to_string().starts_with("lr: got '1', expected less than"), "{unstable}");
    let empty = wrong(Options { gap: Some(1e-9.into()), ..circle("2") });
    assert_eq!(empty.subject(), "gap");
    let unknown = wrong(Options { design: Some("fibonacci".into()), ..circle("2") });
    assert_eq!(unknown.subject(), "design");
}

/// The circle, two layers with bias, m = 2048, n = 201, kappa = 10, delta = 0.05, momentum 0.9: the steps of a reference implementation.
#[test]
fn momentum_and_batches_take_the_steps_of_the_reference() {
    let steps = |options: Options, degrees: &str| -> Vec<(f64, f64)> {
        let options = Options {
            width: Some(2048.into()),
            points: Some(201.into()),
            kappa: Some(10.into()),
            degrees: Some(degrees.into()),
            ..options
        };
        let report = run(&options).unwrap();
        let row = |row: &super::Row| (row.measured_steps().unwrap(), row.predicted_steps.unwrap().ceil());
        report.rows.iter().map(row).collect()
    };
    let with = |name: &str| Options { optimizer: name.into(), momentum: Some("0.9".into()), ..circle("2") };
    for (name, expected) in [("heavy-ball", [19.0, 10.0, 13.0, 20.0]), ("nesterov", [4.0, 11.0, 14.0, 21.0])]
    {
        for ((measured, predicted), expected) in steps(with(name), "2..5").into_iter().zip(expected) {
            let near = |steps: f64| (steps - expected).abs() <= 1.0;
            assert!(near(measured) && near(predicted), "{name}: {measured} {predicted} {expected}");
        }
    }
    // At half the step, as batches of 20 scatter: the full step is past their edge.
    let half = 0.5 * run(&Options { points: Some(201.into()), ..circle("2") }).unwrap().hyper_parameters.lr;
    let batches = Options { optimizer: "sgd".into(), batch: Some(20.into()), lr: half.into(), ..circle("2") };
    for ((measured, predicted), expected) in steps(batches, "2,3").into_iter().zip([36.0, 186.0]) {
        let near = |steps: f64| (steps / expected - 1.0).abs() <= 0.05;
        assert!(near(measured) && near(predicted), "{measured} {predicted} {expected}");
    }
}
