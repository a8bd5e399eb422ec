//! The sampled check: three solvers against one another and nalgebra, the statistics against their claims.

#![allow(clippy::unwrap_used)]

use hinf::{
    compare::{
        gram::{Measurement, Prediction, compare},
        statistics::{Law, pair_law, student},
    },
    gram::{
        Sites, Values, block::Block, circulant, clusters, dense, finite_width, harmonics,
        labels::Projections, lanczos, pairs,
    },
    kernel::{Angle, Kernel},
    math::{
        harmonics::{multiplicity, zonal_polynomials},
        units::{Bits, Digits, Dimension},
    },
    progress::Unwatched,
    sample::{Design, Points, points},
    spectrum::{Goal, spectrum},
};

fn dim(d: u32) -> Dimension {
    Dimension::new(d).unwrap()
}

fn kernel(spec: &str) -> Kernel {
    spec.parse().unwrap()
}

fn uniform(d: u32, n: usize, seed: u64) -> Points {
    points(Design::Uniform, dim(d), n, seed).unwrap()
}

fn ready(spec: &str, sample: &Points) -> (Values, Sites) {
    (Values::new(&kernel(spec)).unwrap(), Sites::new(sample))
}

/// Degrees `0..=top` with their multiplicities.
fn degrees(d: u32, top: u32) -> Vec<(u32, usize)> {
    (0..=top).map(|k| (k, multiplicity(dim(d), k).to_usize().unwrap())).collect()
}

fn prediction(spec: &str, d: u32, top: u32) -> Prediction {
    let list: Vec<u32> = (0..=top).collect();
    let found = spectrum(&kernel(spec), dim(d), &list, &Goal::digits(Digits::new(14).unwrap())).unwrap();
    let counted = found.eigenvalues.iter().map(|x| (x.to_f64(), multiplicity(dim(d), x.degree).to_f64()));
    Prediction { degrees: counted.collect(), at_one: kernel(spec).at_one(Bits(64)).midpoint().to_f64() }
}

const KERNELS: [&str; 12] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1",
    "ntk:depth=3,b=1/2",
    "nngp:depth=2",
    "resnet:depth=2,alpha=1/2",
    "ntk:depth=2,activation=erf",
    "arc-cosine:order=2",
    "laplace:c=2",
    "gaussian:length=1/2",
    "matern:nu=2.5",
    "expr:exp(t)*(2+t)",
];

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
    let sample = hinf::sample::from_csv(file.path(), None).unwrap().points;
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
            let leading = lanczos::eigenpairs(&values, &sites, 20, &Unwatched).unwrap();
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
                (k..=700).filter(|l| l % n == k || (n - l % n) % n == k).map(|l| theory.degrees[l].0).sum();
            let copies = if k == 0 || 2 * k == n {
                2.0 * alias - if k == 0 { theory.degrees[0].0 } else { 0.0 }
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
            let leading = lanczos::eigenpairs(&values, &sites, 14, &Unwatched).unwrap();
            let all = dense::eigenpairs(dense::assemble(&values, &sites), 700, 5).unwrap();
            let estimates = pairs::estimates(&values, &sites, &sample, 5, &Unwatched);
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
    let found = lanczos::eigenpairs(&values, &sites, 36, &Unwatched).unwrap();
    let theory = prediction("expr:exp(t)*(2+t)", 2, 5);
    for cluster in clusters::clusters(&sample, &found, &degrees(2, 5)).unwrap() {
        let mean = cluster.mean().unwrap();
        assert!((mean - theory.degrees[cluster.degree as usize].0).abs() < 1e-12 * theory.at_one);
        assert!((cluster.alignment - 1.0).abs() < 1e-6);
    }
    assert_eq!(Block::new(2, vec![0.0; 6]).rows(0, 3).nrows(), 3);
}

/// Over 200 samples the pairwise interval covers the eigenvalue as often as it claims, within four standard deviations.
#[test]
fn pairwise_intervals_cover_as_often_as_they_claim() {
    let (repeats, n, confidence) = (200, 60, 0.9);
    let spread = 4.0 * (repeats as f64 * confidence * (1.0 - confidence)).sqrt();
    let mut total = (0, 0);
    for (spec, d) in KERNELS.iter().zip([1, 2, 3, 1, 2, 4, 2, 3, 9, 2, 1, 6]) {
        let theory = prediction(spec, d, 3);
        let laws: Vec<Law> = (0..=3).map(|k| pair_law(&kernel(spec), dim(d), k, n)).collect();
        let mut covered = [0; 4];
        let values = Values::new(&kernel(spec)).unwrap();
        for seed in 0..repeats {
            let sample = uniform(d, n, seed);
            let sites = Sites::new(&sample);
            let found = pairs::estimates(&values, &sites, &sample, 3, &Unwatched);
            for k in 0..4 {
                covered[k] += u32::from(laws[k].interval(found[k], confidence).contains(theory.degrees[k].0));
            }
        }
        for (k, count) in covered.iter().enumerate() {
            let off = (f64::from(*count) - repeats as f64 * confidence).abs();
            assert!(off < spread, "{spec} on S^{d}, degree {k}: {count} of {repeats}");
            total = (total.0 + count, total.1 + repeats);
        }
    }
    let share = f64::from(total.0) / total.1 as f64;
    assert!((share - confidence).abs() < 0.015, "{share} over all");
}

/// `repeats` samples of `n` points from `seed` on, measured without a prediction.
fn measure(spec: &str, d: u32, n: usize, top: u32, repeats: u64, seed: u64) -> Measurement {
    let values = Values::new(&kernel(spec)).unwrap();
    let wanted = degrees(d, top).iter().map(|(_, count)| count).sum();
    let mut samples = vec![];
    let mut pairwise = vec![0.0; top as usize + 1];
    for repeat in 0..repeats {
        let sample = uniform(d, n, seed + repeat);
        let sites = Sites::new(&sample);
        let found = dense::eigenpairs(dense::assemble(&values, &sites), n, wanted).unwrap();
        samples.push(clusters::clusters(&sample, &found, &degrees(d, top)).unwrap());
        let estimates = pairs::estimates(&values, &sites, &sample, top, &Unwatched);
        pairwise.iter_mut().zip(estimates).for_each(|(sum, x)| *sum += x / repeats as f64);
    }
    Measurement { points: n, samples, pairwise: Some(pairwise), design: None }
}

fn laws(spec: &str, d: u32, n: usize, top: u32, repeats: usize) -> Vec<Law> {
    (0..=top).map(|k| pair_law(&kernel(spec), dim(d), k, n).averaged(repeats)).collect()
}

/// Over 200 runs the right kernel is called inconsistent no more often than the confidence allows, and cluster intervals cover what the
/// bias formula expects.
#[test]
fn verdicts_are_right_as_often_as_they_claim() {
    let (runs, n, repeats, confidence) = (200u64, 150, 3, 0.9);
    for (spec, d, top) in [("two-layer:bias=true", 2, 2), ("ntk:depth=2", 1, 3), ("gaussian:length=1", 3, 2)]
    {
        let theory = prediction(spec, d, top + 30);
        let laws = laws(spec, d, n, top, repeats);
        let (mut alarms, mut covered, mut checked) = (0, 0, 0);
        for run in 0..runs {
            let measured = measure(spec, d, n, top, repeats as u64, 1000 * run);
            let (rows, consistent) = compare(&theory, &measured, &laws, confidence);
            alarms += u64::from(!consistent);
            for row in rows.iter().filter(|row| row.interval.is_some()) {
                checked += 1;
                covered += u64::from(row.interval.unwrap().contains(row.expected));
            }
        }
        let spread = |count: u64, p: f64| 4.0 * (count as f64 * p * (1.0 - p)).sqrt();
        let allowed = runs as f64 * (1.0 - confidence) + spread(runs, confidence);
        assert!(alarms as f64 <= allowed, "{spec}: {alarms} false alarms in {runs}");
        let claimed = checked as f64 * confidence;
        assert!(covered as f64 > claimed - spread(checked, confidence), "{spec}: {covered} of {checked}");
    }
}

#[test]
fn another_kernels_prediction_is_inconsistent() {
    for (spec, wrong, d) in [
        ("two-layer", "two-layer:bias=true", 2),
        ("two-layer:bias=true", "ntk:depth=1", 3),
        ("laplace:c=1", "laplace:c=1.1", 2),
        ("gaussian:length=1", "gaussian:length=1.05", 1),
    ] {
        let measured = measure(spec, d, 400, 3, 3, 9);
        let laws = laws(spec, d, 400, 3, 3);
        assert!(compare(&prediction(spec, d, 33), &measured, &laws, 0.99).1, "{spec}");
        assert!(!compare(&prediction(wrong, d, 33), &measured, &laws, 0.99).1, "{spec} against {wrong}");
    }
}

/// Student's interval against a textbook: 4.6 and 5.4 have mean 5 and standard error 0.4; t at 0.975 with one degree of freedom is 12.7062.
#[test]
fn students_interval_is_the_textbooks() {
    let interval = student(&[4.6, 5.4], 0.95).unwrap();
    assert!(
        (interval.high - 5.0 - 0.4 * 12.706_204_7).abs() < 1e-6
            && (interval.low + interval.high - 10.0).abs() < 1e-9
    );
    assert!(student(&[1.0], 0.95).is_none() && student(&[], 0.95).is_none());
    // One sum of squares of 3 normals, standardised: chi^2_3 at 0.95 is 7.8147.
    let law = Law { deviation: 6f64.sqrt(), skewness: (8.0f64 / 3.0).sqrt() };
    assert!((law.quantile(0.95) - (7.814_727_9 - 3.0)).abs() < 1e-5, "{}", law.quantile(0.95));
    let mirrored = Law { skewness: -law.skewness, ..law };
    assert!((mirrored.quantile(0.05) + law.quantile(0.95)).abs() < 1e-9);
}

/// Without bias the odd degrees from 3 on are missing: on antipodal points the rank is that of the even functions and the linear ones.
#[test]
fn the_null_space_shows_in_the_rank_of_antipodal_points() {
    for (d, n) in [(1, 40), (2, 128)] {
        let sample = points(Design::Quadrature, dim(d), n, 0).unwrap();
        let rank = |spec: &str| {
            let (values, sites) = ready(spec, &sample);
            let all = dense::eigenpairs(dense::assemble(&values, &sites), sample.len(), 0).unwrap().values;
            all.iter().filter(|x| x.abs() > 1e-13 * all[0]).count()
        };
        assert_eq!(rank("two-layer"), sample.len() / 2 + d as usize + 1);
        assert_eq!(rank("two-layer:bias=true"), sample.len());
    }
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
        let left = (1.0 - theory.degrees[k].0 / theory.degrees[0].0.max(theory.degrees[1].0)).powi(20);
        assert!((projections.left_after(10.0) - left).abs() < 1e-3);
        projections.generalisation_bound().unwrap()
    };
    for k in [2, 5, 9] {
        assert!((bound(k) * (n as f64 * theory.degrees[k].0).sqrt() - 1.0).abs() < 1e-2, "{k}: {}", bound(k));
    }
    assert!((bound(20) / bound(10) - 2.0).abs() < 0.1);
    let (values, sites) = ready("two-layer", &sample);
    let singular = dense::eigenpairs(dense::assemble(&values, &sites), n, n).unwrap();
    assert!(Projections::new(&singular, &vec![1.0; n]).generalisation_bound().is_none());
}

/// The command with these flags: its exit code, and standard output or the complaint.
fn hinf(flags: &str) -> (i32, String) {
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_hinf"))
        .arg("gram")
        .args(flags.split(' '))
        .output()
        .unwrap();
    let (out, complaint) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap());
    assert!(complaint.lines().count() <= 1, "{complaint}");
    (run.status.code().unwrap(), if out.is_empty() { complaint } else { out })
}

#[test]
fn the_command_keeps_its_contract() {
    let flags =
        "--kernel two-layer:bias=true --dim 2 --points 300 --degrees 0..3 --repeats 2 --seed 4 --format json";
    let result = |extra: &str| {
        let (code, text) = hinf(&format!("{flags}{extra}"));
        (code, serde_json::from_str::<serde_json::Value>(&text).unwrap())
    };
    let (code, mut out) = result("");
    assert_eq!(
        (code, out["schema"].as_str(), out["verdict"].as_str()),
        (0, Some("hinf.gram/1"), Some("consistent"))
    );
    assert_eq!(
        (out["points"].as_u64(), out["seed"].as_u64(), out["solver"].as_str()),
        (Some(300), Some(4), Some("lanczos"))
    );
    assert_eq!(out["rows"].as_array().unwrap().len(), 4);
    for (k, row) in out["rows"].as_array().unwrap().iter().enumerate() {
        assert_eq!(row["degree"].as_u64(), Some(k as u64));
        assert_eq!(row["multiplicity"].as_str(), Some((2 * k + 1).to_string().as_str()));
        for key in ["predicted", "measured", "ci_low", "ci_high", "ratio", "alignment"] {
            assert!(row[key].is_f64(), "{key}");
        }
        assert!(["estimate", "ci_low", "ci_high"].iter().all(|key| row["unbiased"][key].is_f64()));
    }
    let (_, mut other) = result(" --threads 1");
    for key in ["seconds_assemble", "seconds_solve"] {
        assert!(out[key].is_f64());
        (out[key], other[key]) = (0.into(), 0.into());
    }
    assert_eq!(out, other);
    let (code, wrong) = result(" --against two-layer");
    assert_eq!((code, wrong["verdict"].as_str()), (1, Some("inconsistent")));
    let (code, text) =
        hinf("--kernel two-layer --dim 2 --points 300 --degrees 0..2 --design fibonacci --format json");
    let fixed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(
        code == 0 && fixed["rows"][0]["unbiased"].is_null() && fixed["design_error"]["to_degree"].is_u64()
    );
}

#[test]
fn wrong_flags_are_refused_in_a_line() {
    for (flags, word) in [
        ("--kernel two-layer --dim 2 --points 0", "from 2 to"),
        ("--kernel two-layer --dim 2 --points 1", "from 2 to"),
        ("--kernel two-layer --dim 2 --points 1000000000", "GiB"),
        ("--kernel two-layer --dim 2 --points 200000 --solver dense", "GiB"),
        ("--kernel two-layer --dim 2 --points 100 --degrees 0..30", "961"),
        ("--kernel two-layer --dim 2 --points 100 --design equispaced", "circle"),
        ("--kernel two-layer --dim 2 --points 100 --design grid", "fibonacci"),
        ("--kernel two-layer --dim 2 --points 100 --design fibonacci --repeats 2", "--repeats"),
        ("--kernel two-layer --dim 2 --points 100 --confidence 99", "above 0 and below 1"),
        ("--kernel two-layer --dim 2 --points 100 --solver qr", "lanczos"),
        ("--kernel laplace --dim 2 --points 100 --widths 64", "two-layer"),
        ("--kernel two-layer --points 100", "--dim"),
        ("--kernel two-layer --data /nowhere.csv", "/nowhere.csv"),
        ("--kernel two-layer --dim 2 --points 100 --label y", "--data"),
    ] {
        let (code, complaint) = hinf(flags);
        assert!(code == 2 && complaint.contains(word), "{flags}: {code} {complaint}");
    }
}

/// A kernel with a negative eigenvalue is diagnosed, and its measured value is not clamped.
#[test]
fn an_indefinite_kernel_is_called_so() {
    let (code, text) = hinf("--kernel expr:t-0.5 --dim 2 --points 200 --degrees 0..1 --format json");
    let out: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, out["lowest"]["indefinite"].as_bool()), (0, Some(true)));
    assert!((out["lowest"]["value"].as_f64().unwrap() + 0.5).abs() < 0.05);
    assert!(out["rows"][0]["unbiased"]["estimate"].as_f64().unwrap() < -0.4);
    let (_, text) = hinf("--kernel two-layer --dim 2 --points 200 --degrees 0..1 --format json");
    assert!(text.contains("\"indefinite\": false"));
}
