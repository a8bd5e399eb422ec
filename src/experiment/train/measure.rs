//! Training, and what is seen on the way.

use super::{
    Context, MeasurementRequest, RunSpec,
    record::Run,
    replicate::Replicate,
    run::{Counter, Trainer},
    store::RunStore,
};
use crate::error::Result;
use rayon::prelude::*;
use std::{sync::atomic::AtomicU64, time::Instant};

/// What was seen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Measurement {
    /// One list a repeat, in it one run a target.
    pub replicates: Vec<Vec<Run>>,
    /// Wall time of the runs, in seconds.
    pub seconds: f64,
}

/// Trains all there is to train. What is finished is kept in the checkpoint folder, and what is under way with it, also when the work is
/// cancelled.
///
/// # Errors
/// When the folder holds other runs or cannot be written, when a network does not fit in memory, and when the work is cancelled.
pub fn measure(request: &MeasurementRequest, context: &Context<'_>) -> Result<Measurement> {
    let store = RunStore::open(request.checkpoint.as_deref(), request.resume, context.progress)?;
    measured(request, &store, context)
}

pub(super) fn measured(
    request: &MeasurementRequest,
    store: &RunStore,
    context: &Context<'_>,
) -> Result<Measurement> {
    let MeasurementRequest { setup, step_size, runs, .. } = request;
    let counter = Counter {
        progress: context.progress,
        done: AtomicU64::new(0),
        total: runs.iter().flatten().map(|spec| spec.max_steps).sum(),
    };
    let (mut replicates, mut seconds) = (Vec::with_capacity(runs.len()), 0.0);
    for (repeat, specs) in (0..).zip(runs) {
        let replicate = Replicate::draw(setup, &context.pipeline, repeat)?;
        let one = |spec: &RunSpec| -> Result<Run> {
            context.progress.go_on()?;
            let network = (context.pipeline.network)(&setup.model, &replicate.points, replicate.seed())?;
            Trainer::new(setup, spec, *step_size, &replicate, network, store)?.run(store, &counter)
        };
        let begun = Instant::now();
        let trained: Result<Vec<Run>> = specs.par_iter().map(one).collect();
        seconds += begun.elapsed().as_secs_f64();
        replicates.push(trained.map_err(|error| store.explained(error))?);
    }
    Ok(Measurement { replicates, seconds })
}
