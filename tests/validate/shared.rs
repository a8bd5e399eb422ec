//! What a flaw cannot touch runs once: the sound chain is watched, stage by stage, while each claim's experiments run, and a flaw in a stage that
//! an experiment never used leaves its report as it is.

use super::SOUND;
use hinf::{
    Result,
    experiment::{
        Context, Pipeline,
        pipeline::Model,
        validate::{Claim, Identity, Known, Runner, Status, judged},
    },
    gram::Values,
    kernel::Kernel,
    math::{degrees::Degrees, units::Dimension},
    progress::Unwatched,
    sample::{Data, Design, Points, Reading, Source},
    spectrum::{Goal, Spectrum, formula::NormalForm, null_space::NullSpace},
    train::{Network, target::Harmonic},
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

/// The stages used since it was last cleared, a bit each.
static USED: AtomicU32 = AtomicU32::new(0);

fn used(stage: u32) {
    USED.fetch_or(1 << stage, Ordering::Relaxed);
}

/// The sound chain, watched.
const WATCHED: Pipeline = Pipeline {
    normal_form: |kernel: &Kernel, dim: Dimension| -> Option<NormalForm> {
        used(8);
        (SOUND.normal_form)(kernel, dim)
    },
    spectrum: |kernel: &Kernel, dim: Dimension, degrees: &Degrees, goal: &Goal| -> Result<Spectrum> {
        used(0);
        (SOUND.spectrum)(kernel, dim, degrees, goal)
    },
    null_space: |kernel: &Kernel, dim: Dimension, top: u64| -> Result<NullSpace> {
        used(1);
        (SOUND.null_space)(kernel, dim, top)
    },
    values: |kernel: &Kernel| -> Result<Values> {
        used(2);
        (SOUND.values)(kernel)
    },
    points: |design: Design, dim: Dimension, count: usize, seed: u64| -> Result<Points> {
        used(3);
        (SOUND.points)(design, dim, count, seed)
    },
    data: |source: Source<'_>, reading: &Reading| -> Result<Data> {
        used(4);
        (SOUND.data)(source, reading)
    },
    harmonic: |dim: Dimension, degree: u32, which: Harmonic, at: &[f64]| -> Result<Vec<f64>> {
        used(5);
        (SOUND.harmonic)(dim, degree, which, at)
    },
    noise: |count: usize, scale: f64, seed: u64| -> Vec<f64> {
        used(6);
        (SOUND.noise)(count, scale, seed)
    },
    network: |model: &Model, points: &Points, seed: u64| -> Result<Box<dyn Network>> {
        used(7);
        (SOUND.network)(model, points, seed)
    },
};

/// The stages in which a chain differs from the sound one. Two copies of one function may be told apart, which costs time and nothing else.
fn altered(chain: &Pipeline) -> u32 {
    let same = [
        std::ptr::fn_addr_eq(chain.spectrum, SOUND.spectrum),
        std::ptr::fn_addr_eq(chain.null_space, SOUND.null_space),
        std::ptr::fn_addr_eq(chain.values, SOUND.values),
        std::ptr::fn_addr_eq(chain.points, SOUND.points),
        std::ptr::fn_addr_eq(chain.data, SOUND.data),
        std::ptr::fn_addr_eq(chain.harmonic, SOUND.harmonic),
        std::ptr::fn_addr_eq(chain.noise, SOUND.noise),
        std::ptr::fn_addr_eq(chain.network, SOUND.network),
        std::ptr::fn_addr_eq(chain.normal_form, SOUND.normal_form),
    ];
    (0..).zip(same).filter(|(_, same)| !same).map(|(stage, _)| 1 << stage).sum()
}

/// What the sound chain found, and the stages behind each report.
pub struct Sound {
    known: Known,
    stages: BTreeMap<Identity, u32>,
}

impl Sound {
    /// Every claim holds; its experiments are run one after the other.
    pub fn run(claims: &[Claim]) -> Self {
        let context = Context { pipeline: WATCHED, ..Context::default() };
        let runner = Runner::new(context, None);
        let mut stages = BTreeMap::new();
        for claim in claims {
            USED.store(0, Ordering::Relaxed);
            let row = &judged(std::slice::from_ref(claim), &runner, &Unwatched).unwrap()[0];
            assert_eq!(row.status, Status::Holds, "{}: {}", row.name, row.measured);
            let behind = USED.load(Ordering::Relaxed);
            runner.known().into_keys().for_each(|identity| {
                stages.entry(identity).or_insert(behind);
            });
        }
        Self { known: runner.known(), stages }
    }

    /// The reports that a chain would find again: no stage behind them is altered in it.
    pub fn untouched_by(&self, chain: &Pipeline) -> Known {
        let altered = altered(chain);
        let untouched = |identity: &Identity| self.stages[identity] & altered == 0;
        self.known
            .iter()
            .filter(|(id, _)| untouched(id))
            .map(|(id, report)| (id.clone(), report.clone()))
            .collect()
    }
}
