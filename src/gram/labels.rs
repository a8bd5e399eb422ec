//! What a Gram matrix says of labels: their projections, the descent's learning curve, the generalisation bound.

use super::solver::Eigenpairs;

/// Labels in the eigenbasis of a Gram matrix.
#[derive(Clone, Debug)]
pub struct Projections {
    /// `(lambda_i, (v_i.y)^2 / n)`, eigenvalues falling: the labels' mean square by eigenvector.
    pub modes: Vec<(f64, f64)>,
}

impl Projections {
    /// The labels `y` in the basis of all `n` eigenpairs of `H = K/n`.
    pub fn new(pairs: &Eigenpairs, labels: &[f64]) -> Self {
        let n = labels.len();
        let mut sums = vec![0.0; pairs.count];
        for (row, y) in pairs.vectors.chunks_exact(pairs.count.max(1)).zip(labels) {
            sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v * y);
        }
        let modes =
            pairs.values.iter().zip(sums).map(|(value, sum)| (*value, sum * sum / n as f64)).collect();
        Self { modes }
    }

    /// The mean square of the labels, to rounding.
    pub fn energy(&self) -> f64 {
        self.modes.iter().map(|(_, energy)| energy).sum()
    }

    /// The share of the labels' energy that gradient descent has left after `steps` steps of size `1/(n lambda_max)` from output 0, with the
    /// kernel constant: `sum_i (1 - lambda_i/lambda_max)^(2t) e_i / sum_i e_i`.
    pub fn left_after(&self, steps: f64) -> f64 {
        let largest = self.modes.first().map_or(1.0, |(value, _)| *value);
        let left = |(value, energy): &(f64, f64)| energy * (1.0 - value / largest).abs().powf(2.0 * steps);
        self.modes.iter().map(left).sum::<f64>() / self.energy()
    }

    /// The bound `sqrt(2 y^T K^-1 y / n)` of Arora et al. (2019) on the test error of a wide two-layer network;
    /// `None` where an eigenvalue is not above rounding, `n 2^-52` of the largest, and the inverse has no digits.
    pub fn generalisation_bound(&self) -> Option<f64> {
        let n = self.modes.len() as f64;
        let largest = self.modes.first().map_or(0.0, |(value, _)| *value);
        // y^T K^-1 y / n = (1/n) sum_i e_i / lambda_i, as K = n H and e_i = (v_i.y)^2 / n.
        let term =
            |(value, energy): &(f64, f64)| (*value > n * f64::EPSILON * largest).then(|| energy / value);
        let sum: f64 = self.modes.iter().map(term).sum::<Option<f64>>()?;
        Some((2.0 * sum / n).sqrt())
    }
}
