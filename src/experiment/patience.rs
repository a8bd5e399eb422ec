//! A word to who waits, where work is long: its cost before it, or where that is not known, that it is not done yet.

use crate::{
    kernel::{Angle, Kernel},
    math::{
        ball::Ball,
        degrees::Degrees,
        durations,
        truncated::Series,
        units::{Bits, Digits, Dimension},
    },
    progress::Progress,
    spectrum::{
        asymptotic::{Expansion, MOST_LAYERS, coefficients::at_end, reach::TRIED_TO},
        route::QUADRATURE_TO,
        series::KernelSeries,
    },
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

/// Orders of the power series that is timed.
const TRIAL: usize = 96;

/// Says what evaluating the kernel for a table will take, where that is long: power series cost the square of their orders, and a quadrature has at the least
/// a node a bit and a degree. A short series and a value are timed here. Gives whether it was said.
pub fn tell(
    progress: &dyn Progress,
    kernel: &Kernel,
    digits: Digits,
    degrees: &Degrees,
    spheres: usize,
) -> bool {
    if let Some(orders) = orders(kernel, digits, degrees).filter(|orders| *orders > TRIAL) {
        let seconds = trial(kernel, digits.bits().plus(GUARD)) * (orders as f64 / TRIAL as f64).powi(2);
        let is_long = seconds * spheres as f64 > PATIENCE.as_secs_f64();
        if is_long {
            let time = durations::shown(seconds * spheres as f64);
            progress.note(&format!("{kernel} as a power series of {orders} terms: about {time}"));
        }
        return is_long;
    }
    // To set up a series takes longer than a value, and closed forms and expansions need none.
    let expanded = kernel.layers() <= MOST_LAYERS && degrees.iter().all(|k| k > QUADRATURE_TO);
    if expanded || kernel.has_series() || kernel.layers() == 1 {
        return false;
    }
    let bits = Bits(digits.bits().0 + GUARD);
    let clock = Instant::now();
    let like = Ball::exact(Float::with_val(bits.0, 1.1));
    black_box(kernel.evaluator_in(&like).at(&Angle::from_radians(like.clone())));
    let nodes = u64::from(bits.0) + degrees.top().min(NODES);
    let seconds = clock.elapsed().as_secs_f64() * nodes as f64 * spheres as f64;
    let is_long = seconds > PATIENCE.as_secs_f64();
    if is_long {
        let time = durations::shown(seconds);
        progress.note(&format!("{kernel} has {} layers: the values take at least {time}", kernel.layers()));
    }
    is_long
}

/// Orders of the power series that serves, if one does.
fn orders(kernel: &Kernel, digits: Digits, degrees: &Degrees) -> Option<usize> {
    let top = degrees.top();
    if top > QUADRATURE_TO && digits.get() > TRIED_TO && kernel.closed_form().is_none() {
        return Expansion::of(kernel).orders(Dimension::SPHERE, top, digits);
    }
    let long = kernel.is_power_series() && top > TRIAL as u64;
    long.then(|| KernelSeries::of(kernel)).flatten()?.orders(Dimension::SPHERE, top, digits)
}

/// Seconds that a power series of [`TRIAL`] terms takes, at both ends or around `t = 0`.
fn trial(kernel: &Kernel, bits: Bits) -> f64 {
    let clock = Instant::now();
    let variable = Series::variable(TRIAL, bits);
    if kernel.is_power_series() {
        black_box(kernel.evaluator_in(&variable).at(&Angle::from_cosine(variable)));
    } else {
        black_box([false, true].map(|far| at_end(kernel, &variable, far)));
    }
    clock.elapsed().as_secs_f64()
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
        tell(&notes, &"ntk:depth=100".parse().unwrap(), digits, &"1000000".parse().unwrap(), 1);
        let analytic: Kernel = "ntk:depth=2,activation=erf".parse().unwrap();
        tell(&notes, &analytic, digits, &"301".parse().unwrap(), 1);
        assert!(notes.0.lock().unwrap().is_empty());
        tell(&notes, &analytic, digits, &"10000".parse().unwrap(), 4);
        let many = Digits::new(2500).unwrap();
        tell(&notes, &"ntk:depth=8".parse().unwrap(), many, &"1000000".parse().unwrap(), 3);
        let told = std::mem::take(&mut *notes.0.lock().unwrap());
        assert!(told.len() == 2 && told.iter().all(|text| text.contains("as a power series")), "{told:?}");
        tell(&notes, &"ntk:depth=10000".parse().unwrap(), digits, &few, 100);
        let told = notes.0.into_inner().unwrap();
        assert!(
            told.len() == 1 && told[0].contains("10000 layers") && told[0].contains("at least"),
            "{told:?}"
        );
    }
}
