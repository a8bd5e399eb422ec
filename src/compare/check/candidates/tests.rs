//! What is tried, and how far.

use super::*;

/// Twice as many harmonics as numbers, and twice as many degrees as numbers, at least nine and at most 80: where few harmonics have low degrees, and
/// where a degree has many.
#[test]
fn sorted_lists_reach_twice_as_far_as_they_are_long() {
    for d in [1, 2, 10] {
        let sphere = Dimension::new(d).unwrap();
        for n in [1usize, 4, 30, 100] {
            let found = reach(sphere, n);
            let least = 9.max(2 * n.min(40) + 1);
            assert!(found.len() > least, "{d} {n}: {}", found.len());
            let most = |k: u64| multiplicity(sphere, k).to_usize().unwrap().min(n);
            assert!((0..).zip(&found).all(|(k, (degree, count))| *degree == k && *count == most(k)));
            let harmonics: usize = found.iter().map(|(_, count)| count).sum();
            assert!(harmonics > 2 * n, "{d} {n}: {harmonics}");
        }
    }
}
