//! The command line as a script sees it: schemas, formats, exit codes, one-line complaints.

#![allow(clippy::unwrap_used, clippy::panic)]

mod complaints;
mod formats;
mod help;
mod interrupted;
mod output;

use serde_json::Value;
use std::process::{Command, Output};

fn hinf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let run = hinf(&all);
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    assert!(run.stderr.is_empty());
    serde_json::from_slice(&run.stdout).unwrap()
}

/// The program refuses with exit code 2, nothing on stdout, and one line that has all of `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let run = hinf(arguments);
    let message = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(run.stdout.is_empty(), "{arguments:?}");
    assert_eq!(message.lines().count(), 1, "{arguments:?}: {message}");
    for word in words {
        assert!(message.contains(word), "{arguments:?}: {message} lacks {word}");
    }
}

#[test]
fn a_table_has_the_schema_that_scripts_rely_on() {
    let found = json(&["table", "--kernel", "two-layer:bias=true", "--dim", "2", "--degrees", "0..3"]);
    assert_eq!(found["schema"], "hinf.table/1");
    let table = &found["tables"][0];
    assert_eq!(table["kernel"], "two-layer:bias=true");
    assert_eq!((&table["dim"], &table["digits"]), (&Value::from(2), &Value::from(20)));
    assert_eq!(table["normalization"], "probability");
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let row = &rows[0];
    assert_eq!((&row["degree"], &row["multiplicity"]), (&Value::from(0), &Value::from("1")));
    assert_eq!(
        (&row["value"], &row["kind"], &row["error_bound"]),
        (&"0.15625".into(), &"exact".into(), &"0".into())
    );
    assert_eq!(row["exact"]["rational"], "5/32");
    assert_eq!(row["exact"]["over_pi_squared"], "0");
    assert_eq!(row["exact_text"], "5/32");
    assert_eq!(
        (&rows[3]["multiplicity"], &rows[3]["value"]),
        (&Value::from("7"), &Value::from("0.001953125"))
    );

    let null = json(&["table", "--kernel", "two-layer", "--dim", "1", "--degrees", "3"]);
    let row = &null["tables"][0]["rows"][0];
    assert_eq!((&row["value"], &row["kind"]), (&Value::from("0"), &Value::from("zero")));

    let deep =
        json(&["table", "--kernel", "ntk:depth=3", "--dim", "2", "--degrees", "0..2", "--digits", "30"]);
    let row = &deep["tables"][0]["rows"][2];
    assert_eq!((&row["kind"], &row["exact"]), (&Value::from("certified"), &Value::Null));
    assert!(row["value"].as_str().unwrap().len() >= 30);
}

#[test]
fn the_other_commands_have_theirs() {
    let found = json(&["null-space", "--dim", "1..3", "--max-degree", "9"]);
    assert_eq!(found["schema"], "hinf.null-space/1");
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["zero_degrees"], "odd k >= 3");
    assert_eq!(rows[1]["zeros"], serde_json::json!([3, 5, 7, 9]));
    assert_eq!(rows[1]["proved"], true);

    let found =
        json(&["verify", "--kernel", "two-layer", "--dim", "2", "--max-degree", "12", "--digits", "20"]);
    assert_eq!(found["schema"], "hinf.verify/1");
    for row in found["rows"].as_array().unwrap() {
        for key in ["identity", "kernel", "dim", "degrees", "status", "detail"] {
            assert!(!row[key].is_null(), "{row} lacks {key}");
        }
    }
    assert_eq!(json(&["kernels"])["schema"], "hinf.kernels/1");
    assert!(String::from_utf8(hinf(&["completions", "bash"]).stdout).unwrap().contains("complete"));
    let page = String::from_utf8(hinf(&["man", "table"]).stdout).unwrap();
    assert!(page.contains(".SH OPTIONS") && page.contains("degrees"), "{page}");
    refused(&["man", "tabel"], &["tabel", "table"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let run = |threads: &str| {
        hinf(&[
            "table",
            "--kernel",
            "ntk:depth=4",
            "--dim",
            "3",
            "--degrees",
            "0..90",
            "--threads",
            threads,
            "--format",
            "json",
        ])
        .stdout
    };
    assert_eq!(run("1"), run("3"));
}

#[test]
fn a_value_that_is_not_proved_fails_certify() {
    let certify = |kernel: &str| {
        hinf(&["table", "--kernel", kernel, "--dim", "2", "--degrees", "0..3", "--certify"]).status.code()
    };
    assert_eq!(certify("ntk:depth=2"), Some(0));
    assert_eq!(certify("expr:abs(t-1/3)"), Some(1));
    let undecided = hinf(&["null-space", "--kernel", "expr:abs(t-1/3)", "--dim", "2", "--max-degree", "3"]);
    assert_eq!(undecided.status.code(), Some(1));
    let indefinite = hinf(&["verify", "--kernel", "expr:-t", "--dim", "2", "--max-degree", "4"]);
    assert_eq!(indefinite.status.code(), Some(1));
    assert!(String::from_utf8(indefinite.stdout).unwrap().contains("fails"), "the result is still printed");
}

#[test]
fn the_version_names_what_is_under_the_lgpl() {
    let text = String::from_utf8(hinf(&["--version"]).stdout).unwrap();
    assert!(text.starts_with(concat!("hinf ", env!("CARGO_PKG_VERSION"), "\n")), "{text}");
    for name in ["GMP 6.", "MPFR 4.", "rug 1."] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn names_and_defaults_are_listed_by_help_and_completions() {
    let text = |arguments: &[&str]| String::from_utf8(hinf(arguments).stdout).unwrap();
    // As one line: how it wraps is the terminal's.
    let help = text(&["table", "-h"]).split_whitespace().collect::<Vec<_>>().join(" ");
    for listed in ["[default: 0..20]", "[default: probability]", "[possible values: all, even, odd]"] {
        assert!(help.contains(listed), "{help} lacks {listed}");
    }
    assert!(text(&["completions", "bash"]).contains("probability surface series"));
    // Names are understood in any case.
    let table = ["table", "--kernel", "laplace", "--dim", "2", "--degrees", "0..1"];
    assert_eq!(text(&[&table[..], &["--format", "JSON", "--parity", "Even"]].concat()), {
        text(&[&table[..], &["--format", "json", "--parity", "even"]].concat())
    });
}

/// The contract of `check`: verdicts and exit codes, from a file and from the command line.
#[test]
fn numbers_of_others_are_judged() {
    let asked = ["--kernel", "two-layer:bias=true", "--dim", "2"];
    let check = |values: &str, more: &[&str]| {
        let run = hinf(&[&["check", values][..], &asked, more, &["--format", "json"]].concat());
        let found: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(found["schema"], "hinf.check/1");
        (run.status.code().unwrap(), found)
    };
    let (code, found) = check("0.15625,0.07291666666666667,0.013671875", &[]);
    assert_eq!((code, &found["verdict"], &found["convention"]), (0, &"right".into(), &Value::Null));
    assert!(found["rows"][2]["value"].as_str().unwrap().starts_with("0.013671875"));
    // Times 4 pi.
    let surface = "1.9634954084936207,0.9162978572970230,0.17180584824319181";
    let (code, found) = check(surface, &["--as", "list"]);
    assert_eq!((code, &found["verdict"]), (0, &"right-in-another-convention".into()));
    assert_eq!(
        (&found["convention"]["factor"], &found["convention"]["dim_shift"]),
        (&"|S^d|".into(), &0.into())
    );
    let (code, found) = check("0.15625,0.0729,0.0136,0.00295", &[]);
    assert_eq!((code, &found["verdict"], &found["first_wrong"]), (1, &"wrong".into(), &2.into()));
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    for (name, text) in [
        ("degrees.csv", "degree,value\n3,0.001953125\n0,0.15625\n1,0.07291666666666667\n"),
        ("list.csv", "0.15625\n0.07291666666666667\n0.013671875\n0.001953125\n"),
        ("list.json", "[0.15625, 0.07291666666666667, 0.013671875, 0.001953125]"),
        (
            "objects.json",
            "[{\"degree\": 2, \"value\": \"0.013671875\"}, {\"degree\": 0, \"value\": 0.15625}]",
        ),
        ("spaces.txt", "# k lambda\n0 1.5625e-01\n1 7.291666666666667e-02\n"),
    ] {
        let (code, found) = check(&file(name, text), &[]);
        assert_eq!((code, &found["verdict"]), (0, &"right".into()), "{name}: {found}");
    }
    let own = file(
        "own.json",
        &String::from_utf8(hinf(&[&["table"][..], &asked, &["--format", "json"]].concat()).stdout).unwrap(),
    );
    assert_eq!(check(&own, &[]).1["verdict"], "right");
    // An array of records, with more in it than is looked for.
    let records = std::fs::read("tests/data/numpy/record-values.npy").unwrap();
    let path = folder.path().join("records.npy");
    std::fs::write(&path, &records).unwrap();
    let (code, found) = check(path.to_str().unwrap(), &[]);
    assert_eq!((code, &found["verdict"], &found["order"]), (0, &"right".into(), &"degree".into()));
    std::fs::write(&path, &records[..records.len() - 1]).unwrap();
    refused(&[&["check", path.to_str().unwrap()][..], &asked].concat(), &["2 records of 16 bytes", "31"]);
    for (text, word) in [
        ("degree,value\n1,x\n", "'x'"),
        ("degree,value\n1,1\n1,2\n", "twice"),
        ("1,2,3\n4,5,6\n", "columns"),
        ("{}", "list"),
    ] {
        let bad = file("bad.csv", text);
        refused(&[&["check", &bad][..], &asked].concat(), &[word]);
    }
}
