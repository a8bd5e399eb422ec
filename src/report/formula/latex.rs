//! The formulas as displays for amsmath.

use super::{Quantity, Report, rows, sphere};

/// One `align*` a sphere, each line with the degrees for which it holds.
pub(super) fn displays(report: &Report) -> String {
    let mut text = String::from("% needs \\usepackage{amsmath}\n");
    for entry in &report.formulas {
        text.push_str(&format!("% {} on {}\n\\begin{{align*}}\n", one_line(&report.kernel), sphere(entry)));
        let lines: Vec<String> = rows(entry)
            .iter()
            .map(|row| {
                let left = match row.quantity {
                    Quantity::Eigenvalue | Quantity::Expansion => "\\lambda_k",
                    Quantity::Added => "a_k",
                    Quantity::Ratio => "\\frac{\\lambda_{k+2}}{\\lambda_k}",
                    Quantity::Exponent => "-\\frac{d\\log\\lambda_k}{d\\log k}",
                    Quantity::Tail => "T(k)",
                    Quantity::Leading | Quantity::Angle | Quantity::Coefficient | Quantity::Digits => "",
                };
                let formula =
                    if left.is_empty() { row.latex.to_string() } else { format!("{left} &= {}", row.latex) };
                format!("{formula} && \\text{{{}}}", in_text(&row.degrees, row.quantity))
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
