//! A network trained degree by degree, beside when its kernel says that each is learned.

use hinf::experiment::{Context, Options as _, Request as _, train::Options};

#[allow(clippy::print_stdout)]
/// Runs it.
pub fn main() -> hinf::Result<()> {
    let options = Options {
        model: "two-layer".into(),
        bias: true,
        dim: 1.into(),
        degrees: Some("1..4".into()),
        width: Some(1024.into()),
        points: Some(101.into()),
        ..Options::default()
    };
    let report = options.build()?.run(&Context::default())?;
    for row in &report.rows {
        if let (Some(predicted), Some(measured)) = (row.predicted_steps, row.measured_steps()) {
            println!("degree {}: {predicted:.1} steps predicted, {measured} measured", row.degree);
        }
    }
    Ok(())
}
