//! How fast eigenvalues and labels fall: the capacity and the source exponent, and the learning curve that they imply.
//!
//! If `lambda_i ~ i^-a` (capacity) and the labels' energy past direction `i` falls like `i^-(2 a r)` (source), kernel regression's error falls like
//!
//! ```text
//! n^-(2 a min(r, 1))                         labels without noise, a vanishing ridge
//! n^-(2 a min(r, 1) / (1 + 2 a min(r, 1)))   noisy labels, the best ridge
//! ```
//!
//! Source: Cui, Loureiro, Krzakala, Zdeborova (2021). An **estimate** from least squares in logarithms: few spectra of data are powers, and the spread of
//! the fit says how far they are from one.

use super::labels::Projections;

/// The range fitted begins at this direction and ends at this share of them: the first are no power yet, the last are few rows' own.
const FIRST: usize = 4;
const LAST_SHARE: f64 = 0.25;
/// The least ratio of the ends of a range that is worth fitting.
const LEAST_RATIO: f64 = 4.0;
/// Directions sampled from the range, evenly in their logarithm.
const SAMPLES: usize = 64;
/// An exponent below this is none: nothing falls.
const FLAT: f64 = 1e-3;
/// Eigenvalues and energies below this share of the largest are rounding.
const ROUNDING: f64 = 1e-13;

/// A power law fitted to a range of directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// The exponent: what is fitted falls like `i^-exponent`.
    pub exponent: f64,
    /// The root mean square of the deviations of its logarithm (to base e) from the line.
    pub spread: f64,
    /// The first direction of the range, from 1, ...
    pub first: usize,
    /// ... and the last.
    pub last: usize,
}

/// The exponents of a spectrum and of labels on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponents {
    /// The law of the eigenvalues; its exponent is the capacity `a`.
    pub eigenvalues: PowerLaw,
    /// The law of the labels' energy past a direction, `2 a r`.
    pub labels: PowerLaw,
}

impl Exponents {
    /// The source exponent `r`.
    pub fn source(&self) -> f64 {
        self.labels.exponent / (2.0 * self.eigenvalues.exponent)
    }

    /// The exponent of the learning curve without noise.
    pub fn noiseless(&self) -> f64 {
        2.0 * self.eigenvalues.exponent * self.source().min(1.0)
    }

    /// The exponent of the learning curve with noise and the best ridge.
    pub fn noisy(&self) -> f64 {
        self.noiseless() / (1.0 + self.noiseless())
    }
}

/// The law of the eigenvalues (falling); `None` where too few are above rounding.
pub fn capacity(values: &[f64]) -> Option<PowerLaw> {
    fit(values)
}

/// The exponents of the labels on the eigenvalues of all rows; `None` where too few directions are above rounding, or either does not fall.
pub fn exponents(labels: &Projections) -> Option<Exponents> {
    let values: Vec<f64> = labels.modes.iter().map(|(value, _)| *value).collect();
    let mut left: Vec<f64> = vec![];
    // Past direction i, counted from 1: summed from the end, where terms are small.
    let mut sum = 0.0;
    for (_, energy) in labels.modes.iter().rev() {
        left.push(sum);
        sum += energy;
    }
    left.reverse();
    let found = Exponents { eigenvalues: fit(&values)?, labels: fit(&left)? };
    (found.eigenvalues.exponent > FLAT && found.labels.exponent > FLAT).then_some(found)
}

/// The least-squares line through `log i`, `log value` over the range.
fn fit(values: &[f64]) -> Option<PowerLaw> {
    let floor = ROUNDING * values.first()?.abs();
    let above = values.iter().take_while(|value| **value > floor).count();
    let last = above.min((LAST_SHARE * values.len() as f64) as usize);
    let ratio = last as f64 / FIRST as f64;
    if ratio < LEAST_RATIO {
        return None;
    }
    let mut at: Vec<usize> = (0..SAMPLES)
        .map(|j| (FIRST as f64 * ratio.powf(j as f64 / (SAMPLES - 1) as f64)).round() as usize)
        .collect();
    at.dedup();
    let logs: Vec<(f64, f64)> = at.iter().map(|&i| ((i as f64).ln(), values[i - 1].ln())).collect();
    let count = logs.len() as f64;
    let (x, y) =
        (logs.iter().map(|p| p.0).sum::<f64>() / count, logs.iter().map(|p| p.1).sum::<f64>() / count);
    let covariance: f64 = logs.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let variance: f64 = logs.iter().map(|p| (p.0 - x).powi(2)).sum();
    let slope = covariance / variance;
    let squares: f64 = logs.iter().map(|p| (p.1 - y - slope * (p.0 - x)).powi(2)).sum();
    Some(PowerLaw { exponent: -slope, spread: (squares / count).sqrt(), first: FIRST, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spectrum `i^-1.5` with energies `i^-2.5`: a = 1.5, the tail falls like `i^-1.5`, so 2 a r = 1.5 and r = 1/2.
    #[test]
    fn powers_are_found_and_imply_their_curve() {
        let modes = (1..=40_000).map(f64::from).map(|i| (i.powf(-1.5), i.powf(-2.5)));
        let found = exponents(&Projections { modes: modes.collect() }).unwrap();
        assert!((found.eigenvalues.exponent - 1.5).abs() < 1e-9 && found.eigenvalues.spread < 1e-9);
        assert!((found.source() - 0.5).abs() < 0.03, "{}", found.source());
        assert!((found.noiseless() - 1.5).abs() < 0.1 && (found.noisy() - 0.6).abs() < 0.02);
        assert_eq!((found.eigenvalues.first, found.eigenvalues.last), (4, 10_000));
    }

    /// The source saturates at 1: smoother labels learn no faster.
    #[test]
    fn smooth_labels_saturate() {
        let modes = (1..=40_000).map(f64::from).map(|i| (i.powf(-1.2), i.powf(-7.0)));
        let found = exponents(&Projections { modes: modes.collect() }).unwrap();
        assert!(found.source() > 2.0 && (found.noiseless() - 2.4).abs() < 1e-6);
    }

    #[test]
    fn a_few_directions_are_no_law() {
        assert_eq!(capacity(&[1.0, 0.5, 0.3, 0.2, 0.1]), None);
        assert_eq!(capacity(&[1.0; 3]), None);
    }
}
