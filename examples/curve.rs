//! The expected error of kernel regression against the number of points, and where descent should stop.

#![allow(clippy::print_stdout)]

use hinf::experiment::{Context, Options as _, Request as _, curve::Options};

/// Runs the example.
///
/// # Errors
/// Those of the experiment.
pub fn main() -> hinf::Result<()> {
    let options = Options {
        kernel: "ntk:depth=3".into(),
        dim: 10.into(),
        target: "1:1,2:0.5".into(),
        noise: 0.5.into(),
        ..Default::default()
    };
    let report = options.build()?.run(&Context::default())?;
    for at in &report.learning_curve {
        let stop = at.stopping.map_or("never".into(), |stop| stop.steps.to_string());
        println!("{} points: error {:.4}, stop descent at step {stop}", at.points, at.error);
    }
    Ok(())
}
