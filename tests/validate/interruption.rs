//! What is left when a validation is killed, altered results, two runs at once, and a claim that fails.

use super::flawed;
use hinf::{
    experiment::{
        Context, Options as _, Report as _, Request as _,
        validate::{Flaw, Options, Status},
    },
    report::validate::page,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

fn started(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hinf"));
    command.args(["validate", "--quick", "--format", "json", "--output"]).arg(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The result of a run in which every claim holds, and what was said of it.
fn held(run: Output) -> (Value, String) {
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(0), "{said}");
    let result: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert!(result["rows"].as_array().unwrap().iter().all(|row| row["status"] == "holds"));
    (result, said)
}

/// The results kept so far; each of them must be whole.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("results")).into_iter().flatten().map(|file| file.unwrap().path());
    let whole = |path: &PathBuf| {
        serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).unwrap();
    };
    files.filter(|path| path.extension().is_some_and(|end| end == "json")).inspect(whole).collect()
}

/// The data and the drawings of the figures.
fn figures(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let parts = ["data", "figures"].map(|part| fs::read_dir(folder.join(part)).unwrap());
    let files = parts.into_iter().flatten().map(|file| file.unwrap().path());
    files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
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
    let (first, _) = held(started(folder.path()).wait_with_output().unwrap());
    let manifest = fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let commands = manifest["commands"].as_array().unwrap();
    assert_eq!(commands.iter().filter(|ran| ran["kept"] == true).count(), before);
    assert_eq!(commands.len(), kept(folder.path()).len());
    assert!(!folder.path().join("results/runs").exists(), "training that has ended is still kept");

    // Results that are altered are not taken for good, and every other is taken up to its last bit.
    let drawn = figures(folder.path());
    let table =
        kept(folder.path()).into_iter().find(|path| path.to_string_lossy().contains("/table-")).unwrap();
    let sound = fs::read_to_string(&table).unwrap();
    fs::write(&table, sound.replace("\"value\": \"0.", "\"value\": \"7.")).unwrap();
    let (second, said) = held(started(folder.path()).wait_with_output().unwrap());
    assert!(said.lines().count() == 1 && said.contains("made again"), "{said}");
    assert_eq!((first, drawn), (second, figures(folder.path())));
}

#[test]
fn two_runs_in_one_folder_both_finish() {
    let folder = tempfile::tempdir().unwrap();
    let both = [started(folder.path()), started(folder.path())];
    let [first, second] = both.map(|child| held(child.wait_with_output().unwrap()).0);
    assert_eq!(first, second);
}

#[test]
fn a_claim_that_fails_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().display().to_string().into();
    let request = Options { quick: true, output, ..Default::default() }.build().unwrap();
    let context = Context { pipeline: flawed(Flaw::NullSpaceOfOtherModel), ..Context::default() };
    let report = request.run(&context).unwrap();
    assert!(!report.passed());
    let failed = report.rows.iter().filter(|row| row.status == Status::Fails);
    assert_eq!(failed.map(|row| row.name.as_ref()).collect::<Vec<_>>(), ["null-space", "bias-fills"]);
    let page = page(&report).unwrap().html().unwrap();
    assert!(page.contains("39 of 41 claims hold") && page.contains("fails"));
}
