//! The formulas as displays for amsmath.

use super::{Quantity, Report, rows, sphere};

/// One `align*` a sphere, each line with the degrees for which it holds.
pub(super) fn displays(report: &Report) -> String {
    let mut text = String::from("% needs \\usepackage{amsmath}\n");
    for formulas in &report.formulas {
        text.push_str(&format!(
            "% {} on {}\n\\begin{{align*}}\n",
            one_line(&report.kernel),
            sphere(formulas)
        ));
        let lines: Vec<String> = rows(formulas)
            .iter()
            .map(|row| {
                let left = match row.quantity {
                    Quantity::Eigenvalue | Quantity::Expansion => "\\lambda_k",
                    Quantity::Added => "a_k",
                    Quantity::Ratio => "\\frac{\\lambda_{k+2}}{\\lambda_k}",
                    Quantity::Exponent => "-\\frac{d\\log\\lambda_k}{d\\log k}",
                    Quantity::Tail => "T(k)",
                };
                format!("{left} &= {} && \\text{{{}}}", row.latex, in_text(&row.degrees, row.quantity))
            })
            .collect();
        text.push_str(&lines.join("\\\\\n"));
        text.push_str("\n\\end{align*}\n");
    }
    text
}

/// `every even k >= 2` inside `\text`.
fn in_text(degrees: &str, quantity: Quantity) -> String {
    let (words, condition) = degrees.split_at(degrees.find('k').unwrap_or(0));
    let condition = condition.replace(">=", "\\ge");
    match quantity {
        Quantity::Added => format!("added at ${condition}$"),
        _ => format!("for {words}${condition}$"),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
