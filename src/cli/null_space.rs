//! `hinf null-space`: the degrees that a kernel cannot see.

use super::{
    numbers::whole,
    output::{Outcome, Output},
    ranges,
    stages::Stages,
};
use crate::{
    error::{Error, Result},
    kernel::Kernel,
    math::units::Dimension,
    progress::Progress,
    report::{
        Report,
        grid::{Column, Grid},
    },
};
use serde_json::json;

/// Find the degrees whose eigenvalue vanishes, and whether that is proved.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  hinf null-space --dim 1..10 --max-degree 1000
  hinf null-space --kernel ntk:depth=3 --dim 2 --max-degree 100")]
pub struct Flags {
    /// The kernel (see `hinf kernels`).
    #[arg(long, value_name = "NAME[:KEY=VALUE,...]", default_value = "two-layer")]
    kernel: String,
    /// Dimensions d of the sphere S^d.
    #[arg(long, value_name = "D[,D...]")]
    dim: String,
    /// Look at degrees 0 to N.
    #[arg(long, value_parser = whole(0, HIGHEST_DEGREE), value_name = "N", default_value_t = 100)]
    max_degree: u32,
}

/// The largest degree looked at.
const HIGHEST_DEGREE: u32 = 100_000;
/// The most spheres in one call.
const MOST_DIMENSIONS: usize = 1000;

/// Finds and prints; degrees that are neither proved zero nor proved nonzero are a failed check.
pub fn run(flags: &Flags, stages: &Stages, output: &Output) -> Result<Outcome> {
    let kernel: Kernel = flags.kernel.parse().map_err(|e: Error| e.under("--kernel"))?;
    let dims = ranges::parse("--dim", &flags.dim, 1, Dimension::MAX, MOST_DIMENSIONS)?;
    let bar = output.bar("null space");
    let (mut rows, mut cells, mut proved) = (Vec::new(), Vec::new(), true);
    for (done, &d) in dims.iter().enumerate() {
        bar.at(done as u64, dims.len() as u64);
        let found = (stages.null_space)(&kernel, Dimension::new(d)?, flags.max_degree)?;
        proved &= found.is_proved();
        rows.push(json!({
            "dim": d,
            "zero_degrees": found.rule,
            "zeros": found.zeros,
            "proved": found.is_proved(),
            "undecided": found.undecided,
        }));
        let verdict =
            if found.is_proved() { "yes".into() } else { format!("{} undecided", found.undecided.len()) };
        cells.push(vec![d.to_string(), found.rule, found.zeros.len().to_string(), verdict]);
    }
    drop(bar);
    let layouts = [
        ("d", Column::Right),
        ("vanishing degrees", Column::Wrapped),
        ("count", Column::Right),
        ("proved", Column::Left),
    ];
    let grid = Grid {
        title: format!("Null space of {kernel}, degrees 0 to {}", flags.max_degree),
        captions: vec![format!("K = {}", kernel.formula())],
        columns: layouts.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows: cells,
    };
    let json = json!({
        "schema": "hinf.null-space/1",
        "kernel": kernel.to_string(),
        "max_degree": flags.max_degree,
        "rows": rows,
    });
    output.emit(&Report { json, grids: vec![grid] })?;
    Ok(if proved { Outcome::Success } else { Outcome::CheckFailed })
}
