//! `hinf formula`: its formats, and what sympy and LaTeX make of them where they are installed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn hinf(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hinf")).args(words).output().unwrap()
}

fn printed(words: &[&str]) -> String {
    let output = hinf(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&printed(&[words, &["--format", "json"]].concat())).unwrap()
}

const KERNELS: [&str; 10] = [
    "two-layer",
    "two-layer:bias=true",
    "ntk:depth=1,b=1/3",
    "nngp:depth=1",
    "arc-cosine:order=0",
    "arc-cosine:order=2",
    "expr:t^3*theta/pi+t^2-sin(theta)*t^4/pi",
    "expr:sqrt(2-2*t)",
    "expr:t*cos(theta/2)-(2-2*t)^(3/2)",
    "expr:theta/pi+t^2-sin(theta/2)*t",
];

#[test]
fn the_json_is_that_of_its_schema() {
    let found = json(&["formula", "--kernel", "two-layer", "--dim", "1..3"]);
    assert_eq!(found["schema"], "hinf.formula/1");
    let sphere = &found["formulas"][1];
    assert_eq!(sphere["dim"], 2);
    assert_eq!(sphere["even"]["text"], "(k^2+k+1)/(4 (k-1)^2 (k+2)^2) beta_k^2");
    assert_eq!(sphere["even"]["latex"], "\\frac{k^2+k+1}{4(k-1)^2(k+2)^2}\\,\\beta_{k}^2");
    assert_eq!((&sphere["even"]["from"], &sphere["even"]["proved"]), (&0.into(), &true.into()));
    assert_eq!((&sphere["odd"]["text"], &sphere["odd"]["from"]), (&"0".into(), &3.into()));
    assert_eq!((&sphere["added"][0]["degree"], &sphere["added"][0]["value"]), (&1.into(), &"1/12".into()));
    for name in ["ratio", "exponent", "expansion", "tail"] {
        assert!(sphere[name]["even"]["text"].is_string() && sphere[name]["odd"].is_null(), "{name}");
    }
}

#[test]
fn every_format_says_what_vanishes_and_from_where() {
    let words = ["formula", "--kernel", "two-layer", "--dim", "2"];
    let text = printed(&words);
    assert!(text.contains("every odd k >= 3   lambda_k = 0, proved"), "{text}");
    assert!(text.contains("every even k       lambda_k = (k^2+k+1)/(4 (k-1)^2 (k+2)^2) beta_k^2"), "{text}");
    let csv = printed(&[&words[..], &["--format", "csv"]].concat());
    let lines: Vec<&str> = csv.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines[0], "kernel,dim,degrees,quantity,text,latex,sympy,check");
    assert!(lines[1..].iter().all(|line| line.starts_with("two-layer,2,")));
    assert!(printed(&[&words[..], &["--format", "markdown"]].concat()).contains("| 2 | $\\frac{k^2+k+1}"));
}

#[test]
fn the_symbol_d_is_that_of_the_textbook() {
    let found = json(&["formula", "--kernel", "two-layer", "--symbolic-dim"]);
    let sphere = &found["formulas"][0];
    assert_eq!(sphere["dim"], "d");
    let expected = "(k(k+d-1)+1)/4 [Gamma((d+1)/2) Gamma((k-1)/2)/(2 pi Gamma((k+d+2)/2))]^2";
    assert_eq!(sphere["even"]["text"], expected);
    assert_eq!(sphere["added"][0]["value"], "1/(4 (d+1))");
}

#[test]
fn bad_input_is_one_line() {
    for (words, expected) in [
        (
            vec!["--kernel", "ntk:depth=2", "--symbolic-dim"],
            "--symbolic-dim: got 'ntk:depth=2', expected a kernel with a closed form",
        ),
        (vec!["--kernel", "gaussian", "--dim", "2"], "faster than any power"),
        (vec!["--kernel", "expr:abs(t-1/3)", "--dim", "2"], "a kink inside (0, pi), at theta = 1.230959"),
        (vec!["--kernel", "expr:theta^(1/3)", "--dim", "2"], "a root or a logarithm there"),
        (vec!["--kernel", "two-layer", "--dim", "0"], "--dim: got '0'"),
        (vec!["--kernel", "two-layer", "--dim", "2", "--order", "41"], "--order: got '41'"),
        (vec!["--kernel", "two-layer"], "--dim"),
    ] {
        let output = hinf(&[&["formula"], &words[..]].concat());
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), message.lines().count()), (Some(2), 1), "{words:?}: {message}");
        assert!(message.contains(expected), "{words:?}: {message}");
    }
    let output = hinf(&["table", "--kernel", "two-layer", "--dim", "2", "--format", "sympy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("expected pretty, markdown, csv, json"));
}

/// The contract of kernels without a closed form, and the constants of the textbook.
#[test]
fn deep_kernels_have_the_law_of_large_degrees() {
    let found = json(&["formula", "--kernel", "ntk:depth=3", "--dim", "2,3"]);
    let sphere = &found["formulas"][0];
    assert_eq!((&sphere["dim"], &sphere["exponent"]), (&2.into(), &3.into()));
    let even = &sphere["constants"]["even"];
    assert_eq!(even["text"], "1/2 (6/pi+(1-v_3/pi)/(2 pi))");
    let value: f64 = even["value"].as_str().unwrap().parse().unwrap();
    let pi = std::f64::consts::PI;
    let expected = 0.5 * (6.0 + 0.5 * (1.0 - (1.0 / pi).acos() / pi)) / pi;
    assert!((value / expected - 1.0).abs() < 1e-14, "{value} {expected}");
    assert_eq!(sphere["angles"][1]["text"], "arccos(1/pi)");
    assert_eq!(sphere["coefficients"][0]["power"], 1);
    assert!(sphere["digits"][2]["from"].as_u64().unwrap() < 150);
    let text = printed(&["formula", "--kernel", "nngp:depth=2", "--dim", "2"]);
    assert!(text.contains("lambda_k ~ 15/(4 pi) kappa^-5"), "{text}");
    assert!(text.contains("20 certified digits"), "{text}");
}

/// The constants in sympy are the decimals beside them.
#[test]
fn sympy_evaluates_the_constants() {
    if !present("python3", &["-c", "import sympy"]) {
        return;
    }
    let program = r#"
import json, sys
from sympy import sympify, N
for text in sys.argv[1:]:
    found = json.loads(text)
    for sphere in found['formulas']:
        for name in ['even', 'odd']:
            constant = sphere['constants'][name]
            gap = N(sympify(constant['sympy']), 35) - N(constant['value'], 35)
            assert abs(gap) <= 2*float(constant['error_bound']) + 1e-32, (found['kernel'], name, gap)
print('ok')
"#;
    let kernels = [
        "ntk:depth=2",
        "ntk:depth=5",
        "nngp:depth=4",
        "resnet:depth=3,alpha=1/2,b=1/3",
        "ntk:depth=3,activation=leaky-relu,slope=1/4,b=1/2,w=3",
        "ntk:depth=2,b=1/2,bias-init=gaussian",
        "laplace:c=2",
    ];
    let texts: Vec<String> = kernels
        .iter()
        .map(|kernel| printed(&["formula", "--kernel", kernel, "--dim", "1..3", "--format", "json"]))
        .collect();
    succeeds(Command::new("python3").arg("-c").arg(program).args(texts));
    let script = printed(&["formula", "--kernel", "ntk:depth=3", "--dim", "2", "--format", "sympy"]);
    let check = format!("{script}\nassert abs(large_degree(2, 10**6).evalf()*10**18/0.965 - 1) < 0.05\n");
    succeeds(Command::new("python3").arg("-c").arg(check));
}

/// Does `program` run with these arguments?
fn present(program: &str, arguments: &[&str]) -> bool {
    let found = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("passed over: no {program} {}", arguments.join(" "));
    }
    found
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

/// The script's values are the exact ones of the table; the symbol `d` may be given its value; ratios, exponents and tails are those of
/// the values.
#[test]
fn sympy_evaluates_to_the_values_of_the_table() {
    if !present("python3", &["-c", "import sympy"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = r#"
import json, sys, runpy
from sympy import *
k, d = symbols('k d')
for script, table, fields in zip(*[iter(sys.argv[1:])] * 3):
    found = runpy.run_path(script)
    formulas = found['formulas']
    exact = {}
    for t in json.load(open(table))['tables']:
        for row in t['rows']:
            q = row['exact']
            read = lambda text: sympify(text.replace(' ', '*'), rational=True)
            sum = Rational(q['rational']) + Rational(q['over_pi_squared'])/pi**2
            exact[t['dim'], row['degree']] = read(q.get('factor', '1'))*sum + read(q.get('beside', '0'))
    for (dim, degree), value in exact.items():
        assert simplify(found['eigenvalue'](dim, degree) - value) == 0, (script, dim, degree)
        general = formulas['d']
        law = general['odd' if degree % 2 else 'even'].subs({k: degree, d: dim})
        added = sympify(general['added'].get(degree, 0)).subs(d, dim)
        assert abs(N(law + added, 40) - N(value, 40)) < 1e-30, (script, dim, degree)
    for dim, here in formulas.items():
        for parity, name in enumerate(['even', 'odd']):
            if here[name] == 0:
                continue
            at = {d: 4} if dim == 'd' else {}
            law = here[name].subs(at)
            n = 40 + parity
            value = lambda degree: N(law.subs(k, degree), 60)
            far = 4000 + parity
            assert abs(N(here['expansion', name].subs(at).subs(k, far), 60)/value(far) - 1) < 1e-12, (script, dim)
            if ('ratio', name) not in here:
                continue
            assert abs(N(here['ratio', name].subs(at).subs(k, n), 60) - value(n + 2)/value(n)) < 1e-50, (script, dim)
            local = -n*(log(value(n + Rational(1, 10**12))) - log(value(n - Rational(1, 10**12))))/(2/Integer(10)**12)
            assert abs(local - N(here['exponent', name].subs(at).subs(k, n), 60)) < 1e-15, (script, dim)
            if ('tail', name) in here:
                m = 2*n + dim - 1
                count = 2 if dim == 1 else m*factorial(n + dim - 2)/factorial(n)/factorial(dim - 1)
                tail = lambda degree: N(here['tail', name].subs(k, degree), 60)
                assert abs(tail(n) - tail(n + 2) - value(n)*count) < 1e-45, (script, dim)
    for entry in json.load(open(fields))['formulas']:
        for name in ['even', 'odd']:
            key = entry['dim']
            assert sympify(entry[name]['sympy']) - formulas[key][name] == 0
print('ok')
"#;
    let mut arguments = vec![];
    for (index, kernel) in KERNELS.iter().enumerate() {
        let write = |name: &str, text: String| {
            let path = folder.path().join(format!("{index}-{name}"));
            fs::write(&path, text).unwrap();
            path
        };
        let words = ["formula", "--kernel", kernel, "--dim", "1..4", "--symbolic-dim"];
        let table = ["table", "--kernel", kernel, "--dim", "1..4", "--degrees", "0..9", "--format", "json"];
        arguments.push(write("script.py", printed(&[&words[..], &["--format", "sympy"]].concat())));
        arguments.push(write("table.json", printed(&table)));
        arguments.push(write("fields.json", printed(&[&words[..], &["--format", "json"]].concat())));
    }
    succeeds(Command::new("python3").arg("-c").arg(program).args(&arguments));
}

/// Braces and `\left`, `\right` pair up, and every environment that begins ends.
fn pairs_up(text: &str) {
    let mut open = vec![];
    for line in text.lines().filter(|line| !line.starts_with('%')) {
        let mut rest = line;
        while let Some(at) = rest.find(['{', '}', '\\']) {
            let here = &rest[at..];
            for (start, name) in [("{", "{"), ("\\left", "left"), ("\\begin", "begin")] {
                if here.starts_with(start) {
                    open.push(name);
                }
            }
            for (start, name) in [("}", "{"), ("\\right", "left"), ("\\end", "begin")] {
                if here.starts_with(start) {
                    assert_eq!(open.pop(), Some(name), "{line}");
                }
            }
            rest = &here[1..];
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_latex_compiles() {
    let closed = KERNELS.iter().map(|kernel| {
        printed(&["formula", "--kernel", kernel, "--dim", "1..6", "--symbolic-dim", "--format", "latex"])
    });
    let deep = ["ntk:depth=4", "resnet:depth=3,alpha=1/2", "laplace"]
        .map(|kernel| printed(&["formula", "--kernel", kernel, "--dim", "1,2", "--format", "latex"]));
    let text: String = closed.chain(deep).collect();
    pairs_up(&text);
    if !present("pdflatex", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let document = format!(
        "\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{text}\\end{{document}}\n"
    );
    fs::write(folder.path().join("formulas.tex"), document).unwrap();
    let run = |folder: &Path| {
        succeeds(Command::new("pdflatex").args(["-halt-on-error", "formulas.tex"]).current_dir(folder));
    };
    run(folder.path());
}
