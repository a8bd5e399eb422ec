//! Mini-batches: which points make the gradient of a step.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// The batches of a run. Those of a step depend on the seed and the step alone, so a run that is taken up again has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batches {
    /// The points of each, at most all.
    pub size: usize,
    /// The seed.
    pub seed: u64,
}

/// The streams of the batches, away from those of points and networks; one for each step.
const STREAMS: u64 = 1 << 41;

impl Batches {
    /// The points of step `step`, rising: drawn from `points` without replacement.
    pub fn chosen(&self, step: u64, points: usize) -> Vec<usize> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(STREAMS + step);
        let mut chosen = rand::seq::index::sample(&mut random, points, self.size.min(points)).into_vec();
        chosen.sort_unstable();
        chosen
    }

    /// The slopes of the step from those of all points: `n/B` times those of the chosen ones, 0 elsewhere.
    pub fn thin(&self, step: u64, slopes: &mut [f64]) {
        let n = slopes.len();
        let chosen = self.chosen(step, n);
        let factor = n as f64 / chosen.len() as f64;
        let mut next = chosen.into_iter().peekable();
        for (i, slope) in slopes.iter_mut().enumerate() {
            *slope = if next.next_if_eq(&i).is_some() { factor * *slope } else { 0.0 };
        }
    }
}
