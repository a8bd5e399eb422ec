//! The Gram matrix of a sample: three solvers against one another and nalgebra, harmonics, the null space, labels.

#![allow(clippy::unwrap_used)]

use crate::support::{KERNELS, degrees, dim, kernel, prediction, ready, uniform};
use hinf::{
    gram::{
        EigenRequest, Values,
        block::Block,
        circulant, clusters, dense, finite_width, harmonics, held_out,
        labels::{Place, Projections},
        lanczos, pairs, range,
    },
    kernel::Angle,
    math::harmonics::zonal_polynomials,
    progress::Unwatched,
    sample::{Design, points},
};

/// Every kind of pair, near-duplicates and antipodes included, against the kernel's own formula from the points' differences.
#[test]
fn the_table_is_the_kernel() {
    let mut rows = vec![];
    for i in 0..40 {
        let tiny = 10f64.powi(-(i % 18));
        let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
        rows.push(format!("{},{},{}", sign * tiny.cos(), sign * tiny.sin(), 0.0));
        rows.push(format!("{},{},{}", (f64::from(i)).cos(), (f64::from(i)).sin(), 0.3));
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, rows.join("\n").as_bytes()).unwrap();
    let sample = hinf::sample::from_file(file.path(), None).unwrap().points;
    let distance = |i: usize, j: usize, sign: f64| {
        let squares = sample.point(i).iter().zip(sample.point(j)).map(|(a, b)| (a - sign * b).powi(2));
        0.5 * squares.sum::<f64>().sqrt()
    };
    for spec in KERNELS.iter().chain(&["ntk:depth=50", "expr:abs(t-1/3)", "matern:nu=0.5,length=0.1"]) {
        let (values, sites) = ready(spec, &sample);
        let exact = kernel(spec).evaluator();
        let mut row = vec![0.0; sample.len()];
        for i in 0..sample.len() {
            values.row(&sites, i, 0, &mut row);
            for (j, value) in row.iter().enumerate() {
                let direct = exact.at(&Angle::from_halves(distance(i, j, 1.0), distance(i, j, -1.0)));
                assert!((value - direct).abs() < 2e-13 * values.at_one(), "{spec}: {value} {direct}");
            }
        }
    }
    assert!(Values::new(&kernel("expr:abs(t-1/3)")).unwrap().table_error().is_none());
    assert!(Values::new(&kernel("two-layer")).unwrap().table_error().unwrap() < 1e-14);
}

#[test]
fn three_solvers_find_the_same_spectrum() {
    for (d, design) in [(2, Design::Uniform), (2, Design::Quadrature), (5, Design::Uniform)] {
        let sample = points(design, dim(d), 450, 3).unwrap();
        let n = sample.len();
        for spec in ["two-layer", "ntk:depth=3,b=1/2", "expr:t^2"] {
            let (values, sites) = ready(spec, &sample);
            let matrix = dense::assemble(&values, &sites);
            let symmetric = nalgebra::DMatrix::from_fn(n, n, |i, j| matrix[i.min(j) * n + i.max(j)]);
            let mut oracle: Vec<f64> = symmetric.clone().symmetric_eigenvalues().iter().copied().collect();
            oracle.sort_by(|a, b| b.total_cmp(a));
            let all = dense::eigenpairs(matrix.clone(), n, 20).unwrap();
            let leading =
                lanczos::eigenpairs(&values, &sites, EigenRequest { pairs: 20, multiplicity: 4 }, &Unwatched)
                    .unwrap();
            let scale = oracle[0];
            let near = |found: &[f64], tolerance: f64| {
                found.iter().zip(&oracle).all(|(a, b)| (a - b).abs() < tolerance * scale)
            };
            assert!(all.values.len() == n && near(&all.values, 1e-13), "{spec} on S^{d}: dense");
            assert!(leading.values.len() == 20 && near(&leading.values, 1e-11), "{spec} on S^{d}: lanczos");
            for found in [&all, &leading] {
                let vectors = nalgebra::DMatrix::from_row_slice(n, 20, &found.vectors);
                let diagonal =
                    nalgebra::DMatrix::from_fn(20, 20, |i, j| if i == j { found.values[i] } else { 0.0 });
                let miss = &symmetric * &vectors - &vectors * diagonal;
                assert!(miss.norm() < 1e-5 * scale, "{spec}: {}", miss.norm());
                let product = vectors.transpose() * &vectors;
                assert!((product - nalgebra::DMatrix::identity(20, 20)).norm() < 1e-11);
            }
        }
    }
}

#[test]
fn the_circle_is_a_fourier_transform() {
    for n in [64, 65] {
        let sample = points(Design::Equispaced, dim(1), n, 0).unwrap();
        let (values, sites) = ready("ntk:depth=2", &sample);
        let by_frequency = circulant::eigenvalues(&values, &sites);
        let mut listed: Vec<f64> = (0..n).map(|k| by_frequency[k.min(n - k)]).collect();
        listed.sort_by(|a, b| b.total_cmp(a));
        let all = dense::eigenpairs(dense::assemble(&values, &sites), n, 0).unwrap();
        assert!(listed.iter().zip(&all.values).all(|(a, b)| (a - b).abs() < 1e-14));
        // A frequency holds its degree and the aliases k + n, n - k, ...
        let theory = prediction("ntk:depth=2", 1, 700);
        for (k, value) in by_frequency.iter().enumerate() {
            let alias: f64 =
                (k..=700).filter(|l| l % n == k || (n - l % n) % n == k).map(|l| theory.eigenvalue(l)).sum();
            let copies = if k == 0 || 2 * k == n {
                2.0 * alias - if k == 0 { theory.eigenvalue(0) } else { 0.0 }
            } else {
                alias
            };
            assert!((value - copies).abs() < 2e-4, "{k} of {n}: {value} {copies}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let sample = uniform(3, 700, 5);
    let (values, sites) = ready("ntk:depth=2", &sample);
    let run = |threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let leading =
                lanczos::eigenpairs(&values, &sites, EigenRequest { pairs: 14, multiplicity: 9 }, &Unwatched)
                    .unwrap();
            let all = dense::eigenpairs(dense::assemble(&values, &sites), 700, 5).unwrap();
            let estimates = pairs::means(&values, &sites, &sample, 5, &Unwatched).unwrap().unbiased();
            (leading.values, leading.vectors, all.values, all.vectors, estimates)
        })
    };
    assert!(run(1) == run(3));
}

/// The harmonics at a quadrature's points are orthonormal, and reproduce the zonal polynomial.
#[test]
fn landmarks_give_orthonormal_harmonics() {
    for (d, n) in [(1, 40), (2, 200), (4, 600)] {
        let sample = points(Design::Quadrature, dim(d), n, 0).unwrap();
        for (k, count) in degrees(d, 2) {
            let block = harmonics::at_points(&sample, k, count).unwrap();
            let gram = block.cross(&block);
            for i in 0..count {
                for j in 0..count {
                    assert!((gram[(i, j)] - f64::from(i == j)).abs() < 1e-11, "S^{d}, degree {k}");
                }
            }
            let row = |i: usize| block.rows(i, 1);
            let t: f64 = sample.point(0).iter().zip(sample.point(7)).map(|(a, b)| a * b).sum();
            let mut zonal = 0.0;
            zonal_polynomials(dim(d), t, k, |_, p| zonal = p);
            let sum: f64 = (0..count).map(|j| row(0)[(0, j)] * row(7)[(0, j)]).sum();
            let scale = (sample.weights()[0] * sample.weights()[7]).sqrt() * count as f64;
            assert!((sum - scale * zonal).abs() < 1e-11, "S^{d}, degree {k}");
        }
        assert!(harmonics::distortion(&sample, &degrees(d, 2)).unwrap() < 1e-11);
    }
}

/// On a rule that is exact far enough the clusters are the eigenvalues, and their vectors harmonics.
#[test]
fn clusters_on_a_quadrature_are_the_spectrum() {
    let sample = points(Design::Quadrature, dim(2), 1800, 0).unwrap();
    let (values, sites) = ready("expr:exp(t)*(2+t)", &sample);
    let found =
        lanczos::eigenpairs(&values, &sites, EigenRequest { pairs: 36, multiplicity: 11 }, &Unwatched)
            .unwrap();
    let theory = prediction("expr:exp(t)*(2+t)", 2, 5);
    for cluster in clusters::clusters(&sample, &found, &degrees(2, 5)).unwrap() {
        let mean = cluster.mean().unwrap();
        assert!((mean - theory.eigenvalue(cluster.degree as usize)).abs() < 1e-12 * theory.at_one);
        assert!((cluster.alignment - 1.0).abs() < 1e-6);
    }
    assert_eq!(Block::new(2, vec![0.0; 6]).rows(0, 3).nrows(), 3);
}

/// Without bias the odd degrees from 3 on are missing, on random points as on any: the odd part has rank `d + 1`, and harmonics of degree 3 and 5
/// lie in its range only as far as they look linear on the points. With bias, and in a deep network, all of them lie in it.
#[test]
fn the_null_space_shows_in_the_range() {
    for (d, n) in [(1, 200), (2, 500), (3, 500), (7, 300)] {
        let sample = uniform(d, n, 4);
        let all = degrees(d, if d < 4 { 5 } else { 3 });
        let found = |spec: &str| range::range(&Values::new(&kernel(spec)).unwrap(), &sample, &all).unwrap();
        let [even, odd] = found("two-layer").parts;
        assert_eq!((even.odd, odd.odd, even.rank, odd.rank), (false, true, n.min(256), d as usize + 1));
        assert!(even.shares.iter().chain(&odd.shares[..1]).all(|(_, share)| (share - 1.0).abs() < 1e-9));
        // A random direction has the share (d+1)/m in a space of d + 1 dimensions.
        let chance = f64::from(d + 1) / n.min(256) as f64;
        assert!(odd.shares[1..].iter().all(|(_, share)| *share < 3.0 * chance), "S^{d}: {:?}", odd.shares);
        assert!(d == 7 || odd.shares.len() == 3);
        for spec in ["two-layer:bias=true", "ntk:depth=2", "resnet:depth=2,alpha=1/2"] {
            let [even, odd] = found(spec).parts;
            assert_eq!((even.rank, odd.rank), (n.min(256), n.min(256)), "{spec} on S^{d}");
            assert!(odd.shares.iter().all(|(_, share)| (share - 1.0).abs() < 1e-9), "{spec} on S^{d}");
        }
    }
    // A polynomial has the harmonics of its degrees, and no more.
    let sample = uniform(2, 100, 0);
    let found =
        range::range(&Values::new(&kernel("expr:1+t+t^4")).unwrap(), &sample, &degrees(2, 4)).unwrap();
    assert_eq!(found.parts.map(|part| part.rank), [15, 3]);
}

#[test]
fn finite_networks_approach_the_limit_at_the_root_of_the_width() {
    for spec in ["two-layer", "two-layer:bias=true"] {
        let sample = uniform(2, 120, 1);
        let found =
            finite_width::distances(&kernel(spec), &sample, &[64, 256, 1024, 4096, 16_384], 2, 1 << 30)
                .unwrap();
        let rate = finite_width::rate(&found).unwrap();
        assert!((rate + 0.5).abs() < 0.12, "{spec}: {rate}");
        assert!(found.last().unwrap().norm < 0.01);
    }
    let refused = finite_width::distances(&kernel("laplace"), &uniform(2, 20, 1), &[64], 0, 1 << 30);
    assert!(refused.unwrap_err().to_string().contains("two-layer"));
    assert!(finite_width::distances(&kernel("two-layer"), &uniform(2, 400, 1), &[64], 0, 1000).is_err());
}

/// On the equispaced circle with bias, `y = sin(k theta)` has `2 y^T K^-1 y / n = 1 / (n lambda_k)`, aliases aside: the bound grows like `k`.
#[test]
fn the_generalisation_bound_is_linear_in_the_frequency() {
    let n = 400;
    let sample = points(Design::Equispaced, dim(1), n, 0).unwrap();
    let (values, sites) = ready("two-layer:bias=true", &sample);
    let all = dense::eigenpairs(dense::assemble(&values, &sites), n, n).unwrap();
    let theory = prediction("two-layer:bias=true", 1, 20);
    let bound = |k: usize| {
        let labels: Vec<f64> =
            (0..n).map(|i| (std::f64::consts::TAU * (k * i) as f64 / n as f64).sin()).collect();
        let projections = Projections::new(&all, &labels);
        assert!(
            (projections.energy() - 0.5).abs() < 1e-12 && (projections.left_after(0.0) - 1.0).abs() < 1e-12
        );
        let left = (1.0 - theory.eigenvalue(k) / theory.eigenvalue(0).max(theory.eigenvalue(1))).powi(20);
        assert!((projections.left_after(10.0) - left).abs() < 1e-3);
        projections.generalisation_bound().unwrap()
    };
    for k in [2, 5, 9] {
        assert!(
            (bound(k) * (n as f64 * theory.eigenvalue(k)).sqrt() - 1.0).abs() < 1e-2,
            "{k}: {}",
            bound(k)
        );
    }
    assert!((bound(20) / bound(10) - 2.0).abs() < 0.1);
    let (values, sites) = ready("two-layer", &sample);
    let singular = dense::eigenpairs(dense::assemble(&values, &sites), n, n).unwrap();
    // Degree 0 lies in the range of the kernel without bias, and has a bound; degree 3 lies outside, all of it.
    let constant = Projections::new(&singular, &vec![1.0; n]);
    let theory = prediction("two-layer", 1, 0);
    let bound = constant.generalisation_bound().unwrap();
    assert!((bound * (0.5 * n as f64 * theory.eigenvalue(0)).sqrt() - 1.0).abs() < 1e-2, "{bound}");
    let unseen: Vec<f64> =
        (0..n).map(|i| (std::f64::consts::TAU * (3 * i) as f64 / n as f64).sin()).collect();
    let unseen = Projections::new(&singular, &unseen);
    assert!(unseen.generalisation_bound().is_none());
    assert!(matches!(unseen.place(), Place::Outside(share) if (share - 1.0).abs() < 1e-12));
}

/// Kernels of low rank leave most of the space to the eigenvalue 0: all pairs asked for are found, orthonormal.
#[test]
fn the_iteration_goes_on_past_the_range() {
    for (spec, d, rank) in [("expr:1", 2, 1), ("expr:t", 3, 4), ("expr:t^2", 2, 6)] {
        let sample = uniform(d, 400, 5);
        let (values, sites) = ready(spec, &sample);
        let found =
            lanczos::eigenpairs(&values, &sites, EigenRequest { pairs: 25, multiplicity: 9 }, &Unwatched)
                .unwrap();
        assert!(found.values.len() == 25 && found.values[rank - 1] > 1e-3, "{spec}: {:?}", found.values);
        assert!(found.values[rank..].iter().all(|x| x.abs() < 1e-13), "{spec}: {:?}", found.values);
        let vectors = nalgebra::DMatrix::from_row_slice(400, 25, &found.vectors);
        let off = vectors.transpose() * &vectors - nalgebra::DMatrix::identity(25, 25);
        assert!(off.amax() < 1e-10, "{spec}: {}", off.amax());
    }
}

/// The learning curve from the eigenpairs of all rows against kernel regression on rows drawn from them, over the rows held out.
#[test]
fn held_out_errors_are_those_of_kernel_regression() {
    use faer::{Mat, linalg::solvers::Solve};
    use rand::seq::SliceRandom;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
    let (total, repeats) = (240, 40);
    let mut random = ChaCha8Rng::seed_from_u64(8);
    for (spec, d, noise) in
        [("two-layer:bias=true", 4, 0.5), ("ntk:depth=2", 9, 0.0), ("laplace:c=2", 2, 0.3)]
    {
        let sample = uniform(d, total, 12);
        let (values, sites) = ready(spec, &sample);
        let all = dense::eigenpairs(dense::assemble(&values, &sites), total, total).unwrap();
        let noises = uniform(total as u32 - 1, 2, 5);
        let label = |i: usize| {
            let x = sample.point(i);
            2.0 * x[0] + 3.0 * x[1] * x[2] + noise * (total as f64).sqrt() * noises.point(0)[i]
        };
        let labels: Vec<f64> = (0..total).map(label).collect();
        let projections = Projections::new(&all, &labels);
        let mut gram = vec![0.0; total * total];
        for i in 0..total {
            values.row(&sites, i, 0, &mut gram[i * total..(i + 1) * total]);
        }
        for ridge in [0.1, 1.0] {
            for n in [15, 60, 120, 200] {
                let (mut held_out, mut training) = (0.0, 0.0);
                for _ in 0..repeats {
                    let mut order: Vec<usize> = (0..total).collect();
                    order.shuffle(&mut random);
                    let (fitted, others) = order.split_at(n);
                    let entry = |i: usize, j: usize| {
                        gram[fitted[i] * total + fitted[j]] + if i == j { ridge } else { 0.0 }
                    };
                    let y = Mat::from_fn(n, 1, |i, _| labels[fitted[i]]);
                    let weights = Mat::from_fn(n, n, entry).partial_piv_lu().solve(&y);
                    let miss = |i: usize| {
                        let guess: f64 = (0..n).map(|j| gram[i * total + fitted[j]] * weights[(j, 0)]).sum();
                        (guess - labels[i]).powi(2)
                    };
                    held_out += others.iter().map(|i| miss(*i)).sum::<f64>()
                        / (total - n) as f64
                        / f64::from(repeats);
                    training += fitted.iter().map(|i| miss(*i)).sum::<f64>() / n as f64 / f64::from(repeats);
                }
                let expected = held_out::errors(&projections, ridge, n).unwrap();
                let ratios = (expected.held_out / held_out, expected.training / training);
                assert!((ratios.0 - 1.0).abs() < 0.1, "{spec}, ridge {ridge}, {n} rows: {ratios:?}");
                assert!((ratios.1 - 1.0).abs() < 0.15, "{spec}, ridge {ridge}, {n} rows: {ratios:?}");
            }
        }
    }
}
