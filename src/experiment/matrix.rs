//! A user's own kernel matrices, such as empirical tangent kernels: are they symmetric and positive, and are they the kernel's?

use super::{Context, Text, read};
use crate::{
    compare::{
        matrix::{self, Comparison},
        train::slope,
    },
    error::{Error, Result},
    gram::{EigenRequest, Sites, Solver, Values, dense},
    kernel::Kernel,
    sample::{
        Data, Header, Reading, Source,
        table::{Matrix, Table},
    },
};
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
    /// The width of the network behind each matrix: then the rate at which they approach the kernel is found.
    pub widths: Option<Text>,
    /// Is the first row of a text file a heading: `auto`, `yes` or `no`.
    pub header: Text,
    /// Confidence of the intervals.
    pub confidence: Text,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            matrix: "".into(),
            data: None,
            kernel: None,
            widths: None,
            header: "auto".into(),
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
    widths: Option<Vec<u64>>,
    header: Header,
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
    /// Does it hold the scale, 1 or a known factor?
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
            widths: widths.transpose()?,
            header: read::choice("header", &self.header)?,
            confidence: read::fraction("confidence", &self.confidence)?,
            matrices,
        })
    }
}

impl Request {
    fn reading(&self) -> Reading {
        Reading { label: None, header: self.header }
    }

    /// The matrices with their asymmetries, all of one size.
    fn read(&self, notes: &mut Vec<String>) -> Result<Vec<(Matrix, f64)>> {
        let mut all: Vec<(Matrix, f64)> = Vec::new();
        for path in &self.matrices {
            let table = Table::read(Source { path, field: "matrix" }, &self.reading())?;
            notes.extend(table.notes);
            let found = matrix::symmetric("matrix", table.features)?;
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
        Ok(all)
    }

    /// The kernel between the points, entry by entry, and how many coordinates the points have.
    fn right(
        &self,
        path: &Path,
        n: usize,
        kernel: &Kernel,
        notes: &mut Vec<String>,
        context: &Context<'_>,
    ) -> Result<(Matrix, usize)> {
        let data: Data = (context.pipeline.data)(Source { path, field: "data" }, &self.reading())?;
        if data.points.len() != n {
            let found = format!("{} rows in {}", data.points.len(), path.display());
            return Err(Error::invalid("data", found, format!("{n}, one for each row of the matrix")));
        }
        notes.extend(data.notes);
        let (values, sites) = ((context.pipeline.values)(kernel)?, Sites::new(&data.points));
        Ok((Matrix { width: n, entries: entries(&values, &sites) }, data.points.dim().get() as usize + 1))
    }
}

fn entries(values: &Values, sites: &Sites) -> Vec<f64> {
    let n = sites.len();
    let mut all = vec![0.0; n * n];
    all.chunks_exact_mut(n).enumerate().for_each(|(i, row)| values.row(sites, i, 0, row));
    all
}

/// The spectrum of a matrix, and whether it is positive to rounding.
fn row(file: &Path, width: Option<u64>, matrix: &Matrix, asymmetry: f64) -> Result<Row> {
    let n = matrix.width;
    let scaled: Vec<f64> = matrix.entries.iter().map(|x| x / n as f64).collect();
    let eigenvalues = dense::eigenpairs(scaled, n, 0)?.values;
    // Entries that single precision holds exactly were computed in it.
    let single = matrix.entries.iter().all(|x| f64::from(*x as f32) == *x);
    let unit = if single { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let largest = eigenvalues.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let rounding = n as f64 * unit.max(asymmetry) * largest;
    let lowest = eigenvalues.last().copied().unwrap_or(0.0);
    Ok(Row {
        file: file.display().to_string(),
        width,
        asymmetry,
        rank: eigenvalues.iter().filter(|x| x.abs() > rounding).count(),
        indefinite: lowest < -rounding,
        rounding,
        eigenvalues,
        comparison: None,
    })
}

impl super::Request for Request {
    type Report = Report;

    fn run(&self, context: &Context<'_>) -> Result<Report> {
        let mut notes = Vec::new();
        let matrices = self.read(&mut notes)?;
        let n = matrices.first().map_or(0, |(first, _)| first.width);
        Solver::Dense.within(n, EigenRequest { pairs: 0, multiplicity: 1 }, super::resources::memory())?;
        let mut rows = Vec::new();
        for (i, (path, (matrix, asymmetry))) in self.matrices.iter().zip(&matrices).enumerate() {
            context.progress.go_on()?;
            context.progress.at(i as u64, matrices.len() as u64);
            rows.push(row(path, self.widths.as_ref().map(|widths| widths[i]), matrix, *asymmetry)?);
        }
        let mut means = Vec::new();
        if let (Some(kernel), Some(path)) = (&self.kernel, &self.data) {
            let (right, coordinates) = self.right(path, n, kernel, &mut notes, context)?;
            for (row, (given, _)) in rows.iter_mut().zip(&matrices) {
                row.comparison = Some(matrix::compare(given, &right, coordinates));
            }
            let all: Vec<Matrix> = matrices.into_iter().map(|(matrix, _)| matrix).collect();
            let scale = 1.0;
            for (name, interval) in matrix::means(&all, &right, self.confidence) {
                means.extend(interval.filter(|_| all.len() >= JUDGED).map(|ci| Mean {
                    of: name.into(),
                    low: ci.low,
                    high: ci.high,
                    consistent: ci.contains(scale),
                }));
            }
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
    use std::io::Write;

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
