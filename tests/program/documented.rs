//! What the texts tell a reader to type is understood, and what is quick runs; the table in the README is the one that is printed.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeSet,
    process::{Command, Output},
};

const TEXTS: [&str; 3] = [
    include_str!("../../README.md"),
    include_str!("../../src/guide.md"),
    include_str!("../../src/findings.md"),
];

fn run(words: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hinf")).args(words).output().unwrap()
}

/// The words of a command line after the program's name, quotes removed and what is in them kept together, up to a redirection.
fn words(line: &str) -> Option<Vec<String>> {
    let rest = line.trim().strip_prefix("hinf ")?;
    let rest = rest.split(" > ").next().unwrap();
    let mut words = vec![];
    for (at, part) in rest.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    Some(words)
}

/// All commands with options: of the texts, in blocks and in line, and of the examples of each `--help`.
fn commands() -> BTreeSet<Vec<String>> {
    let names = [
        "table",
        "formula",
        "null-space",
        "verify",
        "check",
        "validate",
        "train",
        "gram",
        "plan",
        "curve",
        "sweep",
        "collect",
    ]
    .map(str::to_owned);
    let mut lines: Vec<String> = vec![];
    for text in TEXTS {
        lines.extend(text.lines().map(str::to_owned));
        lines.extend(text.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    for name in names {
        let help = run(&[name, "--help".into()]);
        lines.extend(String::from_utf8(help.stdout).unwrap().lines().map(str::to_owned));
    }
    lines
        .iter()
        .filter_map(|line| words(line))
        .filter(|words| words.iter().any(|w| w.starts_with("--")))
        .collect()
}

/// With a format that there is none of, a command that is understood complains of that and of nothing else.
#[test]
fn every_command_in_the_texts_is_understood() {
    let all = commands();
    assert!(all.len() > 40, "{}", all.len());
    for mut words in all {
        words
            .retain(|word| word != "--format" && !["json", "jsonl", "csv", "latex"].contains(&word.as_str()));
        words.extend(["--format".into(), "none".into()]);
        let output = run(&words);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && message.contains("--format"), "{words:?}: {message}");
    }
}

#[test]
fn the_quick_ones_run() {
    let folder = tempfile::tempdir().unwrap();
    let quick = ["table", "formula", "null-space", "verify", "plan", "curve"];
    for words in commands().into_iter().filter(|words| quick.contains(&words[0].as_str())) {
        let output =
            Command::new(env!("CARGO_BIN_EXE_hinf")).args(&words).current_dir(&folder).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{words:?}: {message}");
    }
}

#[test]
fn the_table_of_the_readme_is_what_is_printed() {
    let text = TEXTS[0];
    let (before, after) = text.split_once("` prints").unwrap();
    let command = words(before.rsplit('`').next().unwrap()).unwrap();
    let printed = after.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(String::from_utf8(run(&command).stdout).unwrap(), printed);
}
