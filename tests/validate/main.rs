//! Every claim holds, and can fail: each of a table of sabotages of the chain brings down the claims that are there to catch it, and
//! no other.

#![allow(clippy::unwrap_used, clippy::panic)]

mod data;
mod interruption;
mod kernel;
mod network;
mod prediction;

use hinf::{
    cli::validate::{claims::Size, judged, runner::Runner, write_circles},
    experiment::Pipeline,
    progress::Unwatched,
    report::html::Status,
};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A flaw in one stage of the chain, and the names of the claims that it must bring down: these and no other.
#[derive(Clone)]
struct Sabotage {
    what: &'static str,
    pipeline: Pipeline,
    fails: &'static str,
}

const SOUND: Pipeline = Pipeline::SOUND;

/// The names of the claims that fail when the chain has these stages, and all names.
fn failing(pipeline: Pipeline) -> (BTreeSet<String>, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    write_circles(folder.path()).unwrap();
    let runner = Runner::new(folder.path().to_owned(), pipeline).unwrap();
    let rows = judged(Size::Quick, &|command| runner.run(command), &Unwatched);
    let names = |keep: &dyn Fn(Status) -> bool| {
        rows.iter().filter(|(_, c)| keep(c.status)).map(|(_, c)| c.name.clone()).collect()
    };
    (names(&|status| status != Status::Holds), names(&|_| true))
}

#[test]
fn each_claim_holds_and_each_sabotage_brings_down_its_own() {
    let (failed, mut unfelled) = failing(SOUND);
    assert!(failed.is_empty(), "without sabotage fail {failed:?}");
    let groups = [prediction::sabotages(), kernel::sabotages(), data::sabotages(), network::sabotages()];
    let table = groups.concat();
    let found: Vec<BTreeSet<String>> =
        table.par_iter().map(|sabotage| failing(sabotage.pipeline).0).collect();
    let mut wrong = vec![];
    for (sabotage, failed) in table.iter().zip(found) {
        let expected: BTreeSet<String> = sabotage.fails.split_whitespace().map(str::to_owned).collect();
        if failed != expected || failed.is_empty() {
            wrong.push(format!("{}: fails {failed:?}, not {expected:?}", sabotage.what));
        }
        unfelled.retain(|name| !failed.contains(name));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unfelled.is_empty(), "no sabotage brings down {unfelled:?}");
}

#[test]
fn a_second_run_goes_on_with_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let command = "table --kernel two-layer --dim 2 --degrees 0..2";
    let run = || Runner::new(folder.path().to_owned(), SOUND).unwrap().run(command).unwrap();
    let first = run();
    let kept = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, text.replace("7/256", "8/256")).unwrap();
    assert_ne!(first, run(), "the kept result was not used");
    std::fs::write(&kept, &text[..text.len() / 2]).unwrap();
    assert_eq!(first, run(), "a torn file is made again");
}
