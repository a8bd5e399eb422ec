//! Studies that are wrong: the line, the column, and what would be right.

use super::{Study, TABLES, text};

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
