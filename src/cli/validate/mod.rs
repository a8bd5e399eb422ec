//! `hinf validate`: the whole chain, claim by claim, and a report of it.

pub mod claims;
mod figures;
pub mod judge;
pub mod runner;

use super::output::{Outcome, Output};
use crate::{
    error::{Error, Result},
    progress::Progress,
    report::{
        self, Report,
        grid::{Column, Grid},
        html::{Block, Claim, Page, Section, Status},
        manifest::{Machine, Manifest},
    },
};
use claims::{BOUND_DEGREES, CIRCLE_POINTS, SECTIONS, Size, circle_file};
use runner::Runner;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    time::{Instant, SystemTime, UNIX_EPOCH},
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
    /// The paper's own sizes: hours.
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
        let command =
            claim.commands.iter().map(|command| format!("hinf {command}")).collect::<Vec<_>>().join("; ");
        let row = Claim {
            claim: claim.claim,
            expected: claim.expected,
            measured: verdict.measured,
            status,
            command,
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
    let runner = Runner::new(results)?;
    let run = |command: &str| runner.run(command);
    let mut rows = judged(size, &run, &output.bar("validate"));
    let place = folder.join("results").display().to_string();
    rows.iter_mut().for_each(|(_, claim)| claim.command = claim.command.replace("{}", &place));
    let manifest = Manifest {
        command: format!(
            "hinf validate{} --output {}",
            ["", " --quick", " --full"][usize::from(flags.quick) + 2 * usize::from(flags.full)],
            folder.display()
        ),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: Some(1),
        precision: "exact or certified to 20 digits and more; samples and training in f64".into(),
        machine: Machine {
            system: std::env::consts::OS.into(),
            architecture: std::env::consts::ARCH.into(),
            threads: rayon::current_num_threads(),
        },
        started: timestamp(started),
        seconds: clock.elapsed().as_secs_f64(),
    };
    page(size, &rows, &run, &folder.join("results"), manifest)?.write(&folder)?;
    output.emit(&report(&rows, &folder))?;
    let failed = rows.iter().any(|(_, claim)| claim.status == Status::Fails);
    Ok(if failed { Outcome::CheckFailed } else { Outcome::Success })
}

fn page(
    size: Size,
    rows: &[(&'static str, Claim)],
    run: &Run<'_>,
    results: &Path,
    manifest: Manifest,
) -> Result<Page> {
    let all = claims::claims(size);
    let command = |start: &str| {
        all.iter()
            .flat_map(|claim| &claim.commands)
            .find(|command| command.starts_with(start))
            .cloned()
            .unwrap_or_default()
    };
    let mut sections: Vec<Section> = SECTIONS
        .iter()
        .map(|heading| {
            let claims = rows
                .iter()
                .filter(|(section, _)| section == heading)
                .map(|(_, claim)| claim.clone())
                .collect();
            Section { heading: (*heading).into(), blocks: vec![Block::Claims(claims)] }
        })
        .collect();
    let circle = command("train --model two-layer --bias --dim 1 --degrees");
    let sphere = command("train --model two-layer --bias --dim 2");
    let figure = |name: &str, plot| Block::Figure { name: name.into(), plot };
    sections[0].blocks.push(figure("eigenvalues", figures::eigenvalues(run)?));
    sections[1].blocks.push(figure(
        "clusters",
        figures::clusters(run, &command("gram --kernel two-layer:bias=true --dim 2 --degrees"))?,
    ));
    sections[2].blocks.push(figure("steps", figures::steps(run, &[(circle, "S^1"), (sphere, "S^2")])?));
    let mixture = command("train --model two-layer --bias --dim 1 --target");
    sections[2].blocks.push(figure("mixture", figures::mixture(run, &mixture, results)?));
    if let Some(plot) = figures::early_stopping(run)? {
        sections[2].blocks.push(figure("early-stopping", plot));
    }
    let failed = rows.iter().filter(|(_, claim)| claim.status == Status::Fails).count();
    Ok(Page {
        title: "Spectral bias of wide networks: theory against measurement".into(),
        lead: format!(
            "{} claims, {} hold, {failed} fail. Each row names the command that remakes it; no constant is fitted to a measurement.",
            rows.len(),
            rows.len() - failed
        ),
        sections,
        manifest,
    })
}

fn report(rows: &[(&'static str, Claim)], folder: &Path) -> Report {
    let failed = rows.iter().filter(|(_, claim)| claim.status == Status::Fails).count();
    let json_rows: Vec<Value> = rows
        .iter()
        .map(|(section, claim)| {
            json!({
                "section": section,
                "claim": claim.claim,
                "expected": claim.expected,
                "measured": claim.measured,
                "status": claim.status.name(),
                "command": claim.command,
            })
        })
        .collect();
    let columns = ["claim", "expected", "measured", "status"];
    let grid = Grid {
        title: format!("{} claims: {} hold, {failed} fail", rows.len(), rows.len() - failed),
        captions: vec![format!("report: {}", folder.join("index.html").display())],
        columns: columns.iter().map(|head| ((*head).to_owned(), Column::Wrapped)).collect(),
        rows: rows
            .iter()
            .map(|(_, claim)| {
                vec![
                    claim.claim.clone(),
                    claim.expected.clone(),
                    claim.measured.clone(),
                    claim.status.name().into(),
                ]
            })
            .collect(),
    };
    let json = json!({"schema": "hinf.validate/1", "report": folder.join("index.html").display().to_string(), "rows": json_rows});
    Report { json, grids: vec![grid] }
}

/// A time as `YYYY-MM-DDThh:mm:ssZ`, in the proleptic Gregorian calendar.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days from 1 March of year 0, in eras of 400 years (Hinnant's algorithm).
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_written_as_a_date() {
        let at = |seconds| timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59Z");
    }
}
