//! The report on a user's rows; with one kernel it serialises to a flat `hinf.gram/1`, with several to one entry a kernel.

use super::regression::{Regression, Ridges};
use crate::{
    gram::exponents::{Exponents, PowerLaw},
    sample::{Data, table::classes::Class},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{borrow::Cow, path::Path};

/// What was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The rows.
    pub summary: DataSummary,
    /// One entry a kernel, at least one.
    pub analyses: Vec<Analysis>,
    /// The centred alignment of the kernels with one another, where there are several; `None` inside for one that is constant on the rows.
    pub similarity: Option<Vec<Vec<Option<f64>>>>,
}

/// One kernel's analysis under its name.
#[derive(Serialize, Deserialize)]
struct Named<A> {
    kernel: String,
    #[serde(flatten)]
    analysis: A,
}

/// The serialised form with one kernel: all of it flat.
#[derive(Serialize, Deserialize)]
struct One<S, A> {
    schema: Cow<'static, str>,
    kernel: String,
    #[serde(flatten)]
    summary: S,
    #[serde(flatten)]
    analysis: A,
}

/// The serialised form with several.
#[derive(Serialize, Deserialize)]
struct Several<S, A> {
    schema: Cow<'static, str>,
    #[serde(flatten)]
    summary: S,
    kernels: Vec<Named<A>>,
    similarity: Option<Vec<Vec<Option<f64>>>>,
}

const SCHEMA: &str = "hinf.gram/1";

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let summary = &self.summary;
        if let [analysis] = &self.analyses[..] {
            let kernel = analysis.kernel.clone();
            return One { schema: SCHEMA.into(), kernel, summary, analysis }.serialize(serializer);
        }
        let one = |analysis: &'_ Analysis| analysis.kernel.clone();
        let named = |analysis| Named { kernel: one(analysis), analysis };
        let kernels = self.analyses.iter().map(named).collect();
        let similarity = self.similarity.clone();
        Several { schema: SCHEMA.into(), summary, kernels, similarity }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Report {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.get("kernels").is_none() {
            let One { kernel, summary, analysis, .. }: One<DataSummary, Analysis> =
                serde_json::from_value(value).map_err(D::Error::custom)?;
            return Ok(Self { summary, analyses: vec![Analysis { kernel, ..analysis }], similarity: None });
        }
        let Several { summary, kernels, similarity, .. }: Several<DataSummary, Analysis> =
            serde_json::from_value(value).map_err(D::Error::custom)?;
        let named = |named: Named<Analysis>| Analysis { kernel: named.kernel, ..named.analysis };
        Ok(Self { summary, analyses: kernels.into_iter().map(named).collect(), similarity })
    }
}

/// The rows as they were read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DataSummary {
    /// The file.
    pub data: String,
    /// The dimension of the sphere on which the rows are.
    pub dim: u32,
    /// How many rows.
    pub points: usize,
    /// How many had a norm other than 1 and were rescaled.
    pub rows_normalised: usize,
    /// The least and the largest norm of a row as it was.
    pub norms: [f64; 2],
    /// Do rows keep their norms?
    pub norms_kept: bool,
    /// What was taken for what in the file, and which rows are the same point, a line each.
    pub notes: Vec<String>,
    /// Rows, from 1, that are the same point: groups of two or more.
    pub duplicates: Vec<Vec<usize>>,
    /// The column of the labels.
    pub label_column: Option<LabelColumn>,
}

/// The column of the labels as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelColumn {
    /// Its heading, its number, or the array's name.
    pub column: String,
    /// The classes and their codes, where it held names.
    pub classes: Option<Vec<Class>>,
}

impl DataSummary {
    pub(in crate::experiment) fn new(path: &Path, data: &Data) -> Self {
        Self {
            data: path.display().to_string(),
            dim: data.points.dim().get(),
            points: data.points.len(),
            rows_normalised: data.normalised,
            norms: [data.norms.0, data.norms.1],
            norms_kept: data.kept.is_some(),
            notes: data.notes.clone(),
            duplicates: data
                .duplicates
                .iter()
                .map(|group| group.iter().map(|row| row + 1).collect())
                .collect(),
            label_column: data
                .labels
                .as_ref()
                .map(|labels| LabelColumn { column: labels.name.clone(), classes: labels.classes.clone() }),
        }
    }
}

/// What one kernel shows on the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Analysis {
    /// The kernel.
    #[serde(skip)]
    pub kernel: String,
    /// The solver.
    pub solver: Cow<'static, str>,
    /// Seconds spent assembling the matrix.
    pub seconds_assemble: f64,
    /// Seconds spent diagonalising it.
    pub seconds_solve: f64,
    /// The eigenvalues of `K/n`, falling.
    pub eigenvalues: Vec<f64>,
    /// How many are above rounding.
    pub rank: usize,
    /// The least eigenvalue.
    pub lowest: Lowest,
    /// What the eigenpairs say of the labels; empty without labels.
    #[serde(flatten)]
    pub label: LabelReport,
    /// `tr K (K + r I)^-1` for each ridge of the grid.
    pub effective_dimension: Vec<EffectiveDimension>,
    /// The power law of the eigenvalues, `i^-exponent`; `None` where too few are above rounding.
    pub capacity: Option<PowerLawReport>,
}

/// The least eigenvalue of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lowest {
    /// The eigenvalue of `K/n`.
    pub value: f64,
    /// What rounding may make of an eigenvalue.
    pub rounding: f64,
    /// Is it negative beyond that?
    pub indefinite: bool,
}

/// The effective dimension at a ridge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EffectiveDimension {
    /// The ridge, added to the diagonal of `K`.
    pub ridge: f64,
    /// The effective dimension.
    pub value: f64,
}

/// A fitted power law `i^-exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PowerLawReport {
    /// The exponent.
    pub exponent: f64,
    /// The root mean square deviation of the logarithms (to base e) from the line.
    pub spread: f64,
    /// The first direction fitted, from 1.
    pub first: usize,
    /// The last.
    pub last: usize,
}

impl From<PowerLaw> for PowerLawReport {
    fn from(PowerLaw { exponent, spread, first, last }: PowerLaw) -> Self {
        Self { exponent, spread, first, last }
    }
}

/// What one eigendecomposition says of labels. Fields are `None` without labels, and from the learning curve on for kernels that are not positive on
/// the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelReport {
    /// The labels' mean square by eigenvector.
    pub label_energies: Option<Vec<f64>>,
    /// The share left after steps of descent.
    pub learning_curve: Option<Vec<Left>>,
    /// Regression fitted to some rows and tried on the others.
    pub regression: Option<Regression>,
    /// The bound `sqrt(2 y^T K^+ y / n)`; `None` where the labels are not known to lie in the range of the matrix.
    pub generalisation_bound: Option<f64>,
    /// The share of the labels' energy outside the range of the matrix; 0 within rounding, `None` where f64 cannot tell.
    pub outside_range: Option<f64>,
    /// The mean of the labels.
    pub mean: Option<f64>,
    /// Their variance (over n), against which R^2 is counted.
    pub variance: Option<f64>,
    /// The share of the labels' energy in the first `i` directions.
    pub cumulative_power: Option<Vec<f64>>,
    /// The centred alignment of the kernel with the labels; `None` if either is constant.
    pub alignment: Option<f64>,
    /// Leave-one-out and generalised cross-validation over a grid of ridges.
    pub ridges: Option<Ridges>,
    /// Capacity and source; `None` where too few directions are above rounding.
    pub exponents: Option<ExponentsReport>,
    /// Each class against the rest, where the labels are classes.
    pub classes: Option<Vec<ClassReport>>,
}

/// One class against the rest: labels 1 for the class and -1 for all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClassReport {
    /// The class.
    pub class: String,
    /// How many rows it has.
    pub rows: usize,
    /// What the eigenpairs say of it.
    #[serde(flatten)]
    pub label: LabelReport,
}

/// What descent has left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Left {
    /// Steps of size `1/(n lambda_max)`.
    pub steps: f64,
    /// The share of the labels' energy.
    pub left: f64,
}

/// Capacity and source, and the learning curve that they imply: an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExponentsReport {
    /// The law of the eigenvalues; its exponent is the capacity `a`.
    pub eigenvalues: PowerLawReport,
    /// The law of the labels' energy past a direction, `2 a r`.
    pub labels: PowerLawReport,
    /// The source exponent `r`.
    pub source: f64,
    /// The error falls like the number of rows to minus this, without noise.
    pub noiseless: f64,
    /// The same with noise and the best ridge.
    pub noisy: f64,
}

impl From<Exponents> for ExponentsReport {
    fn from(found: Exponents) -> Self {
        Self {
            eigenvalues: found.eigenvalues.into(),
            labels: found.labels.into(),
            source: found.source(),
            noiseless: found.noiseless(),
            noisy: found.noisy(),
        }
    }
}
