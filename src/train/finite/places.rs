//! Where the matrices of a pass lie: those that are needed later have a place to themselves, the others share.

use super::tape::{Step, Tape};

/// Places of matrices, as indices into [`Places::rows`].
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The rows of each place.
    pub rows: Vec<usize>,
    /// By matrix: its values. They stay if a backward pass or an update reads them.
    pub values: Vec<usize>,
    /// By matrix: the derivatives of the loss by it; those of a matrix that dense layers make stay until the update. `None` where nothing
    /// is trained below.
    pub deltas: Vec<Option<usize>>,
    /// By step: the derivatives of its activation; one number a column of a norm.
    pub slopes: Vec<Option<usize>>,
    /// By step and input: is it the first to set the input's derivatives?
    pub first: Vec<Vec<bool>>,
}

/// Places that are free again.
struct Pool {
    rows: Vec<usize>,
    free: Vec<usize>,
}

impl Pool {
    fn own(&mut self, rows: usize) -> usize {
        self.rows.push(rows);
        self.rows.len() - 1
    }

    fn take(&mut self, rows: usize) -> usize {
        let Some(place) = self.free.pop() else { return self.own(rows) };
        self.rows[place] = self.rows[place].max(rows);
        place
    }
}

/// Which steps make and read each matrix.
struct Links {
    makers: Vec<Vec<usize>>,
    readers: Vec<Vec<usize>>,
    /// Are the values read again after the forward pass?
    stays: Vec<bool>,
    /// Does a dense layer make it?
    dense: Vec<bool>,
}

impl Links {
    fn of(tape: &Tape) -> Self {
        let count = tape.rows.len();
        let (mut makers, mut readers) = (vec![vec![]; count], vec![vec![]; count]);
        let (mut stays, mut dense) = (vec![false; count], vec![false; count]);
        (stays[0], stays[tape.output]) = (true, true);
        for (at, step) in tape.steps.iter().enumerate() {
            makers[step.output()].push(at);
            dense[step.output()] |= matches!(step, Step::Dense { .. });
            stays[step.output()] |= matches!(step, Step::Norm { .. });
            for input in step.inputs() {
                readers[input].push(at);
                stays[input] |= matches!(step, Step::Dense { .. } | Step::Product { .. });
            }
        }
        Self { makers, readers, stays, dense }
    }

    /// Can a sum go on in the place of its first term?
    fn continues(&self, tape: &Tape, at: usize) -> Option<usize> {
        let Step::Combine { terms, output } = &tape.steps[at] else { return None };
        let (stream, factor) = terms[0];
        let alone = terms[1..].iter().all(|(other, _)| *other != stream);
        let last = self.readers[stream].last() == Some(&at) && !self.stays[stream] && !self.stays[*output];
        (factor == 1.0 && alone && last && tape.rows[stream] == tape.rows[*output]).then_some(stream)
    }
}

impl Places {
    pub fn of(tape: &Tape) -> Self {
        let links = Links::of(tape);
        let mut pool = Pool { rows: vec![tape.rows[0]], free: vec![] };
        let mut values = vec![0; tape.rows.len()];
        let mut slopes = vec![None; tape.steps.len()];
        for (at, step) in tape.steps.iter().enumerate() {
            let output = step.output();
            if links.makers[output][0] == at {
                values[output] = match links.continues(tape, at) {
                    Some(stream) => values[stream],
                    None if links.stays[output] => pool.own(tape.rows[output]),
                    None => pool.take(tape.rows[output]),
                };
            }
            slopes[at] = match step {
                Step::Activation { .. } => Some(pool.own(tape.rows[output])),
                Step::Norm { .. } => Some(pool.own(1)),
                _ => None,
            };
            for input in step.inputs() {
                let (place, last) = (values[input], links.readers[input].last() == Some(&at));
                if last && !links.stays[input] && place != values[output] && !pool.free.contains(&place) {
                    pool.free.push(place);
                }
            }
        }
        let (deltas, first) = backward(tape, &links, &slopes, &mut pool);
        Self { rows: pool.rows, values, deltas, slopes, first }
    }
}

type Deltas = Vec<Option<usize>>;

fn backward(tape: &Tape, links: &Links, slopes: &Deltas, pool: &mut Pool) -> (Deltas, Vec<Vec<bool>>) {
    let trained = tape.trained();
    let mut deltas = vec![None; tape.rows.len()];
    let mut first = vec![vec![]; tape.steps.len()];
    let mut in_slopes = vec![false; tape.rows.len()];
    deltas[tape.output] = Some(pool.own(1));
    for (at, step) in tape.steps.iter().enumerate().rev() {
        let output = step.output();
        for input in step.inputs() {
            let is_first = trained[input] && deltas[input].is_none();
            first[at].push(is_first);
            if is_first {
                let activation = matches!(step, Step::Activation { .. });
                let alone =
                    activation && links.readers[input].len() == 1 && tape.rows[input] == tape.rows[output];
                deltas[input] = match slopes[at] {
                    // The derivatives of the activation become those of the loss where they lie.
                    Some(place) if alone => {
                        in_slopes[input] = true;
                        Some(place)
                    }
                    _ if links.dense[input] => Some(pool.own(tape.rows[input])),
                    _ => Some(pool.take(tape.rows[input])),
                };
            }
        }
        let own = links.dense[output] || output == tape.output || in_slopes[output];
        pool.free.extend(deltas[output].filter(|_| links.makers[output][0] == at && !own));
    }
    (deltas, first)
}
