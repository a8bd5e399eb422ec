//! Claims about the spectrum itself.

use super::{
    super::judge::{circle_table, identity, nothing_vanishes, null_space},
    Claims, Size,
};

/// Claims by identities of `verify` for the two-layer model: the name, the identity, what it says, and what is expected.
const SHALLOW: [(&str, &str, &str, &str); 9] = [
    (
        "paper-sums",
        "paper's sums",
        "The paper's sums for even d are the exact eigenvalues",
        "equal as rationals",
    ),
    ("circle-table", "circle table", "The paper's table for the circle is exact", "equal as closed forms"),
    (
        "quadrature",
        "quadrature against exact",
        "Certified Funk-Hecke integrals contain the closed forms",
        "every one",
    ),
    (
        "null-space-identity",
        "null space",
        "Which degrees vanish is proved",
        "odd k >= 3 without bias, none with",
    ),
    ("odd-part", "odd part", "The odd part of the bias-free kernel is linear", "K(t) - K(-t) = t/2"),
    ("positivity", "positivity", "All other eigenvalues are positive", "every one"),
    ("trace", "trace", "The eigenvalues sum to K(1)", "what is left is within what higher degrees can hold"),
    ("decay-exponent", "decay exponent", "Eigenvalues on S^d fall like k^-(d+1)", "d + 1"),
    (
        "decay-constant",
        "decay constant",
        "The constant of the law is 2^(d-2) Gamma((d+1)/2)^2 / pi^2",
        "a distance that falls like 1/k^2",
    ),
];

/// The same for deep and residual networks.
const DEEP: [(&str, &str, &str, &str); 4] = [
    (
        "deep-positivity",
        "positivity",
        "Deep and residual networks see every degree, without bias too",
        "all positive",
    ),
    ("deep-decay", "decay exponent", "Deep and residual networks decay like shallow ones", "d + 1"),
    (
        "deep-trace",
        "trace",
        "The eigenvalues of deep and residual networks sum to K(1)",
        "what is left is within what higher degrees can hold",
    ),
    (
        "deep-routes",
        "f64 against spectrum",
        "Ball arithmetic and f64 give deep networks the same eigenvalues",
        "within the stated errors",
    ),
];

/// The claims.
pub fn claims(size: Size) -> Claims {
    let top = size.of([30, 60, 200]);
    let dims = size.of(["1..4", "1..6", "1..12"]);
    let verify =
        |kernel: &str, dims: &str| format!("verify --kernel {kernel} --dim {dims} --max-degree {top}");
    let shallow = || ["two-layer", "two-layer:bias=true"].map(|kernel| verify(kernel, dims));
    let deep = || ["ntk:depth=5", "resnet:depth=5"].map(|kernel| verify(kernel, "1,2"));
    let mut claims = Claims::of(0);
    for (name, of, text, expected) in SHALLOW {
        claims.add(name, text, expected, shallow(), move |results| identity(results, of));
    }
    let figure = "The paper's figure of local slopes, d = 2 to 100";
    let slopes = [verify("two-layer:bias=true", "2")];
    claims.add("local-slopes", figure, "six slopes to four decimals", slopes, |results| {
        identity(results, "local slopes")
    });
    for (name, of, text, expected) in DEEP {
        claims.add(name, text, expected, deep(), move |results| identity(results, of));
    }
    claims.add(
        "circle-eigenvalues",
        "Eigenvalues of the biased model on the circle",
        "1/8 + 1/(2 pi^2), 1/16 + 1/(2 pi^2), 5/(18 pi^2), 1/(18 pi^2), ...",
        ["table --kernel two-layer:bias=true --dim 1 --degrees 0..5".into()],
        circle_table,
    );
    let far = size.of([200, 1000, 10_000]);
    let free = format!("null-space --dim 1..10 --max-degree {far}");
    let text = "Without bias odd degrees from 3 on vanish";
    claims.add("null-space", text, "odd k >= 3, proved", [free], null_space);
    let filled = format!("null-space --kernel two-layer:bias=true --dim 1..10 --max-degree {far}");
    claims.add("bias-fills", "A bias fills the null space", "none, proved", [filled], nothing_vanishes);
    claims
}
