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
    pairwise::SamplingDistribution,
    prediction::{Prediction, ROUNDING},
    statistics::{Interval, student},
};
use crate::gram::Trial;

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
pub enum Uncertainty {
    /// By chance: the law of the pairwise estimate of each degree, in the order of the clusters, already averaged over the samples.
    Chance(Vec<SamplingDistribution>),
    /// By no more than the design's bounds.
    Bounded(Bounds),
}

/// Student's law is that of normal values, and the mean of a leading cluster is a sum of few squares, of skewness up to 2 (two of them, on the circle): so it
/// leaves Student's interval more often than is said. Of values of an exponential law, 2 to 50 of them, up to 14 to 19 times as often at 0.9993, and still
/// up to 2.6 times at a fiftieth of that chance (counted, an estimate), which the conservative laws of the pairs make up for. The verdict asks for that.
const SKEWED: f64 = 50.0;

/// The confidence at which the verdict asks for clusters, where each check is to fail with no more than a chance `tail`.
fn of_clusters(tail: f64) -> f64 {
    1.0 - tail / SKEWED
}

/// Sets trials of `points` points each against the prediction, at a joint confidence over all checks (Bonferroni): rows, and whether all
/// checks hold.
///
/// Intervals shown are at `confidence` each; checks use wider ones. A cluster of random points is checked where its bias is understood: where the
/// neglected order, about `b^2` over the gap to the nearest eigenvalue, is smaller than `b`; its interval is widened by that order.
pub fn compare(
    prediction: &Prediction,
    points: usize,
    trials: &[Trial],
    uncertainty: &Uncertainty,
    confidence: f64,
) -> (Vec<Row>, bool) {
    let Some(first) = trials.first() else { return (vec![], true) };
    let count = first.clusters.len();
    let checks = count * (1 + usize::from(trials.len() > 1));
    let joint = 1.0 - (1.0 - confidence) / checks.max(1) as f64;
    let comparison = Comparison { prediction, points, trials, uncertainty, confidence, joint };
    let rows: Vec<Row> = (0..count).map(|at| comparison.row(at)).collect();
    let consistent = rows.iter().all(|row| !row.inconsistent);
    (rows, consistent)
}

struct Comparison<'a> {
    prediction: &'a Prediction,
    points: usize,
    trials: &'a [Trial],
    uncertainty: &'a Uncertainty,
    confidence: f64,
    joint: f64,
}

impl Comparison<'_> {
    /// The mean over the trials of the mean over pairs of `K P_k`.
    fn pairwise(&self, k: usize) -> Option<f64> {
        let count = self.trials.len() as f64;
        let one = |sum: f64, trial: &Trial| Some(sum + trial.pairwise.as_ref()?.get(k)? / count);
        self.trials.iter().try_fold(0.0, one)
    }

    fn row(&self, at: usize) -> Row {
        let (degree, multiplicity) =
            (self.trials[0].clusters[at].degree, self.trials[0].clusters[at].multiplicity);
        let k = degree as usize;
        let predicted = self.prediction.eigenvalue(k);
        let means: Option<Vec<f64>> = self.trials.iter().map(|trial| trial.clusters[at].mean()).collect();
        let alignments: Vec<f64> = self.trials.iter().map(|trial| trial.clusters[at].alignment).collect();
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
        let slack = ROUNDING * self.prediction.at_one.abs();
        match self.uncertainty {
            Uncertainty::Bounded(bounds) => {
                row.interval = bounds.cluster(self.prediction, k);
                if let (Some(bound), Some(mean)) = (row.interval, row.measured) {
                    row.check(bound, bound.widened(slack).contains(mean));
                }
                if let (Some(mean), Some(bound)) = (self.pairwise(k), bounds.pairs.get(at)) {
                    row.pairwise = Some((mean, *bound));
                    row.check(*bound, bound.widened(slack).contains(mean));
                }
                if row.interval.is_none() {
                    row.note = Some(if self.prediction.is_positive() {
                        format!("no bound: the design is exact to degree {} only", bounds.to_degree)
                    } else {
                        "no bound: the kernel is not known to be positive".into()
                    });
                }
            }
            Uncertainty::Chance(laws) => {
                self.check_clusters(&mut row, means.as_deref());
                if let (Some(estimate), Some(law)) = (self.pairwise(k), laws.get(at)) {
                    let interval = |confidence| law.interval(estimate, confidence).at_least(slack);
                    row.pairwise = Some((estimate, interval(self.confidence)));
                    row.check(interval(self.joint), interval(self.joint).widened(slack).contains(predicted));
                }
            }
        }
        if row.measured.is_none() && row.note.is_none() {
            row.note = Some(self.unresolved(at));
        }
        row
    }

    fn check_clusters(&self, row: &mut Row, means: Option<&[f64]>) {
        let k = row.degree as usize;
        let bias = self.prediction.bias(k, self.points);
        row.expected = row.predicted + bias;
        let Some(means) = means else { return };
        let neglected = bias * bias / self.prediction.gap(k);
        let slack = ROUNDING * self.prediction.at_one.abs();
        let interval = |confidence| {
            student(means, confidence).map(|interval| interval.widened(neglected).at_least(slack))
        };
        row.interval = interval(self.confidence);
        if neglected < bias.abs() {
            if let Some(found) = interval(of_clusters(1.0 - self.joint)) {
                row.check(found, found.widened(slack).contains(row.expected));
            }
        } else {
            row.note = Some(format!("bias as large as the gap: cluster not checked; {}", self.needed(k)));
        }
    }

    /// Why the cluster of a degree was not found.
    fn unresolved(&self, at: usize) -> String {
        let cluster = &self.trials[0].clusters[at];
        let k = cluster.degree as usize;
        let predicted = self.prediction.eigenvalue(k);
        if predicted == 0.0 {
            return "no cluster: the eigenvalue vanishes, and the degree is spread over the rest of the sample's spectrum".into();
        }
        if predicted < 0.0 {
            return "no cluster: a negative eigenvalue, at the other end of the spectrum, which is not searched".into();
        }
        let found = self.trials.iter().map(|trial| trial.clusters[at].members.len()).min().unwrap_or(0);
        format!(
            "not resolved: {found} of {} eigenvectors lie mostly in this degree; {}",
            cluster.multiplicity,
            self.needed(k)
        )
    }

    /// The number of points at which the bias is a tenth of the gap, and the multiplicity a tenth of the points.
    fn needed(&self, k: usize) -> String {
        let by_gap = 10.0 * self.prediction.bias(k, 1).abs() / self.prediction.gap(k);
        let by_count =
            10.0 * self.prediction.modes.iter().take(k + 1).map(|mode| mode.multiplicity).sum::<f64>();
        let needed = by_gap.max(by_count);
        if needed.is_finite() && needed > self.points as f64 {
            format!(
                "needs about {} points",
                (needed as u64).next_multiple_of(10u64.pow(needed.log10() as u32))
            )
        } else {
            format!("by the prediction about {} points would do", needed.ceil())
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    use rand_distr::{Distribution, Exp1};

    /// Means of exponential values, as skewed as a cluster can be, fail a check at most three times as often as it may; by Student's law alone far more often.
    #[test]
    fn skewed_clusters_are_no_false_alarms() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let (groups, tail) = (40_000, 0.01 / 6.0);
        for samples in [3, 5, 10] {
            let mut failed = [0u32; 2];
            for _ in 0..groups {
                let values: Vec<f64> = (0..samples).map(|_| Exp1.sample(&mut random)).collect();
                for (confidence, failed) in [of_clusters(tail), 1.0 - tail].into_iter().zip(&mut failed) {
                    *failed += u32::from(!student(&values, confidence).unwrap().contains(1.0));
                }
            }
            let allowed = f64::from(groups) * tail;
            let [asked, plain] = failed.map(f64::from);
            assert!(asked < 3.0 * allowed && plain > 3.0 * allowed, "{samples}: {asked} {plain} {allowed}");
        }
    }
}
