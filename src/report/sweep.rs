//! A sweep: what was made and what failed, or what would be made.

use super::{
    Show,
    grid::{Column, Grid},
};
use crate::{
    experiment::sweep::{Plan, PlannedRun, Report, State, text},
    math::durations,
};
use serde_json::{Map, Value};

/// Runs that a table for a person shows.
const SHOWN: usize = 1000;

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        match &self.plan {
            Some(plan) => vec![self.planned(plan)],
            None => self.made(),
        }
    }

    fn records(&self) -> Vec<Grid> {
        let axes = |values: &Map<String, Value>| values.values().map(text).collect::<Vec<_>>();
        let heads = |last: &[&str]| {
            let all = std::iter::once("run")
                .chain(self.axes.iter().map(String::as_str))
                .chain(last.iter().copied());
            all.map(|head| (head.to_owned(), Column::Left)).collect()
        };
        let (columns, rows) = match &self.plan {
            Some(plan) => {
                let cells = |row: &PlannedRun| {
                    let seconds = row.seconds.map(|s| s.to_string()).unwrap_or_default();
                    [
                        vec![row.run.clone()],
                        axes(&row.values),
                        vec![row.state.name().into(), seconds, row.line.clone()],
                    ]
                    .concat()
                };
                (heads(&["state", "seconds", "command"]), plan.rows.iter().map(cells).collect())
            }
            None => {
                let rows = self
                    .failed
                    .iter()
                    .map(|run| [vec![run.run.clone()], axes(&run.values), vec![run.error.clone()]].concat());
                (heads(&["error"]), rows.collect())
            }
        };
        vec![Grid { title: self.title(), captions: self.captions(), columns, rows }]
    }
}

impl Report {
    fn title(&self) -> String {
        let of = self
            .shard
            .map_or_else(String::new, |shard| format!(", shard {} of {}", shard.index, shard.count));
        let what = if self.plan.is_some() { "Runs" } else { "Sweep" };
        format!("{what} of hinf {} in {}{of}", self.command, self.folder)
    }

    fn captions(&self) -> Vec<String> {
        let mut captions = vec![format!(
            "{} runs in the study, {} here: {} finished ({} before), {} failed, {} to make",
            self.runs,
            self.runs_in_shard,
            self.finished,
            self.finished_before,
            self.failed.len(),
            self.runs_in_shard.saturating_sub(self.finished + self.failed.len() as u64)
        )];
        if self.checks_failed > 0 {
            captions.push(format!("the checks of {} runs did not hold", self.checks_failed));
        }
        if !self.remade.is_empty() {
            captions.push(format!("{} files could not serve", self.remade.len()));
        }
        let Some(plan) = &self.plan else { return captions };
        captions.push(match plan.seconds {
            Some(seconds) => format!(
                "{} on one thread, {} on the {} threads here: {}",
                durations::shown(seconds),
                durations::shown(seconds / plan.threads as f64),
                plan.threads,
                plan.basis
            ),
            None => format!("times: {}", plan.basis),
        });
        if let Some(budget) = plan.budget_seconds {
            let each = durations::shown(budget);
            captions.push(match plan.shards {
                Some(1) => format!("one machine like this makes it in {each}"),
                Some(shards) => format!("{shards} shards, each on a machine like this, make it in {each}: --shard 1/{shards} to {shards}/{shards}"),
                None if plan.seconds.is_some() => format!("one run alone takes longer than {each}"),
                None => "in how many shards it fits is not known".into(),
            });
        }
        captions
    }

    fn planned(&self, plan: &Plan) -> Grid {
        let axes = self.axes.iter().map(|axis| (axis.clone(), Column::Elastic));
        let columns = axes.chain([("state".into(), Column::Left), ("time".into(), Column::Right)]).collect();
        let cells = |row: &PlannedRun| {
            let time = row.seconds.map_or_else(|| "?".into(), durations::shown);
            let time = if row.state == State::Missing { time } else { String::new() };
            row.values.values().map(text).chain([row.state.name().into(), time]).collect()
        };
        let mut captions = self.captions();
        if plan.rows.len() > SHOWN {
            captions.push(format!("the first {SHOWN}; --format csv has all"));
        }
        Grid {
            title: self.title(),
            captions,
            columns,
            rows: plan.rows.iter().take(SHOWN).map(cells).collect(),
        }
    }

    fn made(&self) -> Vec<Grid> {
        let count = |name: &str, number: u64| vec![name.to_owned(), number.to_string()];
        let rows = vec![
            count("finished", self.finished),
            count("of them before", self.finished_before),
            count("with checks that did not hold", self.checks_failed),
            count("failed", self.failed.len() as u64),
        ];
        let columns = vec![("runs".into(), Column::Left), (self.runs_in_shard.to_string(), Column::Right)];
        let mut grids = vec![Grid { title: self.title(), captions: vec![], columns, rows }];
        if !self.failed.is_empty() {
            let mut captions = vec!["--retry-failed makes them again".to_owned()];
            if self.failed.len() > SHOWN {
                captions.push(format!("the first {SHOWN} of {}; --format csv has all", self.failed.len()));
            }
            let rows = self.failed.iter().take(SHOWN).map(|run| vec![run.at(), run.error.clone()]);
            grids.push(Grid {
                title: "Failed runs".into(),
                captions,
                columns: vec![("run".into(), Column::Wrapped), ("error".into(), Column::Wrapped)],
                rows: rows.collect(),
            });
        }
        grids
    }
}
