//! The tables of a user's rows and labels.

use super::{
    Show,
    grid::{Column, Grid, records},
    numbers::figure,
};
use crate::experiment::data::{
    Analysis, ClassReport, LabelReport, Regression, RegressionRow, Report, RidgeRow, Ridges,
};

/// Eigenvalues shown.
const SHOWN: usize = 20;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let [analysis] = &self.analyses[..] else { return several(self) };
        let mut grids = vec![eigenvalues(self, analysis)];
        grids.extend(of_labels(&analysis.label, analysis.rank, self.summary.points));
        grids
    }

    fn records(&self) -> Vec<Grid> {
        let record = |analysis: &Analysis, i: usize| {
            let label = &analysis.label;
            let cell = |values: &Option<Vec<f64>>| {
                values.as_ref().map_or_else(String::new, |values| values[i].to_string())
            };
            vec![
                ("kernel", analysis.kernel.clone()),
                ("data", self.summary.data.clone()),
                ("points", self.summary.points.to_string()),
                ("dim", self.summary.dim.to_string()),
                ("i", (i + 1).to_string()),
                ("eigenvalue", analysis.eigenvalues[i].to_string()),
                ("label_energy", cell(&label.label_energies)),
                ("cumulative_power", cell(&label.cumulative_power)),
            ]
        };
        let all = self
            .analyses
            .iter()
            .flat_map(|analysis| (0..analysis.eigenvalues.len()).map(move |i| record(analysis, i)));
        vec![records("Eigenvalues", rows(self), all.collect())]
    }
}

/// What eigenpairs of a matrix of this rank, of so many rows, say of labels.
pub(super) fn of_labels(label: &LabelReport, rank: usize, points: usize) -> Vec<Grid> {
    let mut grids = vec![];
    grids.extend(label.learning_curve.as_ref().map(|curve| Grid {
        title: "Learning curve of the labels".into(),
        captions: vec!["share of their energy left after t steps of descent of size 1/(n lambda_max)".into()],
        columns: right(&["t", "left"]),
        rows: curve.iter().map(|at| vec![at.steps.to_string(), figure(at.left)]).collect(),
    }));
    grids.extend(label.regression.as_ref().map(|found| regression(label, (rank, points), found)));
    grids.extend(label.regression.as_ref().and_then(fits));
    grids.extend(label.ridges.as_ref().map(|found| ridges(found, label)));
    grids.extend(label.classes.as_ref().map(|found| classes(found)));
    grids
}

fn right(heads: &[&str]) -> Vec<(String, Column)> {
    heads.iter().map(|head| ((*head).to_owned(), Column::Right)).collect()
}

fn maybe(x: Option<f64>) -> String {
    x.map_or("-".into(), figure)
}

/// The mean square of the labels.
fn energy(label: &LabelReport) -> Option<f64> {
    label.label_energies.as_ref().map(|energies| energies.iter().sum())
}

/// What there is to say of the rows.
fn rows(report: &Report) -> Vec<String> {
    let summary = &report.summary;
    let [low, high] = summary.norms;
    let (low, high) = (figure(low), figure(high));
    let norms = if summary.norms_kept {
        format!(
            "{} rows with their own norms, {low} to {high}: kernels of points off the sphere",
            summary.points
        )
    } else {
        format!(
            "{} rows on S^{}; {} of them were rescaled to norm 1 (norms were {low} to {high})",
            summary.points, summary.dim, summary.rows_normalised
        )
    };
    std::iter::once(norms).chain(summary.notes.iter().cloned()).collect()
}

/// What there is to say of one kernel on the rows.
fn remarks(report: &Report, analysis: &Analysis) -> Vec<String> {
    let mut lines =
        vec![format!("eigenvalues of K/n; numerical rank {} of {}", analysis.rank, report.summary.points)];
    if analysis.lowest.indefinite {
        let (value, rounding) = (figure(analysis.lowest.value), figure(analysis.lowest.rounding));
        lines.push(format!("NOT POSITIVE DEFINITE: an eigenvalue of {value}, where rounding is {rounding}"));
    }
    if let Some(law) = analysis.capacity {
        lines.push(format!(
            "eigenvalues fall like i^-{} from i = {} to {} (spread of the fit {:.2})",
            figure(law.exponent),
            law.first,
            law.last,
            law.spread
        ));
    }
    if analysis.label.learning_curve.is_some() {
        lines.extend(label_remarks(&analysis.label));
    }
    lines
}

pub(super) fn label_remarks(label: &LabelReport) -> Vec<String> {
    let mut lines = vec![match (label.generalisation_bound, label.outside_range) {
        (Some(bound), _) => format!("generalisation bound sqrt(2 y^T K^-1 y / n) = {}", figure(bound)),
        (None, Some(share)) => format!(
            "no generalisation bound: the labels do not lie in the range of the matrix, a share of {} of their energy is outside",
            figure(share)
        ),
        (None, None) => {
            "no generalisation bound: the matrix is singular to rounding, with no edge to its range that f64 can tell".into()
        }
    }];
    if let (Some(mean), Some(variance)) = (label.mean, label.variance) {
        let (mean, variance) = (figure(mean), figure(variance));
        lines.push(format!(
            "the labels have mean {mean} and variance {variance}; R^2 is 1 - error / variance"
        ));
    }
    if let Some(alignment) = label.alignment {
        lines.push(format!("centred alignment of the kernel with the labels: {}", figure(alignment)));
    }
    if let Some(found) = label.exponents {
        lines.push(format!(
            "capacity {}, source {} (directions {} to {}): if both are powers, errors fall like n^-{} without noise and like n^-{} with \
             noise and the best ridge; an estimate",
            figure(found.eigenvalues.exponent),
            figure(found.source),
            found.labels.first,
            found.labels.last,
            figure(found.noiseless),
            figure(found.noisy)
        ));
    }
    lines
}

fn eigenvalues(report: &Report, analysis: &Analysis) -> Grid {
    let label = &analysis.label;
    let mut captions = rows(report);
    captions.extend(remarks(report, analysis));
    let cells = |i: usize| {
        let mut cells = vec![(i + 1).to_string(), figure(analysis.eigenvalues[i])];
        if let (Some(energies), Some(power), Some(energy)) =
            (&label.label_energies, &label.cumulative_power, energy(label))
        {
            cells.extend([figure(energies[i] / energy), figure(power[i])]);
        }
        cells
    };
    let heads: &[&str] = match label.label_energies {
        Some(_) => &["i", "eigenvalue", "labels", "sum"],
        None => &["i", "eigenvalue"],
    };
    Grid {
        title: format!("{} on the points of {}", analysis.kernel, report.summary.data),
        captions,
        columns: right(heads),
        rows: (0..report.summary.points.min(SHOWN)).map(cells).collect(),
    }
}

fn regression(label: &LabelReport, (rank, points): (usize, usize), found: &Regression) -> Grid {
    let energy = energy(label).unwrap_or(1.0);
    let row = |at: &RegressionRow| {
        let ratio = figure(at.held_out_error / energy);
        let errors = [at.kappa, at.training_error, at.held_out_error].map(figure);
        std::iter::once(at.rows.to_string()).chain(errors).chain([ratio, maybe(at.r_squared)]).collect()
    };
    let mut captions = vec![
        format!(
            "expected mean square errors of kernel regression with ridge {} on rows drawn at random from these, from the eigenvalues and \
             the labels' projections; labels have mean square {}",
            found.ridge,
            figure(energy)
        ),
        "an estimate: too small for labels without noise and a vanishing ridge on low-dimensional points"
            .into(),
    ];
    let off: Vec<String> =
        found.rows.iter().filter(|row| row.is_off()).map(|row| row.rows.to_string()).collect();
    if !off.is_empty() {
        captions.push(format!(
            "THE ESTIMATE DOES NOT HOLD HERE for {} rows: real fits say otherwise",
            off.join(", ")
        ));
    }
    if found.ridge == 0.0 && rank < points {
        captions.push(format!("without a ridge there is no answer past {rank} rows, the rank"));
    }
    Grid {
        title: "Kernel regression on held-out rows".into(),
        captions,
        columns: right(&["rows fitted", "kappa", "on them", "held out", "held out / labels", "R^2"]),
        rows: found.rows.iter().map(row).collect(),
    }
}

/// Real fits beside the estimate, where they are cheap.
fn fits(found: &Regression) -> Option<Grid> {
    let row = |at: &RegressionRow| {
        let fits = at.measured?;
        let errors =
            [Some(fits.training_error), Some(fits.held_out_error), fits.standard_error, fits.r_squared];
        let cells = [at.rows.to_string(), fits.fits.to_string()].into_iter().chain(errors.map(maybe));
        Some(cells.collect())
    };
    let rows: Vec<Vec<String>> = found.rows.iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| Grid {
        title: "The same, fitted and tried".into(),
        captions: vec!["mean square errors of real fits to rows drawn at random, where they are cheap beside the spectrum".into()],
        columns: right(&["rows fitted", "fits", "on them", "held out", "+-", "R^2"]),
        rows,
    })
}

fn ridges(found: &Ridges, label: &LabelReport) -> Grid {
    let variance = label.variance.filter(|variance| *variance > 0.0);
    let r_squared = |error: f64| variance.map(|variance| 1.0 - error / variance);
    let row = |at: &RidgeRow| {
        vec![
            figure(at.ridge),
            figure(at.leave_one_out),
            maybe(r_squared(at.leave_one_out)),
            figure(at.gcv),
            figure(at.training_error),
        ]
    };
    let (by_rows, by_gcv) = (found.best.leave_one_out, found.best.gcv);
    Grid {
        title: "Each row left out, by ridge".into(),
        captions: vec![
            "mean square errors of kernel regression on all other rows: leave-one-out, exactly; generalised cross-validation; and on the rows \
             themselves"
                .into(),
            format!(
                "least leave-one-out error {} at ridge {}; least GCV {} at ridge {}",
                figure(by_rows.leave_one_out),
                figure(by_rows.ridge),
                figure(by_gcv.gcv),
                figure(by_gcv.ridge)
            ),
        ],
        columns: right(&["ridge", "left out", "R^2", "GCV", "on them"]),
        rows: found.rows.iter().map(row).collect(),
    }
}

fn classes(found: &[ClassReport]) -> Grid {
    let row = |at: &ClassReport| {
        let mut cells = vec![at.class.clone(), at.rows.to_string()];
        cells.extend(judged(&at.label));
        cells
    };
    let mut columns = vec![("class".to_owned(), Column::Left), ("rows".to_owned(), Column::Right)];
    columns.extend(right(&JUDGED));
    Grid {
        title: "Each class against the rest".into(),
        captions: vec!["labels 1 for the class and -1 for all others".into()],
        columns,
        rows: found.iter().map(row).collect(),
    }
}

/// What labels come to under one kernel, in one row.
const JUDGED: [&str; 6] = ["alignment", "best ridge", "left out", "R^2", "source", "bound"];

fn judged(label: &LabelReport) -> [String; 6] {
    let best = label.ridges.as_ref().map(|ridges| ridges.best.leave_one_out);
    let variance = label.variance.filter(|variance| *variance > 0.0);
    let r_squared = best.zip(variance).map(|(best, variance)| 1.0 - best.leave_one_out / variance);
    [
        maybe(label.alignment),
        maybe(best.map(|best| best.ridge)),
        maybe(best.map(|best| best.leave_one_out)),
        maybe(r_squared),
        maybe(label.exponents.map(|found| found.source)),
        maybe(label.generalisation_bound),
    ]
}

/// Several kernels side by side.
fn several(report: &Report) -> Vec<Grid> {
    let labelled = report.analyses.iter().any(|analysis| analysis.label.label_energies.is_some());
    let row = |analysis: &Analysis| {
        let best = analysis.label.ridges.as_ref().map(|ridges| ridges.best.leave_one_out.ridge);
        let same = |ridge: &f64| analysis.effective_dimension.iter().find(|at| at.ridge == *ridge);
        let mut cells = vec![
            analysis.kernel.clone(),
            analysis.rank.to_string(),
            figure(analysis.lowest.value),
            figure(analysis.eigenvalues[0]),
            maybe(analysis.capacity.map(|law| law.exponent)),
        ];
        if labelled {
            cells.push(maybe(best.as_ref().and_then(same).map(|at| at.value)));
            cells.extend(judged(&analysis.label));
        }
        cells
    };
    let mut captions = rows(report);
    captions.push(
        "eigenvalues of K/n; capacity: they fall like i^-capacity; left out: the least mean square leave-one-out error over a grid of ridges".into(),
    );
    let indefinite = report.analyses.iter().filter(|analysis| analysis.lowest.indefinite);
    captions.extend(indefinite.map(|analysis| {
        let (value, rounding) = (figure(analysis.lowest.value), figure(analysis.lowest.rounding));
        format!(
            "{} is NOT POSITIVE DEFINITE: an eigenvalue of {value}, where rounding is {rounding}",
            analysis.kernel
        )
    }));
    let mut columns = vec![("kernel".to_owned(), Column::Left)];
    columns.extend(right(&["rank", "lowest", "largest", "capacity"]));
    if labelled {
        columns.extend(right(&["dimension"]));
        columns.extend(right(&JUDGED));
    }
    let mut grids = vec![Grid {
        title: format!("{} kernels on the points of {}", report.analyses.len(), report.summary.data),
        captions,
        columns,
        rows: report.analyses.iter().map(row).collect(),
    }];
    grids.extend(report.similarity.as_ref().map(|similarity| {
        let mut columns = vec![("kernel".to_owned(), Column::Left)];
        columns.extend((1..=report.analyses.len()).map(|i| (i.to_string(), Column::Right)));
        let named = report.analyses.iter().zip(similarity).zip(1..);
        let row = |((analysis, row), i): ((&Analysis, &Vec<Option<f64>>), usize)| {
            let values = row.iter().map(|x| maybe(*x));
            std::iter::once(format!("{i}: {}", analysis.kernel)).chain(values).collect()
        };
        Grid {
            title: "Centred alignment of the kernels with one another".into(),
            captions: vec!["1 for kernels that differ by a factor and a constant only on these rows".into()],
            columns,
            rows: named.map(row).collect(),
        }
    }));
    grids
}
