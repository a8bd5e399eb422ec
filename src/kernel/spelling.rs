//! Specifications in the spelling of this program: any case, and the usual synonyms.

use crate::network::layers;

/// Other names of kernels, and the names that they have here.
const NAMES: [(&str, &str); 17] = [
    ("rbf", "gaussian"),
    ("se", "gaussian"),
    ("squared-exponential", "gaussian"),
    ("gauss", "gaussian"),
    ("laplacian", "laplace"),
    ("exponential", "laplace"),
    ("mat\u{e9}rn", "matern"),
    ("arccos", "arc-cosine"),
    ("arccosine", "arc-cosine"),
    ("arc-cos", "arc-cosine"),
    ("cho-saul", "arc-cosine"),
    ("res-net", "resnet"),
    ("resntk", "resnet"),
    ("cnngp", "nngp"),
    ("gp", "nngp"),
    ("twolayer", "two-layer"),
    ("formula", "expr"),
];

/// Other spellings of keys and values.
const WORDS: [(&str, &str); 14] = [
    ("swish", "silu"),
    ("leakyrelu", "leaky-relu"),
    ("lrelu", "leaky-relu"),
    ("sine", "sin"),
    ("act", "activation"),
    ("phi", "activation"),
    ("nonlinearity", "activation"),
    ("win", "w-in"),
    ("biasinit", "bias-init"),
    ("lengthscale", "length"),
    ("length-scale", "length"),
    ("yes", "true"),
    ("on", "true"),
    ("off", "false"),
];

/// Kernels that people look for and that are formulas here.
const FORMULAS: [(&str, &str); 6] = [
    ("linear", "expr:t"),
    ("cosine", "expr:t"),
    ("polynomial", "expr:(1+t)^2"),
    ("poly", "expr:(1+t)^2"),
    ("constant", "expr:1"),
    ("sigmoid", "expr:tanh(t)"),
];

/// Words less alike than this are no hint.
const ALIKE: f64 = 0.8;

fn known<'a>(table: &[(&str, &'a str)], word: &'a str) -> &'a str {
    table.iter().find(|(other, _)| *other == word).map_or(word, |(_, here)| here)
}

/// `text` in small letters, hyphens and this program's names; a formula stays as it is.
pub fn canonical(text: &str) -> String {
    let text = text.trim();
    let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let small = |text: &str| text.trim().to_lowercase().replace('_', "-");
    let name = small(name);
    let name = known(&NAMES, &name);
    match rest {
        None => name.to_owned(),
        Some(formula) if name == "expr" => format!("{name}:{}", formula.trim()),
        Some(rest) => {
            let rest = small(rest);
            // A key of a network may be a plain yes: `train=yes`.
            let network = is_network_text(&rest);
            format!("{name}:{}", words(&rest, |word| network && matches!(word, "true" | "false")))
        }
    }
}

/// Is this, after `ntk:` or `nngp:`, a network, and not the keys of the old form?
pub fn is_network_text(text: &str) -> bool {
    let name = text.trim_start().trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '-');
    !name.trim_start().starts_with('=')
}

/// Every word of `text` in this program's spelling, but for those whose spelling is one to `keep` away from.
fn words(text: &str, keep: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let in_word = |c: char| c.is_ascii_alphabetic() || c == '-';
        let length = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        if length == 0 {
            let other = rest.find(in_word).unwrap_or(rest.len());
            out.push_str(&rest[..other]);
            rest = &rest[other..];
            continue;
        }
        let word = &rest[..length];
        let here = known(&WORDS, word);
        // What is a layer by its own name is no synonym.
        let is_layer = || layers::names().any(|name| name == word);
        out.push_str(if here == word || keep(here) || is_layer() { word } else { here });
        rest = &rest[length..];
    }
    out
}

/// A hint to the member of `known` that `word` may have meant, if one is like it, for the end of an error message.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(word, name);
    let best = known.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    best.filter(|name| likeness(name) > ALIKE).map_or(String::new(), |name| format!(" (nearest: {name})"))
}

/// A hint for the name of a kernel.
pub fn kernel_hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let first = word.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).next();
    match FORMULAS.iter().find(|(name, _)| *name == word) {
        Some((_, formula)) => format!(" (that one is a formula: {formula})"),
        None if layers::names().any(|name| first == Some(name)) => {
            " (a network comes after ntk: or nngp:, as in ntk:dense relu dense)".into()
        }
        None => hint(word, known),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kernel;
    use super::*;

    #[test]
    fn any_case_and_the_usual_synonyms_are_taken() {
        for (given, here) in [
            ("NTK:depth=2", "ntk:depth=2"),
            (" Two_Layer:Bias=TRUE ", "two-layer:bias=true"),
            ("rbf:length=1", "gaussian:length=1"),
            ("RBF:LengthScale=1/2", "gaussian:length=1/2"),
            ("ntk:depth=2,activation=ReLU", "ntk:depth=2,activation=relu"),
            ("NTK:Dense(train=yes) Swish dense", "ntk:dense(train=yes) silu dense"),
            ("ntk:depth=2,activation=LeakyReLU,slope=1E-1", "ntk:depth=2,activation=leaky-relu,slope=1e-1"),
            ("Laplacian:C=2", "laplace:c=2"),
            ("nngp:depth=1,W_in=2", "nngp:depth=1,w-in=2"),
            ("Two-Layer:Bias=Yes", "two-layer:bias=true"),
            ("Expr:T+exp(-theta)", "expr:T+exp(-theta)"),
            ("ArcCos:order=0", "arc-cosine:order=0"),
        ] {
            let kernel: Kernel = given.parse().unwrap_or_else(|error| panic!("{given}: {error}"));
            assert_eq!(kernel.to_string(), here);
            assert_eq!(kernel, here.parse().unwrap());
            assert_eq!(canonical(here), here, "what is printed is read as itself");
        }
        assert_eq!(canonical("NTK:dense(b=0.1) Swish dense"), "ntk:dense(b=0.1) silu dense");
    }

    #[test]
    fn hints_are_right_or_absent() {
        let message = |spec: &str| spec.parse::<Kernel>().unwrap_err().to_string();
        for (spec, hint) in [
            ("gausian", "nearest: gaussian"),
            ("ntkk:depth=1", "nearest: ntk"),
            ("linear", "expr:t"),
            ("dense(b=1) relu dense", "as in ntk:dense relu dense"),
            ("ntk:dept=2", "nearest: depth"),
            ("ntk:depth=2,activation=rellu", "nearest: relu"),
        ] {
            assert!(message(spec).contains(hint), "{}", message(spec));
        }
        for spec in ["quux", "ntk:depth=2,activation=zzz", "ntk:zzz=1"] {
            assert!(!message(spec).contains("nearest"), "{}", message(spec));
        }
    }
}
