//! Points split into parts, pairs of parts into rounds, and both among processes.

use super::team::share;
use std::ops::Range;

/// The least number of parts of the points, whose half has many divisors, so that few processes share them evenly; ...
const LEAST_PARTS: usize = 48;
/// ... the points of a part where there are more, so that many threads have a pair each; and the most parts.
const POINTS_A_PART: usize = 2048;
const MOST_PARTS: usize = 1008;

/// Parts of `n` points: even, and a function of `n` alone, so that results do not depend on who makes them.
fn parts(n: usize) -> usize {
    (n / POINTS_A_PART).next_multiple_of(LEAST_PARTS).clamp(LEAST_PARTS, MOST_PARTS)
}

/// The rows of a kept matrix that a process multiplies: whole tiles, so that no product depends on how many processes there are.
pub fn kept_rows(n: usize, tile: usize, rank: usize, size: usize) -> Range<usize> {
    let tiles = share(n.div_ceil(tile), rank, size);
    (tiles.start * tile).min(n)..(tiles.end * tile).min(n)
}

/// How the points are split into parts, and the parts among processes.
pub struct Split {
    n: usize,
    /// How many parts.
    pub parts: usize,
    /// How many processes.
    pub size: usize,
}

impl Split {
    /// That of `n` points among so many processes.
    pub fn of(n: usize, size: usize) -> Self {
        Self { n, parts: parts(n), size }
    }

    /// The points of a range of parts.
    pub fn rows(&self, parts: Range<usize>) -> Range<usize> {
        self.n * parts.start / self.parts..self.n * parts.end / self.parts
    }

    /// The parts whose rows of the product a process sums.
    pub fn owned(&self, rank: usize) -> Range<usize> {
        share(self.parts, rank, self.size)
    }

    /// The pairs of a round that a process computes.
    pub fn pairs(&self, round: usize, rank: usize) -> impl Iterator<Item = (usize, usize)> {
        let own = share(self.parts / 2, rank, self.size);
        pairs(round, self.parts).skip(own.start).take(own.len())
    }
}

/// The pairs of a round: the last part stays, the others move on by one place a round.
fn pairs(round: usize, parts: usize) -> impl Iterator<Item = (usize, usize)> {
    let moving = parts - 1;
    let across = (1..parts / 2).map(move |i| ((round + i) % moving, (round + moving - i) % moving));
    std::iter::once((round, moving)).chain(across)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_two_parts_meet_once_and_none_twice_in_a_round() {
        let parts = LEAST_PARTS;
        let mut met = HashSet::new();
        for round in 0..parts - 1 {
            let busy: HashSet<usize> = pairs(round, parts).flat_map(|(i, j)| [i, j]).collect();
            assert_eq!(busy.len(), parts);
            assert!(pairs(round, parts).all(|(i, j)| met.insert((i.min(j), i.max(j)))));
        }
        assert_eq!(met.len(), parts * (parts - 1) / 2);
    }

    #[test]
    fn parts_are_even_and_grow_with_the_points() {
        assert_eq!(
            [100, 8193, 98_304, 100_000, 1_000_000, 100_000_000].map(parts),
            [48, 48, 48, 48, 528, 1008]
        );
    }
}
