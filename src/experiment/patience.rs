//! A word to who waits, where work is long: its cost before it, or where that is not known, that it is not done yet.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        ball::Ball,
        degrees::Degrees,
        durations,
        units::{Bits, Digits},
    },
    progress::Progress,
    spectrum::{asymptotic::MOST_LAYERS, route::QUADRATURE_TO},
};
use rug::Float;
use std::{
    hint::black_box,
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

/// Work that takes longer than this is long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bits beyond those of the digits with which a quadrature works at the least.
const GUARD: u32 = 64;
/// Past this degree expansions serve, not one node more a degree.
const NODES: u64 = 1000;

/// Says what evaluating the kernel for a table will take at the least, where that is long: a quadrature has a node a bit and a degree, and a value is
/// timed here.
pub fn tell(progress: &dyn Progress, kernel: &Kernel, digits: Digits, degrees: &Degrees, spheres: usize) {
    // To set up a series takes longer than a value, and closed forms and expansions need none.
    let expanded = kernel.layers() <= MOST_LAYERS && degrees.iter().all(|k| k > QUADRATURE_TO);
    if expanded || kernel.has_series() || kernel.layers() == 1 {
        return;
    }
    let bits = Bits(digits.bits().0 + GUARD);
    let clock = Instant::now();
    let like = Ball::exact(Float::with_val(bits.0, 1.1));
    black_box(kernel.evaluator_in(&like).at(&Angle::from_radians(like.clone())));
    let nodes = u64::from(bits.0) + degrees.top().min(NODES);
    let seconds = clock.elapsed().as_secs_f64() * nodes as f64 * spheres as f64;
    if seconds > PATIENCE.as_secs_f64() {
        let time = durations::shown(seconds);
        progress.note(&format!("{kernel} has {} layers: the values take at least {time}", kernel.layers()));
    }
}

/// Does the work, and says so if it is not done in time.
pub fn watched<T>(progress: &dyn Progress, what: impl Fn() -> String + Send, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let (done, waiting) = channel::<()>();
        scope.spawn(move || {
            if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let seconds = PATIENCE.as_secs();
                let unknown = "how long it takes is not known beforehand, and it may be interrupted";
                progress.note(&format!("{} is not done after {seconds} s: {unknown}", what()));
            }
        });
        let result = work();
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl Progress for Notes {
        fn at(&self, _: u64, _: u64) {}

        fn note(&self, text: &str) {
            self.0.lock().unwrap().push(text.into());
        }
    }

    #[test]
    fn deep_kernels_say_their_cost_and_quick_work_says_nothing() {
        let notes = Notes::default();
        let digits = Digits::new(20).unwrap();
        let few = Degrees::up_to(100u32).unwrap();
        tell(&notes, &"ntk:depth=3".parse().unwrap(), digits, &few, 1);
        tell(&notes, &"expr:exp(t)".parse().unwrap(), digits, &few, 1);
        assert_eq!(watched(&notes, || "it".into(), || 7), 7);
        assert!(notes.0.lock().unwrap().is_empty());
        let many = Digits::new(10_000).unwrap();
        tell(&notes, &"ntk:depth=100".parse().unwrap(), many, &"1000000".parse().unwrap(), 1);
        assert!(notes.0.lock().unwrap().is_empty());
        tell(&notes, &"ntk:depth=10000".parse().unwrap(), digits, &few, 100);
        let told = notes.0.into_inner().unwrap();
        assert!(
            told.len() == 1 && told[0].contains("10000 layers") && told[0].contains("at least"),
            "{told:?}"
        );
    }
}
