//! Claims about Gram matrices of points.

use super::{
    super::judge::{aligned, bound_is_linear, consistent, inconsistent, rejected_odd},
    Claims, Size,
};

/// Labels on the circle, `cos(k theta)`, are written beside the report under this name.
pub fn circle_file(k: u32) -> String {
    format!("circle-{k}.csv")
}

/// The degrees of the generalisation bound's labels.
pub const BOUND_DEGREES: [u32; 5] = [5, 7, 9, 11, 15];

/// Points of the labelled circles.
pub const CIRCLE_POINTS: usize = 120;

/// The claims.
pub fn claims(size: Size) -> Claims {
    let n = size.of([500, 1500, 5000]);
    let gram =
        |kernel: &str, rest: &str| format!("gram --kernel {kernel} {rest} --points {n} --repeats 5 --seed 1");
    let mut claims = Claims::of(1);
    let even =
        format!("gram --kernel two-layer:bias=true --dim 2 --design fibonacci --points {n} --degrees 0..3");
    let text = "Eigenfunctions are spherical harmonics";
    claims.add("harmonics", text, "alignment above 0.99 for each degree", [even], aligned);
    for (name, kernel, rest) in [
        ("sample-bias", "two-layer:bias=true", "--dim 2 --degrees 0..4"),
        ("sample-free", "two-layer", "--dim 1 --degrees 0..5"),
        ("sample-deep", "ntk:depth=3", "--dim 2 --degrees 0..3"),
        ("sample-residual", "resnet:depth=3,alpha=1/2", "--dim 3 --degrees 0..2"),
    ] {
        let text = format!("Samples agree with the spectrum of {kernel}");
        claims.add(name, text, "consistent at 99 %", [gram(kernel, rest)], consistent);
    }
    claims.add(
        "sample-null-space",
        "The null space is absent in the sample",
        "pairwise estimates of k = 3, 5 contain 0",
        [gram("two-layer", "--dim 2 --degrees 0..5")],
        rejected_odd,
    );
    let wrong = gram("two-layer", "--against two-layer:bias=true --dim 2 --degrees 0..3");
    let text = "Another kernel's prediction is rejected";
    claims.add("wrong-kernel", text, "inconsistent", [wrong], inconsistent);
    let bounds = BOUND_DEGREES
        .map(|k| format!("gram --kernel two-layer:bias=true --data {{}}/{} --label y", circle_file(k)));
    let text = "The generalisation bound sqrt(2 y H^-1 y / n) is linear in k on the circle";
    claims.add("bound", text, "k sqrt(2 pi^2 / n) for odd k, to 3 %", bounds, bound_is_linear);
    claims
}
