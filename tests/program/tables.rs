//! The tables in `tables/` are what the program prints today.
//!
//! To remake them after a deliberate change: `HINF_REMAKE_TABLES=1 cargo test --release --test program tables`.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::Path, process::Command};

#[test]
fn tables_are_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables");
    let remake = std::env::var_os("HINF_REMAKE_TABLES").is_some();
    let mut compared = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == "README.md") {
            continue;
        }
        let held = fs::read_to_string(&path).unwrap();
        let command = held.lines().next().unwrap_or_default();
        let command = command.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let command = command.unwrap_or_else(|| panic!("{} does not begin with its command", path.display()));
        let arguments = command.strip_prefix("hinf ").unwrap_or_else(|| panic!("{command}: not a command"));
        let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments.split(' ')).output().unwrap();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        let made = format!("<!-- {command} -->\n\n{}", String::from_utf8(run.stdout).unwrap());
        if remake {
            fs::write(&path, &made).unwrap();
        } else {
            assert_eq!(held, made, "{} is not what its command prints", path.display());
        }
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} tables");
}
