//! Sample eigenvalues against the spectrum, and the verdict.
//!
//! **Bias.** On `n` independent points, with `S = (1/n) sum phi(x_i) phi(x_i)^T` in feature space, the cluster of degree `k` moves at first
//! order by the trace of `S - E S` on the degree's harmonics, which is zero for every sample because `sum_j Y_j(x)^2 = N` everywhere. At
//! second order its mean moves by `b_k = (lambda_k / n) sum_{l != k} N(d,l) lambda_l / (lambda_k - lambda_l)`, for leading degrees about the
//! trace of all the others over `n`. So a sample eigenvalue estimates `lambda_k + b_k`, and the pairwise estimate `lambda_k`.
//!
//! Points that are not random have no confidence interval, but a bound: [`design`](super::design).

use super::{
    design::Bounds,
    statistics::{Interval, Law, student},
};
use crate::gram::clusters::Cluster;

/// What theory says: `lambda_k` for `k = 0, 1, ...` with the multiplicities, and `K(1)`.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// `(lambda_k, N(d,k))` by degree, as far as the bias needs them.
    pub degrees: Vec<(f64, f64)>,
    /// `K(1)`.
    pub at_one: f64,
}

impl Prediction {
    /// `sum_{l>top} N(d,l) lambda_l`, by the trace identity; not negative for a positive kernel.
    pub fn tail(&self, top: usize) -> f64 {
        self.at_one - self.degrees.iter().take(top + 1).map(|(value, count)| value * count).sum::<f64>()
    }

    /// The first degree whose eigenvalue is negative beyond rounding, and the eigenvalue.
    pub fn negative(&self) -> Option<(u32, f64)> {
        let largest = self.degrees.iter().fold(self.at_one.abs(), |most, (value, _)| most.max(value.abs()));
        (0..)
            .zip(&self.degrees)
            .map(|(k, (value, _))| (k, *value))
            .find(|(_, value)| *value < -ROUNDING * largest)
    }

    /// The second-order bias of a cluster's mean on `n` points, degrees past the last counted as infinitely small.
    pub fn bias(&self, degree: usize, n: usize) -> f64 {
        let (own, _) = self.degrees[degree];
        let others = self.degrees.iter().enumerate().filter(|(l, (value, _))| *l != degree && *value != own);
        let sum: f64 = others.map(|(_, (value, count))| count * value / (own - value)).sum();
        let rest = self.tail(self.degrees.len() - 1);
        if own == 0.0 { 0.0 } else { (own * sum + rest) / n as f64 }
    }

    /// The distance to the nearest other eigenvalue.
    pub fn gap(&self, degree: usize) -> f64 {
        let (own, _) = self.degrees[degree];
        let others = self.degrees.iter().enumerate().filter(|(l, _)| *l != degree);
        others.map(|(_, (value, _))| (value - own).abs()).fold(own.abs(), f64::min)
    }
}

/// What was measured: one entry a degree, in one order.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// How many points a sample has.
    pub points: usize,
    /// The clusters of each sample.
    pub samples: Vec<Vec<Cluster>>,
    /// The mean of `K P_k` for degrees `0, 1, ...`: for random points over pairs of different points, averaged over samples; else over all pairs.
    pub pairwise: Option<Vec<f64>>,
}

/// One degree of the comparison.
#[derive(Clone, Debug)]
pub struct Row {
    /// The degree.
    pub degree: u32,
    /// `N(d,k)`.
    pub multiplicity: usize,
    /// `lambda_k`.
    pub predicted: f64,
    /// What a sample of this size should show: `lambda_k + b_k` for random points, `lambda_k` else.
    pub expected: f64,
    /// The mean of the cluster over its members and the samples; `None` where it is not resolved.
    pub measured: Option<f64>,
    /// Student's interval over the samples, widened by the order that the bias neglects, for random points; the design's bound else.
    pub interval: Option<Interval>,
    /// The mean share of the cluster's eigenvectors in the harmonics.
    pub alignment: Option<f64>,
    /// The mean of `K P_k` over pairs: for random points an unbiased estimate with its interval, else with the design's bound.
    pub pairwise: Option<(f64, Interval)>,
    /// The narrowest interval that the verdict asks for here, as half its width over the predicted value: an error of the prediction well below it passes.
    pub resolution: Option<f64>,
    /// Did a check of this degree fail?
    pub inconsistent: bool,
    /// Why a figure is missing or cannot be checked.
    pub note: Option<String>,
}

/// How the figures of a sample may differ from the spectrum.
#[derive(Clone, Debug)]
pub enum Spread {
    /// By chance: the laws of the pairwise estimate of each degree, in the order of the clusters, already averaged over the samples.
    Chance(Vec<Law>),
    /// By no more than the design's bounds.
    Bounded(Bounds),
}

/// Sets the measurement against the prediction, at a joint confidence over all checks (Bonferroni): rows, and whether all checks hold.
///
/// Intervals shown are at `confidence` each; checks use wider ones. A cluster of random points is checked where its bias is understood: where the
/// neglected order, about `b^2` over the gap to the nearest eigenvalue, is smaller than `b`; its interval is widened by that order.
pub fn compare(
    prediction: &Prediction,
    measurement: &Measurement,
    spread: &Spread,
    confidence: f64,
) -> (Vec<Row>, bool) {
    let Some(first) = measurement.samples.first() else { return (vec![], true) };
    let checks = first.len() * (1 + usize::from(measurement.samples.len() > 1));
    let joint = 1.0 - (1.0 - confidence) / checks.max(1) as f64;
    let rows: Vec<Row> =
        (0..first.len()).map(|at| row(prediction, measurement, at, spread, (confidence, joint))).collect();
    let consistent = rows.iter().all(|row| !row.inconsistent);
    (rows, consistent)
}

fn row(
    prediction: &Prediction,
    measurement: &Measurement,
    at: usize,
    spread: &Spread,
    (confidence, joint): (f64, f64),
) -> Row {
    let (degree, multiplicity) = (measurement.samples[0][at].degree, measurement.samples[0][at].multiplicity);
    let k = degree as usize;
    let predicted = prediction.degrees[k].0;
    let means: Option<Vec<f64>> = measurement.samples.iter().map(|sample| sample[at].mean()).collect();
    let alignments: Vec<f64> = measurement.samples.iter().map(|sample| sample[at].alignment).collect();
    let average = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let mut row = Row {
        degree,
        multiplicity,
        predicted,
        expected: predicted,
        measured: means.as_deref().map(average),
        interval: None,
        alignment: means.is_some().then(|| average(&alignments)),
        pairwise: None,
        resolution: None,
        inconsistent: false,
        note: None,
    };
    let pairwise = measurement.pairwise.as_ref().map(|values| values[k]);
    let slack = ROUNDING * prediction.at_one.abs();
    match spread {
        Spread::Bounded(bounds) => {
            row.interval = bounds.cluster(prediction, k);
            if let (Some(bound), Some(mean)) = (row.interval, row.measured) {
                row.check(bound, bound.widened(slack).contains(mean));
            }
            if let (Some(mean), Some(bound)) = (pairwise, bounds.pairs.get(at)) {
                row.pairwise = Some((mean, *bound));
                row.check(*bound, bound.widened(slack).contains(mean));
            }
            if row.interval.is_none() {
                let reached =
                    format!("exact to degree {} only, or the kernel is not positive", bounds.to_degree);
                row.note = Some(format!("no bound: the design is {reached}"));
            }
        }
        Spread::Chance(laws) => {
            check_sample(&mut row, prediction, measurement.points, means.as_deref(), (confidence, joint));
            if let (Some(estimate), Some(law)) = (pairwise, laws.get(at)) {
                row.pairwise = Some((estimate, law.interval(estimate, confidence)));
                let wider = law.interval(estimate, joint);
                row.check(wider, wider.widened(slack).contains(predicted));
            }
        }
    }
    if row.measured.is_none() && row.note.is_none() {
        row.note = Some(unresolved(prediction, measurement, at));
    }
    row
}

impl Row {
    /// Enters a check with this interval.
    fn check(&mut self, interval: Interval, holds: bool) {
        self.inconsistent |= !holds;
        if self.predicted != 0.0 {
            let half = 0.5 * (interval.high - interval.low) / self.predicted.abs();
            self.resolution = Some(self.resolution.map_or(half, |known| known.min(half)));
        }
    }
}

/// What rounding adds to any figure, relative to `K(1)`.
const ROUNDING: f64 = 1e-12;

fn check_sample(row: &mut Row, prediction: &Prediction, n: usize, means: Option<&[f64]>, levels: (f64, f64)) {
    let k = row.degree as usize;
    let bias = prediction.bias(k, n);
    row.expected = row.predicted + bias;
    let Some(means) = means else { return };
    let neglected = bias * bias / prediction.gap(k);
    let interval = |confidence| student(means, confidence).map(|interval| interval.widened(neglected));
    row.interval = interval(levels.0);
    if neglected < bias.abs() {
        let slack = ROUNDING * prediction.at_one.abs();
        if let Some(found) = interval(levels.1) {
            row.check(found, found.widened(slack).contains(row.expected));
        }
    } else {
        row.note =
            Some(format!("bias as large as the gap: cluster not checked; {}", needed(prediction, k, n)));
    }
}

/// Why the cluster of a degree was not found.
fn unresolved(prediction: &Prediction, measurement: &Measurement, at: usize) -> String {
    let cluster = &measurement.samples[0][at];
    let k = cluster.degree as usize;
    if prediction.degrees[k].0 == 0.0 {
        return "no cluster: the eigenvalue vanishes, and the degree is spread over the rest of the sample's spectrum".into();
    }
    if prediction.degrees[k].0 < 0.0 {
        return "no cluster: a negative eigenvalue, at the other end of the spectrum, which is not searched"
            .into();
    }
    let found = measurement.samples.iter().map(|sample| sample[at].members.len()).min().unwrap_or(0);
    format!(
        "not resolved: {found} of {} eigenvectors lie mostly in this degree; {}",
        cluster.multiplicity,
        needed(prediction, k, measurement.points)
    )
}

/// The number of points at which the bias is a tenth of the gap, and the multiplicity a tenth of the points.
fn needed(prediction: &Prediction, k: usize, n: usize) -> String {
    let by_gap = 10.0 * prediction.bias(k, 1).abs() / prediction.gap(k);
    let by_count = 10.0 * prediction.degrees.iter().take(k + 1).map(|(_, count)| count).sum::<f64>();
    let needed = by_gap.max(by_count);
    if needed.is_finite() && needed > n as f64 {
        format!("needs about {} points", (needed as u64).next_multiple_of(10u64.pow(needed.log10() as u32)))
    } else {
        format!("by the prediction about {} points would do", needed.ceil())
    }
}
