//! The tables of `hinf gram`.

use super::{
    Request,
    measure::Found,
    report::{figure, ratio},
};
use crate::{
    compare::{
        design::Bounds,
        gram::{Row, Spread},
        range::Rank,
        statistics::Interval,
    },
    gram::{finite_width, range::Part},
    report::grid::{Column, Grid},
    sample::Design,
};

/// All tables of a result.
pub fn grids(request: &Request, found: &Found) -> Vec<Grid> {
    let mut grids = vec![clusters(request, found)];
    if found.rows.iter().any(|row| row.pairwise.is_some()) {
        grids.push(pairwise(request, found));
    }
    grids.extend(parts(found));
    if !found.finite.is_empty() {
        grids.push(widths(request, found));
    }
    grids
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
    let verdict = match (found.indefinite(), found.consistent) {
        (true, _) => "NOT A POSITIVE KERNEL",
        (_, true) => "consistent with theory",
        (_, false) => "INCONSISTENT with theory",
    };
    Grid {
        title: format!("{} on {} points of S^{}: {verdict}", request.kernel, found.points, request.dim),
        captions: captions(request, found),
        columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

/// Means over pairs, which do not depend on any cluster being resolved.
fn pairwise(request: &Request, found: &Found) -> Grid {
    let random = request.design == Design::Uniform;
    let heads = [
        ("k", Column::Right),
        ("predicted", Column::Right),
        (if random { "unbiased" } else { "mean" }, Column::Right),
        (if random { "interval" } else { "bound" }, Column::Left),
    ];
    let cells = |row: &Row| {
        let (mean, ci) = row.pairwise.unzip();
        vec![row.degree.to_string(), figure(row.predicted), maybe(mean), between(ci)]
    };
    let n = found.points as f64;
    let (title, caption) = if random {
        let pairs = n * (n - 1.0) / 2.0 * request.repeats as f64;
        ("Pairwise estimates of the eigenvalues", format!("{pairs} pairs of points; no quadrature, no bias"))
    } else {
        let bound = "the bound is what the predicted spectrum gives on just these points";
        ("Means over the design's pairs", format!("all {} pairs of points; {bound}", n * n))
    };
    Grid {
        title: title.into(),
        captions: vec![format!("mean of K P_k over {caption}")],
        columns: heads.map(|(head, column)| (head.to_owned(), column)).to_vec(),
        rows: found.rows.iter().map(cells).collect(),
    }
}

/// Even and odd functions: a null space is a rank below the number of points.
fn parts(found: &Found) -> Option<Grid> {
    let range = found.range.as_ref()?;
    let allowed = |rank: Option<Rank>| match rank {
        None => "-".into(),
        Some(rank) if rank.low == rank.high => rank.low.to_string(),
        Some(rank) => format!("{} .. {}", rank.low, rank.high),
    };
    let shares = |part: &Part| {
        let share = |(degree, share): &(u32, f64)| format!("k = {degree}: {share:.3}");
        part.shares.iter().map(share).collect::<Vec<_>>().join(", ")
    };
    let cells = |(part, rank): (&Part, Option<Rank>)| {
        let parity = if part.odd { "odd" } else { "even" };
        vec![parity.into(), part.rank.to_string(), allowed(rank), shares(part)]
    };
    Some(Grid {
        title: format!("Null space: even and odd functions on {} points and their antipodes", range.lines),
        captions: vec![format!(
            "rank: eigenvalues above {:.0e}; predicted: from the degrees that do not vanish; then the share of each \
             degree's harmonics that lies in the range of the kernel",
            range.threshold
        )],
        columns: [
            ("part", Column::Left),
            ("rank", Column::Right),
            ("predicted", Column::Right),
            ("in the range", Column::Elastic),
        ]
        .map(|(head, column)| (head.to_owned(), column))
        .to_vec(),
        rows: found.parts().map(cells).collect(),
    })
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
    match &found.spread {
        Some(Spread::Bounded(Bounds { distortion, to_degree, .. })) => lines.push(format!(
            "no chance in this design, so no confidence: the bound is the design's own, from harmonics to degree {to_degree} \
             (distortion {distortion:.1e}) and the trace of the kernel beyond"
        )),
        _ => lines.push(format!(
            "measured: mean of the N(d,k) sample eigenvalues whose eigenvectors lie in degree k; expected: prediction plus \
             the bias of order 1/n; intervals at {} each, the verdict at {} over all checks together",
            request.confidence, request.confidence
        )),
    }
    if let Some((degree, error)) = found.resolution() {
        lines.push(format!(
            "a prediction off by much less than {:.2} % would pass: the width of the sharpest check, k = {degree}",
            100.0 * error
        ));
    }
    if let Some(error) = found.table_error {
        lines.push(format!("kernel from a table, off by at most {error:.0e} of K(1) where checked"));
    }
    if let Some(rank) = found.rank {
        lines.push(format!("numerical rank {rank} of {}", found.points));
    }
    if found.lowest < -found.rounding {
        let (value, rounding) = (figure(found.lowest), figure(found.rounding));
        lines.push(format!(
            "NOT POSITIVE DEFINITE: an eigenvalue of at most {value}, where rounding is {rounding}"
        ));
    }
    if let Some((degree, value)) = found.negative {
        lines.push(format!("NOT POSITIVE DEFINITE: the eigenvalue of degree {degree} is {}", figure(value)));
    }
    let off: Vec<String> =
        found.rows.iter().filter(|row| row.inconsistent).map(|row| row.degree.to_string()).collect();
    if !off.is_empty() {
        lines.push(format!("off at degrees {}", off.join(", ")));
    }
    for (part, rank) in found.parts() {
        if let Some(rank) = rank.filter(|rank| !rank.allows(part.rank)) {
            let parity = if part.odd { "odd" } else { "even" };
            lines.push(format!(
                "off in the {parity} part: rank {} where {} .. {} is predicted",
                part.rank, rank.low, rank.high
            ));
        }
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
