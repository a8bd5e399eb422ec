//! Processes that share the work of one measurement.
//!
//! Each holds all points and all vectors; what is split are the products with the matrix and the sums over pairs. Every sum has one order, whoever makes
//! its parts, so that the result is the same for any number of processes.

use super::values::{Sites, Values};
use crate::error::{Error, Result};
use std::ops::Range;

/// Processes, each with a rank, that exchange numbers. All call the same functions in the same order.
pub trait Team: Sync {
    /// The number of this process, from 0.
    fn rank(&self) -> usize;

    /// How many processes there are, at least 1.
    fn size(&self) -> usize;

    /// Gives to each process its part of `given`, `give[r]` numbers to process `r`, and takes from each the part that it gives to this one, `take[r]` numbers:
    /// those of process 0 first.
    ///
    /// # Errors
    /// When another process failed, or cannot be reached.
    fn exchange(&self, given: &[f64], give: &[usize], take: &[usize]) -> Result<Vec<f64>>;

    /// The parts of all processes, `counts[r]` numbers of process `r`, one after the other.
    ///
    /// # Errors
    /// When another process failed, or cannot be reached.
    fn join(&self, own: &[f64], counts: &[usize]) -> Result<Vec<f64>>;

    /// How many of the processes share the memory of this one's machine, itself among them.
    fn beside(&self) -> usize {
        1
    }

    /// On rank 0: gives to each other process what `next` gives whenever it asks, until all of them have ended; calls `failed` when one of them has.
    fn deal(&self, _next: &dyn Fn() -> Option<u64>, _failed: &dyn Fn()) {}

    /// On the others: what rank 0 has for a thread that is free, if there is anything left.
    fn ask(&self) -> Option<u64> {
        None
    }

    /// On the others: tells rank 0 that nothing more will be asked for, and whether that is because of an error.
    fn ended(&self, _failed: bool) {}
}

/// One process by itself.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Team for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn exchange(&self, given: &[f64], _: &[usize], _: &[usize]) -> Result<Vec<f64>> {
        Ok(given.to_vec())
    }

    fn join(&self, own: &[f64], _: &[usize]) -> Result<Vec<f64>> {
        Ok(own.to_vec())
    }
}

/// One process that works by itself while so many, itself among them, share its machine.
#[derive(Clone, Copy, Debug)]
pub struct Among(pub usize);

impl Team for Among {
    fn rank(&self) -> usize {
        Alone.rank()
    }

    fn size(&self) -> usize {
        Alone.size()
    }

    fn exchange(&self, given: &[f64], give: &[usize], take: &[usize]) -> Result<Vec<f64>> {
        Alone.exchange(given, give, take)
    }

    fn join(&self, own: &[f64], counts: &[usize]) -> Result<Vec<f64>> {
        Alone.join(own, counts)
    }

    fn beside(&self) -> usize {
        self.0
    }
}

/// The share of `rank` in `count` things, split as evenly as can be.
pub fn share(count: usize, rank: usize, size: usize) -> Range<usize> {
    count * rank / size..count * (rank + 1) / size
}

/// Whose share is thing `index` of `count`?
pub fn owner(index: usize, count: usize, size: usize) -> usize {
    (0..size).find(|rank| share(count, *rank, size).contains(&index)).unwrap_or(0)
}

/// Refuses to go on where the processes do not hold the same points and the same kernel: as where they were started with other options, or where processors
/// round differently.
///
/// # Errors
/// When they do not.
pub fn same_matrix(team: &dyn Team, values: &Values, sites: &Sites) -> Result<()> {
    let mut row = vec![0.0; sites.len().min(LOOKED_AT)];
    if !sites.is_empty() && team.size() > 1 {
        values.row(sites, 0, 0, &mut row);
    }
    agree(team, sites.axes().flatten().chain(sites.roots()).chain(&row))
}

/// Entries of the first row by which kernels are compared.
const LOOKED_AT: usize = 1024;

/// Refuses to go on where the processes do not hold the same numbers: those of processors of different kinds round differently.
///
/// # Errors
/// When they do not.
pub fn agree<'a>(team: &dyn Team, numbers: impl IntoIterator<Item = &'a f64>) -> Result<()> {
    if team.size() == 1 {
        return Ok(());
    }
    let mut hash = crc32fast::Hasher::new();
    numbers.into_iter().for_each(|x| hash.update(&x.to_le_bytes()));
    let all = team.join(&[f64::from(hash.finalize())], &vec![1; team.size()])?;
    match all.iter().position(|own| *own != all[0]) {
        None => Ok(()),
        Some(other) => Err(Error::numerical(
            "ranks",
            format!("other numbers on rank {other} than on rank 0"),
            "the same options on all of them, and processors of one kind, which round alike",
        )),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{kernel::Kernel, math::units::Dimension, sample::designs};
    use std::sync::{
        Mutex,
        mpsc::{Receiver, Sender, channel},
    };

    /// A process played by a thread: what is sent to each of the others, and what comes from them.
    pub struct Player {
        rank: usize,
        to: Vec<Mutex<Sender<Vec<f64>>>>,
        from: Vec<Mutex<Receiver<Vec<f64>>>>,
    }

    impl Team for Player {
        fn rank(&self) -> usize {
            self.rank
        }

        fn size(&self) -> usize {
            self.to.len()
        }

        fn exchange(&self, given: &[f64], give: &[usize], take: &[usize]) -> Result<Vec<f64>> {
            let mut rest = given;
            for (to, count) in self.to.iter().zip(give) {
                let (part, after) = rest.split_at(*count);
                to.lock().unwrap().send(part.to_vec()).unwrap();
                rest = after;
            }
            assert!(rest.is_empty());
            let parts = self.from.iter().zip(take).map(|(from, count)| {
                let part = from.lock().unwrap().recv().unwrap();
                assert_eq!(part.len(), *count);
                part
            });
            Ok(parts.flatten().collect())
        }

        fn join(&self, own: &[f64], counts: &[usize]) -> Result<Vec<f64>> {
            let given = vec![own; self.size()].concat();
            self.exchange(&given, &vec![own.len(); self.size()], counts)
        }
    }

    /// What each of so many processes makes of `work`.
    pub fn played<T: Send>(size: usize, work: impl Fn(&Player) -> T + Sync) -> Vec<T> {
        let mut ends: Vec<Vec<_>> = (0..size)
            .map(|_| (0..size).map(|_| channel()).map(|(s, r)| (Some(s), Some(r))).collect())
            .collect();
        let players: Vec<Player> = (0..size)
            .map(|rank| Player {
                rank,
                to: (0..size).map(|other| Mutex::new(ends[rank][other].0.take().unwrap())).collect(),
                from: (0..size).map(|other| Mutex::new(ends[other][rank].1.take().unwrap())).collect(),
            })
            .collect();
        std::thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = players.iter().map(|player| scope.spawn(move || work(player))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    #[test]
    fn shares_are_even_and_owned_once() {
        for (count, size) in [(48, 1), (48, 5), (3, 4), (0, 2)] {
            let all: Vec<usize> = (0..size).flat_map(|rank| share(count, rank, size)).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
            assert!((0..count).all(|index| share(count, owner(index, count, size), size).contains(&index)));
        }
    }

    #[test]
    fn processes_that_differ_are_told() {
        assert!(played(3, |team| agree(team, &[0.1, 0.2])).iter().all(|agreed| agreed.is_ok()));
        let matrix = |team: &Player| {
            let kernel: Kernel = if team.rank() == 1 { "ntk:depth=2" } else { "two-layer" }.parse().unwrap();
            let points = designs::uniform(Dimension::new(2).unwrap(), 30, 7);
            let same = same_matrix(team, &Values::new(&kernel).unwrap(), &Sites::new(&points));
            let others = designs::uniform(Dimension::new(2).unwrap(), 30, 7 + u64::from(team.rank() == 2));
            let kernel: Kernel = "two-layer".parse().unwrap();
            [same, same_matrix(team, &Values::new(&kernel).unwrap(), &Sites::new(&others))]
        };
        for [kernels, points] in played(3, matrix) {
            assert!(kernels.unwrap_err().to_string().contains("on rank 1 than on rank 0"));
            assert!(points.unwrap_err().to_string().contains("on rank 2 than on rank 0"));
        }
        let told = played(3, |team| agree(team, &[if team.rank() == 2 { 0.1 + f64::EPSILON } else { 0.1 }]));
        assert!(
            told.iter().all(|agreed| agreed
                .as_ref()
                .unwrap_err()
                .to_string()
                .contains("on rank 2 than on rank 0"))
        );
    }
}
