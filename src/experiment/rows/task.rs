//! The rows of a run: which are trained on, and what their labels are as outputs of networks.

use super::{LabelKind, Request};
use crate::{
    error::{Error, Result},
    experiment::data::numbered,
    sample::{Data, Labels, Points},
    train::descent::Loss,
};
use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The streams of the split and of the label noise, away from those of networks and batches.
const SPLIT: u64 = 1 << 42;
const NOISE: u64 = (1 << 42) + 1;
/// The most classes, each of which has a network.
const MOST_CLASSES: usize = 100;

/// What is learned, and what is tested.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Task {
    /// The rows trained on.
    pub training: Points,
    /// Those tested on.
    pub test: Points,
    /// The classes, where the labels are some.
    pub classes: Option<Vec<String>>,
    /// The labels trained on, noise included: one list an output.
    pub labels: Vec<Vec<f64>>,
    /// The labels of the test rows, as they are: one list an output.
    pub test_labels: Vec<Vec<f64>>,
    /// How many training rows have another label than their own.
    pub permuted: usize,
}

/// How labels become outputs.
enum Coding {
    /// A quantity, by its mean and deviation on the training rows.
    Quantity { mean: f64, deviation: f64 },
    /// Two classes, the second of which is 1.
    Two { one: f64 },
    /// More, by code.
    Several(Vec<f64>),
}

impl Coding {
    /// A label as outputs of size 1.
    fn outputs(&self, label: f64) -> Vec<f64> {
        let sign = |is: bool| if is { 1.0 } else { -1.0 };
        match self {
            Self::Quantity { mean, deviation } => vec![(label - mean) / deviation],
            Self::Two { one } => vec![sign(label == *one)],
            Self::Several(codes) => codes.iter().map(|code| sign(label == *code)).collect(),
        }
    }
}

impl Task {
    /// The split and the labels of a request.
    ///
    /// # Errors
    /// When too few rows are left on a side, when all labels that are trained on are the same, when there are too many classes, and when a quantity
    /// is asked for cross-entropy.
    pub fn new(request: &Request, data: &Data) -> Result<Self> {
        let Some(labels) = &data.labels else {
            return Err(Error::invalid("label", "nothing", "a column of labels"));
        };
        let classes = classes(request, labels)?;
        let (training, test) = split(request, data.points.len())?;
        let mut noisy: Vec<f64> = training.iter().map(|row| labels.values[*row]).collect();
        if noisy.iter().all(|label| *label == noisy[0]) {
            let named = |(_, code): &&(String, f64)| *code == noisy[0];
            let name =
                classes.iter().flatten().find(named).map_or(noisy[0].to_string(), |(name, _)| name.clone());
            let found = format!("{name} in all of the {} rows that are trained on", noisy.len());
            return Err(Error::invalid("label", found, "labels that differ among them"));
        }
        let coding = match classes.as_deref() {
            None => quantity(&noisy)?,
            Some([_, (_, one)]) => Coding::Two { one: *one },
            Some(all) => Coding::Several(all.iter().map(|(_, code)| *code).collect()),
        };
        let permuted = permute(request, &mut noisy);
        let outputs = |labels: &[f64]| -> Vec<Vec<f64>> {
            let rows: Vec<Vec<f64>> = labels.iter().map(|label| coding.outputs(*label)).collect();
            let of = |output: usize| rows.iter().map(|row| request.amplitude * row[output]).collect();
            (0..rows.first().map_or(0, Vec::len)).map(of).collect()
        };
        let tested: Vec<f64> = test.iter().map(|row| labels.values[*row]).collect();
        Ok(Self {
            training: data.points.chosen(&training),
            test: data.points.chosen(&test),
            classes: classes.map(|all| all.into_iter().map(|(name, _)| name).collect()),
            labels: outputs(&noisy),
            test_labels: outputs(&tested),
            permuted,
        })
    }

    /// All rows, those trained on first.
    ///
    /// # Errors
    /// None: both are of one file.
    pub fn all(&self) -> Result<Points> {
        self.training.followed_by(&self.test)
    }
}

/// The classes with their codes, where the labels are some.
fn classes(request: &Request, labels: &Labels) -> Result<Option<Vec<(String, f64)>>> {
    let named = labels
        .classes
        .as_ref()
        .map(|classes| classes.iter().map(|class| (class.name.clone(), class.code)).collect::<Vec<_>>());
    let found = match request.kind {
        LabelKind::Quantity if named.is_some() => {
            return Err(Error::invalid(
                "label-kind",
                "quantity",
                format!("classes, or numbers in column {}", labels.name),
            ));
        }
        LabelKind::Quantity => None,
        LabelKind::Auto => named.or_else(|| numbered(&labels.values)),
        LabelKind::Classes => Some(named.unwrap_or_else(|| values(&labels.values))),
    };
    if let Some(all) = found.as_ref().filter(|all| all.len() > MOST_CLASSES) {
        let found = format!("{} classes in column {}", all.len(), labels.name);
        return Err(Error::invalid(
            "label",
            found,
            format!("at most {MOST_CLASSES}, each of which has a network"),
        ));
    }
    if found.is_none() && request.loss == Loss::CrossEntropy {
        let right = "mse, or a column of classes: its labels are a quantity";
        return Err(Error::invalid("loss", "cross-entropy", right));
    }
    Ok(found)
}

/// Each value as a class.
fn values(labels: &[f64]) -> Vec<(String, f64)> {
    let mut codes = labels.to_vec();
    codes.sort_by(f64::total_cmp);
    codes.dedup();
    codes.into_iter().map(|code| (code.to_string(), code)).collect()
}

fn quantity(labels: &[f64]) -> Result<Coding> {
    let n = labels.len() as f64;
    let mean = labels.iter().sum::<f64>() / n;
    let deviation = (labels.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt();
    if !deviation.is_normal() {
        let right = "labels whose squares neither overflow nor vanish";
        return Err(Error::invalid("label", format!("a standard deviation of {deviation}"), right));
    }
    Ok(Coding::Quantity { mean, deviation })
}

/// The rows trained and tested on, each rising.
fn split(request: &Request, rows: usize) -> Result<(Vec<usize>, Vec<usize>)> {
    let tested = (request.test_share * rows as f64).round() as usize;
    if tested == 0 || rows - tested < 2 {
        let given = format!("{}, which is {tested} of {rows} rows", request.test_share);
        let right = "a share that leaves a row to test on, and two to train on";
        return Err(Error::invalid("test-share", given, right));
    }
    let mut all: Vec<usize> = (0..rows).collect();
    let mut random = ChaCha8Rng::seed_from_u64(request.seed);
    random.set_stream(SPLIT);
    all.shuffle(&mut random);
    let mut training = all.split_off(tested);
    all.sort_unstable();
    training.sort_unstable();
    Ok((training, all))
}

/// Permutes the labels of a share of the rows among them; how many rows have another label after it.
fn permute(request: &Request, labels: &mut [f64]) -> usize {
    let count = (request.label_noise * labels.len() as f64).round() as usize;
    let mut random = ChaCha8Rng::seed_from_u64(request.seed);
    random.set_stream(NOISE);
    let chosen = rand::seq::index::sample(&mut random, labels.len(), count).into_vec();
    let mut moved: Vec<f64> = chosen.iter().map(|row| labels[*row]).collect();
    moved.shuffle(&mut random);
    let mut changed = 0;
    for (row, label) in chosen.into_iter().zip(moved) {
        changed += usize::from(labels[row] != label);
        labels[row] = label;
    }
    changed
}
