//! Which sample eigenvalues belong to which degree, told by their eigenvectors.

use super::{block::Block, eigenpairs::Eigenpairs, harmonics};
use crate::{error::Result, sample::Points};

/// An eigenvector belongs to a degree if more than this share of it lies in its harmonics.
const MAJORITY: f64 = 0.5;

/// The eigenvalues of one degree in a sample.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The degree.
    pub degree: u32,
    /// `N(d,k)`.
    pub multiplicity: usize,
    /// The eigenvalues whose vectors lie mostly in the degree's harmonics, falling.
    pub members: Vec<f64>,
    /// The mean share of those vectors in the harmonics, from 0 to 1; 0 if there are none.
    pub alignment: f64,
}

impl Cluster {
    /// The mean of the eigenvalues if there are as many as the multiplicity: otherwise the cluster is not resolved.
    pub fn mean(&self) -> Option<f64> {
        let count = self.members.len();
        (count == self.multiplicity && count > 0).then(|| self.members.iter().sum::<f64>() / count as f64)
    }
}

/// The clusters of `degrees` (with multiplicities) among the leading eigenpairs.
///
/// # Errors
/// When the landmarks of the harmonics cannot be laid out.
pub fn clusters(sample: &Points, pairs: &Eigenpairs, degrees: &[(u32, usize)]) -> Result<Vec<Cluster>> {
    let vectors = Block::new(pairs.count, pairs.vectors.clone());
    let cluster = |&(degree, multiplicity): &(u32, usize)| {
        let shares = harmonics::shares(sample, &vectors, degree, multiplicity)?;
        let inside = || shares.iter().zip(&pairs.values).filter(|(share, _)| **share > MAJORITY);
        let members: Vec<f64> = inside().map(|(_, value)| *value).collect();
        let alignment = inside().map(|(share, _)| share).sum::<f64>() / members.len().max(1) as f64;
        Ok(Cluster { degree, multiplicity, members, alignment })
    };
    degrees.iter().map(cluster).collect()
}

/// The clusters of the equispaced circle, whose eigenvalues come by frequency; degrees above `n/2` cannot be told from lower ones.
pub fn by_frequency(values: &[f64], n: usize, degrees: &[(u32, usize)]) -> Vec<Cluster> {
    let cluster = |&(degree, multiplicity): &(u32, usize)| {
        let resolved = 2 * (degree as usize) < n;
        let members = if resolved { vec![values[degree as usize]; multiplicity] } else { vec![] };
        Cluster { degree, multiplicity, alignment: if resolved { 1.0 } else { 0.0 }, members }
    };
    degrees.iter().map(cluster).collect()
}
