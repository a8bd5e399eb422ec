//! Runs that are kept, killed, torn, and taken up.

use super::{hinf, json};
use serde_json::Value;
use std::{path::Path, process::Command};

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
