//! Points are drawn, their Gram matrix is measured, the spectrum is predicted without them, and the two are compared.

#![allow(clippy::print_stdout)]

use hinf::experiment::{
    Context, Options as _,
    sample::{Options, compare, measure, predict},
};

/// Runs the example.
///
/// # Errors
/// Those of the experiment.
pub fn main() -> hinf::Result<()> {
    let options = Options {
        kernel: "two-layer:bias=true".into(),
        dim: 2.into(),
        points: 400.into(),
        degrees: "0..3".into(),
        ..Default::default()
    };
    let request = options.build()?;
    let context = Context::default();
    let measurement = measure(request.measurement(), &context)?;
    let prediction = predict(request.prediction(), &context)?;
    let report = compare(&request, &measurement, &prediction, &context)?;
    for row in &report.rows {
        let measured = row.measured.map_or("not resolved".into(), |x| format!("{x:.5}"));
        println!(
            "k = {}: predicted {:.5}, with the bias of 400 points {:.5}, measured {measured}",
            row.degree, row.predicted, row.expected
        );
    }
    println!("{:?}", report.verdict);
    Ok(())
}
