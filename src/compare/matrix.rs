//! A user's own kernel matrices, entry by entry against a kernel.

use super::statistics::{Interval, student};
use crate::{
    error::{Error, Result},
    sample::table::Matrix,
};
use serde::{Deserialize, Serialize};

/// Asymmetry up to this share of the largest entry is rounding of single precision, and is averaged away.
const ROUNDED: f64 = 1e-5;
/// Entries that differ by no more than this share of the largest are equal: single precision again.
const EQUAL: f64 = 1e-5;
/// The scale of a matrix is one of the named ones if it is this close to it, or within the matrix's own deviation.
const NAMED: f64 = 1e-4;
/// The same for products of two of them.
const FIXED: f64 = 1e-7;

/// An entry of a matrix, rows and columns from 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
    /// What stands there.
    pub given: f64,
    /// What should.
    pub right: f64,
}

/// The square symmetric matrix that `matrix` is, to rounding, and its largest asymmetry over its largest entry.
///
/// # Errors
/// When it is not square, or asymmetric by more than single precision explains: by how much, and where most.
pub fn symmetric(field: &str, matrix: Matrix) -> Result<(Matrix, f64)> {
    let (rows, n) = (matrix.rows(), matrix.width);
    if rows != n {
        return Err(Error::invalid(field, format!("{rows} x {n} entries"), "a square matrix"));
    }
    let mut matrix = matrix;
    let scale = matrix.entries.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let mut worst = (0.0, 0, 0);
    for i in 0..n {
        for j in 0..i {
            let (a, b) = (matrix.entries[i * n + j], matrix.entries[j * n + i]);
            if (a - b).abs() > worst.0 {
                worst = ((a - b).abs(), i, j);
            }
            let mean = 0.5 * a + 0.5 * b;
            (matrix.entries[i * n + j], matrix.entries[j * n + i]) = (mean, mean);
        }
    }
    let (difference, i, j) = worst;
    let asymmetry = if scale > 0.0 { difference / scale } else { 0.0 };
    if asymmetry > ROUNDED {
        let found = format!(
            "entries ({}, {}) and ({}, {}) that differ by {difference:.3e}, {asymmetry:.1e} of the largest",
            i + 1,
            j + 1,
            j + 1,
            i + 1
        );
        return Err(Error::invalid(field, found, "a symmetric matrix"));
    }
    Ok((matrix, asymmetry))
}

/// How one matrix compares with a kernel's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The factor `c` for which `c K` is nearest to the matrix: `sum M K / sum K^2`.
    pub scale: f64,
    /// That factor in words, if it is a known one, ...
    pub scale_text: Option<String>,
    /// ... and as a number.
    pub known_scale: Option<f64>,
    /// `|M - c K| / |c K|` in the Frobenius norm.
    pub deviation: f64,
    /// The entry that is furthest off.
    pub furthest: Entry,
    /// Is every entry equal to rounding?
    pub equal: bool,
    /// `sum M K / (|M| |K|)` of the centred matrices: 1 if they are the same up to scale.
    pub alignment: f64,
}

/// Known factors between a matrix and a kernel on `n` points with `coordinates` coordinates and `K(1) = diagonal`.
fn factors(n: usize, coordinates: usize, diagonal: f64) -> Vec<(String, f64)> {
    let pi = std::f64::consts::PI;
    let whole = [
        ("2", 2.0),
        ("pi", pi),
        ("n", n as f64),
        ("(d+1)", coordinates as f64),
        ("K(1)", diagonal),
        ("4", 4.0),
        ("8", 8.0),
    ];
    let mut all = vec![("1".to_owned(), 1.0)];
    all.extend(whole.iter().flat_map(|(name, x)| [((*name).to_owned(), *x), (format!("1/{name}"), 1.0 / x)]));
    all
}

/// Products of two of the factors, in words too.
fn products(factors: &[(String, f64)]) -> Vec<(String, f64)> {
    let plain = &factors[1..];
    let with = |(i, (name, x)): (usize, &(String, f64))| {
        let later = plain[i + 1..].iter();
        later.map(|(other, y)| (format!("{name} {other}"), x * y)).collect::<Vec<_>>()
    };
    plain.iter().enumerate().flat_map(with).collect()
}

/// Compares `given` with `right`, two symmetric matrices of one size.
pub fn compare(given: &Matrix, right: &Matrix, coordinates: usize) -> Comparison {
    let n = given.width;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let scale = product(&given.entries, &right.entries) / product(&right.entries, &right.entries);
    let off = |i: usize| given.entries[i] - scale * right.entries[i];
    let squares: f64 = (0..n * n).map(|i| off(i).powi(2)).sum();
    let deviation = squares.sqrt() / (scale.abs() * product(&right.entries, &right.entries).sqrt());
    let at = (0..n * n).max_by(|a, b| off(*a).abs().total_cmp(&off(*b).abs())).unwrap_or(0);
    let largest = given.entries.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let furthest = Entry {
        row: at / n + 1,
        column: at % n + 1,
        given: given.entries[at],
        right: scale * right.entries[at],
    };
    let (a, b) = (centred(given), centred(right));
    let diagonal = right.entries.first().copied().unwrap_or(1.0);
    let near = |tolerance: f64| {
        move |(_, factor): &(String, f64)| (scale / factor - 1.0).abs() <= tolerance.max(deviation)
    };
    let factors = factors(n, coordinates, diagonal);
    // Of the many products one is near by chance, unless the entries fix the scale.
    let both = if deviation <= NAMED { products(&factors) } else { vec![] };
    let named = factors.into_iter().find(near(NAMED)).or_else(|| both.into_iter().find(near(FIXED)));
    Comparison {
        scale,
        known_scale: named.as_ref().map(|(_, factor)| *factor),
        scale_text: named.map(|(name, _)| name),
        deviation,
        furthest,
        equal: (furthest.given - furthest.right).abs() <= EQUAL * largest,
        alignment: product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt(),
    }
}

/// `(1 - 11^T/n) M (1 - 11^T/n)`.
fn centred(matrix: &Matrix) -> Vec<f64> {
    let n = matrix.width;
    let means: Vec<f64> =
        matrix.entries.chunks_exact(n).map(|row| row.iter().sum::<f64>() / n as f64).collect();
    let mean = means.iter().sum::<f64>() / n as f64;
    (0..n * n).map(|i| matrix.entries[i] - means[i / n] - means[i % n] + mean).collect()
}

/// Is the mean of several matrices the kernel's? Each matrix gives its trace, its sum and its product with `right`, over those of `right`; their
/// means over independent matrices should be the scale. All three at `confidence` together (Bonferroni), by Student's law.
pub fn means(given: &[Matrix], right: &Matrix, confidence: f64) -> Vec<(&'static str, Option<Interval>)> {
    let n = right.width;
    let trace = |m: &Matrix| (0..n).map(|i| m.entries[i * n + i]).sum::<f64>();
    let sum = |m: &Matrix| m.entries.iter().sum::<f64>();
    let product = |m: &Matrix| m.entries.iter().zip(&right.entries).map(|(a, b)| a * b).sum::<f64>();
    let each = 1.0 - (1.0 - confidence) / 3.0;
    let over = |own: f64, all: Vec<f64>| student(&all.iter().map(|x| x / own).collect::<Vec<f64>>(), each);
    vec![
        ("trace", over(trace(right), given.iter().map(trace).collect())),
        ("sum of entries", over(sum(right), given.iter().map(sum).collect())),
        ("product with K", over(product(right), given.iter().map(product).collect())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(n: usize, entry: impl Fn(usize, usize) -> f64) -> Matrix {
        Matrix { width: n, entries: (0..n * n).map(|i| entry(i / n, i % n)).collect() }
    }

    fn kernel(i: usize, j: usize) -> f64 {
        (-0.3 * (i as f64 - j as f64).abs()).exp()
    }

    #[test]
    fn asymmetry_is_located() {
        let near = matrix(5, |i, j| kernel(i, j) + if (i, j) == (3, 1) { 1e-7 } else { 0.0 });
        let (mean, asymmetry) = symmetric("matrix", near).unwrap();
        assert!((asymmetry - 1e-7).abs() < 1e-12 && mean.entries[3 * 5 + 1] == mean.entries[5 + 3]);
        let far = matrix(5, |i, j| kernel(i, j) + if (i, j) == (3, 1) { 0.01 } else { 0.0 });
        let message = symmetric("matrix", far).unwrap_err().to_string();
        assert!(message.contains("(4, 2) and (2, 4)") && message.contains("1.000e-2"), "{message}");
        assert!(
            symmetric("matrix", Matrix { width: 3, entries: vec![0.0; 6] })
                .unwrap_err()
                .to_string()
                .contains("2 x 3")
        );
    }

    #[test]
    fn scales_are_found_and_wrong_entries_named() {
        let right = matrix(6, kernel);
        for (factor, text) in [(1.0, "1"), (0.5, "1/2"), (6.0, "n"), (3.0, "(d+1)")] {
            let found = compare(&matrix(6, |i, j| factor * kernel(i, j)), &right, 3);
            assert!(found.equal && found.deviation < 1e-15 && (found.alignment - 1.0).abs() < 1e-12);
            assert_eq!(found.scale_text.as_deref(), Some(text));
        }
        let wrong = matrix(6, |i, j| kernel(i, j) * if i + j == 7 && i.abs_diff(j) == 3 { 1.5 } else { 1.0 });
        let found = compare(&wrong, &right, 3);
        assert!(!found.equal && found.deviation > 0.01);
        assert_eq!(
            (found.furthest.row.min(found.furthest.column), found.furthest.row.max(found.furthest.column)),
            (3, 6)
        );
        assert!(compare(&matrix(6, |i, j| 1.37 * kernel(i, j)), &right, 3).scale_text.is_none());
        let both = compare(&matrix(6, |i, j| 2.0 * std::f64::consts::PI * kernel(i, j)), &right, 3);
        assert_eq!(both.scale_text.as_deref(), Some("2 pi"));
        assert_eq!(both.known_scale, Some(2.0 * std::f64::consts::PI));
    }

    #[test]
    fn means_of_noisy_matrices_cover_the_scale() {
        let right = matrix(8, kernel);
        let noisy = |seed: usize, bias: f64| {
            let noise =
                |i: usize, j: usize| (((i.min(j) * 31 + i.max(j) * 17 + seed * 101) as f64) * 12.9898).sin();
            matrix(8, |i, j| kernel(i, j) * (1.0 + bias) + 0.05 * noise(i, j))
        };
        let covers = |bias: f64| {
            let all: Vec<Matrix> = (0..12).map(|seed| noisy(seed, bias)).collect();
            means(&all, &right, 0.99).iter().all(|(_, interval)| interval.is_some_and(|ci| ci.contains(1.0)))
        };
        assert!(covers(0.0) && !covers(0.2));
        assert!(means(std::slice::from_ref(&right), &right, 0.99)[0].1.is_none());
    }

    #[test]
    fn the_entry_that_is_furthest_off_is_told_at_the_given_scale() {
        let bump = |i: usize, j: usize| if (i.min(j), i.max(j)) == (2, 4) { 0.1 } else { 0.0 };
        let (right, given) = (matrix(5, kernel), matrix(5, |i, j| 2.0 * kernel(i, j) + bump(i, j)));
        let found = compare(&given, &right, 3);
        let energy: f64 = right.entries.iter().map(|x| x * x).sum();
        let scale = 2.0 + 0.2 * kernel(2, 4) / energy;
        let off = (0.02 - (0.2 * kernel(2, 4)).powi(2) / energy).sqrt();
        assert!((found.deviation - off / (scale * energy.sqrt())).abs() < 1e-12, "{}", found.deviation);
        let Entry { row, column, given, right } = found.furthest;
        assert!((found.scale - scale).abs() < 1e-12 && (row.min(column), row.max(column)) == (3, 5));
        assert!(
            (given - 2.0 * kernel(2, 4) - 0.1).abs() < 1e-12 && (right - scale * kernel(2, 4)).abs() < 1e-12
        );
    }

    #[test]
    fn centring_takes_the_means_off_rows_and_columns() {
        let found = centred(&matrix(5, |i, j| (i + 1) as f64 * (j + 1) as f64));
        for (at, value) in found.iter().enumerate() {
            assert!(
                (value - ((at / 5) as f64 - 2.0) * ((at % 5) as f64 - 2.0)).abs() < 1e-12,
                "{at}: {value}"
            );
        }
    }

    /// Student's interval of three numbers, the chance of error shared by three of them.
    #[test]
    fn means_share_the_confidence() {
        use statrs::distribution::{ContinuousCDF, StudentsT};
        let given = [1.0, 2.0, 6.0].map(|scale| matrix(4, |i, j| scale * kernel(i, j)));
        let half =
            StudentsT::new(0.0, 1.0, 2.0).unwrap().inverse_cdf(1.0 - 0.1 / 6.0) * (7.0f64 / 3.0).sqrt();
        for (name, interval) in means(&given, &matrix(4, kernel), 0.9) {
            let Interval { low, high } = interval.unwrap();
            assert!(
                (low - 3.0 + half).abs() < 1e-9 && (high - 3.0 - half).abs() < 1e-9,
                "{name}: {low} {high}"
            );
        }
    }
}
