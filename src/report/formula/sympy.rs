//! The formulas as a Python script for sympy.

use super::{Quantity, Report, rows};
use crate::experiment::formula::report::Sphere;

/// A dictionary of spheres, each with its formulas, and a function for the value at a degree.
pub(super) fn script(report: &Report) -> String {
    let mut text = String::from("from sympy import symbols, sympify\n\nd, k = symbols('d k')\n");
    text.push_str("# Even and odd degrees, and what is added at single degrees.\nformulas = {\n");
    for formulas in &report.formulas {
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
        for row in rows(formulas) {
            let name = match row.quantity {
                Quantity::Eigenvalue | Quantity::Added => continue,
                Quantity::Ratio => "ratio",
                Quantity::Exponent => "exponent",
                Quantity::Expansion => "expansion",
                Quantity::Tail => "tail",
            };
            let parity = if row.degrees.contains("even") { "even" } else { "odd" };
            text.push_str(&format!("        ('{name}', '{parity}'): {},\n", exact(row.sympy)));
        }
        text.push_str("    },\n");
    }
    text.push_str(
        "}\n\n\ndef eigenvalue(dim, degree):\n    \"\"\"The eigenvalue of a degree, exactly.\"\"\"\n    \
         here = formulas[dim]\n    law = here['odd' if degree % 2 else 'even']\n    \
         return law.subs(k, degree) + here['added'].get(degree, 0)\n",
    );
    text
}

/// Read by sympy itself: to Python a quotient of whole numbers is a float, and a whole number has no `subs`.
fn exact(text: &str) -> String {
    format!("sympify('{text}')")
}
