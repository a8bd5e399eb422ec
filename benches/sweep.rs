//! What a sweep adds to the work of its runs: `cargo bench --bench sweep -- run` prints ratios and seconds, all in one run; in brackets the processor time of
//! all threads, which other work on the machine hardly changes.
//!
//! 10 000 exact tables by `sweep` over the same calls in one process on the same threads, without files; 100 000 runs planned; 100 000 results collected.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use hinf::experiment::{Context, Options as _, Request as _, call, collect, sweep};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::time::Instant;

/// Seconds by the clock, and of the processors.
#[derive(Clone, Copy)]
struct Time {
    clock: f64,
    processors: f64,
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s [{:.2} s]", self.clock, self.processors)
    }
}

/// What this process has taken of the processors, in seconds; 0 where the system does not tell as Linux does.
fn processors() -> f64 {
    /// A second, as `/proc` counts.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    after_name.skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / TICKS
}

fn timed<T>(work: impl FnOnce() -> T) -> (Time, T) {
    let (begun, before) = (Instant::now(), processors());
    let made = work();
    (Time { clock: begun.elapsed().as_secs_f64(), processors: processors() - before }, made)
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
    let (alone, bytes) = timed(work);
    let (together, report) = timed(|| swept(&ten, &folder, false));
    assert_eq!(report.finished, 10_000);
    println!(
        "{} runs: {together} in a sweep, {alone} in one process ({bytes} bytes), ratio {:.2} [{:.2}]",
        report.runs,
        together.clock / alone.clock,
        together.processors / alone.processors
    );
    let hundred = study("1..100", 10, "10..109");
    let folder = tempfile::tempdir().unwrap();
    let (planned, report) = timed(|| swept(&hundred, &folder, true));
    println!("{} runs planned in {planned}", report.plan.unwrap().rows.len());
    let small = json!({
        "command": "table",
        "defaults": {"kernel": "two-layer:bias=true", "degrees": "0..4"},
        "axes": {"dim": "1..10", "digits": "1..1000", "exact-limit": "1..10"},
    });
    swept(&small, &folder, false);
    let options =
        collect::Options { folder: folder.path().display().to_string().into(), ..Default::default() };
    let (collected, text) = timed(|| {
        let report = options.build().unwrap().run(&Context::default()).unwrap();
        hinf::render(&report, hinf::Format::Csv, 80).unwrap()
    });
    println!(
        "{} results collected into CSV in {collected}",
        String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with('#')).count() - 1
    );
}
