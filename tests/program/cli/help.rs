//! `--help`, manual pages and completions: what they say, and that they are plain text where nobody sees colours.

use super::hinf;
use std::process::Command;

fn text(arguments: &[&str]) -> String {
    String::from_utf8(hinf(arguments).stdout).unwrap()
}

/// As one line: how it wraps is the terminal's.
fn flowing(arguments: &[&str]) -> String {
    text(arguments).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn in_a_pipe_help_is_plain_text() {
    for arguments in [&["--help"][..], &["--version"], &["train", "--help"], &["help", "table"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hinf"));
        let run = command.args(arguments).env("TERM", "xterm-256color").env_remove("NO_COLOR").output();
        let shown = String::from_utf8(run.unwrap().stdout).unwrap();
        assert!(shown.contains("hinf") && !shown.contains('\u{1b}'), "{arguments:?}: {shown}");
    }
}

#[test]
fn help_lists_what_the_command_takes() {
    let formats = "pretty, markdown, csv, json, latex, npy, npz";
    assert!(flowing(&["table", "-h"]).contains(&format!("{formats}]")));
    assert!(flowing(&["formula", "-h"]).contains(&format!("{formats}, sympy]")));
    assert!(flowing(&["collect", "-h"]).contains(&format!("{formats}, jsonl")));
    assert_eq!(flowing(&["collect", "-h"]).contains("parquet]"), cfg!(feature = "parquet"));
    let completed = text(&["completions", "bash"]);
    assert!(completed.contains("npz sympy") && completed.contains("npz jsonl"));
    for command in ["validate", "sweep"] {
        let help = flowing(&[command, "-h"]);
        assert!(help.contains("--output <DIR>") && !help.contains("to this file"), "{help}");
    }
    assert!(flowing(&["train", "-h"]).contains("with seeds S, S+1, ... [default: 1]"));
    assert!(text(&["kernels", "--help"]).contains("Examples:\n  hinf kernels"));
}

#[test]
fn commands_are_listed_alike() {
    let help = text(&["--help"]);
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(list.lines().all(|line| !line.ends_with('.')), "{list}");
    assert!(list.lines().any(|line| line.trim_end().ends_with("each kept as one file")), "{list}");
    // Lines that are broken by hand are shorter than any terminal.
    let sweep = text(&["sweep", "--help"]);
    let about = sweep.split("Usage:").next().unwrap();
    assert!(about.lines().all(|line| line.chars().count() <= 80), "{about}");
}

#[test]
fn a_manual_page_has_every_flag_with_its_value() {
    let page = text(&["man", "table"]);
    let plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "");
    assert!(plain.contains(concat!(".TH hinf-table 1  \"hinf ", env!("CARGO_PKG_VERSION"))), "{plain}");
    let synopsis = plain.split(".SH SYNOPSIS\n").nth(1).unwrap().split(".SH").next().unwrap();
    assert!(synopsis.contains("--kernel <NAME") && synopsis.contains("--dim <D"), "{synopsis}");
    let options = plain.split(".SH OPTIONS").nth(1).unwrap();
    for flag in ["--format <FORMAT>", "--output <FILE>", "--quiet", "--threads <N>"] {
        assert!(options.contains(flag), "{flag}: {options}");
    }
    assert!(!text(&["man"]).contains("help(1)"));
}
