//! What a Gram matrix says of labels: their projections, the descent's learning curve, the generalisation bound.

use super::eigenpairs::Eigenpairs;

/// Labels in the eigenbasis of a Gram matrix.
#[derive(Clone, Debug)]
pub struct Projections {
    /// `(lambda_i, (v_i.y)^2 / n)`, eigenvalues falling: the labels' mean square by eigenvector.
    pub modes: Vec<(f64, f64)>,
}

impl Projections {
    /// The labels `y` in the basis of all `n` eigenpairs of `H = K/n`.
    pub fn new(pairs: &Eigenpairs, labels: &[f64]) -> Self {
        let n = labels.len() as f64;
        let energies = coefficients(pairs, labels).into_iter().map(|z| z * z / n);
        Self { modes: pairs.values.iter().copied().zip(energies).collect() }
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

    /// An eigenvalue up to this cannot be told from 0: `n 2^-52` of the largest.
    fn rounding(&self) -> f64 {
        let largest = self.modes.first().map_or(0.0, |(value, _)| *value);
        self.modes.len() as f64 * f64::EPSILON * largest
    }

    /// Where the labels lie.
    ///
    /// Rounding turns an eigenvector of `lambda_i` towards the null space by up to `n 2^-52 lambda_max / lambda_i`, so that energy `e_i` times
    /// the square of this may appear outside without being there.
    pub fn place(&self) -> Place {
        let rounding = self.rounding();
        if self.modes.iter().any(|(value, _)| *value > rounding && *value < GAP * rounding) {
            return Place::Unknown;
        }
        let (mut outside, mut leaked) = (0.0, 0.0);
        for (value, energy) in &self.modes {
            if *value > rounding {
                leaked += energy * (rounding / value).powi(2);
            } else {
                outside += energy;
            }
        }
        let floor = (self.modes.len() as f64 * f64::EPSILON).powi(2) * self.energy();
        if outside <= leaked + floor { Place::Inside } else { Place::Outside(outside / self.energy()) }
    }

    /// The bound `sqrt(2 y^T K^+ y / n)` of Arora et al. (2019) on the test error of a wide two-layer network, for labels in the range of the matrix;
    /// `None` where they are not, or an eigenvalue is so near rounding that the inverse has no digits ([`Self::place`]).
    pub fn generalisation_bound(&self) -> Option<f64> {
        let n = self.modes.len() as f64;
        if self.place() != Place::Inside {
            return None;
        }
        // y^T K^+ y / n = (1/n) sum_i e_i / lambda_i, as K = n H and e_i = (v_i.y)^2 / n.
        let kept = self.modes.iter().filter(|(value, _)| *value > self.rounding());
        let sum: f64 = kept.map(|(value, energy)| energy / value).sum();
        Some((2.0 * sum / n).sqrt())
    }
}

/// Above rounding by less than this factor, an eigenvalue is neither zero nor known.
const GAP: f64 = 1e3;

/// Where labels lie beside the range of a Gram matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// In the range, to rounding.
    Inside,
    /// Outside, with this share of their energy.
    Outside(f64),
    /// Eigenvalues go down into rounding: the range has no edge that f64 can tell.
    Unknown,
}

/// `V^T y`: the labels' coefficients along the eigenvectors.
pub fn coefficients(pairs: &Eigenpairs, labels: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; pairs.count];
    for (row, y) in pairs.vectors.chunks_exact(pairs.count.max(1)).zip(labels) {
        sums.iter_mut().zip(row).for_each(|(sum, v)| *sum += v * y);
    }
    sums
}
