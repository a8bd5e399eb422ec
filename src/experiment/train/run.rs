//! One run, from its start or from where it was left.

use super::{
    RunSpec, Setup,
    record::{Divergence, KernelAtEnd, Record, Run, Sample},
    replicate::{Replicate, TestSet},
    store::RunStore,
};
use crate::{
    compare::train::Linearised,
    error::{ErrorKind, Result},
    progress,
    sample::Points,
    train::{
        Network,
        descent::{Labels, Progress, Rule},
        target::energies,
    },
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Steps between samples grow by this factor.
const SPACING: f64 = 1.05;
/// A run under way is kept so often.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// Counts the steps of all runs.
pub(super) struct Counter<'a> {
    pub progress: &'a dyn progress::Progress,
    pub done: AtomicU64,
    pub total: u64,
}

impl Counter<'_> {
    fn add(&self, steps: u64) {
        let now = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.progress.at(now.min(self.total), self.total);
    }
}

/// A run under way.
pub(super) struct Trainer<'a> {
    setup: &'a Setup,
    spec: &'a RunSpec,
    points: &'a Points,
    antipodes: Vec<f64>,
    labels: Labels,
    rule: Rule,
    test: Option<TestSet>,
    network: Box<dyn Network>,
    record: Record,
}

impl<'a> Trainer<'a> {
    /// The run at its start, or where `store` has it.
    pub fn new(
        setup: &'a Setup,
        spec: &'a RunSpec,
        step_size: f64,
        replicate: &'a Replicate<'_>,
        mut network: Box<dyn Network>,
        store: &RunStore,
    ) -> Result<Self> {
        let labels = replicate.labels(&spec.target)?;
        let rule = setup.rule(step_size, spec.max_steps, spec.to_the_end, replicate.seed());
        network.train_by(&rule.optimizer);
        let record = match store.load(setup, spec, step_size, network.as_mut())? {
            Some(record) => record,
            None => Record {
                progress: Progress::start(network.as_ref(), &labels, &rule)?,
                odd: None,
                divergence: None,
                history: vec![],
                end: None,
            },
        };
        let points = &replicate.points;
        let mut trainer = Self {
            setup,
            spec,
            points,
            antipodes: points.coordinates().iter().map(|x| -x).collect(),
            labels,
            rule,
            test: replicate.test_set(&spec.target)?,
            network,
            record,
        };
        if trainer.record.progress.step == 0 && trainer.record.history.is_empty() {
            trainer.watch();
        }
        Ok(trainer)
    }

    /// Trains to the end, or until the work is cancelled; either is kept in `store`.
    pub fn run(mut self, store: &RunStore, counter: &Counter<'_>) -> Result<Run> {
        counter.add(self.record.progress.step);
        let mut saved = Instant::now();
        while !self.ended() {
            if let Err(cancelled) = counter.progress.go_on() {
                self.keep(store)?;
                return Err(cancelled);
            }
            self.step()?;
            counter.add(1);
            if store.is_on() && saved.elapsed() > KEEP_EVERY && !self.ended() {
                self.keep(store)?;
                saved = Instant::now();
            }
        }
        counter.add(self.rule.max_steps.saturating_sub(self.record.progress.step));
        if self.setup.kernel_at_end && self.record.divergence.is_none() && self.record.end.is_none() {
            self.record.end = Some(self.kernel_at_end()?);
        }
        self.keep(store)?;
        Ok(self.finished())
    }

    fn ended(&self) -> bool {
        self.record.divergence.is_some() || self.record.progress.ended(&self.rule)
    }

    /// One step, and what is to be recorded after it. A residual that grows ends this run, and no other.
    fn step(&mut self) -> Result<()> {
        let record = &mut self.record;
        match record.progress.advance(self.network.as_mut(), &self.labels, &self.rule) {
            Ok(()) => self.watch(),
            Err(error) if error.kind() == ErrorKind::Numerical => {
                let (step, reached) = (record.progress.step, error.value().to_owned());
                record.divergence = Some(Divergence { step, reached });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Records what is to be recorded after a step.
    fn watch(&mut self) {
        let (points, network, record) = (self.points, self.network.as_ref(), &mut self.record);
        if let Some(part) = network.odd_part().filter(|_| self.spec.odd_part) {
            let antipodes = network.predict(&self.antipodes);
            let now = part.departure(points.coordinates(), network.outputs(), &antipodes);
            record.odd = Some(record.odd.map_or(now, |before| before.worse(now)));
        }
        let step = record.progress.step;
        let due = record
            .history
            .last()
            .is_none_or(|last| step >= ((last.step as f64 * SPACING).ceil() as u64).max(last.step + 1));
        let Some(test) = self.test.as_ref().filter(|_| due || record.progress.ended(&self.rule)) else {
            return;
        };
        let outputs = network.predict(&test.points);
        let squares = outputs.iter().zip(&test.clean).map(|(f, y)| (f - y).powi(2)).sum::<f64>();
        let top = 2 * self.spec.target.highest() + 2;
        let energies = self
            .setup
            .energies
            .then(|| energies(points.dim(), points.coordinates(), points.weights(), network.outputs(), top));
        record.history.push(Sample {
            step,
            residual: record.progress.norm,
            parts: record.progress.parts.clone(),
            test_error: squares / test.clean.len() as f64,
            energies: energies.unwrap_or_default(),
        });
    }

    fn kernel_at_end(&self) -> Result<KernelAtEnd> {
        let Labels { weights, parts, .. } = &self.labels;
        let kernel = Linearised::new(self.network.tangent_gram(), weights)?;
        let eigenvalues = parts.iter().map(|part| kernel.rayleigh(part, weights)).collect();
        Ok(KernelAtEnd { eigenvalues, largest: kernel.largest() })
    }

    /// Puts the run into the store; its network too, while it is under way.
    fn keep(&self, store: &RunStore) -> Result<()> {
        let state = || if self.ended() { vec![] } else { self.network.state() };
        store.save(self.setup, self.spec, self.rule.step_size, &self.record, state)
    }

    fn finished(self) -> Run {
        let test = self.test.as_ref().filter(|_| self.setup.gap.is_some());
        let last = self.record.history.last();
        let Record { progress, odd, divergence, end, .. } = self.record.clone();
        Run {
            repeat: self.spec.repeat,
            target: self.spec.target.clone(),
            gap_error: test.and_then(|test| Some(last?.test_error / test.power())),
            progress,
            odd,
            divergence,
            end,
            history: self.record.history,
        }
    }
}

impl Run {
    /// The step of least test error among those recorded, and the error.
    pub fn least_test_error(&self) -> Option<(u64, f64)> {
        let errors = self.history.iter().map(|sample| (sample.step, sample.test_error));
        errors.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}
