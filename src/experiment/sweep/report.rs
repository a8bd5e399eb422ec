//! The report of a sweep: what was made, what failed, or what would be made.

use super::{Found, Outcome, Request, Seen, estimate::Estimate, study::text};
use crate::error::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// What was made; as JSON `hinf.sweep/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The schema of the serialised report.
    pub schema: Cow<'static, str>,
    /// The command of the runs.
    pub command: String,
    /// The folder of the results.
    pub folder: String,
    /// The options that vary.
    pub axes: Vec<String>,
    /// Runs of the study.
    pub runs: u64,
    /// The share that was asked for.
    pub shard: Option<Shard>,
    /// Runs of the shard.
    pub runs_in_shard: u64,
    /// Those that are finished, ...
    pub finished: u64,
    /// ... of them those that were so before, ...
    pub finished_before: u64,
    /// ... and those whose checks did not hold.
    pub checks_failed: u64,
    /// Those that could not be made.
    pub failed: Vec<FailedRun>,
    /// Those of which there was a file that could not serve.
    pub remade: Vec<RemadeRun>,
    /// Of a dry run: what would be made.
    pub plan: Option<Plan>,
}

/// A share of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub index: u64,
    /// Of how many.
    pub count: u64,
}

/// A run that could not be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedRun {
    /// The hash of its request.
    pub run: String,
    /// Its values on the axes.
    pub values: Map<String, Value>,
    /// Why, in a line.
    pub error: String,
}

/// A run of which there was a file that could not serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemadeRun {
    /// The hash of its request.
    pub run: String,
    /// What was wrong with the file.
    pub file_was: String,
}

/// What there is of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing that serves.
    Missing,
    /// It is finished.
    Finished,
    /// It is finished, and its checks did not hold.
    ChecksFailed,
    /// It could not be made, for this reason.
    Failed(String),
}

impl State {
    pub(in super::super) fn of(outcome: &Outcome<'_>) -> Self {
        match outcome {
            Outcome::Finished { passed: true, .. } => Self::Finished,
            Outcome::Finished { passed: false, .. } => Self::ChecksFailed,
            Outcome::Failed { error } => Self::Failed(error.clone()),
        }
    }

    /// Is there a report of it?
    pub fn is_finished(&self) -> bool {
        matches!(self, Self::Finished | Self::ChecksFailed)
    }

    /// Is it to be made, if failed ones are or are not?
    pub(super) fn is_to_make(&self, retry: bool) -> bool {
        match self {
            Self::Missing => true,
            Self::Failed(_) => retry,
            Self::Finished | Self::ChecksFailed => false,
        }
    }

    /// In a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Finished => "finished",
            Self::ChecksFailed => "checks failed",
            Self::Failed(_) => "failed",
        }
    }
}

/// What a dry run foresees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The runs of the shard.
    pub rows: Vec<PlannedRun>,
    /// Seconds that those to be made take on one thread, together; `None` where that is not known of all.
    pub seconds: Option<f64>,
    /// The threads that share them.
    pub threads: usize,
    /// How the times were found.
    pub basis: String,
    /// The time that there is for a shard, in seconds.
    pub budget_seconds: Option<f64>,
    /// The least number of shards, each on a machine like this, of which each fits into it; `None` where the times are not known, or one run alone
    /// takes longer.
    pub shards: Option<u64>,
}

/// A run of a dry run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRun {
    /// The hash of its request, which names its file.
    pub run: String,
    /// Its values on the axes.
    pub values: Map<String, Value>,
    /// What there is of it.
    pub state: State,
    /// Seconds that it takes on one thread: an estimate.
    pub seconds: Option<f64>,
    /// The command line that does the same.
    pub line: String,
}

impl super::super::Report for Report {
    /// Could every run be made, and did its checks hold? Of a dry run: yes.
    fn passed(&self) -> bool {
        self.plan.is_some() || (self.failed.is_empty() && self.checks_failed == 0)
    }
}

fn values(request: &Request, index: u64) -> Map<String, Value> {
    let study = &request.study;
    study.axes().map(str::to_owned).zip(study.values(index).cloned()).collect()
}

/// What all reports have.
fn common(request: &Request, seen: &[Seen]) -> Report {
    let remade =
        |run: &Seen| Some(RemadeRun { run: run.identity.name.clone(), file_was: run.unusable?.into() });
    Report {
        schema: "hinf.sweep/1".into(),
        command: request.study.command().into(),
        folder: request.folder.path().display().to_string(),
        axes: request.study.axes().map(str::to_owned).collect(),
        runs: request.study.runs(),
        shard: request.shard,
        runs_in_shard: seen.len() as u64,
        finished: 0,
        finished_before: seen.iter().filter(|run| run.state.is_finished()).count() as u64,
        checks_failed: 0,
        failed: vec![],
        remade: seen.iter().filter_map(remade).collect(),
        plan: None,
    }
}

/// That of a process that made what another one gave it.
pub(super) fn empty(request: &Request) -> Report {
    common(request, &[])
}

/// What there is once the runs `todo` are made: what this process made of them, and what others left in the folder.
pub(super) fn made(
    request: &Request,
    seen: &[Seen],
    todo: &[u64],
    mut made: HashMap<u64, State>,
) -> Result<Report> {
    let mut report = common(request, seen);
    let todo: HashSet<&u64> = todo.iter().collect();
    for run in seen {
        let state = if let Some(state) = made.remove(&run.index) {
            state
        } else if todo.contains(&run.index) {
            match request.folder.look(&run.identity, |outcome| State::of(&outcome))? {
                Found::Kept(state) => state,
                Found::Missing | Found::Unusable(_) => State::Missing,
            }
        } else {
            run.state.clone()
        };
        match state {
            State::Missing => {}
            State::Finished => report.finished += 1,
            State::ChecksFailed => {
                report.finished += 1;
                report.checks_failed += 1;
            }
            State::Failed(error) => {
                report.failed.push(FailedRun {
                    run: run.identity.name.clone(),
                    values: values(request, run.index),
                    error,
                });
            }
        }
    }
    Ok(report)
}

/// What would be made.
pub(super) fn dry(request: &Request, seen: &[Seen], todo: &[u64], estimate: Estimate) -> Result<Report> {
    use rayon::prelude::*;
    let threads = rayon::current_num_threads();
    let of: HashMap<u64, Option<f64>> = todo.iter().copied().zip(estimate.seconds.iter().copied()).collect();
    let row = |run: &Seen| {
        Ok(PlannedRun {
            run: run.identity.name.clone(),
            values: values(request, run.index),
            state: run.state.clone(),
            seconds: of.get(&run.index).copied().flatten(),
            line: (request.entry().line)(request.study.run(run.index))?,
        })
    };
    let rows = seen.par_iter().map(row).collect::<Result<_>>()?;
    let all: Option<Vec<f64>> = estimate.seconds.iter().copied().collect();
    let shards = all.as_ref().zip(request.budget).and_then(|(all, budget)| fewest(all, threads, budget));
    let plan = Plan {
        rows,
        seconds: all.map(|all| all.iter().sum()),
        threads,
        basis: estimate.basis,
        budget_seconds: request.budget,
        shards,
    };
    let mut report = common(request, seen);
    report.finished = report.finished_before;
    report.checks_failed = seen.iter().filter(|run| run.state == State::ChecksFailed).count() as u64;
    let failed = |run: &Seen| match &run.state {
        State::Failed(error) => Some(FailedRun {
            run: run.identity.name.clone(),
            values: values(request, run.index),
            error: error.clone(),
        }),
        _ => None,
    };
    report.failed = seen.iter().filter_map(failed).collect();
    report.plan = Some(plan);
    Ok(report)
}

/// The least number of shards of which each, every so-manieth run, fits into the time: all its threads share its work, but none a run.
fn fewest(seconds: &[f64], threads: usize, budget: f64) -> Option<u64> {
    let longest = seconds.iter().copied().fold(0.0, f64::max);
    if longest > budget {
        return None;
    }
    let fits = |shards: usize| {
        (0..shards).all(|shard| {
            let own = seconds.iter().skip(shard).step_by(shards);
            // No order of runs on threads takes longer than the mean share and one run.
            let total: f64 = own.sum();
            let alone = total.min(total / threads as f64 + longest);
            alone <= budget
        })
    };
    let least = (seconds.iter().sum::<f64>() / threads as f64 / budget).ceil().max(1.0) as usize;
    (least..=seconds.len().max(1)).take(LOOKS).find(|shards| fits(*shards)).map(|shards| shards as u64)
}

/// Numbers of shards that are looked at.
const LOOKS: usize = 2000;

impl FailedRun {
    /// The values on the axes, in a line.
    pub fn at(&self) -> String {
        self.values
            .iter()
            .map(|(name, value)| format!("{name}={}", text(value)))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::fewest;

    #[test]
    fn shards_fit_into_the_time_and_no_fewer_do() {
        // Ten runs of a minute on two threads: five minutes, or one shard more for the run that is left over.
        assert_eq!(fewest(&[60.0; 10], 2, 361.0), Some(1));
        assert_eq!(fewest(&[60.0; 10], 2, 300.0), Some(2));
        assert_eq!(fewest(&[60.0; 10], 2, 60.0), Some(10));
        assert_eq!(fewest(&[60.0; 10], 2, 59.0), None);
        assert_eq!(fewest(&[], 2, 1.0), Some(1));
    }
}
