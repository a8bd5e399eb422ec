//! The command line as a script sees it: schemas, formats, exit codes, one-line complaints.

#![allow(clippy::unwrap_used, clippy::panic)]

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
fn normalizations_are_multiples_of_one_another() {
    let value = |normalization: &str| {
        let found = json(&[
            "table",
            "--kernel",
            "two-layer:bias=true",
            "--dim",
            "1",
            "--degrees",
            "0,1",
            "--normalization",
            normalization,
        ]);
        let rows = &found["tables"][0]["rows"];
        [0, 1].map(|i| rows[i]["value"].as_str().unwrap().parse::<f64>().unwrap())
    };
    let [plain, surface, series] = ["probability", "surface", "series"].map(value);
    for k in 0..2 {
        assert!((surface[k] / plain[k] - 2.0 * std::f64::consts::PI).abs() < 1e-12);
    }
    assert!((series[0] - plain[0]).abs() < 1e-15 && (series[1] - 2.0 * plain[1]).abs() < 1e-15);
}

#[test]
fn every_format_shows_the_same_values() {
    let run = |format: &str| {
        let found =
            hinf(&["table", "--kernel", "two-layer", "--dim", "2", "--degrees", "0..4", "--format", format]);
        String::from_utf8(found.stdout).unwrap()
    };
    for format in ["pretty", "markdown", "csv", "json", "latex"] {
        let text = run(format);
        assert!(text.contains("7/3072") && text.contains("0.0625"), "{format}: {text}");
        assert!(text.ends_with('\n'));
    }
    assert!(run("pretty").lines().all(|line| line.chars().count() <= 80));
}

/// What is written in a convention is found again in it: by the dictionary's factor, the sphere that its dimension means, and the name.
#[test]
fn tables_in_other_conventions_are_recognised_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let own = json(&["table", "--kernel", "ntk:depth=2", "--dim", "3", "--degrees", "0..8"]);
    for (name, sphere, times) in [
        ("probability", 4, 1.0),
        ("paper", 4, 8.0 * std::f64::consts::PI.powi(2) / 3.0 / 4.0),
        ("neural-tangents", 4, 0.2),
        ("bietti-bach", 3, 1.0),
        ("Yang-Salman", 3, 1.0 / 3.0),
        ("geifman", 3, 1.0 / 3.0),
        ("pehlevan", 3, f64::NAN),
        ("simon", 3, 1.0),
    ] {
        let arguments =
            ["table", "--kernel", "ntk:depth=2", "--dim", "4", "--degrees", "0..8", "--convention", name];
        let found = json(&arguments);
        let table = &found["tables"][0];
        assert_eq!(table["dim"], sphere, "{name}");
        let written = &table["convention"];
        assert_eq!((&written["dim"], &written["name"]), (&Value::from(4), &name.to_lowercase().into()));
        if sphere == 3 && !times.is_nan() {
            let value = |table: &Value, k: usize| {
                table["tables"][0]["rows"][k]["value"].as_str().unwrap().parse::<f64>().unwrap()
            };
            for k in 0..9 {
                assert!((value(&found, k) / value(&own, k) / times - 1.0).abs() < 1e-14, "{name} {k}");
            }
        }
        let file = folder.path().join(format!("{name}.npz"));
        let file = file.to_str().unwrap();
        assert!(hinf(&[&arguments[..], &["--output", file]].concat()).status.success());
        let checked = json(&["check", file, "--kernel", "ntk:depth=2", "--dim", "4"]);
        let names = &checked["convention"]["names"];
        if name == "probability" {
            assert_eq!((&checked["verdict"], &checked["convention"]), (&"right".into(), &Value::Null));
        } else {
            let named = names.as_array().unwrap().contains(&name.to_lowercase().into());
            assert!(named, "{name}: {checked}");
        }
    }
    // K(1) = 3 is exact: a closed form stays one.
    let shares = json(&[
        "table",
        "--kernel",
        "ntk:depth=1",
        "--dim",
        "3",
        "--degrees",
        "0",
        "--convention",
        "yang-salman",
    ]);
    assert_eq!(shares["tables"][0]["rows"][0]["exact_text"], "1/4");
    let table = ["table", "--dim", "2", "--kernel"];
    refused(
        &[&table[..], &["laplace", "--convention", "basri"]].concat(),
        &["--convention", "basri", "bietti-bach"],
    );
    refused(
        &["table", "--kernel", "laplace", "--dim", "1", "--convention", "simon"],
        &["--dim", "S^0", "2 or more"],
    );
    refused(
        &[&table[..], &["laplace", "--convention", "paper", "--normalization", "surface"]].concat(),
        &["--normalization"],
    );
    refused(&[&table[..], &["expr:theta", "--convention", "geifman"]].concat(), &["--convention", "K(1)"]);
}

/// Arrays for numpy: by the ending of the output's name or by format, in a file or in a pipe.
#[test]
fn results_are_arrays_for_numpy() {
    let folder = tempfile::tempdir().unwrap();
    let table = ["table", "--kernel", "ntk:depth=2", "--dim", "2", "--degrees", "0..3"];
    let [npz, npy] = ["t.npz", "t.npy"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    for (file, start) in [(&npz, &b"PK"[..]), (&npy, b"\x93NUMPY")] {
        assert!(hinf(&[&table[..], &["--output", file]].concat()).status.success());
        let bytes = std::fs::read(file).unwrap();
        assert!(bytes.starts_with(start), "{file}");
        let format = &file[file.len() - 3..];
        assert_eq!(hinf(&[&table[..], &["--format", format]].concat()).stdout, bytes);
    }
    // Every digit comes back.
    let found = json(&["check", &npz, "--kernel", "ntk:depth=2", "--dim", "2"]);
    assert_eq!((&found["verdict"], found["rows"].as_array().unwrap().len()), (&"right".into(), 4));
    assert_eq!(found["rows"][0]["given"], "0.93025193164230673874");
}

#[test]
fn comma_separated_values_are_one_table_of_rows_that_stand_alone() {
    let of = |dim: &str, more: &[&str]| {
        let all =
            [&["table", "--kernel", "two-layer:bias=true", "--dim", dim, "--format", "csv"], more].concat();
        String::from_utf8(hinf(&all).stdout).unwrap()
    };
    let text = of("1,2", &["--degrees", "0..4", "--digits", "30", "--normalization", "surface"]);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 10);
    let dims: Vec<&str> = rows.iter().map(|row| &row[at("dim")]).collect();
    assert_eq!(dims, ["1", "1", "1", "1", "1", "2", "2", "2", "2", "2"]);
    for row in &rows {
        assert_eq!((&row[at("kernel")], &row[at("normalization")]), ("two-layer:bias=true", "surface"));
    }
    // All digits: 4 pi times 7/96.
    assert_eq!((&rows[6][at("degree")], &rows[6][at("value")]), ("1", "0.916297857297023027884937653457"));
    let one = of("2", &["--degrees", "0..4"]);
    assert_eq!(one.lines().filter(|line| !line.starts_with('#')).count(), 6);
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
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.md");
    let name = path.to_str().unwrap();
    let run = hinf(&["table", "--kernel", "laplace", "--dim", "2", "--format", "markdown", "--output", name]);
    assert!(run.status.success() && run.stdout.is_empty());
    assert!(std::fs::read_to_string(&path).unwrap().contains("| k |"));
    refused(
        &["table", "--kernel", "laplace", "--dim", "2", "--output", "/nonexistent/table.md"],
        &["/nonexistent/table.md"],
    );
    refused(
        &["table", "--kernel", "laplace", "--dim", "2", "--output", folder.path().to_str().unwrap()],
        &["directory"],
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_read_only_file_kept() {
    let folder = tempfile::tempdir().unwrap();
    let [target, link, kept] = ["target", "link", "kept"].map(|name| folder.path().join(name));
    std::fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let into = |path: &std::path::Path| {
        hinf(&[
            "table",
            "--kernel",
            "two-layer",
            "--dim",
            "2",
            "--degrees",
            "2",
            "--output",
            path.to_str().unwrap(),
        ])
    };
    assert!(into(&link).status.success());
    assert!(link.is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("7/256"));
    std::fs::write(&kept, "old").unwrap();
    let mut mode = kept.metadata().unwrap().permissions();
    mode.set_readonly(true);
    std::fs::set_permissions(&kept, mode).unwrap();
    assert_eq!(into(&kept).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "old");
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
fn what_was_typed_is_cut_where_it_is_long() {
    let long = "x".repeat(100_000);
    let [flag, spec, depth] = [format!("--{long}"), format!("expr:{long}"), format!("ntk:depth={long}")];
    let table = ["table", "--kernel", "laplace", "--dim", "2"];
    for arguments in [
        vec![long.as_str()],
        vec!["completions", &long],
        vec!["man", &long],
        vec!["table", "--kernel", &long, "--dim", "2"],
        vec!["table", "--kernel", &spec, "--dim", "2"],
        vec!["table", "--kernel", &depth, "--dim", "2"],
        vec!["table", "--kernel", "laplace", "--dim", &long],
        [&table[..], &[&flag]].concat(),
        [&table[..], &["--degrees", &long]].concat(),
        [&table[..], &["--format", &long]].concat(),
        [&table[..], &["--plot", &long]].concat(),
        [&table[..], &["--threads", &long]].concat(),
    ] {
        let run = hinf(&arguments);
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stderr.len() < 400, "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_before_anything_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let plot = folder.path().join("p.svg");
    let name = plot.to_str().unwrap();
    refused(
        &["table", "--kernel", "laplace", "--dim", "2", "--degrees", "0", "--plot", name],
        &["--degrees", "at least 1 for --plot"],
    );
    // All values vanish: on logarithmic axes there is nothing to see.
    refused(&["table", "--kernel", "two-layer", "--dim", "2", "--degrees", "3,5", "--plot", name], &["plot"]);
    assert!(!plot.exists());
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

#[test]
fn bad_input_is_named() {
    let table = |kernel: &'static str| ["table", "--kernel", kernel, "--dim", "2"];
    refused(&table("two-layr"), &["--kernel", "two-layr", "two-layer"]);
    refused(&table("ntk"), &["depth"]);
    refused(&table("ntk:depth=0"), &["depth", "0"]);
    refused(&table("ntk:depth=3,w=-1"), &["w", "-1"]);
    refused(&table("ntk:depth=3,deph=2"), &["deph", "depth"]);
    refused(&table("ntk:depth=3,depth=4"), &["depth"]);
    refused(&table("ntk:depth=2,slope=0.1"), &["slope"]);
    refused(&table("laplace:c=0"), &["c", "0"]);
    refused(&table("matern:nu=2"), &["nu", "2"]);
    refused(&table("expr:t+"), &["expr"]);
    refused(&table("expr:1/(theta-1)"), &["expr"]);
    refused(&table("expr:sqrt(theta-1)"), &["expr"]);
    let laplace = |rest: &[&'static str]| [&["table", "--kernel", "laplace"], rest].concat();
    refused(&laplace(&["--dim", "0"]), &["--dim", "0"]);
    refused(&laplace(&["--dim", "1001"]), &["--dim", "1001"]);
    refused(&laplace(&["--dim", "2.5"]), &["--dim", "2.5"]);
    refused(&laplace(&[]), &["--dim"]);
    refused(&laplace(&["--dim", "2", "--degrees", "5..2"]), &["--degrees", "5..2", "2..5"]);
    refused(&laplace(&["--dim", "2", "--degrees", "-1"]), &["--degrees", "-1"]);
    refused(&laplace(&["--dim", "2", "--degrees", "0..99999999999"]), &["--degrees"]);
    refused(&laplace(&["--dim", "2", "--digits", "0"]), &["--digits", "0"]);
    refused(&laplace(&["--dim", "2", "--digits", "99999"]), &["--digits", "99999", "10000"]);
    refused(&laplace(&["--dim", "2", "--format", "xml"]), &["--format", "xml", "json"]);
    refused(&laplace(&["--dim", "2", "--threads", "0"]), &["--threads", "0"]);
    refused(&laplace(&["--dim", "2", "--normalization", "series"]), &["series", "--dim 1"]);
    refused(&laplace(&["--dim", "2", "--normalization", "unit"]), &["--normalization", "unit"]);
    refused(&laplace(&["--dim", "2", "--degrees", "2,4", "--parity", "odd"]), &["--parity", "odd"]);
    refused(&laplace(&["--dim", "2", "--degrees", "0..1000000"]), &["--degrees"]);
    let far = ["--dim", "2", "--degrees", "1000000", "--digits", "10000"];
    refused(
        &[&["table", "--kernel", "ntk:depth=2"], &far[..]].concat(),
        &["degree 1000000", "can be asked for here"],
    );
    refused(&["verify", "--max-degree", "0"], &["--max-degree", "0"]);
    refused(&["tabel"], &["tabel", "table"]);
    refused(&[], &["subcommand"]);
}

/// Degrees to 10^12, and a clear line where there is no way to one.
#[test]
fn high_degrees_are_reached_or_refused_with_the_reason() {
    let table = |kernel: &'static str, degrees: &'static str| {
        let found = json(&["table", "--kernel", kernel, "--dim", "3", "--degrees", degrees, "--explain"]);
        found["tables"][0].clone()
    };
    for (kernel, route) in [
        ("two-layer:bias=true", "formula"),
        ("ntk:depth=3", "asymptotic"),
        ("laplace", "series"),
        ("matern:nu=7/2", "series"),
    ] {
        let found = table(kernel, "1000000000000,1000000000001");
        for row in found["rows"].as_array().unwrap() {
            assert_eq!(row["route"], route, "{kernel}");
            assert!(row["kind"] == "certified" || row["kind"] == "exact", "{kernel}");
        }
    }
    let beyond = &table("ntk:depth=3", "0..60")["trace"]["beyond"];
    assert_eq!(beyond["degree"], 60);
    assert!(beyond["error_bound"].as_str().unwrap().parse::<f64>().unwrap() < 1e-12);
    let far = "1000000";
    for (arguments, words) in [
        (["--kernel", "ntk:depth=3", "--degrees", "1000000000002"], &["degrees", "1000000000001"][..]),
        (
            ["--kernel", "expr:abs(t-1/3)", "--degrees", far],
            &["degree 1000000", "no expansion", "a kink inside (0, pi)"],
        ),
        (["--kernel", "expr:sqrt(sqrt(1-t))", "--degrees", far], &["no expansion", "a root or a logarithm"]),
        (["--kernel", "expr:exp(t^2)", "--degrees", far], &["no expansion", "analytic in t at both ends"]),
        (
            ["--kernel", "ntk:depth=2,activation=erf", "--degrees", "30001"],
            &["degree 30001", "a power series", "degrees to 30000"],
        ),
        (
            ["--kernel", "gaussian", "--degrees", "1000000000"],
            &["no expansion", "analytic in t at both ends"],
        ),
    ] {
        refused(&[&["table", "--dim", "2"][..], &arguments[..]].concat(), words);
    }
    let digits = ["table", "--dim", "2", "--kernel", "ntk:depth=3", "--degrees", "30000", "--digits", "9000"];
    refused(&digits, &["degree 30000", "can be asked for here", "9000"]);

    let found = json(&["null-space", "--kernel", "two-layer", "--dim", "2", "--max-degree", "1000000000000"]);
    assert_eq!(
        (&found["rows"][0]["zero_degrees"], &found["listed_to"]),
        (&"odd k >= 3".into(), &100_000.into())
    );
    refused(
        &["null-space", "--kernel", "expr:exp(-theta)", "--dim", "2", "--max-degree", far],
        &["100000", far],
    );

    let found = json(&["plan", "--kernel", "ntk:depth=3", "--dim", "2", "--degrees", "2,1000000"]);
    let row = &found["rows"][1];
    // lambda_k ~ (12/pi) Gamma(3/2)^2 (6/pi + 0.1/pi) / 2 k^-3 for even k, up to the constants at theta = pi.
    let steps = row["steps"].as_f64().unwrap();
    assert!((1e17..1e20).contains(&steps) && row["points_needed"].is_null(), "{row}");

    let found = json(&[
        "verify",
        "--kernel",
        "ntk:depth=3",
        "--dim",
        "2",
        "--max-degree",
        "1000000",
        "--digits",
        "20",
    ]);
    let high =
        found["rows"].as_array().unwrap().iter().find(|row| row["identity"] == "high degrees").unwrap();
    assert_eq!(high["status"], "holds");
}

#[test]
fn results_are_not_lost() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    // Long work, which is not begun.
    let begun = std::time::Instant::now();
    refused(
        &[
            "train",
            "--model",
            "two-layer",
            "--dim",
            "2",
            "--degrees",
            "1..9",
            "--output",
            "/nonexistent/x.json",
        ],
        &["/nonexistent/x.json"],
    );
    assert!(begun.elapsed().as_secs() < 60, "nothing was trained");
    let table = ["table", "--kernel", "two-layer", "--dim", "2", "--degrees", "2", "--format", "json"];
    let into = |path: &str| {
        Command::new(env!("CARGO_BIN_EXE_hinf"))
            .args(table)
            .args(["--output", path])
            .env("TMPDIR", folder.path())
            .output()
            .unwrap()
    };
    let run = into("/dev/full");
    let message = String::from_utf8(run.stderr).unwrap();
    assert_eq!((run.status.code(), message.lines().count()), (Some(2), 1), "{message}");
    let kept = message.split("kept in ").nth(1).unwrap().trim();
    assert!(std::fs::read_to_string(kept).unwrap().contains("7/256"), "{message}");
    let private = folder.path().join("private");
    std::fs::write(&private, "").unwrap();
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert!(into(private.to_str().unwrap()).status.success());
    assert_eq!(private.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // Closed before the program began: an error, and nothing is taken for written.
    let closed = Command::new("sh")
        .args(["-c", "exec \"$0\" table --kernel two-layer --dim 2 >&-", env!("CARGO_BIN_EXE_hinf")])
        .output()
        .unwrap();
    assert_eq!(closed.status.code(), Some(2));
    assert!(String::from_utf8(closed.stderr).unwrap().contains("standard output"));
    let nowhere = Command::new(env!("CARGO_BIN_EXE_hinf"))
        .args(table)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(nowhere.success());
}

/// Arguments and cells of megabytes are cut.
#[test]
fn long_values_make_short_complaints() {
    let long = "x".repeat(100_000);
    for arguments in [
        vec!["table", "--kernel", &long, "--dim", "2"],
        vec!["table", "--kernel", "two-layer", "--dim", &long],
        vec!["table", "--kernel", "two-layer", "--dim", "2", &long],
        vec![&long],
        vec!["check", &long, "--kernel", "two-layer", "--dim", "2"],
        vec!["table", "--kernel", "two-layer", "--dim", "2", "--format", &long],
        vec!["gram", "--kernel", "two-layer", "--data", &long],
    ] {
        let run = hinf(&arguments);
        let message = String::from_utf8(run.stderr).unwrap();
        assert_eq!((run.status.code(), message.lines().count()), (Some(2), 1), "{message}");
        assert!(message.chars().count() < 700, "{message}");
    }
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
