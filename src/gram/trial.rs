//! What one sample showed.

use super::{clusters::Cluster, eigenpairs::Iteration};

/// What one sample showed.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The clusters, one a degree asked for.
    pub clusters: Vec<Cluster>,
    /// The mean of `K P_k` for degrees `0, 1, ...`: for random points over pairs of different points, else over all pairs; `None` if
    /// pairs were not summed.
    pub pairwise: Option<Vec<f64>>,
    /// The least eigenvalue, or from the iteration a number that is at least that.
    pub lowest: f64,
    /// The largest size of an eigenvalue.
    pub largest: f64,
    /// Eigenvalues above rounding; `None` from the iteration.
    pub rank: Option<usize>,
    /// What the iteration took, if there was one.
    pub iteration: Option<Iteration>,
}
