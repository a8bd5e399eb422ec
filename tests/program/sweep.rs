//! `hinf sweep` and `hinf collect`: studies, shards, faults, tables, bad input.

#![allow(clippy::unwrap_used, clippy::panic)]

mod page;
mod refused;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Trainings that take some hundredths of a second each.
const TRAININGS: &str = r#"
command = "train"
[defaults]
model = "two-layer"
bias = true
dim = 1
width = 64
points = 33
[axes]
degrees = [1, 2]
seed = "0..5"
[[override]]
when = {degrees = 2}
set = {kappa = 50}
"#;

const TABLES: &str = r#"
command = "table"
[defaults]
degrees = "0..4"
[axes]
dim = "1..3"
[[zip]]
kernel = ["two-layer", "two-layer:bias=true"]
digits = [20, 30]
"#;

struct Study {
    folder: tempfile::TempDir,
}

impl Study {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("study.toml"), text).unwrap();
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hinf"));
        command.args(words).current_dir(&self.folder);
        command
    }

    fn hinf(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn sweep(&self, output: &str, more: &[&str]) -> Output {
        self.hinf(&[&["sweep", "study.toml", "--output", output], more].concat())
    }

    fn json(&self, words: &[&str]) -> serde_json::Value {
        serde_json::from_slice(&self.hinf(&[words, &["--format", "json"]].concat()).stdout).unwrap()
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
    };
    fs::read_dir(folder).unwrap().map(file).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn shards_in_any_order_killed_and_altered_are_the_bytes_of_one_run() {
    let study = Study::new(TRAININGS);
    let whole = study.sweep("whole", &["--threads", "2"]);
    assert!(whole.status.success(), "{}", text(&whole.stderr));
    let expected = files(&study.at("whole"));
    assert_eq!(expected.len(), 13);

    // Killed at ever later moments, until each has ended by itself.
    let shards = ["3/3", "1/3", "2/3"];
    let mut kills = 0;
    for (round, wait) in (0..40).map(|round| (round, 15 * round)) {
        let children = shards.map(|shard| {
            let mut command = study.command(&[
                "sweep",
                "study.toml",
                "--output",
                "parts",
                "--shard",
                shard,
                "--threads",
                "1",
            ]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        });
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let mut ended = 0;
        for mut child in children {
            match child.try_wait().unwrap() {
                Some(status) => {
                    assert!(status.success());
                    ended += 1;
                }
                None => {
                    child.kill().unwrap();
                    kills += 1;
                }
            }
            child.wait().unwrap();
        }
        if ended == shards.len() {
            assert!(round > 0);
            break;
        }
        // One torn, and one in the place of another.
        let names: Vec<PathBuf> = expected
            .keys()
            .filter(|name| *name != "study.json")
            .map(|name| study.at("parts").join(name))
            .collect();
        let there: Vec<&PathBuf> = names.iter().filter(|path| path.exists()).collect();
        if let [first, .., last] = there[..]
            && round < 30
        {
            let bytes = fs::read(first).unwrap();
            fs::write(first, &bytes[..bytes.len() / 2]).unwrap();
            fs::copy(study.at("whole").join(last.file_name().unwrap()), last).unwrap();
            fs::copy(first, last).unwrap();
        }
    }
    assert!(kills > 3, "{kills}");
    for shard in shards {
        assert!(study.sweep("parts", &["--shard", shard]).status.success());
    }
    assert!(files(&study.at("parts")) == expected, "{:?}", files(&study.at("parts")).keys());
    // Nothing is left to make, and nothing is made.
    let again = study.json(&["sweep", "study.toml", "--output", "parts"]);
    assert_eq!((&again["finished"], &again["finished_before"]), (&12.into(), &12.into()));
}

#[test]
fn what_is_torn_or_foreign_is_made_again_and_said() {
    let study = Study::new(TABLES);
    assert!(study.sweep("out", &[]).status.success());
    let expected = files(&study.at("out"));
    let names: Vec<&String> = expected.keys().filter(|name| *name != "study.json").collect();
    fs::write(study.at("out").join(names[0]), "").unwrap();
    fs::write(study.at("out").join(names[1]), &expected[names[2]]).unwrap();
    let altered = text(&expected[names[3]]).replacen("0.", "1.", 1);
    fs::write(study.at("out").join(names[3]), altered).unwrap();
    fs::write(study.at("out").join(".hinf-left"), "half").unwrap();
    let again = study.sweep("out", &[]);
    let said = text(&again.stderr);
    assert!(
        said.contains("3 finished before, 3 with a file that cannot serve, made again, 3 to make"),
        "{said}"
    );
    assert!(said.contains("torn or altered") && said.contains("of another run"), "{said}");
    assert!(files(&study.at("out")) == expected);
}

#[test]
fn a_failed_run_is_kept_with_its_error_and_ends_no_other() {
    let study = Study::new(
        "command = \"gram\"\n[defaults]\nkernel = \"two-layer\"\ndim = 2\ndegrees = \"0..2\"\n[axes]\npoints = [40, 5]\n",
    );
    let output = study.sweep("out", &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["finished"], &report["failed"][0]["values"]["points"]), (&1.into(), &5.into()));
    assert!(
        report["failed"][0]["error"].as_str().unwrap().contains("at most as many harmonics as the 5 points")
    );
    // It is not made again, but when asked.
    assert!(text(&study.sweep("out", &[]).stderr).contains("1 failed before"));
    assert!(
        text(&study.sweep("out", &["--retry-failed"]).stderr)
            .contains("failed before and made again, 1 to make")
    );
    let table = text(&study.hinf(&["collect", "out", "--format", "csv"]).stdout);
    assert!(
        table.contains("2 runs: 1 finished, 1 failed, 0 missing") && table.contains(",failed,\"degrees: got"),
        "{table}"
    );
    // No wall time is kept.
    let kept = files(&study.at("out"));
    assert!(kept.values().all(|bytes| !text(bytes).contains("seconds")));
}

#[test]
fn results_are_one_table_and_a_plot() {
    let study = Study::new(TABLES);
    assert!(study.sweep("out", &["--shard", "1/2", "--quiet"]).status.success());
    let collect = |more: &[&str]| study.hinf(&[&["collect", "out"], more].concat());
    let half = text(&collect(&["--format", "csv"]).stdout);
    assert!(
        half.starts_with("# Results of hinf table in out\n# 6 runs: 3 finished, 0 failed, 3 missing\n"),
        "{half}"
    );
    assert!(study.sweep("out", &["--quiet"]).status.success());
    let whole = text(&collect(&["--format", "csv", "--columns", "rows[*].value"]).stdout);
    let mut lines = whole.lines().filter(|line| !line.starts_with('#'));
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(heads[..6], ["dim", "kernel", "digits", "run", "state", "error"]);
    let column = heads.iter().position(|head| *head == "tables[0].rows[degree=2].value").unwrap();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 6);
    let with_bias = rows.iter().find(|row| row[0] == "2" && row[1] == "two-layer:bias=true").unwrap();
    assert_eq!((with_bias[2], with_bias[column]), ("30", "0.013671875"));
    let lines = text(&collect(&["--format", "jsonl"]).stdout);
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        (lines.lines().count(), &line["values"]["dim"], &line["report"]["schema"]),
        (6, &1.into(), &"hinf.table/1".into())
    );
    let columns = collect(&["--output", "all.parquet"]);
    if cfg!(feature = "parquet") {
        assert!(columns.status.success() && fs::read(study.at("all.parquet")).unwrap().starts_with(b"PAR1"));
    } else {
        let said = text(&columns.stderr);
        assert!(columns.status.code() == Some(2) && said.contains("--features parquet"), "{said}");
        assert!(!study.at("all.parquet").exists());
    }
    let plot = collect(&["--plot", "p.svg", "--x", "dim", "--y", "rows[degree=2].value", "--by", "kernel"]);
    assert!(plot.status.success(), "{}", text(&plot.stderr));
    assert!(fs::read_to_string(study.at("p.svg")).unwrap().contains("kernel = two-layer:bias=true"));
    for (more, right) in [
        (["--x", "degree", "--y", "value"], "--x: got 'degree', expected an axis: dim, kernel, digits"),
        (["--x", "dim", "--y", "value"], "expected one column; it could be tables[0].rows[degree=0].value"),
        (["--x", "dim", "--y", "none"], "--y: got 'none', expected a column of the results"),
        (
            ["--x", "kernel", "--y", "rows[degree=2].value"],
            "--x: got 'two-layer', expected an axis whose values are numbers",
        ),
    ] {
        let refused = collect(&more);
        assert!(
            refused.status.code() == Some(2) && text(&refused.stderr).contains(right),
            "{}",
            text(&refused.stderr)
        );
    }
}

/// The options `points` and `dim` are fields of the report too; there are more runs, and columns, than a table for a person shows.
#[test]
fn arrays_hold_every_run_and_no_two_columns_have_one_name() {
    let study = Study::new(
        "command = \"gram\"\n[defaults]\nkernel = \"two-layer\"\ndim = 1\ndegrees = \"0..1\"\n[axes]\nseed = [1]\npoints = \"20..83\"\n",
    );
    assert!(study.sweep("out", &["--quiet"]).status.success());
    let collect = |format: &str| study.hinf(&["collect", "out", "--format", format]).stdout;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(Cursor::new(collect("csv")));
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let names: BTreeSet<&str> = heads.iter().map(String::as_str).collect();
    assert_eq!(names.len(), heads.len(), "{heads:?}");
    assert!(
        ["points", "result.points", "seed", "result.seed", "dim"].iter().all(|name| names.contains(name))
    );
    assert_eq!(reader.records().count(), 64);
    let mut archive = zip::ZipArchive::new(Cursor::new(collect("npz"))).unwrap();
    let arrays: BTreeSet<String> =
        archive.file_names().map(|name| name.trim_end_matches(".npy").to_owned()).collect();
    assert!(names.iter().all(|name| arrays.contains(*name)));
    for name in ["points", "result.points"] {
        let file = npyz::NpyFile::new(archive.by_name(&format!("{name}.npy")).unwrap()).unwrap();
        assert_eq!(file.into_vec::<i64>().unwrap(), (20..84).collect::<Vec<i64>>(), "{name}");
    }
    let records = collect("npy");
    let file = npyz::NpyFile::new(&records[..]).unwrap();
    let npyz::DType::Record(fields) = file.header().dtype() else { panic!("no records") };
    assert_eq!((fields.len(), file.shape()), (arrays.len(), &[64][..]));
    let lines = text(&collect("jsonl"));
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&line["values"]["points"], &line["report"]["points"]), (&20.into(), &20.into()));
    let named = study.hinf(&["collect", "out", "--format", "csv", "--columns", "result.points"]);
    assert!(text(&named.stdout).contains("\nseed,points,run,state,error,result.points\n"));
}

#[test]
fn a_dry_run_lists_the_runs_makes_none_and_says_in_how_many_shards_they_fit() {
    let study = Study::new(TRAININGS);
    let report = study.json(&["sweep", "study.toml", "--output", "out", "--dry-run", "--budget", "1000d"]);
    let rows = report["plan"]["rows"].as_array().unwrap();
    assert!(
        rows.len() == 12
            && rows.iter().all(|row| row["state"] == "missing" && row["seconds"].as_f64().unwrap() > 0.0)
    );
    assert_eq!(report["plan"]["shards"], 1);
    let line = rows[6]["line"].as_str().unwrap();
    assert_eq!(
        line,
        "hinf train --model two-layer --bias --dim 1 --degrees 2 --width 64 --points 33 --kappa 50"
    );
    assert!(!study.at("out").exists());
    let table = text(&Study::new(TABLES).sweep("out", &["--dry-run"]).stdout);
    assert!(
        table.contains("6 runs in the study, 6 here") && table.contains("the mean of 6 of the runs"),
        "{table}"
    );
}
