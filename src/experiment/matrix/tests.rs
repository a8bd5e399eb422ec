//! Matrices against kernels, labels, points, and bad input.

use super::{super::Options as _, super::Report as _, super::Request as _, *};
use std::{f64::consts::PI, io::Write};

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn rows(n: usize, entry: impl Fn(usize, usize) -> f64) -> String {
    (0..n).map(|i| (0..n).map(|j| entry(i, j).to_string()).collect::<Vec<_>>().join(",") + "\n").collect()
}

fn name(file: &tempfile::NamedTempFile) -> String {
    file.path().display().to_string()
}

fn angle(i: usize) -> f64 {
    0.7 * i as f64
}

fn laplace(i: usize, j: usize) -> f64 {
    (-2.0 * ((angle(i) - angle(j)) / 2.0).sin().abs()).exp()
}

fn points(n: usize) -> tempfile::NamedTempFile {
    file(&(0..n).map(|i| format!("{},{}\n", angle(i).cos(), angle(i).sin())).collect::<String>())
}

fn run(options: &Options) -> Result<Report> {
    options.build()?.run(&Context::default())
}

#[test]
fn a_matrix_is_set_against_its_kernel() {
    let data = points(7);
    let asked = |matrix: &tempfile::NamedTempFile, kernel: &str| {
        let options = Options {
            matrix: name(matrix).into(),
            data: Some(name(&data).into()),
            kernel: Some(kernel.into()),
            ..Options::default()
        };
        run(&options).unwrap()
    };
    let report = asked(&file(&rows(7, laplace)), "laplace");
    assert!(report.verdict == Verdict::Equal && report.passed());
    let sum: f64 = report.rows[0].eigenvalues.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12, "the trace of K/n is K(1)");
    let report = asked(&file(&rows(7, |i, j| laplace(i, j) / 2.0)), "laplace");
    assert_eq!(
        (report.verdict, report.rows[0].comparison.as_ref().unwrap().scale_text.as_deref()),
        (Verdict::Equal, Some("1/2"))
    );
    assert_eq!(asked(&file(&rows(7, laplace)), "gaussian").verdict, Verdict::Undecided);
    let report = asked(&file(&rows(7, |i, j| laplace(i, j) - if i == j { 1.0 } else { 0.0 })), "laplace");
    assert!(report.verdict == Verdict::Indefinite && !report.passed());
}

/// The points alone tell which harmonics the eigenvectors lie in; with the kernel its eigenvalues stand beside them.
#[test]
fn eigenvalues_are_gathered_by_harmonics() {
    let (n, step) = (24, std::f64::consts::TAU / 24.0);
    let even = |i: usize, j: usize| (-2.0 * (0.5 * step * (i as f64 - j as f64)).sin().abs()).exp();
    let points: String =
        (0..n).map(|i| format!("{},{}\n", (step * i as f64).cos(), (step * i as f64).sin())).collect();
    let (data, matrix) = (file(&points), file(&rows(n, even)));
    let options =
        Options { matrix: name(&matrix).into(), data: Some(name(&data).into()), ..Options::default() };
    let alone = run(&options).unwrap();
    assert_eq!(alone.verdict, Verdict::Positive);
    let report = run(&Options { kernel: Some("laplace".into()), ..options }).unwrap();
    assert_eq!(report.verdict, Verdict::Equal);
    // Equal steps: the matrix is circulant, its eigenvalues the discrete cosine transform of its first row.
    for (mine, bare) in report.rows[0].clusters.iter().zip(&alone.rows[0].clusters) {
        let k = f64::from(mine.degree);
        let right = (0..n).map(|j| even(0, j) * (k * step * j as f64).cos()).sum::<f64>() / n as f64;
        assert!((mine.mean.unwrap() / right - 1.0).abs() < 1e-12 && mine.alignment > 0.999_999, "{mine:?}");
        // Aliases add to the higher degrees.
        let near = if mine.degree < 2 { 0.02 } else { 0.3 };
        assert!((mine.predicted.unwrap() / right - 1.0).abs() < near && bare.predicted.is_none());
        assert_eq!((bare.mean, mine.members), (mine.mean, mine.multiplicity));
    }
    assert!(report.rows[0].clusters.len() >= 4);
}

/// The kernel of the same network with weights of variance 1 is recognised as that, not refused.
#[test]
fn a_network_in_another_convention_is_recognised() {
    let data = points(6);
    let narrow = |i: usize, j: usize| {
        let angle = (angle(i) - angle(j)).cos().clamp(-1.0, 1.0).acos();
        // Theta of ntk:depth=1,b=1/10,w=1, by hand.
        let (ramp, step) =
            ((angle.sin() + (PI - angle) * angle.cos()) / (2.0 * PI), (PI - angle) / (2.0 * PI));
        (angle.cos() + 0.1) * step + ramp + 0.1
    };
    let matrix = file(&rows(6, narrow));
    let options = Options {
        matrix: name(&matrix).into(),
        data: Some(name(&data).into()),
        kernel: Some("ntk:depth=1,b=0.1".into()),
        ..Options::default()
    };
    let report = run(&options).unwrap();
    assert_eq!(report.verdict, Verdict::Equal, "{report:?}");
    assert!(report.network.unwrap()[0].contains("variance 1"));
}

/// Labels beside the matrix: the residual of each row left out is that of fitting to the other rows, here by hand for two rows.
#[test]
fn labels_are_learned_with_the_matrix_itself() {
    let matrix = file("2,1,1\n1,3,-1\n");
    let options = Options {
        matrix: name(&matrix).into(),
        label: Some("3".into()),
        ridge: Some("1".into()),
        ..Options::default()
    };
    let report = run(&options).unwrap();
    let label = &report.rows[0].label;
    let at = label.ridges.as_ref().unwrap().rows.iter().find(|row| row.ridge == 1.0).unwrap();
    // From row 2: k y/(k_22 + 1) = -1/4 for 1; from row 1: 1/3 for -1.
    let right = 0.5 * (1.25f64.powi(2) + (4.0f64 / 3.0).powi(2));
    assert!((at.leave_one_out - right).abs() < 1e-12, "{at:?} {right}");
    assert_eq!(report.rows[0].eigenvalues.len(), 2);
    let without = run(&Options { label: None, ridge: None, ..options });
    assert!(without.unwrap_err().to_string().contains("square"));
}

/// Rows off the sphere: a linear kernel network keeps their norms.
#[test]
fn norms_are_kept_where_asked() {
    let x = |i: usize| 0.5 + 0.25 * i as f64;
    let data = file(&(0..5).map(|i| format!("{}\n", x(i))).collect::<String>());
    // Rows of one feature, all on one side: relu is linear there, Theta = 2 x x'.
    let matrix = file(&rows(5, |i, j| 2.0 * x(i) * x(j)));
    let options = Options {
        matrix: name(&matrix).into(),
        data: Some(name(&data).into()),
        kernel: Some("ntk:depth=1".into()),
        ..Options::default()
    };
    assert!(run(&options).unwrap_err().to_string().contains("column of ones"));
    let report = run(&Options { norms: "keep".into(), ..options }).unwrap();
    assert_eq!((report.verdict, report.rows[0].rank), (Verdict::Equal, 1));
    assert!(report.rows[0].clusters.is_empty());
}

#[test]
fn several_matrices_give_a_rate_and_a_verdict() {
    let data = points(6);
    let noise =
        |i: usize, j: usize, s: f64| (((i.min(j) * 31 + i.max(j) * 17) as f64 + 101.0 * s) * 12.9898).sin();
    let widths = [64u64, 256, 1024, 4096];
    let files: Vec<_> = widths
        .iter()
        .map(|m| file(&rows(6, |i, j| laplace(i, j) + noise(i, j, 1.0) / (*m as f64).sqrt() / 20.0)))
        .collect();
    let list = |files: &[tempfile::NamedTempFile]| files.iter().map(name).collect::<Vec<_>>().join(",");
    let options = Options {
        matrix: list(&files).into(),
        data: Some(name(&data).into()),
        kernel: Some("laplace".into()),
        widths: Some("64,256,1024,4096".into()),
        ..Options::default()
    };
    let rate = run(&options).unwrap().rate.unwrap();
    assert!((rate.slope + 0.5).abs() < 0.02, "{}", rate.slope);
    let seeds: Vec<_> =
        (0..6).map(|s| file(&rows(6, |i, j| laplace(i, j) + 0.01 * noise(i, j, f64::from(s))))).collect();
    let options = Options { matrix: list(&seeds).into(), widths: None, ..options };
    assert_eq!(run(&options).unwrap().verdict, Verdict::Consistent);
    let halves: Vec<_> = (0..6)
        .map(|s| file(&rows(6, |i, j| 0.5 * laplace(i, j) + 0.002 * noise(i, j, f64::from(s)))))
        .collect();
    let half = run(&Options { matrix: list(&halves).into(), ..options.clone() }).unwrap();
    assert_eq!(half.verdict, Verdict::Consistent, "half the kernel is a convention");
    let wrong: Vec<_> = (0..6)
        .map(|s| file(&rows(6, |i, j| 1.3 * laplace(i, j) + 0.01 * noise(i, j, f64::from(s)))))
        .collect();
    let report = run(&Options { matrix: list(&wrong).into(), ..options }).unwrap();
    assert!(report.verdict == Verdict::Inconsistent && !report.passed());
}

#[test]
fn bad_input_is_refused_with_its_field() {
    let square = file(&rows(4, laplace));
    let asked = |matrix: String, data: Option<String>, kernel: Option<&str>, widths: Option<&str>| {
        let options = Options {
            matrix: matrix.into(),
            data: data.map(Text::from),
            kernel: kernel.map(Text::from),
            widths: widths.map(Text::from),
            ..Options::default()
        };
        run(&options).unwrap_err().to_string()
    };
    let (data, larger) = (points(5), file(&rows(5, laplace)));
    for (message, words) in [
        (asked(name(&square), Some(name(&data)), Some("laplace"), None), "one for each row"),
        (asked(name(&square), None, Some("laplace"), None), "data beside it"),
        (asked(name(&data), None, None, None), "square"),
        (asked(format!("{},{}", name(&square), name(&larger)), None, None, None), "one size"),
        (asked(name(&square), None, None, Some("1,2")), "one width"),
        (asked("/nowhere.npy".into(), None, None, None), "/nowhere.npy"),
    ] {
        assert!(message.contains(words) && !message.contains('\n'), "{message}");
    }
}
