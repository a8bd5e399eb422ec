//! Runs the experiments that claims rest on, each once, and keeps what they found.

use super::{Ran, evidence::Evidence, store::Store};
use crate::{
    error::Result,
    experiment::{Context, Options, Pipeline, Request},
    progress::Progress,
};
use std::{
    any::Any,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// What an experiment is known by: its name, and its options as they are serialised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity(String);

impl Identity {
    /// That of the experiment with these options.
    pub fn of<O: Options>(options: &O) -> Self {
        let all = serde_json::to_value(options).unwrap_or_default();
        Self(format!("{} {all}", O::COMMAND))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reports by what they are known by.
#[doc(hidden)]
pub type Known = BTreeMap<Identity, Arc<dyn Any + Send + Sync>>;

/// Runs experiments. With a store, what they found is kept there, so that an interrupted validation goes on where it was.
pub struct Runner<'a> {
    context: Context<'a>,
    store: Option<Store>,
    known: Mutex<Known>,
    ran: Mutex<Vec<Ran>>,
}

impl<'a> Runner<'a> {
    /// Experiments run in this context.
    pub fn new(context: Context<'a>, store: Option<Store>) -> Self {
        Self { context, store, known: Mutex::default(), ran: Mutex::default() }
    }

    /// One that holds some reports already.
    #[doc(hidden)]
    pub fn knowing(pipeline: Pipeline, progress: &'a dyn Progress, known: Known) -> Self {
        let context = Context { pipeline, ..Context::watched(progress) };
        Self { known: Mutex::new(known), ..Self::new(context, None) }
    }

    /// The reports so far.
    #[doc(hidden)]
    pub fn known(&self) -> Known {
        held(&self.known).clone()
    }

    /// What an experiment found: in this validation, else in one that kept it, else in a run.
    ///
    /// # Errors
    /// Those of the experiment.
    pub fn found<O: Evidence>(&self, options: &O) -> Result<Arc<O::Found>> {
        let identity = Identity::of(options);
        if let Some(known) = held(&self.known).get(&identity).cloned().and_then(|any| any.downcast().ok()) {
            return Ok(known);
        }
        let kept = self.store.as_ref().and_then(|store| store.kept::<O>(options, self.context.progress));
        let was_kept = kept.is_some();
        let (found, seconds) = match kept {
            Some(kept) => kept,
            None => self.run(options)?,
        };
        let found = Arc::new(found);
        held(&self.known).insert(identity, found.clone());
        held(&self.ran).push(Ran { command: options.line(), seconds, kept: was_kept });
        Ok(found)
    }

    /// Runs an experiment and keeps what it found.
    fn run<O: Evidence>(&self, options: &O) -> Result<(O::Found, f64)> {
        let clock = Instant::now();
        let Some(store) = &self.store else {
            let found = O::found(options.build()?.run(&self.context)?);
            return Ok((found, clock.elapsed().as_secs_f64()));
        };
        let resumed = options.resumed(&store.unfinished(options));
        let found = O::found(resumed.build()?.run(&self.context)?);
        let seconds = clock.elapsed().as_secs_f64();
        store.keep(options, seconds, &found)?;
        Ok((found, seconds))
    }

    /// The experiments that were run, in their order, with their times.
    pub fn ran(&self) -> Vec<Ran> {
        held(&self.ran).clone()
    }

    /// Removes what led to reports that are kept.
    pub(super) fn finish(&self) {
        if let Some(store) = &self.store {
            store.finish();
        }
    }
}

/// What a lock holds, whatever became of a thread that had it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
