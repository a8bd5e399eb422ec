//! What is drawn: lines break where nothing is, captions say what was predicted and how it came out.

#![allow(clippy::unwrap_used, clippy::panic)]

use roxmltree::{Document, Node};
use std::{fs, process::Command};

/// The drawing of a command.
fn drawn(arguments: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plot.svg");
    let run = Command::new(env!("CARGO_BIN_EXE_hinf"))
        .args(arguments.split(' '))
        .arg("--plot")
        .arg(&file)
        .output()
        .unwrap();
    fs::read_to_string(file).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&run.stderr)))
}

fn texts<'a>(node: Node<'a, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// All that is written in a drawing, lines joined by spaces.
fn written(drawing: &str) -> String {
    let document = Document::parse(drawing).unwrap();
    let all = document.descendants().filter(|node| node.has_tag_name("text"));
    all.map(texts).collect::<Vec<_>>().join(" ")
}

/// The straight pieces of a drawing's lines, each by the two places that it joins.
fn segments(drawing: &str) -> Vec<[(f64, f64); 2]> {
    let document = Document::parse(drawing).unwrap();
    let paths = document.descendants().filter_map(|node| {
        let of_series = node.parent()?.attribute("class")?.starts_with('s');
        node.attribute("d").filter(|d| of_series && d.contains('L') && !d.contains('z'))
    });
    let place = |text: &str| {
        let (x, y) = text.split_once(' ').unwrap();
        (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap())
    };
    let runs = paths.flat_map(|d| d.split('M')).filter(|run| !run.is_empty());
    let joined = |run: &str| {
        let places: Vec<_> = run.split('L').map(place).collect();
        places.windows(2).map(|pair| [pair[0], pair[1]]).collect::<Vec<_>>()
    };
    runs.flat_map(joined).collect()
}

/// Where degrees lie across, from two markers, on an axis that `scale` makes linear.
fn across(drawing: &str, scale: fn(f64) -> f64) -> impl Fn(f64) -> f64 {
    let document = Document::parse(drawing).unwrap();
    let markers = document.descendants().filter_map(|node| {
        let title = node.children().find(|child| child.has_tag_name("title"))?.text()?;
        let degree: f64 = title.rsplit_once(": ")?.1.split_once(", ")?.0.parse().ok()?;
        let x: f64 = node.attribute("d")?.strip_prefix('M')?.split_once(' ')?.0.parse().ok()?;
        Some((scale(degree), x))
    });
    let all: Vec<(f64, f64)> = markers.collect();
    let (first, last) = (all[0], all[all.len() - 1]);
    assert!(last.0 > first.0);
    move |degree| first.1 + (scale(degree) - first.0) * (last.1 - first.1) / (last.0 - first.0)
}

/// Does a segment go from one side of a degree to the other?
fn crosses(drawing: &str, scale: fn(f64) -> f64, degree: u32) -> bool {
    let x = across(drawing, scale)(f64::from(degree));
    segments(drawing).iter().any(|[a, b]| a.0 + 0.2 < x && x < b.0 - 0.2)
}

#[test]
fn no_line_passes_a_degree_that_vanishes() {
    let table = "table --kernel two-layer --dim 2 --degrees 0..12";
    let gram = "gram --kernel two-layer --dim 2 --degrees 0..6 --points 200 --repeats 2 --seed 1";
    let train = "train --model two-layer --dim 1 --degrees 1..5 --width 256 --points 101 --max-steps 400";
    for (command, scale, vanish) in [
        (table, f64::log10 as fn(f64) -> f64, &[3, 5, 7, 9, 11][..]),
        (gram, |k| k, &[3, 5]),
        (train, f64::log10, &[3, 5]),
    ] {
        let drawing = drawn(command);
        for k in vanish {
            assert!(!crosses(&drawing, scale, *k), "{command}: k = {k}");
        }
        // From 1 to 2 there is one.
        let x = across(&drawing, scale);
        let joins = |[a, b]: &[(f64, f64); 2]| (a.0 - x(1.0)).abs() < 0.5 && (b.0 - x(2.0)).abs() < 0.5;
        assert!(segments(&drawing).iter().any(joins), "{command}");
        let known = vanish.iter().map(u32::to_string).collect::<Vec<_>>();
        let (last, first) = known.split_last().unwrap();
        let said = written(&drawing);
        assert!(said.contains(&format!("k = {} and {last}", first.join(", "))), "{said}");
    }
    let biased = drawn("table --kernel two-layer:bias=true --dim 2 --degrees 0..12");
    assert!(
        segments(&biased).len() == 11 && !crosses(&biased, f64::log10, 3),
        "a line from each degree to the next"
    );
    assert!(!written(&biased).contains("Proved zero"));
}

#[test]
fn a_caption_says_what_was_predicted_and_not_that_it_came_to_pass() {
    let train = "train --model two-layer --bias --dim 1 --degrees 1..2 --width 256 --points 41";
    for (flags, said, unsaid) in [
        ("", "log(delta) / log(1 - eta n lambdak) with delta = 0.05", "heavy ball"),
        (
            " --optimizer heavy-ball --momentum 0.5",
            "by lambdak, for the heavy ball with momentum 0.5",
            "log(1",
        ),
        (" --batch 20", "by lambdak, for gradient descent, batches of 20", "log(1"),
        (
            " --loss cross-entropy --max-steps 200",
            "by the Gram matrix of the points, for cross-entropy",
            "log(1",
        ),
        (" --loss-below 0.01", "until the loss of the component is 0.01", "log(1"),
    ] {
        let text = written(&drawn(&format!("{train}{flags}")));
        assert!(text.contains(said) && !text.contains(unsaid) && !text.contains("lie on"), "{flags}: {text}");
    }
    let gram = "gram --kernel two-layer --dim 2 --degrees 0..4 --points 400 --repeats 2 --seed 1";
    let own = written(&drawn(gram));
    assert!(own.contains("eigenvalues of two-layer. ") && own.contains("Verdict: consistent"), "{own}");
    let other = written(&drawn(&format!("{gram} --against two-layer:bias=true")));
    for said in
        ["predicted from two-layer:bias=true", "eigenvalues of two-layer:bias=true. Verdict: INCONSISTENT"]
    {
        assert!(other.contains(said), "{other}");
    }
    assert!(!own.contains("exact") && !other.contains("exact"));
}

#[test]
fn a_table_has_the_formula_of_its_own_kernel() {
    for (kernel, own, other) in [
        ("arc-cosine:order=2", "K = (3 sin theta t + (pi-theta)(1+2t^2))/(3 pi)", "1: "),
        ("matern:nu=2.5", "K = (1 + z + z^2/3) e^-z", "half-integer"),
        ("nngp:depth=3", "K = Sigma^(4): Sigma^(1) = t, Sigma' = 2 F(Sigma)", "same network"),
    ] {
        for format in ["csv", "latex"] {
            let arguments =
                ["table", "--kernel", kernel, "--dim", "2", "--degrees", "0..1", "--format", format];
            let run = Command::new(env!("CARGO_BIN_EXE_hinf")).args(arguments).output().unwrap();
            let text = String::from_utf8(run.stdout).unwrap();
            let caption = text.lines().find(|line| line.contains("K = ")).unwrap_or_default();
            let plain = caption.replace(['\\', '{', '}', '$'], "");
            let (own, plain) =
                (own.replace(['^', ' '], ""), plain.replace("textasciicircum", "").replace(['^', ' '], ""));
            assert!(plain.contains(&own) && !plain.contains(&other.replace(' ', "")), "{kernel}: {text}");
        }
    }
}
