//! Every claim holds, and can fail: each flaw of the chain brings down the claims that name it, and no other.

#![allow(clippy::unwrap_used, clippy::panic)]

mod data;
mod interruption;
mod kernel;
mod network;
mod prediction;
mod shared;

use hinf::{
    experiment::{
        Pipeline,
        validate::{Claim, Flaw, Runner, Size, Status, claims, judged},
    },
    progress::Unwatched,
};
use rayon::prelude::*;
use std::collections::BTreeSet;

const SOUND: Pipeline = Pipeline::SOUND;

/// The chain with a flaw in it.
fn flawed(flaw: Flaw) -> Pipeline {
    let rooms = [prediction::flawed, kernel::flawed, data::flawed, network::flawed];
    let found: Vec<Pipeline> = rooms.iter().filter_map(|room| room(flaw)).collect();
    assert_eq!(found.len(), 1, "{flaw:?} is put in {} times", found.len());
    found[0]
}

/// The names of the claims that fail.
fn failing(claims: &[Claim], runner: &Runner<'_>) -> BTreeSet<String> {
    let rows = judged(claims, runner, &Unwatched).unwrap();
    rows.into_iter().filter(|row| row.status != Status::Holds).map(|row| row.name.into_owned()).collect()
}

#[test]
fn each_claim_holds_and_each_flaw_brings_down_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let claims = claims::claims(Size::Quick, folder.path()).unwrap();
    let sound = shared::Sound::run(&claims);
    let mut wrong: Vec<String> = Flaw::ALL
        .par_iter()
        .filter_map(|&flaw| {
            let chain = flawed(flaw);
            let failed = failing(&claims, &Runner::knowing(chain, &Unwatched, sound.untouched_by(&chain)));
            let named = claims.iter().filter(|claim| claim.felled_by.contains(&flaw));
            let named: BTreeSet<String> = named.map(|claim| claim.name.to_owned()).collect();
            let right = failed == named && !failed.is_empty();
            (!right).then(|| format!("{flaw:?}: fails {failed:?}, not {named:?}"))
        })
        .collect();
    let safe = claims.iter().filter(|claim| claim.felled_by.is_empty());
    wrong.extend(safe.map(|claim| format!("nothing brings down {}", claim.name)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
