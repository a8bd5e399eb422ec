//! Points on the sphere: exactness of the rules, uniformity, and what a CSV file may hold.

#![allow(clippy::unwrap_used)]

use hinf::{
    math::{harmonics::zonal_polynomials, units::Dimension},
    sample::{Data, Design, Points, from_csv, points},
};
use std::io::Write;

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

fn all_unit(points: &Points) -> bool {
    (0..points.len()).all(|i| (points.point(i).iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-14)
}

/// `sum_ij w_i w_j P_k(x_i.x_j)`: the energy with which a rule misses the harmonics of degree `k`.
fn misses(points: &Points, top: u32) -> Vec<f64> {
    let mut sums = vec![0.0; top as usize + 1];
    for i in 0..points.len() {
        for j in 0..points.len() {
            let t: f64 = points.point(i).iter().zip(points.point(j)).map(|(a, b)| a * b).sum();
            let weight = points.weights()[i] * points.weights()[j];
            zonal_polynomials(points.dim(), t, top, |k, p| sums[k as usize] += weight * p);
        }
    }
    sums
}

#[test]
fn quadratures_are_exact_to_their_degree_and_no_further() {
    for (d, n) in [(1, 7), (1, 12), (2, 18), (2, 199), (3, 54), (3, 700), (4, 600), (6, 128)] {
        let rule = points(Design::Quadrature, dim(d), n, 0).unwrap();
        assert!(rule.len() <= n && all_unit(&rule), "S^{d}, {n}");
        assert!((rule.weights().iter().sum::<f64>() - 1.0).abs() < 1e-13);
        assert!(rule.weights().iter().all(|w| *w > 0.0));
        let exact_to = rule.exact_to().unwrap();
        let misses = misses(&rule, exact_to + 1);
        let (next, exact) = misses.split_last().unwrap();
        assert!((exact[0] - 1.0).abs() < 1e-10);
        assert!(exact[1..].iter().all(|miss| miss.abs() < 1e-12), "S^{d}, {n}: {exact:?}");
        assert!(*next > 1e-6, "S^{d}, {n}: exact past degree {exact_to}");
    }
}

#[test]
fn the_product_rule_is_the_largest_that_fits() {
    for (d, n, size) in
        [(2, 8, 8), (2, 17, 8), (2, 18, 18), (2, 20_000, 20_000), (3, 53, 16), (3, 54, 54), (9, 1024, 1024)]
    {
        assert_eq!(points(Design::Quadrature, dim(d), n, 0).unwrap().len(), size, "S^{d}, {n}");
    }
}

#[test]
fn uniform_points_are_uniform_and_belong_to_their_seed() {
    for d in [1, 2, 5, 30] {
        let n = 20_000;
        let drawn = points(Design::Uniform, dim(d), n, 7).unwrap();
        assert!(all_unit(&drawn));
        // The squares of coordinates average 1/(d+1), with a standard deviation below sqrt(2)/(d+1) a point.
        for axis in 0..=d as usize {
            let (mut first, mut second) = (0.0, 0.0);
            for i in 0..n {
                first += drawn.point(i)[axis] / n as f64;
                second += drawn.point(i)[axis].powi(2) / n as f64;
            }
            let width = f64::from(d + 1);
            assert!(first.abs() < 5.0 / (width * n as f64).sqrt(), "S^{d}: {first}");
            assert!((second * width - 1.0).abs() < 5.0 * (2.0 / n as f64).sqrt(), "S^{d}: {second}");
        }
        assert_ne!(drawn.coordinates(), points(Design::Uniform, dim(d), n, 8).unwrap().coordinates());
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let draw = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| points(Design::Uniform, dim(4), 5000, 3).unwrap())
    };
    assert_eq!(draw(1).coordinates(), draw(3).coordinates());
}

/// The spherical cap discrepancy of the spiral falls much faster than that of random points.
#[test]
fn fibonacci_points_are_spread_evenly() {
    let n = 4000;
    let spiral = points(Design::Fibonacci, dim(2), n, 0).unwrap();
    assert!(all_unit(&spiral));
    let miss = misses(&spiral, 6);
    assert!(miss[1..].iter().all(|energy| energy.abs() < 1e-6), "{miss:?}");
}

#[test]
fn designs_that_do_not_exist_are_refused() {
    let refuse = |design, d, n, word: &str| {
        let message = points(design, dim(d), n, 0).unwrap_err().to_string();
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    };
    refuse(Design::Equispaced, 2, 10, "circle");
    refuse(Design::Fibonacci, 1, 10, "S^2");
    refuse(Design::Quadrature, 9, 100, "2^10");
    refuse(Design::Quadrature, 1000, 100, "2^1001");
    refuse(Design::Uniform, 2, 0, "at least 2");
    refuse(Design::Uniform, 2, 1, "at least 2");
    refuse(Design::Uniform, 9, usize::MAX, "GiB");
    refuse(Design::Equispaced, 1, 1_000_000_000, "GiB");
    assert!(Design::from_name("random").unwrap_err().to_string().contains("fibonacci"));
    assert!(Design::NAMES.iter().all(|name| Design::from_name(name).unwrap().name() == *name));
}

fn read(text: &str, label: Option<&str>) -> hinf::Result<Data> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    from_csv(file.path(), label)
}

#[test]
fn rows_are_points_over_their_norms() {
    for header in ["", "x,y,target\n", "# a remark\n\u{feff}x, y, target\n"] {
        let label = if header.is_empty() { "3" } else { "target" };
        let data = read(&format!("{header}3,4,1.5\n0.6,-0.8,-2\n1e200,0,7\n"), Some(label)).unwrap();
        assert_eq!(data.labels, Some(vec![1.5, -2.0, 7.0]));
        assert_eq!((data.points.dim(), data.points.len(), data.normalised), (dim(1), 3, 2));
        assert!((data.points.point(0)[1] - 0.8).abs() < 1e-15 && all_unit(&data.points));
    }
    assert_eq!(
        read("1,0,0\n0,1,0\n0,0,1\n0.5773502691896258,0.5773502691896258,0.5773502691896258", None)
            .unwrap()
            .normalised,
        0
    );
    assert_eq!(read("a,b\n1,0\n0,1\n", Some("1")).unwrap_err().kind(), hinf::ErrorKind::Invalid);
}

#[test]
fn wrong_rows_are_refused_with_their_line() {
    for (text, words) in [
        ("x,y\n1,0\nnan,1\n", ["line 3", "finite"]),
        ("1,0\n1,inf\n", ["line 2", "finite"]),
        ("1,0\n0,1,2\n", ["line 2", "3 columns"]),
        ("1,0\n0\n", ["line 2", "1 columns"]),
        ("1,0\n0,0\n", ["line 2", "zeros"]),
        ("1,0\n\n\n7,7\n", ["line 4", "only 7"]),
        ("1,0\n,1\n", ["line 2", "finite"]),
        ("some,text\nand,more\n", ["line 2", "'and'"]),
        ("1;2\n3;4\n", ["line 1", "commas"]),
        ("1\n2\n", ["line 1", "2 to 1001"]),
        ("", ["two rows", ""]),
        ("x,y\n", ["two rows", ""]),
        ("1,0\n", ["two rows", ""]),
        ("1,0\n\"0,1\n", ["line 2", "1 columns"]),
        ("1,0\n1e308,1.7e308\n", ["line 2", "overflows"]),
        ("x,1\n1,0\n", ["line 1, column 1", "header without numbers"]),
    ] {
        let message = read(text, None).unwrap_err().to_string();
        assert!(
            words.iter().all(|word| message.contains(word)) && !message.contains('\n'),
            "{text:?}: {message}"
        );
    }
    for (text, label, word) in [
        ("x,y,z\n1,0,1\n0,1,2\n", "w", "one of x, y, z"),
        ("1,0,1\n0,1,2\n", "4", "1 to 3"),
        ("1,0,1\n0,1,2\n", "z", "no header"),
        ("z,z,x\n1,0,1\n0,1,2\n", "z", "once"),
        ("x,y,z\n1,0,cat\n0,1,dog\n", "z", "'cat'"),
    ] {
        let message = read(text, Some(label)).unwrap_err().to_string();
        assert!(message.contains(word), "{text:?}: {message}");
    }
    let missing = from_csv("/nowhere/at-all.csv".as_ref(), None).unwrap_err();
    assert_eq!(missing.kind(), hinf::ErrorKind::Io);
    assert!(from_csv("/".as_ref(), None).is_err());
    let mut latin = tempfile::NamedTempFile::new().unwrap();
    latin.write_all(b"1,0\n\xe9,1\n").unwrap();
    assert!(from_csv(latin.path(), None).unwrap_err().to_string().contains("line 2"));
}

/// Splitting points loses none, and the weights of those kept are in the same proportions and sum to 1.
#[test]
fn split_points_are_all_there() {
    let all = points(Design::Quadrature, dim(2), 200, 0).unwrap();
    let (kept, others) = all.split(|x| x[2] < 0.3);
    assert_eq!(3 * all.len(), kept.coordinates().len() + others.len());
    assert!((0..kept.len()).all(|i| kept.point(i)[2] < 0.3) && others.chunks_exact(3).all(|x| x[2] >= 0.3));
    assert!((kept.weights().iter().sum::<f64>() - 1.0).abs() < 1e-14);
    let own: Vec<f64> = (0..all.len()).filter(|i| all.point(*i)[2] < 0.3).map(|i| all.weights()[i]).collect();
    let ratios: Vec<f64> = kept.weights().iter().zip(&own).map(|(a, b)| a / b).collect();
    assert!(ratios.iter().all(|ratio| (ratio / ratios[0] - 1.0).abs() < 1e-14 && *ratio > 1.0));
    assert_eq!((kept.exact_to(), all.split(|_| true).0.exact_to()), (None, all.exact_to()));
}
