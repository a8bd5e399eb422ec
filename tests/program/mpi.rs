//! `mpirun hinf`: the same bytes for any number of ranks, one line for an error, and what a killed rank costs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod network;

use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Past the size at which the matrix is kept: products go tile by tile.
const TILED: &[&str] = &[
    "gram",
    "--kernel",
    "two-layer:bias=true",
    "--dim",
    "2",
    "--points",
    "8500",
    "--degrees",
    "0..1",
    "--seed",
    "7",
    "--repeats",
    "2",
];
const KEPT: &[&str] = &[
    "gram",
    "--kernel",
    "ntk:depth=2",
    "--dim",
    "3",
    "--points",
    "1200",
    "--degrees",
    "0..2",
    "--repeats",
    "2",
];

/// One test at a time has the processors: ranks that wait for one another are slow among many.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `hinf` on so many ranks of some threads each; on none without a launcher.
fn hinf(ranks: usize, threads: &str, words: &[&str], folder: &Path) -> Command {
    let own = env!("CARGO_BIN_EXE_hinf");
    let mut command = if ranks == 0 { Command::new(own) } else { Command::new("mpirun") };
    if ranks > 0 {
        // As root in a container, with more ranks than cores, and nothing but this machine.
        let launch =
            ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "btl", "self,vader"];
        command.args(launch).args(["-n", &ranks.to_string(), own]).env("OMPI_MCA_plm_rsh_agent", "false");
    }
    command.args(words).args(["--threads", threads]).current_dir(folder);
    command
}

/// The result, without what the clock says.
fn result(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let map = value.as_object_mut().unwrap();
    map.retain(|name, _| !name.starts_with("seconds"));
    value
}

/// The result of one process without a launcher.
fn alone(words: &[&str], folder: &Path) -> Value {
    result(&hinf(0, "2", &[words, &["--format", "json"]].concat(), folder).output().unwrap())
}

/// The lines that hinf itself says.
fn said(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.starts_with("hinf: ")).map(str::to_owned).collect()
}

#[test]
fn any_number_of_ranks_gives_the_same_bytes() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    for words in [TILED, KEPT] {
        let alone = alone(words, folder.path());
        let words = [words, &["--format", "json"]].concat();
        for (ranks, threads) in [(1, "2"), (2, "1"), (3, "2"), (4, "1")] {
            let output = hinf(ranks, threads, &words, folder.path()).output().unwrap();
            // Serialised: the bytes, not numbers that compare equal.
            assert_eq!(result(&output).to_string(), alone.to_string(), "{ranks} ranks");
        }
    }
}

#[test]
fn an_error_ends_all_ranks_with_one_line() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let unwritable = [TILED, &["--output", "none/file"]].concat();
    let cases: [(&[&str], &str); 3] = [
        // On all ranks: no rank is to blame.
        (&["gram", "--kernel", "no", "--dim", "2", "--points", "9"], "hinf: --kernel: got 'no'"),
        (
            &["table", "--kernel", "two-layer", "--dim", "2"],
            "hinf: mpirun: got 'table', expected gram or sweep",
        ),
        // On one rank, while the others are at work.
        (&unwritable, "hinf: rank 0: --output: got 'none/file'"),
    ];
    for (words, line) in cases {
        let output = hinf(3, "1", words, folder.path()).output().unwrap();
        let lines = said(&output);
        assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{words:?}: {output:?}");
        assert!(lines.len() == 1 && lines[0].starts_with(line), "{words:?}: {lines:?}");
    }
}

#[test]
fn the_rank_that_differs_is_named() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &'static str| -> Vec<&str> {
        let place = TILED.iter().position(|word| *word == name).unwrap();
        TILED.iter().enumerate().map(|(at, word)| if at == place + 1 { value } else { word }).collect()
    };
    let cases = [
        (with("--kernel", "no"), "hinf: rank 1: --kernel: got 'no'"),
        // Found by the checksum of the points, before any product.
        (with("--seed", "8"), "hinf: ranks: reached other numbers on rank 1 than on rank 0"),
    ];
    for (other, line) in cases {
        let mut command = hinf(1, "1", TILED, folder.path());
        command.args([":", "-n", "1", env!("CARGO_BIN_EXE_hinf")]).args(other).args(["--threads", "1"]);
        let output = command.output().unwrap();
        let lines = said(&output);
        assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{output:?}");
        assert!(lines.len() == 1 && lines[0].starts_with(line), "{lines:?}");
    }
}

/// The processes that `child` started.
fn ranks_of(child: &Child) -> Vec<u32> {
    let parent = |pid: u32| {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        text.rsplit(')').next()?.split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    let pids =
        fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| parent(*pid) == Some(child.id())).collect()
}

/// Sends a signal to a rank of `child`, once `file` is there.
fn signal(name: &str, child: &mut Child, file: &Path) {
    let begun = Instant::now();
    while !file.exists() && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(300));
        std::thread::sleep(Duration::from_millis(2));
    }
    let victim = ranks_of(child).pop().unwrap();
    assert!(Command::new("kill").args([name, &victim.to_string()]).status().unwrap().success());
}

#[test]
fn a_rank_that_does_not_answer_ends_all() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let words = [TILED, &["--checkpoint", "kept", "--patience", "20s"]].concat();
    let mut child =
        hinf(2, "1", &words, folder.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    signal("-STOP", &mut child, &folder.path().join("kept/7.hinf-gram"));
    let stopped = Instant::now();
    let output = child.wait_with_output().unwrap();
    let lines = said(&output);
    assert_eq!(output.status.code(), Some(2), "{lines:?}");
    assert!(lines.len() == 1 && lines[0].contains("another rank has not answered for 20 s"), "{lines:?}");
    assert!(stopped.elapsed() < Duration::from_secs(120));
}

#[test]
fn a_killed_rank_ends_all_and_costs_no_more_than_a_product() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let words = [TILED, &["--format", "json"]].concat();
    let expected = alone(TILED, folder.path());
    let kept = [&words[..], &["--checkpoint", "kept", "--resume"]].concat();
    let file = folder.path().join("kept/7.hinf-gram");
    let mut child =
        hinf(2, "1", &kept, folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    signal("-KILL", &mut child, &file);
    let killed = Instant::now();
    let status = child.wait().unwrap();
    assert!(!status.success() && killed.elapsed() < Duration::from_secs(60), "{status}");
    assert!(file.exists());
    // Taken up by another number of ranks.
    assert_eq!(
        result(&hinf(3, "1", &kept, folder.path()).output().unwrap()).to_string(),
        expected.to_string()
    );
    // Of another kernel it is refused, by all ranks as one.
    let foreign: Vec<&str> =
        kept.iter().map(|word| if *word == "two-layer:bias=true" { "two-layer" } else { word }).collect();
    let lines = said(&hinf(2, "1", &foreign, folder.path()).output().unwrap());
    assert!(
        lines.len() == 1 && lines[0].contains("7.hinf-gram, checkpoint: got 'a run of kernel"),
        "{lines:?}"
    );
}

#[test]
fn a_sweep_is_dealt_to_ranks() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let study = "command = \"table\"\n[defaults]\nkernel = \"two-layer\"\n[axes]\ndim = \"1..4\"\ndegrees = [\"0..3\", \"0..5\", \"4\"]\n";
    fs::write(folder.path().join("study.toml"), study).unwrap();
    let files = |name: &str| -> BTreeMap<_, _> {
        let all = fs::read_dir(folder.path().join(name)).unwrap().flatten();
        all.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).collect()
    };
    assert!(
        hinf(0, "2", &["sweep", "study.toml", "--output", "alone"], folder.path())
            .output()
            .unwrap()
            .status
            .success()
    );
    for (ranks, threads) in [(2, "1"), (3, "2")] {
        let name = format!("ranks{ranks}");
        let output = hinf(
            ranks,
            threads,
            &["sweep", "study.toml", "--output", &name, "--format", "json"],
            folder.path(),
        )
        .output()
        .unwrap();
        assert_eq!(result(&output)["finished"], 12);
        assert!(files(&name) == files("alone"));
    }
    // Runs of a command that ranks would share stay whole.
    let grams = "command = \"gram\"\n[defaults]\nkernel = \"two-layer\"\ndim = 2\ndegrees = \"0..1\"\n[axes]\npoints = [90, 100, 110]\n";
    fs::write(folder.path().join("grams.toml"), grams).unwrap();
    for (ranks, name) in [(0, "grams"), (2, "shared")] {
        let output =
            hinf(ranks, "1", &["sweep", "grams.toml", "--output", name], folder.path()).output().unwrap();
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("finished                       3"),
            "{output:?}"
        );
    }
    assert!(files("shared") == files("grams"));
    // Rank 0 cannot begin, and the others do not wait for it.
    fs::write(folder.path().join("taken"), "").unwrap();
    let refused =
        hinf(3, "1", &["sweep", "study.toml", "--output", "taken/inside"], folder.path()).output().unwrap();
    let lines = said(&refused);
    assert!(
        refused.status.code() == Some(2) && lines.len() == 1 && lines[0].contains("cannot make the folder"),
        "{lines:?}"
    );
}
