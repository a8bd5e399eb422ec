//! Lines about large degrees, for kernels without a closed form.

use super::{Quantity, Row};
use crate::experiment::formula::report::{Coefficient, Enclosed, LargeDegrees, Leading};
use std::borrow::Cow;

/// Constants, angles, coefficients and the reach of the bound.
pub(super) fn rows(law: &LargeDegrees) -> Vec<Row<'_>> {
    let mut all = Vec::new();
    for (name, leading) in [("even", &law.constants.even), ("odd", &law.constants.odd)] {
        all.push(constant(name, leading));
    }
    for angle in &law.angles {
        all.push(Row {
            text: Cow::Owned(format!("{} = {}", angle.name, angle.text)),
            latex: Cow::Owned(format!("{} &= {}", in_latex(&angle.name), angle.latex)),
            sympy: Cow::Borrowed(&angle.sympy),
            check: Cow::Borrowed("angle between opposite points at a layer's input"),
            ..Row::plain(Quantity::Angle, "every k".into())
        });
    }
    for coefficient in &law.coefficients {
        all.extend(ends(coefficient));
    }
    for reach in &law.digits {
        let degrees = reach.from.map_or_else(|| "no k".to_owned(), |from| format!("every k >= {from}"));
        let text = format!("{} certified digits", reach.digits);
        all.push(Row {
            latex: Cow::Owned(format!("&\\text{{{text}}}")),
            sympy: Cow::Owned(reach.digits.to_string()),
            text: Cow::Owned(text),
            check: Cow::Borrowed("the bound of the expansion at the ends, for even and odd k"),
            ..Row::plain(Quantity::Digits, degrees)
        });
    }
    all
}

fn constant<'a>(parity: &str, leading: &'a Leading) -> Row<'a> {
    let row = Row {
        check: Cow::Borrowed(&leading.line.check),
        sympy: Cow::Borrowed(&leading.line.sympy),
        proved: leading.proved,
        ..Row::plain(Quantity::Leading, format!("every {parity} k"))
    };
    let Some(exponent) = leading.exponent else {
        let relation = if leading.line.text == "0" { "=" } else { "\\quad" };
        let latex = format!("\\lambda_k &{relation} {}", leading.line.latex);
        return Row {
            text: Cow::Borrowed(&leading.line.text),
            latex: Cow::Owned(latex),
            proved: true,
            ..row
        };
    };
    let text = &leading.line.text;
    // A sum, but not the exponent of a decimal.
    let is_sum = leading.exact && text.trim_start_matches('-').contains(['+', '-']);
    let factor = if is_sum { format!("({text})") } else { text.clone() };
    let approximate = if leading.exact { format!("  [{}]", leading.enclosed.value) } else { String::new() };
    Row {
        text: Cow::Owned(format!("{factor} kappa^-{exponent}{approximate}")),
        latex: Cow::Owned(format!(
            "\\lambda_k &\\sim \\left({}\\right)\\kappa^{{-{exponent}}}",
            leading.line.latex
        )),
        ..row
    }
}

fn ends(coefficient: &Coefficient) -> [Row<'_>; 2] {
    let power = coefficient.power;
    let ends = [("x", "0", "\\tau", &coefficient.at_zero), ("y", "pi", "\\tilde\\tau", &coefficient.at_pi)];
    let exact = coefficient.at_zero_exact.as_ref();
    ends.map(|(variable, end, symbol, enclosed)| {
        let exact = exact.filter(|_| end == "0");
        let value =
            exact.map_or_else(|| enclosed.value.clone() + &within(enclosed), |exact| exact.text.clone());
        let latex = exact.map_or_else(|| decimal(&enclosed.value), |exact| exact.latex.clone());
        Row {
            text: Cow::Owned(format!("coefficient of {variable}^{power} at theta = {end}: {value}")),
            latex: Cow::Owned(format!("{symbol}_{{{power}}} &= {latex}")),
            sympy: Cow::Borrowed(exact.map_or(&enclosed.value, |exact| &exact.sympy)),
            check: Cow::Borrowed("the kernel's formula as a power series, enclosed"),
            ..Row::plain(Quantity::Coefficient, "every k".into())
        }
    })
}

fn within(enclosed: &Enclosed) -> String {
    if enclosed.error_bound == "0" { String::new() } else { format!(" (within {})", enclosed.error_bound) }
}

fn decimal(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa}\\cdot 10^{{{exponent}}}"),
        None => text.to_owned(),
    }
}

/// `v_12` as `v_{12}`.
fn in_latex(name: &str) -> String {
    name.split_once('_').map_or_else(|| name.to_owned(), |(v, index)| format!("{v}_{{{index}}}"))
}
