//! What descent with a fixed kernel does on the rows: with that of the infinitely wide network, and with the network's own at its start.

use super::{Outputs, Request, Task};
use crate::{
    dynamics::{
        filter::{Filter, mini_batch::MiniBatch},
        kernel_descent,
    },
    error::{Error, Result},
    experiment::{Context, announce, model::Start, resources},
    gram::{Eigenpairs, Sites, dense, labels::coefficients},
    optimizer::Method,
    train::{
        descent::Loss,
        finite,
        outputs::{curvature, slopes},
    },
};
use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
use rayon::prelude::*;
use std::time::Instant;

/// Matrices of all rows that there are at a time.
const MATRICES: u64 = 8;
/// Modes below this share of the largest eigenvalue are rounding: nothing is learned along them in any number of steps that is made.
const NEGLIGIBLE: f64 = 1e-14;
/// Parts into which products are split: fixed, so that sums do not depend on the number of threads.
const PARTS: usize = 8;

/// What is predicted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prediction {
    /// The step size of the run.
    pub step_size: f64,
    /// The largest stable one, by the Gram matrix of the training rows.
    pub largest_step_size: f64,
    /// By the kernel of the infinitely wide network, at each recorded step.
    pub by_gram: Vec<Outputs>,
    /// By the network's own kernel at its start.
    pub by_finite: Vec<Outputs>,
    /// The eigenpairs of the Gram matrix of the training rows.
    pub directions: Eigenpairs,
}

/// Predicts; no network is trained.
///
/// # Errors
/// When the matrices or networks do not fit or cannot be had, when the step size asked for is not stable, and when the work is cancelled.
pub fn predict(request: &Request, task: &Task, context: &Context<'_>) -> Result<Prediction> {
    within_memory(request, task)?;
    let all = task.all()?;
    let (n, total) = (task.training.len(), all.len());
    let kernel = &request.model.kernel;
    let what = format!("predictions: eigenvectors of two matrices of {n} rows");
    announce::tell_of_eigenvectors(&what, n, 2, context)?;
    let sites = Sites::new(&all);
    let values = (context.pipeline.values)(kernel)?;
    let mut gram = vec![0.0; total * total];
    gram.par_chunks_mut(total).enumerate().for_each(|(i, row)| values.row(&sites, i, 0, row));
    context.progress.go_on()?;
    let infinite = Linear::new(gram, n)?;
    let (step_size, largest_step_size) = step_size(request, task, &infinite)?;
    context.progress.go_on()?;
    let mut network = (context.pipeline.network)(&request.model, &all, request.seed)?;
    let start = network.outputs().to_vec();
    let finite = Linear::new(network.tangent_gram(), n)?;
    let clock = Instant::now();
    network.descend(&vec![0.0; total], 0.0);
    let each = clock.elapsed().as_secs_f64() * n as f64 / total as f64;
    drop(network);
    let networks = task.labels.len();
    let seconds = each * (request.max_steps * networks as u64) as f64;
    let steps = format!(
        "{} steps of {}",
        request.max_steps,
        if networks == 1 { "a network".into() } else { format!("{networks} networks") }
    );
    announce::tell(&format!("training: {steps}"), seconds, context);
    let course = |linear: &Linear| Course { request, task, start: &start, step_size }.of(linear, context);
    let (by_gram, by_finite) = (course(&infinite)?, course(&finite)?);
    Ok(Prediction { step_size, largest_step_size, by_gram, by_finite, directions: infinite.pairs })
}

/// Refuses rows whose matrices, and networks that on these rows, do not fit.
fn within_memory(request: &Request, task: &Task) -> Result<()> {
    let (model, training) = (&request.model, &task.training);
    let (outputs, total) = (task.labels.len() as u64, (training.len() + task.test.len()) as u64);
    let kept = 3 * request.recorded().len() as u64 * outputs * total;
    let bytes = 8 * (MATRICES * total.pow(2) + kept);
    resources::within(
        "data",
        bytes,
        &format!("the Gram matrices of {total} rows, and {outputs} outputs on them"),
    )?;
    resources::matrix_products(rayon::current_num_threads())?;
    model.fits(total as usize, training.dim())?;
    if let Start::Drawn { .. } = model.start {
        let inputs = f64::from(training.dim().get()) + 1.0;
        let each =
            finite::work(model.description()?, model.width as f64, inputs, training.len() as f64).bytes;
        resources::within("width", (each * outputs as f64) as u64, &format!("{outputs} networks"))?;
    }
    Ok(())
}

/// The step size, and the largest stable one.
fn step_size(request: &Request, task: &Task, linear: &Linear) -> Result<(f64, f64)> {
    let (optimizer, values) = (&request.optimizer, &linear.pairs.values);
    let curvature = curvature(request.loss, task.labels.len());
    let largest = Filter::largest_step_size(optimizer, curvature * values[0]);
    let largest = match optimizer.batch() {
        // With momentum the limit of batches is not known, and the full batch's stands for it.
        Some(size) if optimizer.method() != Method::GradientDescent => {
            MiniBatch::new(values.len(), size).map(|_| largest)?
        }
        Some(size) => {
            let modes: Vec<(f64, f64)> =
                values.iter().map(|value| (curvature * value.max(0.0), 1.0)).collect();
            MiniBatch::new(values.len(), size)?.largest_step_size(optimizer, &modes)
        }
        None => largest,
    };
    let full = 1.0 / values[0];
    let auto = if optimizer.batch().is_some() { full.min(0.5 * largest) } else { full };
    let size = request.lr.unwrap_or(auto);
    if size >= largest {
        let expected = format!("less than {largest:.6e}, from where on {optimizer} on these rows diverges");
        return Err(Error::invalid("lr", size, expected));
    }
    Ok((size, largest))
}

/// Descent with a fixed kernel.
struct Linear {
    /// The kernel between all rows and those that are trained on, which come first: row by row.
    kernel: Vec<f64>,
    /// Of the training rows.
    pairs: Eigenpairs,
}

impl Linear {
    /// From the kernel between all rows, of which the first `n` are trained on.
    fn new(gram: Vec<f64>, n: usize) -> Result<Self> {
        let total = gram.len().isqrt();
        let kernel: Vec<f64> = gram.chunks_exact(total).flat_map(|row| &row[..n]).copied().collect();
        drop(gram);
        let pairs = dense::eigenpairs(kernel[..n * n].to_vec(), n, n)?;
        Ok(Self { kernel, pairs })
    }

    fn trained(&self) -> usize {
        self.pairs.values.len()
    }
}

/// `matrix columns` of a matrix that is given row by row, and of some columns.
fn product(matrix: &[f64], columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let width = columns.first().map_or(1, Vec::len);
    let (height, flat) = (matrix.len() / width, columns.concat());
    let mut found = vec![0.0; height * columns.len()];
    let target = MatMut::from_column_major_slice_mut(&mut found, height, columns.len());
    let matrix = MatRef::from_row_major_slice(matrix, height, width);
    let columns = MatRef::from_column_major_slice(&flat, width, columns.len());
    matmul(target, Accum::Replace, matrix, columns, 1.0, Par::rayon(PARTS));
    found.chunks_exact(height).map(<[f64]>::to_vec).collect()
}

/// What a course begins with.
struct Course<'a> {
    request: &'a Request,
    task: &'a Task,
    /// The network's outputs on all rows at its start.
    start: &'a [f64],
    step_size: f64,
}

impl Course<'_> {
    /// Outputs at each recorded step.
    fn of(&self, linear: &Linear, context: &Context<'_>) -> Result<Vec<Outputs>> {
        match self.request.loss {
            Loss::MeanSquare => Ok(self.by_modes(linear)),
            Loss::CrossEntropy => self.step_by_step(linear, context),
        }
    }

    /// Every mode by itself.
    fn by_modes(&self, linear: &Linear) -> Vec<Outputs> {
        let (n, pairs) = (linear.trained(), &linear.pairs);
        let filter = Filter::new(self.request.optimizer, self.step_size);
        let components: Vec<Vec<f64>> =
            self.task.labels.iter().map(|y| along(pairs, y, self.start)).collect();
        // The kernel between test rows and training rows, in the eigenvectors.
        let vectors: Vec<Vec<f64>> =
            (0..n).map(|j| pairs.vectors.iter().skip(j).step_by(n).copied().collect()).collect();
        let across = product(&linear.kernel[n * n..], &vectors);
        let across: Vec<f64> =
            (0..self.start.len() - n).flat_map(|i| across.iter().map(move |column| column[i])).collect();
        let least = NEGLIGIBLE * pairs.values[0];
        let at = |step: u64| {
            let learned: Vec<f64> =
                pairs.values.iter().map(|value| filter.mode(value.max(0.0)).learned(step)).collect();
            let moved = |component: &Vec<f64>| -> Vec<f64> {
                component.iter().zip(&learned).map(|(r, share)| r * share).collect()
            };
            let moved: Vec<Vec<f64>> = components.iter().map(moved).collect();
            let weight = |(moved, value): (&f64, &f64)| if *value > least { moved / value } else { 0.0 };
            let weights: Vec<Vec<f64>> =
                moved.iter().map(|moved| moved.iter().zip(&pairs.values).map(weight).collect()).collect();
            Outputs {
                training: added(&self.start[..n], product(&pairs.vectors, &moved)),
                test: added(&self.start[n..], product(&across, &weights)),
            }
        };
        self.request.recorded().into_iter().map(at).collect()
    }

    /// For losses whose slopes are not linear in the outputs.
    fn step_by_step(&self, linear: &Linear, context: &Context<'_>) -> Result<Vec<Outputs>> {
        let (n, recorded) = (linear.trained(), self.request.recorded());
        let at_rest =
            || kernel_descent::Outputs::at_rest(self.request.optimizer, self.step_size, self.start.to_vec());
        let mut outputs: Vec<kernel_descent::Outputs> = self.task.labels.iter().map(|_| at_rest()).collect();
        let last = recorded.last().copied().unwrap_or(0);
        let mut course = vec![];
        let clock = Instant::now();
        for step in 0..=last {
            if recorded.binary_search(&step).is_ok() {
                let seen: Vec<Vec<f64>> = outputs.iter().map(kernel_descent::Outputs::seen).collect();
                course.push(Outputs {
                    training: seen.iter().map(|f| f[..n].to_vec()).collect(),
                    test: seen.iter().map(|f| f[n..].to_vec()).collect(),
                });
            }
            if step == last {
                break;
            }
            context.progress.go_on()?;
            let taken_at: Vec<Vec<f64>> = outputs.iter().map(|one| one.taken_at()[..n].to_vec()).collect();
            let slopes = slopes(self.request.loss, &taken_at, &self.task.labels);
            let moved = product(&linear.kernel, &slopes);
            outputs.iter_mut().zip(&moved).for_each(|(one, moved)| one.advance(moved));
            if step == 0 {
                announce::tell(
                    "predictions: step by step",
                    last as f64 * clock.elapsed().as_secs_f64(),
                    context,
                );
            }
        }
        Ok(course)
    }
}

/// The components of `labels - outputs` along the eigenvectors.
pub(super) fn along(pairs: &Eigenpairs, labels: &[f64], outputs: &[f64]) -> Vec<f64> {
    let residual: Vec<f64> = labels.iter().zip(outputs).map(|(y, f)| y - f).collect();
    coefficients(pairs, &residual)
}

/// Each column with `start` added.
fn added(start: &[f64], mut columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    columns.iter_mut().for_each(|column| column.iter_mut().zip(start).for_each(|(f, start)| *f += start));
    columns
}
