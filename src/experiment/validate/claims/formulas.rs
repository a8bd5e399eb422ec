//! Claims about formulas in the degree.

use super::{super::Flaw::FormulaOffByOne, Claim, Section, Stated, Verdict};
use crate::experiment::{Report as _, formula};
use std::sync::Arc;

/// The claims.
pub(super) fn claims() -> Vec<Claim> {
    let formulas = |kernel: &str| formula::Options {
        kernel: kernel.into(),
        dim: "1..6".into(),
        symbolic_dim: true,
        ..Default::default()
    };
    vec![
        Stated {
            name: "formula",
            claim: "Eigenvalues of the two-layer model are formulas in k, on every sphere".into(),
            expected: "proved for every k, and the exact recurrence to k = 200".into(),
            experiments: vec![formulas("two-layer"), formulas("two-layer:bias=true")],
            judge: |reports: &[_]| proved(reports),
            felled_by: &[FormulaOffByOne],
        }
        .in_section(Section::Spectrum),
    ]
}

/// Every formula of every report is proved and agrees with the recurrence.
fn proved(reports: &[Arc<formula::Report>]) -> Verdict {
    let spheres: usize = reports.iter().map(|report| report.formulas.len()).sum();
    let failed = reports.iter().find(|report| !report.passed());
    let detail = failed.map_or(String::new(), |report| format!("; not those of {}", report.kernel));
    Verdict::new(
        spheres > 0 && failed.is_none(),
        format!("both parities proved on {spheres} spheres, d a symbol among them{detail}"),
    )
}
