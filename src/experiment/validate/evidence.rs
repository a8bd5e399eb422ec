//! What a claim can rest on: the experiments, and what of their reports is judged and kept.

use crate::experiment::{Options, Request, curve, data, formula, null_space, sample, table, train, verify};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::path::Path;

/// The report of the experiment with options `O`.
pub type ReportOf<O> = <<O as Options>::Request as Request>::Report;

/// An experiment that a claim can rest on.
pub trait Evidence: Options + Clone + Send + Sync + 'static {
    /// What is judged and kept: the report, and what a claim or a figure needs that its serialised form leaves out.
    type Found: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What is judged of a report.
    fn found(report: ReportOf<Self>) -> Self::Found;

    /// The same experiment, which takes up what an interrupted run of it left in `folder`.
    fn resumed(&self, _folder: &Path) -> Self {
        self.clone()
    }
}

/// Experiments whose serialised reports say all.
macro_rules! by_report {
    ($($experiment:ident),+) => {$(
        impl Evidence for $experiment::Options {
            type Found = $experiment::Report;

            fn found(report: Self::Found) -> Self::Found {
                report
            }
        }
    )+};
}

by_report!(table, verify, null_space, formula, sample, data, curve);

/// A training: its report, and the course of its first run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trained {
    /// The report.
    pub report: train::Report,
    /// What was left of each degree of the first run's target.
    pub courses: Vec<Course>,
}

/// What was left of a degree over the steps of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Course {
    /// The degree.
    pub degree: u32,
    /// Steps, with the component of the residual along the degree.
    pub points: Vec<(u64, f64)>,
}

impl Evidence for train::Options {
    type Found = Trained;

    fn found(report: train::Report) -> Trained {
        let courses = report.runs.first().map(courses).unwrap_or_default();
        Trained { report, courses }
    }

    fn resumed(&self, folder: &Path) -> Self {
        Self { checkpoint: Some(folder.display().to_string().into()), resume: true, ..self.clone() }
    }
}

fn courses(run: &train::Run) -> Vec<Course> {
    let of = |(part, degree): (usize, u32)| Course {
        degree,
        points: run.history.iter().map(|sample| (sample.step, sample.parts[part])).collect(),
    };
    run.target.degrees().enumerate().map(of).collect()
}
