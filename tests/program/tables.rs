//! The tables in `tables/` are what the program prints today.
//!
//! To remake them after a deliberate change: `HINF_REMAKE_TABLES=1 cargo test --release --test program tables`.

#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use std::{fs, path::Path, process::Command};

#[test]
fn tables_are_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables");
    let remake = std::env::var_os("HINF_REMAKE_TABLES").is_some();
    let mut compared = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| {
            ["README.md", FORMULAS, FORMULAS_IN_LATEX, CONSTANTS].iter().any(|own| name == *own)
        }) {
            continue;
        }
        let held = fs::read_to_string(&path).unwrap();
        let command = held.lines().next().unwrap_or_default();
        let command = command.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let command = command.unwrap_or_else(|| panic!("{} does not begin with its command", path.display()));
        let arguments = command.strip_prefix("hinf ").unwrap_or_else(|| panic!("{command}: not a command"));
        let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments.split(' ')).output().unwrap();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        let made = format!("<!-- {command} -->\n\n{}", String::from_utf8(run.stdout).unwrap());
        if remake {
            fs::write(&path, &made).unwrap();
        } else {
            assert_eq!(held, made, "{} is not what its command prints", path.display());
        }
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} tables");
}

/// Tables that are put together from several commands.
const FORMULAS: &str = "formulas.md";
const FORMULAS_IN_LATEX: &str = "formulas.tex";
const CONSTANTS: &str = "leading-constants.md";

/// The kernels of the formulas.
const CLOSED: [&str; 7] = [
    "two-layer",
    "two-layer:bias=true",
    "arc-cosine:order=0",
    "arc-cosine:order=1",
    "arc-cosine:order=2",
    "ntk:depth=1",
    "expr:sqrt(2-2*t)",
];

fn formula(kernel: &str, dims: &str) -> Value {
    let words = ["formula", "--kernel", kernel, "--dim", dims, "--format", "json"];
    let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(words).output().unwrap();
    assert!(run.status.success(), "{kernel}: {}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).unwrap()
}

/// Writes the table, or compares it with those lines of the held one that `part` names.
fn hold(name: &str, made: &str, part: impl Fn(&str) -> bool) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables").join(name);
    if std::env::var_os("HINF_REMAKE_TABLES").is_some() {
        fs::write(&path, made).unwrap();
        return;
    }
    let held = fs::read_to_string(&path).unwrap();
    let held: Vec<&str> = held.lines().filter(|line| part(line)).collect();
    assert_eq!(held, made.lines().collect::<Vec<_>>(), "{name}");
}

/// The formulas of `d = 1..6` in Markdown and as a table for amsmath, which compiles as it stands where there is a LaTeX.
#[test]
fn the_formulas_are_what_the_program_finds() {
    let mut markdown = String::from(
        "# Eigenvalues as formulas in the degree\n\n\
         By `hinf formula --kernel K --dim 1..6`; probability normalization. Each holds at every degree of its parity, proved; $a_k$ is \
         added at the degrees named.\n\
         $\\beta_k = 2^{-k}\\binom{k}{k/2}$. Proofs: [docs/formulas.md](../docs/formulas.md).\n\n\
         | kernel | d | even $k$ | odd $k$ | added |\n| :--- | ---: | :--- | :--- | :--- |\n",
    );
    let mut latex = String::from(
        "% Eigenvalues as formulas in the degree, by `hinf formula`. Needs amsmath and longtable; compiles as it stands.\n\\documentclass{article}\n\
         \\usepackage[margin=2cm,landscape]{geometry}\n\\usepackage{amsmath,longtable}\n\\begin{document}\n\
         \\noindent $\\beta_k = 2^{-k}\\binom{k}{k/2}$; $a_k$ is added at the degrees named.\n\\begin{longtable}{lrlll}\n\
         kernel & $d$ & even $k$ & odd $k$ & added\\\\\n\\hline\n",
    );
    for kernel in CLOSED {
        for sphere in formula(kernel, "1..6")["formulas"].as_array().unwrap() {
            let law = |parity: &str| sphere[parity]["latex"].as_str().unwrap().to_owned();
            let added = sphere["added"]
                .as_array()
                .unwrap()
                .iter()
                .map(|added| format!("$a_{{{}}}={}$", added["degree"], added["latex"].as_str().unwrap()));
            let added = added.collect::<Vec<_>>().join(", ");
            let (d, even, odd) = (&sphere["dim"], law("even"), law("odd"));
            markdown.push_str(&format!("| {kernel} | {d} | ${even}$ | ${odd}$ | {added} |\n"));
            let name = kernel.replace('^', "\\^{}");
            latex.push_str(&format!("\\texttt{{{name}}} & {d} & $\\displaystyle {even}$ & $\\displaystyle {odd}$ & {added}\\\\[1.5ex]\n"));
        }
    }
    latex.push_str("\\end{longtable}\n\\end{document}\n");
    hold(FORMULAS, &markdown, |_| true);
    hold(FORMULAS_IN_LATEX, &latex, |_| true);
    if Command::new("pdflatex").arg("--version").output().is_ok_and(|output| output.status.success()) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("formulas.tex"), latex).unwrap();
        let run = Command::new("pdflatex")
            .args(["-halt-on-error", "formulas.tex"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    }
}

/// Depths that are worked out again each time; the others when the tables are remade.
const COMPARED: std::ops::RangeInclusive<u32> = 2..=4;

#[test]
fn the_leading_constants_are_what_the_program_finds() {
    let remake = std::env::var_os("HINF_REMAKE_TABLES").is_some();
    let depths = if remake { 1..=10 } else { COMPARED };
    let mut text = String::from(
        "# Leading constants of deep networks\n\n\
         By `hinf formula --kernel K --dim 1..3`; probability normalization. $\\lambda_k \\sim c\\,\\kappa^{-p}$ with\n\
         $\\kappa = k + (d-1)/2$, where $p = d + 1$ for tangent kernels\n\
         (ntk, resnet) and $p = d + 3$ for Gaussian processes (nngp). $v_l$ is the angle between the inputs of layer $l$ for opposite points:\n\
         $\\cos v_{l+1} = [\\sin v_l + (\\pi - v_l)\\cos v_l]/\\pi$, $v_2 = \\pi/2$, for ntk and nngp;\n\
         $\\cos v_{l+1} = \\cos v_l + [\\sin v_l - v_l \\cos v_l]/(2\\pi)$, $v_2 = 2\\pi/3$, for resnet. Depth 1 has formulas for every degree \
         ([formulas.md](formulas.md)).\n",
    );
    for family in ["ntk:depth=", "nngp:depth=", "resnet:alpha=1,depth="] {
        text.push_str(&format!(
            "\n| kernel | even $k$, $d=2$ | odd $k$, $d=2$ | decimal, $d=1$: even, odd | $d=2$: even, odd | $d=3$: even, odd |\n{}|\n",
            "| :--- ".repeat(6)
        ));
        for depth in depths.clone() {
            let kernel = format!("{family}{depth}");
            let found = formula(&kernel, "1..3");
            let spheres = found["formulas"].as_array().unwrap();
            if spheres[0]["constants"].is_null() {
                continue;
            }
            let constant = |d: usize, parity: &str, field: &str| {
                spheres[d - 1]["constants"][parity][field].as_str().unwrap().to_owned()
            };
            let [even, odd] = ["even", "odd"].map(|parity| constant(2, parity, "latex"));
            let decimals = [1, 2, 3]
                .map(|d| {
                    ["even", "odd"].map(|parity| constant(d, parity, "value")[..17].to_owned()).join(", ")
                })
                .join(" | ");
            text.push_str(&format!("| {kernel} | ${even}$ | ${odd}$ | {decimals} |\n"));
        }
    }
    let compared = |line: &str| {
        let depth = line
            .strip_prefix("| ")
            .and_then(|rest| rest.split_once("depth="))
            .and_then(|(_, rest)| rest.split(' ').next());
        depth.and_then(|depth| depth.parse::<u32>().ok()).is_none_or(|depth| COMPARED.contains(&depth))
    };
    hold(CONSTANTS, &text, compared);
}
