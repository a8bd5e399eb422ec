//! What `hinf gram` prints.

use super::{gram::Request, gram_measure::Found};
use crate::{
    compare::{gram::Row, statistics::Interval},
    gram::finite_width,
    report::{
        Report,
        grid::{Column, Grid},
    },
    sample::Design,
};
use serde_json::{Value, json};

/// The result as JSON and tables.
pub fn report(request: &Request, found: &Found) -> Report {
    let mut grids = vec![clusters(request, found)];
    if request.design == Design::Uniform {
        grids.push(pairwise(request, found));
    }
    if !found.finite.is_empty() {
        grids.push(widths(request, found));
    }
    Report { json: json(request, found), grids }
}

fn json(request: &Request, found: &Found) -> Value {
    let widths: Vec<Value> = found
        .finite
        .iter()
        .map(|x| json!({"width": x.width, "distance": x.norm, "leading": x.leading}))
        .collect();
    json!({
        "schema": "hinf.gram/1",
        "kernel": request.kernel.to_string(),
        "predicted_from": request.predicted.to_string(),
        "dim": request.dim.get(),
        "design": request.design.name(),
        "points": found.points,
        "repeats": request.repeats,
        "seed": request.seed,
        "solver": request.solver.name(),
        "solver_reason": request.reason,
        "confidence": request.confidence,
        "seconds_assemble": found.seconds.0,
        "seconds_solve": found.seconds.1,
        "kernel_error": found.table_error,
        "design_error": found.design.map(|(distortion, top)| json!({"distortion": distortion, "to_degree": top})),
        "lowest": {"value": found.lowest, "rounding": found.rounding, "indefinite": found.indefinite()},
        "rank": found.rank,
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
        "finite_width": if widths.is_empty() { Value::Null } else {
            json!({"rows": widths, "rate": finite_width::rate(&found.finite), "expected_rate": -0.5})
        },
        "verdict": if found.consistent { "consistent" } else { "inconsistent" },
    })
}

fn row(row: &Row) -> Value {
    let unbiased = row
        .unbiased
        .map(|(estimate, ci)| json!({"estimate": estimate, "ci_low": ci.low, "ci_high": ci.high}));
    json!({
        "degree": row.degree,
        "multiplicity": row.multiplicity.to_string(),
        "predicted": row.predicted,
        "expected": row.expected,
        "measured": row.measured,
        "ci_low": row.interval.map(|ci| ci.low),
        "ci_high": row.interval.map(|ci| ci.high),
        "ratio": ratio(row),
        "alignment": row.alignment,
        "unbiased": unbiased,
        "consistent": !row.inconsistent,
        "note": row.note,
    })
}

fn ratio(row: &Row) -> Option<f64> {
    row.measured.filter(|_| row.predicted != 0.0).map(|measured| measured / row.predicted)
}

/// A figure of the tables: about four digits, more than most samples can tell.
pub fn figure(x: f64) -> String {
    if x != 0.0 && !(1e-2..1e4).contains(&x.abs()) { format!("{x:.3e}") } else { format!("{x:.5}") }
}

fn maybe(x: Option<f64>) -> String {
    x.map_or("-".into(), figure)
}

fn between(interval: Option<Interval>) -> String {
    interval.map_or("-".into(), |ci| format!("{} .. {}", figure(ci.low), figure(ci.high)))
}

fn clusters(request: &Request, found: &Found) -> Grid {
    let random = request.design == Design::Uniform;
    let heads = [
        ("k", Column::Right),
        ("N(d,k)", Column::Right),
        ("predicted", Column::Right),
        ("expected", Column::Right),
        ("measured", Column::Right),
        (if random { "interval" } else { "bound" }, Column::Left),
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
            between(row.interval),
            ratio(row).map_or("-".into(), |x| format!("{x:.4}")),
            row.alignment.map_or("-".into(), |x| format!("{x:.4}")),
        ]
    };
    let verdict = if found.consistent { "consistent" } else { "INCONSISTENT" };
    Grid {
        title: format!(
            "{} on {} points of S^{}: {verdict} with theory",
            request.kernel, found.points, request.dim
        ),
        captions: captions(request, found),
        columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

/// The pairwise estimates, which have no bias and do not depend on any cluster being resolved.
fn pairwise(request: &Request, found: &Found) -> Grid {
    let heads = [
        ("k", Column::Right),
        ("predicted", Column::Right),
        ("unbiased", Column::Right),
        ("interval", Column::Left),
    ];
    let cells = |row: &Row| {
        let (estimate, ci) = row.unbiased.unzip();
        vec![row.degree.to_string(), figure(row.predicted), maybe(estimate), between(ci)]
    };
    let pairs = found.points as f64 * (found.points as f64 - 1.0) / 2.0 * request.repeats as f64;
    Grid {
        title: "Pairwise estimates of the eigenvalues".into(),
        captions: vec![format!("mean of K P_k over {pairs} pairs of points; no quadrature, no bias")],
        columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

fn captions(request: &Request, found: &Found) -> Vec<String> {
    let mut lines = vec![];
    if request.predicted != request.kernel {
        lines.push(format!("predicted from {}", request.predicted));
    }
    lines.push(format!(
        "{} design, {} sample(s) from seed {}; {} solver: {}",
        request.design.name(),
        request.repeats,
        request.seed,
        request.solver.name(),
        request.reason
    ));
    match found.design {
        None => lines.push(format!(
            "measured: mean of the N(d,k) sample eigenvalues whose eigenvectors lie in degree k; expected: prediction plus \
             the bias of order 1/n; intervals at {} each, the verdict at {} over all checks together",
            request.confidence, request.confidence
        )),
        Some((distortion, top)) => lines.push(format!(
            "no chance in this design, so no confidence: the bound is the design's own, from harmonics to degree {top} \
             (distortion {distortion:.1e}) and the trace of the kernel beyond"
        )),
    }
    if let Some(error) = found.table_error {
        lines.push(format!("kernel from a table, off by at most {error:.0e} of K(1) where checked"));
    }
    if let Some(rank) = found.rank {
        lines.push(format!("numerical rank {rank} of {}", found.points));
    }
    if found.indefinite() {
        let (value, rounding) = (figure(found.lowest), figure(found.rounding));
        lines.push(format!(
            "NOT POSITIVE DEFINITE: an eigenvalue of at most {value}, where rounding is {rounding}"
        ));
    }
    let off: Vec<String> =
        found.rows.iter().filter(|row| row.inconsistent).map(|row| row.degree.to_string()).collect();
    if !off.is_empty() {
        lines.push(format!("off at degrees {}", off.join(", ")));
    }
    let notes = found.rows.iter().filter_map(|row| row.note.as_ref().map(|note| (row.degree, note)));
    lines.extend(notes.map(|(degree, note)| format!("k = {degree}: {note}")));
    lines
}

fn widths(request: &Request, found: &Found) -> Grid {
    let rate = finite_width::rate(&found.finite).map_or("-".into(), |rate| format!("{rate:.3}"));
    let leading = |values: &[f64]| values.iter().take(4).map(|x| figure(*x)).collect::<Vec<_>>().join(", ");
    Grid {
        title: format!("Random two-layer networks of finite width, {}", request.kernel),
        captions: vec![format!("distance falls like m^{rate} (expected -0.5); H = Z^T Z on the last sample")],
        columns: [
            ("m", Column::Right),
            ("|H_m - H|", Column::Right),
            ("leading eigenvalues of H_m", Column::Elastic),
        ]
        .map(|(head, column)| (head.to_owned(), column))
        .to_vec(),
        rows: found
            .finite
            .iter()
            .map(|x| vec![x.width.to_string(), figure(x.norm), leading(&x.leading)])
            .collect(),
    }
}
