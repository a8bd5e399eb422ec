//! Ctrl-C: one line, at once, and what is kept.

use std::{
    fs,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// What SIGINT is in a mask of signals.
const INT: u64 = 1 << 1;

/// Does the process catch SIGINT?
fn catches(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
    u64::from_str_radix(caught.trim(), 16).unwrap() & INT != 0
}

/// The last line on standard error of a command that is interrupted as soon as it can be, and its exit code.
fn interrupted(arguments: &[&str]) -> (Option<i32>, String) {
    // Whoever runs the tests may have had it ignored.
    let mut command = Command::new("env");
    command.args(["--default-signal", env!("CARGO_BIN_EXE_hinf")]).args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !catches(child.id()) {
        assert!(child.try_wait().unwrap().is_none(), "{arguments:?} ended, and caught no signal");
        sleep(Duration::from_millis(1));
    }
    let asked = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(20), "{arguments:?}");
    assert!(ended.stdout.is_empty());
    let said = String::from_utf8(ended.stderr).unwrap();
    (ended.status.code(), said.lines().last().unwrap_or_default().to_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_command_says_so_and_what_is_kept() {
    let long = ["table", "--kernel", "ntk:depth=5", "--dim", "2", "--degrees", "0..2000", "--digits", "500"];
    assert_eq!(interrupted(&long), (Some(130), "hinf: interrupted".into()));

    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let kept = kept.to_str().unwrap();
    let (code, said) = interrupted(&["validate", "--full", "--output", kept]);
    assert!(code == Some(130) && said.starts_with("hinf: interrupted; "), "{code:?}: {said}");
    assert!(said.contains(kept) && said.contains("the same command"), "{said}");

    let gram = ["gram", "--kernel", "two-layer", "--dim", "2", "--points", "50000", "--checkpoint", kept];
    let (code, said) = interrupted(&gram);
    assert!(code == Some(130) && said.starts_with("hinf: interrupted; "), "{code:?}: {said}");
    assert!(said.contains(kept) && said.contains("--resume"), "{said}");
}
