//! Rows that are the same point.

use super::table::Matrix;

/// Unit rows closer than this in every coordinate are the same point: a few roundings of a quotient.
const SAME: f64 = 4.0 * f64::EPSILON;

/// The groups of rows, each of two or more and rising, that are the same point to rounding; `rows` are of norm 1.
///
/// Rows are ordered by one random-like projection, on which equal rows lie within `width SAME` of one another, and only neighbours there
/// are compared: `O(n (width + log n))` unless many different rows share the projection.
pub(super) fn duplicates(rows: &Matrix) -> Vec<Vec<usize>> {
    let width = rows.width;
    let row = |i: usize| &rows.entries[i * width..(i + 1) * width];
    // Weights in [-1, 1] without a pattern: the fractional parts of multiples of the golden ratio.
    let weights: Vec<f64> =
        (0..width).map(|j| 2.0 * ((j + 1) as f64 * 0.618_033_988_749_894_9).fract() - 1.0).collect();
    let project = |i: usize| row(i).iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>();
    let mut order: Vec<(f64, usize)> = (0..rows.rows()).map(|i| (project(i), i)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let same = |i: usize, j: usize| row(i).iter().zip(row(j)).all(|(a, b)| (a - b).abs() <= SAME);
    // Two sums of `width` products, each rounded, of rows that differ by `SAME` at most.
    let reach = 2.0 * width as f64 * SAME;
    let mut grouped = vec![false; order.len()];
    let mut groups = Vec::new();
    for (at, &(key, i)) in order.iter().enumerate() {
        if grouped[at] {
            continue;
        }
        let mut group = vec![i];
        for (later, &(other, j)) in order.iter().enumerate().skip(at + 1) {
            if other - key > reach {
                break;
            }
            if !grouped[later] && same(i, j) {
                grouped[later] = true;
                group.push(j);
            }
        }
        if group.len() > 1 {
            group.sort_unstable();
            groups.push(group);
        }
    }
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[[f64; 2]]) -> Vec<Vec<usize>> {
        let unit = |row: &[f64; 2]| row.map(|x| x / row[0].hypot(row[1]));
        duplicates(&Matrix { width: 2, entries: rows.iter().flat_map(unit).collect() })
    }

    #[test]
    fn the_same_directions_are_found_and_no_others() {
        let rows =
            [[1.0, 2.0], [3.0, 1.0], [0.3, 0.1], [-1.0, -2.0], [2.0, 4.0], [1.0, 2.000_000_1], [5.0, 10.0]];
        assert_eq!(found(&rows), [vec![0, 4, 6], vec![1, 2]]);
        assert!(found(&[[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]).is_empty());
    }

    /// Against comparing all pairs, on rows of few values, where projections coincide.
    #[test]
    fn every_pair_is_found_among_the_corners_of_a_cube() {
        let corner =
            |i: usize| (0..5).map(move |j| (if (i * 7) >> j & 1 == 0 { 1.0 } else { -1.0 }) / 5f64.sqrt());
        let rows = Matrix { width: 5, entries: (0..100).flat_map(corner).collect() };
        let groups = duplicates(&rows);
        let together =
            |i: usize, j: usize| groups.iter().any(|group| group.contains(&i) && group.contains(&j));
        for i in 0..100 {
            for j in 0..i {
                assert_eq!(together(i, j), (i * 7) % 32 == (j * 7) % 32, "{i} {j}");
            }
        }
    }
}
