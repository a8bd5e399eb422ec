//! The array jobs of `docs/sweeps.md`, run as they stand there.

use super::{Study, TABLES, files, text};
use std::{fs, path::Path, process::Command};

/// The blocks of shell in the page on sweeps.
fn blocks() -> Vec<&'static str> {
    let page = include_str!("../../../docs/sweeps.md");
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
