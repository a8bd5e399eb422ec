//! The tables and the plot of a sampled check.

use super::{
    Show,
    grid::{Column, Grid, records},
    numbers::figure,
    plot::{Axis, Plot, Point, Series, Style, degrees},
};
use crate::experiment::sample::{Part, Report, Row, Verdict};

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let mut grids = vec![clusters(self)];
        if self.rows.iter().any(|row| row.unbiased.is_some() || row.over_pairs.is_some()) {
            grids.push(pairwise(self));
        }
        grids.push(parts(self));
        grids.extend(widths(self));
        grids
    }

    fn records(&self) -> Vec<Grid> {
        let own = [
            ("kernel", self.kernel.clone()),
            ("predicted_from", self.predicted_from.clone()),
            ("dim", self.dim.to_string()),
            ("design", self.design.to_string()),
            ("points", self.points.to_string()),
            ("repeats", self.repeats.to_string()),
            ("seed", self.seed.to_string()),
            ("confidence", self.confidence.to_string()),
        ];
        let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
        let [mean, low, high] = if random(self) {
            ["unbiased", "unbiased_low", "unbiased_high"]
        } else {
            ["over_pairs", "over_pairs_low", "over_pairs_high"]
        };
        let record = |row: &Row| {
            let pairs = row.unbiased.map(|x| [x.estimate, x.ci_low, x.ci_high]);
            let pairs = pairs.or(row.over_pairs.map(|x| [x.mean, x.low, x.high]));
            let cells = [
                ("degree", row.degree.to_string()),
                ("multiplicity", row.multiplicity.to_string()),
                ("predicted", row.predicted.to_string()),
                ("expected", row.expected.to_string()),
                ("measured", number(row.measured)),
                ("low", number(row.ci_low)),
                ("high", number(row.ci_high)),
                ("ratio", number(row.ratio)),
                ("alignment", number(row.alignment)),
                (mean, number(pairs.map(|x| x[0]))),
                (low, number(pairs.map(|x| x[1]))),
                (high, number(pairs.map(|x| x[2]))),
                ("consistent", row.consistent.to_string()),
                ("note", row.note.clone().unwrap_or_default()),
            ];
            own.iter().cloned().chain(cells).collect()
        };
        vec![records("Degrees", captions(self), self.rows.iter().map(record).collect())]
    }
}

/// What the comparison came to, in words.
fn verdict(report: &Report) -> &'static str {
    match (report.lowest.indefinite, report.verdict) {
        (true, _) => "NOT A POSITIVE KERNEL",
        (_, Verdict::Consistent) => "consistent with theory",
        (_, Verdict::Inconsistent) => "INCONSISTENT with theory",
    }
}

/// Eigenvalues of the sample with their intervals, beside the prediction.
pub fn plot(report: &Report) -> Plot {
    let measured = report.rows.iter().filter_map(|row| {
        let (y, interval) = match row.unbiased {
            Some(found) => (found.estimate, Some((found.ci_low, found.ci_high))),
            None => (row.measured?, row.ci_low.zip(row.ci_high)),
        };
        Some(Point { x: f64::from(row.degree), y, interval })
    });
    let predicted: Vec<(f64, f64)> =
        report.rows.iter().map(|row| (f64::from(row.degree), row.predicted)).collect();
    let name = match report.predicted_from == report.kernel {
        true => "predicted".into(),
        false => format!("predicted from {}", report.predicted_from),
    };
    Plot {
        title: "Sampled against predicted eigenvalues".into(),
        caption: caption(report),
        alt: "Sampled eigenvalues by degree, with intervals, beside the predicted values.".into(),
        x: Axis::linear("degree k").whole(),
        y: Axis::log("eigenvalue"),
        series: vec![
            Series { name: "sampled".into(), style: Style::Markers, points: measured.collect() },
            Series::new(name, Style::Line, predicted),
        ],
    }
}

/// What the plot shows, and what the comparison came to.
fn caption(report: &Report) -> String {
    let (kernel, points) = (&report.kernel, report.points);
    let measured = match (random(report), report.rows.iter().any(|row| row.unbiased.is_some())) {
        (true, true) => format!(
            "unbiased estimates of eigenvalues of {kernel} from pairs of {points} random points, with intervals"
        ),
        (true, false) => format!("eigenvalues of {kernel} on {points} random points, with intervals"),
        (false, _) => format!("eigenvalues of {kernel} on {points} points, with the bounds of the design"),
    };
    let zeros: Vec<u64> =
        report.rows.iter().filter(|row| row.predicted == 0.0).map(|row| row.degree.into()).collect();
    let zeros = match &zeros[..] {
        [] => String::new(),
        zeros => format!(" The line breaks where the prediction is 0, at k = {}.", degrees(zeros)),
    };
    format!(
        "Points: {measured}. Line: the predicted eigenvalues of {}.{zeros} Verdict: {}.",
        report.predicted_from,
        verdict(report)
    )
}

/// Is there chance in the points?
fn random(report: &Report) -> bool {
    report.design_error.is_none()
}

fn maybe(x: Option<f64>) -> String {
    x.map_or("-".into(), figure)
}

fn between(ends: Option<(f64, f64)>) -> String {
    ends.map_or("-".into(), |(low, high)| format!("{} .. {}", figure(low), figure(high)))
}

fn columns<const N: usize>(heads: [(&str, Column); N]) -> Vec<(String, Column)> {
    heads.map(|(head, column)| (head.to_owned(), column)).to_vec()
}

fn clusters(report: &Report) -> Grid {
    let heads = [
        ("k", Column::Right),
        ("N(d,k)", Column::Right),
        ("predicted", Column::Right),
        ("expected", Column::Right),
        ("measured", Column::Right),
        (if random(report) { "interval" } else { "bound" }, Column::Left),
        ("ratio", Column::Right),
        ("aligned", Column::Right),
    ];
    let cells = |row: &Row| {
        vec![
            row.degree.to_string(),
            row.multiplicity.to_string(),
            figure(row.predicted),
            figure(row.expected),
            maybe(row.measured),
            between(row.ci_low.zip(row.ci_high)),
            row.ratio.map_or("-".into(), |x| format!("{x:.4}")),
            row.alignment.map_or("-".into(), |x| format!("{x:.4}")),
        ]
    };
    Grid {
        title: format!(
            "{} on {} points of S^{}: {}",
            report.kernel,
            report.points,
            report.dim,
            verdict(report)
        ),
        captions: captions(report),
        columns: columns(heads),
        rows: report.rows.iter().map(cells).collect(),
    }
}

/// Means over pairs, which do not depend on any cluster being resolved.
fn pairwise(report: &Report) -> Grid {
    let random = random(report);
    let heads = [
        ("k", Column::Right),
        ("predicted", Column::Right),
        (if random { "unbiased" } else { "mean" }, Column::Right),
        (if random { "interval" } else { "bound" }, Column::Left),
    ];
    let cells = |row: &Row| {
        let unbiased = row.unbiased.map(|x| (x.estimate, (x.ci_low, x.ci_high)));
        let (mean, ends) = unbiased.or(row.over_pairs.map(|x| (x.mean, (x.low, x.high)))).unzip();
        vec![row.degree.to_string(), figure(row.predicted), maybe(mean), between(ends)]
    };
    let n = report.points as f64;
    let (title, caption) = if random {
        let pairs = n * (n - 1.0) / 2.0 * report.repeats as f64;
        ("Pairwise estimates of the eigenvalues", format!("{pairs} pairs of points; no quadrature, no bias"))
    } else {
        let bound = "the bound is what the predicted spectrum gives on just these points";
        ("Means over the design's pairs", format!("all {} pairs of points; {bound}", n * n))
    };
    Grid {
        title: title.into(),
        captions: vec![format!("mean of K P_k over {caption}")],
        columns: columns(heads),
        rows: report.rows.iter().map(cells).collect(),
    }
}

/// Even and odd functions: a null space is a rank below the number of points.
fn parts(report: &Report) -> Grid {
    let allowed = |part: &Part| match (part.predicted_low, part.predicted_high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("{low} .. {high}"),
        _ => "-".into(),
    };
    let shares = |part: &Part| {
        let shares = part.degrees.iter().map(|share| format!("k = {}: {:.3}", share.degree, share.in_range));
        shares.collect::<Vec<_>>().join(", ")
    };
    let cells =
        |part: &Part| vec![part.parity.to_string(), part.rank.to_string(), allowed(part), shares(part)];
    let range = &report.range;
    Grid {
        title: format!("Null space: even and odd functions on {} points and their antipodes", range.lines),
        captions: vec![format!(
            "rank: eigenvalues above {:.0e}; predicted: from the degrees that do not vanish; then the share of each \
             degree's harmonics that lies in the range of the kernel",
            range.threshold
        )],
        columns: columns([
            ("part", Column::Left),
            ("rank", Column::Right),
            ("predicted", Column::Right),
            ("in the range", Column::Elastic),
        ]),
        rows: range.parts.iter().map(cells).collect(),
    }
}

fn captions(report: &Report) -> Vec<String> {
    let mut lines = vec![];
    if report.predicted_from != report.kernel {
        lines.push(format!("predicted from {}", report.predicted_from));
    }
    lines.push(format!(
        "{} design, {} sample(s) from seed {}; {} solver: {}",
        report.design, report.repeats, report.seed, report.solver, report.solver_reason
    ));
    match &report.design_error {
        Some(error) => lines.push(format!(
            "no chance in this design, so no confidence: the bound is the design's own, from harmonics to degree {} \
             (distortion {:.1e}) and the trace of the kernel beyond",
            error.to_degree, error.distortion
        )),
        None => lines.push(format!(
            "measured: mean of the N(d,k) sample eigenvalues whose eigenvectors lie in degree k; expected: prediction plus \
             the bias of order 1/n; intervals at {} each, the verdict at {} over all checks together",
            report.confidence, report.confidence
        )),
    }
    if let Some(finest) = report.resolution {
        lines.push(format!(
            "a prediction off by much less than {:.2} % would pass: the width of the sharpest check, k = {}",
            100.0 * finest.relative_error,
            finest.degree
        ));
    }
    if let Some(error) = report.kernel_error {
        lines.push(format!("kernel from a table, off by at most {error:.0e} of K(1) where checked"));
    }
    if let Some(rank) = report.rank {
        lines.push(format!("numerical rank {rank} of {}", report.points));
    }
    lines.extend(findings(report));
    let notes = report.rows.iter().filter_map(|row| row.note.as_ref().map(|note| (row.degree, note)));
    lines.extend(notes.map(|(degree, note)| format!("k = {degree}: {note}")));
    lines
}

/// What is wrong with the kernel or the prediction.
fn findings(report: &Report) -> Vec<String> {
    let mut lines = vec![];
    if report.lowest.value < -report.lowest.rounding {
        let (value, rounding) = (figure(report.lowest.value), figure(report.lowest.rounding));
        lines.push(format!(
            "NOT POSITIVE DEFINITE: an eigenvalue of at most {value}, where rounding is {rounding}"
        ));
    }
    if let Some(negative) = report.negative {
        let value = figure(negative.predicted);
        lines.push(format!("NOT POSITIVE DEFINITE: the eigenvalue of degree {} is {value}", negative.degree));
    }
    let off: Vec<String> =
        report.rows.iter().filter(|row| !row.consistent).map(|row| row.degree.to_string()).collect();
    if !off.is_empty() {
        lines.push(format!("off at degrees {}", off.join(", ")));
    }
    for part in report.range.parts.iter().filter(|part| !part.consistent) {
        let (low, high) =
            (part.predicted_low.unwrap_or(0), part.predicted_high.unwrap_or(report.range.lines));
        let (parity, rank) = (&part.parity, part.rank);
        lines.push(format!("off in the {parity} part: rank {rank} where {low} .. {high} is predicted"));
    }
    lines
}

fn widths(report: &Report) -> Option<Grid> {
    let found = report.finite_width.as_ref()?;
    let rate = found.rate.map_or("-".into(), |rate| format!("{rate:.3}"));
    let leading = |values: &[f64]| values.iter().take(4).map(|x| figure(*x)).collect::<Vec<_>>().join(", ");
    let rows = found.rows.iter();
    Some(Grid {
        title: format!("Random two-layer networks of finite width, {}", report.kernel),
        captions: vec![format!(
            "distance falls like m^{rate} (expected {}); H = Z^T Z on the last sample",
            found.expected_rate
        )],
        columns: columns([
            ("m", Column::Right),
            ("|H_m - H|", Column::Right),
            ("leading eigenvalues of H_m", Column::Elastic),
        ]),
        rows: rows.map(|x| vec![x.width.to_string(), figure(x.distance), leading(&x.leading)]).collect(),
    })
}
