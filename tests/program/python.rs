//! The Python package: its wheel is built, looked at, and installed into a fresh virtual environment, where it passes its own tests.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Runs to the end, or fails with what was printed.
fn run(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let printed = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(done.status.success(), "{command:?} fails:\n{printed}");
    printed
}

/// A fresh environment, where there is a Python of at least 3.10 that can make one.
fn environment(folder: &Path) -> Option<PathBuf> {
    let new_enough = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    let found = Command::new("python3").args(["-c", new_enough]).output();
    found.is_ok_and(|done| done.status.success()).then(|| {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
        folder.join("bin")
    })
}

#[test]
fn the_wheel_installs_and_passes_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let Some(programs) = environment(&folder) else {
        eprintln!("no python3 of 3.10 or later with venv: the Python package is not tested");
        return;
    };
    let path = env::join_paths(
        std::iter::once(programs.clone()).chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let path = path.unwrap();
    let python = |words: &[&str]| {
        let mut command = Command::new(programs.join("python"));
        // Built where the program was: what both link is there already.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        command.args(words).current_dir(root).env("PATH", &path).env("CARGO_TARGET_DIR", target);
        command.env("MATURIN_PEP517_ARGS", "--locked");
        run(&mut command)
    };
    let wheels = folder.join("wheels");
    let pip = ["-m", "pip", "--disable-pip-version-check"];
    let build = ["wheel", "--verbose", "--no-deps", "--wheel-dir", wheels.to_str().unwrap(), "./python"];
    let printed = python(&[&pip[..], &build].concat());
    // The development dependencies of Cargo.toml see to that.
    let again =
        printed.lines().find(|line| line.contains("Compiling faer ") || line.contains("Compiling serde "));
    if let Some(line) = again {
        eprintln!("compiled once more, with other features: {}", line.trim());
    }
    let wheel = fs::read_dir(&wheels).unwrap().next().unwrap().unwrap().path();
    let (wheel, name) = (wheel.to_str().unwrap(), wheel.file_name().unwrap().to_string_lossy().into_owned());
    assert!(name.contains("-cp310-abi3-"), "{name}");
    python(&[&pip[..], &["--quiet", "install", &format!("hinf[test] @ file://{wheel}")]].concat());
    assert!(python(&["-m", "twine", "check", "--strict", wheel]).contains("PASSED"));
    if cfg!(target_os = "linux") {
        assert!(python(&["-m", "auditwheel", "show", wheel]).contains("manylinux"));
    }
    let printed = python(&["-m", "pytest", "-q", "-p", "no:cacheprovider", "python/tests"]);
    assert!(printed.contains(" passed"), "{printed}");
}
