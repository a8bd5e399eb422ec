//! Claims about real training.

use super::{
    super::judge::{
        eigenvalues_at_start, finite_ratios, low_before_high, never_learned, odd_and_even, one_curve, ratios,
        stops_early,
    },
    Claims, Size,
};

/// The course of the run on two frequencies, in the folder of the results.
pub const MIXTURE_FILE: &str = "mixture.csv";

/// Repeats behind an interval of a network's own eigenvalues, and behind that of the stopping step.
const REPEATS: usize = 8;

/// The claims.
pub fn claims(size: Size) -> Claims {
    let width = size.of([2048, 4096, 16_384]);
    let n = size.of([201, 201, 1001]);
    // The higher the degree, the lazier the training must be to stay with the kernel at the start.
    let lazy = format!("--init paired --directions even --kappa {}", size.of([100, 100, 1000]));
    let circle = |bias: &str, rest: &str| {
        format!("train --model two-layer{bias} --dim 1 {rest} --width {width} --points {n} {lazy} --seed 1")
    };
    let biased = circle(" --bias", &format!("--degrees 2..{}", size.of([7, 10, 30])));
    let mut claims = Claims::of(2);
    let few_percent = "measured over predicted 1 to within 3 %, or a step";
    let text = "Steps on the circle are as predicted, nothing fitted";
    let one_percent = "measured over predicted 1 to within 1 %, or a step";
    claims.add("circle-steps", text, one_percent, [biased.clone()], |r| ratios(r, 0.01));
    let sphere = format!(
        "train --model two-layer --bias --dim 2 --design fibonacci --degrees 2..{} --points {} --width {width} {lazy} --seed 1",
        size.of([4, 5, 8]),
        size.of([400, 500, 1000]),
    );
    let text = "Steps on S^2 are as predicted, nothing fitted";
    claims.add("sphere-steps", text, few_percent, [sphere], |r| ratios(r, 0.03));
    claims.add(
        "circle-slope",
        "Steps grow with k like the exact spectrum says",
        "fitted slopes equal to 3 %",
        [biased.clone()],
        one_curve,
    );
    let text = "With bias, odd and even degrees are learned alike";
    claims.add("odd-and-even", text, "all learned, rising with k", [biased], odd_and_even);
    claims.add(
        "never-learned",
        "Without bias odd degrees from 3 on are never learned",
        "over 95 % left, odd part linear to rounding",
        [circle("", "--degrees 2..5")],
        never_learned,
    );
    let mixture = format!(
        "train --model two-layer --bias --dim 1 --target 4:1,14:1 --width {width} --points {n} --init paired --directions even --seed 1 \
         --curves {{}}/{MIXTURE_FILE}"
    );
    let text = "Low frequencies are learned before high ones";
    claims.add("low-first", text, "4 long before 14", [mixture], low_before_high);
    let near = size.of([0.08, 0.05, 0.05]);
    for (kind, model, [start, steps]) in [
        ("deep", "mlp --depth 3", ["deep-start", "deep-steps"]),
        ("residual", "resnet --depth 3 --alpha 0.5", ["residual-start", "residual-steps"]),
    ] {
        let (m, points) = (size.of([512, 1024, 2048]), size.of([48, 64, 128]));
        let command =
            format!("train --model {model} --dim 1 --degrees 1..3 --width {m} --points {points} --seed 1");
        claims.add(
            start,
            format!("A {kind} network's own kernel at its start has the eigenvalues of the spectrum"),
            format!("lambda_k within the 99 % interval of {REPEATS} networks"),
            [format!("{command} --repeats {REPEATS} --max-steps 1")],
            eigenvalues_at_start,
        );
        claims.add(
            steps,
            format!("A {kind} network follows its kernel at the start"),
            format!("steps by its kernel to within {:.0} %, or a step", 100.0 * near),
            [command],
            move |r| finite_ratios(r, near),
        );
    }
    claims.add(
        "early-stopping",
        "Early stopping filters noise: the test error has its minimum where predicted",
        format!("the step within the 99 % interval of {REPEATS} runs"),
        [circle(" --bias", &format!("--degrees 3 --noise 1 --repeats {REPEATS}"))],
        stops_early,
    );
    claims
}
