//! Bad input: one line with the subject, the value and what would be right.

use super::{hinf, json, refused};

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
    refused(&["train", "--dim", "1", "--degrees", "1"], &["--model", "--network"]);
    let gram = ["gram", "--kernel", "laplace", "--dim", "2", "--points", "50"];
    refused(&[&gram[..], &["--norms", "keep"]].concat(), &["--norms", "keep", "--data"]);
    refused(&[&gram[..], &["--header", "yes"]].concat(), &["--header", "yes", "--data"]);
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
