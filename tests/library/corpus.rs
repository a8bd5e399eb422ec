//! What is read from outside, altered at random from inputs that are kept: an answer or one line, never a panic, a hang or a line break in an error.
//!
//! `FUZZ_ROUNDS=100 cargo test --release --test library corpus::` hunts a hundred times as long, with other inputs.

#![allow(clippy::unwrap_used, clippy::panic)]

use hinf::{
    Degrees, Digits, Dimension, Error, Goal, Kernel,
    experiment::{Target, sweep::Study},
    from_file,
    math::ranges,
    network::Network,
    sample::{Source, values},
    spectrum,
};
use rand::{Rng as _, RngExt as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{env, fmt::Debug, fs, panic::catch_unwind, path::Path};

/// What is put in: what parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"(",
    b")",
    b",",
    b":",
    b"=",
    b"..",
    b"-",
    b"*",
    b"/",
    b"^",
    b"0",
    b"9",
    b"1e999",
    b"1e-999",
    b"nan",
    b"inf",
    b"\n",
    b"\0",
    b"\"",
    b"[",
    b"{",
    b" ",
    b"\xff",
    "\u{221e}".as_bytes(),
];

/// Inputs of one kind, each altered in a few places.
struct Corpus {
    inputs: Vec<Vec<u8>>,
    random: ChaCha8Rng,
}

impl Corpus {
    fn new(inputs: Vec<Vec<u8>>, seed: u64) -> Self {
        assert!(!inputs.is_empty());
        Self { inputs, random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The lines of a file.
    fn lines(text: &str, seed: u64) -> Self {
        Self::new(text.lines().map(|line| line.replace("\\n", "\n").into_bytes()).collect(), seed)
    }

    fn below(&mut self, n: usize) -> usize {
        self.random.random_range(0..n.max(1))
    }

    fn any(&mut self) -> Vec<u8> {
        let at = self.below(self.inputs.len());
        self.inputs[at].clone()
    }

    fn altered(&mut self) -> Vec<u8> {
        let mut text = self.any();
        for _ in 0..=self.below(4) {
            let (a, b) = (self.below(text.len() + 1), self.below(text.len() + 1));
            let (from, to) = (a.min(b), a.max(b).min(a.min(b) + 12));
            match self.random.next_u32() % 5 {
                0 => drop(text.drain(from..to)),
                1 => {
                    let piece = PIECES[self.below(PIECES.len())];
                    text.splice(from..from, piece.iter().copied());
                }
                2 => {
                    let span = text[from..to].to_vec();
                    text.splice(from..from, span);
                }
                3 => {
                    let other = self.any();
                    let (c, d) = (self.below(other.len()), self.below(other.len()));
                    text.splice(from..to, other[c.min(d)..c.max(d)].iter().copied());
                }
                _ => {
                    if let Some(byte) = text.get_mut(from) {
                        *byte ^= 1 << (self.random.next_u32() % 8);
                    }
                }
            }
        }
        text.truncate(1 << 16);
        text
    }

    /// Reads `count` altered inputs.
    fn read(mut self, count: usize, reader: impl Fn(&[u8]) -> Result<(), Error> + std::panic::RefUnwindSafe) {
        let rounds: usize = env::var("FUZZ_ROUNDS").ok().map_or(1, |text| text.parse().unwrap());
        for _ in 0..count * rounds {
            let input = self.altered();
            let shown = || String::from_utf8_lossy(&input).into_owned();
            match catch_unwind(|| reader(&input)) {
                Err(_) => panic!("panics on {:?}", shown()),
                Ok(Err(error)) => {
                    let line = error.to_string();
                    assert!(!line.contains(['\n', '\r']) && line.len() < 2000, "{:?}: {line:?}", shown());
                }
                Ok(Ok(())) => {}
            }
        }
    }
}

/// Text, where it is any: others never reach a parser.
fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// What is printed is read back as the same.
fn same<T: Debug + PartialEq + ToString + std::str::FromStr<Err = Error>>(value: T) {
    let printed = value.to_string();
    assert_eq!(printed.parse::<T>().unwrap(), value, "{printed}");
}

#[test]
fn kernels_and_networks() {
    let kernels = include_str!("../data/corpus/kernels.txt");
    Corpus::lines(kernels, 1).read(30_000, |input| text(input).parse::<Kernel>().map(same));
    let networks: String = kernels
        .lines()
        .filter_map(|line| line.strip_prefix("ntk:").filter(|rest| rest.starts_with("dense")))
        .map(|line| format!("{line}\n"))
        .collect();
    Corpus::lines(&networks, 2).read(30_000, |input| text(input).parse::<Network>().map(same));
}

#[test]
fn formulas_have_spectra_or_say_why() {
    let kernels = include_str!("../data/corpus/kernels.txt");
    let formulas: String =
        kernels.lines().filter(|line| line.starts_with("expr:")).map(|line| format!("{line}\n")).collect();
    Corpus::lines(&formulas, 3).read(300, |input| {
        let kernel: Kernel = text(input).parse()?;
        let goal = Goal::digits(Digits::new(5)?);
        let found = spectrum(&kernel, Dimension::new(2)?, &Degrees::up_to(1u32)?, &goal)?;
        assert!(found.eigenvalues.iter().all(|value| value.enclosure.is_finite()));
        Ok(())
    });
}

#[test]
fn ranges_targets_and_studies() {
    let degrees = include_str!("../data/corpus/ranges.txt");
    Corpus::lines(degrees, 4).read(30_000, |input| {
        let text = text(input);
        ranges::parse("degrees", &text, 0, 1000, 1000).map(drop)?;
        text.parse::<Degrees>().map(drop)
    });
    let targets = include_str!("../data/corpus/targets.txt");
    Corpus::lines(targets, 5)
        .read(30_000, |input| Target::read("target", &text(input).into(), 1000).map(drop));
    let studies = include_str!("../data/corpus/studies.txt");
    Corpus::lines(studies, 6).read(10_000, |input| Study::from_toml("study.toml", text(input)).map(drop));
}

#[test]
fn files_of_points_arrays_and_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for (seed, kind, extensions) in [(7, "cases", &["csv"][..]), (8, "numpy", &["npy", "npz"][..])] {
        for extension in extensions {
            let mut paths: Vec<_> = fs::read_dir(data.join(kind))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|found| found == *extension))
                .collect();
            paths.sort();
            let inputs = paths.iter().map(|path| fs::read(path).unwrap()).collect();
            let path = folder.path().join(format!("altered.{extension}"));
            Corpus::new(inputs, seed).read(3000, |input| {
                fs::write(&path, input).unwrap();
                let points = from_file(&path, None).map(drop);
                let list = values::read(Source { path: &path, field: "values" }).map(drop);
                points.and(list)
            });
        }
    }
    let path = folder.path().join("values.txt");
    Corpus::lines(include_str!("../data/corpus/lists.txt"), 9).read(5000, |input| {
        fs::write(&path, input).unwrap();
        values::read(Source { path: &path, field: "values" }).map(drop)
    });
}
