//! The tables of a user's kernel matrices.

use super::{
    Show, data,
    grid::{Column, Grid},
};
use crate::experiment::matrix::{ClusterRow, Report, Row, Verdict};

/// Eigenvalues shown of each matrix.
const SHOWN: usize = 10;

fn figure(x: f64) -> String {
    format!("{x:.6e}")
}

impl Verdict {
    fn text(self) -> &'static str {
        match self {
            Self::Positive => "symmetric and positive to rounding",
            Self::Indefinite => "NOT POSITIVE DEFINITE",
            Self::Equal => "equal to the kernel, entry by entry",
            Self::Consistent => "consistent with the kernel in the mean",
            Self::Inconsistent => "INCONSISTENT with the kernel in the mean",
            Self::Undecided => {
                "not the kernel's entries; several matrices (seeds) would tell chance from another kernel"
            }
        }
    }
}

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let heads = [
            "file",
            "width",
            "asymmetry",
            "lowest",
            "rounding",
            "rank",
            "scale",
            "deviation",
            "furthest entry",
            "alignment",
        ];
        let cells = |row: &Row| {
            let comparison = row.comparison.as_ref();
            let of =
                |f: &dyn Fn(&crate::compare::matrix::Comparison) -> String| comparison.map_or("-".into(), f);
            vec![
                row.file.clone(),
                row.width.map_or("-".into(), |width| width.to_string()),
                format!("{:.1e}", row.asymmetry),
                row.eigenvalues.last().map_or("-".into(), |x| figure(*x)),
                format!("{:.1e}", row.rounding),
                row.rank.to_string(),
                of(&|one| one.scale_text.clone().unwrap_or_else(|| figure(one.scale))),
                of(&|one| format!("{:.3e}", one.deviation)),
                of(&|one| {
                    format!(
                        "({}, {}): {}, {} expected",
                        one.furthest.row,
                        one.furthest.column,
                        figure(one.furthest.given),
                        figure(one.furthest.right)
                    )
                }),
                of(&|one| format!("{:.6}", one.alignment)),
            ]
        };
        let mut captions = vec![
            "eigenvalues are those of the matrix over the number of points; the deviation is |M - c K| / |c K| with the scale c \
             that is nearest"
                .to_owned(),
        ];
        captions.extend(self.notes.iter().cloned());
        captions.extend(self.means.iter().map(|mean| {
            let verdict = if mean.consistent { "holds" } else { "does not hold" };
            format!(
                "{} over the kernel's own: {} .. {}, which {verdict} the scale {}",
                mean.of,
                figure(mean.low),
                figure(mean.high),
                mean.scale
            )
        }));
        captions.extend(self.rate.as_ref().map(|rate| {
            let interval = rate
                .low
                .zip(rate.high)
                .map_or(String::new(), |(low, high)| format!(" ({low:.3} .. {high:.3})"));
            format!("the deviation falls like width^{:.3}{interval}; -0.5 is expected", rate.slope)
        }));
        captions.extend(
            self.network.as_ref().map(|[text, kernel]| format!("the entries are those of {kernel}: {text}")),
        );
        let against = self.kernel.as_ref().map_or(String::new(), |kernel| format!(" against {kernel}"));
        let column = |(i, head): (usize, &&str)| {
            ((*head).to_owned(), if i == 0 || i == 8 { Column::Elastic } else { Column::Right })
        };
        let first = Grid {
            title: format!("Kernel matrices of {} points{against}: {}", self.points, self.verdict.text()),
            captions,
            columns: heads.iter().enumerate().map(column).collect(),
            rows: self.rows.iter().map(cells).collect(),
        };
        let leading = |i: usize| {
            let value = |row: &Row| row.eigenvalues.get(i).map_or("-".into(), |x| figure(*x));
            std::iter::once((i + 1).to_string()).chain(self.rows.iter().map(value)).collect()
        };
        let columns = std::iter::once("i".to_owned()).chain(self.rows.iter().map(|row| row.file.clone()));
        let second = Grid {
            title: "Leading eigenvalues of M/n".into(),
            captions: vec![],
            columns: columns.map(|head| (head, Column::Right)).collect(),
            rows: (0..self.points.min(SHOWN)).map(leading).collect(),
        };
        let mut grids = vec![first, second];
        grids.extend(clusters(self));
        for row in self.rows.iter().filter(|row| row.label.learning_curve.is_some()) {
            let named = |grid: Grid| Grid { title: format!("{}: {}", row.file, grid.title), ..grid };
            let mut own: Vec<Grid> =
                data::of_labels(&row.label, row.rank, self.points).into_iter().map(named).collect();
            if let Some(first) = own.first_mut() {
                first.captions.extend(data::label_remarks(&row.label));
            }
            grids.extend(own);
        }
        grids
    }

    /// Every eigenvalue of every matrix.
    fn records(&self) -> Vec<Grid> {
        let heads =
            ["file", "width", "kernel", "points", "rank", "eigenvalue", "scale", "deviation", "alignment"];
        let cells = |row: &Row, i: usize, value: f64| {
            let one = row.comparison.as_ref();
            let of = |f: &dyn Fn(&crate::compare::matrix::Comparison) -> f64| {
                one.map_or(String::new(), |one| f(one).to_string())
            };
            vec![
                row.file.clone(),
                row.width.map_or(String::new(), |width| width.to_string()),
                self.kernel.clone().unwrap_or_default(),
                self.points.to_string(),
                (i + 1).to_string(),
                value.to_string(),
                of(&|one| one.scale),
                of(&|one| one.deviation),
                of(&|one| one.alignment),
            ]
        };
        let rows = self
            .rows
            .iter()
            .flat_map(|row| row.eigenvalues.iter().enumerate().map(move |(i, value)| cells(row, i, *value)));
        vec![Grid {
            title: "Eigenvalues of the matrices over the number of points".into(),
            captions: vec![],
            columns: heads.map(|head| (head.to_owned(), Column::Right)).to_vec(),
            rows: rows.collect(),
        }]
    }
}

/// Eigenvalues by the harmonics that their eigenvectors lie in.
fn clusters(report: &Report) -> Option<Grid> {
    let cells = |row: &Row| {
        let own = |cluster: &ClusterRow| {
            vec![
                row.file.clone(),
                cluster.degree.to_string(),
                format!("{} of {}", cluster.members, cluster.multiplicity),
                cluster.mean.map_or("-".into(), figure),
                cluster.predicted.map_or("-".into(), figure),
                format!("{:.4}", cluster.alignment),
            ]
        };
        row.clusters.iter().map(own).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = report.rows.iter().flat_map(cells).collect();
    let heads = [
        ("file", Column::Elastic),
        ("k", Column::Right),
        ("eigenvectors", Column::Right),
        ("mean", Column::Right),
        ("lambda_k", Column::Right),
        ("aligned", Column::Right),
    ];
    (!rows.is_empty()).then(|| Grid {
        title: "Eigenvalues of M/n by degree".into(),
        captions: vec![
            "eigenvectors that lie mostly in the harmonics of degree k, and the mean share of them that does; lambda_k: the kernel's eigenvalue, times the \
             scale, to which the mean tends on many points drawn uniformly"
                .into(),
        ],
        columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows,
    })
}
