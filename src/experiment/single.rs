//! The experiments that are one run each: those that a study may vary.

use super::{
    Options as _, check, curve, data,
    entry::{Entry, Experiment},
    formula, matrix, null_space, plan, rows, sample, table, train, verify,
};

/// The one command with three kinds of options: points that are drawn, a user's own rows, or a user's own matrices.
const GRAM: Experiment = Experiment {
    command: sample::Options::COMMAND,
    entry: |options| match (options.get("matrix"), options.get("data")) {
        (Some(_), _) => Entry::of::<matrix::Options>(),
        (None, Some(_)) => Entry::of::<data::Options>(),
        (None, None) => Entry::of::<sample::Options>(),
    },
};

/// Training, on harmonics or on a user's own rows.
const TRAIN: Experiment = Experiment {
    command: train::Options::COMMAND,
    entry: |options| match options.get("data") {
        Some(_) => Entry::of::<rows::Options>(),
        None => Entry::of::<train::Options>(),
    },
};

/// All of them.
pub(super) const EXPERIMENTS: [Experiment; 9] = [
    Experiment::of::<table::Options>(),
    Experiment::of::<formula::Options>(),
    Experiment::of::<null_space::Options>(),
    Experiment::of::<verify::Options>(),
    Experiment::of::<check::Options>(),
    GRAM,
    TRAIN,
    Experiment::of::<plan::Options>(),
    Experiment::of::<curve::Options>(),
];

/// Their names.
pub(super) fn commands() -> impl Iterator<Item = &'static str> {
    EXPERIMENTS.iter().map(|experiment| experiment.command)
}
