//! A user's rows and labels: values from numpy and scikit-learn, labels in and out of the range, real fits beside the estimate.

#![allow(clippy::unwrap_used)]

use hinf::experiment::{
    Context, Options as _, Report as _, Request as _,
    data::{Options, Report},
};
use std::{io::Write, path::Path};

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

fn report(kernels: &[&str], file: &str, label: Option<&str>, ridge: Option<&str>) -> Report {
    let options = Options {
        kernel: kernels.iter().copied().collect(),
        data: file.into(),
        label: label.map(Into::into),
        ridge: ridge.map(Into::into),
        ..Options::default()
    };
    options.build().unwrap().run(&Context::default()).unwrap()
}

/// Eigenvalues, leave-one-out errors (each row left out and fitted again there), cross-validation, effective dimensions and alignments of five data
/// sets against numpy and scikit-learn (`data/rows.py`).
#[test]
fn everything_agrees_with_numpy_and_scikit_learn() {
    let mut seen = 0;
    let kernels = ["gaussian:length=1/2", "laplace:c=1"];
    for name in ["iris", "wine", "diabetes", "cancer", "digits"] {
        let file = data(&format!("rows-{name}.csv"));
        for ridge in ["0.01", "1"] {
            let found = report(&kernels, &file, Some("y"), Some(ridge));
            for line in include_str!("../data/rows.csv").lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                let [set, kernel, what, value] = cells[..] else { unreachable!("{line}") };
                let value: f64 = value.parse().unwrap();
                if set != name {
                    continue;
                }
                if what == "similarity" {
                    let similarity = found.similarity.as_ref().unwrap();
                    assert!((similarity[0][1].unwrap() - value).abs() < 1e-10, "{line}");
                    assert!((similarity[1][1].unwrap() - 1.0).abs() < 1e-12);
                    continue;
                }
                let analysis = &found.analyses[kernels.iter().position(|known| *known == kernel).unwrap()];
                let number: f64 = ridge.parse().unwrap();
                let at = analysis
                    .label
                    .ridges
                    .as_ref()
                    .unwrap()
                    .rows
                    .iter()
                    .find(|row| row.ridge == number)
                    .unwrap();
                let dimension =
                    analysis.effective_dimension.iter().find(|row| row.ridge == number).unwrap().value;
                let (what, own) = what.rsplit_once('-').unwrap_or((what, ""));
                let (mine, scale) = match what {
                    "eigenvalue" => {
                        (analysis.eigenvalues[own.parse::<usize>().unwrap()], analysis.eigenvalues[0])
                    }
                    "alignment" => (analysis.label.alignment.unwrap(), 1.0),
                    _ if own.parse::<f64>() != Ok(number) => continue,
                    "left-out" => (at.leave_one_out, value),
                    "gcv" => (at.gcv, value),
                    "training" => (at.training_error, value),
                    "dimension" => (dimension, value),
                    other => unreachable!("{other}"),
                };
                let tolerance = if what == "eigenvalue" { 1e-10 } else { 1e-8 };
                assert!((mine - value).abs() < tolerance * scale, "{line}: {mine}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 5 * 2 * 2 * (10 + 1 + 4));
}

fn written(lines: &[String]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.join("\n").as_bytes()).unwrap();
    file
}

/// The 64 corners of the cube, labels a product of three coordinates: an odd function of degree 3, which a network without bias cannot hold.
/// No row is a duplicate; the label lies outside the range, so regression without a ridge misses it on the rows themselves.
#[test]
fn a_label_in_the_null_space_is_told_from_duplicate_rows() {
    let corner = |i: usize| (0..6).map(move |j| if i >> j & 1 == 0 { 1.0 } else { -1.0 } / 6f64.sqrt());
    let line = |i: usize| {
        let x: Vec<f64> = corner(i).collect();
        let cells: Vec<String> = x.iter().map(f64::to_string).collect();
        format!("{},{}", cells.join(","), (6f64.sqrt() * x[0]).round() * (x[1] * x[2]).signum())
    };
    let file = written(&(0..64).map(line).collect::<Vec<_>>());
    let found = report(&["ntk:depth=1"], file.path().to_str().unwrap(), Some("7"), None);
    let label = &found.analyses[0].label;
    assert!(label.generalisation_bound.is_none() && (label.outside_range.unwrap() - 1.0).abs() < 1e-9);
    let rows = &label.regression.as_ref().unwrap().rows;
    let half = rows.iter().find(|row| row.rows == 32).unwrap();
    // About a quarter of 32 rows have their antipode among them, and of such a pair nothing is learned.
    let measured = half.measured.unwrap();
    assert!((0.05..0.4).contains(&measured.training_error), "{measured:?}");
}

/// Two rows that are the same point with the same label leave the label in the range, and the bound stands; with another label it does not.
#[test]
fn duplicate_rows_have_a_bound_when_their_labels_agree() {
    let line = |i: usize, y: f64| {
        let angle = 0.7 * i as f64;
        format!("{},{},{y}", angle.cos(), angle.sin())
    };
    let mut lines: Vec<String> = (0..9).map(|i| line(i, (i % 3) as f64)).collect();
    lines.push(line(4, 1.0));
    let bound = |lines: &[String]| {
        let file = written(lines);
        let found = report(&["laplace"], file.path().to_str().unwrap(), Some("3"), None);
        found.analyses[0].label.generalisation_bound
    };
    let twice = bound(&lines).unwrap();
    let once = bound(&lines[..9]).unwrap();
    // y^T K^+ y is the same but that the pair shares its weight; 2 y^T K^+ y / n has one row more.
    assert!((twice * 10f64.sqrt() - once * 9f64.sqrt()).abs() < 1e-9, "{twice} {once}");
    lines[9] = line(4, 2.0);
    assert_eq!(bound(&lines), None);
}

/// Labels with a large mean: R^2 counts against their variance, not their mean square.
#[test]
fn r_squared_counts_against_the_variance() {
    let found = report(&["laplace"], &data("rows-diabetes.csv"), Some("y"), Some("1"));
    let label = &found.analyses[0].label;
    let (mean, variance) = (label.mean.unwrap(), label.variance.unwrap());
    assert!(mean > 100.0 && variance > 1000.0);
    for row in &label.regression.as_ref().unwrap().rows {
        assert!((row.r_squared.unwrap() - (1.0 - row.held_out_error / variance)).abs() < 1e-12);
    }
}

/// An indefinite formula on rows is a failed check, and several kernels fail with any of them.
#[test]
fn an_indefinite_kernel_fails() {
    let file = data("rows-iris.csv");
    assert!(!report(&["expr:-t"], &file, None, None).passed());
    assert!(report(&["laplace"], &file, None, None).passed());
    assert!(!report(&["laplace", "expr:-t"], &file, None, None).passed());
}

/// The estimate of the held-out error is within the scatter of real fits where labels are noisy and the ridge is not small.
#[test]
fn the_estimate_agrees_with_real_fits() {
    for name in ["iris", "wine", "cancer"] {
        let found = report(&["laplace"], &data(&format!("rows-{name}.csv")), Some("y"), Some("1"));
        for row in &found.analyses[0].label.regression.as_ref().unwrap().rows {
            let measured = row.measured.unwrap();
            let apart = (row.held_out_error - measured.held_out_error).abs();
            let scatter = measured.standard_error.unwrap();
            assert!(apart < 4.0 * scatter + 0.15 * measured.held_out_error, "{name}: {row:?}");
        }
    }
}

/// Three kinds of iris: one curve each, against the rest; the first kind is known to lie apart from the others.
#[test]
fn each_class_has_its_own_curve() {
    let found = report(&["laplace"], &data("rows-iris.csv"), Some("y"), Some("0.1"));
    let classes = found.analyses[0].label.classes.as_ref().unwrap();
    assert_eq!(
        classes.iter().map(|class| (class.class.as_str(), class.rows)).collect::<Vec<_>>(),
        [("0", 50), ("1", 50), ("2", 50)]
    );
    let left_out = |i: usize| classes[i].label.ridges.as_ref().unwrap().best.leave_one_out.leave_one_out;
    assert!(left_out(0) < 0.5 * left_out(1) && left_out(0) < 0.5 * left_out(2));
    for class in classes {
        assert!((class.label.mean.unwrap() + 1.0 / 3.0).abs() < 1e-12);
    }
    // Classes by name have the same curves under their names.
    let lines = std::fs::read_to_string(data("rows-iris.csv")).unwrap();
    let named: Vec<String> = lines
        .lines()
        .map(|line| {
            let (x, y) = line.rsplit_once(',').unwrap();
            let name = match y {
                "0.0" => "setosa",
                "1.0" => "versicolor",
                "2.0" => "virginica",
                heading => heading,
            };
            format!("{x},{name}")
        })
        .collect();
    let file = written(&named);
    let by_name = report(&["laplace"], file.path().to_str().unwrap(), Some("y"), Some("0.1"));
    let by_name = by_name.analyses[0].label.classes.as_ref().unwrap();
    assert_eq!(
        by_name.iter().map(|class| class.class.as_str()).collect::<Vec<_>>(),
        ["setosa", "versicolor", "virginica"]
    );
    assert_eq!(by_name[1].label, classes[1].label);
    let quantity = report(&["laplace"], &data("rows-diabetes.csv"), Some("y"), None);
    assert!(quantity.analyses[0].label.classes.is_none());
}

#[test]
fn one_kernel_is_flat_and_several_are_listed() {
    let file = data("rows-iris.csv");
    let one = serde_json::to_value(report(&["laplace"], &file, Some("y"), None)).unwrap();
    assert_eq!((one["schema"].as_str(), one["kernel"].as_str()), (Some("hinf.gram/1"), Some("laplace")));
    for key in
        ["eigenvalues", "label_energies", "learning_curve", "regression", "ridges", "effective_dimension"]
    {
        assert!(!one[key].is_null(), "{key}");
    }
    let two = serde_json::to_value(report(&["laplace", "two-layer"], &file, Some("y"), None)).unwrap();
    assert_eq!(two["kernels"][1]["kernel"].as_str(), Some("two-layer"));
    assert!(two["similarity"][0][1].as_f64().unwrap() > 0.5);
    for kernels in [&["laplace"][..], &["laplace", "two-layer"]] {
        let found = report(kernels, &file, Some("y"), None);
        let back: Report = serde_json::from_value(serde_json::to_value(&found).unwrap()).unwrap();
        assert_eq!(back, found);
    }
}

/// Rows that keep their norms, against numpy (`data/norms.py`): distances as they are, relu and erf networks by their two-variance formulas.
#[test]
fn rows_that_keep_their_norms_agree_with_numpy() {
    let asked = |kernel: &str, norms: &str, file: &str| {
        let options = Options {
            kernel: kernel.into(),
            data: file.into(),
            label: Some("y".into()),
            norms: Some(norms.into()),
            ridge: Some("1".into()),
            ..Options::default()
        };
        options.build().unwrap().run(&Context::default())
    };
    let file = data("rows-iris.csv");
    let mut seen = 0;
    for line in include_str!("../data/norms.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [kernel, what, value] = cells[..] else { unreachable!("{line}") };
        let right: f64 = value.parse().unwrap();
        let found = asked(kernel, "keep", &file).unwrap();
        assert!(found.summary.norms_kept && found.summary.rows_normalised == 0);
        let analysis = &found.analyses[0];
        let (mine, scale) = match what.split_once('-') {
            Some(("eigenvalue", i)) => {
                (analysis.eigenvalues[i.parse::<usize>().unwrap()], analysis.eigenvalues[0])
            }
            _ => {
                let rows = &analysis.label.ridges.as_ref().unwrap().rows;
                (rows.iter().find(|row| row.ridge == 1.0).unwrap().leave_one_out, right)
            }
        };
        assert!((mine - right).abs() < 1e-10 * scale, "{line}: {mine}");
        seen += 1;
    }
    assert_eq!(seen, 4 * 7);
    // A formula in t is known on the sphere only, and one column has no direction there.
    assert!(asked("expr:exp(t)", "keep", &file).unwrap_err().to_string().contains("a formula in t is not"));
    let column = written(&["x,y".into(), "1,0".into(), "2.5,1".into(), "-1,1".into(), "0.5,0".into()]);
    let column = column.path().to_str().unwrap();
    assert!(asked("laplace", "unit", column).unwrap_err().to_string().contains("column of ones"));
    let found = asked("laplace", "keep", column).unwrap();
    let trace: f64 = found.analyses[0].eigenvalues.iter().sum();
    assert!((trace - 1.0).abs() < 1e-12 && found.analyses[0].rank == 4);
    // The same direction twice is a duplicate only with the same norm.
    assert!(found.summary.duplicates.is_empty());
}

/// Expected errors on rows held out lie within the scatter of 200 random splits, made with numpy (`data/held_out.py`): five data sets, two kernels, two ridges,
/// a quarter and a half of the rows. An estimate off by the factor between training and test, or by the labels' variance, is far outside.
#[test]
fn held_out_errors_are_within_the_scatter_of_random_splits() {
    let mut seen = 0;
    let mut worst = 0.0f64;
    let (mut key, mut found) = (vec![], None);
    for line in include_str!("../data/held_out.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [name, kernel, ridge, rows, mean, deviation] = cells[..] else { unreachable!("{line}") };
        if key != [name, kernel, ridge] {
            key = vec![name, kernel, ridge];
            found = Some(report(&[kernel], &data(&format!("rows-{name}.csv")), Some("y"), Some(ridge)));
        }
        let analysis = &found.as_ref().unwrap().analyses[0];
        let rows: usize = rows.parse().unwrap();
        let regression = analysis.label.regression.as_ref().unwrap();
        let at = regression.rows.iter().find(|row| row.rows == rows).unwrap();
        let [mean, deviation] = [mean, deviation].map(|cell| cell.parse::<f64>().unwrap());
        let apart = (at.held_out_error - mean).abs() / deviation;
        assert!(apart < 1.0, "{line}: {}", at.held_out_error);
        worst = worst.max(apart);
        seen += 1;
    }
    assert_eq!(seen, 40);
    assert!(worst > 0.1, "a comparison that sees chance at all");
}
