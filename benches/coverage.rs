//! How often the intervals of `hinf gram` hold the truth, and how often its verdict is a false alarm, counted in runs.
//!
//! `cargo bench --bench coverage -- run [RUNS [PART]]` prints a table in Markdown; 200 runs without it, of the cases whose name holds PART. Points are
//! uniform, 80 of them; run `s` of an interval is the sample of seed `s`, run `s` of a verdict three samples from seed `1000 (s+1)` on.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use hinf::{
    compare::{
        gram::{Uncertainty, compare},
        pairwise::{SamplingDistribution, pair_laws},
        prediction::Prediction,
    },
    dynamics::Mode,
    gram::{Sites, Trial, Values, clusters, dense, pairs},
    kernel::{Angle, Kernel},
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Digits, Dimension},
    },
    progress::Unwatched,
    sample::{Design, Points, points},
    spectrum::{Goal, spectrum},
};
use rayon::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

const POINTS: usize = 80;
/// Samples of a verdict.
const SAMPLES: usize = 3;
const CONFIDENCES: [f64; 2] = [0.9, 0.99];

/// A kernel, a sphere, and degrees.
type Case = (&'static str, u32, &'static str);

const CASES: [Case; 27] = [
    ("laplace:c=1", 1, "0..2"),
    ("laplace:c=10", 2, "0..2"),
    ("laplace:c=100", 1, "0..2"),
    ("laplace:c=1000", 1, "0..2"),
    ("laplace:c=1000", 2, "0..2"),
    ("laplace:c=10000", 1, "0..2"),
    ("laplace:c=100000", 1, "0..2"),
    ("laplace:c=100000", 2, "0..2"),
    ("gaussian:length=1", 2, "0..2"),
    ("gaussian:length=1/10", 1, "0..2"),
    ("gaussian:length=1/100", 1, "0..2"),
    ("gaussian:length=1/100", 2, "0..2"),
    ("gaussian:length=1/1000", 1, "0..2"),
    ("gaussian:length=1/1000", 2, "0..2"),
    ("ntk:depth=2", 1, "255..257,511..513"),
    ("two-layer:bias=true", 1, "255..257,511..513"),
    ("two-layer:bias=true", 2, "255..257,511..513"),
    ("laplace:c=1000", 1, "255..257,511..513"),
    ("ntk:depth=3", 9, "0..3"),
    ("expr:1", 1, "0..2,255..257"),
    ("expr:1", 2, "0..2,255..257"),
    ("expr:7", 9, "0..2"),
    ("expr:t", 1, "0..2"),
    ("expr:1+t", 3, "0..2"),
    ("expr:(1+sqrt(3)*theta*2)*exp(-sqrt(3)*theta*2)", 1, "0..2,343..345"),
    ("expr:exp(-theta)*(1+t/3)", 2, "0..2,63..65"),
    ("expr:tanh(4*t)", 4, "0..5"),
];

fn drawn(dim: Dimension, seed: u64) -> Points {
    points(Design::Uniform, dim, POINTS, seed).unwrap()
}

/// The eigenvalues, to 14 digits.
fn modes(kernel: &Kernel, dim: Dimension, degrees: &Degrees) -> Vec<Mode> {
    let found = spectrum(kernel, dim, degrees, &Goal::digits(Digits::new(14).unwrap())).unwrap();
    let mode = |value: hinf::spectrum::Eigenvalue| Mode {
        degree: value.degree,
        eigenvalue: value.to_f64(),
        multiplicity: multiplicity(dim, u32::try_from(value.degree).unwrap()).to_f64(),
    };
    found.eigenvalues.into_iter().map(mode).collect()
}

/// The chance of so few successes or fewer, if each has this probability.
fn chance(successes: u64, runs: u64, probability: f64) -> f64 {
    Binomial::new(probability, runs).unwrap().cdf(successes)
}

fn count(runs: u64, holds: impl Fn(u64) -> bool + Sync) -> u64 {
    (0..runs).into_par_iter().filter(|run| holds(*run)).count() as u64
}

fn intervals((spec, d, list): Case, runs: u64) {
    let (kernel, dim): (Kernel, _) = (spec.parse().unwrap(), Dimension::new(d).unwrap());
    let degrees: Degrees = list.parse().unwrap();
    let values = Values::new(&kernel).unwrap();
    let laws: Vec<SamplingDistribution> =
        pair_laws(&kernel, dim, &degrees, POINTS).unwrap().into_iter().map(|law| law.averaged(1)).collect();
    let top = degrees.iter().last().unwrap() as u32;
    let estimate = |seed: u64| {
        let sample = drawn(dim, seed);
        pairs::means(&values, &Sites::new(&sample), &sample, top, &Unwatched).unwrap().unbiased()
    };
    let estimates: Vec<Vec<f64>> = (0..runs).into_par_iter().map(estimate).collect();
    for (mode, law) in modes(&kernel, dim, &degrees).iter().zip(&laws) {
        let cells = CONFIDENCES.map(|confidence| {
            let holds = |run: u64| {
                let interval = law.interval(estimates[run as usize][mode.degree as usize], confidence);
                interval.widened(1e-12 * values.at_one()).contains(mode.eigenvalue)
            };
            let covered = count(runs, holds);
            let rare = chance(covered, runs, confidence);
            let sign = if rare < 0.001 { " **too few**" } else { "" };
            format!("{covered} of {runs} ({rare:.2}){sign}")
        });
        println!("| `{spec}` on S^{d} | {} | {} |", mode.degree, cells.join(" | "));
    }
}

/// False alarms of the verdict on the degrees of a case that have fewer harmonics than half the points.
fn verdicts((spec, d, list): Case, runs: u64) {
    let (kernel, dim): (Kernel, _) = (spec.parse().unwrap(), Dimension::new(d).unwrap());
    let degrees: Degrees = list.parse().unwrap();
    let top = degrees.iter().last().unwrap() as u32;
    let counted: Vec<(u32, usize)> = degrees
        .iter()
        .map(|k| (k as u32, multiplicity(dim, k as u32).to_usize().unwrap()))
        .filter(|(_, count)| *count < POINTS / 2)
        .collect();
    if counted.is_empty() {
        return;
    }
    let checked = Degrees::new(counted.iter().map(|(k, _)| *k)).unwrap();
    let values = Values::new(&kernel).unwrap();
    let theory = Prediction {
        modes: modes(&kernel, dim, &Degrees::up_to(top + 30).unwrap()),
        at_one: values.at_one(),
        at_minus_one: kernel.evaluator().at(&Angle::from_radians(std::f64::consts::PI)),
        proved_positive: kernel.is_positive_definite(),
    };
    let laws = pair_laws(&kernel, dim, &checked, POINTS).unwrap();
    let chance_of = Uncertainty::Chance(laws.into_iter().map(|law| law.averaged(SAMPLES)).collect());
    let wanted = counted.iter().map(|(_, count)| count).sum::<usize>().min(POINTS);
    let trial = |seed: u64| {
        let sample = drawn(dim, seed);
        let sites = Sites::new(&sample);
        let found = dense::eigenpairs(dense::assemble(&values, &sites), POINTS, wanted).unwrap();
        Trial {
            clusters: clusters::clusters(&sample, &found, &counted).unwrap(),
            pairwise: Some(pairs::means(&values, &sites, &sample, top, &Unwatched).unwrap().unbiased()),
            lowest: found.lowest,
            largest: found.values[0],
            rank: None,
            iteration: None,
        }
    };
    let trials: Vec<Vec<Trial>> = (1..=runs)
        .into_par_iter()
        .map(|run| (0..SAMPLES as u64).map(|sample| trial(1000 * run + sample)).collect())
        .collect();
    let cells = CONFIDENCES.map(|confidence| {
        let agrees = |run: u64| compare(&theory, POINTS, &trials[run as usize], &chance_of, confidence).1;
        let right = count(runs, agrees);
        let rare = chance(right, runs, confidence);
        let sign = if rare < 0.001 { " **too many**" } else { "" };
        format!("{} of {runs} ({rare:.2}){sign}", runs - right)
    });
    println!("| `{spec}` on S^{d}, degrees {list} | {} |", cells.join(" | "));
}

fn main() {
    let words: Vec<String> = std::env::args().skip_while(|word| word != "run").collect();
    if words.is_empty() {
        return;
    }
    let runs = words.get(1).map_or(200, |word| word.parse().unwrap());
    let part = words.get(2).cloned().unwrap_or_default();
    let chosen: Vec<Case> = CASES
        .into_iter()
        .filter(|(spec, d, list)| format!("{spec} on S^{d}, {list}").contains(&part))
        .collect();
    println!("In brackets the chance of so few or fewer, were each run as likely to hold as stated.\n");
    println!("| kernel | degree | within the interval at 0.9 | at 0.99 |\n| --- | ---: | ---: | ---: |");
    chosen.iter().for_each(|case| intervals(*case, runs));
    println!("\n| kernel | false alarms at 0.9 | at 0.99 |\n| --- | ---: | ---: |");
    chosen.iter().for_each(|case| verdicts(*case, runs));
}
