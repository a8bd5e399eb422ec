//! Which harmonics the eigenvectors of a user's matrix lie in.

use super::Context;
use crate::{
    gram::{Eigenpairs, clusters},
    kernel::Kernel,
    math::{
        degrees::Degrees,
        harmonics::multiplicity,
        units::{Digits, Dimension},
    },
    sample::{Data, Points},
    spectrum::Goal,
};
use serde::{Deserialize, Serialize};

/// The highest degree looked at.
const HIGHEST: u32 = 6;
/// All harmonics together are at most this share of the points: more cannot be told apart on them.
const SHARE: f64 = 0.5;
/// Digits of the eigenvalues set beside.
const DIGITS: u32 = 10;

/// The eigenvalues of one degree, told by their eigenvectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClusterRow {
    /// The degree.
    pub degree: u32,
    /// `N(d,k)`.
    pub multiplicity: usize,
    /// How many eigenvectors lie mostly in the degree's harmonics.
    pub members: usize,
    /// The mean of their eigenvalues (of `M/n`) if there are as many as the multiplicity.
    pub mean: Option<f64>,
    /// The mean share of those vectors in the harmonics.
    pub alignment: f64,
    /// The kernel's eigenvalue times the scale of the matrix: what `mean` tends to on many uniform points.
    pub predicted: Option<f64>,
}

impl ClusterRow {
    /// Puts the prediction for its degree beside it.
    pub(super) fn set_beside(&mut self, predicted: &[(u32, f64)], scale: f64) {
        let own = predicted.iter().find(|(degree, _)| *degree == self.degree);
        self.predicted = own.map(|(_, value)| scale * value);
    }
}

/// The harmonics that points on a sphere can tell apart.
pub(super) struct Harmonics<'a> {
    points: &'a Points,
    degrees: Vec<(u32, usize)>,
}

impl<'a> Harmonics<'a> {
    /// None for points that keep their norms, or are too few.
    pub(super) fn of(data: &'a Data) -> Option<Self> {
        let (points, mut total) = (&data.points, 0.0);
        let counted = |degree: u32| Some((degree, multiplicity(points.dim(), degree).to_usize()?));
        let fits = |(_, count): &(u32, usize)| {
            total += *count as f64;
            total <= SHARE * points.len() as f64
        };
        let degrees: Vec<(u32, usize)> = (0..=HIGHEST).map_while(counted).take_while(fits).collect();
        (data.kept.is_none() && !degrees.is_empty()).then_some(Self { points, degrees })
    }

    /// How many leading eigenvectors are looked at: twice as many as there are harmonics, since those of a sample mix.
    pub(super) fn vectors(&self) -> usize {
        let harmonics: usize = self.degrees.iter().map(|(_, count)| count).sum();
        (2 * harmonics).min(self.points.len())
    }

    /// The clusters among the eigenpairs; none where the points leave harmonics dependent, as in a subspace.
    pub(super) fn clusters(&self, pairs: &Eigenpairs) -> Vec<ClusterRow> {
        let found = clusters::clusters(self.points, pairs, &self.degrees).unwrap_or_default();
        let row = |cluster: &clusters::Cluster| ClusterRow {
            degree: cluster.degree,
            multiplicity: cluster.multiplicity,
            members: cluster.members.len(),
            mean: cluster.mean(),
            alignment: cluster.alignment,
            predicted: None,
        };
        let rows: Vec<ClusterRow> = found.iter().map(row).collect();
        if rows.iter().all(|row| row.alignment.is_finite()) { rows } else { vec![] }
    }

    /// The kernel's eigenvalues by degree; none where the sphere is beyond prediction.
    pub(super) fn predicted(&self, kernel: &Kernel, context: &Context<'_>) -> Vec<(u32, f64)> {
        let found = || {
            let dim = Dimension::new(self.points.dim().get()).ok()?;
            let degrees = Degrees::new(self.degrees.iter().map(|(degree, _)| *degree)).ok()?;
            (context.pipeline.spectrum)(kernel, dim, &degrees, &Goal::digits(Digits::new(DIGITS).ok()?)).ok()
        };
        let values = found().map_or_else(Vec::new, |found| found.eigenvalues);
        self.degrees
            .iter()
            .zip(values)
            .map(|((degree, _), value)| (*degree, value.enclosure.midpoint().to_f64()))
            .collect()
    }
}
