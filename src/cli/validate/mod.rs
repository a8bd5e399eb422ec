//! `hinf validate`: the whole chain, claim by claim, and a report of it.

pub mod claims;
mod figures;
pub mod judge;
mod manifest;
mod page;
pub mod runner;

use super::output::{Outcome, Output};
use crate::{
    error::{Error, Result},
    experiment::{Pipeline, resources},
    progress::Progress,
    report::{
        self,
        html::{Claim, Status},
    },
};
use claims::{BOUND_DEGREES, CIRCLE_POINTS, Size, circle_file};
use runner::Runner;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};

/// Check the claims of the theory end to end, exact, sampled and trained, and write a report.
#[derive(Debug, clap::Args)]
#[command(after_help = "--output names the folder DIR of the report, hinf-report without it.
Writes DIR/index.html, the data and drawings of its figures, every command's result, and manifest.json. Any claim \
that fails: exit code 1, with the report still written. Interrupted, a second run goes on with what was finished.

Examples:
  hinf validate --quick
  hinf validate --output report
  hinf validate --full --output report-full")]
pub struct Flags {
    /// Small sizes: under a minute on two cores, every claim covered.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// The paper's own sizes: within an hour.
    #[arg(long)]
    full: bool,
}

/// The report's folder when none is named.
const FOLDER: &str = "hinf-report";

/// Gives a command's result as JSON.
pub type Run<'a> = dyn Fn(&str) -> Result<Value> + 'a;

/// Every claim judged, through `run`, which gives a command's result as JSON.
pub fn judged(size: Size, run: &Run<'_>, progress: &dyn Progress) -> Vec<(&'static str, Claim)> {
    let all = claims::claims(size);
    let total = all.len() as u64;
    let mut rows = Vec::with_capacity(all.len());
    for (done, claim) in (0..).zip(all) {
        progress.at(done, total);
        let results: Result<Vec<Value>> = claim.commands.iter().map(|command| run(command)).collect();
        // What a command refuses is a claim that is not shown; the others are still judged.
        let verdict = match results {
            Ok(results) => (claim.judge)(&results),
            Err(error) => judge::Verdict { measured: error.to_string(), holds: false },
        };
        let status = if verdict.holds { Status::Holds } else { Status::Fails };
        let commands = claim.commands.iter().map(|command| format!("hinf {command}")).collect();
        let row = Claim {
            name: claim.name.into(),
            claim: claim.claim,
            expected: claim.expected,
            measured: verdict.measured,
            status,
            commands,
        };
        rows.push((claim.section, row));
    }
    rows
}

/// Writes points on the circle labelled with `cos(k theta)`, which some commands read, into `folder`.
///
/// # Errors
/// When a file cannot be written.
pub fn write_circles(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io("cannot make the folder", folder, e))?;
    for k in BOUND_DEGREES {
        let row = |i: usize| {
            let theta = std::f64::consts::TAU * i as f64 / CIRCLE_POINTS as f64;
            format!("{},{},{}\n", theta.cos(), theta.sin(), (f64::from(k) * theta).cos())
        };
        let text = "x1,x2,y\n".to_owned() + &(0..CIRCLE_POINTS).map(row).collect::<String>();
        report::write(&folder.join(circle_file(k)), text)?;
    }
    Ok(())
}

/// Checks, writes the report, and prints the claims.
pub fn run(flags: &Flags, output: &Output) -> Result<Outcome> {
    resources::matrix_products(rayon::current_num_threads())?;
    let size = match (flags.quick, flags.full) {
        (true, _) => Size::Quick,
        (_, true) => Size::Full,
        _ => Size::Default,
    };
    let started = SystemTime::now();
    let clock = Instant::now();
    let folder = output.file.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    let output = &Output::new(output.format, None, output.quiet);
    let results = folder.join("results");
    write_circles(&results)?;
    let runner = Runner::new(results, Pipeline::SOUND)?;
    let run = |command: &str| runner.run(command);
    let mut rows = judged(size, &run, &output.bar("validate"));
    let place = quoted(&folder.join("results"));
    rows.iter_mut().for_each(|(_, claim)| {
        claim.commands.iter_mut().for_each(|command| *command = command.replace("{}", &place));
    });
    let sections = page::sections(size, &rows, &run, &folder.join("results"))?;
    let flag = match size {
        Size::Quick => " --quick",
        Size::Default => "",
        Size::Full => " --full",
    };
    let making = manifest::made(
        format!("hinf validate{flag} --output {}", quoted(&folder)),
        started,
        clock.elapsed(),
        runner.ran(),
    );
    page::page(sections, making).write(&folder)?;
    output.emit(&page::summary(&rows, &folder))?;
    let failed = rows.iter().any(|(_, claim)| claim.status == Status::Fails);
    Ok(if failed { Outcome::CheckFailed } else { Outcome::Success })
}

/// A path as one word of a command line.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_./=+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        assert_eq!(quoted(Path::new("runs/a-b.1")), "runs/a-b.1");
        assert_eq!(quoted(Path::new("my report")), "'my report'");
        assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
    }
}
