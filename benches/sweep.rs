//! What a sweep adds to the work of its runs: `cargo bench --bench sweep -- run` prints ratios and seconds, all in one run.
//!
//! 10 000 exact tables by `sweep` over the same calls in one process on the same threads, without files; 100 000 runs planned; 100 000 results collected.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use hinf::experiment::{Context, Options as _, Request as _, call, collect, sweep};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::time::Instant;

fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let made = work();
    (begun.elapsed().as_secs_f64(), made)
}

fn study(dims: &str, tops: u32, digits: &str) -> Value {
    let degrees: Vec<String> = (0..tops).map(|top| format!("0..{}", top + 3)).collect();
    json!({
        "command": "table",
        "defaults": {"kernel": "two-layer:bias=true"},
        "axes": {"dim": dims, "degrees": degrees, "digits": digits},
    })
}

fn swept(study: &Value, folder: &tempfile::TempDir, dry_run: bool) -> sweep::Report {
    let output = folder.path().display().to_string().into();
    let options = sweep::Options { study: study.clone().into(), output, dry_run, ..Default::default() };
    options.build().unwrap().run(&Context::default()).unwrap()
}

fn main() {
    if !std::env::args().any(|word| word == "run") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let ten = study("1..10", 10, "10..109");
    let plan = sweep::Study::from_value(&ten).unwrap();
    let work = || {
        let run = |index| call("table", plan.run(index), &Context::default()).unwrap().0.to_string().len();
        (0..plan.runs()).into_par_iter().map(run).sum::<usize>()
    };
    work();
    let (alone, bytes) = seconds(work);
    let (together, report) = seconds(|| swept(&ten, &folder, false));
    assert_eq!(report.finished, 10_000);
    println!(
        "{} runs: {together:.2} s in a sweep, {alone:.2} s in one process ({bytes} bytes), ratio {:.2}",
        report.runs,
        together / alone
    );
    let hundred = study("1..100", 10, "10..109");
    let folder = tempfile::tempdir().unwrap();
    let (planned, report) = seconds(|| swept(&hundred, &folder, true));
    println!("{} runs planned in {planned:.2} s", report.plan.unwrap().rows.len());
    let small = json!({
        "command": "table",
        "defaults": {"kernel": "two-layer:bias=true", "degrees": "0..4"},
        "axes": {"dim": "1..10", "digits": "1..1000", "exact-limit": "1..10"},
    });
    swept(&small, &folder, false);
    let options =
        collect::Options { folder: folder.path().display().to_string().into(), ..Default::default() };
    let (collected, text) = seconds(|| {
        let report = options.build().unwrap().run(&Context::default()).unwrap();
        hinf::render(&report, hinf::Format::Csv, 80).unwrap()
    });
    println!(
        "{} results collected into CSV in {collected:.2} s",
        String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with('#')).count() - 1
    );
}
