//! `hinf gram`: its contract, its verdicts, bad input.

#![allow(clippy::unwrap_used)]

use crate::support::uniform;

#[path = "../../examples/sample.rs"]
mod example;

#[test]
fn the_example_runs() {
    example::main().unwrap();
}

/// The command with these flags: its exit code, and standard output or the complaint.
fn hinf(flags: &str) -> (i32, String) {
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_hinf"))
        .arg("gram")
        .args(flags.split(' '))
        .output()
        .unwrap();
    let (out, complaint) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap());
    assert!(complaint.lines().count() <= 1, "{complaint}");
    (run.status.code().unwrap(), if out.is_empty() { complaint } else { out })
}

#[test]
fn the_command_keeps_its_contract() {
    let flags =
        "--kernel two-layer:bias=true --dim 2 --points 300 --degrees 0..3 --repeats 2 --seed 4 --format json";
    let result = |extra: &str| {
        let (code, text) = hinf(&format!("{flags}{extra}"));
        (code, serde_json::from_str::<serde_json::Value>(&text).unwrap())
    };
    let (code, mut out) = result("");
    assert_eq!(
        (code, out["schema"].as_str(), out["verdict"].as_str()),
        (0, Some("hinf.gram/1"), Some("consistent"))
    );
    assert_eq!(
        (out["points"].as_u64(), out["seed"].as_u64(), out["solver"].as_str()),
        (Some(300), Some(4), Some("lanczos"))
    );
    assert_eq!(out["rows"].as_array().unwrap().len(), 4);
    for (k, row) in out["rows"].as_array().unwrap().iter().enumerate() {
        assert_eq!(row["degree"].as_u64(), Some(k as u64));
        assert_eq!(row["multiplicity"].as_str(), Some((2 * k + 1).to_string().as_str()));
        for key in ["predicted", "measured", "ci_low", "ci_high", "ratio", "alignment"] {
            assert!(row[key].is_f64(), "{key}");
        }
        assert!(["estimate", "ci_low", "ci_high"].iter().all(|key| row["unbiased"][key].is_f64()));
    }
    let (_, mut other) = result(" --threads 1");
    for key in ["seconds_assemble", "seconds_solve"] {
        assert!(out[key].is_f64());
        (out[key], other[key]) = (0.into(), 0.into());
    }
    assert_eq!(out, other);
    let (code, wrong) = result(" --against two-layer");
    assert_eq!((code, wrong["verdict"].as_str()), (1, Some("inconsistent")));
    let (code, text) =
        hinf("--kernel two-layer --dim 2 --points 300 --degrees 0..2 --design fibonacci --format json");
    let fixed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        code == 0 && fixed["rows"][0]["unbiased"].is_null() && fixed["design_error"]["to_degree"].is_u64()
    );
}

#[test]
fn wrong_flags_are_refused_in_a_line() {
    for (flags, word) in [
        ("--kernel two-layer --dim 2 --points 0", "from 2 to 1000000000"),
        ("--kernel two-layer --dim 2 --points 1", "from 2 to 1000000000"),
        ("--kernel two-layer --dim 2 --points 1000000000", "GiB"),
        ("--kernel two-layer --dim 2 --points 200000 --solver dense", "GiB"),
        ("--kernel two-layer --dim 2 --points 100 --degrees 0..30", "961"),
        ("--kernel two-layer --dim 2 --points -5", "whole number"),
        ("--kernel two-layer --dim 2 --points 99999999999999999999", "from 2 to 1000000000"),
        ("--kernel two-layer --dim 2 --points 100 --confidence x", "above 0 and below 1"),
        ("--kernel two-layer --dim 2 --points 100 --design equispaced", "circle"),
        ("--kernel two-layer --dim 2 --points 100 --design grid", "fibonacci"),
        ("--kernel two-layer --dim 2 --points 100 --design fibonacci --repeats 2", "--repeats"),
        ("--kernel two-layer --dim 2 --points 100 --confidence 99", "above 0 and below 1"),
        ("--kernel two-layer --dim 2 --points 100 --solver qr", "lanczos"),
        ("--kernel laplace --dim 2 --points 100 --widths 64", "two-layer"),
        ("--kernel two-layer --points 100", "--dim"),
        ("--kernel two-layer --data /nowhere.csv", "/nowhere.csv"),
        ("--kernel two-layer --dim 2 --points 100 --label y", "--data"),
        ("--kernel two-layer --data points.csv --ridge 1", "--label"),
        ("--kernel two-layer --data points.csv --label y --ridge -1", "at least 0"),
        ("--kernel two-layer --data points.csv --degrees 0..2", "--degrees"),
        ("--kernel two-layer --data points.csv --plot a.svg", "--plot"),
    ] {
        let (code, complaint) = hinf(flags);
        assert!(code == 2 && complaint.contains(word), "{flags}: {code} {complaint}");
    }
}

/// A kernel with a negative eigenvalue is diagnosed, is never consistent, and its measured value is not clamped; whichever solver looks.
#[test]
fn an_indefinite_kernel_is_called_so() {
    let run = |flags: &str| {
        let (code, text) = hinf(&format!("{flags} --format json"));
        (code, serde_json::from_str::<serde_json::Value>(&text).unwrap())
    };
    for (spec, rest) in [
        ("expr:t-0.5", "--dim 2 --points 200 --degrees 0..1"),
        ("expr:-t^3-t", "--dim 2 --points 200"),
        ("expr:-t^3-t", "--dim 2 --points 1000 --degrees 0..3 --repeats 1"),
        ("expr:-t^3-t", "--dim 1 --points 101 --design equispaced"),
        ("expr:-t^3-t", "--dim 2 --points 400 --design fibonacci"),
        ("expr:-exp(t)", "--dim 3 --points 200 --degrees 0..1"),
    ] {
        let (code, out) = run(&format!("--kernel {spec} {rest}"));
        assert_eq!((code, out["verdict"].as_str()), (1, Some("inconsistent")), "{spec} {rest}");
        assert_eq!(out["lowest"]["indefinite"].as_bool(), Some(true), "{spec} {rest}");
        assert!(out["negative"]["predicted"].as_f64().unwrap() < -1e-3, "{spec} {rest}");
    }
    let (_, out) = run("--kernel expr:t-0.5 --dim 2 --points 200 --degrees 0..1");
    assert!((out["lowest"]["value"].as_f64().unwrap() + 0.5).abs() < 0.05);
    assert!(out["rows"][0]["unbiased"]["estimate"].as_f64().unwrap() < -0.4);
    let (_, text) = hinf("--kernel expr:t-0.5 --dim 2 --points 200 --degrees 0..1");
    assert!(text.contains("NOT A POSITIVE KERNEL") && !text.contains(": consistent"));
    let (code, out) = run("--kernel two-layer --dim 2 --points 200 --degrees 0..1");
    assert!(code == 0 && out["lowest"]["indefinite"] == false && out["negative"].is_null());
}

/// The null space is in the output, without bias and with; a prediction of the other kind is refused by the ranks alone.
#[test]
fn the_command_shows_the_null_space() {
    let parts = |flags: &str| {
        let (code, text) = hinf(&format!("{flags} --dim 2 --points 300 --degrees 0..3 --format json"));
        let out: serde_json::Value = serde_json::from_str(&text).unwrap();
        (code, out["range"]["parts"].clone())
    };
    let (code, free) = parts("--kernel two-layer");
    assert_eq!((code, free[1]["rank"].as_u64(), free[1]["predicted_high"].as_u64()), (0, Some(3), Some(3)));
    assert_eq!(free[1]["degrees"][1]["degree"].as_u64(), Some(3));
    assert!(free[1]["degrees"][1]["in_range"].as_f64().unwrap() < 0.05);
    let (code, biased) = parts("--kernel two-layer:bias=true");
    assert_eq!((code, biased[1]["rank"].as_u64()), (0, Some(256)));
    assert!(biased[1]["degrees"][1]["in_range"].as_f64().unwrap() > 0.999);
    let (code, wrong) = parts("--kernel two-layer --against two-layer:bias=true");
    assert_eq!((code, wrong[1]["consistent"].as_bool()), (1, Some(false)));
    let (_, text) = hinf("--kernel two-layer --dim 2 --points 300 --degrees 0..3");
    assert!(text.contains("Null space") && text.contains("k = 3: 0.0"));
}

/// A design without chance refuses a kernel 1 % larger, and says how fine its check is.
#[test]
fn the_spiral_refuses_a_kernel_one_per_cent_larger() {
    let flags = "--kernel two-layer:bias=true --dim 2 --points 500 --design fibonacci --format json";
    let (code, text) = hinf(flags);
    let out: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, out["verdict"].as_str()), (0, Some("consistent")));
    let fine = out["resolution"]["relative_error"].as_f64().unwrap();
    assert!(fine > 0.0 && fine < 0.005, "{fine}");
    let (code, _) = hinf(&format!("{flags} --against expr:1.01*(t+1)*(pi-theta)/(4*pi)"));
    assert_eq!(code, 1);
}

/// The command on a user's file: rows normalised and said so, the curve in text and JSON, labels that say nothing refused.
#[test]
fn labels_of_a_file_have_a_learning_curve() {
    let points = uniform(3, 64, 2);
    let file = |label: &dyn Fn(&[f64]) -> f64| {
        let rows = (0..64)
            .map(|i| points.point(i))
            .map(|x| format!("{},{},{},{},{}\n", 2.0 * x[0], 2.0 * x[1], 2.0 * x[2], 2.0 * x[3], label(x)));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let text = format!("a,b,c,d,y\n{}", rows.collect::<String>());
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        file
    };
    let linear = file(&|x| x[0]);
    let path = linear.path().display();
    let (code, text) =
        hinf(&format!("--kernel two-layer:bias=true --data {path} --label y --ridge 0.1 --format json"));
    let out: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (code, out["rows_normalised"].as_u64(), out["regression"]["ridge"].as_f64()),
        (0, Some(64), Some(0.1))
    );
    let curve: Vec<f64> = out["regression"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| at["held_out_error"].as_f64().unwrap())
        .collect();
    assert!(curve.len() == 7 && curve.windows(2).all(|pair| pair[1] < pair[0]), "{curve:?}");
    let (_, text) = hinf(&format!("--kernel two-layer:bias=true --data {path} --label 5"));
    assert!(text.contains("64 of them were rescaled") && text.contains("held-out rows"));
    for (label, words) in [(0.0, "mean square of 0"), (1e300, "mean square of inf")] {
        let refused = file(&|_| label);
        let (code, complaint) =
            hinf(&format!("--kernel two-layer --data {} --label y", refused.path().display()));
        assert!(code == 2 && complaint.contains(words), "{complaint}");
    }
}

/// Samples that agree with theory are called so: a narrow kernel, a degree at which a rule of 256 nodes vanishes, a formula that is not proved
/// positive, a constant.
#[test]
fn hard_cases_are_consistent() {
    for flags in [
        "--kernel laplace:c=1000 --dim 1 --points 100",
        "--kernel ntk:depth=2 --dim 1 --points 600 --degrees 256 --repeats 1 --seed 1",
        "--kernel expr:(1+sqrt(3)*theta*2)*exp(-sqrt(3)*theta*2) --dim 1 --points 200 --degrees 0..6",
        "--kernel expr:1 --dim 2 --points 500 --degrees 0..4",
        "--kernel expr:t --dim 2 --points 500 --degrees 0..4 --repeats 1",
    ] {
        let (code, text) = hinf(&format!("{flags} --format json"));
        let out: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, out["verdict"].as_str()), (0, Some("consistent")), "{flags}");
        for row in out["rows"].as_array().unwrap() {
            let interval = &row["unbiased"];
            assert!(interval["ci_low"].as_f64().unwrap() < interval["ci_high"].as_f64().unwrap(), "{flags}");
        }
    }
    let (_, text) = hinf("--kernel expr:1 --dim 2 --points 500 --degrees 0..4 --format json");
    let out: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!((out["rows"][0]["measured"].as_f64().unwrap() - 1.0).abs() < 1e-12);
}

/// A prediction that is wrong by more than the interval is still refused for a narrow kernel.
#[test]
fn a_wrong_narrow_kernel_is_refused() {
    let flags = "--kernel laplace:c=50 --dim 1 --points 400 --degrees 0..3 --format json";
    let (code, _) = hinf(flags);
    assert_eq!(code, 0);
    let (code, _) = hinf(&format!("{flags} --against laplace:c=40"));
    assert_eq!(code, 1);
}

/// A report reads back from its JSON, and so does the command from its options.
#[test]
fn reports_and_options_read_back() {
    use hinf::experiment::{Context, Options as _, Request as _, sample::Options, sample::Report};
    let options = Options {
        kernel: "two-layer".into(),
        dim: 2.into(),
        points: 60.into(),
        degrees: "0..1".into(),
        seed: 7.into(),
        ..Default::default()
    };
    let found = options.build().unwrap().run(&Context::default()).unwrap();
    let back: Report = serde_json::from_value(serde_json::to_value(&found).unwrap()).unwrap();
    assert_eq!(back, found);
    let words =
        ["gram", "--kernel", "two-layer", "--dim", "2", "--points", "60", "--degrees", "0..1", "--seed", "7"];
    assert_eq!(options.words(), words);
}

/// Work that is cancelled ends with an error that says so.
#[test]
fn a_cancelled_run_ends() {
    use hinf::experiment::{Context, Options as _, Request as _, sample::Options};
    struct Ended;
    impl hinf::progress::Progress for Ended {
        fn at(&self, _: u64, _: u64) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let options =
        Options { kernel: "two-layer".into(), dim: 2.into(), points: 5000.into(), ..Default::default() };
    let error = options.build().unwrap().run(&Context::watched(&Ended)).unwrap_err();
    assert_eq!(error.kind(), hinf::ErrorKind::Cancelled);
}

/// Requests made in Rust are refused in the words of the command line, less the dashes of the flag.
#[test]
fn bad_requests_from_rust_get_the_same_errors() {
    use hinf::experiment::{Options as _, sample::Options};
    let good =
        || Options { kernel: "two-layer".into(), dim: 2.into(), points: 100.into(), ..Default::default() };
    for (options, flags) in [
        (Options { points: 1.into(), ..good() }, "--kernel two-layer --dim 2 --points 1"),
        (Options { dim: 0.into(), ..good() }, "--kernel two-layer --dim 0 --points 100"),
        (
            Options { degrees: "3..1".into(), ..good() },
            "--kernel two-layer --dim 2 --points 100 --degrees 3..1",
        ),
        (
            Options { degrees: "0..30".into(), ..good() },
            "--kernel two-layer --dim 2 --points 100 --degrees 0..30",
        ),
        (
            Options { confidence: 99.into(), ..good() },
            "--kernel two-layer --dim 2 --points 100 --confidence 99",
        ),
        (Options { solver: "qr".into(), ..good() }, "--kernel two-layer --dim 2 --points 100 --solver qr"),
        (
            Options { repeats: Some(0.into()), ..good() },
            "--kernel two-layer --dim 2 --points 100 --repeats 0",
        ),
        (
            Options { against: Some("x".into()), ..good() },
            "--kernel two-layer --dim 2 --points 100 --against x",
        ),
    ] {
        let error = options.build().unwrap_err().to_string();
        let (code, complaint) = hinf(flags);
        assert_eq!((code, complaint.trim()), (2, format!("hinf: --{error}").as_str()));
    }
}
