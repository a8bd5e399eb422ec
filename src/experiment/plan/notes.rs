//! What a reader of a plan should know.

use super::{FORESEEN_TO, Report, Row};
use crate::math::{decimal::short, durations};

/// Of this plan, with the needs of the degrees `bounded` upper bounds.
pub(super) fn notes(report: &Report, bounded: &[u64]) -> Vec<String> {
    let mut notes = Vec::new();
    let listed = |keep: &dyn Fn(&Row) -> bool| {
        let degrees = report.rows.iter().filter(|row| keep(row)).map(|row| row.degree.to_string());
        degrees.collect::<Vec<_>>().join(", ")
    };
    let null = listed(&|row| row.null_space);
    if !null.is_empty() {
        notes.push(format!("never learned, in the null space: degrees {null}"));
    }
    if !bounded.is_empty() {
        notes.push(format!(
            "points and units are upper bounds, since what the higher degrees weigh is below the error of the eigenvalues: degrees {}",
            bounded.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        ));
    }
    let far = listed(&|row| row.degree > FORESEEN_TO && row.points_needed.is_none());
    if !far.is_empty() {
        notes.push(format!(
            "what a finite number of points and units does is foreseen to degree {FORESEEN_TO}; the points are at least as many as harmonics: degrees {far}"
        ));
    }
    if !report.aliased.is_empty() {
        notes.push(format!(
            "{} points cannot tell from others, and hinf train refuses: degrees {}",
            report.points,
            report.aliased.join(", ")
        ));
    }
    let swinging = listed(&|row| !row.null_space && row.never);
    if !swinging.is_empty() {
        notes.push(format!(
            "never learned at this step size, its component swings without falling: degrees {swinging}"
        ));
    }
    let settling: Vec<String> = report
        .rows
        .iter()
        .filter_map(|row| Some(format!("{:.0} (k = {})", row.settled?, row.degree)))
        .collect();
    if !settling.is_empty() {
        notes.push(format!(
            "steps are those of the first passage; for good it is learned from step {}",
            settling.join(", ")
        ));
    }
    let gram = format!(
        "a Gram matrix of these points {} and {}",
        durations::shown(report.gram.seconds),
        size(report.gram.bytes)
    );
    notes.push(match (report.train.seconds_per_step, report.train.seconds_setup, report.train.bytes) {
        (Some(step), Some(setup), Some(bytes)) => format!(
            "on this machine: training {} a step after {} for the predictions beside it, and {}; {gram}",
            durations::shown(step),
            durations::shown(setup),
            size(bytes)
        ),
        _ => format!(
            "on this machine: {gram}; the width that is needed is known for two-layer networks only, and the time of a step for networks of a \
             given `width`: the deviation falls as width^(-1/2), so that one run gives the width for any tolerance"
        ),
    });
    if let Some(budget) = report.budget_seconds {
        let fitting = listed(&|row| row.fits == Some(true));
        notes.push(match (report.train.seconds_per_step, fitting.as_str()) {
            (None, _) => {
                "what fits is not known: the time of a step is that of a network of a given `width`".into()
            }
            (_, "") => format!("in {} fits no degree", durations::shown(budget)),
            (_, fitting) => format!("in {} fit, one run a degree: {fitting}", durations::shown(budget)),
        });
    }
    notes
}
/// Bytes in the unit that suits them.
fn size(bytes: f64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let (unit, scale) = units.into_iter().find(|(_, scale)| bytes >= *scale).unwrap_or(("B", 1.0));
    format!("{} {unit}", short(bytes / scale))
}
