//! What was predicted, beside what was measured.

use super::{Errors, Least, Measurement, Outputs, Prediction, Report, Request, StepRow, Task};
use crate::{
    experiment::{data::DataSummary, read::Choice},
    gram::{Eigenpairs, labels::coefficients},
    sample::Data,
    train::{
        descent::Loss,
        outputs::{mean_loss, slopes},
    },
};

/// The report of a request from its two halves, which must be of it.
pub fn compare(
    request: &Request,
    data: &Data,
    task: &Task,
    prediction: &Prediction,
    measurement: &Measurement,
) -> Report {
    let all = [&measurement.course, &prediction.by_gram, &prediction.by_finite];
    let judge = Judge { request, task, directions: &prediction.directions };
    let courses = all.map(|course| judge.course(course));
    let [measured, by_gram, by_finite] = &courses;
    let both = by_gram.iter().zip(by_finite);
    let rows: Vec<StepRow> = request
        .recorded()
        .into_iter()
        .zip(measured)
        .zip(both)
        .map(|((step, measured), (by_gram, by_finite))| StepRow {
            step,
            measured: measured.clone(),
            by_gram: by_gram.clone(),
            by_finite: by_finite.clone(),
        })
        .collect();
    Report {
        schema: "hinf.train/1".into(),
        kernel: request.model.kernel.to_string(),
        summary: DataSummary::new(&request.path, data),
        training_rows: task.training.len(),
        test_rows: task.test.len(),
        classes: task.classes.clone(),
        label_noise: request.label_noise,
        labels_changed: task.permuted,
        width: request.model.width,
        precision: request.model.precision.name().into(),
        loss: request.loss.name().into(),
        amplitude: request.amplitude,
        lr: prediction.step_size,
        largest_lr: prediction.largest_step_size,
        optimizer: request.optimizer.to_string(),
        seed: request.seed,
        least_test_error: Least::of(&rows),
        bands: bands(task.training.len()).into_iter().map(|band| [band.start + 1, band.end]).collect(),
        rows,
        seconds: 0.0,
        seconds_training: measurement.seconds,
        manifest: None,
    }
}

/// Bands of eigendirections by rank, from 0: 1, 2, 3 to 4, 5 to 8, ... counted from 1.
fn bands(n: usize) -> Vec<std::ops::Range<usize>> {
    let ends = std::iter::successors(Some(1), |end| Some(2 * end));
    let starts = std::iter::once(0).chain(std::iter::successors(Some(1), |end| Some(2 * end)));
    starts.zip(ends).take_while(|(start, _)| *start < n).map(|(start, end)| start..end.min(n)).collect()
}

/// Judges outputs.
struct Judge<'a> {
    request: &'a Request,
    task: &'a Task,
    directions: &'a Eigenpairs,
}

impl Judge<'_> {
    fn course(&self, course: &[Outputs]) -> Vec<Errors> {
        let energies = |at: &Outputs| self.energies(&at.training);
        let start: f64 = course.first().map_or(1.0, |at| energies(at).iter().sum());
        let errors = |at: &Outputs| Errors {
            left: energies(at).into_iter().map(|energy| energy / start).collect(),
            ..self.errors(at)
        };
        course.iter().map(errors).collect()
    }

    fn errors(&self, at: &Outputs) -> Errors {
        let (task, loss) = (self.task, self.request.loss);
        let guessing = match (loss, task.labels.len()) {
            (Loss::MeanSquare, _) => self.request.amplitude.powi(2),
            (Loss::CrossEntropy, 1) => 2f64.ln(),
            (Loss::CrossEntropy, classes) => (classes as f64).ln(),
        };
        let classes = task.classes.is_some();
        Errors {
            training: mean_loss(loss, &at.training, &task.labels) / guessing,
            test: mean_loss(loss, &at.test, &task.test_labels) / guessing,
            training_accuracy: classes.then(|| accuracy(&at.training, &task.labels)),
            test_accuracy: classes.then(|| accuracy(&at.test, &task.test_labels)),
            left: vec![],
        }
    }

    /// The energy of the residual in each band of eigendirections, summed over outputs.
    fn energies(&self, outputs: &[Vec<f64>]) -> Vec<f64> {
        let residuals = slopes(self.request.loss, outputs, &self.task.labels);
        let components: Vec<Vec<f64>> = residuals.iter().map(|r| coefficients(self.directions, r)).collect();
        let energy = |band: std::ops::Range<usize>| {
            components.iter().flat_map(|all| &all[band.clone()]).map(|z| z * z).sum::<f64>()
        };
        bands(self.task.training.len()).into_iter().map(energy).collect()
    }
}

/// The share of rows whose largest output, or the sign of the only one, is that of the labels.
fn accuracy(outputs: &[Vec<f64>], labels: &[Vec<f64>]) -> f64 {
    let class = |values: &[Vec<f64>], row: usize| match values {
        [only] => usize::from(only[row] > 0.0),
        _ => (0..values.len()).max_by(|a, b| values[*a][row].total_cmp(&values[*b][row])).unwrap_or(0),
    };
    let rows = labels[0].len();
    (0..rows).filter(|row| class(outputs, *row) == class(labels, *row)).count() as f64 / rows as f64
}

impl Least {
    /// The steps of least test error, the first where there are several.
    fn of(rows: &[StepRow]) -> Self {
        let least =
            |side: fn(&StepRow) -> &Errors| rows.iter().min_by(|a, b| side(a).test.total_cmp(&side(b).test));
        let (seen, by_gram, by_finite) =
            (least(|row| &row.measured), least(|row| &row.by_gram), least(|row| &row.by_finite));
        let step = |row: Option<&StepRow>| row.map_or(0, |row| row.step);
        let error = |row: Option<&StepRow>| row.map_or(0.0, |row| row.measured.test);
        Self {
            measured: step(seen),
            by_gram: step(by_gram),
            by_finite: step(by_finite),
            error: error(seen),
            error_by_gram: error(by_gram),
            error_by_finite: error(by_finite),
            last_error: error(rows.last()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_end_at_powers_of_two_and_cover_all() {
        assert_eq!((bands(1).len(), bands(1)[0].clone()), (1, 0..1));
        assert_eq!(bands(6), [0..1, 1..2, 2..4, 4..6]);
        assert_eq!(bands(1000).iter().map(|band| band.len()).sum::<usize>(), 1000);
    }

    #[test]
    fn accuracy_counts_rows() {
        let labels = [vec![1.0, -1.0, -1.0], vec![-1.0, 1.0, -1.0], vec![-1.0, -1.0, 1.0]];
        let outputs = [vec![0.5, 0.2, 0.1], vec![0.4, 0.1, 0.3], vec![-0.2, 0.0, 0.4]];
        assert_eq!(accuracy(&outputs, &labels), 2.0 / 3.0);
        assert_eq!(accuracy(&[vec![0.1, -0.1]], &[vec![1.0, 1.0]]), 0.5);
    }
}
