//! The sampled check: the statistics against their claims, the bounds, the verdicts.

#![allow(clippy::unwrap_used)]

use crate::support::{DIMENSIONS, KERNELS, degrees, dim, kernel, prediction, ready, uniform};
use hinf::{
    compare::{
        design,
        gram::{Uncertainty, compare},
        pairwise::{SamplingDistribution, pair_laws},
        prediction::Prediction,
        range::rank,
        squares::Squares,
        statistics::student,
    },
    dynamics::Mode,
    gram::{Sites, Trial, Values, clusters, dense, pairs, range},
    math::{degrees::Degrees, units::Digits},
    progress::Unwatched,
    sample::{Design, points},
    spectrum::{Goal, spectrum},
};

/// Over 200 samples the pairwise interval covers the eigenvalue as often as it claims, within four standard deviations.
#[test]
fn pairwise_intervals_cover_as_often_as_they_claim() {
    let (repeats, n, confidence) = (200, 60, 0.9);
    let spread = 4.0 * (repeats as f64 * confidence * (1.0 - confidence)).sqrt();
    let mut total = (0, 0);
    for (spec, d) in KERNELS.iter().zip(DIMENSIONS) {
        let theory = prediction(spec, d, 3);
        let moments = pair_laws(&kernel(spec), dim(d), &Degrees::up_to(3u32).unwrap(), n).unwrap();
        let laws: Vec<SamplingDistribution> = moments.into_iter().map(|law| law.averaged(1)).collect();
        let mut covered = [0; 4];
        let values = Values::new(&kernel(spec)).unwrap();
        for seed in 0..repeats {
            let sample = uniform(d, n, seed);
            let sites = Sites::new(&sample);
            let found = pairs::means(&values, &sites, &sample, 3, &Unwatched).unwrap().unbiased();
            for k in 0..4 {
                covered[k] +=
                    u32::from(laws[k].interval(found[k], confidence).contains(theory.eigenvalue(k)));
            }
        }
        for (k, count) in covered.iter().enumerate() {
            let off = (f64::from(*count) - repeats as f64 * confidence).abs();
            assert!(off < spread, "{spec} on S^{d}, degree {k}: {count} of {repeats}");
            total = (total.0 + count, total.1 + repeats);
        }
    }
    let share = f64::from(total.0) / total.1 as f64;
    assert!((share - confidence).abs() < 0.015, "{share} over all");
}

/// `repeats` samples of `n` points from `seed` on, measured without a prediction.
fn measure(spec: &str, d: u32, n: usize, top: u32, repeats: u64, seed: u64) -> Vec<Trial> {
    let values = Values::new(&kernel(spec)).unwrap();
    let wanted = degrees(d, top).iter().map(|(_, count)| count).sum();
    let trial = |repeat| {
        let sample = uniform(d, n, seed + repeat);
        let sites = Sites::new(&sample);
        let found = dense::eigenpairs(dense::assemble(&values, &sites), n, wanted).unwrap();
        Trial {
            clusters: clusters::clusters(&sample, &found, &degrees(d, top)).unwrap(),
            pairwise: Some(pairs::means(&values, &sites, &sample, top, &Unwatched).unwrap().unbiased()),
            lowest: found.lowest,
            largest: found.values[0],
            rank: None,
            iteration: None,
        }
    };
    (0..repeats).map(trial).collect()
}

fn chance(spec: &str, d: u32, n: usize, top: u32, repeats: usize) -> Uncertainty {
    let laws = pair_laws(&kernel(spec), dim(d), &Degrees::up_to(top).unwrap(), n).unwrap();
    Uncertainty::Chance(laws.into_iter().map(|law| law.averaged(repeats)).collect())
}

/// Over 200 runs the right kernel is called inconsistent no more often than the confidence allows, and cluster intervals cover what the
/// bias formula expects.
#[test]
fn verdicts_are_right_as_often_as_they_claim() {
    let (runs, n, repeats, confidence) = (200u64, 120, 3, 0.9);
    for (spec, d) in KERNELS.iter().zip(DIMENSIONS) {
        let top = if d <= 2 { 2 } else { 1 };
        let theory = prediction(spec, d, top + 30);
        let chance = chance(spec, d, n, top, repeats);
        let (mut alarms, mut covered, mut checked) = (0, 0, 0);
        for run in 0..runs {
            let measured = measure(spec, d, n, top, repeats as u64, 1000 * run);
            let (rows, consistent) = compare(&theory, n, &measured, &chance, confidence);
            alarms += u64::from(!consistent);
            for row in rows.iter().filter(|row| row.interval.is_some()) {
                checked += 1;
                covered += u64::from(row.interval.unwrap().contains(row.expected));
            }
        }
        let spread = |count: u64, p: f64| 4.0 * (count as f64 * p * (1.0 - p)).sqrt();
        let allowed = runs as f64 * (1.0 - confidence) + spread(runs, confidence);
        assert!(alarms as f64 <= allowed, "{spec}: {alarms} false alarms in {runs}");
        let claimed = checked as f64 * confidence;
        assert!(covered as f64 > claimed - spread(checked, confidence), "{spec}: {covered} of {checked}");
    }
}

#[test]
fn another_kernels_prediction_is_inconsistent() {
    for (spec, wrong, d) in [
        ("two-layer", "two-layer:bias=true", 2),
        ("two-layer:bias=true", "ntk:depth=1", 3),
        ("laplace:c=1", "laplace:c=1.1", 2),
        ("gaussian:length=1", "gaussian:length=1.05", 1),
    ] {
        let measured = measure(spec, d, 400, 3, 3, 9);
        let chance = chance(spec, d, 400, 3, 3);
        assert!(compare(&prediction(spec, d, 33), 400, &measured, &chance, 0.99).1, "{spec}");
        assert!(
            !compare(&prediction(wrong, d, 33), 400, &measured, &chance, 0.99).1,
            "{spec} against {wrong}"
        );
    }
}

/// Student's interval against a textbook: 4.6 and 5.4 have mean 5 and standard error 0.4; t at 0.975 with one degree of freedom is 12.7062.
#[test]
fn students_interval_is_the_textbooks() {
    let interval = student(&[4.6, 5.4], 0.95).unwrap();
    assert!(
        (interval.high - 5.0 - 0.4 * 12.706_204_7).abs() < 1e-6
            && (interval.low + interval.high - 10.0).abs() < 1e-9
    );
    assert!(student(&[1.0], 0.95).is_none() && student(&[], 0.95).is_none());
    // One sum of squares of 3 normals, standardised: chi^2_3 at 0.95 is 7.8147.
    let law = SamplingDistribution {
        deviation: 6f64.sqrt(),
        skewness: ((8.0f64 / 3.0).sqrt(), (8.0f64 / 3.0).sqrt()),
        squares: Squares::new([(1.0, 3.0)].into_iter(), 0.0),
        rare: false,
    };
    assert!((law.quantile(0.95) - (7.814_727_9 - 3.0)).abs() < 2e-2, "{}", law.quantile(0.95));
    let mirrored = SamplingDistribution {
        skewness: (-law.skewness.0, -law.skewness.1),
        squares: Squares::new([(-1.0, 3.0)].into_iter(), 0.0),
        ..law.clone()
    };
    assert!((mirrored.quantile(0.05) + law.quantile(0.95)).abs() < 1e-6);
}

/// The ranks that the spectrum allows hold for the kernel itself, and not for another parity.
#[test]
fn ranks_are_as_the_spectrum_allows() {
    for (spec, d) in
        KERNELS.iter().zip(DIMENSIONS).chain([(&"expr:1+t+t^4", 2), (&"two-layer", 4), (&"ntk:depth=1", 2)])
    {
        let theory = prediction(spec, d, if d == 1 { 220 } else { 60 });
        let found = range::range(&Values::new(&kernel(spec)).unwrap(), &uniform(d, 200, 3), &[]).unwrap();
        for part in &found.parts {
            let allowed = rank(&theory, &found, part).unwrap();
            assert!(allowed.allows(part.rank), "{spec} on S^{d}: {part:?} {allowed:?}");
        }
    }
    let found =
        |spec: &str| range::range(&Values::new(&kernel(spec)).unwrap(), &uniform(2, 200, 3), &[]).unwrap();
    let (free, biased) = (prediction("two-layer", 2, 60), prediction("two-layer:bias=true", 2, 60));
    let (measured, other) = (found("two-layer"), found("two-layer:bias=true"));
    assert!(!rank(&biased, &measured, &measured.parts[1]).unwrap().allows(measured.parts[1].rank));
    assert!(!rank(&free, &other, &other.parts[1]).unwrap().allows(other.parts[1].rank));
}

/// On the spiral the bound from the predicted spectrum holds for the kernel itself, is narrow, and does not hold for one 1 % larger.
#[test]
fn a_design_has_a_bound_and_not_a_chance() {
    let sample = points(Design::Fibonacci, dim(2), 500, 0).unwrap();
    // The slower the kernel's eigenvalues fall, the more of it is left to the bound.
    for (spec, off) in [
        ("two-layer:bias=true", 0.01),
        ("nngp:depth=2", 0.001),
        ("laplace:c=2", 0.1),
        ("gaussian:length=1/2", 1e-8),
    ] {
        let (values, sites) = ready(spec, &sample);
        let means = pairs::means(&values, &sites, &sample, 6, &Unwatched).unwrap().with_own(&values);
        let theory = prediction(spec, 2, if spec.starts_with("gauss") { 60 } else { 1500 });
        let scaled = |by: f64| Prediction {
            modes: theory
                .modes
                .iter()
                .map(|mode| Mode { eigenvalue: by * mode.eigenvalue, ..*mode })
                .collect(),
            at_one: by * theory.at_one,
            at_minus_one: by * theory.at_minus_one,
            proved_positive: theory.proved_positive,
        };
        let bounds =
            |by| design::pair_bounds(&scaled(by), &sample, &"0..2,4".parse().unwrap(), &Unwatched).unwrap();
        let means = [means[0], means[1], means[2], means[4]];
        let slack = 1e-12 * theory.at_one;
        let misses = |by| {
            bounds(by).iter().zip(means).filter(|(bound, mean)| !bound.widened(slack).contains(*mean)).count()
        };
        assert_eq!(misses(1.0), 0, "{spec}: {:?} {means:?}", bounds(1.0));
        assert!(misses(1.0 + off) >= 2 && misses(1.0 - off) >= 2, "{spec}");
    }
}

/// A kernel, a sphere, degrees whose eigenvalues are known, and those.
type Known = (&'static str, u32, &'static [u32], Vec<f64>);

/// Narrow kernels, degrees at powers of two, constants, rank one, and a formula whose eigenvalues turn negative from degree 344 on. Eigenvalues of the
/// narrowest by hand: `Int exp(-c r)` over the circle is `1/(pi c)` to `1/c^2`, over the sphere `1/(2 c^2)`; of the Gaussian `l/sqrt(2 pi)` and `l^2/2`.
fn hard_cases() -> Vec<Known> {
    let by_spectrum = |spec: &'static str, d: u32, degrees: &'static [u32]| -> Known {
        let found = spectrum(
            &kernel(spec),
            dim(d),
            &Degrees::new(degrees.iter().copied()).unwrap(),
            &Goal::digits(Digits::new(14).unwrap()),
        )
        .unwrap();
        (spec, d, degrees, found.eigenvalues.iter().map(|value| value.to_f64()).collect())
    };
    let tau = std::f64::consts::TAU;
    vec![
        by_spectrum("laplace:c=1", 1, &[0, 1, 2]),
        by_spectrum("laplace:c=30", 2, &[0, 1]),
        by_spectrum("laplace:c=200", 1, &[0, 1, 5]),
        ("laplace:c=1000", 1, &[0], vec![2.0 / tau / 1e3]),
        ("laplace:c=100000", 1, &[0], vec![2.0 / tau / 1e5]),
        ("laplace:c=100000", 2, &[0], vec![0.5e-10]),
        by_spectrum("laplace:c=10000", 1, &[0, 1, 2]),
        by_spectrum("gaussian:length=1/10", 2, &[0, 1, 2]),
        by_spectrum("gaussian:length=1/100", 2, &[0, 1, 2]),
        ("gaussian:length=1/1000", 1, &[0], vec![1e-3 / tau.sqrt()]),
        ("gaussian:length=1/1000", 2, &[0], vec![0.5e-6]),
        by_spectrum("ntk:depth=2", 1, &[255, 256, 257, 511, 512, 513]),
        by_spectrum("ntk:depth=3", 9, &[0, 1, 2, 3]),
        by_spectrum("two-layer:bias=true", 2, &[511, 512, 513]),
        ("expr:1", 2, &[0, 1, 256], vec![1.0, 0.0, 0.0]),
        ("expr:t", 3, &[0, 1, 2], vec![0.0, 0.25, 0.0]),
        by_spectrum("expr:(1+sqrt(3)*theta*2)*exp(-sqrt(3)*theta*2)", 1, &[0, 1, 6, 343, 344]),
    ]
}

/// Over 200 samples the pairwise interval holds the truth at least as often as it claims, to four standard deviations, however narrow the kernel.
#[test]
fn intervals_of_hard_cases_cover_at_least_as_often_as_they_claim() {
    let (repeats, n) = (200u64, 80);
    for (spec, d, list, known) in hard_cases() {
        let values = Values::new(&kernel(spec)).unwrap();
        let moments =
            pair_laws(&kernel(spec), dim(d), &Degrees::new(list.iter().copied()).unwrap(), n).unwrap();
        let top = list[list.len() - 1];
        for confidence in [0.9, 0.99] {
            let laws: Vec<SamplingDistribution> = moments.iter().map(|law| law.averaged(1)).collect();
            let mut covered = vec![0u64; list.len()];
            for seed in 0..repeats {
                let sample = uniform(d, n, seed);
                let found =
                    pairs::means(&values, &Sites::new(&sample), &sample, top, &Unwatched).unwrap().unbiased();
                for (at, law) in laws.iter().enumerate() {
                    let interval =
                        law.interval(found[list[at] as usize], confidence).widened(1e-12 * values.at_one());
                    covered[at] += u64::from(interval.contains(known[at]));
                }
            }
            let least =
                repeats as f64 * confidence - 4.0 * (repeats as f64 * confidence * (1.0 - confidence)).sqrt();
            for (k, count) in list.iter().zip(covered) {
                assert!(
                    count as f64 >= least,
                    "{spec} on S^{d}, degree {k} at {confidence}: {count} of {repeats}"
                );
            }
        }
    }
}

/// What a rank may be is said of proved positive kernels only: the trace of this formula past any degree is what large parts of both signs leave.
#[test]
fn an_unproved_kernel_has_no_bound_on_its_rank() {
    let spec = "expr:(1+sqrt(3)*theta*2)*exp(-sqrt(3)*theta*2)";
    let theory = prediction(spec, 1, 40);
    let found = range::range(&Values::new(&kernel(spec)).unwrap(), &uniform(1, 200, 3), &[]).unwrap();
    assert!(found.parts.iter().all(|part| rank(&theory, &found, part).is_none()));
    let sample = points(Design::Fibonacci, dim(2), 100, 0).unwrap();
    let degrees = "0,1".parse().unwrap();
    assert!(design::pair_bounds(&prediction(spec, 2, 40), &sample, &degrees, &Unwatched).unwrap().is_empty());
}
