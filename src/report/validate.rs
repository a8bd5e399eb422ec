//! What a validation shows: the table of its claims, and the page with their figures.

use super::{
    Show,
    grid::{Column, Grid},
    html::{Block, Claim, Page, Section, Status},
    plot::{Axis, Plot, Series, Style},
};
use crate::{
    error::{Error, Result},
    experiment::{
        table,
        validate::{self, Course, Figures, Report, Row, Trained},
    },
};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let failed = self.rows.iter().filter(|row| row.status == validate::Status::Fails).count();
        let cells = |row: &Row| {
            let status = status(row).name().to_owned();
            vec![row.claim.clone(), row.expected.clone(), row.measured.clone(), status]
        };
        vec![Grid {
            title: format!("{} claims: {} hold, {failed} fail", self.rows.len(), self.rows.len() - failed),
            captions: vec![format!("report: {}", self.report.display())],
            columns: ["claim", "expected", "measured", "status"]
                .map(|head| (head.to_owned(), Column::Wrapped))
                .to_vec(),
            rows: self.rows.iter().map(cells).collect(),
        }]
    }
}

fn status(row: &Row) -> Status {
    match row.status {
        validate::Status::Holds => Status::Holds,
        validate::Status::Fails => Status::Fails,
    }
}

/// The page of a validation.
///
/// # Errors
/// When the report was read back, and holds no figures.
pub fn page(report: &Report) -> Result<Page> {
    let missing = || Error::invalid("report", "one that was read back", "one of a run, with its figures");
    let (figures, manifest) = report.figures.as_ref().zip(report.manifest.clone()).ok_or_else(missing)?;
    let claims = |section| {
        let own = report.rows.iter().filter(|row| row.section == section);
        let claim = |row: &Row| Claim {
            name: row.name.to_string(),
            claim: row.claim.clone(),
            expected: row.expected.clone(),
            measured: row.measured.clone(),
            status: status(row),
            commands: row.commands.clone(),
        };
        Block::Claims(own.map(claim).collect())
    };
    let sections = validate::Section::ALL.map(|(section, heading)| {
        let figures = drawn(section, figures);
        let blocks = figures.into_iter().map(|(name, plot)| Block::Figure { name: name.into(), plot });
        Section { heading: heading.into(), blocks: std::iter::once(claims(section)).chain(blocks).collect() }
    });
    Ok(Page {
        title: "Spectral bias of wide networks: theory against measurement".into(),
        lead: "What follows from the exact spectrum of the neural tangent kernel, beside what samples and real training showed on this \
               machine. No constant is fitted to a measurement."
            .into(),
        sections: sections.into(),
        manifest,
    })
}

/// The figures of a section, with their names.
fn drawn(section: validate::Section, figures: &Figures) -> Vec<(&'static str, Plot)> {
    match section {
        validate::Section::Spectrum => {
            vec![("eigenvalues", eigenvalues(figures)), ("exponents", exponents(&figures.exponents))]
        }
        validate::Section::Samples => vec![("clusters", super::gram::plot(&figures.clusters))],
        validate::Section::Training => {
            let results: Vec<_> =
                figures.steps.iter().map(|(trained, name)| (&trained.report, *name)).collect();
            vec![
                ("steps", super::train::plot(&results)),
                ("mixture", mixture(&figures.mixture)),
                ("early-stopping", early_stopping(figures)),
            ]
        }
    }
}

/// Local exponents against the degree, from the quotients of neighbours, with their limits `d + 1`.
fn exponents(report: &table::Report) -> Plot {
    let mut series = Vec::new();
    for table in &report.tables {
        let value = |row: &table::Row| row.value.parse::<f64>().ok();
        let exponent = |pair: &[table::Row]| {
            let (k, next) = (pair[0].degree as f64, pair[1].degree as f64);
            let apart = next - k == 2.0;
            // Near 1, so that the logarithm of the quotient keeps its digits.
            let fall = -((value(&pair[1])? - value(&pair[0])?) / value(&pair[0])?).ln_1p();
            apart.then(|| ((k + 1.0), fall / (2.0 / k).ln_1p()))
        };
        let points: Vec<(f64, f64)> = table.rows.windows(2).filter_map(exponent).collect();
        let limit = f64::from(table.dim + 1);
        series.push(Series::new(format!("d = {}", table.dim), Style::Joined, points));
        series.push(Series::new(format!("limit {limit}"), Style::Beside, [(1.0, limit), (1e6, limit)]));
    }
    Plot {
        title: "The local exponent on S^d tends to d + 1".into(),
        caption: "Exponents of the two-layer model with bias between neighbours k and k + 2, k even: the marker of each stands midway, at k + 1. Level \
                  lines: the limits d + 1, which the paper's figure at k = 800 to 1000 is still below for large d, by a factor of about k/(k + (d-1)/2)."
            .into(),
        alt: "Local exponents against the degree up to a million for six spheres, each beside a level line at d + 1.".into(),
        x: Axis::log("degree, midway between k and k + 2").whole(),
        y: Axis::log("-d log lambda_k / d log k"),
        series,
    }
}

/// Eigenvalues against degree on `S^2` for several kernels, with the law of the two-layer model.
fn eigenvalues(figures: &Figures) -> Plot {
    let tables = figures.eigenvalues.iter().flat_map(|report| &report.tables);
    let series = tables.map(|table| {
        let point = |row: &crate::experiment::table::Row| {
            let value: f64 = row.value.parse().ok()?;
            (value > 0.0).then_some((row.degree as f64, value))
        };
        let points: Vec<(f64, f64)> = table.rows.iter().filter_map(point).collect();
        Series::new(table.kernel.clone(), Style::Markers, points)
    });
    // Gamma(3/2)^2 / pi^2 = 1 / (4 pi).
    let law = |k: u32| (f64::from(k), (f64::from(k) + 0.5).powi(-3) / (4.0 * std::f64::consts::PI));
    let law = Series::new("(k + 1/2)^{-3} / (4 pi)", Style::Dashed, (1..=60).map(law));
    Plot {
        title: "Eigenvalues on S^2 fall like k^{-3}".into(),
        caption: "Markers: eigenvalues of four kernels; dashed: a power law. Without bias the odd degrees from 3 on are missing: they are proved zero.".into(),
        alt: "Log-log plot of eigenvalues against degree for four kernels, beside the power law with exponent -3.".into(),
        x: Axis::log("degree k").whole(),
        y: Axis::log("eigenvalue (probability normalization)"),
        series: series.chain([law]).collect(),
    }
}

/// What is left of each frequency of a mixture, over the steps.
fn mixture(trained: &Trained) -> Plot {
    let series = |course: &Course| {
        let later = course.points.iter().filter(|(step, _)| *step > 0);
        let points = later.map(|(step, left)| (*step as f64, left.abs()));
        Series::new(format!("k = {}", course.degree), Style::Line, points)
    };
    Plot {
        title: "Two frequencies of one target during training".into(),
        caption:
            "What is left of two frequencies of equal size in one target, over the steps of real training."
                .into(),
        alt: "The components of the residual along two frequencies against steps, a curve each.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("component of the residual along the frequency"),
        series: trained.courses.iter().map(series).collect(),
    }
}

/// Early stopping as the spectrum predicts it, and the least error of each run.
fn early_stopping(figures: &Figures) -> Plot {
    let curve = figures.early_stopping.early_stopping.rows.iter();
    let curve = curve.map(|row| (row.steps as f64, row.error)).filter(|(steps, _)| *steps > 0.0);
    let runs = &figures.noisy.report.early_stopping;
    let least = runs.iter().map(|stop| (stop.measured_step as f64, stop.measured_error));
    Plot {
        title: "Early stopping: the expected error, and the least of each run".into(),
        caption: "Line: the error expected by the spectrum alone. Points: the least error of each trained network on fresh points, and its step.".into(),
        alt: "The expected test error against the number of steps, and the least test errors of trained networks.".into(),
        x: Axis::log("steps"),
        y: Axis::linear("mean square error to the clean target"),
        series: vec![
            Series::new("by the spectrum", Style::Line, curve),
            Series::new("least of each run", Style::Markers, least),
        ],
    }
}
