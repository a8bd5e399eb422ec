//! What is claimed, the command that shows it, and how its result is judged.

use super::judge::{
    Verdict, aligned, bound_is_linear, circle_table, consistent, finite_ratios, inconsistent,
    low_before_high, never_learned, nothing_vanishes, null_space, odd_and_even, one_curve, ratios,
    rejected_odd, stops_early,
};
use serde_json::Value;

/// How much work the whole may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Under a minute on two cores.
    Quick,
    /// A few minutes.
    Default,
    /// The paper's own sizes.
    Full,
}

impl Size {
    fn of<T>(self, [quick, default, full]: [T; 3]) -> T {
        match self {
            Self::Quick => quick,
            Self::Default => default,
            Self::Full => full,
        }
    }
}

/// A claim: a section, a sentence, what theory says, the command, and the judge of its result.
pub struct Claim {
    /// The section it stands in.
    pub section: &'static str,
    /// What is claimed.
    pub claim: String,
    /// What theory says.
    pub expected: String,
    /// The commands whose results show it, without the program's name.
    pub commands: Vec<String>,
    /// Judges the results.
    pub judge: Judge,
}

/// Judges the results of a claim's commands.
pub type Judge = Box<dyn Fn(&[Value]) -> Verdict>;

/// Headings of the sections, in order.
pub const SECTIONS: [&str; 3] = ["The spectrum", "Sampled Gram matrices", "Training"];

fn claim(
    section: usize,
    claim: impl Into<String>,
    expected: impl Into<String>,
    commands: Vec<String>,
    judge: impl Fn(&[Value]) -> Verdict + 'static,
) -> Claim {
    let (claim, expected, judge) = (claim.into(), expected.into(), Box::new(judge));
    Claim { section: SECTIONS[section], claim, expected, commands, judge }
}

/// All claims, in the order of the report.
pub fn claims(size: Size) -> Vec<Claim> {
    [spectral(size), sampled(size), trained(size)].into_iter().flatten().collect()
}

/// Identities of `verify`, and what they say.
const IDENTITIES: [(&str, &str, &str); 9] = [
    ("paper's sums", "The paper's sums for even d are the exact eigenvalues", "equal as rationals"),
    ("circle table", "The paper's table for the circle is exact", "equal as closed forms"),
    ("quadrature against exact", "Certified Funk-Hecke integrals contain the closed forms", "every one"),
    ("null space", "Which degrees vanish is proved", "odd k >= 3 without bias, none with"),
    ("odd part", "The odd part of the bias-free kernel is linear", "K(t) - K(-t) = t/2"),
    ("positivity", "All other eigenvalues are positive", "every one"),
    ("trace", "The eigenvalues sum to K(1)", "what is left is within what higher degrees can hold"),
    ("decay exponent", "Eigenvalues on S^d fall like k^-(d+1)", "d + 1"),
    (
        "decay constant",
        "The constant of the law is 2^(d-2) Gamma((d+1)/2)^2 / pi^2",
        "a distance that falls like 1/k^2",
    ),
];

fn spectral(size: Size) -> Vec<Claim> {
    let top = size.of([30, 60, 200]);
    let dims = size.of(["1..4", "1..6", "1..12"]);
    let verify =
        |kernel: &str, dims: &str| format!("verify --kernel {kernel} --dim {dims} --max-degree {top}");
    let shallow = || ["two-layer", "two-layer:bias=true"].map(|kernel| verify(kernel, dims)).to_vec();
    let deep = || ["ntk:depth=5", "resnet:depth=5"].map(|kernel| verify(kernel, "1,2")).to_vec();
    let mut all: Vec<Claim> = IDENTITIES
        .iter()
        .map(|(identity, text, expected)| {
            claim(0, *text, *expected, shallow(), |results| super::judge::identity(results, identity))
        })
        .collect();
    let slopes = |results: &[Value]| super::judge::identity(results, "local slopes");
    let figure = "The paper's figure of local slopes, d = 2 to 100";
    all.push(claim(
        0,
        figure,
        "six slopes to four decimals",
        vec![verify("two-layer:bias=true", "2")],
        slopes,
    ));
    for (identity, text) in [
        ("positivity", "Deep and residual networks see every degree, without bias too"),
        ("decay exponent", "Deep and residual networks decay like shallow ones"),
    ] {
        let judge = move |results: &[Value]| super::judge::identity(results, identity);
        all.push(claim(
            0,
            text,
            if identity == "positivity" { "all positive" } else { "d + 1" },
            deep(),
            judge,
        ));
    }
    all.push(claim(
        0,
        "Eigenvalues of the biased model on the circle",
        "1/8 + 1/(2 pi^2), 1/16 + 1/(2 pi^2), 5/(18 pi^2), 1/(18 pi^2), ...",
        vec!["table --kernel two-layer:bias=true --dim 1 --degrees 0..5".into()],
        circle_table,
    ));
    let null = format!("null-space --dim 1..10 --max-degree {}", size.of([200, 1000, 10_000]));
    all.push(claim(
        0,
        "Without bias odd degrees from 3 on vanish",
        "odd k >= 3, proved",
        vec![null],
        null_space,
    ));
    let filled = format!(
        "null-space --kernel two-layer:bias=true --dim 1..10 --max-degree {}",
        size.of([200, 1000, 10_000])
    );
    all.push(claim(0, "A bias fills the null space", "none, proved", vec![filled], nothing_vanishes));
    all
}

/// Labels on the circle, `cos(k theta)`, are written beside the report under this name.
pub fn circle_file(k: u32) -> String {
    format!("circle-{k}.csv")
}

/// The course of the run on two frequencies, in the folder of the results.
pub const MIXTURE_FILE: &str = "mixture.csv";

/// The degrees of the generalisation bound's labels.
pub const BOUND_DEGREES: [u32; 5] = [5, 7, 9, 11, 15];

/// Points of the labelled circles.
pub const CIRCLE_POINTS: usize = 120;

fn sampled(size: Size) -> Vec<Claim> {
    let n = size.of([500, 1500, 5000]);
    let gram =
        |kernel: &str, rest: &str| format!("gram --kernel {kernel} {rest} --points {n} --repeats 5 --seed 1");
    let mut all = vec![claim(
        1,
        "Eigenfunctions are spherical harmonics",
        "alignment above 0.99 for each degree",
        vec![format!(
            "gram --kernel two-layer:bias=true --dim 2 --design fibonacci --points {n} --degrees 0..3"
        )],
        aligned,
    )];
    for (kernel, rest) in [
        ("two-layer:bias=true", "--dim 2 --degrees 0..4"),
        ("two-layer", "--dim 1 --degrees 0..5"),
        ("ntk:depth=3", "--dim 2 --degrees 0..3"),
        ("resnet:depth=3,alpha=1/2", "--dim 3 --degrees 0..2"),
    ] {
        let text = format!("Samples agree with the spectrum of {kernel}");
        all.push(claim(1, text, "consistent at 99 %", vec![gram(kernel, rest)], consistent));
    }
    let odd = gram("two-layer", "--dim 2 --degrees 0..5");
    all.push(claim(
        1,
        "The null space is absent in the sample",
        "pairwise estimates of k = 3, 5 contain 0",
        vec![odd],
        rejected_odd,
    ));
    let wrong = gram("two-layer", "--against two-layer:bias=true --dim 2 --degrees 0..3");
    all.push(claim(1, "Another kernel's prediction is rejected", "inconsistent", vec![wrong], inconsistent));
    let bounds: Vec<String> = BOUND_DEGREES
        .iter()
        .map(|&k| format!("gram --kernel two-layer:bias=true --data {{}}/{} --label y", circle_file(k)))
        .collect();
    let text = "The generalisation bound sqrt(2 y H^-1 y / n) is linear in k on the circle";
    all.push(claim(1, text, "k sqrt(2 pi^2 / n) for odd k, to 3 %", bounds, bound_is_linear));
    all
}

fn trained(size: Size) -> Vec<Claim> {
    let width = size.of([2048, 4096, 16_384]);
    let n = size.of([201, 201, 1001]);
    let lazy = "--init paired --directions even --kappa 10";
    let circle = |bias: &str, degrees: &str| {
        format!("train --model two-layer{bias} --dim 1 {degrees} --width {width} --points {n} {lazy}")
    };
    let top = size.of([7, 10, 30]);
    let sphere = format!(
        "train --model two-layer --bias --dim 2 --design fibonacci --degrees 2..{} --points {} --width {width} {lazy}",
        size.of([4, 5, 8]),
        size.of([400, 500, 1000]),
    );
    let deep = |model: &str| {
        let (m, points) = (size.of([512, 1024, 2048]), size.of([48, 64, 128]));
        format!("train --model {model} --dim 1 --degrees 1..3 --width {m} --points {points}")
    };
    let mixture = format!(
        "train --model two-layer --bias --dim 1 --target 4:1,14:1 --width {width} --points {n} --init paired --directions even \
         --curves {{}}/{MIXTURE_FILE}"
    );
    let near = size.of([0.08, 0.05, 0.05]);
    let biased = circle(" --bias", &format!("--degrees 2..{top}"));
    let free = circle("", "--degrees 2..5");
    vec![
        claim(
            2,
            "Steps on the circle are as predicted, nothing fitted",
            "1 to 3 % or a step",
            vec![biased.clone()],
            |r| ratios(r, 0.03),
        ),
        claim(2, "Steps on S^2 are as predicted, nothing fitted", "1 to 3 % or a step", vec![sphere], |r| {
            ratios(r, 0.03)
        }),
        claim(
            2,
            "Steps grow with k like the exact spectrum says",
            "fitted slopes equal to 3 %",
            vec![biased.clone()],
            one_curve,
        ),
        claim(
            2,
            "With bias, odd and even degrees are learned alike",
            "all learned, rising with k",
            vec![biased.clone()],
            odd_and_even,
        ),
        claim(
            2,
            "Without bias odd degrees from 3 on are never learned",
            "over 95 % left, odd part linear to rounding",
            vec![free],
            never_learned,
        ),
        claim(
            2,
            "Low frequencies are learned before high ones",
            "4 long before 14",
            vec![mixture],
            low_before_high,
        ),
        claim(
            2,
            "A deep network follows its kernel at the start",
            format!("1 to {:.0} % or a step", 100.0 * near),
            vec![deep("mlp --depth 3")],
            move |r| finite_ratios(r, near),
        ),
        claim(
            2,
            "A residual network follows its kernel at the start",
            format!("1 to {:.0} % or a step", 100.0 * near),
            vec![deep("resnet --depth 3 --alpha 0.5")],
            move |r| finite_ratios(r, near),
        ),
        claim(
            2,
            "Early stopping filters noise: the test error has its minimum where predicted",
            "within a factor of 2, and inside the run",
            vec![circle(" --bias", "--degrees 3 --noise 1 --repeats 3")],
            stops_early,
        ),
    ]
}
