//! Where results go: files written whole, links, full disks.

use super::{hinf, refused};
use std::process::Command;

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
        &["--output", "/nonexistent/table.md", "a folder that exists"],
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

/// The names of standard output lead to a pipe, whose own name is no path.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_written_to_by_any_of_its_names() {
    let table = ["table", "--kernel", "two-layer", "--dim", "2", "--degrees", "2"];
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let run = hinf(&[&table[..], &["--output", name]].concat());
        let text = String::from_utf8(run.stdout).unwrap();
        assert!(
            run.status.success() && text.contains("7/256"),
            "{name}: {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
    // Beside what the shell redirects, a file is written whole.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.txt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hinf"));
    command.args(table).args(["--output", "/dev/stdout"]).stdout(std::fs::File::create(&path).unwrap());
    assert!(command.status().unwrap().success());
    assert!(std::fs::read_to_string(&path).unwrap().contains("7/256"));
}

/// In a pipe and in a file tables are as wide as their numbers.
#[test]
fn no_number_is_cut() {
    let table =
        ["table", "--kernel", "two-layer:bias=true", "--dim", "1", "--degrees", "90..92", "--digits", "60"];
    let text = String::from_utf8(hinf(&table).stdout).unwrap();
    let found = super::json(&table);
    for row in found["tables"][0]["rows"].as_array().unwrap() {
        for field in ["exact_text", "value", "error_bound"] {
            assert!(text.contains(row[field].as_str().unwrap()), "{row}: {text}");
        }
    }
    assert!(!text.contains('\u{2026}'), "{text}");
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
fn two_results_are_not_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.svg");
    let again = folder.path().join(".").join("x.svg");
    let [file, again] = [&file, &again].map(|path| path.to_str().unwrap());
    let table = ["table", "--kernel", "two-layer", "--dim", "2"];
    refused(
        &[&table[..], &["--plot", file, "--output", again]].concat(),
        &["--plot", file, "a file other than that of --output"],
    );
    let train =
        ["train", "--model", "two-layer", "--dim", "1", "--degrees", "1", "--width", "32", "--points", "9"];
    for (one, other) in [("--output", "--curves"), ("--plot", "--curves"), ("--output", "--plot")] {
        refused(&[&train[..], &[one, file, other, again]].concat(), &["a file other than that of --"]);
    }
    // No command but collect has columns of Parquet: a table for the eye under that name would be lost on any reader.
    let parquet = folder.path().join("x.parquet");
    let parquet = parquet.to_str().unwrap();
    refused(&[&table[..], &["--output", parquet]].concat(), &["--output", "x.parquet", "hinf collect"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(hinf(&[&table[..], &["--output", parquet, "--format", "csv"]].concat()).status.success());
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
