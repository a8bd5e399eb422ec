//! What runs will take: foreseen from the speed of this machine where that can be, else from a few of them, made and forgotten.

use super::{
    super::{Alone, Context, plan::Calibration},
    study::Study,
};
use crate::{error::Result, kernel::Kernel, math::units::Dimension, progress::Progress};
use serde_json::Value;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// So long are runs foreseen, or made to see what they take.
const PATIENCE: Duration = Duration::from_millis(400);
/// Runs made to see what they take, at most.
const SAMPLED: usize = 16;
/// The points of the kernel by which the machine's speed is measured: its cost does not depend on which kernel it is.
const MEASURED: (&str, u32) = ("two-layer:bias=true", 2);
/// Options that change a run but not what it takes.
const NO_MATTER: [&str; 1] = ["seed"];

/// What runs will take, in seconds on one thread, and how that was found.
pub struct Estimate {
    pub seconds: Vec<Option<f64>>,
    pub basis: String,
}

/// Lets work go on until a time.
struct Until<'a> {
    end: Instant,
    all: &'a dyn Progress,
}

impl Progress for Until<'_> {
    fn at(&self, _: u64, _: u64) {}

    fn cancelled(&self) -> bool {
        Instant::now() > self.end || self.all.cancelled()
    }
}

/// What these runs of a study will take.
///
/// # Errors
/// When the machine cannot be measured, or the work is cancelled.
pub fn estimate(study: &Study, runs: &[u64], context: &Context<'_>) -> Result<Estimate> {
    let nothing = || Estimate { seconds: vec![None; runs.len()], basis: "not known".into() };
    let Some(first) = runs.first() else {
        return Ok(Estimate { basis: "nothing to make".into(), ..nothing() });
    };
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let Ok(alone) = alone else { return Ok(nothing()) };
    if ["train", "gram"].contains(&study.command()) {
        let kernel: Kernel = MEASURED.0.parse()?;
        let speed =
            alone.install(|| Calibration::measure(&kernel, Dimension::new(MEASURED.1)?, context.progress))?;
        // What a run would say of its own cost is not that of the sweep.
        let unheard = Until { end: Instant::now() + PATIENCE, all: context.progress };
        let context = Context { progress: &unheard, ..*context };
        if alone.install(|| (study.entry().foreseen)(study.run(*first), &speed, &context)).is_some() {
            return Ok(alone.install(|| foreseen(study, runs, &speed, &context)));
        }
        return Ok(nothing());
    }
    alone.install(|| sampled(study, runs, context))
}

/// By the speed of the machine; runs that differ in what does not matter take the same.
fn foreseen(study: &Study, runs: &[u64], speed: &Calibration, context: &Context<'_>) -> Estimate {
    let begun = Instant::now();
    let mut known: HashMap<String, Option<f64>> = HashMap::new();
    let mut late = false;
    let mut seconds = |run: &u64| {
        let mut options = study.run(*run);
        if let Some(map) = options.as_object_mut() {
            map.retain(|name, _| !NO_MATTER.contains(&name.as_str()));
        }
        let key = options.to_string();
        if let Some(found) = known.get(&key) {
            return *found;
        }
        late |= begun.elapsed() > PATIENCE;
        let found = if late { None } else { (study.entry().foreseen)(options, speed, context) };
        known.insert(key, found);
        found
    };
    let mut all: Vec<Option<f64>> = runs.iter().map(&mut seconds).collect();
    let mut basis = "estimated from plan's calibration of this machine: good to a factor of about two where predictions hold".to_owned();
    let found: Vec<f64> = all.iter().flatten().copied().collect();
    if late && !found.is_empty() {
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        basis += &format!(
            "; {} runs are taken for the mean of the {} that were looked at",
            all.len() - found.len(),
            found.len()
        );
        all.iter_mut().for_each(|one| *one = one.or(Some(mean)));
    }
    Estimate { seconds: all, basis }
}

/// From a few runs, spread over all: their mean.
fn sampled(study: &Study, runs: &[u64], context: &Context<'_>) -> Result<Estimate> {
    let begun = Instant::now();
    let watched = Until { end: begun + PATIENCE, all: context.progress };
    let few = Context { progress: &watched, team: &Alone, ..*context };
    let (mut made, mut spent) = (0usize, 0.0);
    let few_runs = SAMPLED.min(runs.len());
    for at in 0..few_runs {
        let run = runs[(2 * at + 1) * runs.len() / (2 * few_runs)];
        let clock = Instant::now();
        let result: Result<(Value, bool)> = (study.entry().call)(study.run(run), &few);
        context.progress.go_on()?;
        if result.is_ok() {
            made += 1;
            spent += clock.elapsed().as_secs_f64();
        }
        if watched.cancelled() {
            break;
        }
    }
    if made == 0 {
        let basis = format!("not known: no run of those tried was finished in {} s", PATIENCE.as_secs_f64());
        return Ok(Estimate { seconds: vec![None; runs.len()], basis });
    }
    let mean = spent / made as f64;
    Ok(Estimate {
        seconds: vec![Some(mean); runs.len()],
        basis: format!("the mean of {made} of the runs, made on this machine now"),
    })
}
