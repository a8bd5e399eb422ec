//! What an experiment needs for its prediction to hold within a tenth.

use hinf::experiment::{Context, Options as _, Request as _, plan::Options};

#[allow(clippy::print_stdout)]
/// Runs it.
pub fn main() -> hinf::Result<()> {
    let options = Options { kernel: "two-layer:bias=true".into(), dim: 2.into(), ..Options::default() };
    let report = options.build()?.run(&Context::default())?;
    for row in &report.rows {
        if let (Some(steps), Some(points), Some(units)) = (row.steps, row.points_needed, row.width_needed) {
            println!("degree {}: {steps:.0} steps, {points} points, {units} units", row.degree);
        }
    }
    Ok(())
}
