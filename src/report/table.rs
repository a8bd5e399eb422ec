//! Tables of eigenvalues, and their plot.

use super::{
    Show,
    grid::{Column, Grid},
    plot::{Axis, Plot, Series, Style, degrees},
};
use crate::experiment::{
    read::Choice,
    table::{Kind, Normalization, Report, Row, Table},
};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        self.tables.iter().map(|table| grid(table, self.explain)).collect()
    }

    fn records(&self) -> Vec<Grid> {
        let mut heads = vec![
            "kernel",
            "dim",
            "normalization",
            "degree",
            "multiplicity",
            "exact",
            "value",
            "error_bound",
            "kind",
        ];
        heads.extend(self.explain.then_some("route"));
        let of_table = |table: &Table| {
            let own = [table.kernel.clone(), table.dim.to_string(), table.normalization.to_string()];
            let record = move |row: &Row| own.iter().cloned().chain(cells(row, self.explain)).collect();
            table.rows.iter().map(record).collect::<Vec<Vec<String>>>()
        };
        let captions = |table: &Table| {
            let title = format!("S^{}: ", table.dim);
            captions(table).into_iter().map(move |caption| title.clone() + &caption).collect::<Vec<_>>()
        };
        vec![Grid {
            title: "Eigenvalues".into(),
            captions: self.tables.iter().flat_map(captions).collect(),
            columns: heads.into_iter().map(|head| (head.to_owned(), Column::Left)).collect(),
            rows: self.tables.iter().flat_map(of_table).collect(),
        }]
    }
}

/// The formula, the normalisation, `K(1)` and the trace, and what to be wary of.
fn captions(table: &Table) -> Vec<String> {
    let share = table.trace.share.as_ref();
    let mut captions = vec![
        format!("K = {}", table.formula),
        format!(
            "{}; {}K(1) = {}; sum of lambda_k N(d,k) over the rows = {}{}",
            measure(table),
            if scaled(table) { "in the probability normalization: " } else { "" },
            table.at_one,
            table.trace.sum,
            share.map_or_else(String::new, |share| format!(", {share} of K(1)"))
        ),
    ];
    captions.extend(table.convention.as_ref().map(|written| {
        format!(
            "{}: {}; d = {} is S^{} ({})",
            written.name, written.text, written.dim, table.dim, written.source
        )
    }));
    captions.extend(table.trace.beyond.as_ref().map(|beyond| {
        format!(
            "degrees above {} hold {}, proved to within {} (the expansion at the ends)",
            beyond.degree, beyond.sum, beyond.error_bound
        )
    }));
    captions.extend(table.notes.iter().cloned());
    captions
}

/// In which measure or convention the values are.
fn measure(table: &Table) -> String {
    match &table.convention {
        Some(written) => format!("values as in {}: eigenvalues times {}", written.name, written.factor),
        None => format!("{} normalization", table.normalization),
    }
}

/// Are values multiples of eigenvalues, of which `K(1)` and the trace speak? Those of the series are their own parts of the trace.
fn scaled(table: &Table) -> bool {
    table.convention.is_some() || table.normalization == Normalization::Surface.name()
}

fn grid(table: &Table, explain: bool) -> Grid {
    let mut columns = vec![
        ("k", Column::Right),
        ("N(d,k)", Column::Right),
        ("exact", Column::Elastic),
        ("value", Column::Left),
        ("error", Column::Left),
        ("kind", Column::Left),
    ];
    columns.extend(explain.then_some(("route", Column::Left)));
    Grid {
        title: format!("Eigenvalues of {} on S^{}", table.kernel, table.dim),
        captions: captions(table),
        columns: columns.into_iter().map(|(head, column)| (head.to_owned(), column)).collect(),
        rows: table.rows.iter().map(|row| cells(row, explain)).collect(),
    }
}

/// The cells of a row, with its route if that is to be explained.
fn cells(row: &Row, explain: bool) -> Vec<String> {
    let mut cells = vec![
        row.degree.to_string(),
        row.multiplicity.clone(),
        row.exact_text.clone().unwrap_or_default(),
        row.value.clone(),
        row.error_bound.clone(),
        row.kind.name().into(),
    ];
    cells.extend(explain.then(|| row.route.name().into()));
    cells
}

/// Eigenvalues against degree on logarithmic axes, one series a sphere.
pub fn plot(report: &Report) -> Plot {
    let first = report.tables.first();
    let normalization = first.map_or_else(String::new, measure);
    let spheres: Vec<String> = report.tables.iter().map(|table| format!("S^{}", table.dim)).collect();
    let series = |table: &Table| {
        let point = |row: &Row| Some((row.degree as f64, row.value.parse().ok()?));
        let points: Vec<(f64, f64)> = table.rows.iter().filter_map(point).collect();
        Series::new(format!("S^{{{}}}", table.dim), Style::Joined, points)
    };
    Plot {
        title: format!("Eigenvalues of {}", first.map_or("", |table| &table.kernel)),
        caption: format!(
            "A straight line is a power law: on S^{{d}}, k^{{\u{2212}(d+1)}} for tangent kernels of ReLU networks.{}",
            zeros(report)
        ),
        alt: format!(
            "Eigenvalue against degree on logarithmic axes for {}; {normalization}.",
            spheres.join(", ")
        ),
        x: Axis::log("degree k").whole(),
        y: Axis::log(format!("eigenvalue \u{3bb}_k ({normalization})")),
        series: report.tables.iter().map(series).collect(),
    }
}

/// Which degrees are proved zero, where lines break.
fn zeros(report: &Report) -> String {
    let of = |table: &Table| -> Vec<u64> {
        table.rows.iter().filter(|row| row.kind == Kind::Zero).map(|row| row.degree).collect()
    };
    let all: Vec<Vec<u64>> = report.tables.iter().map(of).collect();
    let sentence = |zeros: &[u64], sphere: String| match zeros {
        [] => String::new(),
        zeros => format!(" Proved zero{sphere}: k = {}.", degrees(zeros)),
    };
    match &all[..] {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => sentence(first, String::new()),
        _ => {
            let each = report.tables.iter().zip(&all);
            each.map(|(table, zeros)| sentence(zeros, format!(" on S^{{{}}}", table.dim))).collect()
        }
    }
}
