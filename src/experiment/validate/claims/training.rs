//! What claims about training share.

use super::super::evidence::Trained;
use crate::experiment::train::Row;
use std::sync::Arc;

/// What the trainings of a claim found.
pub(super) type Reports<'a> = &'a [Arc<Trained>];

/// Repeats behind an interval of a network's own eigenvalues, and behind that of the stopping step.
pub(super) const REPEATS: u32 = 8;
/// The confidence of intervals over repeats.
pub(super) const CONFIDENCE: f64 = 0.99;

/// The rows of all reports.
pub(super) fn rows(reports: Reports<'_>) -> Vec<&Row> {
    reports.iter().flat_map(|trained| &trained.report.rows).collect()
}

/// Every row is as claimed, and there is one.
pub(super) fn all(rows: &[&Row], as_claimed: impl Fn(&Row) -> bool) -> bool {
    !rows.is_empty() && rows.iter().all(|row| as_claimed(row))
}
