//! Training on the rows, and what is seen on the way.

use super::{Outputs, Task};
use crate::{
    error::{Error, Result},
    experiment::{Context, model::Model},
    optimizer::Optimizer,
    train::{
        Network,
        descent::{Loss, allowed_growth},
        optimizer::mini_batch::Batches,
        outputs::slopes,
    },
};
use rayon::prelude::*;
use std::time::Instant;

/// What a measurement is made of beside the rows; nothing in it says what is predicted.
#[derive(Clone, Debug)]
pub struct MeasurementRequest {
    pub(super) model: Model,
    pub(super) loss: Loss,
    pub(super) optimizer: Optimizer,
    pub(super) step_size: f64,
    pub(super) recorded: Vec<u64>,
    pub(super) seed: u64,
}

/// What was seen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Measurement {
    /// At each recorded step.
    pub course: Vec<Outputs>,
    /// Wall time of the run, in seconds.
    pub seconds: f64,
}

/// Trains a network for each output, all from the same start, step by step together.
///
/// # Errors
/// When a network does not fit in memory, when the run diverges, and when the work is cancelled.
pub fn measure(request: &MeasurementRequest, task: &Task, context: &Context<'_>) -> Result<Measurement> {
    let begun = Instant::now();
    let drawn = |_| -> Result<Box<dyn Network>> {
        let mut network = (context.pipeline.network)(&request.model, &task.training, request.seed)?;
        network.train_by(&request.optimizer);
        Ok(network)
    };
    let mut networks: Vec<Box<dyn Network>> =
        (0..task.labels.len()).into_par_iter().map(drawn).collect::<Result<_>>()?;
    let last = request.recorded.last().copied().unwrap_or(0);
    let mut course = Vec::with_capacity(request.recorded.len());
    let start = size(request.loss, &networks, task);
    for step in 0..=last {
        if request.recorded.binary_search(&step).is_ok() {
            let predict = |network: &mut Box<dyn Network>| network.predict(task.test.coordinates());
            course.push(Outputs {
                training: outputs(&networks),
                test: networks.par_iter_mut().map(predict).collect(),
            });
        }
        if step == last {
            break;
        }
        context.progress.go_on()?;
        networks.par_iter_mut().for_each(|network| network.look_ahead());
        let mut slopes = slopes(request.loss, &outputs(&networks), &task.labels);
        if let Some(size) = request.optimizer.batch() {
            slopes.iter_mut().for_each(|one| Batches { size, seed: request.seed }.thin(step, one));
        }
        let pairs = networks.par_iter_mut().zip(&slopes);
        pairs.for_each(|(network, slopes)| network.descend(slopes, request.step_size));
        let now = size(request.loss, &networks, task);
        if !now.is_finite() || now > allowed_growth(&request.optimizer) * start {
            let reached =
                format!("{:.3e} times the residual at the start after step {}", now / start, step + 1);
            let right = "a residual that falls: a smaller `lr`, or a wider network";
            return Err(Error::numerical("training diverges", reached, right));
        }
        context.progress.at(step + 1, last);
    }
    Ok(Measurement { course, seconds: begun.elapsed().as_secs_f64() })
}

fn outputs(networks: &[Box<dyn Network>]) -> Vec<Vec<f64>> {
    networks.iter().map(|network| network.outputs().to_vec()).collect()
}

/// The norm of the residual.
fn size(loss: Loss, networks: &[Box<dyn Network>], task: &Task) -> f64 {
    slopes(loss, &outputs(networks), &task.labels).iter().flatten().map(|r| r * r).sum::<f64>().sqrt()
}
