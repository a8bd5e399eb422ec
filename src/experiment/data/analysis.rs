//! One kernel on the rows.

use super::{
    super::Context,
    regression::{Regression, RegressionRow, RidgeRow, Ridges},
    report::{Analysis, ClassReport, EffectiveDimension, ExponentsReport, LabelReport, Left, Lowest},
};
use crate::{
    error::{Error, Result},
    gram::{
        Eigenpairs, Sites, Values, dense, exponents, held_out,
        labels::{Place, Projections},
        refit::{self, Labelled},
        ridges, similarity,
    },
    kernel::Kernel,
    sample::table::Labels,
};
use std::time::Instant;

/// Steps of descent at which the learning curve is given.
const STEPS: [f64; 7] = [0.0, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5];
/// Fewer classes than this need no curve of their own; more distinct whole numbers are a quantity.
const FEWEST_CLASSES: usize = 3;
const MOST_CLASSES: usize = 20;
/// The shares of the rows that regression is fitted to.
const FITTED: [f64; 7] = [1.0 / 32.0, 1.0 / 16.0, 0.125, 0.25, 0.5, 0.75, 0.9];

/// Looks at rows and labels through one kernel.
pub(in crate::experiment) struct Analyst<'a> {
    /// The kernel between the rows; none for a matrix of a user's own, of which no fits are made.
    pub kernel: Option<(&'a Values, &'a Sites)>,
    pub labels: Option<&'a Labels>,
    pub ridge: f64,
    pub context: &'a Context<'a>,
}

impl Analyst<'_> {
    /// What the matrix of `kernel` on the rows shows.
    pub fn analysis(&self, kernel: &Kernel, values: &Values, sites: &Sites) -> Result<Analysis> {
        let n = sites.len();
        let vectors = if self.labels.is_some() { n } else { 0 };
        let clock = Instant::now();
        let matrix = dense::assemble(values, sites);
        let seconds_assemble = clock.elapsed().as_secs_f64();
        self.context.progress.go_on()?;
        let pairs = dense::eigenpairs(matrix, n, vectors)?;
        let seconds_solve = clock.elapsed().as_secs_f64() - seconds_assemble;
        let largest = pairs.values[0].abs().max(pairs.lowest.abs());
        let rounding = n as f64 * f64::EPSILON * largest;
        let lowest = Lowest { value: pairs.lowest, rounding, indefinite: pairs.lowest < -rounding };
        let label = self.labelled(&pairs, &lowest)?;
        let grid = ridges::grid(&pairs.values, self.ridge);
        let dimension = |&ridge: &f64| EffectiveDimension {
            ridge,
            value: ridges::effective_dimension(&pairs.values, ridge),
        };
        Ok(Analysis {
            kernel: kernel.to_string(),
            solver: "dense".into(),
            seconds_assemble,
            seconds_solve,
            rank: pairs.values.iter().filter(|value| value.abs() > rounding).count(),
            effective_dimension: grid.iter().map(dimension).collect(),
            capacity: exponents::capacity(&pairs.values).map(Into::into),
            eigenvalues: pairs.values,
            lowest,
            label,
        })
    }

    /// What all eigenpairs say of the labels, and of each class against the rest; empty without labels.
    pub fn labelled(&self, pairs: &Eigenpairs, lowest: &Lowest) -> Result<LabelReport> {
        let Some(labels) = self.labels else { return Ok(LabelReport::default()) };
        let grid = ridges::grid(&pairs.values, self.ridge);
        let classes = self.classes(pairs, labels, lowest, &grid)?;
        Ok(LabelReport { classes, ..self.label(pairs, &labels.values, lowest, &grid, true)? })
    }

    /// Each class against the rest, where the labels are three or more classes: by name, or 3 to 20 whole numbers.
    fn classes(
        &self,
        pairs: &Eigenpairs,
        labels: &Labels,
        lowest: &Lowest,
        grid: &[f64],
    ) -> Result<Option<Vec<ClassReport>>> {
        let named = labels
            .classes
            .as_ref()
            .map(|classes| classes.iter().map(|class| (class.name.clone(), class.code)).collect::<Vec<_>>());
        let Some(classes) = named.or_else(|| numbered(&labels.values)) else { return Ok(None) };
        if classes.len() < FEWEST_CLASSES {
            return Ok(None);
        }
        let report = |(class, code): (String, f64)| {
            let own: Vec<f64> = labels.values.iter().map(|y| if *y == code { 1.0 } else { -1.0 }).collect();
            let rows = labels.values.iter().filter(|y| **y == code).count();
            Ok(ClassReport { class, rows, label: self.label(pairs, &own, lowest, grid, false)? })
        };
        classes.into_iter().map(report).collect::<Result<_>>().map(Some)
    }

    /// What the eigenpairs say of these labels, beside real fits if wanted.
    fn label(
        &self,
        pairs: &Eigenpairs,
        labels: &[f64],
        lowest: &Lowest,
        grid: &[f64],
        fits: bool,
    ) -> Result<LabelReport> {
        let n = labels.len() as f64;
        let projections = Projections::new(pairs, labels);
        let energy = projections.energy();
        if !energy.is_normal() {
            let expected = "labels that are not all zero, with squares that neither overflow nor vanish";
            return Err(Error::invalid("label", format!("a mean square of {energy}"), expected));
        }
        let mean = labels.iter().sum::<f64>() / n;
        let energies: Vec<f64> = projections.modes.iter().map(|(_, energy)| *energy).collect();
        let mut power = 0.0;
        let cumulative = energies.iter().map(|part| {
            power += part / energy;
            power
        });
        let mut report = LabelReport {
            mean: Some(mean),
            variance: Some(labels.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n),
            cumulative_power: Some(cumulative.collect()),
            label_energies: Some(energies),
            alignment: similarity::with_labels(pairs, labels),
            ..LabelReport::default()
        };
        // All that follows speaks of kernels that are positive.
        if lowest.indefinite {
            return Ok(report);
        }
        let left = |t: &f64| Left { steps: *t, left: projections.left_after(*t) };
        report.learning_curve = Some(STEPS.iter().map(left).collect());
        report.generalisation_bound = projections.generalisation_bound();
        report.outside_range = match projections.place() {
            Place::Inside => Some(0.0),
            Place::Outside(share) => Some(share),
            Place::Unknown => None,
        };
        report.regression = Some(self.regression(&projections, labels, report.variance, fits)?);
        report.ridges = Ridges::of(ridges::errors(pairs, labels, grid).iter().map(RidgeRow::from).collect());
        report.exponents = exponents::exponents(&projections).map(ExponentsReport::from);
        Ok(report)
    }

    /// Regression on shares of the rows, predicted and, where it is cheap, made.
    fn regression(
        &self,
        projections: &Projections,
        labels: &[f64],
        variance: Option<f64>,
        fits: bool,
    ) -> Result<Regression> {
        let all = labels.len();
        let mut sizes: Vec<usize> = FITTED.iter().map(|share| (share * all as f64) as usize).collect();
        sizes.retain(|rows| *rows > 0);
        sizes.dedup();
        let mut rows = vec![];
        for size in sizes {
            // Without an answer from the formula there may still be one from the fits.
            let predicted = held_out::errors(projections, self.ridge, size).ok();
            let measured = match self.kernel.filter(|_| fits) {
                Some((values, sites)) => {
                    let (labelled, asked) = (Labelled { labels, truth: labels }, (self.ridge, size));
                    let fits = refit::affordable(size, all);
                    refit::measured(values, sites, labelled, asked, fits, self.context.progress)?
                }
                None => None,
            };
            rows.extend(RegressionRow::new(size, predicted, measured, variance));
        }
        Ok(Regression { ridge: self.ridge, rows })
    }
}

/// The classes of labels that are few distinct whole numbers.
pub(in crate::experiment) fn numbered(labels: &[f64]) -> Option<Vec<(String, f64)>> {
    let mut codes: Vec<f64> = vec![];
    for label in labels {
        if !codes.contains(label) {
            codes.push(*label);
        }
        if codes.len() > MOST_CLASSES || label.fract() != 0.0 {
            return None;
        }
    }
    codes.sort_by(f64::total_cmp);
    Some(codes.into_iter().map(|code| (code.to_string(), code)).collect())
}
