//! A user's own kernel matrices, such as empirical tangent kernels: are they symmetric and positive, and are they the kernel's?

mod clusters;
mod report;
mod row;
#[cfg(test)]
mod tests;

use super::{
    Context, Text, announce,
    data::{self, Analyst},
    read,
};
use crate::{
    compare::{check::related, matrix, train::slope},
    error::{Error, Result},
    gram::{EigenRequest, Sites, Solver, Values},
    kernel::Kernel,
    sample::{
        Data, Header, Labels, Norms, Reading, Source,
        table::{Matrix, Table, file},
    },
};
pub use clusters::ClusterRow;
use clusters::Harmonics;
use report::verdict;
pub use report::{Comparison, Mean, Rate, Report, Row, Verdict};
use row::row;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Options of [`matrix`](self): those of `hinf gram` for a user's own matrices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// The files of the matrices, with commas between them: `.npy`, `.npz` or text, all of one size.
    pub matrix: Text,
    /// The file of the points that the matrices are of.
    pub data: Option<Text>,
    /// The kernel they are said to be of; it needs the points.
    pub kernel: Option<Text>,
    /// The labels of the rows, to be learned with each matrix as the kernel: a column of the points' file or, without one, of the first matrix's, or an
    /// array beside it in an `.npz` file.
    pub label: Option<Text>,
    /// Ridge `R` of kernel regression on the labels; 0 without it.
    pub ridge: Option<Text>,
    /// The width of the network behind each matrix: then the rate at which they approach the kernel is found.
    pub widths: Option<Text>,
    /// Is the first row of a text file a heading: `auto`, `yes` or `no`.
    pub header: Text,
    /// What becomes of the norms of the points: `unit` or `keep`.
    pub norms: Text,
    /// Confidence of the intervals.
    pub confidence: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            matrix: "".into(),
            data: None,
            kernel: None,
            label: None,
            ridge: None,
            widths: None,
            header: "auto".into(),
            norms: "unit".into(),
            confidence: "0.99".into(),
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    matrices: Vec<PathBuf>,
    data: Option<PathBuf>,
    kernel: Option<Kernel>,
    label: Option<String>,
    ridge: f64,
    widths: Option<Vec<u64>>,
    header: Header,
    norms: Norms,
    confidence: f64,
}

/// Matrices from which on their mean is judged.
const JUDGED: usize = 3;

impl super::Options for Options {
    const COMMAND: &'static str = "gram";
    type Request = Request;
    const INPUTS: &'static [&'static str] = &["matrix", "data"];

    fn build(&self) -> Result<Request> {
        let matrices: Vec<PathBuf> =
            self.matrix.as_str().split(',').map(|file| PathBuf::from(file.trim())).collect();
        if self.kernel.is_some() && self.data.is_none() {
            return Err(Error::invalid(
                "kernel",
                self.kernel.clone().unwrap_or("".into()),
                "data beside it: the points that the matrix is of",
            ));
        }
        let widths = self.widths.as_ref().map(|text| {
            let width = |item: &str| read::whole("widths", &item.into(), 1, u64::MAX);
            let all: Vec<u64> = text.as_str().split(',').map(width).collect::<Result<_>>()?;
            let right = || {
                Error::invalid(
                    "widths",
                    text,
                    format!("one width for each of the {} matrices", matrices.len()),
                )
            };
            if all.len() == matrices.len() { Ok(all) } else { Err(right()) }
        });
        Ok(Request {
            data: self.data.as_ref().map(|text| PathBuf::from(text.as_str())),
            kernel: self.kernel.as_ref().map(|text| read::kernel("kernel", text)).transpose()?,
            label: self.label.as_ref().map(|text| text.as_str().to_owned()),
            ridge: self.ridge.as_ref().map_or(Ok(0.0), |text| read::real("ridge", text, 0.0, false))?,
            widths: widths.transpose()?,
            header: read::choice("header", &self.header)?,
            norms: read::choice("norms", &self.norms)?,
            confidence: read::fraction("confidence", &self.confidence)?,
            matrices,
        })
    }
}

/// How many times the size of all files is needed for the numbers in them, and how many times that of one for a decomposition and a comparison.
const COPIES: [u64; 2] = [2, 8];

impl Request {
    fn reading(&self, label: Option<&String>) -> Reading {
        Reading { label: label.cloned(), header: self.header }
    }

    /// The matrices with their asymmetries, all of one size, and labels where there is no other file that they could be in.
    fn read(&self, notes: &mut Vec<String>) -> Result<Files> {
        let source = |path| Source { path, field: "matrix" };
        let sizes: Vec<u64> =
            self.matrices.iter().map(|path| file::length(source(path))).collect::<Result<_>>()?;
        let needed = COPIES[0] * sizes.iter().sum::<u64>() + COPIES[1] * sizes.iter().max().unwrap_or(&0);
        super::resources::within("matrix", needed, "the matrices and a decomposition")?;
        let mut all: Vec<(Matrix, f64)> = Vec::new();
        let mut labels = None;
        for path in &self.matrices {
            let own = self.label.as_ref().filter(|_| all.is_empty() && self.data.is_none());
            let table = Table::read(source(path), &self.reading(own))?;
            notes.extend(table.notes);
            labels = labels.or(table.labels);
            let field = format!("matrix, {}", path.display());
            let found = matrix::symmetric(&field, table.features)?;
            if let Some((first, _)) = all.first().filter(|(first, _)| first.width != found.0.width) {
                let size = format!("{} x {} in {}", found.0.width, found.0.width, path.display());
                return Err(Error::invalid(
                    "matrix",
                    size,
                    format!("matrices of one size, {} as the first", first.width),
                ));
            }
            all.push(found);
        }
        Ok(Files { matrices: all, labels })
    }

    /// The points of the matrices.
    fn points(&self, n: usize, notes: &mut Vec<String>, context: &Context<'_>) -> Result<Option<Data>> {
        let Some(path) = &self.data else { return Ok(None) };
        let found = data::rows(
            Source { path, field: "data" },
            &self.reading(self.label.as_ref()),
            self.norms,
            context,
        )?;
        if found.points.len() != n {
            let rows = format!("{} rows in {}", found.points.len(), path.display());
            return Err(Error::invalid("data", rows, format!("{n}, one for each row of the matrix")));
        }
        notes.extend(found.notes.iter().cloned());
        Ok(Some(found))
    }

    /// The kernel between the points, entry by entry.
    fn right(&self, kernel: &Kernel, sites: &Sites, context: &Context<'_>) -> Result<Matrix> {
        let values = data::values(kernel, self.norms, context)?;
        Ok(Matrix { width: sites.len(), entries: entries(&values, sites) })
    }

    /// The matrices against the kernel between the points, or against the same network in another convention if that makes every entry equal.
    fn compared(
        &self,
        kernel: &Kernel,
        points: &Data,
        matrices: &[(Matrix, f64)],
        context: &Context<'_>,
    ) -> Result<Compared> {
        let (sites, coordinates) = (data::sites(points), points.points.dim().get() as usize + 1);
        let against = |right: &Matrix| -> Vec<Comparison> {
            matrices.iter().map(|(given, _)| matrix::compare(given, right, coordinates)).collect()
        };
        let equal = |all: &[Comparison]| all.iter().all(|one| one.equal && one.scale_text.is_some());
        let mut own = None;
        for (text, other) in related::kernels(kernel, points.points.dim().get()) {
            context.progress.go_on()?;
            let right = match (self.right(&other, &sites, context), &own) {
                (Err(error), None) => return Err(error),
                // Another network may have no form off the sphere.
                (Err(_), Some(_)) => continue,
                (Ok(right), _) => right,
            };
            let comparisons = against(&right);
            let network = (!text.is_empty()).then(|| [text, other.to_string()]);
            let found = Compared { right, comparisons, network };
            if equal(&found.comparisons) {
                return Ok(found);
            }
            own.get_or_insert(found);
        }
        own.ok_or_else(|| Error::numerical("kernel", kernel, "a kernel"))
    }
}

/// What the files hold.
struct Files {
    /// The matrices with their asymmetries.
    matrices: Vec<(Matrix, f64)>,
    labels: Option<Labels>,
}

/// Matrices against a kernel.
struct Compared {
    right: Matrix,
    comparisons: Vec<Comparison>,
    /// In words and as a kernel, where it is not the one asked for.
    network: Option<[String; 2]>,
}

fn entries(values: &Values, sites: &Sites) -> Vec<f64> {
    let n = sites.len();
    let mut all = vec![0.0; n * n];
    all.chunks_exact_mut(n).enumerate().for_each(|(i, row)| values.row(sites, i, 0, row));
    all
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut notes = Vec::new();
        let Files { matrices, labels: beside } = self.read(&mut notes)?;
        let n = matrices.first().map_or(0, |(first, _)| first.width);
        let vectors = if self.data.is_some() { n } else { 0 };
        let wanted = EigenRequest { pairs: vectors, multiplicity: 1 };
        Solver::Dense.within(n, wanted, super::resources::memory())?;
        let (what, count) = (format!("eigenvectors of matrices of {n} rows"), matrices.len() as u64);
        announce::tell_of_eigenvectors(&what, n, count, context)?;
        let points = self.points(n, &mut notes, context)?;
        let harmonics = points.as_ref().and_then(Harmonics::of);
        let labels = points.as_ref().and_then(|points| points.labels.as_ref()).or(beside.as_ref());
        let analyst = Analyst { kernel: None, labels, ridge: self.ridge, context };
        let mut rows = Vec::new();
        for (i, (path, matrix)) in self.matrices.iter().zip(&matrices).enumerate() {
            context.progress.go_on()?;
            context.progress.at(i as u64, matrices.len() as u64);
            let width = self.widths.as_ref().map(|widths| widths[i]);
            rows.push(row(path, width, matrix, harmonics.as_ref(), &analyst)?);
        }
        let (mut means, mut network) = (Vec::new(), None);
        if let (Some(kernel), Some(points)) = (&self.kernel, &points) {
            let compared = self.compared(kernel, points, &matrices, context)?;
            let predicted = harmonics.as_ref().map(|harmonics| harmonics.predicted(kernel, context));
            for (row, comparison) in rows.iter_mut().zip(compared.comparisons) {
                if let Some(predicted) = predicted.as_ref().filter(|_| compared.network.is_none()) {
                    row.clusters
                        .iter_mut()
                        .for_each(|cluster| cluster.set_beside(predicted, comparison.scale));
                }
                row.comparison = Some(comparison);
            }
            let all: Vec<Matrix> = matrices.into_iter().map(|(matrix, _)| matrix).collect();
            let scales: Vec<Option<f64>> =
                rows.iter().map(|row| row.comparison.as_ref().and_then(|one| one.known_scale)).collect();
            // Only a factor that all matrices share is a convention.
            let scale = scales[0].filter(|_| scales.iter().all(|one| *one == scales[0])).unwrap_or(1.0);
            for (name, interval) in matrix::means(&all, &compared.right, self.confidence) {
                means.extend(interval.filter(|_| all.len() >= JUDGED).map(|ci| Mean {
                    of: name.into(),
                    low: ci.low,
                    high: ci.high,
                    scale,
                    consistent: ci.contains(scale),
                }));
            }
            network = compared.network;
        }
        let points = |row: &Row| Some(((row.width? as f64).ln(), row.comparison.as_ref()?.deviation.ln()));
        let logs: Vec<(f64, f64)> = rows.iter().filter_map(points).filter(|(_, y)| y.is_finite()).collect();
        let rate = slope(&logs, self.confidence).filter(|_| logs.len() > 1);
        let rate = rate.map(|fit| Rate {
            slope: fit.slope,
            low: fit.interval.map(|ci| ci.low),
            high: fit.interval.map(|ci| ci.high),
        });
        let verdict = verdict(&rows, &means);
        Ok(Report {
            schema: "hinf.gram/1".into(),
            kernel: self.kernel.as_ref().map(Kernel::to_string),
            data: self.data.as_ref().map(|path| path.display().to_string()),
            points: n,
            notes,
            network,
            rows,
            means,
            rate,
            verdict,
        })
    }
}
