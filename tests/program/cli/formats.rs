//! Formats and conventions: the same values in each.

use super::{hinf, json, refused};
use npyz::{DType, NpyFile};
use serde_json::Value;
use std::{
    collections::{BTreeSet, HashSet},
    io::Cursor,
};

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
    for file in [&npz, &npy] {
        let found = json(&["check", file, "--kernel", "ntk:depth=2", "--dim", "2"]);
        assert_eq!((&found["verdict"], found["rows"].as_array().unwrap().len()), (&"right".into(), 4));
        assert_eq!(found["rows"][0]["given"], "0.93025193164230673874");
    }
}

/// Of each command a line that is quick.
const QUICK: [&str; 13] = [
    "table --kernel two-layer:bias=true --dim 1,2 --degrees 0..4 --digits 30 --explain",
    "formula --kernel two-layer --dim 1,2",
    "formula --kernel ntk:depth=2 --dim 2",
    "gram --kernel two-layer --dim 1 --points 40 --degrees 0..3 --design equispaced",
    "gram --kernel two-layer --dim 2 --points 60 --degrees 0..2 --design uniform --seed 3",
    "gram --kernel two-layer --data tests/data/cases/ok.csv",
    "verify --kernel two-layer --dim 1,2 --max-degree 6",
    "check 0.15625,0.0729,0.013671875,0.001953125 --kernel two-layer:bias=true --dim 2",
    "train --model two-layer --bias --dim 1 --degrees 1..3 --width 64 --points 33 --repeats 2",
    "null-space --dim 1..3 --max-degree 10",
    "curve --kernel two-layer:bias=true --dim 2 --target 1:1 --noise 1 --points 50,100",
    "plan --kernel two-layer --dim 2 --degrees 1..4 --budget 10m",
    "kernels",
];
/// Columns whose texts, or counts, are no fields of the JSON, and those that are of this moment.
const OF_TABLES: [&str; 9] =
    ["degrees", "quantity", "text", "latex", "sympy", "check", "target", "kind", "i"];
const OF_THE_MOMENT: [&str; 2] = ["seconds", "fits"];

/// The texts and the numbers that JSON holds anywhere.
fn held(value: &Value, texts: &mut HashSet<String>, numbers: &mut Vec<f64>) {
    match value {
        Value::String(text) => drop(texts.insert(text.clone())),
        Value::Number(number) => numbers.extend(number.as_f64()),
        Value::Array(all) => all.iter().for_each(|one| held(one, texts, numbers)),
        Value::Object(all) => all.values().for_each(|one| held(one, texts, numbers)),
        Value::Bool(_) | Value::Null => {}
    }
}

/// What is written as data is the data: one table with one name a column, each cell a value of the JSON to its last digit, the same columns as arrays.
#[test]
fn values_lose_nothing_in_any_format() {
    for line in QUICK {
        let printed = |format: &str| {
            let words: Vec<&str> = line.split(' ').chain(["--quiet", "--format", format]).collect();
            hinf(&words).stdout
        };
        let found: Value = serde_json::from_slice(&printed("json")).unwrap();
        let (mut texts, mut numbers) = (HashSet::new(), vec![]);
        held(&found, &mut texts, &mut numbers);
        let number = |cell: &str| cell.parse().is_ok_and(|x: f64| numbers.contains(&x));
        let known = |cell: &str| {
            ["", "true", "false"].contains(&cell)
                || texts.contains(cell)
                || cell.split(' ').all(|part| number(part) || part == "null")
        };
        let csv = printed("csv");
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(&csv[..]);
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let names: BTreeSet<&str> = heads.iter().map(String::as_str).collect();
        assert!(names.len() == heads.len() && !names.contains(""), "{line}: {heads:?}");
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() > 1, "{line}");
        for row in &rows {
            for (head, cell) in heads.iter().zip(row) {
                let excused = [&OF_TABLES[..], &OF_THE_MOMENT].concat().contains(&head.as_str());
                assert!(known(cell) || excused && !cell.contains('%'), "{line}: {head} is {cell}");
            }
        }
        assert!(names.contains("kernel"), "{line}: {heads:?}");
        let archive = zip::ZipArchive::new(Cursor::new(printed("npz"))).unwrap();
        let arrays: BTreeSet<&str> =
            archive.file_names().map(|name| name.strip_suffix(".npy").unwrap()).collect();
        let plain = |name: &&str| !name.strip_suffix("_digits").is_some_and(|of| names.contains(of));
        assert_eq!(arrays.iter().copied().filter(plain).collect::<BTreeSet<_>>(), names, "{line}");
        let records = printed("npy");
        let file = NpyFile::new(&records[..]).unwrap();
        let DType::Record(fields) = file.header().dtype() else { panic!("{line}: no records") };
        assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<BTreeSet<_>>(), arrays, "{line}");
        assert_eq!(file.shape(), [rows.len() as u64], "{line}");
    }
}

/// The trace is that of the eigenvalues, which values in another normalization do not sum to.
#[test]
fn captions_say_of_what_the_sum_is() {
    let line = "table --kernel two-layer --dim 2 --degrees 0..4";
    let shown = |more: &[&str]| {
        let words: Vec<&str> = line.split(' ').chain(more.iter().copied()).collect();
        String::from_utf8(hinf(&[&words[..], &["--format", "markdown"]].concat()).stdout).unwrap()
    };
    assert!(shown(&[]).contains("- probability normalization; K(1) = 0.5"));
    let said = "; in the probability normalization: K(1) = 0.5";
    for more in [["--normalization", "surface"], ["--convention", "paper"]] {
        assert!(shown(&more).contains(said), "{more:?}: {}", shown(&more));
    }
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
