//! The report in a real browser: it opens without a complaint, and everything on it is there. Skipped where no Chromium is installed; `.ci/run`
//! installs it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{path::Path, process::Command};

fn chromium(arguments: &[&str], page: &Path) -> Option<(String, String)> {
    let program = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|run| run.status.success()))?;
    let url = format!("file://{}", page.display());
    let run = Command::new(program)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
        ])
        .args(arguments)
        .arg(url)
        .output()
        .unwrap();
    Some((String::from_utf8_lossy(&run.stdout).into(), String::from_utf8_lossy(&run.stderr).into()))
}

#[test]
fn the_report_opens_without_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let hinf = env!("CARGO_BIN_EXE_hinf");
    let run = Command::new(hinf).args(["validate", "--quick", "--output"]).arg(&report).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    for file in
        ["index.html", "manifest.json", "figures/steps.svg", "data/steps.csv", "data/eigenvalues.json"]
    {
        assert!(report.join(file).is_file(), "{file} is missing");
    }
    let Some((dom, log)) = chromium(&["--dump-dom"], &report.join("index.html")) else {
        return;
    };
    assert!(!log.contains("CONSOLE"), "{log}");
    assert_eq!(dom.matches("<svg").count(), 6, "figures");
    assert!(dom.matches("<table").count() >= 3 && dom.contains("scope=\"row\""));
    assert!(!dom.contains("http-equiv") && !dom.contains("<script"));
    for (size, name) in [("1200,2000", "wide.png"), ("420,2000", "narrow.png")] {
        let picture = folder.path().join(name);
        let (window, shot) = (format!("--window-size={size}"), format!("--screenshot={}", picture.display()));
        chromium(&[&window, &shot], &report.join("index.html"));
        assert!(std::fs::metadata(&picture).unwrap().len() > 20_000, "{name} is empty");
    }
}
