//! What is left when a validation is killed, and when a claim fails.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

fn started(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hinf"));
    command.args(["validate", "--quick", "--format", "json", "--output"]).arg(folder);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

/// The exit code and the result.
fn finished(folder: &Path) -> (i32, Value) {
    let output = started(folder).wait_with_output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// The results kept so far; each of them must be whole.
fn kept(folder: &Path) -> Vec<(PathBuf, Value)> {
    let files = fs::read_dir(folder.join("results")).into_iter().flatten().map(|file| file.unwrap().path());
    let whole = |path: PathBuf| {
        let value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        (path, value)
    };
    files.filter(|path| path.extension().is_some_and(|end| end == "json")).map(whole).collect()
}

#[test]
fn killed_at_any_moment_it_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for reached in [1, 8, 20, 30] {
        let mut child = started(folder.path());
        while kept(folder.path()).len() < reached && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let before = kept(folder.path()).len();
    let (code, result) = finished(folder.path());
    assert!(code == 0 && result["rows"].as_array().unwrap().iter().all(|row| row["status"] == "holds"));
    let manifest = fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let commands = manifest["commands"].as_array().unwrap();
    assert_eq!(commands.iter().filter(|ran| ran["kept"] == true).count(), before);
    assert_eq!(commands.len(), kept(folder.path()).len());
    assert!(!folder.path().join("results/runs").exists(), "training that has ended is still kept");
}

#[test]
fn a_claim_that_fails_is_reported_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(finished(folder.path()).0, 0);
    let (path, mut held) = kept(folder.path())
        .into_iter()
        .find(|(_, held)| held["command"].as_str().unwrap().contains("--against"))
        .unwrap();
    held["result"]["verdict"] = "consistent".into();
    fs::write(path, held.to_string()).unwrap();
    fs::remove_file(folder.path().join("index.html")).unwrap();
    let (code, result) = finished(folder.path());
    let failed: Vec<&Value> =
        result["rows"].as_array().unwrap().iter().filter(|row| row["status"] == "fails").collect();
    assert_eq!((code, failed.len(), &failed[0]["name"]), (1, 1, &"wrong-kernel".into()));
    let page = fs::read_to_string(folder.path().join("index.html")).unwrap();
    assert!(page.contains("35 of 36 claims hold") && page.contains("fails"));
}
