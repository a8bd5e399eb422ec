//! The time of a training step of a deep network, for `benches/peers/deep.py`.
//!
//! `cargo bench --bench deep -- KIND DEPTH WIDTH POINTS PRECISION STEPS` prints the loss after the steps and the time of each in
//! milliseconds. Inputs are equispaced on the circle, labels cos(3 theta), weights sqrt(2) sin(i^2 + 1/2), the step 1/(4 points).

#![allow(clippy::print_stdout)]

use hinf::{
    error::{Error, Result},
    math::units::Dimension,
    network::Network,
    sample::{Design, points},
    train::finite::{Layer, Options, Precision, given, sizes},
};
use std::time::Instant;

fn number(words: &[String], at: usize) -> Result<usize> {
    let word = words.get(at).map_or("", String::as_str);
    word.parse().map_err(|_| Error::invalid("argument", word, "KIND DEPTH WIDTH POINTS PRECISION STEPS"))
}

fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.is_empty() {
        return Ok(());
    }
    let residual = words[0] == "resnet";
    let (depth, width, n) = (number(&words, 1)?, number(&words, 2)?, number(&words, 3)?);
    let precision = if words[4] == "f32" { Precision::Single } else { Precision::Double };
    let network: Network = match residual {
        true => format!("dense {depth}*skip(alpha=1/2, relu dense(w=2)) dense"),
        false => format!("dense {depth}*(relu dense(w=2))"),
    }
    .parse()?;
    let options = Options { width, subtract_start: false, precision };
    let sample = points(Design::Equispaced, Dimension::CIRCLE, n, 0)?;
    let mut weights = (0u64..).map(|i| 2f64.sqrt() * ((i * i) as f64 + 0.5).sin());
    let layers: Vec<_> = sizes(&network, width, 2)
        .into_iter()
        .map(|[outputs, inputs, _]| Layer {
            weights: weights.by_ref().take(outputs * inputs).collect(),
            biases: vec![],
        })
        .collect();
    let mut network = given(&network, &options, &sample, &layers)?;
    let label = |i: usize| (3.0 * std::f64::consts::TAU * i as f64 / n as f64).cos();
    let slopes = |f: &[f64]| f.iter().enumerate().map(|(i, f)| f - label(i)).collect::<Vec<f64>>();
    let mut times = Vec::new();
    for _ in 0..number(&words, 5)? {
        let from = Instant::now();
        network.descend(&slopes(network.outputs()), 0.25 / n as f64);
        times.push(format!("{:.3}", from.elapsed().as_secs_f64() * 1e3));
    }
    let loss = slopes(network.outputs()).iter().map(|r| r * r).sum::<f64>() / 2.0;
    println!("{loss:e} {}", times.join(" "));
    Ok(())
}
