//! `hinf gram --data`: the Gram matrix of a user's own points and labels.

use super::{
    super::output::{Outcome, Output},
    measure::memory_limit,
    report::figure,
};
use crate::{
    error::{Error, Result},
    experiment::Pipeline,
    gram::{Eigenpairs, Sites, Solver, Wanted, dense, held_out, labels::Projections},
    kernel::Kernel,
    report::{
        Report,
        grid::{Column, Grid},
    },
    sample::Data,
};
use serde_json::{Value, json};
use std::{path::Path, time::Instant};

/// Eigenvalues printed.
const SHOWN: usize = 20;
/// Steps of descent at which the learning curve is printed.
const STEPS: [f64; 7] = [0.0, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5];

/// The shares of the rows that regression is fitted to.
const FITTED: [f64; 7] = [1.0 / 32.0, 1.0 / 16.0, 0.125, 0.25, 0.5, 0.75, 0.9];

/// Reads, diagonalises, prints.
pub fn run(
    kernel: &Kernel,
    path: &Path,
    label: Option<&str>,
    ridge: f64,
    pipeline: &Pipeline,
    output: &Output,
) -> Result<Outcome> {
    let data = (pipeline.data)(path, label)?;
    let n = data.points.len();
    let vectors = if data.labels.is_some() { n } else { 0 };
    Solver::Dense.within(n, Wanted { pairs: vectors, multiplicity: 1 }, memory_limit())?;
    let (values, sites) = ((pipeline.values)(kernel)?, Sites::new(&data.points));
    let clock = Instant::now();
    let matrix = dense::assemble(&values, &sites);
    let assembled = clock.elapsed().as_secs_f64();
    let pairs = dense::eigenpairs(matrix, n, vectors)?;
    let seconds = (assembled, clock.elapsed().as_secs_f64() - assembled);
    let projections = data.labels.as_ref().map(|labels| Projections::new(&pairs, labels));
    if let Some(energy) = projections.as_ref().map(Projections::energy).filter(|energy| !energy.is_normal()) {
        let expected = "labels that are not all zero, with squares that neither overflow nor vanish";
        return Err(Error::invalid("--label", format!("a mean square of {energy}"), expected));
    }
    let result = Analysis { kernel, path, data: &data, pairs: &pairs, projections, ridge };
    output.emit(&Report { json: result.json(seconds), grids: result.grids() })
}

struct Analysis<'a> {
    kernel: &'a Kernel,
    path: &'a Path,
    data: &'a Data,
    pairs: &'a Eigenpairs,
    projections: Option<Projections>,
    ridge: f64,
}

impl Analysis<'_> {
    fn rounding(&self) -> f64 {
        self.data.points.len() as f64 * f64::EPSILON * self.pairs.values[0].abs()
    }

    fn indefinite(&self) -> bool {
        self.pairs.lowest < -self.rounding()
    }

    fn rank(&self) -> usize {
        self.pairs.values.iter().filter(|value| value.abs() > self.rounding()).count()
    }

    /// The learning curve and the bound speak of kernels that are positive.
    fn positive(&self) -> Option<&Projections> {
        self.projections.as_ref().filter(|_| !self.indefinite())
    }

    /// The expected errors of regression on shares of the rows; those it has no answer for are left out.
    fn regression(&self) -> Vec<held_out::Errors> {
        let all = self.data.points.len();
        let mut rows: Vec<usize> = FITTED.iter().map(|share| (share * all as f64) as usize).collect();
        rows.retain(|rows| *rows > 0);
        rows.dedup();
        let at = |labels: &Projections| -> Vec<held_out::Errors> {
            rows.iter().filter_map(|rows| held_out::errors(labels, self.ridge, *rows).ok()).collect()
        };
        self.positive().map(at).unwrap_or_default()
    }

    fn json(&self, seconds: (f64, f64)) -> Value {
        let curve = |p: &Projections| STEPS.map(|t| json!({"steps": t, "left": p.left_after(t)})).to_vec();
        let modes = |p: &Projections| p.modes.iter().map(|(_, energy)| *energy).collect::<Vec<f64>>();
        json!({
            "schema": "hinf.gram/1",
            "kernel": self.kernel.to_string(),
            "data": self.path.display().to_string(),
            "dim": self.data.points.dim().get(),
            "points": self.data.points.len(),
            "rows_normalised": self.data.normalised,
            "norms": [self.data.norms.0, self.data.norms.1],
            "solver": "dense",
            "seconds_assemble": seconds.0,
            "seconds_solve": seconds.1,
            "eigenvalues": self.pairs.values,
            "rank": self.rank(),
            "lowest": {"value": self.pairs.lowest, "rounding": self.rounding(), "indefinite": self.indefinite()},
            "label_energies": self.projections.as_ref().map(modes),
            "learning_curve": self.positive().map(curve),
            "regression": self.positive().map(|_| json!({
                "ridge": self.ridge,
                "rows": self.regression().iter().map(|at| json!({
                    "rows": at.rows,
                    "kappa": at.kappa,
                    "training_error": at.training,
                    "held_out_error": at.held_out,
                })).collect::<Vec<_>>(),
            })),
            "generalisation_bound": self.positive().and_then(Projections::generalisation_bound),
        })
    }

    fn grids(&self) -> Vec<Grid> {
        let right =
            |heads: &[&str]| heads.iter().map(|head| ((*head).to_owned(), Column::Right)).collect::<Vec<_>>();
        let points = &self.data.points;
        let mut captions = vec![format!(
            "{} rows on S^{}; {} of them were rescaled to norm 1 (norms were {} to {})",
            points.len(),
            points.dim(),
            self.data.normalised,
            figure(self.data.norms.0),
            figure(self.data.norms.1)
        )];
        captions.push(format!("eigenvalues of K/n; numerical rank {} of {}", self.rank(), points.len()));
        if self.indefinite() {
            let (value, rounding) = (figure(self.pairs.lowest), figure(self.rounding()));
            captions.push(format!(
                "NOT POSITIVE DEFINITE: an eigenvalue of {value}, where rounding is {rounding}"
            ));
        }
        if let Some(projections) = self.positive() {
            captions.push(match projections.generalisation_bound() {
                Some(bound) => format!("generalisation bound sqrt(2 y^T K^-1 y / n) = {}", figure(bound)),
                None => "no generalisation bound: the matrix is singular to rounding (duplicate or too many points)".into(),
            });
        }
        let energy = self.projections.as_ref().map_or(1.0, Projections::energy);
        let mut sum = 0.0;
        let cells = |i: usize| {
            let mut cells = vec![(i + 1).to_string(), figure(self.pairs.values[i])];
            if let Some(projections) = &self.projections {
                let share = projections.modes[i].1 / energy;
                sum += share;
                cells.extend([figure(share), figure(sum)]);
            }
            cells
        };
        let heads: &[&str] = if self.projections.is_some() {
            &["i", "eigenvalue", "labels", "sum"]
        } else {
            &["i", "eigenvalue"]
        };
        let mut grids = vec![Grid {
            title: format!("{} on the points of {}", self.kernel, self.path.display()),
            captions,
            columns: right(heads),
            rows: (0..points.len().min(SHOWN)).map(cells).collect(),
        }];
        if let Some(projections) = self.positive() {
            grids.push(Grid {
                title: "Learning curve of the labels".into(),
                captions: vec![
                    "share of their energy left after t steps of descent of size 1/(n lambda_max)".into(),
                ],
                columns: right(&["t", "left"]),
                rows: STEPS.map(|t| vec![t.to_string(), figure(projections.left_after(t))]).to_vec(),
            });
        }
        grids.extend(self.positive().map(|_| self.regression_grid(energy)));
        grids
    }

    fn regression_grid(&self, energy: f64) -> Grid {
        let heads = ["rows fitted", "kappa", "on them", "held out", "held out / labels"];
        let row = |at: &held_out::Errors| {
            vec![
                at.rows.to_string(),
                figure(at.kappa),
                figure(at.training),
                figure(at.held_out),
                figure(at.held_out / energy),
            ]
        };
        let mut captions = vec![
            format!(
                "expected mean square errors of kernel regression with ridge {} on rows drawn at random from these, from the eigenvalues and \
                 the labels' projections; labels have mean square {}",
                self.ridge,
                figure(energy)
            ),
            "an estimate: too small for labels without noise and a vanishing ridge on low-dimensional points"
                .into(),
        ];
        if self.ridge == 0.0 && self.rank() < self.data.points.len() {
            captions.push(format!("without a ridge there is no answer past {} rows, the rank", self.rank()));
        }
        Grid {
            title: "Kernel regression on held-out rows".into(),
            captions,
            columns: heads.map(|head| (head.to_owned(), Column::Right)).to_vec(),
            rows: self.regression().iter().map(row).collect(),
        }
    }
}
