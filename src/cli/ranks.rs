//! The processes that `mpirun` started, as a team: rank 0 alone is heard, and what fails on one ends all.
//!
//! Before every exchange the processes agree that none has failed: one that has joins that agreement with its rank, sends its line to all, and every one
//! ends. So an error needs no signal and leaves nobody waiting. Exchanges are waited for, but not without end: where another process cannot be reached any
//! more, as when its network is cut, this one ends them all.

use crate::{
    error::{Error, Result},
    experiment::Team,
};
use mpi::{
    collective::SystemOperation,
    datatype::{Partition, PartitionMut},
    environment::{Threading, Universe, initialize_with_threading},
    point_to_point::{Destination, MatchedReceiveVec, Source},
    request::{LocalScope, Request, scope},
    topology::{Communicator, SimpleCommunicator},
    traits::{CommunicatorCollectives, Root},
};
use std::{
    io::Write,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

/// So long is another process waited for, in seconds, without `--patience`.
const PATIENCE: u64 = 600;
/// An exchange is asked after so often once it is not there at once, and for so long at once.
const PAUSE: Duration = Duration::from_micros(50);
const AT_ONCE: Duration = Duration::from_millis(2);
/// Between two questions at most so much counts as waiting.
const LONGEST: Duration = Duration::from_secs(1);
/// Rank 0 looks so often whether another rank asks for a run.
const LISTENING: Duration = Duration::from_millis(1);
/// What is sent between two processes: that a rank is free, what it shall do, and that it has ended.
const FREE: i32 = 1;
const RUN: i32 = 2;
const ENDED: i32 = 3;
/// There is nothing more to do, or to say.
const NOTHING: u64 = u64::MAX;
/// A process ended with an error.
const FAILED: u64 = 1;
/// What is set where a launcher of MPI started this process.
const LAUNCHED: [&str; 4] = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"];
/// How many processes the launcher started on this machine.
const LOCAL: &str = "OMPI_COMM_WORLD_LOCAL_SIZE";

static TEAM: OnceLock<Ranks> = OnceLock::new();

/// This process among those that `mpirun` started.
pub struct Ranks {
    rank: usize,
    size: usize,
    beside: usize,
    /// The line of the process that failed, once all know of it.
    failure: Mutex<Option<String>>,
    /// One thread at a time speaks.
    speaking: Mutex<()>,
    /// Seconds that another process is waited for.
    patience: AtomicU64,
}

/// Joins the others, where a launcher started this process; until what is given back is dropped.
pub fn start() -> Option<Universe> {
    LAUNCHED.iter().find(|name| std::env::var_os(name).is_some())?;
    let (universe, _) = initialize_with_threading(Threading::Serialized)?;
    let world = SimpleCommunicator::world();
    let beside = std::env::var(LOCAL).ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let ranks = Ranks {
        rank: world.rank() as usize,
        size: world.size() as usize,
        beside,
        failure: Mutex::default(),
        speaking: Mutex::default(),
        patience: AtomicU64::new(PATIENCE),
    };
    if ranks.rank > 0 {
        super::output::silence();
    }
    // There is one call of this a process.
    let _ = TEAM.set(ranks);
    Some(universe)
}

/// The processes, if there are several.
pub fn team() -> Option<&'static Ranks> {
    TEAM.get()
}

impl Ranks {
    /// Waits so many seconds for another process; without end where runs of any length are dealt to the processes.
    pub fn be_patient(&self, seconds: Option<f64>) {
        self.patience.store(seconds.map_or(u64::MAX, |seconds| seconds.ceil() as u64), Ordering::Relaxed);
    }

    /// The outcome of all: that of this process, unless another one failed. An error is told by rank 0, with the rank that had it where not all had one.
    pub fn settled<T>(&self, own: Result<T, String>) -> Result<T, String> {
        let mut failure = held(&self.failure).clone();
        if failure.is_none() {
            let line = own.as_ref().err().map(String::as_str);
            failure = self.agreed(line);
        }
        match (failure, own) {
            (Some(line), _) => Err(line),
            (None, own) => own,
        }
    }

    /// The line of the process that failed, the first of them, if any did; `own` is that of this one.
    fn agreed(&self, own: Option<&str>) -> Option<String> {
        let world = SimpleCommunicator::world();
        let failing = [if own.is_some() { self.rank as i32 } else { i32::MAX }];
        let mut first = [i32::MAX];
        scope(|scope| {
            let least = SystemOperation::min();
            self.wait(world.immediate_all_reduce_into(scope, &failing[..], &mut first[..], least));
        });
        if first[0] == i32::MAX {
            return None;
        }
        let (one, mut failed) = ([i32::from(own.is_some())], [0]);
        scope(|scope| {
            let sum = SystemOperation::sum();
            self.wait(world.immediate_all_reduce_into(scope, &one[..], &mut failed[..], sum));
        });
        let root = world.process_at_rank(first[0]);
        let mut line = own.unwrap_or_default().as_bytes().to_vec();
        let mut length = [line.len() as u64];
        scope(|scope| self.wait(root.immediate_broadcast_into(scope, &mut length[..])));
        line.resize(length[0] as usize, 0);
        scope(|scope| self.wait(root.immediate_broadcast_into(scope, &mut line[..])));
        let line = String::from_utf8_lossy(&line).into_owned();
        let line = if failed[0] as usize == self.size { line } else { format!("rank {}: {line}", first[0]) };
        *held(&self.failure) = Some(line.clone());
        Some(line)
    }

    /// An error if another process failed.
    fn go_on(&self) -> Result<()> {
        match self.agreed(None) {
            None => Ok(()),
            Some(line) => Err(Error::cancelled().with_expected(line)),
        }
    }

    /// Waits for an exchange; where another process does not answer this one ends all.
    fn wait<'a, D: ?Sized>(&self, mut request: Request<'a, D, &'_ LocalScope<'a>>) {
        let patience = Duration::from_secs(self.patience.load(Ordering::Relaxed));
        let mut waited = Duration::ZERO;
        let mut asked = Instant::now();
        while let Err(unfinished) = request.test() {
            request = unfinished;
            // While this process was itself stopped it did not wait.
            waited += asked.elapsed().min(LONGEST);
            asked = Instant::now();
            if waited > patience {
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "hinf: rank {}: another rank has not answered for {} s, expected an answer within `--patience`",
                    self.rank,
                    patience.as_secs()
                );
                SimpleCommunicator::world().abort(2);
            }
            if waited > AT_ONCE { sleep(PAUSE) } else { std::thread::yield_now() }
        }
    }
}

/// Where the part of each process begins, and the lengths, as MPI counts.
fn places(field: &str, counts: &[usize]) -> Result<(Vec<i32>, Vec<i32>)> {
    let total: usize = counts.iter().sum();
    if i32::try_from(total).is_err() {
        let most = format!("{} numbers in one exchange: fewer points or degrees", i32::MAX);
        return Err(Error::too_large(field, format!("{total} numbers"), most));
    }
    let lengths: Vec<i32> = counts.iter().map(|count| *count as i32).collect();
    let starts = lengths.iter().scan(0, |sum, length| Some(std::mem::replace(sum, *sum + length)));
    Ok((starts.collect(), lengths))
}

impl Team for Ranks {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn beside(&self) -> usize {
        self.beside.clamp(1, self.size)
    }

    fn exchange(&self, given: &[f64], give: &[usize], take: &[usize]) -> Result<Vec<f64>> {
        let _speaking = held(&self.speaking);
        self.go_on()?;
        let ((from, given_lengths), (to, taken_lengths)) = (places("points", give)?, places("points", take)?);
        let mut taken = vec![0.0; take.iter().sum()];
        let parts = Partition::new(given, &given_lengths[..], &from[..]);
        let mut into = PartitionMut::new(&mut taken[..], &taken_lengths[..], &to[..]);
        let world = SimpleCommunicator::world();
        scope(|scope| self.wait(world.immediate_all_to_all_varcount_into(scope, &parts, &mut into)));
        Ok(taken)
    }

    fn join(&self, own: &[f64], counts: &[usize]) -> Result<Vec<f64>> {
        let _speaking = held(&self.speaking);
        self.go_on()?;
        let (to, lengths) = places("points", counts)?;
        let mut all = vec![0.0; counts.iter().sum()];
        let mut into = PartitionMut::new(&mut all[..], &lengths[..], &to[..]);
        let world = SimpleCommunicator::world();
        scope(|scope| self.wait(world.immediate_all_gather_varcount_into(scope, own, &mut into)));
        Ok(all)
    }

    fn deal(&self, next: &dyn Fn() -> Option<u64>, failed: &dyn Fn()) {
        let world = SimpleCommunicator::world();
        let mut working = self.size - 1;
        while working > 0 {
            let heard = {
                let _speaking = held(&self.speaking);
                world.any_process().immediate_matched_probe().map(|message| {
                    let (said, status) = MatchedReceiveVec::matched_receive_vec::<u64>(message);
                    let (tag, from) = (status.tag(), status.source_rank());
                    if tag == FREE {
                        world.process_at_rank(from).send_with_tag(&[next().unwrap_or(NOTHING)][..], RUN);
                    }
                    (tag, said)
                })
            };
            match heard {
                Some((ENDED, said)) => {
                    working -= 1;
                    if said == [FAILED] {
                        failed();
                    }
                }
                Some(_) => {}
                None => sleep(LISTENING),
            }
        }
    }

    fn ask(&self) -> Option<u64> {
        let _speaking = held(&self.speaking);
        let world = SimpleCommunicator::world();
        let first = world.process_at_rank(0);
        first.send_with_tag(&[0u64][..], FREE);
        let (run, _) = first.receive_with_tag::<u64>(RUN);
        (run != NOTHING).then_some(run)
    }

    fn ended(&self, failed: bool) {
        let _speaking = held(&self.speaking);
        let said = [if failed { FAILED } else { NOTHING }];
        SimpleCommunicator::world().process_at_rank(0).send_with_tag(&said[..], ENDED);
    }
}

/// What a lock holds, whatever became of a thread that had it.
fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
