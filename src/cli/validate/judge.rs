//! Judges: from the results of commands to what was measured and whether it is as claimed.

use super::claims::{BOUND_DEGREES, CIRCLE_POINTS};
use crate::compare::statistics::student;
use serde_json::Value;

/// The confidence of intervals over repeats.
const CONFIDENCE: f64 = 0.99;

/// What was measured, in words, and whether the claim holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The measurement.
    pub measured: String,
    /// Does the claim hold?
    pub holds: bool,
}

impl Verdict {
    fn new(holds: bool, measured: impl Into<String>) -> Self {
        Self { measured: measured.into(), holds }
    }
}

/// The rows of all results.
fn rows(results: &[Value]) -> impl Iterator<Item = &Value> {
    results.iter().flat_map(|result| result["rows"].as_array().into_iter().flatten())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Every row of one identity of `verify` is proved or holds.
pub fn identity(results: &[Value], name: &str) -> Verdict {
    let of_it: Vec<&Value> = rows(results).filter(|row| row["identity"] == name).collect();
    let with = |status: &str| of_it.iter().filter(|row| row["status"] == status).count();
    let (proved, held) = (with("proved"), with("holds"));
    let holds = !of_it.is_empty() && proved + held == of_it.len();
    let failed = of_it.iter().find(|row| row["status"] != "proved" && row["status"] != "holds");
    let detail = failed
        .map_or(String::new(), |row| format!("; {} on S^{}: {}", row["kernel"], row["dim"], row["detail"]));
    Verdict::new(holds, format!("{proved} proved, {held} hold, of {}{detail}", of_it.len()))
}

/// The closed forms of theory.md, section 2.
const CIRCLE: [&str; 6] =
    ["1/8 + 1/(2 pi^2)", "1/16 + 1/(2 pi^2)", "5/(18 pi^2)", "1/(18 pi^2)", "17/(450 pi^2)", "1/(50 pi^2)"];

/// The first eigenvalues of the biased model on the circle.
pub fn circle_table(results: &[Value]) -> Verdict {
    let found: Vec<&str> = results
        .iter()
        .flat_map(|result| result["tables"][0]["rows"].as_array().into_iter().flatten())
        .map(|row| row["exact_text"].as_str().unwrap_or("none"))
        .collect();
    Verdict::new(found == CIRCLE, found.join(", "))
}

/// The same null space on every sphere, proved.
fn vanishing(results: &[Value], rule: &str) -> Verdict {
    let all: Vec<&Value> = rows(results).collect();
    let holds = !all.is_empty() && all.iter().all(|row| row["zero_degrees"] == rule && row["proved"] == true);
    let mut rules: Vec<&str> = all.iter().filter_map(|row| row["zero_degrees"].as_str()).collect();
    rules.dedup();
    Verdict::new(holds, format!("{} on {} spheres", rules.join(" | "), all.len()))
}

/// Odd degrees from 3 on.
pub fn null_space(results: &[Value]) -> Verdict {
    vanishing(results, "odd k >= 3")
}

/// No degree.
pub fn nothing_vanishes(results: &[Value]) -> Verdict {
    vanishing(results, "none")
}

/// Each cluster's eigenvectors lie in the harmonics of their degree.
pub fn aligned(results: &[Value]) -> Verdict {
    let shares: Vec<f64> = rows(results).map(|row| number(&row["alignment"])).collect();
    let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
    let holds = !shares.is_empty() && shares.iter().all(|share| *share > 0.99);
    Verdict::new(holds, format!("least alignment {least:.4}"))
}

fn verdict_is(results: &[Value], word: &str) -> Verdict {
    let found: Vec<&str> =
        results.iter().map(|result| result["verdict"].as_str().unwrap_or("none")).collect();
    Verdict::new(!found.is_empty() && found.iter().all(|verdict| *verdict == word), found.join(", "))
}

/// The sample agrees.
pub fn consistent(results: &[Value]) -> Verdict {
    verdict_is(results, "consistent")
}

/// The sample does not agree.
pub fn inconsistent(results: &[Value]) -> Verdict {
    verdict_is(results, "inconsistent")
}

/// The pairwise estimates of odd degrees from 3 on contain 0, and those of the other degrees do not.
pub fn rejected_odd(results: &[Value]) -> Verdict {
    let contains = |row: &Value| {
        let estimate = &row["unbiased"];
        number(&estimate["ci_low"]) <= 0.0 && 0.0 <= number(&estimate["ci_high"])
    };
    let odd = |row: &Value| number(&row["degree"]) as u32 % 2 == 1 && number(&row["degree"]) >= 3.0;
    let all: Vec<&Value> = rows(results).collect();
    let empty: Vec<String> =
        all.iter().filter(|row| contains(row)).map(|row| row["degree"].to_string()).collect();
    let holds = all.iter().any(|row| odd(row)) && all.iter().all(|row| odd(row) == contains(row));
    Verdict::new(holds, format!("0 is in the interval at k = {}", empty.join(", ")))
}

/// The bound over the degree is that of `1 / sqrt(n lambda_k)` with `lambda_k = 1/(2 pi^2 k^2)`, for all degrees (odd ones).
pub fn bound_is_linear(results: &[Value]) -> Verdict {
    let slope = std::f64::consts::PI * (2.0 / CIRCLE_POINTS as f64).sqrt();
    let shares: Vec<f64> = results
        .iter()
        .zip(BOUND_DEGREES)
        .map(|(result, k)| number(&result["generalisation_bound"]) / f64::from(k) / slope)
        .collect();
    let holds = !shares.is_empty() && shares.iter().all(|share| (share - 1.0).abs() < 0.03);
    let text: Vec<String> = shares.iter().map(|share| format!("{share:.3}")).collect();
    Verdict::new(holds, format!("times {}", text.join(", ")))
}

/// Measured steps over those by `lambda_k`, each within `band` of 1 or within a step, and each learned.
pub fn ratios(results: &[Value], band: f64) -> Verdict {
    let all: Vec<&Value> = rows(results).collect();
    let near = |row: &&Value| {
        let (ratio, steps, by) =
            (number(&row["ratio"]), number(&row["measured_steps"]), number(&row["predicted_steps"]));
        (ratio - 1.0).abs() <= band || (steps - by).abs() <= 1.0
    };
    let text: Vec<String> =
        all.iter().map(|row| format!("k = {}: {:.3}", row["degree"], number(&row["ratio"]))).collect();
    Verdict::new(!all.is_empty() && all.iter().all(near), text.join(", "))
}

/// Measured steps over those by the finite network's own kernel at the start, within `band` of 1 or within a step; those by the infinitely wide
/// one are shown beside.
pub fn finite_ratios(results: &[Value], band: f64) -> Verdict {
    let all: Vec<&Value> = rows(results).collect();
    let finite = |row: &Value| number(&row["measured_steps"]) / number(&row["predicted_steps_finite"]);
    let near = |row: &&Value| {
        let gap = number(&row["measured_steps"]) - number(&row["predicted_steps_finite"]);
        (finite(row) - 1.0).abs() <= band || gap.abs() <= 1.0
    };
    let text = |row: &&Value| {
        let [steps, own, limit] =
            ["measured_steps", "predicted_steps_finite", "predicted_steps"].map(|key| number(&row[key]));
        format!("k = {}: {steps} steps, {own} by its kernel, {limit:.1} by lambda_k", row["degree"])
    };
    let text: Vec<String> = all.iter().map(text).collect();
    Verdict::new(!all.is_empty() && all.iter().all(near), text.join("; "))
}

/// The fitted slope of the steps is that of the predictions.
pub fn one_curve(results: &[Value]) -> Verdict {
    let Some(fit) = results.first().map(|result| &result["fit"]) else {
        return Verdict::new(false, "no fit");
    };
    let (slope, predicted) = (number(&fit["slope"]), number(&fit["predicted_slope"]));
    Verdict::new(
        (slope / predicted - 1.0).abs() < 0.03,
        format!("k^{slope:.3} measured, k^{predicted:.3} exact"),
    )
}

/// Every degree was learned, each later than the one before.
pub fn odd_and_even(results: &[Value]) -> Verdict {
    let steps: Vec<f64> = rows(results).map(|row| number(&row["measured_steps"])).collect();
    let rising = steps.windows(2).all(|pair| pair[0] < pair[1]);
    let text: Vec<String> = steps.iter().map(f64::to_string).collect();
    Verdict::new(steps.len() > 2 && rising, format!("steps {}", text.join(", ")))
}

/// Rounding bounds above this, of targets of size 1, would show nothing.
const ROUNDING: f64 = 1e-6;

/// Odd degrees are not learned, and the odd part stays linear to rounding; even ones are learned.
pub fn never_learned(results: &[Value]) -> Verdict {
    let all: Vec<&Value> = rows(results).collect();
    let odd = |row: &Value| number(&row["degree"]) as u32 % 2 == 1;
    let as_claimed = |row: &&Value| {
        let learned = row["learned"] == true;
        if !odd(row) {
            return learned;
        }
        !learned
            && row["null_space"] == true
            && number(&row["final_residual"]) > 0.95
            && number(&row["odd_departure"]) <= number(&row["odd_rounding"])
            && number(&row["odd_rounding"]) < ROUNDING
    };
    let left = all
        .iter()
        .filter(|row| odd(row))
        .map(|row| number(&row["final_residual"]))
        .fold(f64::INFINITY, f64::min);
    let most =
        |name: &str| all.iter().filter(|row| odd(row)).map(|row| number(&row[name])).fold(0.0, f64::max);
    let holds = all.iter().any(|row| odd(row)) && all.iter().all(as_claimed);
    Verdict::new(
        holds,
        format!(
            "{:.2} % of odd targets left; odd part linear to {:.0e}, of {:.0e} that rounding allows",
            100.0 * left,
            most("odd_departure"),
            most("odd_rounding")
        ),
    )
}

/// Of two frequencies in one target the low one is learned first, about when predicted.
pub fn low_before_high(results: &[Value]) -> Verdict {
    let found: Vec<&Value> = rows(results).collect();
    let [low, high] = found[..] else { return Verdict::new(false, "not two frequencies") };
    let steps = |row: &Value| row["measured_steps"].as_u64();
    let text = |row: &Value| steps(row).map_or("not learned".to_owned(), |n| format!("step {n}"));
    let first = steps(low).is_some_and(|n| steps(high).is_none_or(|m| m > 3 * n));
    let timely = (number(&low["ratio"]) - 1.0).abs() < 0.1;
    let ordered = number(&low["degree"]) < number(&high["degree"]);
    Verdict::new(
        first && timely && ordered,
        format!("k = {}: {}, k = {}: {}", low["degree"], text(low), high["degree"], text(high)),
    )
}

/// Each eigenvalue of the spectrum lies within the interval of those that drawn networks have at their start.
pub fn eigenvalues_at_start(results: &[Value]) -> Verdict {
    let found: Vec<(bool, String)> = rows(results)
        .map(|row| {
            let eigenvalue = number(&row["eigenvalue"]);
            let shares: Vec<f64> = row["network_eigenvalues"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|own| number(own) / eigenvalue)
                .collect();
            let interval = student(&shares, CONFIDENCE);
            let text = interval.map_or("none".into(), |i| format!("{:.3} to {:.3}", i.low, i.high));
            (interval.is_some_and(|i| i.contains(1.0)), format!("k = {}: {text}", row["degree"]))
        })
        .collect();
    let text: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    let holds = !found.is_empty() && found.iter().all(|(holds, _)| *holds);
    Verdict::new(holds, format!("times lambda_k, {}", text.join(", ")))
}

/// The step of least test error, in the geometric mean, is the predicted one as far as the repeats can tell.
pub fn stops_early(results: &[Value]) -> Verdict {
    let all: Vec<&Value> =
        results.iter().flat_map(|result| result["early_stopping"].as_array().into_iter().flatten()).collect();
    let predicted = all.first().map_or(f64::NAN, |stop| number(&stop["predicted_step"]));
    let logs: Vec<f64> = all.iter().map(|stop| number(&stop["measured_step"]).ln()).collect();
    let Some(interval) = student(&logs, CONFIDENCE) else {
        return Verdict::new(false, "no runs to average");
    };
    let (low, high) = (interval.low.exp(), interval.high.exp());
    Verdict::new(
        interval.contains(predicted.ln()),
        format!("step {low:.0} to {high:.0} (mean of {}), predicted {predicted:.0}", logs.len()),
    )
}
