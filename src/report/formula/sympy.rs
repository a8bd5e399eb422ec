//! The formulas as a Python script for sympy.

use super::{Quantity, Report, rows_of};
use crate::experiment::formula::{
    Entry,
    report::{Formulas, Sphere},
};

/// A dictionary of spheres, each with its formulas, and a function for the value at a degree.
pub(super) fn script(report: &Report) -> String {
    let mut text = String::from("from sympy import symbols, sympify\n\nd, k = symbols('d k')\n");
    text.push_str("# Even and odd degrees, and what is added at single degrees.\nformulas = {\n");
    for formulas in report.formulas.iter().filter_map(closed) {
        let key = match &formulas.dim {
            Sphere::Dimension(d) => d.to_string(),
            Sphere::Symbol(name) => format!("'{name}'"),
        };
        text.push_str(&format!("    {key}: {{\n"));
        let added: Vec<String> =
            formulas.added.iter().map(|added| format!("{}: {}", added.degree, exact(&added.sympy))).collect();
        text.push_str(&format!("        'even': {},\n", exact(&formulas.even.line.sympy)));
        text.push_str(&format!("        'odd': {},\n", exact(&formulas.odd.line.sympy)));
        text.push_str(&format!("        'added': {{{}}},\n", added.join(", ")));
        for row in rows_of(formulas) {
            let name = match row.quantity {
                Quantity::Ratio => "ratio",
                Quantity::Exponent => "exponent",
                Quantity::Expansion => "expansion",
                Quantity::Tail => "tail",
                _ => continue,
            };
            let parity = if row.degrees.contains("even") { "even" } else { "odd" };
            text.push_str(&format!("        ('{name}', '{parity}'): {},\n", exact(&row.sympy)));
        }
        text.push_str("    },\n");
    }
    if report.formulas.iter().all(|entry| closed(entry).is_none()) {
        return large_degrees(report);
    }
    text.push_str(
        "}\n\n\ndef eigenvalue(dim, degree):\n    \"\"\"The eigenvalue of a degree, exactly.\"\"\"\n    \
         here = formulas[dim]\n    law = here['odd' if degree % 2 else 'even']\n    \
         return law.subs(k, degree) + here['added'].get(degree, 0)\n",
    );
    text
}

fn closed(entry: &Entry) -> Option<&Formulas> {
    match entry {
        Entry::Formulas(formulas) => Some(formulas.as_ref()),
        Entry::LargeDegrees(_) => None,
    }
}

/// A dictionary of spheres, each with exponent and constant of even and odd degrees, and a function for the law they make.
fn large_degrees(report: &Report) -> String {
    let mut text = String::from("from sympy import Rational, symbols, sympify\n\nk = symbols('k')\n");
    text.push_str("# Constant and exponent of even and of odd degrees.\nlaws = {\n");
    for entry in &report.formulas {
        let Entry::LargeDegrees(law) = entry else { continue };
        text.push_str(&format!("    {}: {{\n", law.dim));
        for (name, leading) in [("even", &law.constants.even), ("odd", &law.constants.odd)] {
            let exponent = leading.exponent.unwrap_or(0);
            text.push_str(&format!("        '{name}': ({}, {exponent}),\n", exact(&leading.line.sympy)));
        }
        text.push_str("    },\n");
    }
    text.push_str(
        "}\n\n\ndef large_degree(dim, degree):\n    \"\"\"What the eigenvalue of a degree tends to.\"\"\"\n    \
         constant, exponent = laws[dim]['odd' if degree % 2 else 'even']\n    \
         return constant/(degree + Rational(dim - 1, 2))**exponent\n",
    );
    text
}

/// Read by sympy itself: to Python a quotient of whole numbers is a float, and a whole number has no `subs`.
fn exact(text: &str) -> String {
    format!("sympify('{text}')")
}
