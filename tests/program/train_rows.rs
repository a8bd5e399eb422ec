//! `hinf train --data`: formats, files, threads, bad flags.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::{fs, process::Command};

const ROWS: &str = "train --model mlp --depth 1 --width 64 --data tests/data/rows-wine.csv --label y --max-steps 40 --label-noise 0.2 --quiet";

fn hinf(arguments: &str) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_front_has_the_same_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let files = format!("--curves {} --plot {} --page {}", at("curves.csv"), at("plot.svg"), at("page"));
    let (code, text, complaint) = hinf(&format!("{ROWS} --format json {files}"));
    assert_eq!(code, 0, "{complaint}");
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["schema"], "hinf.train/1");
    assert_eq!((&found["training_rows"], &found["test_rows"]), (&Value::from(90), &Value::from(30)));
    assert_eq!(found["classes"].as_array().unwrap().len(), 2);
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.last().unwrap()["step"], 40);
    // The curves, and CSV, are the rows of the report to all digits.
    let curves = fs::read_to_string(at("curves.csv")).unwrap();
    let lines: Vec<&str> = curves.lines().collect();
    assert!(lines[0].starts_with("step,training,training_by_gram,training_by_finite,test,"), "{}", lines[0]);
    assert_eq!(lines.len(), rows.len() + 1);
    let last: Vec<f64> = lines.last().unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
    let row = rows.last().unwrap();
    assert_eq!(last[1], row["measured"]["training"].as_f64().unwrap());
    assert_eq!(last[5], row["by_gram"]["test"].as_f64().unwrap());
    assert_eq!(
        last[last.len() - 1],
        row["by_finite"]["left"].as_array().unwrap().last().unwrap().as_f64().unwrap()
    );
    let (_, csv, _) = hinf(&format!("{ROWS} --format csv"));
    assert!(csv.ends_with(&curves) && !csv.contains("\n\n"));
    for file in [
        "plot.svg",
        "page/index.html",
        "page/data/errors.csv",
        "page/figures/energies.svg",
        "page/manifest.json",
    ] {
        assert!(fs::read_to_string(at(file)).unwrap().len() > 300, "{file}");
    }
    let page = fs::read_to_string(at("page/index.html")).unwrap();
    assert!(page.contains("--label-noise 0.2") && page.contains("id=\"accuracies\""));
}

#[test]
fn threads_do_not_change_a_digit() {
    let of = |threads: u32| {
        let (code, text, complaint) =
            hinf(&format!("{ROWS} --loss cross-entropy --threads {threads} --format csv"));
        assert_eq!(code, 0, "{complaint}");
        text
    };
    assert_eq!(of(1), of(3));
}

#[test]
fn flags_that_do_not_go_together_are_refused_in_one_line() {
    let on_rows = "train --model two-layer --data tests/data/rows-iris.csv";
    for (arguments, part) in [
        (on_rows.to_owned(), "--label"),
        (format!("{on_rows} --label y --dim 2"), "--dim"),
        (format!("{on_rows} --label y --degrees 1..3"), "--degrees"),
        (format!("{on_rows} --label y --checkpoint kept"), "--checkpoint"),
        (format!("{on_rows} --label y --beyond-stable"), "--beyond-stable"),
        (format!("{on_rows} --label y --test-share 1"), "--test-share: got '1'"),
        (format!("{on_rows} --label y --test-share 1e-9"), "--test-share: got"),
        (format!("{on_rows} --label y --label-noise -0.1"), "--label-noise: got '-0.1'"),
        (format!("{on_rows} --label y --label-noise nan"), "--label-noise: got 'nan'"),
        (format!("{on_rows} --label species"), "--label"),
        (format!("{on_rows} --label y --page src/lib.rs"), "--page"),
        (format!("{on_rows} --label y --lr 1e9"), "--lr: got"),
        ("train --model two-layer --dim 1 --degrees 2 --label y".into(), "--data"),
        ("train --model two-layer --dim 1 --degrees 2 --test-share 0.5".into(), "--data"),
        ("train --model two-layer --label y".into(), "--data"),
    ] {
        let (code, _, complaint) = hinf(&arguments);
        assert!(
            code == 2 && complaint.contains(part) && complaint.trim().lines().count() == 1,
            "{arguments}: {complaint}"
        );
    }
}
