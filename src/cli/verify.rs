//! `hinf verify`: identities that a spectrum must satisfy.

use super::{
    numbers::whole,
    output::{Outcome, Output},
};
use crate::{
    error::Result,
    experiment::Pipeline,
    kernel::Kernel,
    math::{
        ranges,
        units::{Digits, Dimension},
    },
    report::{
        Report,
        grid::{Column, Grid},
    },
    spectrum::identities::{self, Check, Scope, Status},
};
use serde_json::json;

/// Check the spectrum against identities: the paper's sums, quadrature, null space, positivity, trace, decay.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A check is proved (exact arithmetic or rigorous enclosures), holds (estimated errors, or finitely many \
degrees of a limit), fails, or is skipped with the reason. Any failure: exit code 1.

Examples:
  hinf verify
  hinf verify --kernel two-layer --dim 1..12 --max-degree 200
  hinf verify --kernel ntk:depth=5 --dim 2 --format json"
)]
pub struct Flags {
    /// The kernel (see `hinf kernels`); without it, the kernels of the paper and one of each family.
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]")]
    kernel: Option<String>,
    /// Dimensions d of the sphere S^d.
    #[arg(long, value_name = "D[,D...]", default_value = "1..6")]
    dim: String,
    /// Check degrees 0 to N.
    #[arg(long, value_parser = whole(1, HIGHEST_DEGREE), value_name = "N", default_value_t = 50)]
    max_degree: u32,
    /// Digits of the values compared.
    #[arg(long, value_parser = whole(1, Digits::MAX), value_name = "N", default_value_t = 50)]
    digits: u32,
}

/// What is checked when no kernel is named.
const KERNELS: [&str; 7] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1",
    "ntk:depth=3",
    "nngp:depth=3",
    "resnet:depth=3",
    "laplace",
];
/// The largest degree checked.
const HIGHEST_DEGREE: u32 = 2000;
/// The most spheres in one call.
const MOST_DIMENSIONS: usize = 100;

/// Checks and prints.
pub fn run(flags: &Flags, pipeline: &Pipeline, output: &Output) -> Result<Outcome> {
    let parse = |spec: &str| spec.parse::<Kernel>().map_err(|e| e.under("--kernel"));
    let kernels: Vec<Kernel> = match &flags.kernel {
        Some(spec) => vec![parse(spec)?],
        None => KERNELS.iter().map(|spec| parse(spec)).collect::<Result<_>>()?,
    };
    let dims = ranges::parse("--dim", &flags.dim, 1, Dimension::MAX, MOST_DIMENSIONS)?;
    let digits = Digits::new(flags.digits)?;
    let dims = dims.into_iter().map(Dimension::new).collect::<Result<Vec<_>>>()?;
    let scope = Scope { dims, max_degree: flags.max_degree, digits };
    let checks = identities::check(&kernels, &scope, &pipeline.spectrum, &output.bar("verify"))?;
    output.emit(&report(&checks))?;
    let failed = checks.iter().any(|check| check.status == Status::Fails);
    Ok(if failed { Outcome::CheckFailed } else { Outcome::Success })
}

fn report(checks: &[Check]) -> Report {
    let rows: Vec<_> = checks
        .iter()
        .map(|check| {
            json!({
                "identity": check.identity,
                "kernel": check.kernel,
                "dim": check.dim.get(),
                "degrees": check.degrees,
                "status": check.status.name(),
                "detail": check.detail,
            })
        })
        .collect();
    let tally: Vec<String> = [Status::Proved, Status::Holds, Status::Fails, Status::Skipped]
        .iter()
        .map(|status| format!("{} {}", checks.iter().filter(|c| c.status == *status).count(), status.name()))
        .collect();
    let heads = ["identity", "kernel", "d", "degrees", "status", "detail"];
    let layouts =
        [Column::Wrapped, Column::Wrapped, Column::Right, Column::Wrapped, Column::Left, Column::Wrapped];
    let grid = Grid {
        title: format!("{} checks: {}", checks.len(), tally.join(", ")),
        captions: vec![],
        columns: heads.iter().map(|head| (*head).to_owned()).zip(layouts).collect(),
        rows: checks
            .iter()
            .map(|c| {
                let text = |s: &str| s.to_owned();
                let dim = c.dim.to_string();
                vec![
                    text(c.identity),
                    c.kernel.clone(),
                    dim,
                    c.degrees.clone(),
                    text(c.status.name()),
                    c.detail.clone(),
                ]
            })
            .collect(),
    };
    Report { json: json!({"schema": "hinf.verify/1", "rows": rows}), grids: vec![grid] }
}
