//! A user's own kernel matrices, such as empirical tangent kernels: are they symmetric and positive, and are they the kernel's?

mod clusters;

use super::{
    Context, Text,
    data::{self, Analyst, LabelReport, Lowest},
    read,
};
use crate::{
    compare::{
        check::candidates,
        matrix::{self, Comparison},
        train::slope,
    },
    error::{Error, Result},
    gram::{EigenRequest, Sites, Solver, Values, dense},
    kernel::Kernel,
    sample::{
        Data, Header, Labels, Norms, Reading, Source,
        table::{Matrix, Table, file},
    },
};
pub use clusters::ClusterRow;
use clusters::Harmonics;
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

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

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The kernel, if one was given.
    pub kernel: Option<String>,
    /// The file of the points.
    pub data: Option<String>,
    /// The size of the matrices.
    pub points: usize,
    /// How the files were read, a line each.
    pub notes: Vec<String>,
    /// The network that the matrices are of, in words and as a kernel, where it is the kernel's in another convention.
    pub network: Option<[String; 2]>,
    /// One row a matrix.
    pub rows: Vec<Row>,
    /// What the means of several matrices say, each over the kernel's own value.
    pub means: Vec<Mean>,
    /// The slope of the deviation on the width, both in logarithms; -1/2 is expected.
    pub rate: Option<Rate>,
    /// The verdict.
    pub verdict: Verdict,
}

/// One matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// The file.
    pub file: String,
    /// The width of its network, if it was given.
    pub width: Option<u64>,
    /// The largest asymmetry, over the largest entry.
    pub asymmetry: f64,
    /// Eigenvalues of the matrix over the number of points, falling.
    pub eigenvalues: Vec<f64>,
    /// Up to this size a negative eigenvalue is rounding.
    pub rounding: f64,
    /// Is the lowest eigenvalue negative beyond that?
    pub indefinite: bool,
    /// Eigenvalues above the rounding.
    pub rank: usize,
    /// The comparison with the kernel.
    pub comparison: Option<Comparison>,
    /// Eigenvalues by the harmonics that their eigenvectors lie in, where there are points on a sphere.
    pub clusters: Vec<ClusterRow>,
    /// What the matrix makes of the labels; empty without labels.
    #[serde(flatten)]
    pub label: LabelReport,
}

/// A mean over matrices with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mean {
    /// What is averaged.
    pub of: String,
    /// The interval of its ratio to the kernel's own.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The scale of the matrices where it is a known factor, else 1.
    pub scale: f64,
    /// Does the interval hold the scale?
    pub consistent: bool,
}

/// A slope with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rate {
    /// The slope.
    pub slope: f64,
    /// Its interval, from three widths on.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// The verdict on the matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Symmetric and positive; no kernel was given to compare with.
    Positive,
    /// A negative eigenvalue beyond rounding.
    Indefinite,
    /// Every entry is the kernel's, up to a known scale and rounding.
    Equal,
    /// The entries differ, and the means over the matrices agree with the kernel at the stated confidence.
    Consistent,
    /// The means over the matrices differ from the kernel.
    Inconsistent,
    /// The entries differ, and there are too few matrices to say whether by chance.
    Undecided,
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
        for (text, other) in candidates::kernels(kernel, points.points.dim().get()) {
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

/// The spectrum of a matrix, whether it is positive to rounding, which harmonics its eigenvectors lie in, and what it makes of labels.
fn row(
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

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut notes = Vec::new();
        let Files { matrices, labels: beside } = self.read(&mut notes)?;
        let n = matrices.first().map_or(0, |(first, _)| first.width);
        let vectors = if self.data.is_some() { n } else { 0 };
        let wanted = EigenRequest { pairs: vectors, multiplicity: 1 };
        Solver::Dense.within(n, wanted, super::resources::memory())?;
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

fn verdict(rows: &[Row], means: &[Mean]) -> Verdict {
    let equal = |row: &Row| row.comparison.as_ref().is_some_and(|one| one.equal && one.scale_text.is_some());
    if rows.iter().any(|row| row.indefinite) {
        Verdict::Indefinite
    } else if rows.iter().all(|row| row.comparison.is_none()) {
        Verdict::Positive
    } else if rows.iter().all(equal) {
        Verdict::Equal
    } else if means.is_empty() {
        Verdict::Undecided
    } else if means.iter().all(|mean| mean.consistent) {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    }
}

impl super::Report for Report {
    /// Are the matrices positive, and not shown to be another kernel's?
    fn passed(&self) -> bool {
        !matches!(self.verdict, Verdict::Indefinite | Verdict::Inconsistent)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Options as _, super::Report as _, super::Request as _, *};
    use std::{f64::consts::PI, io::Write};

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn rows(n: usize, entry: impl Fn(usize, usize) -> f64) -> String {
        (0..n).map(|i| (0..n).map(|j| entry(i, j).to_string()).collect::<Vec<_>>().join(",") + "\n").collect()
    }

    fn name(file: &tempfile::NamedTempFile) -> String {
        file.path().display().to_string()
    }

    fn angle(i: usize) -> f64 {
        0.7 * i as f64
    }

    fn laplace(i: usize, j: usize) -> f64 {
        (-2.0 * ((angle(i) - angle(j)) / 2.0).sin().abs()).exp()
    }

    fn points(n: usize) -> tempfile::NamedTempFile {
        file(&(0..n).map(|i| format!("{},{}\n", angle(i).cos(), angle(i).sin())).collect::<String>())
    }

    fn run(options: &Options) -> Result<Report> {
        options.build()?.run(&Context::default())
    }

    #[test]
    fn a_matrix_is_set_against_its_kernel() {
        let data = points(7);
        let asked = |matrix: &tempfile::NamedTempFile, kernel: &str| {
            let options = Options {
                matrix: name(matrix).into(),
                data: Some(name(&data).into()),
                kernel: Some(kernel.into()),
                ..Options::default()
            };
            run(&options).unwrap()
        };
        let report = asked(&file(&rows(7, laplace)), "laplace");
        assert!(report.verdict == Verdict::Equal && report.passed());
        let sum: f64 = report.rows[0].eigenvalues.iter().sum();
        assert!((sum - 1.0).abs() < 1e-12, "the trace of K/n is K(1)");
        let report = asked(&file(&rows(7, |i, j| laplace(i, j) / 2.0)), "laplace");
        assert_eq!(
            (report.verdict, report.rows[0].comparison.as_ref().unwrap().scale_text.as_deref()),
            (Verdict::Equal, Some("1/2"))
        );
        assert_eq!(asked(&file(&rows(7, laplace)), "gaussian").verdict, Verdict::Undecided);
        let report = asked(&file(&rows(7, |i, j| laplace(i, j) - if i == j { 1.0 } else { 0.0 })), "laplace");
        assert!(report.verdict == Verdict::Indefinite && !report.passed());
    }

    /// The points alone tell which harmonics the eigenvectors lie in; with the kernel its eigenvalues stand beside them.
    #[test]
    fn eigenvalues_are_gathered_by_harmonics() {
        let (n, step) = (24, std::f64::consts::TAU / 24.0);
        let even = |i: usize, j: usize| (-2.0 * (0.5 * step * (i as f64 - j as f64)).sin().abs()).exp();
        let points: String =
            (0..n).map(|i| format!("{},{}\n", (step * i as f64).cos(), (step * i as f64).sin())).collect();
        let (data, matrix) = (file(&points), file(&rows(n, even)));
        let options =
            Options { matrix: name(&matrix).into(), data: Some(name(&data).into()), ..Options::default() };
        let alone = run(&options).unwrap();
        assert_eq!(alone.verdict, Verdict::Positive);
        let report = run(&Options { kernel: Some("laplace".into()), ..options }).unwrap();
        assert_eq!(report.verdict, Verdict::Equal);
        // Equal steps: the matrix is circulant, its eigenvalues the discrete cosine transform of its first row.
        for (mine, bare) in report.rows[0].clusters.iter().zip(&alone.rows[0].clusters) {
            let k = f64::from(mine.degree);
            let right = (0..n).map(|j| even(0, j) * (k * step * j as f64).cos()).sum::<f64>() / n as f64;
            assert!(
                (mine.mean.unwrap() / right - 1.0).abs() < 1e-12 && mine.alignment > 0.999_999,
                "{mine:?}"
            );
            // Aliases add to the higher degrees.
            let near = if mine.degree < 2 { 0.02 } else { 0.3 };
            assert!((mine.predicted.unwrap() / right - 1.0).abs() < near && bare.predicted.is_none());
            assert_eq!((bare.mean, mine.members), (mine.mean, mine.multiplicity));
        }
        assert!(report.rows[0].clusters.len() >= 4);
    }

    /// The kernel of the same network with weights of variance 1 is recognised as that, not refused.
    #[test]
    fn a_network_in_another_convention_is_recognised() {
        let data = points(6);
        let narrow = |i: usize, j: usize| {
            let angle = (angle(i) - angle(j)).cos().clamp(-1.0, 1.0).acos();
            // Theta of ntk:depth=1,b=1/10,w=1, by hand.
            let (ramp, step) =
                ((angle.sin() + (PI - angle) * angle.cos()) / (2.0 * PI), (PI - angle) / (2.0 * PI));
            (angle.cos() + 0.1) * step + ramp + 0.1
        };
        let matrix = file(&rows(6, narrow));
        let options = Options {
            matrix: name(&matrix).into(),
            data: Some(name(&data).into()),
            kernel: Some("ntk:depth=1,b=0.1".into()),
            ..Options::default()
        };
        let report = run(&options).unwrap();
        assert_eq!(report.verdict, Verdict::Equal, "{report:?}");
        assert!(report.network.unwrap()[0].contains("variance 1"));
    }

    /// Labels beside the matrix: the residual of each row left out is that of fitting to the other rows, here by hand for two rows.
    #[test]
    fn labels_are_learned_with_the_matrix_itself() {
        let matrix = file("2,1,1\n1,3,-1\n");
        let options = Options {
            matrix: name(&matrix).into(),
            label: Some("3".into()),
            ridge: Some("1".into()),
            ..Options::default()
        };
        let report = run(&options).unwrap();
        let label = &report.rows[0].label;
        let at = label.ridges.as_ref().unwrap().rows.iter().find(|row| row.ridge == 1.0).unwrap();
        // From row 2: k y/(k_22 + 1) = -1/4 for 1; from row 1: 1/3 for -1.
        let right = 0.5 * (1.25f64.powi(2) + (4.0f64 / 3.0).powi(2));
        assert!((at.leave_one_out - right).abs() < 1e-12, "{at:?} {right}");
        assert_eq!(report.rows[0].eigenvalues.len(), 2);
        let without = run(&Options { label: None, ridge: None, ..options });
        assert!(without.unwrap_err().to_string().contains("square"));
    }

    /// Rows off the sphere: a linear kernel network keeps their norms.
    #[test]
    fn norms_are_kept_where_asked() {
        let x = |i: usize| 0.5 + 0.25 * i as f64;
        let data = file(&(0..5).map(|i| format!("{}\n", x(i))).collect::<String>());
        // Rows of one feature, all on one side: relu is linear there, Theta = 2 x x'.
        let matrix = file(&rows(5, |i, j| 2.0 * x(i) * x(j)));
        let options = Options {
            matrix: name(&matrix).into(),
            data: Some(name(&data).into()),
            kernel: Some("ntk:depth=1".into()),
            ..Options::default()
        };
        assert!(run(&options).unwrap_err().to_string().contains("column of ones"));
        let report = run(&Options { norms: "keep".into(), ..options }).unwrap();
        assert_eq!((report.verdict, report.rows[0].rank), (Verdict::Equal, 1));
        assert!(report.rows[0].clusters.is_empty());
    }

    #[test]
    fn several_matrices_give_a_rate_and_a_verdict() {
        let data = points(6);
        let noise = |i: usize, j: usize, s: f64| {
            (((i.min(j) * 31 + i.max(j) * 17) as f64 + 101.0 * s) * 12.9898).sin()
        };
        let widths = [64u64, 256, 1024, 4096];
        let files: Vec<_> = widths
            .iter()
            .map(|m| file(&rows(6, |i, j| laplace(i, j) + noise(i, j, 1.0) / (*m as f64).sqrt() / 20.0)))
            .collect();
        let list = |files: &[tempfile::NamedTempFile]| files.iter().map(name).collect::<Vec<_>>().join(",");
        let options = Options {
            matrix: list(&files).into(),
            data: Some(name(&data).into()),
            kernel: Some("laplace".into()),
            widths: Some("64,256,1024,4096".into()),
            ..Options::default()
        };
        let rate = run(&options).unwrap().rate.unwrap();
        assert!((rate.slope + 0.5).abs() < 0.02, "{}", rate.slope);
        let seeds: Vec<_> =
            (0..6).map(|s| file(&rows(6, |i, j| laplace(i, j) + 0.01 * noise(i, j, f64::from(s))))).collect();
        let options = Options { matrix: list(&seeds).into(), widths: None, ..options };
        assert_eq!(run(&options).unwrap().verdict, Verdict::Consistent);
        let halves: Vec<_> = (0..6)
            .map(|s| file(&rows(6, |i, j| 0.5 * laplace(i, j) + 0.002 * noise(i, j, f64::from(s)))))
            .collect();
        let half = run(&Options { matrix: list(&halves).into(), ..options.clone() }).unwrap();
        assert_eq!(half.verdict, Verdict::Consistent, "half the kernel is a convention");
        let wrong: Vec<_> = (0..6)
            .map(|s| file(&rows(6, |i, j| 1.3 * laplace(i, j) + 0.01 * noise(i, j, f64::from(s)))))
            .collect();
        let report = run(&Options { matrix: list(&wrong).into(), ..options }).unwrap();
        assert!(report.verdict == Verdict::Inconsistent && !report.passed());
    }

    #[test]
    fn bad_input_is_refused_with_its_field() {
        let square = file(&rows(4, laplace));
        let asked = |matrix: String, data: Option<String>, kernel: Option<&str>, widths: Option<&str>| {
            let options = Options {
                matrix: matrix.into(),
                data: data.map(Text::from),
                kernel: kernel.map(Text::from),
                widths: widths.map(Text::from),
                ..Options::default()
            };
            run(&options).unwrap_err().to_string()
        };
        let (data, larger) = (points(5), file(&rows(5, laplace)));
        for (message, words) in [
            (asked(name(&square), Some(name(&data)), Some("laplace"), None), "one for each row"),
            (asked(name(&square), None, Some("laplace"), None), "data beside it"),
            (asked(name(&data), None, None, None), "square"),
            (asked(format!("{},{}", name(&square), name(&larger)), None, None, None), "one size"),
            (asked(name(&square), None, None, Some("1,2")), "one width"),
            (asked("/nowhere.npy".into(), None, None, None), "/nowhere.npy"),
        ] {
            assert!(message.contains(words) && !message.contains('\n'), "{message}");
        }
    }
}
