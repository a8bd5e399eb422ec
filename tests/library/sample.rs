//! Points on the sphere: exactness of the rules, uniformity, and a user's own tables.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "sample/table.rs"]
mod table;

use hinf::{
    math::{harmonics::zonal_polynomials, units::Dimension},
    sample::{Design, Points, points},
};

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
