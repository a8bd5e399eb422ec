//! What `hinf gram` prints.

use super::{Request, measure::Found, tables};
use crate::{
    compare::gram::{Row, Spread},
    gram::finite_width,
    report::Report,
};
use serde_json::{Value, json};

/// The result as JSON and tables.
pub fn report(request: &Request, found: &Found) -> Report {
    Report { json: json(request, found), grids: tables::grids(request, found) }
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
        "iteration": found.iteration.map(|x| json!({"products": x.products, "width": x.width, "residual": x.residual})),
        "kernel_error": found.table_error,
        "design_error": match &found.spread {
            Some(Spread::Bounded(bounds)) => json!({"distortion": bounds.distortion, "to_degree": bounds.to_degree}),
            _ => Value::Null,
        },
        "resolution": found.resolution().map(|(degree, error)| json!({"degree": degree, "relative_error": error})),
        "lowest": {"value": found.lowest, "rounding": found.rounding, "indefinite": found.indefinite()},
        "negative": found.negative.map(|(degree, value)| json!({"degree": degree, "predicted": value})),
        "rank": found.rank,
        "range": range(found),
        "rows": found.rows.iter().map(|row| self::row(row, matches!(found.spread, Some(Spread::Chance(_))))).collect::<Vec<_>>(),
        "finite_width": if widths.is_empty() { Value::Null } else {
            json!({"rows": widths, "rate": finite_width::rate(&found.finite), "expected_rate": -0.5})
        },
        "verdict": if found.consistent { "consistent" } else { "inconsistent" },
    })
}

fn range(found: &Found) -> Option<Value> {
    let range = found.range.as_ref()?;
    let shares = |shares: &[(u32, f64)]| -> Vec<Value> {
        shares.iter().map(|(degree, share)| json!({"degree": degree, "in_range": share})).collect()
    };
    let parts = found.parts().map(|(part, rank)| {
        json!({
            "parity": if part.odd { "odd" } else { "even" },
            "rank": part.rank,
            "predicted_low": rank.map(|rank| rank.low),
            "predicted_high": rank.map(|rank| rank.high),
            "consistent": rank.is_none_or(|rank| rank.allows(part.rank)),
            "degrees": shares(&part.shares),
        })
    });
    Some(json!({"lines": range.lines, "threshold": range.threshold, "parts": parts.collect::<Vec<_>>()}))
}

fn row(row: &Row, random: bool) -> Value {
    let unbiased = row
        .pairwise
        .filter(|_| random)
        .map(|(estimate, ci)| json!({"estimate": estimate, "ci_low": ci.low, "ci_high": ci.high}));
    let over_pairs = row
        .pairwise
        .filter(|_| !random)
        .map(|(mean, bound)| json!({"mean": mean, "low": bound.low, "high": bound.high}));
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
        "over_pairs": over_pairs,
        "consistent": !row.inconsistent,
        "note": row.note,
    })
}

/// Measured over predicted.
pub fn ratio(row: &Row) -> Option<f64> {
    row.measured.filter(|_| row.predicted != 0.0).map(|measured| measured / row.predicted)
}

/// A figure of the tables: about four digits, more than most samples can tell.
pub fn figure(x: f64) -> String {
    if x != 0.0 && !(1e-2..1e4).contains(&x.abs()) { format!("{x:.3e}") } else { format!("{x:.5}") }
}
