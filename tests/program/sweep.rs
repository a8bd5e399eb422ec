//! `hinf sweep` and `hinf collect`: studies, shards, faults, tables, bad input.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeMap,
    fs,
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

#[test]
fn every_wrong_study_is_refused_with_its_line_and_column() {
    let head = "command = \"table\"\n[defaults]\nkernel = \"two-layer\"\ndim = 2\n";
    let cases: &[(&str, &str)] = &[
        ("comand = \"table\"", "study.toml:1:1, study: got 'comand', expected one of command, defaults"),
        ("command = \"tabel\"", "study.toml:1:11, command: got 'tabel', expected one of table,"),
        ("command = \"sweep\"", "study.toml:1:11, command: got 'sweep'"),
        ("command = 3", "study.toml:1:11, command: got '3'"),
        ("[axes]\ndim = [1]", "command: got 'nothing'"),
        ("command = \"table\n", "study.toml:1:17, syntax: got"),
        (
            "command = \"table\"\n[axes]\ndim = [1, 2]\ndimm = [3]",
            "study.toml:4:1, option of table: got 'dimm', expected one of kernel,",
        ),
        ("HEAD[axes]\ndigits = []", "study.toml:6:10, digits: got '[]', expected at least one value"),
        ("HEAD[axes]\ndigits = 20", "study.toml:6:10, digits: got '20', expected a list such as"),
        (
            "HEAD[axes]\ndigits = [20, 30, 20]",
            "study.toml:6:19, digits: got '20', expected each value of an axis once",
        ),
        (
            "HEAD[axes]\ndigits = \"9..1\"",
            "study.toml:6:10, digits: got '9..1', expected the smaller number first",
        ),
        ("HEAD[axes]\ndigits = [{a = 1}]", "study.toml:6:11, digits: got"),
        (
            "HEAD[axes]\ndigits = [1979-05-27]",
            "study.toml:6:11, value: got '1979-05-27', expected text, a number",
        ),
        ("HEAD[axes]\nfast = [true, 3]", "study.toml:6:15, fast: got '3', expected a value of the kind"),
        ("HEAD[axes]\nfast = \"yes\"", "study.toml:6:8, fast: got 'yes', expected a list"),
        ("HEAD[axes]\ndigits = {from = 1}", "study.toml:6:10, digits: got 'a range without an end'"),
        (
            "HEAD[axes]\ndigits = {from = 1, to = 0}",
            "study.toml:6:10, digits: got 'a range that does not rise'",
        ),
        ("HEAD[axes]\ndigits = {from = 1, to = 9, steps = 2}", "study.toml:6:29, digits: got 'steps'"),
        ("HEAD[axes]\ndigits = {from = 1, to = 1e300}", "study.toml:6:10, digits: got 'too many values'"),
        (
            "HEAD[axes]\ndigits = {from = 1, to = 1e300, factor = 1.0000001}",
            "study.toml:6:10, digits: got 'too many values'",
        ),
        ("HEAD[axes]\ndim = [1, 2]", "study.toml:4:1, option: got 'dim', expected an option that is no axis"),
        ("HEAD[axes]\ndigits = [20, 0]", "study.toml:6:15, digits: got '0'"),
        (
            "HEAD[[zip]]\ndigits = [1, 2]\ndegrees = [1]",
            "study.toml:7:1, degrees: got '1 values', expected 2, as many as digits has",
        ),
        (
            "HEAD[axes]\ndigits = \"1..2000\"\ndegrees = \"1..1000\"",
            "study.toml:5:2, axes: got '2000 x 1000 runs', expected at most 1000000 runs",
        ),
        (
            "HEAD[axes]\ndigits = [20]\n[[override]]\nwhen = {dim = 2}\nset = {fast = true}",
            "study.toml:8:9, when: got 'dim', expected the name of an axis",
        ),
        (
            "HEAD[axes]\ndigits = [20]\n[[override]]\nwhen = {digits = 21}\nset = {fast = true}",
            "study.toml:8:18, digits: got '21', expected a value that the axis has",
        ),
        (
            "HEAD[axes]\ndigits = [20]\n[[override]]\nwhen = {digits = 20}",
            "study.toml:8:1, override: got 'one without when or set'",
        ),
        (
            "HEAD[axes]\ndigits = [20]\n[[override]]\nwhen = {digits = 20}\nset = {digits = 30}",
            "study.toml:9:8, option: got 'digits', expected an option that is no axis",
        ),
        ("command = \"table\"\n[axes]\ndim = [1, 2]", "study.toml:1:1, kernel: got ''"),
        ("command = \"table\"\n[defaults]\nkernel = \"no\"\ndim = 1", "study.toml:3:1, kernel: got 'no'"),
        (
            "command = \"train\"\n[axes]\ncheckpoint = [\"a\"]",
            "study.toml:3:1, option: got 'checkpoint', expected no option that names what is written",
        ),
    ];
    for (body, right) in cases {
        let study = Study::new(&body.replace("HEAD", head));
        let refused = study.sweep("out", &["--dry-run"]);
        let message = text(&refused.stderr);
        assert!(
            refused.status.code() == Some(2) && message.lines().count() == 1 && message.contains(right),
            "{body}\n{message}"
        );
    }
    let study = Study::new(TABLES);
    for (more, right) in [
        (vec!["--output", "out", "--shard", "0/2"], "--shard: got '0/2', expected I/N"),
        (vec!["--output", "out", "--shard", "3/2"], "--shard: got '3/2'"),
        (vec!["--output", "out", "--budget", "1h"], "--budget: got '1h', expected --dry-run beside it"),
        (vec!["--output", "study.toml"], "--output: got 'study.toml', expected a folder"),
        (vec![], "--output: got '', expected the folder of the results"),
    ] {
        let refused = study.hinf(&[&["sweep", "study.toml"], &more[..]].concat());
        assert!(
            refused.status.code() == Some(2) && text(&refused.stderr).contains(right),
            "{more:?}: {}",
            text(&refused.stderr)
        );
    }
    let missing = study.hinf(&["sweep", "none.toml", "--output", "out"]);
    assert!(missing.status.code() == Some(2) && text(&missing.stderr).contains("cannot read 'none.toml'"));
    let none = study.hinf(&["collect", "."]);
    assert!(
        none.status.code() == Some(2) && text(&none.stderr).contains("study.json"),
        "{}",
        text(&none.stderr)
    );
}

/// The blocks of shell in the page on sweeps.
fn blocks() -> Vec<&'static str> {
    let page = include_str!("../../docs/sweeps.md");
    page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Runs shell where `hinf` is this build.
fn shell(study: &Study, script: &str, variables: &[(&str, &str)]) {
    let own = Path::new(env!("CARGO_BIN_EXE_hinf")).parent().unwrap();
    let path = std::env::join_paths(
        [own.into()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let mut command = Command::new("sh");
    command
        .args(["-e", "-c", script])
        .current_dir(&study.folder)
        .env("PATH", path)
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{script}: {}", text(&output.stderr));
}

#[test]
fn the_array_jobs_of_the_page_make_the_whole_study() {
    let study = Study::new(TABLES);
    assert!(study.sweep("whole", &[]).status.success());
    let blocks = blocks();
    let slurm = blocks.iter().find(|block| block.contains("#SBATCH")).unwrap();
    for task in ["3", "1", "6", "2", "5", "4", "20"] {
        shell(&study, slurm, &[("SLURM_CPUS_PER_TASK", "2"), ("SLURM_ARRAY_TASK_ID", task)]);
    }
    assert!(files(&study.at("results")) == files(&study.at("whole")));
    let collecting = blocks.iter().find(|block| block.contains("hinf collect")).unwrap();
    let lines: String =
        collecting.lines().filter(|line| !line.contains("--plot")).map(|line| format!("{line}\n")).collect();
    shell(&study, &lines, &[]);
    assert!(study.at("all.csv").exists() && study.at("all.jsonl").exists());
    if Command::new("parallel").arg("--version").output().is_ok_and(|output| output.status.success()) {
        fs::remove_dir_all(study.at("results")).unwrap();
        shell(&study, blocks.iter().find(|block| block.contains("parallel")).unwrap(), &[]);
        assert!(files(&study.at("results")) == files(&study.at("whole")));
    }
}
