//! Bad input, at the command line and from Rust.

use super::hinf;
use hinf::experiment::{
    Context, Options as _, Request as _,
    train::{Options, Request},
};

#[test]
fn bad_input_is_refused_in_one_line() {
    let few = "--model two-layer --dim 1 --width 64 --points 41";
    let wrong = [
        ("--degrees 2 --delta 1", "--delta"),
        ("--degrees 2 --delta nan", "--delta"),
        ("--degrees 2 --delta 0", "got '0', expected a number above 0 and below 1"),
        ("--degrees 2 --lr abc", "--lr"),
        ("--degrees 2 --repeats x", "--repeats: got 'x', expected a whole number from 1 to 1000"),
        ("--degrees 2 --fit-from -1", "--fit-from: got '-1', expected a whole number from 0 to 1000"),
        ("--degrees 2 --threads 0", "--threads: got '0', expected a whole number from 1 to 1024"),
        ("--degrees 2 --design grid", "hinf: --design: got 'grid'"),
        ("--degrees 2 --lr 1", "--lr"),
        ("--degrees 2 --lr 0", "--lr"),
        ("--degrees 21", "--degrees"),
        ("--degrees 30", "looks like degree 11"),
        ("--degrees 40", "looks like degree 1"),
        ("--degrees 2 --depth 2", "--depth: got '2', expected --model mlp or resnet"),
        ("--target 1:0", "--target"),
        ("--target 30:1", "--target"),
        ("--degrees 2 --kappa 1e9", "--kappa"),
        ("--degrees 2 --max-steps 0", "--max-steps"),
        ("--degrees 2 --repeats 0", "--repeats"),
        ("--degrees 2 --resume", "--checkpoint"),
        ("--degrees 2 --noise -1", "--noise"),
        ("--degrees 2 --loss hinge", "--loss"),
        ("--degrees 2 --curves /nonexistent/x.csv", "--curves"),
        ("--degrees 2 --seed 18446744073709551615", "--seed"),
        ("--degrees 2 --gap 0", "--gap"),
        ("--degrees 2 --gap 360", "--gap"),
        ("--degrees 2 --gap nan", "--gap"),
        ("--degrees 2 --gap 1e-9", "--gap"),
        ("--degrees 2 --gap 359.9", "--gap"),
        ("--degrees 2 --slope 0.1", "--slope"),
        ("--degrees 2 --keep-start", "--keep-start"),
    ];
    let others = [
        ("--model two-layer --dim 1 --degrees 2 --width 0", "--width"),
        ("--model two-layer --dim 1 --degrees 2 --width 7", "--width"),
        ("--model two-layer --dim 1 --degrees 2 --width 1e3", "--width: got '1e3', expected a whole number"),
        ("--model two-layer --dim 0 --degrees 2", "--dim: got '0', expected a whole number from 1 to 1000"),
        ("--model mlp --depth 3 --alpha 2 --dim 1 --degrees 2", "--alpha: got '2', expected --model resnet"),
        ("--model two-layer --dim 3 --degrees 3 --points 20", "--degrees"),
        ("--model two-layer --dim 3 --degrees 1 --points 60 --directions even", "--directions: got 'even'"),
        ("--model two-layer --dim 2 --degrees 3 --points 17 --design quadrature", "--degrees"),
        ("--model mlp --dim 1 --degrees 1", "--depth"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation leaky-relu", "--slope"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation leaky-relu --slope x", "--slope"),
        ("--model mlp --depth 2 --dim 1 --degrees 1 --activation erf --slope 0.1", "--slope"),
        ("--model two-layer --dim 1 --degrees 12 --points 41 --gap 200", "--degrees"),
        ("--model two-layer --dim 1 --degrees 1 --points 20000", "--points"),
    ];
    let all = wrong.iter().map(|(flags, name)| (format!("{few} {flags}"), name));
    for (flags, name) in all.chain(others.iter().map(|(flags, name)| (String::from(*flags), name))) {
        let (code, out, complaint) = hinf(&format!("train {flags}"));
        assert_eq!((code, out.as_str(), complaint.lines().count()), (2, "", 1), "{flags}: {complaint}");
        assert!(complaint.contains(name), "{flags}: {complaint}");
        // The library says the same, with fields in the place of flags.
        let words: Vec<&str> = flags.split_whitespace().collect();
        if complaint.contains("required") || words.contains(&"--threads") {
            continue;
        }
        let refused = built(&words).and_then(|request| request.run(&Context::default())).unwrap_err();
        let said = refused.to_string().replace('`', "");
        assert_eq!(complaint.trim_end().replacen("hinf: ", "", 1).replace("--", ""), said, "{flags}");
    }
}

/// The request of these flags, by their serde form.
fn built(words: &[&str]) -> hinf::Result<Request> {
    let mut given = serde_json::Map::new();
    let mut rest = words.iter().peekable();
    while let Some(name) = rest.next().map(|word| word.trim_start_matches("--")) {
        let value = match name {
            "bias" | "resume" | "keep-start" => true.into(),
            _ => (*rest.next().unwrap()).into(),
        };
        given.insert(name.into(), value);
    }
    Options::from_value(given.into())?.build()
}
