//! Formulas in the degree: as lines, as a table in Markdown, as LaTeX displays and as a Python script.

mod large;
mod latex;
mod sympy;

use super::{
    Format, Show,
    grid::{Column, Grid},
};
use crate::experiment::formula::{
    Entry, Report,
    report::{ByParity, Formulas, Law, Line, Sphere},
};
use std::borrow::Cow;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Eigenvalue,
    Added,
    Ratio,
    Exponent,
    Expansion,
    Tail,
    Leading,
    Angle,
    Coefficient,
    Digits,
}

impl Quantity {
    fn name(self) -> &'static str {
        match self {
            Self::Eigenvalue => "eigenvalue",
            Self::Added => "added",
            Self::Ratio => "ratio",
            Self::Exponent => "local exponent",
            Self::Expansion => "expansion",
            Self::Tail => "tail of the trace",
            Self::Leading => "large degrees",
            Self::Angle => "angle",
            Self::Coefficient => "coefficient",
            Self::Digits => "digits",
        }
    }

    /// What stands before the equals sign, in plain text.
    #[cfg(feature = "cli")]
    fn symbol(self) -> &'static str {
        match self {
            Self::Eigenvalue | Self::Added | Self::Expansion => "lambda_k = ",
            Self::Ratio => "lambda_(k+2)/lambda_k = ",
            Self::Exponent => "-d log lambda_k/d log k = ",
            Self::Tail => "T(k) = ",
            Self::Leading => "lambda_k ~ ",
            Self::Angle | Self::Coefficient | Self::Digits => "",
        }
    }
}

/// One line of the report: a formula, or a number that is added at a degree.
struct Row<'a> {
    quantity: Quantity,
    /// The degrees, as in `every even k >= 2`.
    degrees: String,
    text: Cow<'a, str>,
    latex: Cow<'a, str>,
    sympy: Cow<'a, str>,
    check: Cow<'a, str>,
    /// Is it proved, and in agreement with what it was compared with?
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only tables for a terminal say it"))]
    proved: bool,
}

impl<'a> Row<'a> {
    /// A line about degrees, with nothing on it yet.
    fn plain(quantity: Quantity, degrees: String) -> Self {
        let [text, latex, sympy, check] = [const { Cow::Borrowed("") }; 4];
        Self { quantity, degrees, text, latex, sympy, check, proved: true }
    }

    fn of(quantity: Quantity, degrees: String, line: &'a Line) -> Self {
        let [text, latex, sympy, check] =
            [&line.text, &line.latex, &line.sympy, &line.check].map(|part| Cow::Borrowed(part.as_str()));
        Self { quantity, degrees, text, latex, sympy, check, proved: true }
    }
}

/// All that is known of one sphere, in the order in which it is shown.
fn rows(entry: &Entry) -> Vec<Row<'_>> {
    match entry {
        Entry::Formulas(formulas) => rows_of(formulas),
        Entry::LargeDegrees(law) => large::rows(law),
    }
}

/// `every odd k >= 3`.
fn degrees(parity: usize, law: &Law) -> String {
    let name = ["even", "odd"][parity];
    if law.from == parity as u64 {
        format!("every {name} k")
    } else {
        format!("every {name} k >= {}", law.from)
    }
}

/// The formulas of one sphere with all that follows from them.
fn rows_of(formulas: &Formulas) -> Vec<Row<'_>> {
    let laws = [(0, &formulas.even), (1, &formulas.odd)];
    let mut all: Vec<Row<'_>> = Vec::new();
    for (parity, law) in laws {
        all.push(Row {
            proved: law.proved,
            ..Row::of(Quantity::Eigenvalue, degrees(parity, law), &law.line)
        });
    }
    for added in &formulas.added {
        all.push(Row {
            quantity: Quantity::Added,
            degrees: format!("k = {}", added.degree),
            text: Cow::Borrowed(&added.value),
            latex: Cow::Borrowed(&added.latex),
            sympy: Cow::Borrowed(&added.sympy),
            check: Cow::Borrowed("eigenvalue of the polynomial part"),
            proved: true,
        });
    }
    let by: [(Quantity, &ByParity); 4] = [
        (Quantity::Ratio, &formulas.ratio),
        (Quantity::Exponent, &formulas.exponent),
        (Quantity::Expansion, &formulas.expansion),
        (Quantity::Tail, &formulas.tail),
    ];
    for (quantity, lines) in by {
        for ((parity, law), line) in laws.into_iter().zip([&lines.even, &lines.odd]) {
            all.extend(line.as_ref().map(|line| Row::of(quantity, degrees(parity, law), line)));
        }
    }
    all
}

/// What the symbols mean that occur in the report.
fn legend(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let even = |entry: &Entry| matches!(entry, Entry::Formulas(f) if matches!(f.dim, Sphere::Dimension(d) if d % 2 == 0));
    let closed = report.formulas.iter().any(|entry| matches!(entry, Entry::Formulas(_)));
    if report.formulas.iter().any(even) {
        lines.push("beta_k = binom(k, k/2)/2^k; psi, psi' are the digamma and trigamma functions".into());
    } else if closed {
        lines.push("psi, psi' are the digamma and trigamma functions".into());
    }
    if closed {
        lines.push("T(k) = lambda_k N(d,k) + lambda_(k+2) N(d,k+2) + ..., without what is added".into());
    } else {
        lines.push(
            "kappa = k + (d-1)/2; x = 2 sin(theta/2) at theta = 0, y = 2 cos(theta/2) at theta = pi".into(),
        );
        let bounded = |entry: &Entry| matches!(entry, Entry::LargeDegrees(law) if !law.digits.is_empty());
        let (relation, end) = match report.formulas.iter().any(bounded) {
            true => ("=", ""),
            false => ("~", "; no bound on what follows these is proved"),
        };
        lines.push(format!(
            "lambda_k {relation} sum over odd powers j of [coefficient of x^j + (-1)^k that of y^j] E_j(k), E_j the eigenvalue of x^j{end}"
        ));
    }
    lines.push("probability normalization: sum_k N(d,k) lambda_k = K(1)".into());
    lines
}

/// `S^2`, or `S^d`.
fn sphere(entry: &Entry) -> String {
    format!("S^{}", dimension(entry))
}

/// `2`, or `d`.
fn dimension(entry: &Entry) -> String {
    match entry {
        Entry::Formulas(formulas) => formulas.dim.to_string(),
        Entry::LargeDegrees(law) => law.dim.to_string(),
    }
}

impl Show for Report {
    fn grids(&self) -> Vec<Grid> {
        let heads = ["kernel", "dim", "degrees", "quantity", "text", "latex", "sympy", "check"];
        let rows = self.formulas.iter().flat_map(|entry| {
            rows(entry).into_iter().map(|row| {
                let latex = row.latex.replace('&', "");
                let cells = [&row.degrees, row.quantity.name(), &row.text, &latex, &row.sympy, &row.check];
                let own = [self.kernel.clone(), dimension(entry)];
                own.into_iter().chain(cells.map(str::to_owned)).collect()
            })
        });
        vec![Grid {
            title: format!("Eigenvalues of {} as formulas in the degree k", self.kernel),
            captions: std::iter::once(format!("K = {}", self.formula)).chain(legend(self)).collect(),
            columns: heads.map(|head| (head.to_owned(), Column::Left)).to_vec(),
            rows: rows.collect(),
        }]
    }

    fn own(&self, format: Format) -> Option<String> {
        match format {
            #[cfg(feature = "cli")]
            Format::Pretty => Some(self.lines()),
            Format::Markdown => Some(self.markdown()),
            Format::Latex => Some(latex::displays(self)),
            Format::Sympy => Some(sympy::script(self)),
            Format::Csv | Format::Json | Format::JsonLines | Format::Npy | Format::Npz | Format::Parquet => {
                None
            }
        }
    }
}

impl Report {
    #[cfg(feature = "cli")]
    fn lines(&self) -> String {
        let mut text =
            format!("Eigenvalues of {} as formulas in the degree k\nK = {}\n", self.kernel, self.formula);
        for entry in &self.formulas {
            text.push_str(&format!("\n{}\n", sphere(entry)));
            for row in rows(entry) {
                let shown = match row.quantity {
                    Quantity::Eigenvalue if row.text == "0" && row.proved => {
                        "lambda_k = 0, proved".to_owned()
                    }
                    Quantity::Added => format!("{} is added to the formula", row.text),
                    Quantity::Leading if row.text == "0" => "lambda_k = 0, proved".to_owned(),
                    Quantity::Leading if !row.text.contains("kappa") => format!("lambda_k: {}", row.text),
                    quantity => format!("{}{}", quantity.symbol(), row.text),
                };
                text.push_str(&format!("  {:<18} {shown}\n", row.degrees));
                text.push_str(&format!("  {:<18}   [{}]\n", "", row.check));
            }
        }
        text.push('\n');
        for line in legend(self) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// The eigenvalues of all spheres in one table, and what follows from them sphere by sphere.
    fn markdown(&self) -> String {
        let mut text = format!(
            "**Eigenvalues of {} as formulas in the degree k**\n\n- K = {}\n",
            clean(&self.kernel),
            clean(&self.formula)
        );
        legend(self).iter().for_each(|line| text.push_str(&format!("- {}\n", clean(line))));
        let closed: Vec<&Formulas> = self
            .formulas
            .iter()
            .filter_map(|entry| match entry {
                Entry::Formulas(formulas) => Some(formulas.as_ref()),
                Entry::LargeDegrees(_) => None,
            })
            .collect();
        if !closed.is_empty() {
            text.push_str("\n| d | even k | odd k | added |\n| ---: | :--- | :--- | :--- |\n");
        }
        for formulas in closed {
            let added: Vec<String> = formulas
                .added
                .iter()
                .map(|added| format!("${}$ at $k={}$", added.latex, added.degree))
                .collect();
            let [even, odd] = [&formulas.even, &formulas.odd].map(|law| format!("${}$", law.line.latex));
            text.push_str(&format!("| {} | {even} | {odd} | {} |\n", formulas.dim, added.join(", ")));
        }
        for entry in &self.formulas {
            text.push_str(&format!("\n**{}**\n\n| degrees | quantity | formula | check |\n", sphere(entry)));
            text.push_str("| :--- | :--- | :--- | :--- |\n");
            for row in rows(entry) {
                let formula = format!("${}$", row.latex.replace('&', ""));
                let cells = [row.degrees, row.quantity.name().into(), formula, clean(&row.check)];
                text.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
        }
        text
    }
}

fn clean(text: &str) -> String {
    text.replace('|', "\\|").replace('_', "\\_").replace('*', "\\*")
}
