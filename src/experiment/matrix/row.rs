//! One matrix by itself.

use super::{Row, clusters::Harmonics};
use crate::{
    error::Result,
    experiment::data::{Analyst, Lowest},
    gram::dense,
    sample::table::Matrix,
};
use std::path::Path;

/// The spectrum of a matrix, whether it is positive to rounding, which harmonics its eigenvectors lie in, and what it makes of labels.
pub(super) fn row(
    file: &Path,
    width: Option<u64>,
    (matrix, asymmetry): &(Matrix, f64),
    harmonics: Option<&Harmonics<'_>>,
    analyst: &Analyst<'_>,
) -> Result<Row> {
    let n = matrix.width;
    let scaled: Vec<f64> = matrix.entries.iter().map(|x| x / n as f64).collect();
    let vectors = if analyst.labels.is_some() { n } else { harmonics.map_or(0, Harmonics::vectors) };
    let pairs = dense::eigenpairs(scaled, n, vectors)?;
    let clusters = harmonics.map_or_else(Vec::new, |harmonics| harmonics.clusters(&pairs));
    let eigenvalues = pairs.values.clone();
    // Entries that single precision holds exactly were computed in it.
    let single = matrix.entries.iter().all(|x| f64::from(*x as f32) == *x);
    let unit = if single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let largest = eigenvalues.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let rounding = n as f64 * unit.max(*asymmetry) * largest;
    let lowest = eigenvalues.last().copied().unwrap_or(0.0);
    let indefinite = lowest < -rounding;
    let label = analyst.labelled(&pairs, &Lowest { value: lowest, rounding, indefinite })?;
    Ok(Row {
        file: file.display().to_string(),
        width,
        asymmetry: *asymmetry,
        rank: eigenvalues.iter().filter(|x| x.abs() > rounding).count(),
        indefinite,
        rounding,
        eigenvalues,
        comparison: None,
        clusters,
        label,
    })
}
